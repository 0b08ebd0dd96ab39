"""Check that a results folder is what its run wrote, and that its worlds can be played again."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sim.experiments.running.files import (
    BIRTH,
    DAMAGED,
    FAILURES,
    FIGURES,
    FOUNDING,
    JOURNAL,
    LOCK,
    MANIFEST,
    PART_FOLDERS,
    STOPPED,
    SUMMARY,
)
from sim.experiments.running.provenance import other_code, other_player, provenance
from sim.experiments.running.recomputed import Recomputed
from sim.experiments.running.results import Results, results_of
from sim.inputs.arguments import WholeNumber, whole
from sim.inputs.problems import InputError
from sim.outputs.files import RECORD, SET_ASIDE, checksum
from sim.outputs.text import to_copy

CARRY_ON = "the command that ran it, or `{again}`, makes these files anew"
FROM_ITS_FILE = "run it again from the file it came from, with --out {folder}: that makes them anew"
ELSEWHERE = (
    "it was played by something else: {found}; there the command that ran it makes them anew"
)
RESTART = "the command that ran it, with --restart, plays all of it anew"
REWRITE = (
    "take manifest.json out of the folder: the command that ran it writes it anew from the parts, with "
    "all that follows from them"
)
MOVE_OUT = "move what is not of this run out of the folder, and verify it again"
# What may lie in a results folder besides the files that its manifest lists.
ENDS = (SUMMARY, STOPPED, FAILURES)
KNOWN = {
    MANIFEST,
    JOURNAL,
    BIRTH,
    LOCK,
    *FOUNDING,
    *ENDS,
    *PART_FOLDERS,
    FIGURES,
    RECORD,
    SET_ASIDE,
    "report.html",
}


@dataclass(frozen=True)
class Verification:
    """What was checked, what was found wrong (nothing, if all is well), and what to do about it.

    `digest` is the SHA-256 of the whole study, for a paper to cite, where nothing is wrong; `also` are
    remarks that are no problems, such as what else lies in the folder.
    """

    files: int
    worlds: int
    problems: tuple[str, ...]
    remedy: str = ""
    digest: str | None = None
    also: tuple[str, ...] = ()


def verify(
    results: Results | str | Path, worlds: WholeNumber = 50, seed: WholeNumber = 0
) -> Verification:
    """Hold a results folder against itself, and a random sample of its worlds against a replay, bit for bit.

    Every file is held against its checksum; then what follows from the rest is worked out again: the
    manifest from the experiment and the journal, the points from the experiment, moments and sketches
    from the worlds (where all were kept), the summary from these, and the worlds from the design.

    Args:
        results: a finished results folder, or its path or name.
        worlds: how many of the kept worlds to play again.
        seed: draws the sample.
    """
    folder, here = results_of(results).folder, provenance()
    worlds, seed = whole(worlds, "worlds"), whole(seed, "seed")
    results = Results(folder)  # as it is now, whatever was read of it before
    sums = results.manifest["sha256"]
    damaged = {name: problem for name in sums if (problem := _damage(results, name, sums[name]))}
    strangers = [
        f"{folder / part / name}: is no part of this run"
        for part in PART_FOLDERS
        for name in results.strangers(part)
    ]
    elsewhere = other_code(results.manifest, here)
    readable = damaged.keys().isdisjoint(FOUNDING)  # without those files nothing is replayed
    edited, played, differing = [], 0, []
    try:
        edited = list(Recomputed(results, frozenset(damaged), elsewhere is None).problems())
        for row in (
            _sample(results, damaged, worlds, np.random.default_rng(seed)) if readable else ()
        ):
            played += 1
            differing += [problem] if (problem := _differs(results, row)) else []
    except InputError as error:  # an experiment that was edited into none
        edited += error.problems
    problems = (*damaged.values(), *strangers, *edited, *differing)
    found = other_player(results.manifest, here)
    if differing and found:
        problems += (f"{folder}: was played by something else: {found}",)
    also = [f"{name}: also there, and not of this run" for name in _others(results)]
    if elsewhere:
        also.append(f"counts and means were worked out again, and not bits: {elsewhere}")
    if not problems:
        return Verification(len(sums), played, (), digest=results.digest, also=tuple(also))
    written_last = tuple(str(folder / name) for name in (MANIFEST, *ENDS))
    if differing or not all(problem.startswith(written_last) for problem in edited):
        remedy = RESTART
    elif edited:
        remedy = REWRITE
    elif not damaged:
        remedy = MOVE_OUT
    elif found:
        remedy = ELSEWHERE.format(found=found)
    else:
        again = to_copy("bargain", "run", folder, "--out", folder)
        remedy = (CARRY_ON if readable else FROM_ITS_FILE).format(
            folder=to_copy(folder), again=again
        )
    return Verification(len(sums), played, problems, remedy, also=tuple(also))


def _others(results: Results) -> list[str]:
    """What else lies in the folder itself."""
    there = sorted(entry.name for entry in results.folder.iterdir())
    known = KNOWN | results.manifest["sha256"].keys()
    return [name for name in there if name not in known]


def _damage(results: Results, name: str, expected: str) -> str | None:
    path = results.folder / name
    if not path.is_file():
        return f"{path}: is missing"
    if checksum(path) != expected:
        return f"{path}: is damaged (its checksum is not that of the manifest)"
    return None


def _sample(
    results: Results, damaged: Collection[str], worlds: int, random: np.random.Generator
) -> Iterator[pd.DataFrame]:
    """Some rows, each a frame of one row so that columns keep their types; one part at a time."""
    listed = sorted(name for name in results.manifest["sha256"] if name.startswith("worlds/"))
    rows = {}
    for name in listed:
        if name not in damaged:
            try:
                with (results.folder / name).open("rb") as file:
                    rows[name] = pq.read_metadata(file).num_rows
            except (OSError, *DAMAGED):
                continue
    ends = np.cumsum(list(rows.values()))
    kept = sum(rows.values())
    chosen = np.arange(kept) if worlds >= kept else np.sort(random.integers(0, kept, worlds))
    for name, end in zip(rows, ends, strict=True):
        here = chosen[(chosen >= end - rows[name]) & (chosen < end)] - (end - rows[name])
        if len(here):
            part = results.table(name)
            for at in here.astype(int):
                yield part.iloc[[at]]


def _differs(results: Results, row: pd.DataFrame) -> str | None:
    point, replication = int(row["point"].iloc[0]), int(row["replication"].iloc[0])
    again = results.replay(point, replication).frame().reset_index(drop=True)
    kept = row[again.columns].reset_index(drop=True)
    for column in again:
        one, other = kept[column].iloc[0], again[column].iloc[0]
        missing = pd.isna(one), pd.isna(other)
        if missing[0] != missing[1] or not (missing[0] or one == other):
            return (
                f"{results.folder}: point {point}, replication {replication}: {column} is {one} in "
                f"the results and {other} when played again"
            )
    return None
