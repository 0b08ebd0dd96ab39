"""What packages save, in dollars of the biennium."""

from typing import Annotated

from pydantic import Field, StrictStr

from sim.inputs.parameter import SHARE, Number, Section, parameter


class Fiscal(Section):
    """What packages save, in dollars of the biennium."""

    gap: Annotated[
        Number,
        parameter(
            text="what the governor asks of the unions",
            unit="$M per biennium",
            source="CT Mirror, 16 February 2011: $1B a year for two years",
            symbol="D",
            above=0,
            plausible=(1000, 3000),
        ),
    ]
    saving_per_layoff: Annotated[
        Number,
        parameter(
            text="what one layoff saves",
            unit="$M per biennium",
            source="governor's Plan B, 6 May 2011: $455M a year from 4,742 positions",
            symbol="sigma",
            above=0,
            plausible=(0.1, 0.25),
        ),
    ]
    score_haircut: Annotated[
        Number,
        parameter(
            text="share of the soft savings that the governor does not count on",
            unit=SHARE,
            source="OFA, June and August 2011: 50 to 64 % of the score could be verified",
            low=0,
            high=1,
            plausible=(0, 0.5),
        ),
    ] = 0.0
    soft: list[StrictStr] = Field(
        default=[], description="issues whose scored savings the haircut falls on"
    )
    savings: dict[StrictStr, Number] = Field(
        description="$M per biennium that each issue saves at the full ask (level 1)"
    )
    verifiable: dict[StrictStr, Number] = Field(
        default={}, description="share of an issue's scored savings that documents bear out"
    )
