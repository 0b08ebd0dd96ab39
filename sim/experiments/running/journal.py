"""The journal of a results folder: which parts are done."""

import json
import os
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from sim.experiments.design.experiment import Experiment, scenarios_by
from sim.experiments.running.files import JOURNAL, is_sealed, sealed
from sim.experiments.statistics.summary import summarise
from sim.outputs.files import checksum, checksum_of, sync_folder, write_known
from sim.play.measures import BOUNDED_BY

SYNCED_AT_ONCE = 8  # files; more made no disk quicker that was tried
KEYS = {"part", "worlds", "sha256", "failures"}


@dataclass(frozen=True)
class Played:
    """A part of the worlds, played: the contents of its files by folder, and the worlds that failed."""

    part: int
    worlds: int
    files: dict[str, bytes]
    failures: list[dict[str, Any]] = field(default_factory=list)


class Journal:
    """Which parts of a results folder are done, with the checksums of their files.

    A line that was torn by a power cut, or does not hold the checksum of what it says, is as if it had
    not been written.

    Attributes:
        folder: the results folder.
        known: the checksums of every file of a part, in all lines there are of it.
        intact: whether there is a journal, and all its lines are as they were written.
        force: whether parts are written over what is not theirs; otherwise that is moved aside.
    """

    def __init__(self, folder: Path, force: bool = False):
        self.folder = folder
        self.force = force
        self._path = folder / JOURNAL
        self.known: dict[str, set[str]] = {}
        self._lines: dict[int, dict[str, Any]] = {}
        self.intact = self._path.is_file()
        if self.intact:
            entries = [_entry(line) for line in self._path.read_bytes().splitlines()]
            for entry in entries:
                if entry is not None:
                    self._hold(entry)
            self.intact = None not in entries

    def _hold(self, entry: dict[str, Any]) -> None:
        self._lines[entry["part"]] = entry
        for folder, sum_ in entry["sha256"].items():
            self.known.setdefault(self._name(folder, entry["part"]), set()).add(sum_)

    def sound(self, part: int) -> bool:
        """Whether a part is done and its files are what was written."""
        sums = self._lines.get(part, {}).get("sha256")
        return sums is not None and all(
            self.path(folder, part).is_file() and checksum(self.path(folder, part)) == sum_
            for folder, sum_ in sums.items()
        )

    def failed(self, part: int) -> bool:
        """Whether a part is done, but for worlds that failed."""
        return bool(self._lines.get(part, {}).get("failures"))

    def keep(self, batch: Collection[Played]) -> None:
        """Enter parts, then write their files; of two lines for a part the later holds.

        In this order no file is there that the journal does not know. A part is not done before its files
        have the checksums that its line says. The lines of a batch are synced once, and so is each folder;
        files are synced side by side where parts came back side by side.
        """
        entries, contents = [], {}
        for played in batch:
            sums = {folder: checksum_of(content) for folder, content in played.files.items()}
            entry = sealed(
                {
                    "part": played.part,
                    "worlds": played.worlds,
                    "sha256": sums,
                    "failures": played.failures,
                }
            )
            if self._lines.get(played.part) != entry:
                entries.append(entry)
            for folder, content in played.files.items():
                contents[self._name(folder, played.part)] = content
        if entries:
            self._append(entries)
        for entry in entries:
            self._hold(entry)
        at_once = min(len(batch), SYNCED_AT_ONCE)
        write_known(self.folder, contents, self.known, self.force, at_once)

    def _append(self, entries: Iterable[dict[str, Any]]) -> None:
        lines = b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)
        with self._path.open("a+b") as journal:
            end = journal.seek(0, os.SEEK_END)
            journal.seek(max(end - 1, 0))
            torn = journal.read(1) not in (b"", b"\n")
            journal.write(b"\n" * torn + lines)
            journal.flush()
            os.fsync(journal.fileno())
        if end == 0:
            sync_folder(self.folder)

    @staticmethod
    def _name(folder: str, part: int) -> str:
        return f"{folder}/part-{part:06d}.parquet"

    def path(self, folder: str, part: int) -> Path:
        """Where the file of a part is in one of the folders."""
        return self.folder / self._name(folder, part)

    def tables(
        self, folder: str, parts: int, columns: Container[str] | None = None
    ) -> Iterator[pd.DataFrame]:
        """The tables of the first parts in one of the folders, in order; of some columns those there are."""
        for part in range(parts):
            if (path := self.path(folder, part)).is_file():
                with path.open("rb") as file:  # a path need not be text, which Arrow takes it for
                    names = [] if columns is None else pq.read_schema(file).names
                    some = None if columns is None else [name for name in names if name in columns]
                    yield pd.read_parquet(file, columns=some)

    def summary(self, experiment: Experiment, parts: int) -> pd.DataFrame:
        """One row a design point: what the first parts say of it."""
        return summarise(
            experiment.points_table(),
            self.tables("moments", parts),
            self.tables("sketches", parts),
            scenarios=list(scenarios_by(experiment.points, BOUNDED_BY)),
            worlds=lambda columns: self.tables("worlds", parts, columns),
        )

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The worlds that failed, by part."""
        return [f for part in sorted(self._lines) for f in self._lines[part]["failures"]]

    @property
    def checksums(self) -> dict[str, str]:
        """The checksum of every file of every part."""
        return {
            self._name(folder, part): sum_
            for part in sorted(self._lines)
            for folder, sum_ in self._lines[part]["sha256"].items()
        }


def _entry(line: bytes) -> dict[str, Any] | None:
    """What a line says; None if it is not as it was written. Lines of an earlier version have no seal."""
    try:
        entry = json.loads(line)
        plain = (
            isinstance(entry["part"], int)
            and all(isinstance(sum_, str) for sum_ in entry["sha256"].values())
            and all(isinstance(failure, dict) for failure in entry["failures"])
        )
        return entry if plain and (is_sealed(entry) or entry.keys() == KEYS) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
