"""What this machine has: free memory, free disk, cores; and a refusal of what is too large for it.

Sizes are counted before anything is made, so that nothing is half done when the machine gives up.
"""

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

from sim.inputs.problems import InputError, Note, RunError
from sim.inputs.sizes import A_YEAR, about, in_bytes, in_time

UNASKED = 64e6  # bytes; for less than these the machine is not asked what it has
LONG = 3600.0  # seconds; what takes longer is told before it begins
LARGE = 1e9  # bytes on disk; the same
CONTROL_GROUPS, MEMBERSHIP = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")  # of Linux


class LargeRequest(Note):
    """What was asked for can be done, and takes long or much room: said when it begins."""


def free_memory() -> int:
    """The bytes that this process may still take.

    Of the machine, of the control group it is in (a container, a job of a cluster), and by its own limit.
    """
    import psutil

    available = psutil.virtual_memory().available
    return max(0, min([available, *_left_of_groups(), *_left_of_limit()]))


def free_disk(folder: Path) -> int:
    """The free bytes of the disk that holds a folder, or would hold it."""
    there = folder.absolute()
    while not there.is_dir() and there != there.parent:
        there = there.parent
    return shutil.disk_usage(there).free


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def hold_memory(needed: float, what: str, instead: str) -> None:
    """Refuse what needs more memory (bytes) than is free.

    Raises:
        InputError: a sentence of `what` is asked for, how much it takes, and what to do `instead`.
    """
    if needed > UNASKED and needed > (free := free_memory()):
        raise InputError(
            f"{what}: takes {about(in_bytes(needed))} of memory, and {in_bytes(free)} are free; {instead}"
        )


def hold_disk(needed: float, folder: Path, what: str, instead: str) -> None:
    """Refuse what needs more room (bytes) on the disk of a folder than is free.

    Raises:
        RunError: a sentence of `what` is asked for, how much it takes, and what to do `instead`.
    """
    if needed > UNASKED and needed > (free := free_disk(folder)):
        raise RunError(
            f"{what}: takes {about(in_bytes(needed))} on disk, and {in_bytes(free)} are free in "
            f"{folder}; {instead}"
        )


def hold_time(seconds: float, what: str, instead: str) -> None:
    """Refuse what takes more than a year.

    Raises:
        InputError: a sentence of `what` is asked for, how long it takes, and what to do `instead`.
    """
    if seconds > A_YEAR:
        raise InputError(f"{what}: takes {about(in_time(seconds))}; {instead}")


def tell_if_large(what: str, seconds: float, disk: float = 0.0) -> None:
    """Say what takes long or much room, as a warning: commands print it as a line on standard error."""
    large = [in_time(seconds)] * (seconds > LONG) + [f"{in_bytes(disk)} on disk"] * (disk > LARGE)
    if large:
        warnings.warn(f"{what}: takes {about(' and '.join(large))}", LargeRequest, stacklevel=3)


def _left_of_limit() -> Iterator[int]:
    """What the limit of this process's address space leaves (`ulimit -v`), where there is one."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        import psutil

        yield limit - psutil.Process().memory_info().vms


def _left_of_groups() -> Iterator[int]:
    """What the control groups of this process leave (Linux), its own and those that it is in."""
    try:
        lines = MEMBERSHIP.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            top, names = CONTROL_GROUPS, ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            top = CONTROL_GROUPS / "memory"
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        own = top / path.lstrip("/")
        for group in (own, *own.parents):
            yield from _left_of(group, *names)
            if group == top:
                break


def _left_of(group: Path, limit: str, usage: str, given_back: str) -> Iterator[int]:
    """What one group leaves: its limit, less what is in use and would not be given back at need."""
    try:
        most, used = (int((group / name).read_text()) for name in (limit, usage))
        told = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):  # no such group to be seen, or no limit ("max")
        return
    yield most - used + int(told.get(given_back, 0))
