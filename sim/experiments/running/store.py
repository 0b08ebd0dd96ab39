"""The results folder: what is written, how, and how it is read back.

    experiment.toml  scenario.toml   as resolved: what was run, on its own
    points.parquet                   one row a design point
    birth.json                       what began to play it: code, versions, processor; written after these
    worlds/part-*.parquet            one row a world (zstd)
    moments/  sketches/              what the summary is made of: moments, and quantile sketches
    journal.jsonl                    one line a finished part, with checksums and failures
    summary.csv                      one row a point: rates, means and medians with intervals
    replications.csv                 what stopped each point, if it was to go on until narrow enough
    failures.jsonl                   worlds that failed, and how to replay them
    manifest.json                    who made this, with what, from which seed; written last
    figures/  report.html            drawn and written on demand; no part of the run, and not in the manifest

A file is written under a temporary name, synced and renamed, and only then entered in the journal. A
part counts as done when the journal has it and its files have the checksums that it says.
"""

import hashlib
import io
import json
import os
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w
from filelock import FileLock, Timeout
from pyarrow.csv import WriteOptions, write_csv

from sim.arrays.streams import Stream
from sim.cases.loading import read_toml
from sim.experiments.design.experiment import Experiment, difference, parse_experiment, resolved
from sim.experiments.running.provenance import (
    Provenance,
    other_packages,
    other_player,
    provenance,
)
from sim.experiments.statistics.summary import summarise
from sim.inputs.problems import InputError
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play

SCHEMA_VERSION = 1
LOCK = ".lock"
PART_FOLDERS = ("worlds", "moments", "sketches")
FOUNDING = ("points.parquet", "scenario.toml", "experiment.toml")  # in the order they are written
BIRTH = "birth.json"
MANIFEST = "manifest.json"
OURS = {
    LOCK,
    BIRTH,
    *FOUNDING,
}  # besides part folders and *.tmp, all there is of a run that was not born
DAMAGED = (
    ValueError,
    KeyError,
    TypeError,
    pa.ArrowException,
)  # what reading damaged files may raise
HOW_TO_MEND = "`bargain verify` tells what else is damaged and how to mend it"

Content = TypeVar("Content")


class RunError(RuntimeError):
    """A run could not be done, though its input is right: one sentence with what to do."""


class Results:
    """The results of an experiment, read from its folder as they are asked for."""

    def __init__(self, folder: Path, experiment: Experiment | None = None):
        self.folder = folder
        if experiment is not None:  # just run, and not to be read again
            self.experiment = experiment

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Who made these results, with what, from which seed."""
        path = self.folder / MANIFEST
        try:
            found = json.loads(path.read_bytes())
            if (
                all(key in found for key in ("name", "question", "seed"))
                and found["sha256"].items()
            ):
                return found
            told = "it does not say what was run, and with which checksums"
        except (OSError, AttributeError, *DAMAGED) as error:
            told = error
        raise InputError(
            [f"{path}: is damaged ({told}); the command that ran it writes it anew"]
        ) from None

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as it was run."""
        path = self.folder / "experiment.toml"
        document = self._read(path.name, lambda content: tomllib.loads(content.decode()))
        self._read("scenario.toml", bytes)
        return parse_experiment(document, str(path), self.folder)

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a design point: its number and the values that tell it from the others."""
        return self._read("points.parquet", lambda content: pd.read_parquet(io.BytesIO(content)))

    @cached_property
    def worlds(self) -> pd.DataFrame:
        """One row a world, all parts together. For more worlds than fit in memory, use `parts()`."""
        return pd.concat(self.parts(), ignore_index=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a design point: `n`, and rates and means with their 95 % intervals."""
        return self._read("summary.csv", lambda content: _csv(content, ("point", "n")))

    def parts(self) -> Iterator[pd.DataFrame]:
        """The worlds that were kept, part by part."""
        for path in self.part_files():
            try:
                yield pd.read_parquet(path)
            except (OSError, *DAMAGED) as error:
                raise InputError([f"{path}: is damaged ({error}); {HOW_TO_MEND}"]) from None

    def part_files(self) -> list[Path]:
        """Where these worlds are."""
        return sorted((self.folder / "worlds").glob("part-*.parquet"))

    @cached_property
    def stopped(self) -> pd.DataFrame | None:
        """What stopped each point, for replications until an interval is narrow enough."""
        name = "replications.csv"
        if not (self.folder / name).exists():
            return None
        return self._read(name, lambda content: _csv(content, ("point", "stopped")))

    @cached_property
    def failures(self) -> list[dict[str, Any]]:
        """The worlds that failed, each with its address and how to replay it."""
        return self._read(
            "failures.jsonl", lambda content: [json.loads(line) for line in content.splitlines()]
        )

    def _read(self, name: str, read: Callable[[bytes], Content]) -> Content:
        """What a file holds, if it is the file that was written."""
        path, expected = self.folder / name, self.manifest["sha256"].get(name)
        try:
            content = path.read_bytes()
            if expected not in (None, hashlib.sha256(content).hexdigest()):
                raise ValueError("its checksum is not that of the manifest")
            return read(content)
        except OSError as error:
            told = f"cannot be read ({error.strerror or error})"
        except DAMAGED as error:
            told = f"is damaged ({error})"
        raise InputError([f"{path}: {told}; {HOW_TO_MEND}"])

    def replay(self, point: int, replication: int, worlds: int = 1) -> Outcome:
        """Play worlds of these results again, from a replication on: the same numbers, bit for bit.

        Raises:
            InputError: when there is no such point or replication.

        """
        points, file = self.experiment.points, self.experiment.file
        problems = []
        if not 0 <= point < len(points):
            problems.append(f"point = {point}: these results have points 0 to {len(points) - 1}")
        if not 0 <= replication <= self.experiment.replications - worlds:
            last = self.experiment.replications - 1
            problems.append(f"replication = {replication}: each point has replications 0 to {last}")
        if problems:
            raise InputError(problems)
        world = self.experiment.first_world(points[point], replication)
        model = BargainingModel(points[point].scenario, worlds, rng=file.seed, first_world=world)
        return Outcome([play(model)])


