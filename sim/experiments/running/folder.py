"""A results folder held for one run: new, or begun before by the same experiment and the same code."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomli_w
from filelock import FileLock, Timeout

from sim.experiments.design.experiment import Experiment
from sim.experiments.design.resolved import difference, resolved
from sim.experiments.running.belongings import clear, known_sums
from sim.experiments.running.birth import born, give_birth, mend_birth
from sim.experiments.running.files import (
    BIRTH,
    FIGURES,
    FOUNDING,
    JOURNAL,
    LOCK,
    MANIFEST,
    PART_FOLDERS,
    encoded,
    read_object,
)
from sim.experiments.running.journal import Journal
from sim.experiments.running.provenance import other_player, provenance
from sim.inputs.documents import read_toml
from sim.inputs.problems import InputError, RunError
from sim.outputs.files import (
    UNFINISHED,
    checksum,
    checksum_of,
    make_folder,
    move_aside,
    recorded,
    write_known,
)


@contextmanager
def open_folder(
    folder: Path, experiment: Experiment, restart: bool, force: bool = False
) -> Iterator[Journal]:
    """Hold a results folder for a run: new, or the same experiment begun before; gives its journal.

    Raises:
        InputError: when the folder holds another experiment, or other things than a run, or was begun
            by other code.
        RunError: when it cannot be written, or another run holds it.
    """
    _refuse_around(folder, experiment)
    try:
        with _held(folder, force):
            mend_birth(folder, force)
            if restart:
                clear(folder, force)
            documents = dict(zip(("experiment", "scenario"), resolved(experiment), strict=True))
            contents = _founding_contents(experiment, documents)
            _same_experiment(folder, documents, contents)
            _same_player(folder)
            _furnish(folder, contents, force)
            yield Journal(folder, force)
    except MemoryError:
        raise RunError(
            f"{folder}: memory ran out; what is done is kept, and the same command carries on: free some "
            "memory first"
        ) from None
    except OSError as error:
        raise RunError(
            f"{_place(error, folder)}: cannot be written ({error.strerror or error}); what is done is kept. "
            "Mend it, or choose another folder with --out"
        ) from None


def _place(error: OSError, folder: Path) -> str:
    """Of which file the system speaks, if it says."""
    return str(error.filename or folder).removesuffix(UNFINISHED)


def _refuse_around(folder: Path, experiment: Experiment) -> None:
    """Refuse a results folder around the experiment's own file, unless that is the copy that a run keeps."""
    file, around = experiment.path, folder.resolve()
    if file is None or around not in file.resolve().parents:
        return
    if not (
        file.resolve() == around / "experiment.toml"
        and checksum(file) in known_sums(folder).get("experiment.toml", ())
    ):
        raise InputError(
            f"{folder}: holds the experiment file itself ({file}); choose another folder with --out"
        )


@contextmanager
def _held(folder: Path, force: bool) -> Iterator[None]:
    """Keep other runs out of the folder; the system lets go of it if this process dies."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise InputError(f"{folder}: is not a folder; choose another with --out")
    if folder.is_dir() and not _is_ours(folder):
        others = [entry.name for entry in folder.iterdir() if not _is_beginning(entry)]
        if others and not force:
            raise InputError(
                f"{folder}: holds something else than results ({sorted(others)[0]}); choose another "
                "folder with --out"
            )
    lock = folder / LOCK
    if os.path.lexists(lock) and not (lock.is_file() and lock.stat().st_size == 0):
        raise InputError(f"{lock}: is not a lock of this program; move it away")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout:
        raise RunError(
            f"{folder}: another run is writing into this folder; wait for it, or choose another "
            "folder with --out"
        ) from None


def _is_ours(folder: Path) -> bool:
    """Whether a run is in the folder, by what its documents say: no file is ours for its name alone."""
    manifest, birth = read_object(folder / MANIFEST) or {}, read_object(folder / BIRTH) or {}
    says = any(isinstance(of.get("sha256"), dict) for of in (manifest, birth))
    of_a_restart = BIRTH in recorded(folder)  # which was killed at its very end
    return says or of_a_restart or bool(Journal(folder).checksums)


def _is_beginning(entry: Path) -> bool:
    """Whether this is what a run leaves that ended before it was born."""
    return entry.name in (LOCK, BIRTH + UNFINISHED)


def _founding_contents(experiment: Experiment, documents: Mapping[str, Any]) -> dict[str, bytes]:
    """What the files hold that a results folder begins with."""
    contents = {f"{name}.toml": tomli_w.dumps(of).encode() for name, of in documents.items()}
    contents["points.parquet"] = encoded(experiment.points_table())
    return {name: contents[name] for name in FOUNDING}


def _furnish(folder: Path, contents: Mapping[str, bytes], force: bool) -> None:
    """Make what a results folder begins with, or mend it; first `birth.json`, which all of it is known by."""
    for place in (folder, *(folder / name for name in (*PART_FOLDERS, FIGURES))):
        for leftover in place.glob(f"*{UNFINISHED}"):
            leftover.unlink()
    if not (folder / BIRTH).is_file():
        give_birth(folder, _sums(contents))
    if os.path.lexists(folder / JOURNAL) and not (folder / JOURNAL).is_file():
        move_aside(folder / JOURNAL, folder)
    for name in PART_FOLDERS:
        make_folder(folder / name, folder)
    known = known_sums(folder)
    for name, content in contents.items():
        write_known(folder, {name: content}, known, force)


def _sums(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: checksum_of(content) for name, content in contents.items()}


def _same_experiment(
    folder: Path, documents: Mapping[str, Any], contents: Mapping[str, bytes]
) -> None:
    """Refuse a folder that was begun with another experiment, whatever its files hold by now."""
    began = born(folder)
    if not _is_ours(folder) or (began and began["sha256"] == _sums(contents)):
        return
    for name, document in documents.items():
        path = folder / f"{name}.toml"
        if path.is_file() and (found := difference(read_toml(path), document)):
            raise InputError(
                f"{folder}: holds another run: {found} ({name}.toml); give --out another folder, "
                "or --restart to replace it"
            )


def _same_player(folder: Path) -> None:
    """Refuse to carry on with what other code began: one folder would hold two kinds of data."""
    began, journal = born(folder), folder / JOURNAL
    found = other_player(began, provenance()) if began is not None else None
    if began is None and journal.is_file() and journal.stat().st_size > 0:
        found = f"nothing says what played it ({BIRTH} is missing)"
    if found:
        raise InputError(
            f"{folder}: was played by something else: {found}; --restart plays all of it anew here, "
            "--out another folder leaves it as it is"
        )
