"""Play an experiment: parts of the design, in this process, several, or a cluster's.

Whatever plays a part gives back the contents of its files; only this process writes. So one runner serves
local processes and a cluster alike, and what is on disk is in one hand.
"""

import gc
import logging
import multiprocessing
import os
import platform
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiments.design.experiment import Experiment, Point, load_experiment
from sim.experiments.design.replications import rounds
from sim.experiments.running.files import RunError, encoded
from sim.experiments.running.folder import open_folder
from sim.experiments.running.journal import Journal, Played
from sim.experiments.running.manifest import finish
from sim.experiments.running.provenance import Provenance, other_code, provenance
from sim.experiments.running.results import Results, is_complete, load_results
from sim.experiments.running.stopping import report, still_open
from sim.experiments.statistics.summary import BLOCK, digest
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.worlds.settings import same_shape, worlds_at_once

if TYPE_CHECKING:
    from dask.distributed import Client

WORLDS_AT_ONCE = BLOCK  # worlds of one point in one model
SCENARIOS_AT_ONCE = 128  # worlds in one model that each have a scenario of their own
FEW = 12  # points with no more replications than this share a model
WORLDS_A_PART = 5 * WORLDS_AT_ONCE
SLICES_A_PART = 8 * SCENARIOS_AT_ONCE  # so that the points of a sample are spread over the workers
WORTH_A_SECOND_PROCESS = 200_000  # fewer worlds are done before new processes have started
CLOSING = 5  # seconds to wait for a cluster that may be gone
AHEAD = 3  # parts a worker may be ahead of what is written
MOST_FAILURES = 1000  # in one part: more than these are no accident
KEPT_OF_A_POINT = {"worlds": None, "sample": 10_000, "summary": 100}

Progress = Callable[[int], None]


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


def run_experiment(
    experiment: str | Path | Experiment,
    out: str | Path | None = None,
    *,
    workers: int | None = 1,
    cluster: str | None = None,
    restart: bool = False,
    overrides: Mapping[str, Any] | None = None,
    progress: Progress = lambda worlds: None,
) -> Results:
    """Run an experiment into a results folder, or carry on with one begun before.

    Args:
        experiment: the file, its name in `experiments`, or a loaded one.
        out: the results folder; `results/<name>` if not given.
        workers: processes to use; by default this one. With more, a script must guard its own code with
            `if __name__ == "__main__":`. None takes all cores for large designs, as `bargain run` does.
        cluster: the address of a Dask scheduler whose workers play the parts instead.
        restart: throw away what the folder holds of this experiment and begin again.
        overrides: replaces top-level keys of the file, such as {"replications": 100}.
        progress: told the number of worlds each time some are done.

    Raises:
        sim.inputs.problems.InputError: when the experiment is wrong, or the folder holds another one.
        sim.experiments.running.files.RunError: when the folder cannot be written, another run holds it, or
            workers die.
    """
    if not isinstance(experiment, Experiment):
        experiment = load_experiment(experiment, overrides)
    folder = Path(out) if out is not None else Path("results") / experiment.file.name
    started = time.monotonic()
    with open_folder(folder, experiment, restart) as journal:
        team = _Team(workers, cluster, progress)
        parts = 0
        for round_ in rounds(experiment.file.replications):
            points = still_open(experiment, journal, parts, round_)
            planned = list(plan(experiment, points, round_, parts))
            parts += len(planned)
            if waiting := [part for part in planned if not journal.sound(part.number)]:
                (folder / "manifest.json").unlink(missing_ok=True)
                progress(sum(p.worlds for p in planned) - sum(p.worlds for p in waiting))
                team.play(waiting, journal)
        if is_complete(folder):
            return load_results(folder)
        seconds, stopped = time.monotonic() - started, report(experiment, journal, parts)
        return finish(journal, experiment, parts, seconds, stopped)


def plan(
    experiment: Experiment,
    points: Iterable[Point] | None = None,
    round_: tuple[int, int] | None = None,
    first_part: int = 0,
    worlds_a_part: int = WORLDS_A_PART,
) -> Iterator[Part]:
    """Cut a round of a design into parts of a bounded number of worlds; the same cut every time.

    By default all points with all their replications.
    """
    points = experiment.points if points is None else points
    number, pending, room = first_part, [], worlds_a_part
    seed, keep = experiment.file.seed, experiment.file.keep
    for piece in _slices(experiment, points, round_ or (0, experiment.replications)):
        if pending and (piece.worlds > room or len(pending) == SLICES_A_PART):
            yield Part(number, tuple(pending), seed, keep)
            number, pending, room = number + 1, [], worlds_a_part
        pending.append(piece)
        room -= piece.worlds
    if pending:
        yield Part(number, tuple(pending), seed, keep)


