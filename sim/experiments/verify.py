"""Check that a results folder is what its run wrote, and that its worlds can be played again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.experiments.store import Results, checksum


@dataclass(frozen=True)
class Verification:
    """What was checked, and what was found wrong (nothing, if all is well)."""

    files: int
    worlds: int
    problems: tuple[str, ...]


def verify(results: Results, worlds: int = 50, seed: int = 0) -> Verification:
    """Compare every file with its checksum, and a random sample of worlds with a replay, bit for bit.

    Args:
        results: a finished results folder.
        worlds: how many of the kept worlds to play again.
        seed: draws the sample.
    """
    problems = []
    sums = results.manifest["sha256"]
    for name, expected in sums.items():
        path = results.folder / name
        if not path.is_file():
            problems.append(f"{path}: is missing")
        elif checksum(path) != expected:
            problems.append(f"{path}: is damaged (its checksum is not that of the manifest)")
    sample = _sample(results, worlds, np.random.default_rng(seed))
    problems += [problem for row in sample if (problem := _differs(results, row))]
    return Verification(len(sums), len(sample), tuple(problems))


def _sample(results: Results, worlds: int, random: np.random.Generator) -> list[pd.DataFrame]:
    """Some rows, each a frame of one row so that columns keep their types."""
    parts = [part for part in results.readable_parts() if len(part)]
    if not parts:
        return []
    chosen = random.integers(0, len(parts), worlds)
    return [parts[part].iloc[[random.integers(0, len(parts[part]))]] for part in chosen]


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
