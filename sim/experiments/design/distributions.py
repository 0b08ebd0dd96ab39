"""What is believed of an uncertain number: distributions that are sampled by inverse cdf.

Each distribution is a small frozen thing with one verb: `at(u)` is the value below which a share u
of its probability lies (the inversion method, Devroye 1986). A design spreads u evenly over 0 to 1,
and the values then follow the distribution. Numbers that make no distribution are an InputError.
"""

from dataclasses import dataclass, replace
from math import isfinite, log

import numpy as np
from jaxtyping import Float, Shaped

from sim.arrays.axes import Array
from sim.inputs.problems import InputError, shown

LEAST_MASS = 1e-6  # a truncation that leaves less than this of a distribution is a slip of the pen


@dataclass(frozen=True)
class Uniform:
    """Every number from low to high equally likely."""

    low: float
    high: float

    def __post_init__(self):
        refuse(_not_rising("low", self.low, "high", self.high))

    def at(self, u: Float[Array, " points"]) -> Float[Array, " points"]:
        """The value below which a share u of the probability lies."""
        return self.low + (self.high - self.low) * u


@dataclass(frozen=True)
class Triangular:
    """Likeliest at the mode, falling in straight lines to nothing at low and high."""

    low: float
    mode: float
    high: float

    def __post_init__(self):
        refuse(
            _not_rising("low", self.low, "high", self.high),
            f"mode = {self.mode:g}: must be from low = {self.low:g} to high = {self.high:g}"
            if not self.low <= self.mode <= self.high
            else None,
        )

    def at(self, u: Float[Array, " points"]) -> Float[Array, " points"]:
        """The value below which a share u of the probability lies."""
        width, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(u * width * rise)
        falling = self.high - np.sqrt((1 - u) * width * fall)
        return np.where(u * width < rise, rising, falling)


@dataclass(frozen=True)
class Normal:
    """Normal with a mean and a standard deviation; low and high cut it off where they are given."""

    mean: float
    sd: float
    low: float = -np.inf
    high: float = np.inf

    def __post_init__(self):
        refuse(_not_positive("sd", self.sd), _not_rising("low", self.low, "high", self.high))
        below, above = self._cut()
        refuse(_nothing_left(above - below, self.low, self.high))

    def at(self, u: Float[Array, " points"]) -> Float[Array, " points"]:
        """The value below which a share u of the probability lies."""
        from scipy.special import ndtri

        below, above = self._cut()
        whole = self.mean + self.sd * ndtri(below + u * (above - below))
        return np.clip(whole, self.low, self.high)

    def _cut(self) -> tuple[float, float]:
        """The shares of the untruncated distribution below low and below high."""
        from scipy.special import ndtr

        return ndtr((self.low - self.mean) / self.sd), ndtr((self.high - self.mean) / self.sd)


@dataclass(frozen=True)
class Lognormal:
    """A number whose logarithm is normal around log(median); sd is the spread of the logarithm."""

    median: float
    sd: float
    low: float = -np.inf
    high: float = np.inf

    def __post_init__(self):
        refuse(
            _not_positive("median", self.median),
            _not_positive("sd", self.sd),
            _not_rising("low", self.low, "high", self.high),
            None if self.high > 0 else f"high = {self.high:g}: must be above 0",
        )
        self._logarithm()

    def at(self, u: Float[Array, " points"]) -> Float[Array, " points"]:
        """The value below which a share u of the probability lies."""
        return np.clip(np.exp(self._logarithm().at(u)), self.low, self.high)

    def _logarithm(self) -> Normal:
        low, high = (log(end) if end > 0 else -np.inf for end in (self.low, self.high))
        try:
            return Normal(log(self.median), self.sd, low, high)
        except InputError:
            raise InputError(_NOTHING_LEFT.format(self.low, self.high)) from None


@dataclass(frozen=True)
class Beta:
    """The beta distribution with shapes a and b, stretched from 0 and 1 to low and high."""

    a: float
    b: float
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self):
        refuse(
            _not_positive("a", self.a),
            _not_positive("b", self.b),
            _not_rising("low", self.low, "high", self.high),
        )

    def at(self, u: Float[Array, " points"]) -> Float[Array, " points"]:
        """The value below which a share u of the probability lies."""
        from scipy.special import betaincinv

        return self.low + (self.high - self.low) * betaincinv(self.a, self.b, u)


@dataclass(frozen=True)
class Categorical:
    """Each of some values equally likely, in the order given: numbers, words, or true and false."""

    values: tuple

    def __post_init__(self):
        seen = shown(list(self.values))
        refuse(
            None if self.values else "is an empty list; give at least one value",
            f"{seen} holds lists or tables; give plain values"
            if any(isinstance(value, list | dict) for value in self.values)
            else None,
            f"{seen} repeats a value; each is equally likely"
            if len(set(map(repr, self.values))) < len(self.values)
            else None,
        )

    def at(self, u: Float[Array, " points"]) -> Shaped[Array, " points"]:
        """The value below which a share u of the probability lies."""
        n = len(self.values)
        return np.asarray(self.values)[np.minimum((u * n).astype(int), n - 1)]


OfNumbers = Uniform | Triangular | Normal | Lognormal | Beta
Distribution = OfNumbers | Categorical


def truncated(distribution: OfNumbers, low: float, high: float) -> OfNumbers:
    """The distribution cut off at low and high; one that has ends of its own stays as it is."""
    if not isinstance(distribution, Normal | Lognormal):
        return distribution
    return replace(distribution, low=max(low, distribution.low), high=min(high, distribution.high))


def ends(distribution: Distribution) -> list:
    """The values that bound a distribution, where it has any; of a choice, all its values."""
    if isinstance(distribution, Categorical):
        return list(distribution.values)
    return [end for end in (distribution.low, distribution.high) if isfinite(end)]


def middles(levels: int) -> Float[Array, " levels"]:
    """The middles of that many equally likely slices of a distribution, as shares u."""
    return (np.arange(levels) + 0.5) / levels


def refuse(*problems: str | None) -> None:
    """Raise what is wrong, if anything is."""
    found = [problem for problem in problems if problem]
    if found:
        raise InputError(found)


def _not_rising(lower: str, low: float, upper: str, high: float) -> str | None:
    return None if low < high else f"{lower} = {low:g}: must be below {upper} = {high:g}"


def _not_positive(name: str, value: float) -> str | None:
    return None if value > 0 else f"{name} = {value:g}: must be above 0"


def _nothing_left(mass: float, low: float, high: float) -> str | None:
    return None if mass >= LEAST_MASS else _NOTHING_LEFT.format(low, high)


_NOTHING_LEFT = "hardly anything of it lies between {:g} and {:g}; move or widen it"
