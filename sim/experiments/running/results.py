"""Results, read back from their folder as they are asked for.

What is read is what the manifest lists, and each file is held against its checksum the first time.
Tables and documents that are given out are copies: a change to one changes no later answer.
"""

import copy
import io
import json
import re
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from sim.experiments.design.experiment import Experiment, parse_experiment
from sim.experiments.running.files import (
    DAMAGED,
    FAILURES,
    MANIFEST,
    PART_FOLDERS,
    STOPPED,
    SUMMARY,
    checksum_of_document,
)
from sim.experiments.statistics.paired import by_point
from sim.experiments.statistics.summary import with_counts
from sim.inputs.arguments import WholeNumber, whole, word
from sim.inputs.documents import bytes_of, path_of
from sim.inputs.machine import hold_memory
from sim.inputs.problems import InputError, Note, few, nearest
from sim.outputs.files import checksum, checksum_of
from sim.outputs.tables import handed_out
from sim.play.measures import measure_of

if TYPE_CHECKING:
    from sim.play.outcome import Outcome

HOW_TO_MEND = "`bargain verify` tells what else is damaged and how to mend it"
Content = TypeVar("Content")


# Keys of a manifest, with their kinds; those that every manifest has come first.
NEEDED = {"name": str, "question": str, "seed": int, "sha256": dict}
KINDS = NEEDED | {
    "scenario": str,
    "points": int,
    "worlds": int,
    "failures": int,
    "random_numbers": str,
    "overrides": dict,
    "streams": dict,
    "date": str,
    "version": str,
    "code": str,
    "packages": dict,
    "other_packages": dict,
}
_FILE = re.compile(rf"(?:(?:{'|'.join(PART_FOLDERS)})/)?\w[\w-]*\.[a-z]+")
_SUM = re.compile(r"[0-9a-f]{64}")


