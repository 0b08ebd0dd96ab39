"""Who plays the parts: this process, a number of local ones, or the workers of a cluster."""

import logging
import multiprocessing
import os
import pickle
import platform
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from sim.experiments.running.estimate import hold_workers
from sim.experiments.running.journal import Journal, Played
from sim.experiments.running.parts import Progress, play_part
from sim.experiments.running.plan import Part
from sim.experiments.running.provenance import Provenance, other_code, provenance
from sim.inputs.installation import install
from sim.inputs.problems import RunError

if TYPE_CHECKING:
    from dask.distributed import Client

WORTH_A_SECOND_PROCESS = 200_000  # fewer worlds are done before new processes have started
MOST_ON_WINDOWS = 61  # processes of a pool: Windows waits for no more
CLOSING = 5  # seconds to wait for a cluster that may be gone
AHEAD = 3  # parts a worker may be ahead of what is written


def play_task(task: bytes) -> Played:
    """Play a part that was pickled with what plays in the process that writes.

    As bytes it is passed on as it is; Dask's scheduler would read every scenario in it.
    """
    return play_as_here(*pickle.loads(task))


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


def play_parts(
    waiting: list[Part],
    journal: Journal,
    workers: int | None,
    cluster: str | None,
    progress: Progress,
) -> None:
    """Play parts and enter them in the journal as they are done."""
    asked = min(workers, len(waiting)) if workers else _sensible_workers(waiting)
    with executor(asked, cluster) as (hands, cores):
        if hands is None:
            for part in waiting:
                journal.keep([play_part(part, progress)])
            return
        for batch in _played(hands, waiting, AHEAD * cores):
            journal.keep(batch)
            progress(sum(played.worlds for played in batch))


def _played(hands: Executor, waiting: list[Part], ahead: int) -> Iterator[list[Played]]:
    """Give parts back as they are done, never more than a few ahead of the writer.

    What came back while the writer wrote is one batch.
    """
    here = provenance()
    tasks = (pickle.dumps((part, here)) for part in waiting)
    running = {hands.submit(play_task, task) for task in islice(tasks, ahead)}
    try:
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {hands.submit(play_task, task) for task in islice(tasks, len(done))}
            if batch := [future.result() for future in done if _is_sound(future)]:
                yield batch
            for future in done:
                future.result()  # raises what a worker has raised
    except BrokenProcessPool:
        raise RunError(
            "a worker process died; what is done is kept, and the same command carries on "
            "(--workers 1 works in this process)"
        ) from None
    finally:
        for future in running:
            future.cancel()


def _is_sound(future: Future[Played]) -> bool:
    return not future.cancelled() and future.exception() is None


@contextmanager
def executor(workers: int, cluster: str | None) -> Iterator[tuple[Executor | None, int]]:
    """What plays the parts, and on how many cores.

    A cluster; or processes started afresh, which works the same everywhere; or none but this one.

    Raises:
        InputError: when so many processes would not go into memory.
    """
    if cluster is not None:
        with _cluster(cluster) as found:
            yield found
    elif workers == 1:
        yield None, 1
    else:
        hold_workers(workers)
        with _no_worker_left(), _processes(workers) as processes:
            yield processes, workers


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    context = multiprocessing.get_context("spawn")
    most = MOST_ON_WINDOWS if sys.platform == "win32" else workers
    pool = ProcessPoolExecutor(
        min(workers, most), mp_context=context, initializer=_end_with_this_process
    )
    with pool as processes:
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
    parent = multiprocessing.parent_process()
    threading.Thread(target=_end_after, args=[parent], daemon=True).start()


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
            f"a cluster needs Dask, which is not installed: {install('cluster')}"
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
        logging.disable(logging.CRITICAL)  # tracebacks of Dask, as it takes leave of what is gone
        with suppress(*gone, OSError):
            hands.shutdown(wait=False)
            client.close(timeout=CLOSING)
        logging.disable(logging.NOTSET)


def _same_code(client: "Client") -> None:
    """Refuse workers of other code or versions, whose worlds would be others."""
    here = provenance()
    for worker, there in client.run(provenance, on_error="return").items():
        cannot_say = isinstance(there, Exception)
        found = (
            f"it cannot say what it plays with ({there})" if cannot_say else other_code(there, here)
        )
        if found:
            raise RunError(_OTHER_WORKER.format(worker=worker, found=found))


def _sensible_workers(waiting: list[Part]) -> int:
    if sum(part.worlds for part in waiting) < WORTH_A_SECOND_PROCESS:
        return 1
    return max(1, min(len(waiting), os.cpu_count() or 1))
