"""The two sides of the table: how each gives way, and what each wants."""

from typing import Any, Literal, get_args

from sim.inputs.parameter import LESS, MORE, SHARE, Number, Section, Whole, parameter

# fmt: off
Tactic = Literal[
    "time_dependent", "exponential", "resource_dependent", "obstinate", "relative_tit_for_tat",
    "absolute_tit_for_tat", "averaged_tit_for_tat", "mixed", "zeuthen", "subgame_perfect", "bayesian",
    "war_of_attrition", "audience_standoff", "deadline_chicken", "commitment", "optimistic", "on_strike",
    "sits_out_a_strike",
]
MixedTactic = Literal[
    "relative_tit_for_tat", "absolute_tit_for_tat", "averaged_tit_for_tat", "resource_dependent",
    "obstinate",
]
# fmt: on
# What these do rests on a number that is 0 unless it is given.
_TACTICS_ACT = (
    {"tactic": tuple(sorted({*get_args(Tactic)} - {"mixed", "optimistic", "on_strike"}))},
    {"tactic": ("mixed",), "mixed_weight": MORE},
    {"tactic": ("optimistic",), "optimism": MORE},
    {"tactic": ("on_strike",), "claim_decay": MORE},
)


def _alone_or_mixed(*tactics: str) -> tuple[dict[str, Any], ...]:
    """That a side plays one of some tactics, or mixes it with the clock."""
    mixed = {"tactic": ("mixed",), "mixed_weight": MORE, "mixed_with": tactics}
    return {"tactic": tactics}, mixed


class NegotiatorSettings(Section):
    """How a side gives way over time."""

    # fmt: off
    tactic: Tactic = parameter(
        "how far to give way next", "none", default="time_dependent", acts=_TACTICS_ACT,
        source="Faratin, Sierra and Jennings 1998; Abreu and Gul 2000; Zeuthen 1930; Ståhl 1972; Zeng and "
        "Sycara 1998; Fearon 1994; Fanning 2016; Muthoo 1996; Yildiz 2004; Ashenfelter and Johnson 1969")
    beta: Number = parameter("concession exponent: below 1 Boulware (gives way late), above 1 Conceder",
        "none", symbol="beta", above=0, high=1000, plausible=(0.02, 5), start_here=True,
        source="Faratin, Sierra and Jennings 1998",
        acts=({"tactic": ("time_dependent", "exponential", "bayesian")},
              {"tactic": ("mixed",), "mixed_weight": LESS}))
    first_concession: Number = parameter("share of the way given at the very first turn", SHARE,
        default=0.0, symbol="k", low=0, high=1, plausible=(0, 0.2),
        source="Faratin, Sierra and Jennings 1998",
        acts=({"tactic": ("time_dependent", "exponential", "resource_dependent", "obstinate", "bayesian",
                           "mixed")},))
    resource: Number = parameter(
        "resource_dependent: what there is to hold out with at first; used up by the deadline", "none",
        default=5.0, symbol="resource", low=0, high=1000, plausible=(1, 20),
        source="Faratin, Sierra and Jennings 1998",
        acts=_alone_or_mixed("resource_dependent"))
    imitation_lag: Whole = parameter(
        "relative and absolute tit for tat: which of the other side's last steps to imitate", "steps back",
        default=1, symbol="delta", low=1, high=1000, plausible=(1, 3),
        source="Faratin, Sierra and Jennings 1998",
        acts=_alone_or_mixed("relative_tit_for_tat", "absolute_tit_for_tat"))
    imitation_window: Whole = parameter(
        "averaged_tit_for_tat: over how many of the other side's last steps to measure", "steps", default=2,
        symbol="gamma", low=1, high=1000, plausible=(1, 5), source="Faratin, Sierra and Jennings 1998",
        acts=_alone_or_mixed("averaged_tit_for_tat"))
    imitation_noise: Number = parameter(
        "absolute_tit_for_tat: the most to give way at random on top of what is imitated", "utility",
        default=0.0, symbol="M", low=0, high=1, plausible=(0, 0.1),
        source="Faratin, Sierra and Jennings 1998",
        acts=_alone_or_mixed("absolute_tit_for_tat"))
    mixed_with: MixedTactic = parameter(
        "mixed: the tactic that is mixed with time_dependent", "none", default="relative_tit_for_tat",
        source="Faratin, Sierra and Jennings 1998",
        acts=({"tactic": ("mixed",), "mixed_weight": MORE},))
    mixed_weight: Number = parameter("mixed: the weight of that tactic; the clock has the rest", SHARE,
        default=0.0, symbol="Gamma", low=0, high=1, plausible=(0, 1),
        source="Faratin, Sierra and Jennings 1998",
        acts=({"tactic": ("mixed",)},))
    assumed_beta: Number = parameter(
        "bayesian and learned: the concession exponent that the other side is taken to have", "none",
        default=1.0, symbol="beta", above=0, high=1000, plausible=(0.1, 5),
        source="Zeng and Sycara 1998; Hindriks and Tykhonov 2008",
        acts=({"tactic": ("bayesian",)}, {"talks.selection": ("learned",)}))
    learning_error: Number = parameter(
        "bayesian and learned: spread of the other side's offers about what is expected of it", "utility",
        default=0.1, symbol="s", above=0, high=1000, plausible=(0.02, 0.3),
        source="Zeng and Sycara 1998; Hindriks and Tykhonov 2008; size assumed",
        acts=({"tactic": ("bayesian",)}, {"talks.selection": ("learned",)}))
    demand: Number = parameter(
        "standoffs, strikes: what to insist on, of all that leaves the other side no worse off than no "
        "agreement", SHARE, default=1.0, symbol="alpha", low=0, high=1, plausible=(0.55, 0.95),
        source="Abreu and Gul 2000; size assumed",
        acts=({"tactic": ("war_of_attrition", "audience_standoff", "deadline_chicken", "optimistic",
                           "on_strike")},
              {"other.tactic": ("war_of_attrition", "audience_standoff", "deadline_chicken",
                                "optimistic", "sits_out_a_strike")}))
    obstinacy: Number = parameter("war_of_attrition, deadline_chicken: probability of never giving in",
        "probability", default=0.0, symbol="z", low=0, high=1, plausible=(0, 0.5),
        source="Abreu and Gul 2000; Fanning 2016; size assumed",
        acts=({"tactic": ("war_of_attrition", "deadline_chicken")},
              {"other.tactic": ("war_of_attrition",)}))
    audience_cost_growth: Number = parameter(
        "audience_standoff: how much costlier backing down in full view becomes with each turn",
        "utility a turn", default=0.0, symbol="a", low=0, high=1000, plausible=(0, 0.1),
        source="Fearon 1994; size assumed",
        acts=({"tactic": ("audience_standoff",)}, {"other.tactic": ("audience_standoff",)}))
    optimism: Number = parameter(
        "optimistic: how much too likely it thinks it is to make the last offer (1/2 in truth)",
        "probability", default=0.0, symbol="y/2", low=0, high=0.5, plausible=(0, 0.5),
        source="Yildiz 2004; size assumed",
        acts=({"tactic": ("optimistic",)}, {"other.tactic": ("optimistic",)}))
    least_demand: Number = parameter(
        "on_strike: the demand that the longest strike would bring members down to", SHARE, default=0.0,
        symbol="y*", low=0, high=1, plausible=(0, 0.5), source="Ashenfelter and Johnson 1969; size assumed",
        acts=({"tactic": ("on_strike",), "claim_decay": MORE},
              {"other.tactic": ("sits_out_a_strike",), "claim_decay": MORE}))
    claim_decay: Number = parameter(
        "on_strike: how fast a strike brings members down from `demand` to `least_demand`", "rate a turn",
        default=0.0, symbol="tau", low=0, high=1000, plausible=(0, 1),
        source="Ashenfelter and Johnson 1969; size assumed",
        acts=({"tactic": ("on_strike",)}, {"other.tactic": ("sits_out_a_strike",)}))
    discount_factor: Number = parameter(
        "what is left of a utility that comes a turn later; 1 is boundless patience", "share a turn",
        default=1.0, symbol="delta", above=0, high=1, plausible=(0.8, 1), source="Rubinstein 1982")
    # fmt: on


