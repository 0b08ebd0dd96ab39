"""What of a results folder follows from the rest of it, worked out again and held against what is written.

Checksums tell a damaged file; they do not tell one that was edited together with its checksum. So the
manifest is held against the experiment and the journal, the summary against what it is made of, that
against the worlds, and the worlds against the design: every replication of every point once. Where other
code or other versions wrote the folder, counts and means are compared instead of bits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int

from sim.arrays.axes import Array
from sim.experiments.design.experiment import Experiment
from sim.experiments.design.replications import Until
from sim.experiments.running.birth import born
from sim.experiments.running.files import (
    BIRTH,
    DAMAGED,
    FAILURES,
    FOUNDING,
    JOURNAL,
    MANIFEST,
    PART_FOLDERS,
    SEAL,
    STOPPED,
    SUMMARY,
    as_csv,
    is_sealed,
)
from sim.experiments.running.journal import Journal
from sim.experiments.running.manifest import FIRST_SCHEMA, of_the_run
from sim.experiments.running.parts import KEPT_OF_A_POINT
from sim.experiments.running.results import Results
from sim.experiments.running.stopping import report
from sim.experiments.statistics.summary import digest
from sim.inputs.problems import InputError, shown

RESOLVED = (
    "scenario",
    "scenarios",
    "sweep",
    "sample",
    "table",
)  # written out otherwise than they were given
CLOSE = 1e-9  # how far apart, relative to their size, means may be that other versions worked out


@dataclass(frozen=True)
class Recomputed:
    """A results folder, worked out again from what its other files say.

    `damaged` are files that are not to be read, and `same_code` tells whether this program, in these
    versions, wrote them.
    """

    results: Results
    damaged: frozenset[str]
    same_code: bool

    def problems(self) -> Iterator[str]:
        """What does not follow from the rest, a sentence each."""
        yield from self._of_birth()
        yield from self._of_journal()
        if self._sound(*FOUNDING):
            yield from self._of_manifest()
            yield from self._of_points()
            yield from self._of_parts()
            yield from self._of_ends()

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        return self.results.manifest

    @cached_property
    def _journal(self) -> Journal:
        return Journal(self.results.folder)

    @cached_property
    def _numbers(self) -> list[int]:
        """The numbers of the parts, by the manifest."""
        listed = {name.partition("/")[2] for name in self._manifest["sha256"] if "/" in name}
        return sorted(int(name.removeprefix("part-").partition(".")[0]) for name in listed)

    @property
    def _experiment(self) -> Experiment:
        return self.results.experiment

    def _sound(self, *names: str) -> bool:
        return self.damaged.isdisjoint(names)

    def _says(self, name: str, what: str) -> str:
        return f"{self.results.folder / name}: {what}"

    def _of_birth(self) -> Iterator[str]:
        """The file that says what played this, where the manifest says it, too."""
        if "code" not in self._manifest:
            return
        try:
            began = born(self.results.folder)
        except InputError as error:
            yield from error.problems
            return
        if began is None:
            yield self._says(BIRTH, "is missing")
            return
        sums = {name: self._manifest["sha256"].get(name) for name in began["sha256"]}
        said = {key: value for key, value in began.items() if key != SEAL}
        player = {key: self._manifest.get(key) for key in said}
        if player | {"sha256": sums} != said:
            yield self._says(
                BIRTH,
                "is damaged (it does not say what the manifest says of what played this)",
            )

    def _of_journal(self) -> Iterator[str]:
        """The parts that the journal has, with their checksums, and those of the manifest."""
        if not (self.results.folder / JOURNAL).is_file():
            yield self._says(JOURNAL, "is missing")
            return
        listed = {n: sum_ for n, sum_ in self._manifest["sha256"].items() if "/" in n}
        entered = self._journal.checksums
        for name in sorted(listed.keys() | entered.keys()):
            if name not in listed:
                yield self._says(MANIFEST, f"does not list {name}, which the journal has")
            elif name not in entered:
                yield self._says(MANIFEST, f"lists {name}, which the journal does not have")
            elif listed[name] != entered[name]:
                yield self._says(
                    MANIFEST, f"has another checksum for {name} than the journal: one was edited"
                )

    def _of_manifest(self) -> Iterator[str]:
        """What the manifest says of the run, and what the experiment and the journal say."""
        known = {key: value for key, value in self._manifest.items() if key != SEAL}
        by_the_first = known.get("schema_version") == FIRST_SCHEMA
        if self._sound(SUMMARY):
            worlds = int(self.results.summary["n"].sum())
            expected = of_the_run(self._experiment, worlds, len(self._journal.failures))
            if not self.same_code:  # streams are only ever added
                there = known.get("streams", {})
                expected["streams"] = {k: v for k, v in expected["streams"].items() if k in there}
            wrong = (key for key in expected if known.get(key) != expected[key])
            for key in (key for key in wrong if key in known or not by_the_first):
                seen, right = shown(known.get(key)), shown(expected[key])
                yield self._says(
                    MANIFEST, f"{key} is {seen}, and {right} by the rest of the folder"
                )
        yield from self._of_overrides(known.get("overrides", {}))
        unsealed = by_the_first and SEAL not in self._manifest
        if not unsealed and not is_sealed(self._manifest):
            what = f"was edited ({SEAL} is not the checksum of its other keys)"
            yield self._says(MANIFEST, what)

    def _of_overrides(self, given: Mapping[str, Any]) -> Iterator[str]:
        """What was given besides the file is in the experiment as it was run."""
        document = self._experiment.document()
        flat = {f"set.{key}": value for key, value in dict(given.get("set", {})).items()}
        flat |= {key: value for key, value in given.items() if key not in ("set", *RESOLVED)}
        for key, value in flat.items():
            of_set = document.get("set", {}).get(key.removeprefix("set."))
            written = of_set if key.startswith("set.") else document.get(key)
            if written != value:
                what = (
                    f"overrides: {key} is {shown(value)}, and {shown(written)} in experiment.toml"
                )
                yield self._says(MANIFEST, what)

    def _of_points(self) -> Iterator[str]:
        name = "points.parquet"
        table = self._experiment.points_table()
        if self._sound(name) and _as_text(self.results.points) != _as_text(table):
            yield self._says(name, "does not hold the points of the experiment")

    def _of_parts(self) -> Iterator[str]:
        """Moments and sketches against the worlds they were made of, and worlds against the design."""
        seen, all_read = _Replications(self._experiment, self._most), True
        for number in self._numbers:
            names = [f"{folder}/part-{number:06d}.parquet" for folder in PART_FOLDERS]
            if not self._sound(*names) or not self._manifest["sha256"].keys() >= set(names):
                all_read = False
                continue
            try:
                worlds, moments, sketches = (self.results.table(name) for name in names)
                seen.add(worlds)
                if not self._made_of(worlds, moments, sketches):
                    yield self._says(names[1], f"is not what {names[0]} gives: one was edited")
            except (*DAMAGED, InputError) as error:
                all_read = False
                yield self._says(names[0], f"is no part of such a run ({error})")
        seen.add(pd.DataFrame(self._journal.failures, columns=["point", "replication"]))
        if all_read:
            yield from (self._says("worlds", problem) for problem in seen.problems())

    @property
    def _most(self) -> int | None:
        """How many replications of each point have rows; None for all."""
        return KEPT_OF_A_POINT[self._experiment.file.keep]

    def _made_of(self, worlds: pd.DataFrame, *made: pd.DataFrame) -> bool:
        """Whether moments and sketches are those of worlds, where all worlds were kept."""
        if self._most is not None:
            return True
        labels = [name for name in self._experiment.points_table() if name != "point"]
        again = digest(worlds.drop(columns=labels))
        if self.same_code:
            return all(one.equals(other) for one, other in zip(again, made, strict=True))
        key = ["point", "block", "measure"]
        both = made[0].merge(again[0], on=key, suffixes=("", "_again"))
        return _close(both["n"], both["n_again"]) and _close(both["mean"], both["mean_again"])

    def _of_ends(self) -> Iterator[str]:
        """The summary, the failures and what stopped each point, which were written when all was played."""
        parts = [f"{folder}/" for folder in PART_FOLDERS[1:]]
        if not any(name.startswith(tuple(parts)) for name in self.damaged) and self._sound(SUMMARY):
            yield from self._of_summary()
        name = FAILURES
        if name in self._manifest["sha256"] and self._sound(name):
            told = [
                {k: v for k, v in each.items() if k != "replay"} for each in self.results.failures
            ]
            if told != self._journal.failures:
                yield self._says(name, "does not tell the failures that the journal has")

    def _of_summary(self) -> Iterator[str]:
        last = max(self._numbers, default=-1) + 1
        name, stopped = SUMMARY, STOPPED
        if self.same_code:
            summary = self._journal.summary(self._experiment, last)
            if as_csv(summary) != self.results.content(name):
                yield self._says(name, "is not what the moments and sketches give: one was edited")
            if isinstance(self._experiment.file.replications, Until) and self._sound(stopped):
                found = report(self._experiment, self._journal, last)
                if found is None or _as_text(found) != self.results.content(stopped).decode():
                    yield self._says(stopped, "is not what the worlds give: one was edited")
            return
        if not self._means_agree(self._journal.tables("moments", last)):
            yield self._says(name, "has other means than the moments give: one was edited")

    def _means_agree(self, moments: Iterable[pd.DataFrame]) -> bool:
        """Whether the summary has the means of moments, of the measures that both know."""
        rows = pd.concat(moments, ignore_index=True)
        rows["total"] = rows["n"] * rows["mean"]
        sums = rows.groupby(["measure", "point"])[["n", "total"]].sum()
        summary = self.results.summary.set_index("point")
        for measure in sums.index.get_level_values(0).unique():
            if measure in summary:
                of_one = sums.loc[measure]
                of_one = of_one[of_one["n"] > 0]
                means = of_one["total"] / of_one["n"]
                if not _close(summary[measure].reindex(means.index), means):
                    return False
        return True


class _Replications:
    """Which replications of which points were seen: stretches of them, so that memory stays small."""

    def __init__(self, experiment: Experiment, most: int | None):
        self._experiment, self._most = experiment, most
        self._stretches: list[Int[Array, "stretches 3"]] = []

    def add(self, worlds: pd.DataFrame) -> None:
        """Take down the worlds of a part."""
        rows = worlds[["point", "replication"]].to_numpy(dtype=int)
        if self._most is not None:
            rows = rows[rows[:, 1] < self._most]
        if len(rows) == 0:
            return
        point, replication = rows[np.lexsort((rows[:, 1], rows[:, 0]))].T
        goes_on = (np.diff(point) == 0) & (np.diff(replication) == 1)
        first = np.flatnonzero(np.append(True, ~goes_on))
        last = np.append(first[1:], len(rows)) - 1
        self._stretches.append(np.stack([point[first], replication[first], replication[last]], -1))

    def problems(self) -> Iterator[str]:
        """What is missing of the design, or there twice."""
        rows = np.concatenate([np.zeros((0, 3), dtype=int), *self._stretches])
        point, first, last = rows[np.lexsort((rows[:, 1], rows[:, 0]))].T
        expected = np.zeros(len(point), dtype=int)  # where a stretch of the point must begin
        same = np.diff(point) == 0
        expected[1:][same] = last[:-1][same] + 1
        wrong = point[first != expected].tolist()
        least, most = self._bounds()
        reached = np.zeros(len(self._experiment.points), dtype=int)
        known = (point >= 0) & (point < len(reached))
        np.maximum.at(reached, point[known], last[known] + 1)
        wrong += point[~known].tolist()
        wrong += np.flatnonzero((reached < least) | (reached > most)).tolist()
        if wrong:
            yield f"do not hold every replication of every point once (see point {min(wrong)})"

    def _bounds(self) -> tuple[int, int]:
        """The fewest and the most replications of a point whose rows are kept."""
        rule = self._experiment.file.replications
        limit = self._experiment.replications if self._most is None else self._most
        first = rule.first if isinstance(rule, Until) else self._experiment.replications
        return min(first, limit), min(self._experiment.replications, limit)


def _as_text(table: pd.DataFrame) -> str:
    return table.to_csv(index=False)


def _close(one: pd.Series, other: pd.Series) -> bool:
    return bool(np.allclose(one.astype(float), other.astype(float), rtol=CLOSE, atol=CLOSE))
