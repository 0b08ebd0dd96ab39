"""The ledger: the dollars of a budget, entry by entry, so that a reader can check them."""

from typing import Annotated, Literal

from pydantic import Field, StrictStr

from sim.inputs.parameter import Number, Section

Dollars = Annotated[Number, Field(ge=0)]
GAP, TAXES, CUTS, LABOR, SCORE_LINE = "gap", "taxes", "spending_cuts", "labor_savings", "score_line"
PROPOSED, ASKED, SCORED, DERIVED = "proposed", "asked", "scored", "derived"


class Entry(Section):
    """One amount of the ledger, with its source.

    A `score_line` is a line of what the agreement was scored to save, whose totals by year are of kind
    `labor_savings`; `documented` is how much of an amount documents bear out. An entry that is
    `part_of` another is contained in it. What is `derived` is worked out and never stated.
    """

    name: Annotated[StrictStr, Field(pattern=r"^[a-z0-9_]+$")]
    title: StrictStr
    kind: Literal[
        "gap",
        "taxes",
        "spending_cuts",
        "labor_savings",
        "score_line",
        "plan_b",
        "municipal_aid",
        "concessions",
        "deferral",
    ]
    status: Literal["estimated", "proposed", "enacted", "asked", "scored", "agreed", "derived"]
    fiscal_year: Annotated[StrictStr, Field(pattern=r"^FY[0-9]{2}(-[0-9]{2})?$")] = Field(
        description='such as "FY12", July 2011 to June 2012, or "FY12-13" where no split was found'
    )
    amount: Annotated[Number, Field(description="$M")]
    documented: Annotated[Dollars | None, Field(description="$M of it that documents bear out")] = (
        None
    )
    date: Annotated[StrictStr, Field(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")] = Field(
        description="when the amount was said or decided"
    )
    source: Annotated[StrictStr, Field(min_length=1)]
    note: StrictStr = ""
    part_of: StrictStr = ""
