"""What happened in a case, as data: moments and single ballots, each with its source."""

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr, ValidationError

from sim.cases.loading import read_toml
from sim.inputs.parameter import Number, Section, Whole
from sim.inputs.problems import Document, InputError, nearest, sentences


class Moment(Section):
    """A number of the record that an outcome also has; `scale` is how far off counts as one unit."""

    name: StrictStr
    title: StrictStr
    value: Number
    scale: Annotated[Number, Field(gt=0)]
    fitted: StrictBool
    source: StrictStr


class Vote(Section):
    """The count of one union's or one bargaining unit's ballot, on the coalition's terms or on wages."""

    voters: StrictStr
    ballot: Literal[1, 2, "wages"]
    yes: Annotated[Whole, Field(ge=0)]
    no: Annotated[Whole, Field(ge=0)]
    source: StrictStr

    @property
    def yes_share(self) -> float:
        """The share of Yes among the votes cast."""
        return self.yes / (self.yes + self.no)

    @property
    def name(self) -> str:
        """How the vote is called among moments."""
        on = "on wages" if self.ballot == "wages" else f"on ballot {self.ballot}"
        return f"{self.voters} {on}"


class Record(Section):
    """The record of a case, and what it cannot tell; `agreement` is the level agreed on each issue."""

    case: StrictStr
    scenarios: list[StrictStr] = []
    agreement: dict[StrictStr, Number] = {}
    not_identified: list[StrictStr]
    moment: list[Moment]
    vote: list[Vote]


def record_of(scenario: str) -> Record | None:
    """The record of the case that a scenario describes, by the scenario's name, if there is one."""
    found = (load_record(case) for case in _cases())
    return next((record for record in found if scenario in record.scenarios), None)


@cache
def load_record(case: str) -> Record:
    """The record of a case: a shipped one by name, or your own file by path.

    Raises:
        InputError: with a sentence for every problem found.
    """
    document = read_toml(Path(case)) if case.endswith(".toml") else _shipped(case)
    try:
        return Record.model_validate(document)
    except ValidationError as error:
        problems = sentences(error, Record, document)
        raise InputError(f"{case}: {problem}" for problem in problems) from None


def _shipped(case: str) -> Document:
    known = _cases()
    if case not in known:
        raise InputError(
            [
                f'there is no record of "{case}"{nearest(case, known)}: there are '
                f"{', '.join(known)}, or give the path of a .toml file"
            ]
        )
    return tomllib.loads(
        resources.files("sim.cases.record").joinpath(f"{case}.toml").read_text("utf-8")
    )


def _cases() -> list[str]:
    files = resources.files("sim.cases.record").iterdir()
    return [file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")]
