"""What figures take from a results folder, where several of them take the same."""

import json
from collections.abc import Sequence
from functools import lru_cache
from itertools import count

import numpy as np
import pandas as pd

from sim.cases.loading import parse_scenario, with_values
from sim.cases.schema import value_of
from sim.experiments.design.experiment import Point
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.intervals import named
from sim.worlds.solution import Solution, solve

Settings = dict[str, list[Point]]  # by name, the points that are shown together
MOST_PANELS = 6


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


def solved(results: Results) -> Solution:
    """The scenario with what is set for all design points, solved."""
    experiment = results.experiment
    return _solution(with_values(experiment.scenario, experiment.file.set).model_dump_json())


@lru_cache(maxsize=2)  # several figures of one folder are of the same solution
def _solution(scenario: str) -> Solution:
    return solve(parse_scenario(json.loads(scenario), "scenario.toml"))


def two_keys(results: Results, request: FigureRequest) -> tuple[str, str]:
    """What runs across and upwards: as asked for, or the two keys that there are."""
    varied = list(results.experiment.points[0].labels)
    x, y = request.x, request.y
    if results.experiment.file.sample is not None:
        raise ValueError("a map needs a grid, and the points of a sample do not lie on one")
    if x is None or y is None:
        free = [key for key in varied if key not in (x, y)]
        if len(varied) != 2:
            varied_in_words = (
                f"{', '.join(varied)} are" if len(varied) > 1 else "fewer than two things are"
            )
            raise ValueError(
                f"a map needs two swept keys, and {varied_in_words} varied here; name x and y"
            )
        x, y = x or free.pop(0), y or free.pop(0)
    return x, y


def grouped(results: Results) -> tuple[pd.DataFrame, int]:
    """The worlds of some settings, each with the `group` it belongs to, and how many more there are."""
    shown, left_out = some_settings(results, MOST_PANELS)
    of_point = {point.number: name for name, points in shown.items() for point in points}
    worlds = results.worlds[results.worlds["point"].isin(of_point)]
    order = pd.Categorical(worlds["point"].map(of_point), list(shown))
    return worlds.assign(group=order).sort_values("group", kind="stable"), left_out


def some_settings(results: Results, most: int) -> tuple[Settings, int]:
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
