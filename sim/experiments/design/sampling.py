"""Samples of uncertain parameters: a design on the unit cube, then each factor's inverse cdf.

A design of the unit cube is an array with a row for each point and a column for each factor, every
entry from 0 to 1: the share of that factor's distribution that lies below the value to play.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, StrictBool, StrictStr
from pydantic.fields import FieldInfo

from sim.arrays.axes import Array
from sim.cases.schema import Scenario, value_of
from sim.experiments.design.distributions import (
    Choice,
    Distribution,
    Uniform,
    as_distribution,
    ends,
    middles,
    truncated,
)
from sim.experiments.design.points import PointsFile
from sim.inputs.installation import install
from sim.inputs.parameter import Section, Whole, bounds, parameters
from sim.inputs.parameter import ends as hard_bounds
from sim.inputs.problems import InputError, nearest

UnitCube = Float[Array, "points factors"]

INSIDE = 2.0**-53  # a share of exactly 0 or 1 would be an infinite value of some distributions
MORRIS_LEVELS = 4
ONE_AT_A_TIME_LEVELS = 5
USED_BY = {
    "points": ("latin_hypercube", "sobol", "random", "saltelli", "morris"),
    "levels": ("morris", "one_at_a_time"),
    "second_order": ("saltelli",),
}


class Sample(Section):
    """The table [sample] of an experiment file: which design, how large, over what."""

    design: Literal["latin_hypercube", "sobol", "random", "saltelli", "morris", "one_at_a_time"]
    points: Annotated[Whole, Field(ge=1)] | None = None
    levels: Annotated[Whole, Field(ge=2)] | None = None
    second_order: StrictBool | None = None
    seed: Annotated[Whole, Field(ge=0, lt=2**63)] | None = None
    over: dict[StrictStr, Any]
    drawn: PointsFile | None = None  # in results folders, so that no other SciPy draws others

    @property
    def size(self) -> int:
        """How many points the sample has at most; one at a time has fewer where levels coincide."""
        factors, points = len(self.over), self.points or 0
        if self.design == "saltelli":
            return points * (2 * factors + 2 if self.second_order else factors + 2)
        if self.design == "morris":
            return points * (factors + 1)
        if self.design == "one_at_a_time":
            return 1 + factors * (self.levels or ONE_AT_A_TIME_LEVELS)
        return points


@dataclass(frozen=True)
class Factor:
    """An uncertain parameter: its name, what is believed of its value, whether it is a whole number."""

    name: str
    distribution: Distribution
    whole: bool = False

    def at(self, u: Float[Array, " points"]) -> list:
        """The values below which shares u of the probability lie; whole numbers are the nearest ones."""
        values = self.distribution.at(np.clip(u, INSIDE, 1 - INSIDE))
        if not self.whole or isinstance(self.distribution, Choice):
            return values.tolist()
        low, high = self.distribution.low, self.distribution.high
        return np.clip(np.floor(values + 0.5), np.ceil(low), np.floor(high)).astype(int).tolist()

    def levels(self, levels: int) -> list:
        """Different values at the middles of equally likely slices; of a choice, all its values."""
        if isinstance(self.distribution, Choice):
            levels = len(self.distribution.values)
        values = self.at(middles(levels))
        plain = [float(f"{v:.12g}") if isinstance(v, float) else v for v in values]
        return list(dict.fromkeys(plain))


def draw(sample: Sample, scenario: Scenario, seed: int) -> list[dict[str, Any]]:
    """The points of a sample: for each, the value of every factor.

    Args:
        sample: the design and its factors.
        scenario: whose values are the base of one at a time, and whose schema bounds the factors.
        seed: names the random numbers, unless the sample names its own.

    Raises:
        InputError: when a factor is wrong, or the design needs SALib and it is not installed.
    """
    factors = [factor(name, written, scenario) for name, written in sample.over.items()]
    if sample.design == "one_at_a_time":
        base = {factor.name: value_of(scenario, factor.name) for factor in factors}
        return one_at_a_time(factors, base, sample.levels or ONE_AT_A_TIME_LEVELS)
    cube = unit_cube(sample, seed)
    columns = [factor.at(shares) for factor, shares in zip(factors, cube.T, strict=True)]
    return [dict(zip(sample.over, values, strict=True)) for values in zip(*columns, strict=True)]


def unit_cube(sample: Sample, seed: int) -> UnitCube:
    """The design of a sample (not one at a time) on the unit cube, the same for a seed every time."""
    factors = len(sample.over)
    rng = np.random.default_rng(seed if sample.seed is None else sample.seed)
    match sample.design:
        case "saltelli":
            return saltelli(sample.points, factors, rng, second_order=bool(sample.second_order))
        case "morris":
            return morris(sample.points, factors, rng, sample.levels or MORRIS_LEVELS)
        case "latin_hypercube":
            return latin_hypercube(sample.points, factors, rng)
        case "sobol":
            return sobol(sample.points, factors, rng)
    return rng.random((sample.points, factors))


def latin_hypercube(points: int, factors: int, rng: np.random.Generator) -> UnitCube:
    """One point in each of `points` equal slices of every factor (McKay, Beckman and Conover 1979)."""
    from scipy.stats.qmc import LatinHypercube

    return LatinHypercube(factors, rng=rng).random(points)


def sobol(points: int, factors: int, rng: np.random.Generator) -> UnitCube:
    """Sobol' points (Sobol' 1967), scrambled at random (Matousek 1998).

    `points` is a power of two: then every box of the right volume holds the same number of them.
    """
    from scipy.stats.qmc import Sobol

    return Sobol(factors, scramble=True, rng=rng).random(points)


def saltelli(
    points: int, factors: int, rng: np.random.Generator, *, second_order: bool = False
) -> UnitCube:
    """The design from which Sobol' indices are estimated (Saltelli et al. 2010), by SALib.

    Each of `points` base points A is followed by those that take one factor from its partner B, and
    B itself: factors + 2 rows, or 2 * factors + 2 with second_order, in SALib's order.

    Raises:
        InputError: when SALib is not installed.
    """
    try:
        from SALib.sample import sobol as salib
    except ImportError:
        raise no_salib("saltelli") from None
    return salib.sample(
        problem(factors), points, calc_second_order=second_order, seed=_small_seed(rng)
    )


def morris(
    trajectories: int, factors: int, rng: np.random.Generator, levels: int = MORRIS_LEVELS
) -> UnitCube:
    """Trajectories that move one factor at a time by half its range (Morris 1991), by SALib.

    Each trajectory is factors + 1 rows. Morris's grid runs from 0 to 1; ours is the middles of as
    many equally likely slices, since 0 and 1 are infinite values of some distributions.

    Raises:
        InputError: when SALib is not installed.
    """
    try:
        from SALib.sample import morris as salib
    except ImportError:
        raise no_salib("morris") from None
    grid = salib.sample(problem(factors), trajectories, num_levels=levels, seed=_small_seed(rng))
    return middles(levels)[np.rint(grid * (levels - 1)).astype(int)]


def one_at_a_time(
    factors: list[Factor], base: dict[str, Any], levels: int = ONE_AT_A_TIME_LEVELS
) -> list[dict[str, Any]]:
    """The base point first, then each factor in turn at its levels with the others at the base."""
    moved = [
        base | {factor.name: value}
        for factor in factors
        for value in factor.levels(levels)
        if value != base[factor.name]
    ]
    return [dict(base), *moved]


def factor(name: str, written: Any, scenario: Scenario) -> Factor:
    """A parameter with its distribution, as an experiment file writes it, within the schema's bounds.

    Raises:
        InputError: with a sentence for every problem.
    """
    known = parameters(type(scenario))
    if name not in known:
        raise InputError(f"{scenario.name} has no parameter called that{nearest(name, known)}")
    field = known[name]
    distribution = _plausible(field) if written == "plausible" else as_distribution(written)
    if isinstance(distribution, Choice):
        return Factor(name, distribution)
    if field.annotation not in (int, float):
        raise InputError(f"must be {bounds(field)}; give the values as {{ choice = [...] }}")
    low, high = hard_bounds(field)
    outside = [
        f"{end:g}: must be {bounds(field)}" for end in ends(distribution) if not low <= end <= high
    ]
    if outside:
        raise InputError(outside)
    made = Factor(name, truncated(distribution, low, high), field.annotation is int)
    if made.whole and np.ceil(made.distribution.low) > np.floor(made.distribution.high):
        raise InputError("holds no whole number; widen it")
    return made


def extremes(factor: Factor) -> list:
    """The least and the greatest value of a factor, where it has them; of a choice, all its values."""
    if isinstance(factor.distribution, Choice):
        return ends(factor.distribution)
    low, high = factor.distribution.low, factor.distribution.high
    if factor.whole:
        low, high = np.ceil(low), np.floor(high)
    return [int(end) if factor.whole else end for end in (low, high) if np.isfinite(end)]


def in_full(over: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The distributions as written, with every "plausible" as the range that it stands for."""
    known = parameters(type(scenario))
    return {
        name: {"uniform": ends(_plausible(known[name]))} if written == "plausible" else written
        for name, written in over.items()
    }