def _slices(
    experiment: Experiment, points: Iterable[Point], round_: tuple[int, int]
) -> Iterator[Slice]:
    start, stop = round_
    for point in points:
        at_once = min(WORLDS_AT_ONCE, worlds_at_once(point.scenario))
        for first in range(start, stop, at_once):
            worlds = min(at_once, stop - first)
            yield Slice(point, first, experiment.first_world(point, first), worlds)


def play_part(part: Part, progress: Progress = lambda worlds: None) -> Played:
    """Play the worlds of a part, and make the contents of its files."""
    failures: list[dict[str, Any]] = []
    frames = []
    with _models_let_go():
        for group in _groups(part.slices):
            frames += _play_group(group, part.seed, failures)
            progress(sum(piece.worlds for piece in group))
    if not frames:
        return Played(part.number, part.worlds, {}, failures)
    worlds = pd.concat(frames, ignore_index=True)
    moments, sketches = digest(worlds)
    tables = {"worlds": _kept(worlds, part), "moments": moments, "sketches": sketches}
    files = {folder: encoded(table) for folder, table in tables.items()}
    return Played(part.number, part.worlds, files, failures)


@contextmanager
def _models_let_go() -> Iterator[None]:
    """Free the models that were played: a model and its agents know each other, so Python waits with them.

    It would wait until there are many objects, and a model is few, though its arrays are large.
    """
    gc.freeze()  # what was there before is not looked through
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


def play_as_here(part: Part, here: Provenance) -> Played:
    """Play a part in a worker, unless it runs other code than the process that writes.

    Raises:
        RunError: when it does: a worker may have joined late, or have started after files were changed.
    """
    if found := other_code(provenance(), here):
        raise RunError(_OTHER_WORKER.format(worker=platform.node(), found=found))
    return play_part(part)


_OTHER_WORKER = (
    "the worker at {worker} would play other worlds: {found}; install the same version of everything "
    "there, and start the worker again"
)


def _kept(worlds: pd.DataFrame, part: Part) -> pd.DataFrame:
    """The rows to keep, with the labels of their points."""
    most = KEPT_OF_A_POINT[part.keep]
    kept = worlds if most is None else worlds[worlds["replication"] < most]
    points = {piece.point.number: piece.point.labels for piece in part.slices}
    labels = pd.DataFrame(points.values(), index=list(points)).reindex(kept["point"])
    head, rest = kept.iloc[:, :2], kept.iloc[:, 2:]
    return pd.concat([head, labels.set_index(kept.index), rest], axis=1)


def _groups(slices: Iterable[Slice]) -> Iterator[list[Slice]]:
    """Slices to play in one model: one by itself, or neighbours with few replications each."""
    group: list[Slice] = []
    worlds = 0
    for piece in slices:
        fits = (
            group
            and max(piece.worlds, group[-1].worlds) <= FEW
            and worlds + piece.worlds <= SCENARIOS_AT_ONCE
            and same_shape(group[0].point.scenario, piece.point.scenario)
        )
        if group and not fits:
            yield group
            group, worlds = [], 0
        group.append(piece)
        worlds += piece.worlds
    if group:
        yield group


