"""Play an experiment: parts of the design, in this process or several, each written as it is done."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiments.design import Experiment, Point, load_experiment
from sim.experiments.store import (
    Results,
    RunError,
    finish,
    load_results,
    open_folder,
    part_path,
    points_table,
    write_table,
)
from sim.model import BargainingModel
from sim.outcome import WORLDS_AT_ONCE, Outcome, play

WORLDS_A_PART = 5 * WORLDS_AT_ONCE
WORTH_A_SECOND_PROCESS = (
    200_000  # fewer worlds than this are done before new processes have started
)

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Slice:
    """Some replications of one design point, and the address of their random numbers."""

    point: Point
    first_replication: int
    first_world: int
    worlds: int


@dataclass(frozen=True)
class Part:
    """The work of one task, which becomes one file: slices of one or more design points."""

    number: int
    slices: tuple[Slice, ...]
    seed: int

    @property
    def worlds(self) -> int:
        """How many worlds the part holds."""
        return sum(piece.worlds for piece in self.slices)


def run_experiment(
    experiment: str | Path | Experiment,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    restart: bool = False,
    overrides: Mapping[str, Any] | None = None,
    progress: Progress = lambda worlds: None,
) -> Results:
    """Run an experiment into a results folder, or carry on with one begun before.

    Args:
        experiment: the file, its name in `experiments`, or a loaded one.
        out: the results folder; `results/<name>` if not given.
        workers: processes to use; by default one, or all cores for large designs.
        restart: throw away what the folder holds of this experiment and begin again.
        overrides: replaces top-level keys of the file, such as {"replications": 100}.
        progress: told the number of worlds each time some are done.

    Raises:
        sim.problems.InputError: when the experiment is wrong, or the folder holds another one.
        sim.experiments.store.RunError: when the folder cannot be written.

    """
    if not isinstance(experiment, Experiment):
        experiment = load_experiment(experiment, overrides)
    folder = Path(out) if out is not None else Path("results") / experiment.file.name
    open_folder(folder, experiment, restart)
    if is_complete(folder):
        return load_results(folder)
    started = time.monotonic()
    waiting = []
    for part in plan(experiment):
        if part_path(folder, part.number).exists():
            progress(part.worlds)
        else:
            waiting.append(part)
    labels = points_table(experiment)
    with _kept(folder), _executor(workers or _sensible_workers(waiting)) as executor:
        for worlds in _done(executor, folder, labels, waiting, progress):
            progress(worlds)
        return finish(folder, experiment, time.monotonic() - started)


@contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """A run that breaks off says what became of it; the parts that were written stay."""
    try:
        yield
    except OSError as error:
        raise RunError(
            f"{folder}: writing failed ({error.strerror or error}); what is done is kept, and the same "
            "command carries on"
        ) from None
    except BrokenProcessPool:
        raise RunError(
            f"{folder}: a worker process died; what is done is kept, and the same command carries on "
            "(--workers 1 works in this process)"
        ) from None


def is_complete(folder: Path) -> bool:
    """Whether a results folder holds a finished run: the manifest is written last."""
    return (folder / "manifest.json").is_file()


def plan(experiment: Experiment, worlds_a_part: int = WORLDS_A_PART) -> Iterator[Part]:
    """Cut a design into parts of a bounded number of worlds, in order; the same cut every time."""
    number, pending, room = 0, [], worlds_a_part
    for piece in _slices(experiment):
        if piece.worlds > room:
            yield Part(number, tuple(pending), experiment.file.seed)
            number, pending, room = number + 1, [], worlds_a_part
        pending.append(piece)
        room -= piece.worlds
    yield Part(number, tuple(pending), experiment.file.seed)


def _slices(experiment: Experiment) -> Iterator[Slice]:
    for point in experiment.points:
        for first in range(0, experiment.file.replications, WORLDS_AT_ONCE):
            worlds = min(WORLDS_AT_ONCE, experiment.file.replications - first)
            yield Slice(point, first, experiment.first_world(point, first), worlds)


def play_part(part: Part, progress: Progress = lambda worlds: None) -> pd.DataFrame:
    """Play the worlds of a part: one row a world."""
    frames = []
    for piece in part.slices:
        frames.append(_play_slice(piece, part.seed))
        progress(piece.worlds)
    return pd.concat(frames, ignore_index=True)


def _play_slice(piece: Slice, seed: int) -> pd.DataFrame:
    model = BargainingModel(
        piece.point.scenario, piece.worlds, rng=seed, first_world=piece.first_world
    )
    frame = Outcome([play(model)]).frame().reset_index(drop=True)
    frame.insert(0, "point", piece.point.number)
    first = piece.first_replication
    frame.insert(1, "replication", range(first, first + piece.worlds))
    return frame


def _write_part(
    folder: Path, labels: pd.DataFrame, part: Part, progress: Progress = lambda worlds: None
) -> int:
    """Play a part and write it, with the labels of its points; the worlds done."""
    worlds = play_part(part, progress)
    labelled = worlds[["point"]].merge(labels, on="point", how="left").drop(columns="point")
    head = worlds[["point", "replication"]]
    rest = worlds.drop(columns=["point", "replication"])
    write_table(part_path(folder, part.number), pd.concat([head, labelled, rest], axis=1))
    return part.worlds


def _done(
    executor: Executor | None,
    folder: Path,
    labels: pd.DataFrame,
    waiting: Iterable[Part],
    progress: Progress,
) -> Iterator[int]:
    if executor is None:
        for part in waiting:
            _write_part(folder, labels, part, progress)
        return
    running = [executor.submit(_write_part, folder, labels, part) for part in waiting]
    try:
        for future in as_completed(running):
            yield future.result()
    except BaseException:
        executor.shutdown(wait=True, cancel_futures=True)
        raise


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    """Processes to play parts in, started afresh so that it works the same everywhere; none for one."""
    if workers == 1:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as executor:
        yield executor


def _sensible_workers(waiting: list[Part]) -> int:
    if sum(part.worlds for part in waiting) < WORTH_A_SECOND_PROCESS:
        return 1
    return min(len(waiting), os.cpu_count() or 1)
