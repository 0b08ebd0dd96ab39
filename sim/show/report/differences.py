"""Which design points differ from the one they are held against, and which cannot be told from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.analysis.effects import paired_worlds
from sim.experiments.design.experiment import Experiment
from sim.experiments.design.replications import Until
from sim.experiments.running.results import Results
from sim.experiments.statistics.paired import paired_difference

MORE, LESS = "more", "less"
OPEN = "not told apart"
SAME = "the same in every pair"
UNKNOWN = "cannot be compared"


@dataclass(frozen=True, eq=False)
class Differences:
    """Differences of some measures, and whether they are of pairs of worlds that share their draws.

    `table` has one row a measure and point: `measure`, `point`, `base`, `difference`, `low`, `high`,
    `pairs` (missing without pairs) and `verdict`.
    """

    table: pd.DataFrame
    paired: bool

    @property
    def points(self) -> list[int]:
        """The numbers of the points that are held against a base."""
        return self.table["point"].unique().tolist()

    @property
    def intervals(self) -> int:
        """How many differences have an interval that could have missed."""
        return int(self.table["verdict"].isin([MORE, LESS, OPEN]).sum())


def differences(results: Results, measures: Sequence[str]) -> Differences | None:
    """How design points differ from their bases; None where a design has no base.

    With arms the base of a point is the same point in the first arm (or the one that replications are
    stopped by); otherwise it is the first point. The points of a random sample have none.
    """
    bases = bases_of(results.experiment)
    if not bases:
        return None
    if has_pairs(results):
        return Differences(_paired(results, measures, bases), paired=True)
    return Differences(_unpaired(results.summary, measures, bases), paired=False)


def has_pairs(results: Results) -> bool:
    """Whether replications share their draws, and all of their worlds are there to be paired."""
    file = results.experiment.file
    return file.random_numbers == "common" and file.keep == "worlds" and bool(results.part_files())


def bases_of(experiment: Experiment) -> dict[int, int]:
    """The number of the point that each point is held against."""
    file, points = experiment.file, experiment.points
    arms = list(dict.fromkeys(point.arm for point in points))
    if len(arms) > 1:
        base = base_arm(experiment)
        there = {_key(point.swept): point.number for point in points if point.arm == base}
        return {
            point.number: there[_key(point.swept)]
            for point in points
            if point.arm != base and _key(point.swept) in there
        }
    if file.sample is not None and file.sample.design != "one_at_a_time":
        return {}
    return {point.number: points[0].number for point in points[1:]}


def base_arm(experiment: Experiment) -> str | None:
    """The arm that the others are held against."""
    rule = experiment.file.replications
    versus = rule.versus if isinstance(rule, Until) else None
    return versus or experiment.points[0].arm


def _key(swept: Mapping[str, Any]) -> tuple:
    return tuple(swept.items())


def _paired(results: Results, measures: Sequence[str], bases: Mapping[int, int]) -> pd.DataFrame:
    columns = ["replication", *measures]
    worlds = {number: of_point[columns] for number, of_point in paired_worlds(results).items()}
    rows = []
    for measure in measures:
        for point, base in bases.items():
            found = paired_difference(worlds[base], worlds[point], measure)
            ends = (found.estimate, found.low, found.high)
            verdict = SAME if found.exactly_none else _verdict(*ends[1:])
            rows.append((measure, point, base, *ends, found.pairs, verdict))
    return _table(rows)


def _unpaired(
    summary: pd.DataFrame, measures: Sequence[str], bases: Mapping[int, int]
) -> pd.DataFrame:
    """The same from the points' own intervals, as if their draws were independent.

    The ends are those of Newcombe (1998): each mean's distance to the end of its own interval, squared
    and added.
    """
    of_point = summary.set_index("point")
    rows = []
    for measure in measures:
        ends = of_point[[measure, f"{measure}_low", f"{measure}_high"]].astype(float)
        for point, base in bases.items():
            here, here_low, here_high = ends.loc[point]
            there, there_low, there_high = ends.loc[base]
            apart = here - there
            low = apart - np.hypot(here - here_low, there_high - there)
            high = apart + np.hypot(here_high - here, there - there_low)
            rows.append((measure, point, base, apart, low, high, np.nan, _verdict(low, high)))
    return _table(rows)


def _verdict(low: float, high: float) -> str:
    if np.isnan(low) or np.isnan(high):
        return UNKNOWN
    return MORE if low > 0 else LESS if high < 0 else OPEN


def _table(rows: list[tuple]) -> pd.DataFrame:
    columns = ["measure", "point", "base", "difference", "low", "high", "pairs", "verdict"]
    return pd.DataFrame(rows, columns=columns)
