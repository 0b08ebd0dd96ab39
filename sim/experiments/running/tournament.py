"""All against all: every entrant meets every other, and itself, in both seats of every game.

A tournament is a set of experiments, one a game, whose arms are the pairs of entrants; so it is run,
resumed and repeated as any experiment. All pairs share the draws of a replication.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from jaxtyping import Float
from pydantic import Field, StrictStr

from sim.arrays.axes import Array
from sim.cases.loading import load_scenario, with_values
from sim.experiments.design.experiment import Experiment, parse_experiment
from sim.experiments.design.shipped import experiment_files
from sim.experiments.running.files import write_whole
from sim.experiments.running.results import Results
from sim.experiments.running.runner import run_experiment
from sim.experiments.statistics.summary import Z
from sim.inputs.documents import load_document
from sim.inputs.parameter import Section, Whole
from sim.inputs.problems import Document, InputError

SEATS = ("governor", "coalition")


class Game(Section):
    """A scenario that entrants play, with parameters that are set for all of them."""

    scenario: StrictStr
    set: dict[str, Any] = {}


class TournamentFile(Section):
    """A tournament as written in its file: the games, and what each entrant sets for its own side.

    An entrant names parameters of a side without the side, such as `tactic` and `beta`.
    """

    name: StrictStr
    question: StrictStr
    replications: Annotated[Whole, Field(ge=2)]
    seed: Annotated[Whole, Field(ge=0)]
    game: Annotated[list[Game], Field(min_length=1)]
    entrants: Annotated[dict[StrictStr, dict[str, Any]], Field(min_length=2)]


@dataclass(frozen=True)
class Tournament:
    """What came out: `matrix`, one row a game and pair, and `ranking`, one row an entrant, best first."""

    file: TournamentFile
    matrix: pd.DataFrame
    ranking: pd.DataFrame


def load_tournament(name_or_path: str | Path) -> TournamentFile:
    """Load and check a tournament file: a path, or a name in `experiments/tournaments`.

    Raises:
        InputError: with a sentence for every problem found.
    """
    file = load_document(
        TournamentFile, name_or_path, "tournament", experiment_files("tournaments")
    )
    if problems := list(dict.fromkeys(_problems(file))):
        raise InputError(f"{name_or_path}: {problem}" for problem in problems)
    experiments_of(file, str(name_or_path))
    return file


def _problems(file: TournamentFile) -> Iterator[str]:
    """What is wrong with scenarios and entrants, each told once and not for every pair."""
    for number, game in enumerate(file.game, start=1):
        try:
            scenario = load_scenario(game.scenario)
        except InputError as error:
            yield from (f"game {number}: {problem}" for problem in error.problems)
            continue
        for (name, values), side in itertools.product(file.entrants.items(), SEATS):
            try:
                with_values(scenario, _seated(side, values))
            except InputError as error:
                for problem in error.problems:
                    told = problem.removeprefix("set: ").replace(f"{side}.", "", 1)
                    yield f"entrants.{name}: {told}"


def experiments_of(file: TournamentFile, where: str = "tournament") -> list[Experiment]:
    """The experiments of a tournament, one a game.

    Raises:
        InputError: with a sentence for every problem found.
    """
    return [
        parse_experiment(_document(file, game), f"{where}: game {number}")
        for number, game in enumerate(file.game, start=1)
    ]


def _document(file: TournamentFile, game: Game) -> Document:
    arms = {
        f"{governor} against {coalition}": _seated("governor", file.entrants[governor])
        | _seated("coalition", file.entrants[coalition])
        for governor, coalition in _pairs(file)
    }
    return {
        "name": f"{file.name}_{Path(game.scenario).stem}",
        "question": file.question,
        "scenario": game.scenario,
        "replications": file.replications,
        "seed": file.seed,
        "set": game.set,
        "arms": arms,
    }


def _pairs(file: TournamentFile) -> list[tuple[str, str]]:
    return list(itertools.product(file.entrants, repeat=2))


def _seated(side: str, values: Mapping[str, Any]) -> Document:
    return {f"{side}.{name}": value for name, value in values.items()}


def run_tournament(
    file: TournamentFile,
    out: Path,
    *,
    workers: int | None = 1,
    restart: bool = False,
    told: Callable[[str], None] = lambda line: None,
) -> Tournament:
    """Play a tournament; also writes `matrix.csv` and `ranking.csv`.

    Args:
        file: the tournament.
        out: where each game gets its results folder; complete ones are not run again.
        workers: processes to use, as in `run_experiment`.
        restart: run also what is complete.
        told: given a line for each game as it starts.

    Raises:
        RunError: when results cannot be written.
    """
    matrices, own = [], []
    for number, (game, experiment) in enumerate(
        zip(file.game, experiments_of(file), strict=True), start=1
    ):
        told(f"{game.scenario}: {len(experiment.points)} pairs x {file.replications:,} worlds")
        folder = out / f"{number}_{experiment.file.name}"
        results = run_experiment(experiment, folder, workers=workers, restart=restart)
        matrices.append(_matrix(results, file).assign(game=game.scenario))
        own.append(_own_utilities(results, file))
    matrix = pd.concat(matrices, ignore_index=True)
    ranking = _ranking(np.mean(own, axis=0), file, matrix)
    for name, table in (("matrix", matrix), ("ranking", ranking)):
        write_whole(out / f"{name}.csv", table.to_csv(index=False).encode())
    return Tournament(file, matrix, ranking)


def _matrix(results: Results, file: TournamentFile) -> pd.DataFrame:
    """What each pair got in one game, on average."""
    pairs = pd.DataFrame(_pairs(file), columns=list(SEATS))
    means = results.summary[["utility_governor", "utility_coalition", "agreed", "ratified"]]
    return pd.concat([pairs, means], axis=1)


def _own_utilities(
    results: Results, file: TournamentFile
) -> Float[Array, "entrants seats replications"]:
    """What each entrant got in each seat and replication, averaged over those it met."""
    n = len(file.entrants)
    worlds = results.worlds.sort_values(["point", "replication"], kind="stable")
    governor, coalition = (
        worlds[f"utility_{side}"].to_numpy().reshape(n, n, file.replications) for side in SEATS
    )
    return np.stack([governor.mean(1), coalition.mean(0)], axis=1)


def _ranking(
    own: Float[Array, "entrants seats replications"], file: TournamentFile, matrix: pd.DataFrame
) -> pd.DataFrame:
    """One row an entrant, by its mean utility over seats, opponents and games, with a 95 % interval."""
    scores = own.mean(1)
    mean = scores.mean(-1)
    half = Z * scores.std(-1, ddof=1) / np.sqrt(file.replications)
    agreed = {
        entrant: matrix.loc[(matrix[list(SEATS)] == entrant).any(axis=1), "agreed"].mean()
        for entrant in file.entrants
    }
    table = pd.DataFrame(
        {
            "entrant": list(file.entrants),
            "score": mean,
            "low": mean - half,
            "high": mean + half,
            "as_governor": own[:, 0].mean(-1),
            "as_coalition": own[:, 1].mean(-1),
            "agreed": [agreed[entrant] for entrant in file.entrants],
        }
    )
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)
