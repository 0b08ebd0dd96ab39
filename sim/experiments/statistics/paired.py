"""Paired differences between design points under common random numbers.

Replication r has the same draws at every point, so its difference between two points is due to what
was changed, and the differences scatter far less than the values do. A measure that exists only in
some worlds (the savings of an agreement) is compared over the replications that have it at all
points compared; the number of pairs says how many those are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from sim.cases.schema import Scenario
from sim.experiments.statistics.summary import RATES, Z, with_derived

LATE = 0.9  # of the time there is
GIVEN_AGREEMENT = ("ratified_if_agreed", "late_if_agreed")  # rates over the worlds that agreed


@dataclass(frozen=True)
class Difference:
    """The mean of paired differences, its 95 % interval, and the number of pairs behind it.

    `exactly_none` says that there are pairs and no pair differs at all.
    """

    estimate: float
    low: float
    high: float
    pairs: int
    exactly_none: bool


@dataclass(frozen=True)
class Trend:
    """The difference of the last level from the first, and those of each level from the one before."""

    total: Difference
    steps: tuple[Difference, ...]

    @property
    def steps_agreeing(self) -> int:
        """How many steps have the sign of the whole; one without any effect does not."""
        return sum(step.estimate * self.total.estimate > 0 for step in self.steps)

    @property
    def every_step_agrees(self) -> bool:
        """Whether all steps have the sign of the whole."""
        return self.steps_agreeing == len(self.steps)


def measured(worlds: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The worlds of one point with what follows from their columns, and two measures given agreement.

    `ratified_if_agreed` and `late_if_agreed` (in the last tenth of the time) are missing where there
    is no agreement.
    """
    agreed = worlds["agreed"]
    rounds = scenario.calendar.rounds
    deadline = worlds["deadline"].fillna(rounds) if "deadline" in worlds else rounds
    late = worlds["round"].astype(float) >= LATE * deadline
    return with_derived(worlds).assign(
        ratified_if_agreed=worlds["ratified"].astype(float).where(agreed),
        late_if_agreed=late.astype(float).where(agreed),
    )


def by_point(worlds: pd.DataFrame, scenarios: Mapping[int, Scenario]) -> dict[int, pd.DataFrame]:
    """Worlds cut by design point, of which these are the scenarios; none of a point that has no worlds."""
    found = dict(list(worlds.groupby("point")))
    return {
        number: measured(found.get(number, worlds.iloc[:0]), scenario)
        for number, scenario in scenarios.items()
    }


def paired_difference(before: pd.DataFrame, after: pd.DataFrame, measure: str) -> Difference:
    """How much more of a measure there is after than before, in the same replications.

    Args:
        before: the worlds of one design point, with columns `replication` and the measure.
        after: those of the other.
        measure: the column compared; a rate is a column of true and false.
    """
    return contrast([(1.0, after), (-1.0, before)], measure)


def halfwidth(before: pd.DataFrame, after: pd.DataFrame, measure: str) -> float:
    """Half the 95 % interval of a paired difference, to decide by it whether there are enough pairs.

    The usual interval of a rate has no width while no pair differs, however few there are; so of rates
    it is that of Bonett and Price (2012), as if one more pair differed each way: 2.8 / pairs then.
    """
    if measure not in RATES:
        found = paired_difference(before, after, measure)
        return (found.high - found.low) / 2
    apart = (_by_replication(after, measure) - _by_replication(before, measure)).dropna()
    pairs = len(apart) + 2
    up, down = ((apart == 1).sum() + 1) / pairs, ((apart == -1).sum() + 1) / pairs
    return Z * float(np.sqrt((up + down - (up - down) ** 2) / pairs)) if len(apart) else np.nan


def contrast(terms: Sequence[tuple[float, pd.DataFrame]], measure: str) -> Difference:
    """A weighted sum of a measure over design points, replication by replication, and its mean.

    With weights 1 and -1 a difference; with 1, -1, -1, 1 a difference of differences.
    """
    columns = [weight * _by_replication(worlds, measure) for weight, worlds in terms]
    sums = sum(columns[1:], start=columns[0]).dropna().to_numpy()
    n = len(sums)
    mean = float(sums.mean()) if n else np.nan
    half = Z * float(sums.std(ddof=1)) / np.sqrt(n) if n > 1 else np.nan
    return Difference(mean, mean - half, mean + half, n, n > 0 and not sums.any())


def trend(levels: Sequence[pd.DataFrame], measure: str) -> Trend:
    """How a measure moves over the worlds of ordered levels: first against last, and step by step."""
    steps = tuple(paired_difference(*ends, measure) for ends in pairwise(levels))
    return Trend(paired_difference(levels[0], levels[-1], measure), steps)


def _by_replication(worlds: pd.DataFrame, measure: str) -> pd.Series:
    """The measure as numbers, missing where a world does not have it."""
    return worlds.set_index("replication")[measure].astype("Float64").astype(float)
