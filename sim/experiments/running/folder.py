"""A results folder held for one run: new, or begun before by the same experiment and the same code."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomli_w
from filelock import FileLock, Timeout

from sim.experiments.design.experiment import Experiment
from sim.experiments.design.resolved import difference, resolved
from sim.experiments.running.files import (
    BIRTH,
    DAMAGED,
    FOUNDING,
    LOCK,
    OURS,
    PART_FOLDERS,
    as_json,
    encoded,
    write_whole,
)
from sim.experiments.running.journal import JOURNAL, Journal
from sim.experiments.running.provenance import Provenance, other_player, provenance
from sim.inputs.documents import read_toml
from sim.inputs.problems import InputError, RunError


@contextmanager
def open_folder(folder: Path, experiment: Experiment, restart: bool) -> Iterator[Journal]:
    """Hold a results folder for a run: new, or the same experiment begun before; gives its journal.

    Raises:
        InputError: when the folder holds another experiment, or was begun by other code.
        RunError: when it cannot be written, or another run holds it.
    """
    try:
        with _held(folder):
            if restart and _is_ours(folder):
                _empty(folder)
            documents = dict(zip(("experiment", "scenario"), resolved(experiment), strict=True))
            contents = _founding_contents(experiment, documents)
            _same_experiment(folder, documents, contents)
            _same_player(folder)
            _furnish(folder, contents)
            yield Journal(folder)
    except OSError as error:
        raise RunError(
            f"{folder}: cannot be written ({error.strerror or error}); what is done is kept. Mend it, "
            "or choose another folder with --out"
        ) from None


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder; the system lets go of it if this process dies."""
    if folder.exists() and not _is_ours(folder) and not _only_our_names(folder):
        raise InputError(f"{folder}: holds something else than results; choose another with --out")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout:
        raise RunError(
            f"{folder}: another run is writing into this folder; wait for it, or choose another "
            "folder with --out"
        ) from None


def _is_ours(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (BIRTH, "experiment.toml"))


def _only_our_names(folder: Path) -> bool:
    """Whether there is nothing in the folder, or what a run leaves that ended while it made the folder."""
    return all(
        all(part.name.startswith("part-") for part in entry.iterdir())
        if entry.name in PART_FOLDERS and entry.is_dir()
        else entry.name in OURS or entry.suffix == ".tmp"
        for entry in folder.iterdir()
    )


def _empty(folder: Path) -> None:
    """Throw away all but the lock; last what makes the folder ours, in case this is interrupted."""
    last = [folder / BIRTH, folder / "experiment.toml"]
    kept = [*last, folder / LOCK]
    for entry in [entry for entry in folder.iterdir() if entry not in kept] + last:
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)


def _founding_contents(experiment: Experiment, documents: Mapping[str, Any]) -> dict[str, bytes]:
    """What the files hold that a results folder begins with."""
    contents = {f"{name}.toml": tomli_w.dumps(of).encode() for name, of in documents.items()}
    contents["points.parquet"] = encoded(experiment.points_table())
    return {name: contents[name] for name in FOUNDING}


def _furnish(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make what a results folder begins with, or mend it; `birth.json` says that all of it is there."""
    for name in PART_FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    for place in (folder, *(folder / name for name in PART_FOLDERS)):
        for leftover in place.glob("*.tmp"):
            leftover.unlink()
    for name, content in contents.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
    if not (folder / BIRTH).is_file():
        born = provenance() | {"sha256": _sums(contents)}
        write_whole(folder / BIRTH, as_json(born))


def _sums(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def born(folder: Path) -> Provenance | None:
    """What began to play the run in a folder; None if it does not say.

    Raises:
        InputError: when that file is damaged.
    """
    try:
        found = json.loads((folder / BIRTH).read_bytes())
        if found["code"] and found["sha256"].items() and found["packages"].items():
            return found
        problem = "it does not name the code"
    except FileNotFoundError:
        return None
    except (AttributeError, *DAMAGED) as error:
        problem = str(error)
    raise InputError(
        f"{folder / BIRTH}: is damaged ({problem}); --restart throws the run away and plays it anew"
    )


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
