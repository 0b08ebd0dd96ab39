"""The plan of a run: a design cut into parts of a bounded number of worlds, the same cut every time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sim.experiments.design.experiment import Experiment, Point, scenarios_by
from sim.worlds.size import MANY, SCENARIOS_AT_ONCE, SIZED_BY, worlds_at_once

WORLDS_AT_ONCE = MANY  # worlds of one point in one model: a block of the summary
WORLDS_A_PART = 5 * WORLDS_AT_ONCE
SLICES_A_PART = 8 * SCENARIOS_AT_ONCE  # so that the points of a sample are spread over the workers

KEPT_OF_A_POINT = {"worlds": None, "sample": 10_000, "summary": 100}  # rows


@dataclass(frozen=True)
class Slice:
    """Some replications of one design point, and the address of their random numbers."""

    point: Point
    first_replication: int
    first_world: int
    worlds: int

    def halves(self) -> tuple["Slice", "Slice"]:
        """The two halves of a slice of two or more worlds."""
        half = self.worlds // 2
        later = replace(
            self,
            first_replication=self.first_replication + half,
            first_world=self.first_world + half,
            worlds=self.worlds - half,
        )
        return replace(self, worlds=half), later


@dataclass(frozen=True)
class Part:
    """The work of one task, which becomes one file: slices of one or more design points."""

    number: int
    slices: tuple[Slice, ...]
    seed: int
    keep: str = "worlds"

    @property
    def worlds(self) -> int:
        """How many worlds the part holds."""
        return sum(piece.worlds for piece in self.slices)


def plan(
    experiment: Experiment,
    points: Iterable[Point] | None = None,
    round_: tuple[int, int] | None = None,
    first_part: int = 0,
) -> Iterator[Part]:
    """Cut a round of a design into parts of a bounded number of worlds; the same cut every time.

    By default all points with all their replications.
    """
    points = experiment.points if points is None else points
    pending: list[Slice] = []
    number, room = first_part, WORLDS_A_PART
    seed, keep = experiment.file.seed, experiment.file.keep
    for piece in _slices(experiment, points, round_ or (0, experiment.replications)):
        if pending and (piece.worlds > room or len(pending) == SLICES_A_PART):
            yield Part(number, tuple(pending), seed, keep)
            number, pending, room = number + 1, [], WORLDS_A_PART
        pending.append(piece)
        room -= piece.worlds
    if pending:
        yield Part(number, tuple(pending), seed, keep)


def _slices(
    experiment: Experiment, points: Iterable[Point], round_: tuple[int, int]
) -> Iterator[Slice]:
    start, stop = round_
    points = list(points)
    for point, sized in zip(points, scenarios_by(points, SIZED_BY), strict=True):
        at_once = min(WORLDS_AT_ONCE, worlds_at_once(sized))
        for first in range(start, stop, at_once):
            worlds = min(at_once, stop - first)
            yield Slice(point, first, experiment.first_world(point, first), worlds)
