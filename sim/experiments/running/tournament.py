"""All against all: every entrant meets every other, and itself, in both seats of every game.

A tournament is a set of experiments, one a game, whose arms are the pairs of entrants; so it is run,
resumed and repeated as any experiment. All pairs share the draws of a replication.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.experiments.design.tournament import SEATS, TournamentFile, experiments_of
from sim.experiments.running.estimate import hold_tournament
from sim.experiments.running.results import Results
from sim.experiments.running.runner import run_experiment
from sim.experiments.statistics.intervals import of_contrast
from sim.outputs.files import refuse_others, write_files


@dataclass(frozen=True)
class Tournament:
    """What came out: `matrix`, one row a game and pair, and `ranking`, one row an entrant, best first."""

    file: TournamentFile
    matrix: pd.DataFrame
    ranking: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Tournament {self.file.name}: {len(self.ranking)} entrants, {len(self.file.game)} games>"


def run_tournament(
    file: TournamentFile,
    out: Path,
    *,
    workers: int | None = 1,
    restart: bool = False,
    force: bool = False,
    told: Callable[[str], None] = lambda line: None,
) -> Tournament:
    """Play a tournament; also writes `matrix.csv` and `ranking.csv`.

    Args:
        file: the tournament.
        out: where each game gets its results folder; complete ones are not run again.
        workers: processes to use, as in `run_experiment`.
        restart: run also what is complete.
        force: write also over files that are not ours.
        told: given a line for each game as it starts.

    Raises:
        InputError: when it takes more memory than is free.
        RunError: when results cannot be written, or the disk has too little room.
    """
    hold_tournament(file, out)
    matrices, own = [], []
    files = [out / f"{name}.csv" for name in ("matrix", "ranking")]
    if not force:
        refuse_others(files)
    for number, (game, experiment) in enumerate(
        zip(file.game, experiments_of(file), strict=True), start=1
    ):
        told(f"{game.scenario}: {len(experiment.points)} pairs x {file.replications:,} worlds")
        folder = out / f"{number}_{experiment.file.name}"
        results = run_experiment(experiment, folder, workers=workers, restart=restart, force=force)
        matrices.append(_matrix(results, file).assign(game=game.scenario))
        own.append(_own_utilities(results, file))
    matrix = pd.concat(matrices, ignore_index=True)
    ranking = _ranking(np.mean(own, axis=0), file, matrix)
    tables = zip(files, (matrix, ranking), strict=True)
    write_files({path: table.to_csv(index=False).encode() for path, table in tables}, force=force)
    return Tournament(file, matrix, ranking)


def _matrix(results: Results, file: TournamentFile) -> pd.DataFrame:
    """What each pair got in one game, on average."""
    pairs = pd.DataFrame(file.pairs, columns=list(SEATS))
    means = results.summary[["utility_governor", "utility_coalition", "agreed", "ratified", "n"]]
    return pd.concat([pairs, means], axis=1)


def _own_utilities(
    results: Results, file: TournamentFile
) -> Float[Array, "entrants seats replications"]:
    """What each entrant got in each seat and replication, averaged over those it met.

    Missing where a world of them failed.
    """
    n, worlds = len(file.entrants), results.worlds
    got = np.full((2, n * n, file.replications), np.nan)
    for seat, side in enumerate(SEATS):
        got[seat, worlds["point"], worlds["replication"]] = worlds[f"utility_{side}"]
    governor, coalition = got.reshape(2, n, n, file.replications)
    return np.stack([governor.mean(1), coalition.mean(0)], axis=1)


def _ranking(
    own: Float[Array, "entrants seats replications"], file: TournamentFile, matrix: pd.DataFrame
) -> pd.DataFrame:
    """One row an entrant, by its mean utility over seats, opponents and games, with a 95 % interval.

    Over the `replications` in which no pair failed; `left_out` counts the others.
    """
    own = own[..., ~np.isnan(own).any(axis=(0, 1))]
    scores = own.mean(1)
    low, high = of_contrast(scores.T)
    agreed = [
        matrix.loc[(matrix[list(SEATS)] == entrant).any(axis=1), "agreed"].mean()
        for entrant in file.entrants
    ]
    table = pd.DataFrame(
        {
            "entrant": list(file.entrants),
            "score": scores.mean(-1),
            "low": low,
            "high": high,
            "as_governor": own[:, 0].mean(-1),
            "as_coalition": own[:, 1].mean(-1),
            "agreed": agreed,
            "replications": own.shape[-1],
            "left_out": file.replications - own.shape[-1],
        }
    )
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)