class Results:
    """The results of an experiment, read from its folder as they are asked for."""

    def __init__(self, folder: Path, experiment: Experiment | None = None):
        self.folder = folder
        self._whole: set[str] = set()  # files that have been held against their checksums
        self._named: list[str] = []  # files of others among the parts, which a note has named
        if experiment is not None:  # just run, and not to be read again
            self.experiment = experiment

    def __repr__(self) -> str:
        try:
            known = self._manifest
        except InputError:
            return f"<Results in {self.folder}: without a sound manifest>"
        counted = [f"{known[what]:,} {what}" for what in ("points", "worlds") if what in known]
        return f"<Results in {self.folder}: {', '.join([known['name'], *counted])}>"

    @property
    def manifest(self) -> dict[str, Any]:
        """Who made these results, with what, from which seed."""
        return copy.deepcopy(self._manifest)

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        path = self.folder / MANIFEST
        try:
            found = json.loads(bytes_of(path))
            problem = _problem_of_manifest(found)
        except (OSError, RecursionError, *DAMAGED) as error:
            problem = str(error)
        if problem is None:
            return found
        raise InputError(f"{path}: is damaged ({problem}); the command that ran it writes it anew")

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as it was run."""
        path = self.folder / "experiment.toml"
        document = self._read(path.name, lambda content: tomllib.loads(content.decode()))
        self.content("scenario.toml")
        return parse_experiment(document, str(path), self.folder)

    @property
    def digest(self) -> str:
        """The SHA-256 of the whole study, for a paper to cite.

        The same inputs give it again with the same code and the same versions of the packages that decide
        a bit. It covers what was run, every world and number that came of it, and which worlds failed; not
        the date, the time it took, the machine, the folder, or anything drawn or written later.
        """
        known = self._manifest
        sums = {name: sum_ for name, sum_ in known["sha256"].items() if name != FAILURES}
        failed = sorted((each["point"], each["replication"]) for each in self._failures)
        study = {
            **{key: known.get(key) for key in ("version", "code", "packages")},
            "sha256": sums,
            "failed": failed,
        }
        return checksum_of_document(study)

    @property
    def points(self) -> pd.DataFrame:
        """One row a design point: its number and the values that tell it from the others."""
        return self._points.copy()

    @cached_property
    def _points(self) -> pd.DataFrame:
        return self.table("points.parquet")

    @property
    def worlds(self) -> pd.DataFrame:
        """One row a world, all parts together. For more worlds than fit in memory, use `parts()`.

        Raises:
            InputError: when a part is missing or damaged, or they do not go into memory.
        """
        return handed_out(self._worlds)

    @cached_property
    def _worlds(self) -> pd.DataFrame:
        first, *others = self._listed("worlds")
        part = self.table(first)
        both = (
            2 * (1 + len(others)) * float(part.memory_usage().sum())
        )  # the parts, and the table of them
        read_parts = "read them part by part, with parts()"
        hold_memory(both, f"{self.folder}: all worlds in one table", read_parts)
        return pd.concat([part, *map(self.table, others)], ignore_index=True)

    @property
    def worlds_by_point(self) -> dict[int, pd.DataFrame]:
        """The worlds of each point, with what follows from their columns (see `statistics.paired`).

        Raises:
            InputError: as `worlds` does.
        """
        return {number: handed_out(worlds) for number, worlds in self._worlds_by_point.items()}

    @cached_property
    def _worlds_by_point(self) -> dict[int, pd.DataFrame]:
        points = self.experiment.points
        return by_point(self.worlds, {point.number: point.scenario for point in points})

    @property
    def summary(self) -> pd.DataFrame:
        """One row a design point: `n`, and rates and means with their 95 % intervals and own n."""
        return self._summary.copy()

    @cached_property
    def _summary(self) -> pd.DataFrame:
        summary = self._read(SUMMARY, lambda content: _csv(content, ("point", "n")))
        return with_counts(summary, self._moments)

    def _moments(self) -> Iterator[pd.DataFrame]:
        """The moments of the worlds, part by part."""
        listed = sorted(name for name in self._manifest["sha256"] if name.startswith("moments/"))
        return (self.table(name) for name in listed)

    def summary_of(self, measure: str) -> pd.DataFrame:
        """The summary, which has the measure.

        Raises:
            InputError: when it has not.
        """
        summary = self.summary
        known = [name for name in summary if f"{name}_low" in summary]
        if word(measure, "measure") not in known:
            raise InputError(f'measure = "{measure}": is not measured{nearest(measure, known)}')
        return summary

    def means_by_arm(self, measure: str) -> Iterator[tuple[str, pd.Series]]:
        """The mean of a measure at each design point, arm by arm; one arm without a name if there are none.

        Raises:
            InputError: when a point has no world with the measure.
        """
        summary = self.summary_of(measure)
        if missing := int(summary[measure].isna().sum()):
            twin = measure_of(measure).twin
            such = f", such as {twin}" if twin in summary else ""
            raise InputError(
                f'{self.folder}: {missing} points have no "{measure}" (nothing agreed there?); name a '
                f"measure that every world has{such}"
            )
        arms = summary["arm"] if "arm" in summary else pd.Series("", index=summary.index)
        yield from summary[measure].groupby(arms, sort=False)

    def where(self, conditions: Mapping[str, Any]) -> "Results":
        """The design points at which each key has the value asked for (see `selection.where`)."""
        from sim.experiments.running.selection import where

        return where(self, conditions)

    def parts(self) -> Iterator[pd.DataFrame]:
        """The worlds that were kept, part by part, as the manifest lists them.

        What else lies in the folder `worlds` is no part of the run: it is left out, and a warning names it.

        Raises:
            InputError: when a part is missing or damaged.
        """
        for name in self._listed("worlds"):
            yield self.table(name)

    def part_files(self) -> list[Path]:
        """Where these worlds are; each file is held against its checksum.

        Raises:
            InputError: when a part is missing or damaged.
        """
        names = self._listed("worlds")
        for name in names:
            self.content(name)
        return [self.folder / name for name in names]

    def _listed(self, folder: str) -> list[str]:
        """The parts in a folder that the manifest lists, in order."""
        if (strangers := self.strangers(folder)) and strangers != self._named:
            self._named = strangers
            told = f"{self.folder / folder}: holds {', '.join(few(strangers))}, not in the manifest: left out"
            warnings.warn(Note(told), stacklevel=3)
        if names := sorted(name for name in self._manifest["sha256"] if name.startswith(folder)):
            return names
        raise InputError(f"{self.folder / MANIFEST}: lists no file in {folder}; {HOW_TO_MEND}")

    def strangers(self, folder: str) -> list[str]:
        """The names of what lies in a folder of parts and is not in the manifest."""
        place, sums = self.folder / folder, self._manifest["sha256"]
        there = sorted(entry.name for entry in place.iterdir()) if place.is_dir() else []
        return [name for name in there if f"{folder}/{name}" not in sums]

    @property
    def stopped(self) -> pd.DataFrame | None:
        """What stopped each point, for replications until an interval is narrow enough."""
        return None if self._stopped is None else self._stopped.copy()

    @cached_property
    def _stopped(self) -> pd.DataFrame | None:
        name = STOPPED
        if name not in self._manifest["sha256"] and not (self.folder / name).exists():
            return None
        return self._read(name, lambda content: _csv(content, ("point", "stopped")))

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The worlds that failed, each with its address and how to replay it."""
        return copy.deepcopy(self._failures)

    @cached_property
    def _failures(self) -> list[dict[str, Any]]:
        return self._read(FAILURES, _failures)

    def content(self, name: str) -> bytes:
        """What a file of the run holds.

        Raises:
            InputError: when it is missing, or is not what was written.
        """
        return self._read(name, bytes)

    def table(self, name: str) -> pd.DataFrame:
        """The table in a Parquet file of the run.

        Raises:
            InputError: when it is missing, or is not what was written.
        """
        return self._read(name, lambda content: pd.read_parquet(io.BytesIO(content)))

    def _read(self, name: str, read: Callable[[bytes], Content]) -> Content:
        """What a file holds, if it is the file that was written."""
        path, expected = self.folder / name, self._manifest["sha256"].get(name)
        try:
            content = bytes_of(path)
            if name not in self._whole:
                if expected not in (None, checksum_of(content)):
                    raise ValueError("its checksum is not that of the manifest")
                self._whole.add(name)
            return read(content)
        except FileNotFoundError:
            problem = "is missing"
        except OSError as error:
            problem = f"cannot be read ({error.strerror or error})"
        except (RecursionError, *DAMAGED) as error:
            problem = f"is damaged ({error})"
        raise InputError(f"{path}: {problem}; {HOW_TO_MEND}")

    def replay(
        self, point: WholeNumber, replication: WholeNumber, worlds: WholeNumber = 1
    ) -> "Outcome":
        """Play worlds of these results again, from a replication on: the same numbers, bit for bit.

        Raises:
            InputError: when there is no such point or replication.
        """
        points, file = self.experiment.points, self.experiment.file
        point, replication = whole(point, "point"), whole(replication, "replication")
        worlds = whole(worlds, "worlds", low=1)
        problems = []
        if not 0 <= point < len(points):
            problems.append(f"point = {point}: these results have points 0 to {len(points) - 1}")
        if not 0 <= replication <= self.experiment.replications - worlds:
            last = self.experiment.replications - 1
            problems.append(f"replication = {replication}: each point has replications 0 to {last}")
        if problems:
            raise InputError(problems)
        world = self.experiment.first_world(points[point], replication)
        from sim.play.model import BargainingModel
        from sim.play.outcome import Outcome, play

        model = BargainingModel(points[point].scenario, worlds, rng=file.seed, first_world=world)
        return Outcome([play(model)])