class LooksAhead(NegotiatorSettings):
    """How a side gives way over time, and whether it thinks of the ballot to come."""

    # fmt: off
    anticipates_ratification: Number = parameter(
        "how much a package counts only as far as this side believes that it will be ratified", SHARE,
        default=0.0, low=0, high=1, plausible=(0, 1),
        source="Schelling 1960; Haller and Holden 1997; Iida 1993 where it is 0")
    # fmt: on


class GovernorSettings(LooksAhead):
    """What the governor's side wants; costs are in units of the squared (or plain) share of the gap."""

    # fmt: off
    cost_of_cuts: Number = parameter("curvature of the political cost of spending cuts",
        "cost per squared share of the gap", symbol="kC", above=0, high=1000, plausible=(0.2, 10),
        source="cost minimisation, derived here; size assumed")
    cost_of_layoffs: Number = parameter("curvature of the political cost of layoffs",
        "cost per squared share of the gap", symbol="kL", above=0, high=1000, plausible=(0.2, 10),
        source="ratio 1.2 from the Plan B of 6 May 2011: $455M of layoffs to $545M of cuts")
    cost_of_taxes: Number = parameter("curvature of the political cost of further taxes on the wealthy",
        "cost per squared share of the gap", symbol="kT", low=0, high=1000, plausible=(0.2, 10),
        source="cost minimisation, derived here; size assumed")
    tax_pledge: Number = parameter(
        "cost of breaking the pledge of no further taxes, per share of the gap raised",
        "cost per share of the gap", symbol="pledge", low=0, high=1000, plausible=(0, 2), start_here=True,
        source="Yale Daily News, March 2011 (no more than the $1.5B proposed); size assumed")
    cost_of_job_security: Number = parameter("cost of giving up layoffs for the years of job security",
        "cost", symbol="kJ", low=0, high=1000, plausible=(0, 0.1), source="assumption",
        acts=({"issue": ("job_security",)},))
    # fmt: on


class CoalitionSettings(LooksAhead):
    """How union leaders see and add up their members."""

    # fmt: off
    members: Whole = parameter("members of all unions together; must equal the sum of the union list",
        "persons", low=1, source="sum of the union list")
    aggregation: Literal["mean", "median", "pivot", "min"] = parameter("how leaders add their members up",
        "none", default="mean",
        source="Putnam 1988; Cappelli and Sterling 1988; which rule is an assumption")
    shares_unfairness: Number = parameter(
        "how far leaders take members' sense of unfairness into account at the table", SHARE, default=1.0,
        low=0, high=1, plausible=(0, 1),
        source="involuntary defection, Iida 1993; 1 unless leaders are out of touch",
        acts=({"members.fairness": MORE},))
    leaders_bias: Number = parameter("leaders' systematic optimism about what members gain from a package",
        "share of annual pay", default=0.0, symbol="bias_L", low=-10, high=10, plausible=(-0.05, 0.1),
        source="involuntary defection, Iida 1993")
    leaders_error_sd: Number = parameter("spread of leaders' error about their members",
        "share of annual pay", default=0.0, symbol="sd_L", low=0, high=10, plausible=(0, 0.05),
        source="assumption")
    # fmt: on
