"""Paired differences between design points under common random numbers.

Replication r has the same draws at every point, so its difference between two points is due to what
was changed, and the differences scatter far less than the values do. A measure that exists only in
some worlds (the savings of an agreement) is compared over the replications that have it at all
points compared; the number of pairs says how many those are, and `left_out` how many are not among
them. Those are no random choice: whether there is an agreement is an outcome itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.cases.schema import Scenario
from sim.experiments.statistics.intervals import of_contrast
from sim.experiments.statistics.summary import RATES, with_derived
from sim.play.measures import possible

LATE = 0.9  # of the time there is
GIVEN_AGREEMENT = ("ratified_if_agreed", "late_if_agreed")  # rates over the worlds that agreed


@dataclass(frozen=True)
class Difference:
    """The mean of paired differences, its 95 % interval, and the number of pairs behind it.

    `exactly_none` says that there are pairs and no pair differs at all; `left_out` counts the
    replications that do not have the measure at every point compared.
    """

    estimate: float
    low: float
    high: float
    pairs: int
    exactly_none: bool
    left_out: int = 0


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
    return _measured(worlds, pd.Series(scenario.calendar.rounds, index=worlds.index))


def by_point(worlds: pd.DataFrame, scenarios: Mapping[int, Scenario]) -> dict[int, pd.DataFrame]:
    """Worlds `measured` and cut by design point, of which these are the scenarios.

    Of a point that has no worlds there are none.
    """
    rounds = {number: scenario.calendar.rounds for number, scenario in scenarios.items()}
    table = _measured(worlds, worlds["point"].map(rounds))
    found = dict(list(table.groupby("point")))
    return {number: found.get(number, table.iloc[:0]) for number in scenarios}


def _measured(worlds: pd.DataFrame, rounds: pd.Series) -> pd.DataFrame:
    """The worlds of several points; `rounds` are there until each world's deadline, unless it has its own."""
    agreed = worlds["agreed"]
    deadline = worlds["deadline"].fillna(rounds) if "deadline" in worlds else rounds
    late = worlds["round"].astype(float) >= LATE * deadline
    return with_derived(worlds).assign(
        ratified_if_agreed=worlds["ratified"].astype(float).where(agreed),
        late_if_agreed=late.astype(float).where(agreed),
    )


def paired_difference(before: pd.DataFrame, after: pd.DataFrame, measure: str) -> Difference:
    """How much more of a measure there is after than before, in the same replications.

    Args:
        before: the worlds of one design point, with columns `replication` and the measure.
        after: those of the other.
        measure: the column compared; a rate is a column of true and false.
    """
    return contrast([(1.0, after), (-1.0, before)], measure)


def halfwidth(before: pd.DataFrame, after: pd.DataFrame, measure: str) -> float:
    """Half the 95 % interval of a paired difference, to decide by it whether there are enough pairs."""
    sums, _ = _sums([(1.0, after), (-1.0, before)], measure)
    low, high = of_contrast(sums, measure in RATES)
    return float(high - low) / 2


def contrast(terms: Sequence[tuple[float, pd.DataFrame]], measure: str) -> Difference:
    """A weighted sum of a measure over design points, replication by replication, and its mean.

    With weights 1 and -1 a difference; with 1, -1, -1, 1 a difference of differences. The interval is
    Student's, of rates that of Bonett and Price (2012); it does not leave what is possible.
    """
    sums, left_out = _sums(terms, measure)
    n = len(sums)
    mean = float(sums.mean()) if n else np.nan
    if all(worlds is terms[0][1] for _, worlds in terms) and n and not sums.any():
        return Difference(0.0, 0.0, 0.0, n, True, left_out)  # a point and itself
    least, most = possible(measure)
    reach = [sorted((weight * least, weight * most)) for weight, _ in terms]
    ends = of_contrast(sums, measure in RATES)
    low = max(float(ends[0]), sum(end for end, _ in reach))
    high = min(float(ends[1]), sum(end for _, end in reach))
    return Difference(mean, low, high, n, n > 0 and not sums.any(), left_out)


def _sums(
    terms: Sequence[tuple[float, pd.DataFrame]], measure: str
) -> tuple[Float[Array, " pairs"], int]:
    """The weighted sum of each replication that has the measure at every point; and how many have not."""
    columns = [weight * _by_replication(worlds, measure) for weight, worlds in terms]
    sums = sum(columns[1:], start=columns[0])
    known = sums.dropna().to_numpy()
    return known, len(sums) - len(known)


def trend(levels: Sequence[pd.DataFrame], measure: str) -> Trend:
    """How a measure moves over the worlds of ordered levels: first against last, and step by step."""
    steps = tuple(paired_difference(*ends, measure) for ends in pairwise(levels))
    return Trend(paired_difference(levels[0], levels[-1], measure), steps)


def _by_replication(worlds: pd.DataFrame, measure: str) -> pd.Series:
    """The measure as numbers, missing where a world does not have it."""
    return worlds.set_index("replication")[measure].astype("Float64").astype(float)
