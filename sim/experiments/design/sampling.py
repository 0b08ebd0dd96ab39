"""Samples of uncertain parameters: a design on the unit cube, then each factor's inverse cdf."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, StrictBool, StrictStr

from sim.cases.schema import Scenario, value_of
from sim.experiments.design.factors import Factor, factor
from sim.experiments.design.points import PointsFile
from sim.experiments.design.unit_cube import (
    MORRIS_LEVELS,
    UnitCube,
    latin_hypercube,
    morris,
    saltelli,
    sobol,
)
from sim.inputs.parameter import MOST_STEPS, Section, Whole

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
    levels: Annotated[Whole, Field(ge=2, le=MOST_STEPS)] | None = None
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
    assert sample.points is not None  # `option_problems` has seen to it
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
