"""What in a results folder is the run's own, byte for byte, and how an old run is taken out of it."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from errno import EACCES
from pathlib import Path

from sim.experiments.running.files import (
    BIRTH,
    FAILURES,
    FIGURES,
    FOUNDING,
    JOURNAL,
    MANIFEST,
    PART_FOLDERS,
    STOPPED,
    SUMMARY,
    is_sealed,
    read_object,
)
from sim.experiments.running.journal import Journal
from sim.inputs.problems import RunError
from sim.outputs.files import (
    RECORD,
    checksum,
    move_aside,
    recorded,
    remove_known,
    write_record,
)

Known = Mapping[str, set[str]]


def known_sums(folder: Path) -> Known:
    """The checksums of what this program wrote into a results folder, by path within it."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for name in (BIRTH, MANIFEST):
        document = read_object(folder / name) or {}
        if is_sealed(document):
            known[name].add(checksum(folder / name))
        sums = document.get("sha256")
        for file, sum_ in sums.items() if isinstance(sums, dict) else ():
            known[file].add(str(sum_))
    journal = Journal(folder)
    for file, of_file in journal.known.items():
        known[file] |= of_file
    if journal.intact:
        known[JOURNAL].add(checksum(folder / JOURNAL))
    for within in ("", f"{FIGURES}/"):
        for name, of_name in recorded(folder / within).items():
            known[within + name] |= of_name
    return {name: sums for name, sums in known.items() if _is_a_place_of_ours(name)}


def _is_a_place_of_ours(name: str) -> bool:
    """Whether a name, as a document says it, is that of a file in the folder: none leads out of it."""
    folder, _, file = name.rpartition("/")
    return folder in ("", FIGURES, *PART_FOLDERS) and file not in ("", "..") and "\\" not in file


def clear(folder: Path, force: bool) -> None:
    """Take the run out of a folder: its own files are removed, what else stands in their places moved aside.

    The manifest goes first, so that what is left is no finished run; last what the folder is known by. What
    was known is recorded meanwhile, so that a restart that was killed and is given again knows it, too.

    Raises:
        RunError: when a file cannot be removed.
    """
    known, gone = known_sums(folder), 0
    paths = [path for path in _in_order(folder, known) if os.path.lexists(path)]
    if not paths:
        return
    at = folder
    try:
        _record(folder, known, force)
        for at in dict.fromkeys(path.parent for path in paths):
            if not os.access(at, os.W_OK):
                raise PermissionError(EACCES, os.strerror(EACCES))
        for at in paths:
            remove_known(at, known.get(at.relative_to(folder).as_posix(), ()), folder, force)
            gone += 1
    except OSError as error:
        left = (
            f"of the old run, {gone:,} of {len(paths):,} files are gone"
            if gone
            else "nothing is gone"
        )
        raise RunError(
            f"{at}: cannot be removed ({error.strerror or error}); {left}. Mend it and give --restart "
            "again, or choose another folder with --out"
        ) from None
    (folder / RECORD).unlink()
    if recorded(folder / FIGURES):
        (folder / FIGURES / RECORD).unlink()


def _record(folder: Path, known: Known, force: bool) -> None:
    record = folder / RECORD
    if not force and os.path.lexists(record) and not recorded(folder):
        move_aside(record, folder)
    write_record(folder, known)


def _in_order(folder: Path, known: Known) -> Iterator[Path]:
    """The places of a run's files, in the order in which they are cleared."""
    last = [JOURNAL, *FOUNDING, BIRTH]
    parts = [
        path.relative_to(folder).as_posix()
        for name in PART_FOLDERS
        for path in sorted((folder / name).glob(f"part-{'[0-9]' * 6}.parquet"))
    ]
    first = [MANIFEST, SUMMARY, FAILURES, STOPPED, *known, *parts]
    for name in dict.fromkeys(name for name in first if name not in last):
        yield folder / name
    yield from (folder / name for name in last)