def _problem_of_manifest(found: Any) -> str | None:
    """What is wrong with the shape of a manifest; None if nothing is."""
    if not isinstance(found, dict) or not found.keys() >= NEEDED.keys():
        return "it does not say what was run, and with which checksums"
    for key, kind in KINDS.items():
        if key in found and (not isinstance(found[key], kind) or isinstance(found[key], bool)):
            return f"{key} is not what it says in a manifest"
    for name, sum_ in found["sha256"].items():
        if not _FILE.fullmatch(name) or not isinstance(sum_, str) or not _SUM.fullmatch(sum_):
            return "sha256 has other things than names of files with their checksums"
    return None


def _failures(content: bytes) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in content.splitlines()]
    needed = {"point", "replication", "error"}
    if not all(isinstance(each, dict) and needed <= each.keys() for each in found):
        raise ValueError("it does not say which worlds failed")
    return found


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
    path = path_of(folder, "results")
    if not path.is_dir() and (Path("results") / path).is_dir():
        path = Path("results") / path
    if not path.is_dir():
        known = sorted(p.parent.name for p in Path("results").glob("*/manifest.json"))
        hint = f"; results has {', '.join(known)}" if known else ""
        raise InputError(f"{folder}: there is no such results folder{hint}")
    if not (path / MANIFEST).is_file():
        raise InputError(f"{folder}: is not a finished results folder (it has no manifest.json)")
    return Results(path)


def results_of(given: Results | str | Path) -> Results:
    """Results, or those of a folder, given as a path or as its name in `results`.

    Raises:
        InputError: when there is no finished run in it.
    """
    return given if isinstance(given, Results) else load_results(given)


def is_complete(folder: Path) -> bool:
    """Whether a folder holds a finished run with all its files whole (of parts the journal tells)."""
    try:
        sums = Results(folder).manifest["sha256"]
    except InputError:
        return False
    files = {name: sum_ for name, sum_ in sums.items() if "/" not in name}
    return SUMMARY in files and all(
        (folder / name).is_file() and checksum(folder / name) == sum_
        for name, sum_ in files.items()
    )
