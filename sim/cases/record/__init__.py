"""What happened in a case, as data: moments and single ballots, each with its source."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from sim.inputs.documents import load_document, shipped
from sim.inputs.parameter import Number, Section, Whole


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

    def __repr__(self) -> str:
        return f"<Record of {self.case}: {len(self.moment)} moments, {len(self.vote)} votes>"

    def __str__(self) -> str:
        return repr(self)


def record_of(scenario: str) -> Record | None:
    """The record of the case that a scenario describes, by the scenario's name, if there is one."""
    found = (load_record(case) for case in shipped(__name__))
    return next((record for record in found if scenario in record.scenarios), None)


def load_record(case: str | Path) -> Record:
    """The record of a case: a shipped one by name, or your own file by path.

    Raises:
        InputError: with a sentence for every problem found.
    """
    return load_document(Record, case, "record", shipped(__name__))
