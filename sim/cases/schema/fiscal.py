"""What packages save, in dollars of the biennium."""

from pydantic import Field, StrictStr

from sim.inputs.parameter import SHARE, SOME, Number, Section, parameter


class FiscalSettings(Section):
    """What packages save, in dollars of the biennium."""

    # fmt: off
    gap: Number = parameter("what the governor asks of the unions", "$M per biennium", symbol="D", above=0,
        plausible=(1000, 3000), source="CT Mirror, 16 February 2011: $1B a year for two years")
    saving_per_layoff: Number = parameter("what one layoff saves", "$M per biennium", symbol="sigma",
        above=0, plausible=(0.1, 0.25),
        source="governor's Plan B, 6 May 2011: $455M a year from 4,742 positions")
    score_haircut: Number = parameter("share of the soft savings that the governor does not count on",
        SHARE, default=0.0, low=0, high=1, plausible=(0, 0.5),
        source="OFA, June and August 2011: 50 to 64 % of the score could be verified",
        acts=({"soft": SOME},))
    # fmt: on
    soft: list[StrictStr] = Field(
        default=[], description="issues whose scored savings the haircut falls on"
    )
    savings: dict[StrictStr, Number] = Field(
        description="$M per biennium that each issue saves at the full ask (level 1)"
    )
    verifiable: dict[StrictStr, Number] = Field(
        default={}, description="share of an issue's scored savings that documents bear out"
    )
