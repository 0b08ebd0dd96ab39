"""All writing of files: whole or not at all, and never over what this program did not write.

A folder into which files were written keeps a record of them, `.bargain.json`: the name of each, and the
checksum of what was written. A file that is there already is ours if it is, byte for byte, what its
folder's record says; that it bears a common name says nothing. What is not ours stays: the command is
refused before anything is written, or, within the results folder of a run, the file is moved aside.
"""

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.inputs.documents import bytes_of
from sim.inputs.problems import InputError, Note, RunError, few

RECORD = ".bargain.json"
UNFINISHED = ".bargain-tmp"  # at the end of the name of a file that is being written
SET_ASIDE = "set_aside"

Sums = Mapping[str, frozenset[str]]


class MovedAside(Note):
    """Something that this program did not write stood where one of its files goes."""


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum_of(content: bytes) -> str:
    """The SHA-256 of what a file is to hold."""
    return hashlib.sha256(content).hexdigest()


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document as JSON that people can read, too."""
    return (json.dumps(document, indent=2) + "\n").encode()


def write_files(
    contents: Mapping[Path, bytes], *, force: bool = False, within: Path | None = None
) -> None:
    """Write files, each whole or not at all, and enter them in the records of their folders.

    Args:
        contents: what each file is to hold, in the order in which they are written.
        force: write also over files that are not ours.
        within: the results folder of a run; a file in it that is not ours is moved to its folder
            `set_aside`, with a warning. Elsewhere such a file is refused.

    Raises:
        InputError: when a file is not ours; nothing is written then.
        RunError: when a file cannot be written.
    """
    waiting = {path: content for path, content in contents.items() if not _holds(path, content)}
    if within is None and not force:
        refuse_others(waiting)
    at = next(iter(waiting), Path())
    try:
        for folder in dict.fromkeys(path.parent for path in waiting):
            at = folder / RECORD
            make_folder(folder, within)
            here = {path: content for path, content in waiting.items() if path.parent == folder}
            if within is not None and not force:
                for path in filter(_is_anothers, here):
                    move_aside(path, within)
            _enter(folder, here, force, within)
        for at, content in waiting.items():
            write_whole(at, content)
    except OSError as error:
        raise RunError(f"{at}: cannot be written ({error.strerror or error})") from None


def make_folder(folder: Path, within: Path | None) -> None:
    """Make a folder; within a results folder, what stands in its place and is none is moved aside."""
    if within is not None and os.path.lexists(folder) and not folder.is_dir():
        move_aside(folder, within)
    folder.mkdir(parents=True, exist_ok=True)


def refuse_others(paths: Iterable[Path]) -> None:
    """Refuse to write over what is not ours, before the work for it is done.

    Raises:
        InputError: which of the files that are there already are not as this program wrote them.
    """
    others = [path for path in paths if _is_anothers(path)]
    told = [
        f"{path}: is there already, and is not what this program wrote there; give --out another place, "
        "or --force to replace it"
        for path in others
    ]
    if told:
        raise InputError(few(told))


def recorded(folder: Path) -> Sums:
    """The checksums of what was written into a folder, by name; nothing where it has no sound record.

    A name may have several: of what was there, and of what was about to be written in its place.
    """
    try:
        found = json.loads(bytes_of(folder / RECORD))["written"]
        return {str(name): frozenset(map(str, sums)) for name, sums in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write_record(folder: Path, written: Mapping[str, Collection[str]]) -> None:
    """Write down the checksums of what was written into a folder, by name."""
    document = {name: sorted(sums) for name, sums in sorted(written.items())}
    write_whole(folder / RECORD, as_json({"written": document}))


def write_known(
    within: Path,
    contents: Mapping[str, bytes],
    known: Mapping[str, Collection[str]],
    force: bool,
    at_once: int = 1,
) -> None:
    """Write files of a run, whose own documents, not a record, say what was written before.

    Args:
        within: the results folder; what is not known is moved to its folder `set_aside`, with a warning.
        contents: what each file is to hold, by its name within; nothing is done where it holds that.
        known: checksums of what may be replaced, by name.
        force: replace what is not known, too.
        at_once: how many files may be synced side by side (see `write_together`).
    """
    waiting = {}
    for name, content in contents.items():
        path = within / name
        if _holds(path, content):
            continue
        if not force and os.path.lexists(path) and not _has(path, known.get(name, ())):
            move_aside(path, within)
        waiting[path] = content
    write_together(waiting, at_once)


def remove_known(path: Path, known: Iterable[str], within: Path, force: bool) -> None:
    """Remove a file of a run, or move it aside where it is not what was written there."""
    if force or _has(path, known):
        path.unlink(missing_ok=True)
    elif os.path.lexists(path):
        move_aside(path, within)


def is_ours(path: Path) -> bool:
    """Whether a file is, byte for byte, what this program wrote there."""
    return _has(path, recorded(path.parent).get(path.name, ()))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, sync it, and rename it: it is there whole or not at all."""
    write_together({path: content})


