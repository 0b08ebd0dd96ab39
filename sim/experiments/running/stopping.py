"""Which design points need more replications, and what stopped the others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.experiments.design.experiment import Experiment, Point
from sim.experiments.design.replications import Until
from sim.experiments.running.journal import Journal
from sim.experiments.statistics.paired import by_point, halfwidth
from sim.experiments.statistics.summary import summarise

NARROW = "narrow enough"
AT_MOST = "at the maximum"
ALL_FAILED = "all failed"  # the worlds of a point, or of the base that it is compared with


@dataclass(frozen=True)
class Width:
    """Half the width of a point's interval so far (NaN if there is none), and its replications."""

    point: int
    replications: int
    halfwidth: float
    failed: bool = False

    def stopped(self, rule: Until) -> str:
        """What stops a point that has had its last round."""
        if self.failed:
            return ALL_FAILED
        return NARROW if self.halfwidth <= rule.at_most else AT_MOST


def still_open(
    experiment: Experiment, journal: Journal, parts: int, round_: tuple[int, int]
) -> list[Point]:
    """The points that take part in a round: all in the first, then those not narrow enough."""
    rule = experiment.file.replications
    if not isinstance(rule, Until) or round_[0] == 0:
        return list(experiment.points)
    widths = _widths(experiment, journal, parts, rule)
    wide = {width.point for width in widths if width.stopped(rule) == AT_MOST}
    if rule.versus is not None and wide:  # the base arm must have the pairs that others need
        wide |= {
            _base(experiment, point, rule.versus)
            for point in experiment.points
            if point.number in wide
        }
    return [point for point in experiment.points if point.number in wide]


def report(experiment: Experiment, journal: Journal, parts: int) -> pd.DataFrame | None:
    """One row a design point: its replications, its interval, and what stopped it.

    Nothing for an experiment with a fixed number of replications.
    """
    rule = experiment.file.replications
    if not isinstance(rule, Until):
        return None
    widths = _widths(experiment, journal, parts, rule)
    rows = [
        {
            "point": width.point,
            **experiment.points[width.point].labels,
            "replications": width.replications,
            "measure": rule.of,
            "halfwidth": width.halfwidth,
            "stopped": width.stopped(rule),
        }
        for width in widths
    ]
    return pd.DataFrame(rows)


def _widths(experiment: Experiment, journal: Journal, parts: int, rule: Until) -> list[Width]:
    if rule.versus is not None:
        return _widths_of_differences(experiment, journal, parts, rule)
    tables = [journal.tables(name, parts) for name in ("moments", "sketches")]
    summary = summarise(experiment.points_table(), *tables)
    half = np.full(len(summary), np.nan)
    if rule.of in summary:  # unless nothing was played at all
        half = ((summary[f"{rule.of}_high"] - summary[f"{rule.of}_low"]) / 2).to_numpy()
    rows = zip(summary["point"], summary["n"], half, strict=True)
    return [Width(int(point), int(n), float(width), n == 0) for point, n, width in rows]


def _widths_of_differences(
    experiment: Experiment, journal: Journal, parts: int, rule: Until
) -> list[Width]:
    tables = list(journal.tables("worlds", parts))
    if not tables:
        return [Width(point.number, 0, np.nan, True) for point in experiment.points]
    worlds = by_point(pd.concat(tables, ignore_index=True), [p.scenario for p in experiment.points])
    widths = []
    for point in experiment.points:
        of_point, of_base = (
            worlds[n] for n in (point.number, _base(experiment, point, rule.versus))
        )
        failed = of_point.empty or of_base.empty
        half = 0.0 if of_base is of_point else halfwidth(of_base, of_point, rule.of)
        widths.append(Width(point.number, len(of_point), np.nan if failed else half, failed))
    return widths


def _base(experiment: Experiment, point: Point, arm: str) -> int:
    """The point of the base arm with the same swept values."""
    return next(
        other.number
        for other in experiment.points
        if other.arm == arm and dict(other.swept) == dict(point.swept)
    )
