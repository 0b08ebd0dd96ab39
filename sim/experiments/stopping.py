"""Which design points need more replications, and what stopped the others."""

from dataclasses import dataclass

import pandas as pd

from sim.experiments.compare import measured, paired_difference
from sim.experiments.design import Experiment, Point
from sim.experiments.replications import Until
from sim.experiments.store import Journal, points_table
from sim.experiments.summary import summarise

NARROW = "narrow enough"
AT_MOST = "at the maximum"


@dataclass(frozen=True)
class Width:
    """Half the width of a point's interval so far (NaN if there is none), and its replications."""

    point: int
    replications: int
    halfwidth: float


def still_open(
    experiment: Experiment, journal: Journal, parts: int, round_: tuple[int, int]
) -> list[Point]:
    """The points that take part in a round: all in the first, then those not narrow enough."""
    rule = experiment.file.replications
    if not isinstance(rule, Until) or round_[0] == 0:
        return list(experiment.points)
    widths = _widths(experiment, journal, parts, rule)
    wide = {width.point for width in widths if not width.halfwidth <= rule.at_most}
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
            "stopped": NARROW if width.halfwidth <= rule.at_most else AT_MOST,
        }
        for width in widths
    ]
    return pd.DataFrame(rows)


def _widths(experiment: Experiment, journal: Journal, parts: int, rule: Until) -> list[Width]:
    if rule.versus is not None:
        return _widths_of_differences(experiment, journal, parts, rule)
    tables = [journal.tables(name, parts) for name in ("moments", "sketches")]
    summary = summarise(points_table(experiment), *tables)
    half = (summary[f"{rule.of}_high"] - summary[f"{rule.of}_low"]) / 2
    rows = zip(summary["point"], summary["n"], half, strict=True)
    return [Width(int(point), int(n), float(width)) for point, n, width in rows]


def _widths_of_differences(
    experiment: Experiment, journal: Journal, parts: int, rule: Until
) -> list[Width]:
    worlds = pd.concat(journal.tables("worlds", parts), ignore_index=True)
    by_point = {
        number: measured(of_point, experiment.points[number].scenario)
        for number, of_point in worlds.groupby("point")
    }
    widths = []
    for point in experiment.points:
        base = _base(experiment, point, rule.versus)
        of_point = by_point[point.number]
        if base == point.number:
            widths.append(Width(point.number, len(of_point), 0.0))
            continue
        found = paired_difference(by_point[base], of_point, rule.of)
        widths.append(Width(point.number, len(of_point), (found.high - found.low) / 2))
    return widths


def _base(experiment: Experiment, point: Point, arm: str) -> int:
    """The point of the base arm with the same swept values."""
    return next(
        other.number
        for other in experiment.points
        if other.arm == arm and dict(other.swept) == dict(point.swept)
    )
