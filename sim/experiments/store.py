"""The results folder: what is written, how, and how it is read back.

    experiment.toml  scenario.toml   as resolved: what was run, on its own
    points.parquet                   one row a design point
    worlds/part-*.parquet            one row a world (zstd)
    moments/  sketches/              what the summary is made of: moments, and quantile sketches
    journal.jsonl                    one line a finished part, with checksums and failures
    summary.csv                      one row a point: rates, means and medians with intervals
    replications.csv                 what stopped each point, if it was to go on until narrow enough
    failures.jsonl                   worlds that failed, and how to replay them
    manifest.json                    who made this, with what, from which seed; written last
    figures/

A file is written under a temporary name, synced and renamed, and only then entered in the journal. A
part counts as done when the journal has it and its files have the checksums that it says.
"""

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w
from filelock import FileLock, Timeout

from sim.experiments.design import Experiment, difference, parse_experiment, resolved
from sim.experiments.summary import summarise
from sim.model import BargainingModel
from sim.outcome import Outcome, play
from sim.problems import InputError
from sim.scenario import read_toml
from sim.streams import Stream

SCHEMA_VERSION = 1
LOCK = ".lock"
PART_FOLDERS = ("worlds", "moments", "sketches")
PACKAGES = ("mesa", "numpy", "scipy", "pandas", "pyarrow", "pydantic")


class RunError(RuntimeError):
    """A run could not be done, though its input is right: one sentence with what to do."""


