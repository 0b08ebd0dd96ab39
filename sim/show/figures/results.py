"""What figures take from a results folder, where several of them take the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from sim.cases.loading import parse_scenario, with_values
from sim.experiments.design.experiment import Point
from sim.experiments.design.file import SCENARIO, FigureRequest
from sim.experiments.design.kinds import Design, design_of
from sim.experiments.running.results import Results
from sim.show.told import home_point, named
from sim.worlds.solution import Solution, solve

Settings = dict[str, list[Point]]  # by name, the points that are shown together
MOST_PANELS = 6
MOST_KEYS = 4  # that name what a caption is of


def solved(results: Results) -> Solution:
    """The scenario with what is set for all design points, solved."""
    experiment = results.experiment
    return _solution(with_values(experiment.scenario, experiment.file.set).model_dump_json())


@lru_cache(maxsize=2)  # several figures of one folder are of the same solution
def _solution(scenario: str) -> Solution:
    return solve(parse_scenario(json.loads(scenario), "scenario.toml"))


def two_keys(results: Results, request: FigureRequest) -> tuple[str, str, str | None]:
    """What runs across and upwards, and what differs from map to map, if anything does.

    The first two are as asked for, or the two keys that there are; of two swept keys in some arms each
    arm has a map.
    """
    varied = _varied(results)
    x, y = request.x, request.y
    for role, key in (("x", x), ("y", y)):
        if key is not None and key not in results.experiment.points[0].labels:
            raise ValueError(f'{role} = "{key}": is not varied here; {_there_are(varied)}')
    swept = [key for key in varied if key != "arm"]
    if x is None or y is None:
        keys = varied if len(varied) == 2 else swept
        free = [key for key in keys if key not in (x, y)]
        if len(keys) != 2 or len(free) < (x is None) + (y is None):
            raise ValueError(
                f"a map needs two swept keys, and {_there_are(varied)}; name x and y, or keep one value "
                "of the rest with --where"
            )
        x, y = x or free.pop(0), y or free.pop(0)
    rest = [key for key in varied if key not in (x, y)]
    if len(rest) > 1:
        raise ValueError(
            f"beside {x} and {y} also {' and '.join(rest)} are varied; keep one value of them with "
            f'--where, such as --where "{rest[0]}={results.experiment.points[0].labels[rest[0]]}"'
        )
    return x, y, rest[0] if rest else None


def _varied(results: Results) -> list[str]:
    """What has more than one value."""
    labels = [point.labels for point in results.experiment.points]
    return [key for key in labels[0] if len({str(row[key]) for row in labels}) > 1]


def _there_are(varied: Sequence[str]) -> str:
    if len(varied) > 1:
        return f"{', '.join(varied)} are varied here"
    return f"only {varied[0]} is varied here" if varied else "fewer than two things are varied here"


@dataclass(frozen=True)
class Shown:
    """Settings beside each other that differ in one thing, and in words what else is to be known of them."""

    settings: Settings
    note: str


def grouped(results: Results, key: str | None = None) -> tuple[pd.DataFrame, str]:
    """The worlds of some settings, each with the `group` it belongs to; and what captions say of these."""
    shown = some_settings(results, MOST_PANELS, key)
    of_point = {point.number: name for name, points in shown.settings.items() for point in points}
    worlds = results.worlds[results.worlds["point"].isin(of_point)]
    order = pd.Categorical(worlds["point"].map(of_point), list(shown.settings))
    return worlds.assign(group=order).sort_values("group", kind="stable"), shown.note


def some_settings(results: Results, most: int, key: str | None = None) -> Shown:
    """Some settings by name, each with its points, which differ in one thing alone.

    Of a sample or table they are the arms, or all its points together. Else they are the values of one
    key: the one asked for, or the arms, or the first that is varied; all else is as in the scenario, or
    as near to it as was played. Of more than the most some are taken at even distances, the first and the
    last among them.
    """
    if (design := design_of(results.experiment)) in (Design.DRAWS, Design.TABLE):
        return _together(results, most, "draw" if design is Design.DRAWS else "row")
    varied = _varied(results)
    if key is not None and key not in varied:
        raise ValueError(f'x = "{key}": is not varied here; {_there_are(varied)}')
    if not varied:
        return Shown({"the only point": list(results.experiment.points)}, "")
    key = key or varied[0]
    home = results.experiment.point(home_point(results)).labels
    others = [other for other in varied if other != key]
    alike = [p for p in results.experiment.points if all(p.labels[o] == home[o] for o in others)]
    settings = {named(point.labels, [key]): [point] for point in alike}
    shown, more = _at_even_distances(settings, most)
    held = f" All are at {named(home, others)}." if others else ""
    left = f" Left out: {counted(more, 'more value')} of {key}." if more else ""
    return Shown(shown, held + left)


def _together(results: Results, most: int, each: str) -> Shown:
    """All points of a sample or table, arm by arm."""
    settings: Settings = {}
    for point in results.experiment.points:
        settings.setdefault(point.arm or f"all {each}s", []).append(point)
    shown, more = _at_even_distances(settings, most)
    sizes = {len(points) for points in shown.values()}
    of = (
        f"{max(sizes):,} {each}s"
        if len(sizes) == 1
        else f"{min(sizes):,} to {max(sizes):,} {each}s"
    )
    source = "of the sampled parameters" if each == "draw" else "of the table"
    left = f" Left out: {counted(more, 'more arm')}." if more else ""
    return Shown(shown, f" Worlds of {of} {source} are thrown together.{left}")


def _at_even_distances(settings: Settings, most: int) -> tuple[Settings, int]:
    places = np.linspace(0, len(settings) - 1, min(len(settings), most)).round().astype(int)
    names = [list(settings)[place] for place in places]
    return {name: settings[name] for name in names}, len(settings) - len(names)


def counted(number: int, word: str) -> str:
    """A number of things."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def scenario_told(results: Results) -> str:
    """Whose values a picture of the scenario has, where the experiment varies some of them."""
    varied = _varied(results)
    if not varied:
        return ""
    keys = [key for key in varied if key not in ("arm", SCENARIO)]
    if SCENARIO in varied:
        of = results.experiment.scenario.name
        at = f", at its own values of {' and '.join(keys)}" if keys else ""
        return f" Drawn for {of}{at}{', in no arm' * ('arm' in varied)}."
    own = f" Drawn at the scenario's own values of {' and '.join(keys)}" if keys else " Drawn"
    if len(keys) > MOST_KEYS:
        own = f" Drawn at the scenario's own values of the {len(keys)} parameters that are varied"
    return f"{own}{', in no arm' * ('arm' in varied)}."
