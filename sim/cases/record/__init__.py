"""What happened in a case, as data: moments and single ballots, each with its source."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from sim.cases.schema import Game
from sim.inputs.documents import load_document, shipped
from sim.inputs.parameter import Number, Section, Whole
from sim.inputs.problems import InputError


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
    fit: StrictStr = ""  # how the values of its scenarios were chosen, if on this record
    ballots: list[StrictStr] = []  # when each was held
    agreement: dict[StrictStr, Number] = {}
    not_identified: list[StrictStr]
    moment: list[Moment]
    vote: list[Vote]

    def __repr__(self) -> str:
        return f"<Record of {self.case}: {len(self.moment)} moments, {len(self.vote)} votes>"

    def __str__(self) -> str:
        return repr(self)


def record_of(scenario: Game) -> Record | None:
    """The record of the case that a scenario describes; None if it names none, or its file is not here."""
    named = scenario.record
    there = named is not None and (named in shipped(__name__) or Path(named).is_file())
    return load_record(named) if named is not None and there else None


def own_record(scenario: Game, asked: str | Path | None = None) -> Record:
    """The record that a scenario may be held against, which is its own.

    Raises:
        InputError: when the scenario names none, or another one than is `asked` for.
    """
    named = scenario.record
    if named is None:
        of_another = f', and "{asked}" is of another case' if asked is not None else ""
        raise InputError(
            f"{scenario.name}: names no record of what happened{of_another}; where it describes a case of "
            f'which there is one, its file says so, as in record = "{asked or "connecticut-2011"}"'
        )
    if asked is not None and str(asked) != named:
        raise InputError(
            f'{scenario.name}: its record is "{named}"; what happened in another case, "{asked}", says '
            "nothing of it"
        )
    return load_record(named)


def load_record(case: str | Path) -> Record:
    """The record of a case: a shipped one by name, or your own file by path.

    Raises:
        InputError: with a sentence for every problem found.
    """
    return load_document(Record, case, "record", shipped(__name__))
