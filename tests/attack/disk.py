"""A full disk, and other faults of the machine: what is written is whole or not there, and it is said.

A write fails with "no space left", a sync, a rename or a folder fails; files may not grow beyond a size;
standard output goes to a full device. With space again, the same command carries on to the same bytes.
"""

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kills import OFTEN, carried_on, watched_all
from system_calls import STRACE, Watched, failing, prepared_by_processes, run
from tally import Tally
from writers import WRITERS, Answer, contents, process

KIND = "full disk"
ERRORS = {
    "write": "ENOSPC",
    "fsync": "EIO",
    "rename": "ENOSPC",
    "openat": "EMFILE",
    "mkdir": "ENOSPC",
    "ftruncate": "EIO",
}


def attack(tally: Tally, chance: random.Random, tries: int) -> None:
    """So many faults, two processes at a time."""
    others = [w for w in (OFTEN[3], *WRITERS[4:]) if "--all" not in w.typed]
    chosen = [OFTEN[0], *chance.sample(others, min(len(others), 1 + tries // 5))]
    with tempfile.TemporaryDirectory() as scratch_:
        scratch = Path(scratch_)
        watched = watched_all(scratch, tally, KIND, chosen)
        tasks = [
            (chance.choice(watched), chance.getrandbits(32)) for _ in range(tries if watched else 0)
        ]
        with ThreadPoolExecutor(2) as two:
            list(two.map(partial(_one, tally, scratch), *zip(*tasks, strict=True)) if tasks else ())
        _on_a_small_disk(tally, scratch, watched)


def _one(tally: Tally, scratch: Path, watched: Watched, seed: int) -> None:
    chance = random.Random(seed)
    place = Path(tempfile.mkdtemp(dir=scratch)) / "place"
    prepared_by_processes(watched.writer, place)
    ways = ["limit", "stdout"]
    faults = sorted(set(watched.calls) & set(ERRORS))
    ways += faults * (2 if STRACE else 0)
    way = chance.choice(ways)
    if way == "limit":
        size = chance.choice((0, 100, 2_000, 20_000))
        answer = run(process(watched.typed), place, limit=size)
        what = f"{watched.typed}, files of at most {size} bytes"
    elif way == "stdout":
        with open("/dev/full", "wb") as full:
            answer = run(process(watched.typed), place, stdout=full)
        what = f"{watched.typed} > /dev/full"
    else:
        number = chance.randint(1, watched.calls[way])
        on = chance.random() < 0.5
        answer = failing(watched, place, way, number, ERRORS[way], on)
        what = f"{watched.typed}, {ERRORS[way]} at {way} {number}{' and later' * on}"
    wrong = answer.wrong or _torn(watched, place) or _with_space_again(watched, place)
    tally.add(KIND, what, answer.told, wrong)


def _torn(watched: Watched, place: Path) -> str:
    """Which files are neither whole nor absent; a journal may be shorter, as it grows line by line."""
    for name, content in contents(place).items():
        if name in watched.inputs and content == watched.inputs[name]:
            continue
        if name in watched.steady and content != watched.left[name]:
            if name.endswith("journal.jsonl") and watched.left[name].startswith(content[:-1]):
                continue
            if name.endswith(".bargain.json"):
                continue
            return f"{name} is torn: {len(content)} bytes of {len(watched.left[name])}"
        if not content and watched.left.get(name):
            return f"{name} is empty"
    return ""


def _with_space_again(watched: Watched, place: Path) -> str:
    return carried_on(watched, place)


def _on_a_small_disk(tally: Tally, scratch: Path, watched: list[Watched]) -> None:
    """Commands on a disk of their own that is too small, where one may be mounted."""
    with _mounted(scratch / "disk") as disk:
        if disk is None:
            return
        for one in watched:
            place = disk / "place"
            prepared_by_processes(one.writer, place)
            filler = disk / "filler"
            free = shutil.disk_usage(disk).free
            filler.write_bytes(b"\0" * max(free - 8_192, 0))
            answer: Answer = run(process(one.typed), place)
            wrong = answer.wrong or _torn(one, place)
            filler.unlink()
            wrong = wrong or _with_space_again(one, place)
            tally.add(KIND, f"{one.typed}, on a disk with 8 kB left", answer.told, wrong)
            shutil.rmtree(place)


@contextmanager
def _mounted(folder: Path) -> Iterator[Path | None]:
    """A small disk in memory, where this may be done; None elsewhere."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    may = os.name == "posix" and os.geteuid() == 0 and shutil.which("mount")
    if not may or subprocess.run(words, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=False)
