"""The bylaws: who must say yes afterwards, and what happens after a No."""

from typing import Annotated, Literal

from pydantic import StrictBool

from sim.inputs.parameter import Number, Section, Whole, parameter


class Ratification(Section):
    """The bylaws: who must say yes afterwards, and what happens after a No."""

    unions_required: Annotated[
        Whole,
        parameter(
            text="unions that must vote yes",
            unit="unions",
            source="CT Mirror, 20 June 2011: 14 of 15 unions",
            symbol="k",
            low=0,
            plausible=(8, 15),
            start_here=True,
        ),
    ]
    weight_required: Annotated[
        Number,
        parameter(
            text="weight that must be behind the yes",
            unit="share of membership",
            source="CT Mirror, 20 June 2011: unions in favor must hold 80 percent of membership",
            symbol="Q",
            low=0,
            high=1,
            plausible=(0.5, 0.8),
            start_here=True,
        ),
    ]
    # unit: a union's majority casts its whole membership; pooled: members' yes shares are added up.
    weighting: Annotated[
        Literal["unit", "pooled"],
        parameter(
            text="what weight counts behind a yes: whole unions or members pooled",
            unit="none",
            source="CT Mirror, 20 June 2011: unions cast their membership (unit)",
        ),
    ] = "unit"
    second_vote: Annotated[
        StrictBool,
        parameter(
            text="whether a rejected agreement is put to a second ballot",
            unit="none",
            source="CT Mirror, 18 August 2011: it was",
        ),
    ] = False
    amendment_allowed: Annotated[
        StrictBool,
        parameter(
            text="whether leaders may change the bylaws before the second ballot",
            unit="none",
            source="CT News Junkie, 18 July 2011: they did",
        ),
    ] = False
    leaders_to_amend: Annotated[
        Whole,
        parameter(
            text="union leaders needed to change the bylaws",
            unit="unions",
            source="CT News Junkie, 18 July 2011: 10 of 15",
            low=0,
            plausible=(8, 15),
        ),
    ] = 0
    amended_unions_required: Annotated[
        Whole,
        parameter(
            text="unions that must vote yes under the new bylaws",
            unit="unions",
            source="CT News Junkie, 18 July 2011: 8 of 15",
            low=0,
            plausible=(8, 15),
        ),
    ] = 0
    amended_weight_required: Annotated[
        Number,
        parameter(
            text="weight that must be behind the yes under the new bylaws",
            unit="share of members",
            source="CT News Junkie, 18 July 2011: a majority of votes cast per capita",
            low=0,
            high=1,
            plausible=(0.5, 0.8),
        ),
    ] = 0.0
    amended_weighting: Annotated[
        Literal["unit", "pooled"],
        parameter(
            text="what weight counts behind a yes under the new bylaws",
            unit="none",
            source="CT News Junkie, 18 July 2011: votes cast per capita (pooled)",
        ),
    ] = "pooled"