def _csv(content: bytes, needed: tuple[str, ...]) -> pd.DataFrame:
    table = pd.read_csv(io.BytesIO(content))
    if missing := [name for name in needed if name not in table]:
        raise ValueError(f"it has no column {missing[0]}")
    return table


def load_results(folder: str | Path) -> Results:
    """Open a results folder, given as a path or as its name in `results`.

    Raises:
        InputError: when there is no finished run in it.

    """
    path = Path(folder)
    if not path.is_dir() and (Path("results") / path).is_dir():
        path = Path("results") / path
    if not path.is_dir():
        known = sorted(p.parent.name for p in Path("results").glob("*/manifest.json"))
        told = f"; results has {', '.join(known)}" if known else ""
        raise InputError([f"{folder}: there is no such results folder{told}"])
    if not (path / MANIFEST).is_file():
        raise InputError([f"{folder}: is not a finished results folder (it has no manifest.json)"])
    return Results(path)


@contextmanager
def open_folder(folder: Path, experiment: Experiment, restart: bool) -> Iterator["Journal"]:
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
        raise InputError(
            [f"{folder}: holds something else than results; choose another with --out"]
        )
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
    for leftover in folder.glob("*.tmp"):
        leftover.unlink()
    for name in PART_FOLDERS:
        (folder / name).mkdir(exist_ok=True)
        for leftover in (folder / name).glob("*.tmp"):
            leftover.unlink()
    for name, content in contents.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
    if not (folder / BIRTH).is_file():
        born = provenance() | {"sha256": _sums(contents)}
        write_whole(folder / BIRTH, (json.dumps(born, indent=2) + "\n").encode())


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
        told = "it does not name the code"
    except FileNotFoundError:
        return None
    except (AttributeError, *DAMAGED) as error:
        told = error
    raise InputError(
        [f"{folder / BIRTH}: is damaged ({told}); --restart throws the run away and plays it anew"]
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
                [
                    f"{folder}: holds another run: {found} ({name}.toml); give --out another folder, "
                    "or --restart to replace it"
                ]
            )


def _same_player(folder: Path) -> None:
    """Refuse to carry on with what other code began: one folder would hold two kinds of data."""
    began = born(folder)
    if began is not None:
        found = other_player(began, provenance())
    else:
        found = (
            f"nothing says what played it ({BIRTH} is missing)" if _played_here(folder) else None
        )
    if found:
        raise InputError(
            [
                f"{folder}: was played by something else: {found}; --restart plays all of it anew here, "
                "--out another folder leaves it as it is"
            ]
        )


def _played_here(folder: Path) -> bool:
    journal = folder / "journal.jsonl"
    return journal.is_file() and journal.stat().st_size > 0


@dataclass(frozen=True)
class Played:
    """A part of the worlds, played: the contents of its files by folder, and the worlds that failed."""

    part: int
    worlds: int
    files: dict[str, bytes]
    failures: list[dict[str, Any]] = field(default_factory=list)


