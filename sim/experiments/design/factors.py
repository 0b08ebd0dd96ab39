"""Uncertain parameters: what is believed of each, within the bounds of the schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from pydantic.fields import FieldInfo

from sim.arrays.axes import Array
from sim.cases.schema import Scenario, parameters_of
from sim.experiments.design.distributions import (
    Categorical,
    Distribution,
    Uniform,
    ends,
    middles,
    truncated,
)
from sim.experiments.design.written import as_distribution
from sim.inputs.parameter import about, bounds
from sim.inputs.parameter import ends as hard_bounds
from sim.inputs.problems import InputError, nearest

INSIDE = 2.0**-53  # a share of exactly 0 or 1 would be an infinite value of some distributions


@dataclass(frozen=True)
class Factor:
    """An uncertain parameter: its name, what is believed of its value, whether it is a whole number."""

    name: str
    distribution: Distribution
    whole: bool = False

    def at(self, u: Float[Array, " points"]) -> list:
        """The values below which shares u of the probability lie; whole numbers are the nearest ones."""
        values = self.distribution.at(np.clip(u, INSIDE, 1 - INSIDE))
        if not self.whole or isinstance(self.distribution, Categorical):
            return values.tolist()
        low, high = self.distribution.low, self.distribution.high
        return np.clip(np.floor(values + 0.5), np.ceil(low), np.floor(high)).astype(int).tolist()

    def levels(self, levels: int) -> list:
        """Different values at the middles of equally likely slices; of a choice, all its values."""
        if isinstance(self.distribution, Categorical):
            levels = len(self.distribution.values)
        values = self.at(middles(levels))
        plain = [float(f"{v:.12g}") if isinstance(v, float) else v for v in values]
        return list(dict.fromkeys(plain))


def factor(name: str, written: Any, scenario: Scenario) -> Factor:
    """A parameter with its distribution, as an experiment file writes it, within the schema's bounds.

    Raises:
        InputError: with a sentence for every problem.
    """
    known = parameters_of(scenario)
    if name not in known:
        raise InputError(f"{scenario.name} has no parameter called that{nearest(name, known)}")
    field = known[name]
    distribution = _plausible(field) if written == "plausible" else as_distribution(written)
    if isinstance(distribution, Categorical):
        return Factor(name, distribution)
    if field.annotation not in (int, float):
        raise InputError(f"must be {bounds(field)}; give the values as {{ choice = [...] }}")
    low, high = hard_bounds(field)
    outside = [
        f"{end:g}: must be {bounds(field)}" for end in ends(distribution) if not low <= end <= high
    ]
    if outside:
        raise InputError(outside)
    cut, whole = truncated(distribution, low, high), field.annotation is int
    if whole and np.ceil(cut.low) > np.floor(cut.high):
        raise InputError("holds no whole number; widen it")
    return Factor(name, cut, whole)


def extremes(factor: Factor) -> list:
    """The least and the greatest value of a factor, where it has them; of a choice, all its values."""
    if isinstance(factor.distribution, Categorical):
        return ends(factor.distribution)
    low, high = factor.distribution.low, factor.distribution.high
    if factor.whole:
        low, high = np.ceil(low), np.floor(high)
    return [int(end) if factor.whole else end for end in (low, high) if np.isfinite(end)]


def in_full(over: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The distributions as written, with every "plausible" as the range that it stands for."""
    known = parameters_of(scenario)
    return {
        name: {"uniform": ends(_plausible(known[name]))} if written == "plausible" else written
        for name, written in over.items()
    }


def _plausible(field: FieldInfo) -> Uniform:
    plausible = about(field).get("plausible")
    if plausible is None:
        raise InputError("has no plausible range in the schema; give a distribution")
    return Uniform(*map(float, plausible))
