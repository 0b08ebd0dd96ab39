"""The results folder: what is written, how, and how it is read back.

    experiment.toml  scenario.toml   as resolved: what was run, on its own points.parquet
    one row a design point worlds/part-*.parquet            one row a world (zstd) summary.csv
    one row a point: rates and means with intervals manifest.json                    who made this,
    with what, from which seed; a checksum of each part failures.jsonl                   worlds that
    failed, and how to replay them figures/

A part is written under a temporary name, synced and renamed, so a part that exists is whole.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from sim.experiments.design import Experiment, difference, parse_experiment, resolved
from sim.experiments.summary import summarise
from sim.model import BargainingModel
from sim.outcome import Outcome, play
from sim.problems import InputError
from sim.scenario import read_toml
from sim.streams import Stream

SCHEMA_VERSION = 1
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
        """The worlds, part by part."""
        for path in self.part_paths():
            yield pd.read_parquet(path)

    def part_paths(self) -> list[Path]:
        """The files that hold the worlds, in order."""
        return sorted((self.folder / "worlds").glob("part-*.parquet"))

    def replay(self, point: int, replication: int) -> Outcome:
        """Play one world of these results again: the same numbers, bit for bit.

        Raises:
            InputError: when there is no such point or replication.

        """
        points, file = self.experiment.points, self.experiment.file
        problems = []
        if not 0 <= point < len(points):
            problems.append(f"point = {point}: these results have points 0 to {len(points) - 1}")
        if not 0 <= replication < file.replications:
            last = file.replications - 1
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


def open_folder(folder: Path, experiment: Experiment, restart: bool) -> None:
    """Make a results folder ready for an experiment: new, or the same one begun before.

    Raises:
        InputError: when the folder holds another experiment.
        RunError: when the folder cannot be written.

    """
    try:
        if restart and _is_ours(folder):
            shutil.rmtree(folder)
        documents = dict(zip(("experiment", "scenario"), resolved(experiment), strict=True))
        if folder.exists() and any(folder.iterdir()):
            _same_experiment(folder, documents)
        (folder / "worlds").mkdir(parents=True, exist_ok=True)
        for leftover in (folder / "worlds").glob("*.tmp"):
            leftover.unlink()
        for name, document in documents.items():
            write_whole(folder / f"{name}.toml", tomli_w.dumps(document).encode())
        write_table(folder / "points.parquet", points_table(experiment))
    except OSError as error:
        raise RunError(
            f"{folder}: cannot be written ({error.strerror or error}); choose another with --out"
        ) from None


def _is_ours(folder: Path) -> bool:
    return (folder / "experiment.toml").is_file()


def _same_experiment(folder: Path, documents: dict[str, Any]) -> None:
    if not _is_ours(folder):
        raise InputError(
            [f"{folder}: holds something else than results; choose another with --out"]
        )
    for name, document in documents.items():
        path = folder / f"{name}.toml"
        if path.is_file() and (found := difference(read_toml(path), document)):
            raise InputError(
                [
                    f"{folder}: holds another run: {found} ({name}.toml); give --out another folder, "
                    "or --restart to replace it"
                ]
            )


def points_table(experiment: Experiment) -> pd.DataFrame:
    """One row a design point: its number and labels."""
    return pd.DataFrame([{"point": p.number, **p.labels} for p in experiment.points])


def part_path(folder: Path, part: int) -> Path:
    """Where a part of the worlds is kept."""
    return folder / "worlds" / f"part-{part:06d}.parquet"


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all."""
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, sink, compression="zstd")
    write_whole(path, sink.getvalue())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, sync it, and rename it: it is there whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def finish(folder: Path, experiment: Experiment, seconds: float) -> Results:
    """Write the summary and the manifest, which says that the run is complete."""
    results = Results(folder)
    summary = summarise(points_table(experiment), results.parts())
    write_whole(folder / "summary.csv", summary.to_csv(index=False).encode())
    write_whole(folder / "failures.jsonl", b"")
    document = _manifest(results, experiment, seconds)
    write_whole(folder / "manifest.json", (json.dumps(document, indent=2) + "\n").encode())
    return results


def _manifest(results: Results, experiment: Experiment, seconds: float) -> dict[str, Any]:
    parts = {path.name: _sha256(path) for path in results.part_paths()}
    return {
        "schema_version": SCHEMA_VERSION,
        "name": experiment.file.name,
        "question": experiment.file.question,
        "scenario": experiment.scenario.name,
        "points": len(experiment.points),
        "replications": experiment.file.replications,
        "worlds": experiment.worlds,
        "seed": experiment.file.seed,
        "random_numbers": experiment.file.random_numbers,
        "streams": {stream.name.lower(): int(stream) for stream in Stream},
        "seconds": round(seconds, 3),
        "version": metadata.version("bargain"),
        "git_commit": _git_commit(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "platform": f"{sys.platform} {platform.machine()}",
        "parts_sha256": parts,
    }


def _sha256(path: Path) -> str:
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
