"""All figures of a results folder: the function that draws each, and what it is given to draw."""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.cases.loading import parse_scenario, with_values
from sim.cases.record import record_of
from sim.cases.schema import TwoLevelGame, value_of
from sim.experiments.analysis.adequacy import running
from sim.experiments.analysis.counterfactual import by_arm
from sim.experiments.analysis.discovery import DENSE, discover
from sim.experiments.analysis.effects import against, factorial, shares
from sim.experiments.analysis.one_by_one import swings
from sim.experiments.analysis.sensitivity import sensitivity as sensitivity_of
from sim.experiments.design.experiment import Point
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.experiments.statistics.summary import with_derived
from sim.play.fit import compare, from_columns
from sim.show.figures.bargaining_set import bargaining_set
from sim.show.figures.boxes import boxes
from sim.show.figures.dance import dance
from sim.show.figures.effects import effects
from sim.show.figures.enough import enough
from sim.show.figures.intervals import MOST_ROWS, differences, named, sensitivity, summary
from sim.show.figures.ladder import ladder
from sim.show.figures.outcome_map import outcome_map
from sim.show.figures.package import MOST_BARS, package
from sim.show.figures.phase import phase
from sim.show.figures.ratification import ratification
from sim.show.figures.record import record
from sim.show.figures.savings import savings
from sim.show.figures.settlement_time import settlement_time
from sim.show.figures.talks import talks
from sim.show.figures.tornado import tornado
from sim.show.figures.win_set import win_set
from sim.worlds.solution import Solution, solve

Settings = dict[str, list[Point]]  # by name, the points that are shown together
MOST_PANELS = 6
MONTHS = ("June 2011", "August 2011")  # when the bylaws of the record were in force
REPLAYED = 100  # worlds behind a figure of ballots


@dataclass(frozen=True)
class Source:
    """Where a figure comes from.

    `arguments` turns results and a request into what `drawing` takes, and raises a ValueError whose
    sentence says why these results cannot show it. `of_a_measure` says whether the request's measure
    is shown, and then stands in the name of the file.
    """

    drawing: Callable[..., Figure]
    arguments: Callable[[Results, FigureRequest], tuple[Any, ...]]
    of_a_measure: bool = True

    def figure(self, results: Results, request: FigureRequest) -> Figure:
        """Draw it; raises a ValueError where these results cannot show it."""
        return self.drawing(*self.arguments(results, request))

    @property
    def shows(self) -> str:
        """What is seen, in a line."""
        return (inspect.getdoc(self.drawing) or "").splitlines()[0]


