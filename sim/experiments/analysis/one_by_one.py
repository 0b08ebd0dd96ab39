"""How far a measure moves when one parameter is moved and all others stand still."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.cases.loading import with_values
from sim.cases.schema import value_of
from sim.experiments.design.experiment import Point
from sim.experiments.design.file import SCENARIO
from sim.experiments.running.results import Results
from sim.inputs.problems import InputError


def swings(results: Results, measure: str) -> pd.DataFrame:
    """The least and the greatest mean of a measure over each parameter's levels; the widest swing first.

    The others stand at the scenario's own values, or where a grid does not have these at the level in the
    middle; of arms the first one stands. One row a `parameter`, with `held` (the level it stands at for
    the others) and `own` (whether that is the scenario's), and for `least` and `greatest` the level,
    the mean, its 95 % interval and its n. `base` is the mean where all stand, of `base_n` worlds. Which
    levels are the least and the greatest these same worlds chose, so that chance widens a swing.

    Raises:
        InputError: when the design moves parameters together, or the measure is not there.
    """
    file, points = results.experiment.file, results.experiment.points
    together = file.table is not None or (
        file.sample is not None and file.sample.design != "one_at_a_time"
    )
    if together or len(points) < 2:
        moves = "moves several at once" if together else "moves none"
        raise InputError(f"a swing is of one parameter while others stand, and this design {moves}")
    summary = results.summary_of(measure).set_index("point")
    standing = _standing(results)
    rows = [
        {"parameter": name, "held": standing[name], "own": standing[name] == _own(results, name)}
        | _ends(of, name, summary, measure)
        for name, of in _moved(points, standing)
    ]
    rows = [row for row in rows if row["least"] is not None]
    if not rows:
        raise InputError(f'no point has "{measure}"; name a measure that every world has')
    [base] = [point.number for point in points if point.labels == standing]
    of_base = summary.loc[base]
    table = pd.DataFrame(rows).assign(base=of_base[measure], base_n=of_base[f"{measure}_n"])
    width = table["greatest_mean"] - table["least_mean"]
    return table.iloc[width.argsort(kind="stable")[::-1]].reset_index(drop=True)


def _standing(results: Results) -> dict[str, Any]:
    """Where each parameter stands while another one moves."""
    points = results.experiment.points
    standing = {}
    for name in points[0].labels:
        levels = list(dict.fromkeys(point.labels[name] for point in points))
        own = _own(results, name)
        middle = levels[0] if name == "arm" else levels[len(levels) // 2]
        standing[name] = own if own in levels else middle
    return standing


def _own(results: Results, name: str) -> Any:
    experiment = results.experiment
    if name == SCENARIO:
        return experiment.scenario.name
    scenario = with_values(experiment.scenario, experiment.file.set)
    return None if name == "arm" else value_of(scenario, name)


def _moved(
    points: tuple[Point, ...], standing: dict[str, Any]
) -> Iterator[tuple[str, list[Point]]]:
    """Each parameter that has more than one level, with the points that differ in it alone."""
    for name in standing:
        others = {key: level for key, level in standing.items() if key != name}
        alone = [p for p in points if {k: v for k, v in p.labels.items() if k != name} == others]
        if len(alone) > 1:
            yield name, alone


def _ends(points: list[Point], name: str, summary: pd.DataFrame, measure: str) -> dict[str, Any]:
    """The levels of least and greatest mean, with that mean and its interval."""
    of_points = summary.loc[[point.number for point in points]].dropna(subset=measure)
    if of_points.empty:
        return {"least": None}
    found: dict[str, Any] = {}
    levels = {point.number: point.labels[name] for point in points}
    for end, number in (
        ("least", of_points[measure].idxmin()),
        ("greatest", of_points[measure].idxmax()),
    ):
        row = of_points.loc[number]
        found |= {end: levels[number], f"{end}_mean": row[measure]}
        found |= {f"{end}_{side}": row[f"{measure}_{side}"] for side in ("low", "high", "n")}
    return found
