"""Results, read back from their folder as they are asked for."""

import hashlib
import io
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from sim.experiments.design.experiment import Experiment, parse_experiment
from sim.experiments.running.files import DAMAGED, MANIFEST, checksum
from sim.experiments.statistics.summary import with_counts
from sim.inputs.problems import InputError, nearest

if TYPE_CHECKING:
    from sim.play.outcome import Outcome

HOW_TO_MEND = "`bargain verify` tells what else is damaged and how to mend it"
Content = TypeVar("Content")


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
            if {"name", "question", "seed"} <= found.keys() and found["sha256"].items():
                return found
            problem = "it does not say what was run, and with which checksums"
        except (OSError, AttributeError, *DAMAGED) as error:
            problem = str(error)
        raise InputError(f"{path}: is damaged ({problem}); the command that ran it writes it anew")

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
        """One row a design point: `n`, and rates and means with their 95 % intervals and own n."""
        summary = self._read("summary.csv", lambda content: _csv(content, ("point", "n")))
        return with_counts(summary, self._moments)

    def _moments(self) -> Iterator[pd.DataFrame]:
        for path in sorted((self.folder / "moments").glob("part-*.parquet")):
            yield self._read(
                f"moments/{path.name}", lambda content: pd.read_parquet(io.BytesIO(content))
            )

    def summary_of(self, measure: str) -> pd.DataFrame:
        """The summary, which has the measure.

        Raises:
            InputError: when it has not.
        """
        known = [name for name in self.summary if f"{name}_low" in self.summary]
        if measure not in known:
            raise InputError(f'measure = "{measure}": is not measured{nearest(measure, known)}')
        return self.summary

    def means_by_arm(self, measure: str) -> Iterator[tuple[str, pd.Series]]:
        """The mean of a measure at each design point, arm by arm; one arm without a name if there are none.

        Raises:
            InputError: when a point has no world with the measure.
        """
        summary = self.summary_of(measure)
        if missing := int(summary[measure].isna().sum()):
            raise InputError(
                f'{self.folder}: {missing} points have no "{measure}" (nothing agreed there?); name a '
                "measure that every world has"
            )
        arms = summary["arm"] if "arm" in summary else pd.Series("", index=summary.index)
        yield from summary[measure].groupby(arms, sort=False)

    def where(self, conditions: Mapping[str, Any]) -> "Results":
        """The design points at which each key has the value asked for (see `selection.where`)."""
        from sim.experiments.running.selection import where

        return where(self, conditions)

    def parts(self) -> Iterator[pd.DataFrame]:
        """The worlds that were kept, part by part."""
        for path in self.part_files():
            try:
                yield pd.read_parquet(path)
            except (OSError, *DAMAGED) as error:
                raise InputError(f"{path}: is damaged ({error}); {HOW_TO_MEND}") from None

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
            problem = f"cannot be read ({error.strerror or error})"
        except DAMAGED as error:
            problem = f"is damaged ({error})"
        raise InputError(f"{path}: {problem}; {HOW_TO_MEND}")

    def replay(self, point: int, replication: int, worlds: int = 1) -> "Outcome":
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
        from sim.play.model import BargainingModel
        from sim.play.outcome import Outcome, play

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
        hint = f"; results has {', '.join(known)}" if known else ""
        raise InputError(f"{folder}: there is no such results folder{hint}")
    if not (path / MANIFEST).is_file():
        raise InputError(f"{folder}: is not a finished results folder (it has no manifest.json)")
    return Results(path)


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