def _play_group(
    group: list[Slice], seed: int, failures: list[dict[str, Any]]
) -> list[pd.DataFrame]:
    """Play slices together; if that fails, apart, and halve down to the worlds that fail."""
    try:
        return [_play(group, seed)]
    except Exception as error:
        if len(group) > 1:
            halves = (group[: len(group) // 2], group[len(group) // 2 :])
        elif group[0].worlds > 1:
            halves = tuple([half] for half in group[0].halves())
        else:
            failures.append(_failure(group[0], seed, error))
            if len(failures) > MOST_FAILURES:
                raise RunError(f"more than {MOST_FAILURES} worlds failed: {error}") from error
            return []
    return [frame for half in halves for frame in _play_group(half, seed, failures)]


def _play(group: list[Slice], seed: int) -> pd.DataFrame:
    numbers = [piece.first_world + i for piece in group for i in range(piece.worlds)]
    one = group[0].point.scenario
    case = one if len(group) == 1 else [p.point.scenario for p in group for _ in range(p.worlds)]
    model = BargainingModel(case, len(numbers), rng=seed, first_world=numbers)
    frame = Outcome([play(model)]).frame().reset_index(drop=True)
    points = [piece.point.number for piece in group for _ in range(piece.worlds)]
    replications = [p.first_replication + i for p in group for i in range(p.worlds)]
    frame.insert(0, "point", points)
    frame.insert(1, "replication", replications)
    return frame


def _failure(piece: Slice, seed: int, error: Exception) -> dict[str, Any]:
    return {
        "point": piece.point.number,
        "replication": piece.first_replication,
        "labels": piece.point.labels,
        "seed": seed,
        "world": piece.first_world,
        "error": f"{type(error).__name__}: {error}",
        "traceback": traceback.format_exc(),
    }


@dataclass(frozen=True)
class _Team:
    """Who plays the parts: this process, a number of local ones, or the workers of a cluster."""

    workers: int | None
    cluster: str | None
    progress: Progress

    def play(self, waiting: list[Part], journal: Journal) -> None:
        """Play parts and enter them in the journal as they are done."""
        workers = self.workers or _sensible_workers(waiting)
        with executor(workers, self.cluster) as (hands, cores):
            for played in self._played(hands, waiting, AHEAD * cores):
                journal.keep(played)

    def _played(self, hands: Executor | None, waiting: list[Part], ahead: int) -> Iterator[Played]:
        """Give parts back as they are done, never more than a few ahead of the writer."""
        if hands is None:
            for part in waiting:
                yield play_part(part, self.progress)
            return
        parts = iter(waiting)
        here = provenance()
        running = {hands.submit(play_as_here, part, here) for part in islice(parts, ahead)}
        try:
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {
                    hands.submit(play_as_here, part, here) for part in islice(parts, len(done))
                }
                for future in done:
                    played = future.result()
                    yield played
                    self.progress(played.worlds)
        except BrokenProcessPool:
            raise RunError(
                "a worker process died; what is done is kept, and the same command carries on "
                "(--workers 1 works in this process)"
            ) from None
        finally:
            for future in running:
                future.cancel()


@contextmanager
def executor(workers: int, cluster: str | None) -> Iterator[tuple[Executor | None, int]]:
    """What plays the parts, and on how many cores.

    A cluster; or processes started afresh, which works the same everywhere; or none but this one.
    """
    if cluster is not None:
        with _cluster(cluster) as found:
            yield found
    elif workers == 1:
        yield None, 1
    else:
        with _no_worker_left(), _processes(workers) as processes:
            yield processes, workers


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_end_with_this_process
    ) as processes:
        try:
            yield processes
        except BaseException:
            processes.shutdown(wait=True, cancel_futures=True)
            raise


@contextmanager
def _no_worker_left() -> Iterator[None]:
    """An interrupt while a pool starts leaves workers that nobody ends, and this process waits for them."""
    others = set(multiprocessing.active_children())
    try:
        yield
    finally:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()


def _end_with_this_process() -> None:
    """Called in a worker: let it end when the process that started it ends, even if that was killed."""
    threading.Thread(
        target=_end_after, args=[multiprocessing.parent_process()], daemon=True
    ).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from dask.distributed import Client, KilledWorker
        from distributed.comm import CommClosedError
    except ImportError:
        raise RunError(
            'a cluster needs Dask, which is not installed: pip install "bargain[cluster]"'
        ) from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise RunError(
            f"no Dask scheduler answers at {address} ({error}); start one first"
        ) from None
    gone = (CancelledError, KilledWorker, CommClosedError, TimeoutError)
    hands = client.get_executor(pure=False)
    try:
        _same_code(client)
        yield hands, max(1, sum(client.ncores().values()))
    except gone as error:
        raise RunError(
            f"the cluster at {address} went away ({type(error).__name__}); what is done is kept, and the "
            "same command carries on"
        ) from None
    finally:
        logging.disable(
            logging.CRITICAL
        )  # Dask logs tracebacks while it takes leave of what is gone
        with suppress(*gone, OSError):
            hands.shutdown(wait=False)
            client.close(timeout=CLOSING)
        logging.disable(logging.NOTSET)


def _same_code(client: "Client") -> None:
    """Refuse workers of other code or versions, whose worlds would be others."""
    here = provenance()
    for worker, there in client.run(provenance, on_error="return").items():
        found = (
            f"it cannot say what it plays with ({there})"
            if isinstance(there, Exception)
            else other_code(there, here)
        )
        if found:
            raise RunError(_OTHER_WORKER.format(worker=worker, found=found))


def _sensible_workers(waiting: list[Part]) -> int:
    if sum(part.worlds for part in waiting) < WORTH_A_SECOND_PROCESS:
        return 1
    return max(1, min(len(waiting), os.cpu_count() or 1))