def _one_world(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return (results.replay(*world_to_tell(results)),)


def _many_worlds(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    """The world to tell and those after it, up to one that failed."""
    point, first = world_to_tell(results)
    failed = [f["replication"] for f in results.failures if f["point"] == point]
    end = min([r for r in failed if r > first], default=results.experiment.replications)
    return (results.replay(point, first, min(end - first, REPLAYED)),)


def world_to_tell(results: Results) -> tuple[int, int]:
    """A world to look at closely: the design point nearest the scenario's own values, and a replication.

    It is the first one that did not fail, of a point whose worlds did not all fail.
    """
    failed = {(failure["point"], failure["replication"]) for failure in results.failures}
    played = set(results.summary["point"][results.summary["n"] > 0])
    home = _home(results, [p for p in results.experiment.points if p.number in played])
    return home, next(r for r in count() if (home, r) not in failed)


def _home(results: Results, points: Sequence[Point]) -> int:
    """The number of the design point nearest the scenario's own values."""
    file, base = results.experiment.file, results.experiment.scenario
    varied = {key for arm in file.arms.values() for key in arm} | set(points[0].swept)

    def apart(point: Point) -> int:
        return sum(value_of(point.scenario, key) != value_of(base, key) for key in varied)

    return min(points, key=apart).number


def _bargaining_set(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return (_solved(results),)


def _win_set(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    recorded = record_of(results.experiment.scenario.name)
    return (_solved(results), *([MONTHS] if recorded else []))


def _solved(results: Results) -> Solution:
    """The scenario with what is set for all design points, solved."""
    experiment = results.experiment
    return _solution(with_values(experiment.scenario, experiment.file.set).model_dump_json())


@lru_cache(maxsize=2)  # several figures of one folder are of the same solution
def _solution(scenario: str) -> Solution:
    return solve(parse_scenario(json.loads(scenario), "scenario.toml"))


def _summary(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    labels = list(results.experiment.points[0].labels)
    return results.summary, labels, request.measure, _question(results)


def _outcome_map(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return results.summary, *_two_keys(results, request), request.measure, _question(results)


def _phase(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return results.summary, *_two_keys(results, request), _question(results)


def _two_keys(results: Results, request: FigureRequest) -> tuple[str, str]:
    """What runs across and upwards: as asked for, or the two keys that there are."""
    varied = list(results.experiment.points[0].labels)
    x, y = request.x, request.y
    if results.experiment.file.sample is not None:
        raise ValueError("a map needs a grid, and the points of a sample do not lie on one")
    if x is None or y is None:
        free = [key for key in varied if key not in (x, y)]
        if len(varied) != 2:
            told = f"{', '.join(varied)} are" if len(varied) > 1 else "fewer than two things are"
            raise ValueError(f"a map needs two swept keys, and {told} varied here; name x and y")
        x, y = x or free.pop(0), y or free.pop(0)
    return x, y


def _package(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    """What each issue brings at every point: linear in its level for dollars, looked up for points."""
    shown, left_out = _some_settings(results, MOST_BARS)
    dollars = isinstance(results.experiment.scenario, TwoLevelGame)
    rows = _in_dollars(results, shown) if dollars else _in_points(results, shown)
    table = pd.DataFrame(rows, columns=["name", "whose", "issue", "value"])
    return table, left_out, _question(results)


def _in_dollars(results: Results, shown: Settings) -> list[tuple[Any, ...]]:
    summary = results.summary.set_index("point")
    agreed = summary["n"] * summary["agreed"]
    rows = []
    for name, points in shown.items():
        numbers = [point.number for point in points]
        for issue in points[0].scenario.fiscal.savings:
            if issue not in summary:
                continue
            dollars = [point.scenario.fiscal.savings[issue] for point in points]
            saved = summary.loc[numbers, issue].fillna(0.0) * dollars
            worlds = agreed[numbers]
            mean = np.average(saved, weights=worlds) if worlds.any() else np.nan
            rows.append((name, "state", issue, mean))
    return rows


def _in_points(results: Results, shown: Settings) -> list[tuple[Any, ...]]:
    rows = []
    for name, points in shown.items():
        mine = results.worlds[results.worlds["point"].isin([point.number for point in points])]
        for side in ("governor", "coalition"):
            for issue in points[0].scenario.issue:
                worth = dict(zip(issue.levels, getattr(issue, side), strict=True))
                rows.append((name, side, issue.name, mine[issue.name].map(worth).mean()))
    return rows


def _settlement_time(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    worlds, left_out = _grouped(results)
    rounds = pd.Series({p.number: p.scenario.calendar.rounds for p in results.experiment.points})
    deadline = worlds["point"].map(rounds)
    if "deadline" in worlds:
        deadline = worlds["deadline"].fillna(deadline)
    return worlds.assign(deadline=deadline), left_out, _question(results)


def _savings(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    if not isinstance(results.experiment.scenario, TwoLevelGame):
        raise ValueError("a textbook game has no dollars, and so no savings")
    worlds, left_out = _grouped(results)
    known = record_of(results.experiment.scenario.name)
    moments = {moment.name: moment.value for moment in known.moment} if known else {}
    return with_derived(worlds), moments.get("savings"), left_out, _question(results)


def _grouped(results: Results) -> tuple[pd.DataFrame, int]:
    """The worlds of some settings, each with the `group` it belongs to, and how many more there are."""
    shown, left_out = _some_settings(results, MOST_PANELS)
    of_point = {point.number: name for name, points in shown.items() for point in points}
    worlds = results.worlds[results.worlds["point"].isin(of_point)]
    order = pd.Categorical(worlds["point"].map(of_point), list(shown))
    return worlds.assign(group=order).sort_values("group", kind="stable"), left_out


def _some_settings(results: Results, most: int) -> tuple[Settings, int]:
    """Some settings by name, each with its points, and how many more there are.

    They are the points of a grid; of a sample or table the arms, or all draws together. Of more than the
    most some are taken at even distances, the first and the last among them.
    """
    file = results.experiment.file
    drawn = file.sample is not None or file.table is not None
    settings: Settings = {}
    for point in results.experiment.points:
        name = point.arm or "all draws" if drawn else named(point.labels, list(point.labels))
        settings.setdefault(name, []).append(point)
    places = np.linspace(0, len(settings) - 1, min(len(settings), most)).round().astype(int)
    shown = [list(settings)[place] for place in places]
    return {name: settings[name] for name in shown}, len(settings) - len(shown)


def _tornado(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return swings(results, request.measure), request.measure, _question(results)


def _differences(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return against(results, request.measure), request.measure, _question(results)


def _sensitivity(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return sensitivity_of(results, request.measure), request.measure, _question(results)


def _effects(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    tables = [table(results, request.measure) for table in (factorial, shares)]
    return *tables, request.measure, _question(results)


def _boxes(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    sides = {"below": request.below, "above": request.above}
    density = DENSE if request.density is None else request.density
    table = discover(results, request.measure, **sides, density=density)
    sought = next(f"{side} {end:g}" for side, end in sides.items() if end is not None)
    return table, request.measure, sought, _question(results)


def _enough(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    table = running(results, request.measure)
    return table, request.measure, request.at_most, _question(results)


def _ladder(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return by_arm(results), int(results.summary["n"].max()), _question(results)


def _record(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    scenario = results.experiment.scenario.name
    known = record_of(scenario)
    if known is None:
        raise ValueError(f"there is no record of {scenario} to stand beside")
    worlds = results.worlds
    tables = {}
    for name, points in _named_points(results).items():
        rounds = points[0].scenario.calendar.rounds
        mine = worlds[worlds["point"].isin([point.number for point in points])]
        tables[name] = compare(from_columns(mine, rounds, known), known).table
    return tables, _question(results)


def _named_points(results: Results) -> dict[str, list[Point]]:
    """The points of each arm; without arms every point by what it varies."""
    found: dict[str, list[Point]] = {}
    for point in results.experiment.points:
        keys = ["arm"] if "arm" in point.labels else list(point.labels)
        found.setdefault(named(point.labels, keys), []).append(point)
    if len(found) > MOST_ROWS:
        raise ValueError(f"{len(found)} rows are too many to read; {MOST_ROWS} is the most")
    return found


def _question(results: Results) -> str:
    return results.experiment.file.question


FIGURES: dict[str, Source] = {
    "talks": Source(talks, _one_world, of_a_measure=False),
    "dance": Source(dance, _one_world, of_a_measure=False),
    "ratification": Source(ratification, _many_worlds, of_a_measure=False),
    "settlement_time": Source(settlement_time, _settlement_time, of_a_measure=False),
    "savings": Source(savings, _savings, of_a_measure=False),
    "package": Source(package, _package, of_a_measure=False),
    "bargaining_set": Source(bargaining_set, _bargaining_set, of_a_measure=False),
    "win_set": Source(win_set, _win_set, of_a_measure=False),
    "summary": Source(summary, _summary),
    "outcome_map": Source(outcome_map, _outcome_map),
    "phase": Source(phase, _phase, of_a_measure=False),
    "differences": Source(differences, _differences),
    "tornado": Source(tornado, _tornado),
    "sensitivity": Source(sensitivity, _sensitivity),
    "effects": Source(effects, _effects),
    "boxes": Source(boxes, _boxes),
    "enough": Source(enough, _enough),
    "ladder": Source(ladder, _ladder, of_a_measure=False),
    "record": Source(record, _record, of_a_measure=False),
}
