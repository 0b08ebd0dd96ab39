"""What a tournament file asks for: games, and entrants that meet in both seats of each."""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictStr

from sim.cases.loading import load_scenario, with_values
from sim.experiments.design.experiment import Experiment, parse_experiment
from sim.experiments.design.points import check_size
from sim.experiments.design.shipped import experiment_files
from sim.inputs.documents import load_document
from sim.inputs.parameter import FileName, Section, Whole
from sim.inputs.problems import Document, InputError

SEATS = ("governor", "coalition")


class TournamentGame(Section):
    """A scenario that entrants play, with parameters that are set for all of them."""

    scenario: StrictStr
    set: dict[str, Any] = {}


class TournamentFile(Section):
    """A tournament as written in its file: the games, and what each entrant sets for its own side.

    An entrant names parameters of a side without the side, such as `tactic` and `beta`.
    """

    name: FileName
    question: StrictStr
    replications: Annotated[Whole, Field(ge=2)]
    seed: Annotated[Whole, Field(ge=0)]
    game: Annotated[list[TournamentGame], Field(min_length=1)]
    entrants: Annotated[dict[StrictStr, dict[str, Any]], Field(min_length=2)]

    def __repr__(self) -> str:
        return (
            f"<TournamentFile {self.name}: {len(self.entrants)} entrants, {len(self.game)} games>"
        )

    def __str__(self) -> str:
        return repr(self)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Who meets whom: the governor's seat first."""
        return [(one, other) for one in self.entrants for other in self.entrants]


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
    try:
        check_size(len(file.entrants) ** 2)
    except InputError as error:
        yield from (f"entrants: {problem}, one for each pair" for problem in error.problems)
        return
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
                    own = problem.removeprefix("set: ").replace(f"{side}.", "", 1)
                    yield f"entrants.{name}: {own}"


def experiments_of(file: TournamentFile, where: str = "tournament") -> list[Experiment]:
    """The experiments of a tournament, one a game.

    Raises:
        InputError: with a sentence for every problem found.
    """
    return [
        parse_experiment(_document(file, game), f"{where}: game {number}")
        for number, game in enumerate(file.game, start=1)
    ]


def _document(file: TournamentFile, game: TournamentGame) -> Document:
    arms = {
        f"{governor} against {coalition}": _seated("governor", file.entrants[governor])
        | _seated("coalition", file.entrants[coalition])
        for governor, coalition in file.pairs
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


def _seated(side: str, values: Mapping[str, Any]) -> Document:
    return {f"{side}.{name}": value for name, value in values.items()}