class Journal:
    """Which parts of a results folder are done, with the checksums of their files.

    A line that was torn by a power cut is as if it had not been written.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._path = folder / "journal.jsonl"
        self._lines: dict[int, dict[str, Any]] = {}
        if self._path.exists():
            for line in self._path.read_text("utf-8", errors="replace").splitlines():
                try:
                    entry = json.loads(line)
                    self._lines[entry["part"]] = entry
                except (ValueError, KeyError, TypeError):
                    continue

    def sound(self, part: int) -> bool:
        """Whether a part is done and its files are what was written."""
        sums = self._lines.get(part, {}).get("sha256")
        return sums is not None and all(
            self.path(folder, part).is_file() and checksum(self.path(folder, part)) == sum_
            for folder, sum_ in sums.items()
        )

    def keep(self, played: Played) -> None:
        """Write the files of a part, then enter it."""
        for folder, content in played.files.items():
            write_whole(self.path(folder, played.part), content)
        sums = {folder: hashlib.sha256(c).hexdigest() for folder, c in played.files.items()}
        entry = {
            "part": played.part,
            "worlds": played.worlds,
            "sha256": sums,
            "failures": played.failures,
        }
        torn = self._path.exists() and not self._path.read_bytes().endswith(b"\n")
        with self._path.open("ab") as journal:
            journal.write((b"\n" if torn else b"") + json.dumps(entry).encode() + b"\n")
            journal.flush()
            os.fsync(journal.fileno())
        self._lines[played.part] = entry

    def path(self, folder: str, part: int) -> Path:
        """Where the file of a part is in one of the folders."""
        return self.folder / folder / f"part-{part:06d}.parquet"

    def tables(self, folder: str, parts: int) -> Iterator[pd.DataFrame]:
        """The tables of the first parts in one of the folders, in order."""
        for part in range(parts):
            if (path := self.path(folder, part)).is_file():
                yield pd.read_parquet(path)

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The worlds that failed, by part."""
        return [f for part in sorted(self._lines) for f in self._lines[part]["failures"]]

    @property
    def checksums(self) -> dict[str, str]:
        """The checksum of every file of every part."""
        return {
            f"{folder}/{self.path(folder, part).name}": sum_
            for part in sorted(self._lines)
            for folder, sum_ in self._lines[part]["sha256"].items()
        }


def encoded(frame: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink, compression="zstd")
    return sink.getvalue()


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV; pandas would take several times as long for the rows."""
    sink = io.BytesIO(frame.head(0).to_csv(index=False).encode())
    sink.seek(0, io.SEEK_END)
    plain = WriteOptions(include_header=False, quoting_style="needed")
    write_csv(pa.Table.from_pandas(frame, preserve_index=False), sink, plain)
    return sink.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, sync it, and rename it: it is there whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # the rename itself must reach the disk
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def finish(
    journal: Journal,
    experiment: Experiment,
    parts: int,
    seconds: float,
    stopped: pd.DataFrame | None = None,
) -> Results:
    """Write the summary, the failures and the manifest, which says that the run is complete."""
    folder, failures = journal.folder, journal.failures
    if stopped is not None:
        write_whole(folder / "replications.csv", stopped.to_csv(index=False).encode())
    lines = [json.dumps(failure | {"replay": _replay(folder, failure)}) for failure in failures]
    write_whole(folder / "failures.jsonl", "".join(f"{line}\n" for line in lines).encode())
    tables = [journal.tables(name, parts) for name in ("moments", "sketches")]
    summary = summarise(experiment.points_table(), *tables)
    worlds = int(summary["n"].sum())
    if worlds == 0:
        raise RunError(
            f"{folder}: all {len(failures):,} worlds failed; the first, point {failures[0]['point']}, "
            f"replication {failures[0]['replication']}: {failures[0]['error']} (all in "
            f"{folder / 'failures.jsonl'}); mend the cause and run it with --restart"
        )
    write_whole(folder / "summary.csv", as_csv(summary))
    written = [*FOUNDING, "summary.csv", "failures.jsonl"]
    written += ["replications.csv"] if stopped is not None else []
    sums = {name: checksum(folder / name) for name in written} | journal.checksums
    document = _manifest(experiment, worlds, len(failures), seconds, born(folder) or {})
    document["sha256"] = sums
    write_whole(folder / MANIFEST, (json.dumps(document, indent=2) + "\n").encode())
    return Results(folder, experiment)


def _replay(folder: Path, failure: Mapping[str, Any]) -> str:
    at = f"--point {failure['point']} --replication {failure['replication']}"
    return f"bargain replay {shlex.quote(str(folder))} {at}"


def is_complete(folder: Path) -> bool:
    """Whether a folder holds a finished run with all its files whole (of parts the journal tells)."""
    try:
        sums = Results(folder).manifest["sha256"]
    except InputError:
        return False
    files = {name: sum_ for name, sum_ in sums.items() if "/" not in name}
    return "summary.csv" in files and all(
        (folder / name).is_file() and checksum(folder / name) == sum_
        for name, sum_ in files.items()
    )


def _manifest(
    experiment: Experiment, worlds: int, failures: int, seconds: float, began: Provenance
) -> dict[str, Any]:
    """All that a stranger needs to repeat the run but the checksums."""
    return {
        "schema_version": SCHEMA_VERSION,
        "name": experiment.file.name,
        "question": experiment.file.question,
        "scenario": experiment.scenario.name,
        "points": len(experiment.points),
        "worlds": worlds,
        "failures": failures,
        "seed": experiment.file.seed,
        "random_numbers": experiment.file.random_numbers,
        "overrides": dict(experiment.overrides),
        "streams": {stream.name.lower(): int(stream) for stream in Stream},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        **{key: value for key, value in began.items() if key != "sha256"},
        "other_packages": other_packages(),
    }


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
