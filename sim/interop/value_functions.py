"""What a value of an issue is worth to a party by a formula, as GENIUS and NegMAS have them.

Each is a function of one number. Worth by table needs no formula and stands where the files are read.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.inputs.problems import InputError, nearest
from sim.interop.additive import finite

Function = Callable[[float], float]


def clipped_line(slope: float, offset: float) -> Function:
    """`slope * x + offset`, but 0 below 0 and 1 above 1: GENIUS's linear evaluation."""
    return lambda x: min(max(slope * x + offset, 0.0), 1.0)


def triangle(low: float, high: float, top: float) -> Function:
    """From 0 at `low` to 1 at `top` and back to 0 at `high`: GENIUS's triangular evaluation."""

    def value(x: float) -> float:
        if not low <= x < high:
            return 0.0
        return (x - low) / (top - low) if x < top else 1 - (x - top) / (high - top)

    return value


def trapezium(start: float, rise_end: float, fall_start: float, end: float) -> Function:
    """0 outside `start` to `end`, 1 from `rise_end` to `fall_start`, straight in between."""

    def value(x: float) -> float:
        if not start <= x <= end:
            return 0.0
        if x <= rise_end:
            return 1.0 if rise_end == start else (x - start) / (rise_end - start)
        return 1.0 if x <= fall_start else (end - x) / (end - fall_start)

    return value


def tent(start: float, middle: float, end: float) -> Function:
    """The same with a single top, and 0 at both ends."""
    inside = trapezium(start, middle, middle, end)
    return lambda x: inside(x) if start < x < end else 0.0


def polynomial(coefficients: Sequence[float], bias: float) -> Function:
    """`bias + c1 x + c2 x^2 + ...`."""
    return lambda x: bias + sum(c * x**power for power, c in enumerate(coefficients, start=1))


def power(base: float, rate: float) -> Function:
    """`base^(rate x)`."""
    return lambda x: base ** (rate * x)


def logarithm(base: float, rate: float) -> Function:
    """The logarithm of `rate x`."""
    return lambda x: math.log(rate * x, base)


def bell(centre: float, sigma: float) -> Function:
    """1 at the centre, and less on both sides as the normal density has it."""
    return lambda x: math.exp(-((x - centre) ** 2) / (2 * sigma**2))


def scaled(shape: Function, scale: float, bias: float) -> Function:
    """`scale * shape(x) + bias`."""
    return lambda x: scale * shape(x) + bias


def wave(turn: Function, fast: float, phase: float) -> Function:
    """A sine or cosine of `fast * x + phase`."""
    return lambda x: turn(fast * x + phase)


@dataclass(frozen=True)
class Entry:
    """A value function in a file of NegMAS: its parameters by name, and where it stands."""

    written: dict[str, Any]
    place: str

    def number(self, name: str, default: float | None = None) -> float:
        """A parameter that is a number."""
        return finite(self.written.get(name, default), f"{self.place}: {name}")

    def numbers(self, name: str) -> list[float]:
        """A parameter that is a list of numbers."""
        found = self.written.get(name)
        if not isinstance(found, list):
            raise InputError(f"{self.place}: {name}: must be a list of numbers")
        return [finite(number, f"{self.place}: {name}") for number in found]

    def scaled(self, shape: Function, scale: str = "scale") -> Function:
        """A shape with the height and the bias that are given."""
        return scaled(shape, self.number(scale, 1.0), self.number("bias", 0.0))

    def wave(self, turn: Function) -> Function:
        """A sine or cosine as it is given."""
        turned = wave(turn, self.number("multiplier", 1.0), self.number("phase", 0.0))
        return self.scaled(turned, "amplitude")


# NegMAS's value functions of one issue, by class (negmas/preferences/value_fun.py). Missing are tables, those
# that hold code, and mixtures.
OF_NEGMAS: dict[str, Callable[[Entry], Function]] = {
    "ConstFun": lambda given: polynomial([], given.number("bias")),
    "IdentityFun": lambda given: polynomial([1.0], 0.0),
    "LinearFun": lambda given: polynomial([given.number("slope")], 0.0),
    "AffineFun": lambda given: polynomial([given.number("slope")], given.number("bias", 0.0)),
    "QuadraticFun": lambda given: polynomial(
        [given.number("a1"), given.number("a2")], given.number("bias", 0.0)
    ),
    "PolynomialFun": lambda given: polynomial(
        given.numbers("coefficients"), given.number("bias", 0.0)
    ),
    "TriangularFun": lambda given: given.scaled(
        tent(*map(given.number, ("start", "middle", "end")))
    ),
    "TrapezoidalFun": lambda given: given.scaled(
        trapezium(*map(given.number, ("start", "rise_end", "fall_start", "end")))
    ),
    "GaussianFun": lambda given: given.scaled(bell(given.number("center"), given.number("sigma"))),
    "ExponentialFun": lambda given: given.scaled(
        power(given.number("base", math.e), given.number("tau"))
    ),
    "LogFun": lambda given: given.scaled(
        logarithm(given.number("base", math.e), given.number("tau"))
    ),
    "SinFun": lambda given: given.wave(math.sin),
    "CosFun": lambda given: given.wave(math.cos),
}


def of_negmas(kind: str, entry: Entry) -> Function:
    """The value function of a class of NegMAS.

    Raises:
        InputError: when it is none of those known, or a parameter is missing or no number.
    """
    if kind not in OF_NEGMAS:
        raise InputError(
            f'{entry.place}: a "{kind}" cannot be read{nearest(kind, OF_NEGMAS)}; give a TableFun with a '
            "mapping"
        )
    return OF_NEGMAS[kind](entry)


def worth(function: Function, value: float, place: str) -> float:
    """What a value is worth by a formula.

    Raises:
        InputError: when it has no finite number there; `place` opens the sentence.
    """
    try:
        return finite(function(value), f"{place}: at {value:g}")
    except (ValueError, ZeroDivisionError, OverflowError):
        raise InputError(f"{place}: has no value at {value:g}") from None
