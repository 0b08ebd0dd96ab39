"""Which world of an experiment is looked at closely, and settings in words."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from sim.cases.schema import Scenario, value_of
from sim.experiments.design.file import SCENARIO

if TYPE_CHECKING:
    from sim.experiments.design.experiment import Point
    from sim.experiments.running.results import Results

MOST_KEYS = 4  # that name a setting in a caption


def world_to_tell(results: "Results") -> tuple[int, int]:
    """A world to look at closely: the design point nearest the scenario's own values, and a replication.

    It is the first one that did not fail, of a point whose worlds did not all fail.
    """
    failed = {(failure["point"], failure["replication"]) for failure in results.failures}
    home = home_point(results)
    return home, next(r for r in count() if (home, r) not in failed)


def home_point(results: "Results") -> int:
    """The number of the design point nearest the scenario's own values, of those with worlds."""
    played = set(results.summary["point"][results.summary["n"] > 0])
    points = [
        p for p in results.experiment.points if p.number in played
    ] or results.experiment.points
    file, base = results.experiment.file, results.experiment.scenario
    varied = {key for arm in file.arms.values() for key in arm} | set(points[0].swept)

    def apart(point: "Point") -> int:
        scenario = point.scenario
        return sum(_at(scenario, key) != _at(base, key) for key in varied)

    return min(points, key=apart).number


def _at(scenario: Scenario, key: str) -> Any:
    """Where a scenario stands on what is varied: at itself, or at a value."""
    return scenario.name if key == SCENARIO else value_of(scenario, key)


def told_world(results: "Results", point: int, replication: int) -> str:
    """Which world is looked at, in words, so that `bargain replay` tells the same one."""
    labels = results.experiment.point(point).labels
    keys = list(labels) if len(labels) <= MOST_KEYS else [key for key in labels if key == "arm"]
    setting = f" ({named(labels, keys)})" if keys else ""
    return f"Point {point}{setting}, replication {replication}"


def named(labels: Mapping[str, Any], keys: Iterable[str]) -> str:
    """A design point in words: its arm, and the keys it varies with their values."""
    parts = [str(labels[k]) if k == "arm" else f"{k} = {_plain(labels[k])}" for k in keys]
    return ", ".join(parts) or "the only point"


def _plain(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
