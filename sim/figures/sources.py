"""All figures of a results folder: the function that draws each, and what it is given to draw."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from matplotlib.figure import Figure

from sim.against_record import compare, from_columns
from sim.experiments.adequacy import running
from sim.experiments.counterfactual import by_arm
from sim.experiments.design import FigureRequest, Point
from sim.experiments.discovery import DENSE, discover
from sim.experiments.effects import against, factorial, shares
from sim.experiments.sensitivity import sensitivity as sensitivity_of
from sim.experiments.store import Results
from sim.figures.bargaining_set import bargaining_set
from sim.figures.boxes import boxes
from sim.figures.effects import effects
from sim.figures.enough import enough
from sim.figures.intervals import MOST_ROWS, differences, named, sensitivity, summary
from sim.figures.ladder import ladder
from sim.figures.outcome_map import outcome_map
from sim.figures.record import record
from sim.figures.talks import talks
from sim.record import load_record
from sim.schema import value_of
from sim.solution import solve

RECORD = "connecticut-2011"


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


def _talks(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    return (results.replay(*world_to_tell(results)),)


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
    return (solve(results.experiment.scenario),)


def _summary(results: Results, request: FigureRequest) -> tuple[Any, ...]:
    labels = list(results.experiment.points[0].labels)
    return results.summary, labels, request.measure, _question(results)


def _outcome_map(results: Results, request: FigureRequest) -> tuple[Any, ...]:
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
    return results.summary, x, y, request.measure, _question(results)


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
    known = load_record(RECORD)
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
    "talks": Source(talks, _talks, of_a_measure=False),
    "bargaining_set": Source(bargaining_set, _bargaining_set, of_a_measure=False),
    "summary": Source(summary, _summary),
    "outcome_map": Source(outcome_map, _outcome_map),
    "differences": Source(differences, _differences),
    "sensitivity": Source(sensitivity, _sensitivity),
    "effects": Source(effects, _effects),
    "boxes": Source(boxes, _boxes),
    "enough": Source(enough, _enough),
    "ladder": Source(ladder, _ladder, of_a_measure=False),
    "record": Source(record, _record, of_a_measure=False),
}