def option_problems(sample: Sample) -> Iterator[str]:
    """What is wrong with the options of a sample beyond their types, a sentence each."""
    if not sample.over:
        yield "over: names no parameter; give at least one a distribution"
    for option, designs in USED_BY.items():
        given = getattr(sample, option) is not None
        if given and sample.design not in designs:
            yield f'{option}: is not used by design = "{sample.design}"; take it out'
    if sample.points is None and sample.design in USED_BY["points"]:
        yield f'points: is missing; design = "{sample.design}" needs it'
    if sample.points and sample.design in ("sobol", "saltelli") and sample.points.bit_count() != 1:
        nearby = 1 << (sample.points.bit_length() - 1)
        yield (
            f'points = {sample.points}: must be a power of two with design = "{sample.design}", such '
            f"as {nearby} or {2 * nearby}"
        )
    if sample.levels and sample.design == "morris" and sample.levels % 2:
        yield f'levels = {sample.levels}: must be even with design = "morris"'


def _plausible(field: FieldInfo) -> Uniform:
    about = field.json_schema_extra
    plausible = about["parameter"]["plausible"] if isinstance(about, dict) else None
    if plausible is None:
        raise InputError("has no plausible range in the schema; give a distribution")
    return Uniform(*map(float, plausible))


def problem(factors: int) -> dict[str, Any]:
    """The unit cube in SALib's words."""
    names = [f"factor {number}" for number in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}


def _small_seed(rng: np.random.Generator) -> int:
    """A seed that SALib of any version takes."""
    return int(rng.integers(2**32))


def no_salib(design: str) -> InputError:
    """What to say where SALib is missing."""
    needs = f'sample.design = "{design}": needs SALib, which is not installed'
    return InputError(f"{needs}; {install('sensitivity')}")
