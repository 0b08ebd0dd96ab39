"""Who knows what: doors, leaks, audiences, and what members are told."""

from typing import Annotated, Any, Literal

from pydantic import model_validator

from sim.inputs.parameter import SHARE, Number, Section, parameter

SECRECY_RULES = {
    "closed_door": {"secrecy": 1.0, "leak_hazard": 0.0, "secrecy_after_leak": 0.25},
    "open_door": {"secrecy": 0.0, "leak_hazard": 0.0, "secrecy_after_leak": 0.0},
    "leaky": {"secrecy": 1.0, "leak_hazard": 0.1, "secrecy_after_leak": 0.25},
}
RULED_BY_NAME = tuple(SECRECY_RULES["closed_door"])


class Information(Section):
    """Who knows what: doors, leaks, audiences, and what members are told."""

    # A rule sets the three values after it (see SECRECY_RULES); each wins when given itself.
    rule: Annotated[
        Literal["closed_door", "open_door", "leaky"],
        parameter(
            text="ground rule of the talks on secrecy",
            unit="none",
            source="joint statement of 2 March 2011; Stasavage 2004",
        ),
    ] = "closed_door"
    secrecy: Annotated[
        Number,
        parameter(
            text="how closed the doors are: 1 members see nothing, 0 everything",
            unit=SHARE,
            source="joint statement of 2 March 2011: nothing to the press; Stasavage 2004",
            symbol="secrecy",
            low=0,
            high=1,
            plausible=(0, 1),
            start_here=True,
        ),
    ]
    leak_hazard: Annotated[
        Number,
        parameter(
            text="probability a round that the talks leak",
            unit="probability a round",
            source="assumption; leaks of March and April 2011",
            low=0,
            high=1,
            plausible=(0, 0.3),
        ),
    ]
    secrecy_after_leak: Annotated[
        Number,
        parameter(
            text="secrecy once the talks have leaked",
            unit=SHARE,
            source="assumption",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ]
    misperceived_cost: Annotated[
        Number,
        parameter(
            text="cost that uninformed members imagine on top of the text",
            unit="share of annual pay",
            source="rumours of June 2011; size chosen on the record",
            symbol="b0",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ] = 0.0
    outreach_first: Annotated[
        Number,
        parameter(
            text="share of that misperception removed before the first ballot",
            unit=SHARE,
            source="assumption; few came to the meetings of June 2011",
            symbol="info1",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0
    outreach_second: Annotated[
        Number,
        parameter(
            text="share of that misperception removed before the second ballot",
            unit=SHARE,
            source="assumption; the campaign of July and August 2011",
            symbol="info2",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0
    audience_cost_governor: Annotated[
        Number,
        parameter(
            text="cost to the governor per unit of retreat from his public demand, in full view",
            unit="utility per utility",
            source="Fearon 1994; Muthoo 1996; size assumed",
            symbol="aud_G",
            low=0,
            high=1000,
            plausible=(0, 3),
        ),
    ] = 0.0
    audience_cost_coalition: Annotated[
        Number,
        parameter(
            text="cost to union leaders per unit of retreat from their public demand, in full view",
            unit="utility per utility",
            source="Fearon 1994; Muthoo 1996; size assumed",
            symbol="aud_U",
            low=0,
            high=1000,
            plausible=(0, 3),
        ),
    ] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _follow_the_rule(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        rule = table.get("rule")
        known = isinstance(rule, str) and rule in SECRECY_RULES
        return SECRECY_RULES[rule if known else "closed_door"] | table
