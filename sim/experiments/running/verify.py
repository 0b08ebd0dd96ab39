"""Check that a results folder is what its run wrote, and that its worlds can be played again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sim.experiments.running.birth import born
from sim.experiments.running.files import BIRTH, DAMAGED, FOUNDING, SEAL
from sim.experiments.running.provenance import other_player, provenance
from sim.experiments.running.results import Results
from sim.inputs.problems import InputError
from sim.outputs.files import checksum

CARRY_ON = (
    "the command that ran it, or `bargain run {folder} --out {folder}`, makes these files anew"
)
FROM_ITS_FILE = "run it again from the file it came from, with --out {folder}: that makes them anew"
ELSEWHERE = (
    "it was played by something else: {found}; there the command that ran it makes them anew"
)
RESTART = "the command that ran it, with --restart, plays all of it anew"


@dataclass(frozen=True)
class Verification:
    """What was checked, what was found wrong (nothing, if all is well), and what to do about it."""

    files: int
    worlds: int
    problems: tuple[str, ...]
    remedy: str = ""


def verify(results: Results, worlds: int = 50, seed: int = 0) -> Verification:
    """Compare every file with its checksum, and a random sample of worlds with a replay, bit for bit.

    Args:
        results: a finished results folder.
        worlds: how many of the kept worlds to play again.
        seed: draws the sample.
    """
    sums = results.manifest["sha256"]
    damaged = {name: problem for name in sums if (problem := _damage(results, name, sums[name]))}
    birth = _birth_problems(results)
    readable = damaged.keys().isdisjoint(FOUNDING)  # without those files nothing is replayed
    played, differing = 0, []
    if readable:
        for row in _sample(results, worlds, np.random.default_rng(seed)):
            played += 1
            differing += [problem] if (problem := _differs(results, row)) else []
    problems = (*damaged.values(), *birth, *differing)
    found = other_player(results.manifest, provenance())
    if differing and found:
        problems += (f"{results.folder}: was played by something else: {found}",)
    if not problems:
        remedy = ""
    elif birth or differing:
        remedy = RESTART
    elif found:
        remedy = ELSEWHERE.format(found=found)
    else:
        remedy = (CARRY_ON if readable else FROM_ITS_FILE).format(folder=results.folder)
    return Verification(len(sums), played, problems, remedy)


def _damage(results: Results, name: str, expected: str) -> str | None:
    path = results.folder / name
    if not path.is_file():
        return f"{path}: is missing"
    if checksum(path) != expected:
        return f"{path}: is damaged (its checksum is not that of the manifest)"
    return None


def _birth_problems(results: Results) -> list[str]:
    """What is wrong with the file that says what played this, where the manifest says it, too."""
    path = results.folder / BIRTH
    if "code" not in results.manifest:
        return []
    try:
        began = born(results.folder)
    except InputError as error:
        return error.problems
    if began is None:
        return [f"{path}: is missing"]
    if any(results.manifest.get(key) != began[key] for key in began if key not in ("sha256", SEAL)):
        return [f"{path}: is damaged (it does not say what the manifest says of what played this)"]
    return []


def _sample(results: Results, worlds: int, random: np.random.Generator) -> Iterator[pd.DataFrame]:
    """Some rows, each a frame of one row so that columns keep their types; one part at a time."""
    rows = {}
    for path in results.part_files():
        try:
            rows[path] = pq.read_metadata(path).num_rows
        except (OSError, *DAMAGED):
            continue
    ends = np.cumsum(list(rows.values()))
    chosen = np.sort(random.integers(0, ends[-1], worlds)) if sum(rows.values()) else np.zeros(0)
    for path, end in zip(rows, ends, strict=True):
        here = chosen[(chosen >= end - rows[path]) & (chosen < end)] - (end - rows[path])
        if not len(here):
            continue
        try:
            part = pd.read_parquet(path)
        except (OSError, *DAMAGED):
            continue
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
