"""What is threatened, who knows and believes it, and who must say yes afterwards."""

from typing import Annotated, Any, Literal

from pydantic import StrictBool, model_validator

from sim.inputs.parameter import SHARE, Number, Section, Whole, parameter


class Threat(Section):
    """What the governor says will happen without a deal, and who believes it."""

    layoffs: Annotated[
        Number,
        parameter(
            text="layoffs announced for the case of failure",
            unit="persons",
            source="CT Mirror, 10 May 2011: 4,742 notices ordered",
            symbol="threat",
            low=0,
            plausible=(0, 20_000),
            start_here=True,
        ),
    ]
    layoffs_after_rejection: Annotated[
        Number,
        parameter(
            text="layoffs announced after members rejected an agreement; replaces the first number",
            unit="persons",
            source="Boston Globe, 29 June 2011: 6,466 with vacancies; 14 July: 6,560",
            symbol="threat2",
            low=0,
            plausible=(0, 20_000),
        ),
    ]
    bumping: Annotated[
        Number,
        parameter(
            text="how unpredictable it is who is laid off: 0 is strict inverse seniority",
            unit="width in seniority (0 to 1)",
            source="Grossman 1983; several layers of bumping reported in 2011; size assumed",
            symbol="tau_s",
            low=0,
            high=100,
            plausible=(0, 1),
            start_here=True,
        ),
    ]
    credibility_members: Annotated[
        Number,
        parameter(
            text="probability members give to the threat being carried out, behind closed doors",
            unit="probability",
            source="Schelling 1960; size assumed",
            symbol="rho0",
            low=0,
            high=1,
            plausible=(0, 1),
            start_here=True,
        ),
    ]
    credibility_leaders: Annotated[
        Number,
        parameter(
            text="probability union leaders give to it, having faced the governor",
            unit="probability",
            source="Ashenfelter and Johnson 1969; size assumed",
            symbol="rho_L",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ]
    size_doubt: Annotated[
        Number,
        parameter(
            text="how fast belief falls once the threat exceeds what Plan B would need",
            unit="per multiple of the Plan B optimum",
            source="Schelling 1960: announcements above the optimum are bluff; off by default",
            symbol="d",
            low=0,
            high=100,
            plausible=(0, 2),
        ),
    ] = 0.0
    bluff_likelihood: Annotated[
        Number,
        parameter(
            text="probability that a bluffing governor would issue a notice all the same",
            unit="probability",
            source="Bayes' rule; size assumed",
            symbol="bluff_b",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 1.0
    notices: Annotated[
        Whole,
        parameter(
            text="rounds of layoff notices between the ballots",
            unit="rounds",
            source="CT News Junkie, 13 July to 3 August 2011: three waves of notices",
            symbol="n_notices",
            low=0,
            high=1000,
            plausible=(0, 8),
        ),
    ] = 0


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
