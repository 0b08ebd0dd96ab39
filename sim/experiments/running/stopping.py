"""Which design points need more replications, and what stopped the others."""

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from sim.arrays.axes import Array
from sim.experiments.design.experiment import Experiment, Point, scenarios_by
from sim.experiments.design.replications import Until
from sim.experiments.running.journal import Journal
from sim.experiments.statistics.paired import by_point, halfwidth
from sim.experiments.statistics.summary import summarise
from sim.play.measures import BOUNDED_BY

NARROW = "narrow enough"
AT_MOST = "at the maximum"
ALL_FAILED = "all failed"  # the worlds of a point, or of the base that it is compared with


def still_open(
    experiment: Experiment, journal: Journal, parts: int, round_: tuple[int, int]
) -> list[Point]:
    """The points that take part in a round: all in the first, then those not narrow enough."""
    rule, points = experiment.file.replications, experiment.points
    if not isinstance(rule, Until) or round_[0] == 0:
        return list(points)
    reached = _reached(experiment, journal, parts, rule)
    wide = set(reached["point"][reached["stopped"] == AT_MOST])
    if rule.versus is not None:  # the base arm must have the pairs that others need
        wide |= {_base(experiment, points[number], rule.versus) for number in wide}
    return [point for point in points if point.number in wide]


def report(experiment: Experiment, journal: Journal, parts: int) -> pd.DataFrame | None:
    """One row a design point: its replications, its interval, and what stopped it.

    Nothing for an experiment with a fixed number of replications.
    """
    rule = experiment.file.replications
    return _reached(experiment, journal, parts, rule) if isinstance(rule, Until) else None


def _reached(experiment: Experiment, journal: Journal, parts: int, rule: Until) -> pd.DataFrame:
    """How far each point is: half its interval (missing if there is none), and what would stop it now."""
    if rule.versus is None:
        n, half = _of_values(experiment, journal, parts, rule.of)
        failed = n == 0
    else:
        n, half, failed = _of_differences(experiment, journal, parts, rule.of, rule.versus)
    stopped = np.select([failed, half <= rule.at_most], [ALL_FAILED, NARROW], AT_MOST)
    return experiment.points_table().assign(
        replications=n, measure=rule.of, halfwidth=half, stopped=stopped
    )


def _of_values(
    experiment: Experiment, journal: Journal, parts: int, measure: str
) -> tuple[Int[Array, " points"], Float[Array, " points"]]:
    """The replications of each point, and half the interval of a measure."""
    scenarios = list(scenarios_by(experiment.points, BOUNDED_BY))
    moments = journal.tables("moments", parts)
    summary = summarise(experiment.points_table(), moments, scenarios=scenarios)
    half = np.full(len(summary), np.nan)
    if measure in summary:  # unless nothing was played at all
        half = ((summary[f"{measure}_high"] - summary[f"{measure}_low"]) / 2).to_numpy()
    return summary["n"].to_numpy(), half


def _of_differences(
    experiment: Experiment, journal: Journal, parts: int, measure: str, base_arm: str
) -> tuple[Int[Array, " points"], Float[Array, " points"], Array]:
    """The same of the paired differences from an arm; and whether a point or its base has no worlds."""
    points = experiment.points
    n, half, failed = (
        np.zeros(len(points), int),
        np.full(len(points), np.nan),
        np.ones(len(points), bool),
    )
    if tables := list(journal.tables("worlds", parts)):
        worlds = by_point(
            pd.concat(tables, ignore_index=True), {p.number: p.scenario for p in points}
        )
        for point in points:
            of_point, of_base = worlds[point.number], worlds[_base(experiment, point, base_arm)]
            n[point.number] = len(of_point)
            failed[point.number] = of_point.empty or of_base.empty
            if not failed[point.number]:
                same = of_base is of_point
                half[point.number] = 0.0 if same else halfwidth(of_base, of_point, measure)
    return n, half, failed


def _base(experiment: Experiment, point: Point, arm: str) -> int:
    """The point of the base arm with the same swept values."""
    return next(
        other.number
        for other in experiment.points
        if other.arm == arm and dict(other.swept) == dict(point.swept)
    )
