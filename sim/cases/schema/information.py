"""Who knows what: doors, leaks, audiences, and what members are told."""

from typing import Any, Literal

from pydantic import model_validator

from sim.inputs.parameter import LESS, MORE, SHARE, Number, Section, parameter

SECRECY_RULES = {
    "closed_door": {"secrecy": 1.0, "leak_hazard": 0.0, "secrecy_after_leak": 0.25},
    "open_door": {"secrecy": 0.0, "leak_hazard": 0.0, "secrecy_after_leak": 0.0},
    "leaky": {"secrecy": 1.0, "leak_hazard": 0.1, "secrecy_after_leak": 0.25},
}
RULED_BY_NAME = tuple(SECRECY_RULES["closed_door"])


class InformationSettings(Section):
    """Who knows what: doors, leaks, audiences, and what members are told."""

    # fmt: off
    # A rule sets the three values after it (see SECRECY_RULES); each wins when given itself.
    rule: Literal["closed_door", "open_door", "leaky"] = parameter("ground rule of the talks on secrecy",
        "none", default="closed_door", source="joint statement of 2 March 2011; Stasavage 2004")
    secrecy: Number = parameter("confidentiality of the talks: 1 members see nothing, 0 everything", SHARE,
        symbol="secrecy", low=0, high=1, plausible=(0, 1), start_here=True,
        source="joint statement of 2 March 2011: nothing to the press; Stasavage 2004")
    leak_hazard: Number = parameter("probability a round that the talks leak", "probability a round", low=0,
        high=1, plausible=(0, 0.3), source="assumption; leaks of March and April 2011")
    secrecy_after_leak: Number = parameter("secrecy once the talks have leaked", SHARE, low=0, high=1,
        plausible=(0, 1), source="assumption",
        acts=({"leak_hazard": MORE},))
    misperceived_cost: Number = parameter("cost that uninformed members imagine on top of the text",
        "share of annual pay", default=0.0, symbol="b0", low=0, high=10, plausible=(0, 0.1),
        source="rumours of June 2011; size chosen on the record")
    outreach_first: Number = parameter("share of that misperception removed before the first ballot", SHARE,
        default=0.0, symbol="info1", low=0, high=1, plausible=(0, 1),
        source="assumption; few came to the meetings of June 2011",
        acts=({"misperceived_cost": MORE}, {"rumours.on": (True,)}))
    outreach_second: Number = parameter("share of that misperception removed before the second ballot",
        SHARE, default=0.0, symbol="info2", low=0, high=1, plausible=(0, 1),
        source="assumption; the campaign of July and August 2011",
        acts=({"misperceived_cost": MORE, "ratification.second_vote": (True,)},
              {"rumours.on": (True,), "ratification.second_vote": (True,)}))
    audience_cost_governor: Number = parameter(
        "cost to the governor per unit of retreat from his public demand, in full view",
        "utility per utility", default=0.0, symbol="aud_G", low=0, high=1000, plausible=(0, 3),
        source="Fearon 1994; Muthoo 1996; size assumed",
        acts=({"secrecy": LESS}, {"leak_hazard": MORE, "secrecy_after_leak": LESS},
              {"ground_rules.on": (True,)}))
    audience_cost_coalition: Number = parameter(
        "cost to union leaders per unit of retreat from their public demand, in full view",
        "utility per utility", default=0.0, symbol="aud_U", low=0, high=1000, plausible=(0, 3),
        source="Fearon 1994; Muthoo 1996; size assumed",
        acts=({"secrecy": LESS}, {"leak_hazard": MORE, "secrecy_after_leak": LESS},
              {"ground_rules.on": (True,)}))
    # fmt: on

    @model_validator(mode="before")
    @classmethod
    def _follow_the_rule(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        rule = table.get("rule")
        known = rule if isinstance(rule, str) and rule in SECRECY_RULES else "closed_door"
        return SECRECY_RULES[known] | table
