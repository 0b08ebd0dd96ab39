"""The bylaws: who must say yes afterwards, and what happens after a No."""

from typing import Literal

from pydantic import StrictBool

from sim.inputs.parameter import Number, Section, Whole, parameter


class RatificationSettings(Section):
    """The bylaws: who must say yes afterwards, and what happens after a No."""

    # fmt: off
    unions_required: Whole = parameter("unions that must vote yes", "unions", symbol="k", low=0,
        plausible=(8, 15), start_here=True, source="CT Mirror, 20 June 2011: 14 of 15 unions")
    weight_required: Number = parameter("weight that must be behind the yes", "share of membership",
        symbol="Q", low=0, high=1, plausible=(0.5, 0.8), start_here=True,
        source="CT Mirror, 20 June 2011: unions in favor must hold 80 percent of membership")
    # unit: a union's majority casts its whole membership; pooled: members' yes shares are added up.
    weighting: Literal["unit", "pooled"] = parameter(
        "what weight counts behind a yes: whole unions or members pooled", "none", default="unit",
        source="CT Mirror, 20 June 2011: unions cast their membership (unit)")
    second_vote: StrictBool = parameter("whether a rejected agreement is put to a second ballot", "none",
        default=False, source="CT Mirror, 18 August 2011: it was")
    amendment_allowed: StrictBool = parameter(
        "whether leaders may change the bylaws before the second ballot", "none", default=False,
        source="CT News Junkie, 18 July 2011: they did",
        acts=({"second_vote": (True,)},))
    leaders_to_amend: Whole = parameter("union leaders needed to change the bylaws", "unions", default=0,
        low=0, plausible=(8, 15), source="CT News Junkie, 18 July 2011: 10 of 15",
        acts=({"second_vote": (True,), "amendment_allowed": (True,)},))
    amended_unions_required: Whole = parameter("unions that must vote yes under the new bylaws", "unions",
        default=0, low=0, plausible=(8, 15), source="CT News Junkie, 18 July 2011: 8 of 15",
        acts=({"second_vote": (True,), "amendment_allowed": (True,)},))
    amended_weight_required: Number = parameter("weight that must be behind the yes under the new bylaws",
        "share of members", default=0.0, low=0, high=1, plausible=(0.5, 0.8),
        source="CT News Junkie, 18 July 2011: a majority of votes cast per capita",
        acts=({"second_vote": (True,), "amendment_allowed": (True,)},))
    amended_weighting: Literal["unit", "pooled"] = parameter(
        "what weight counts behind a yes under the new bylaws", "none", default="pooled",
        source="CT News Junkie, 18 July 2011: votes cast per capita (pooled)",
        acts=({"second_vote": (True,), "amendment_allowed": (True,)},))
    # fmt: on