def write_together(contents: Mapping[Path, bytes], at_once: int = 1) -> None:
    """Write files, each whole or not at all, and sync each of their folders once.

    All are written under temporary names and synced, then renamed in their order, then the folders are
    synced: a power cut leaves some of them, each whole. A disk syncs files side by side in little more
    than the time of one; `at_once` tells how many, at the most.
    """
    try:
        with _calls(min(at_once, len(contents))) as each:
            list(each(write_aside, contents, contents.values()))
            for path in contents:
                _temporary(path).replace(path)
            list(each(sync_folder, {path.parent: None for path in contents}))
    except BaseException:
        for path in contents:
            _temporary(path).unlink(missing_ok=True)
        raise


def write_aside(path: Path, content: bytes) -> None:
    """Write a file under its temporary name, and sync it."""
    with _temporary(path).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Sync a folder: a name that was given in it must reach the disk, too."""
    if os.name == "posix":
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _temporary(path: Path) -> Path:
    return path.with_name(path.name + UNFINISHED)


@contextmanager
def _calls(at_once: int) -> Iterator[Callable[..., Iterable[None]]]:
    """A `map` that makes so many calls side by side; one at a time need no threads, which take memory."""
    if at_once <= 1:
        yield map
    else:
        with ThreadPoolExecutor(at_once) as threads:
            yield threads.map


def move_aside(path: Path, within: Path) -> None:
    """Move what is not ours out of the way, into the folder `set_aside` of a results folder."""
    aside = within / SET_ASIDE / path.relative_to(within)
    aside.parent.mkdir(parents=True, exist_ok=True)
    name, number = aside.name, 1
    while os.path.lexists(aside):
        number += 1
        aside = aside.with_name(f"{name}.{number}")
    shutil.move(path, aside)  # perhaps to another disk
    warnings.warn(
        f"{path}: was not what this program wrote there; it is now {aside}",
        MovedAside,
        stacklevel=2,
    )


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _has(path: Path, sums: Iterable[str]) -> bool:
    """Whether a file has one of these checksums; what cannot be read is not known."""
    try:
        return path.is_file() and checksum(path) in sums
    except OSError:
        return False


def _is_anothers(path: Path) -> bool:
    return os.path.lexists(path) and not is_ours(path)


def _enter(folder: Path, contents: Mapping[Path, bytes], force: bool, within: Path | None) -> None:
    """Enter files in the record of their folder before they are written: a kill leaves none unknown."""
    record = folder / RECORD
    known = recorded(folder)
    if os.path.lexists(record) and not known and not force:
        if within is None:
            raise InputError(
                f"{record}: is not a record of this program; move it away, or --force replaces it"
            )
        move_aside(record, within)
    written = {name: sums for name, sums in known.items() if os.path.lexists(folder / name)}
    for path, content in contents.items():
        before = {checksum(path)} if path.is_file() else set()
        written[path.name] = frozenset(before | {checksum_of(content)})
    write_record(folder, written)