class Results:
    """The results of an experiment, read from its folder as they are asked for."""

    def __init__(self, folder: Path):
        self.folder = folder

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Who made these results, with what, from which seed."""
        return json.loads((self.folder / "manifest.json").read_text("utf-8"))

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as it was run."""
        path = self.folder / "experiment.toml"
        return parse_experiment(read_toml(path), str(path), self.folder)

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a design point: its number and the values that tell it from the others."""
        return pd.read_parquet(self.folder / "points.parquet")

    @cached_property
    def worlds(self) -> pd.DataFrame:
        """One row a world, all parts together. For more worlds than fit in memory, use `parts()`."""
        return pd.concat(self.parts(), ignore_index=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a design point: `n`, and rates and means with their 95 % intervals."""
        return pd.read_csv(self.folder / "summary.csv")

    def parts(self) -> Iterator[pd.DataFrame]:
        """The worlds that were kept, part by part."""
        for path in sorted((self.folder / "worlds").glob("part-*.parquet")):
            yield pd.read_parquet(path)

    def readable_parts(self) -> Iterator[pd.DataFrame]:
        """The same, passing over files that are damaged."""
        for path in sorted((self.folder / "worlds").glob("part-*.parquet")):
            try:
                yield pd.read_parquet(path)
            except (OSError, ValueError, pa.ArrowException):
                continue

    @cached_property
    def stopped(self) -> pd.DataFrame | None:
        """What stopped each point, for replications until an interval is narrow enough."""
        path = self.folder / "replications.csv"
        return pd.read_csv(path) if path.exists() else None

    @cached_property
    def failures(self) -> list[dict[str, Any]]:
        """The worlds that failed, each with its address and how to replay it."""
        text = (self.folder / "failures.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def replay(self, point: int, replication: int) -> Outcome:
        """Play one world of these results again: the same numbers, bit for bit.

        Raises:
            InputError: when there is no such point or replication.

        """
        points, file = self.experiment.points, self.experiment.file
        problems = []
        if not 0 <= point < len(points):
            problems.append(f"point = {point}: these results have points 0 to {len(points) - 1}")
        if not 0 <= replication < self.experiment.replications:
            last = self.experiment.replications - 1
            problems.append(f"replication = {replication}: each point has replications 0 to {last}")
        if problems:
            raise InputError(problems)
        world = self.experiment.first_world(points[point], replication)
        model = BargainingModel(points[point].scenario, rng=file.seed, first_world=world)
        return Outcome([play(model)])


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
    if not (path / "manifest.json").is_file():
        raise InputError([f"{folder}: is not a finished results folder (it has no manifest.json)"])
    return Results(path)


@contextmanager
def open_folder(folder: Path, experiment: Experiment, restart: bool) -> Iterator["Journal"]:
    """Hold a results folder for a run: new, or the same experiment begun before; gives its journal.

    Raises:
        InputError: when the folder holds another experiment.
        RunError: when it cannot be written, or another run holds it.
    """
    try:
        with _held(folder):
            if restart and _is_ours(folder):
                _empty(folder)
            documents = dict(zip(("experiment", "scenario"), resolved(experiment), strict=True))
            _same_experiment(folder, documents)
            _furnish(folder, experiment, documents)
            yield Journal(folder)
    except OSError as error:
        raise RunError(
            f"{folder}: cannot be written ({error.strerror or error}); what is done is kept. Mend it, "
            "or choose another folder with --out"
        ) from None


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder; the system lets go of it if this process dies."""
    if folder.exists() and not _is_ours(folder) and _holds_anything(folder):
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


def _holds_anything(folder: Path) -> bool:
    return any(entry.name != LOCK for entry in folder.iterdir())


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()


def _furnish(folder: Path, experiment: Experiment, documents: Mapping[str, Any]) -> None:
    for name in PART_FOLDERS:
        (folder / name).mkdir(exist_ok=True)
        for leftover in (folder / name).glob("*.tmp"):
            leftover.unlink()
    if not _is_ours(folder):
        write_whole(folder / "points.parquet", encoded(points_table(experiment)))
        for name, document in reversed(documents.items()):
            write_whole(folder / f"{name}.toml", tomli_w.dumps(document).encode())


def _is_ours(folder: Path) -> bool:
    return (folder / "experiment.toml").is_file()


def _same_experiment(folder: Path, documents: Mapping[str, Any]) -> None:
    for name, document in documents.items():
        path = folder / f"{name}.toml"
        if _is_ours(folder) and (found := difference(read_toml(path), document)):
            raise InputError(
                [
                    f"{folder}: holds another run: {found} ({name}.toml); give --out another folder, "
                    "or --restart to replace it"
                ]
            )


def points_table(experiment: Experiment) -> pd.DataFrame:
    """One row a design point: its number and labels."""
    return pd.DataFrame([{"point": p.number, **p.labels} for p in experiment.points])


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
    folder = journal.folder
    if stopped is not None:
        write_whole(folder / "replications.csv", stopped.to_csv(index=False).encode())
    tables = [journal.tables(name, parts) for name in ("moments", "sketches")]
    summary = summarise(points_table(experiment), *tables)
    write_whole(folder / "summary.csv", summary.to_csv(index=False).encode())
    failures = "".join(json.dumps(failure) + "\n" for failure in journal.failures)
    write_whole(folder / "failures.jsonl", failures.encode())
    document = _manifest(journal, experiment, int(summary["n"].sum()), seconds)
    write_whole(folder / "manifest.json", (json.dumps(document, indent=2) + "\n").encode())
    return Results(folder)


def _manifest(
    journal: Journal, experiment: Experiment, worlds: int, seconds: float
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "name": experiment.file.name,
        "question": experiment.file.question,
        "scenario": experiment.scenario.name,
        "points": len(experiment.points),
        "worlds": worlds,
        "failures": len(journal.failures),
        "seed": experiment.file.seed,
        "random_numbers": experiment.file.random_numbers,
        "streams": {stream.name.lower(): int(stream) for stream in Stream},
        "seconds": round(seconds, 3),
        "version": metadata.version("bargain"),
        "git_commit": _git_commit(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "platform": f"{sys.platform} {platform.machine()}",
        "sha256": journal.checksums,
    }


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git_commit() -> str | None:
    """The commit of the source tree this package runs from, if it runs from one."""
    source = Path(__file__).resolve().parents[2]
    if not (source / ".git").exists():
        return None
    command = ["git", "-C", str(source), "rev-parse", "HEAD"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None
