"""The two sides of the table: how each gives way, and what each wants."""

from typing import Annotated, Literal

from sim.inputs.parameter import SHARE, Number, Section, Whole, parameter


class Negotiator(Section):
    """How a side gives way over time."""

    tactic: Annotated[
        Literal[
            "time_dependent",
            "exponential",
            "resource_dependent",
            "obstinate",
            "relative_tit_for_tat",
            "absolute_tit_for_tat",
            "averaged_tit_for_tat",
            "mixed",
            "zeuthen",
            "subgame_perfect",
            "bayesian",
            "war_of_attrition",
            "audience_standoff",
            "deadline_chicken",
            "commitment",
            "optimistic",
            "on_strike",
            "sits_out_a_strike",
        ],
        parameter(
            text="how far to give way next",
            unit="none",
            source="Faratin, Sierra and Jennings 1998; Abreu and Gul 2000; Zeuthen 1930; Ståhl 1972; "
            "Zeng and Sycara 1998; Fearon 1994; Fanning 2016; Muthoo 1996; Yildiz 2004; "
            "Ashenfelter and Johnson 1969",
        ),
    ] = "time_dependent"
    beta: Annotated[
        Number,
        parameter(
            text="concession exponent: below 1 Boulware (gives way late), above 1 Conceder",
            unit="none",
            source="Faratin, Sierra and Jennings 1998",
            symbol="beta",
            above=0,
            high=1000,
            plausible=(0.02, 5),
            start_here=True,
        ),
    ]
    first_concession: Annotated[
        Number,
        parameter(
            text="share of the way given at the very first turn",
            unit=SHARE,
            source="Faratin, Sierra and Jennings 1998",
            symbol="k",
            low=0,
            high=1,
            plausible=(0, 0.2),
        ),
    ] = 0.0
    resource: Annotated[
        Number,
        parameter(
            text="resource_dependent: what there is to hold out with at first; used up by the deadline",
            unit="none",
            source="Faratin, Sierra and Jennings 1998",
            symbol="resource",
            low=0,
            high=1000,
            plausible=(1, 20),
        ),
    ] = 5.0
    imitation_lag: Annotated[
        Whole,
        parameter(
            text="relative and absolute tit for tat: which of the other side's last steps to imitate",
            unit="steps back",
            source="Faratin, Sierra and Jennings 1998",
            symbol="delta",
            low=1,
            high=1000,
            plausible=(1, 3),
        ),
    ] = 1
    imitation_window: Annotated[
        Whole,
        parameter(
            text="averaged_tit_for_tat: over how many of the other side's last steps to measure",
            unit="steps",
            source="Faratin, Sierra and Jennings 1998",
            symbol="gamma",
            low=1,
            high=1000,
            plausible=(1, 5),
        ),
    ] = 2
    imitation_noise: Annotated[
        Number,
        parameter(
            text="absolute_tit_for_tat: the most to give way at random on top of what is imitated",
            unit="utility",
            source="Faratin, Sierra and Jennings 1998",
            symbol="M",
            low=0,
            high=1,
            plausible=(0, 0.1),
        ),
    ] = 0.0
    mixed_with: Annotated[
        Literal[
            "relative_tit_for_tat",
            "absolute_tit_for_tat",
            "averaged_tit_for_tat",
            "resource_dependent",
            "obstinate",
        ],
        parameter(
            text="mixed: the tactic that is mixed with time_dependent",
            unit="none",
            source="Faratin, Sierra and Jennings 1998",
        ),
    ] = "relative_tit_for_tat"
    mixed_weight: Annotated[
        Number,
        parameter(
            text="mixed: the weight of that tactic; the clock has the rest",
            unit=SHARE,
            source="Faratin, Sierra and Jennings 1998",
            symbol="Gamma",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0
    assumed_beta: Annotated[
        Number,
        parameter(
            text="bayesian and learned: the concession exponent that the other side is taken to have",
            unit="none",
            source="Zeng and Sycara 1998; Hindriks and Tykhonov 2008",
            symbol="beta",
            above=0,
            high=1000,
            plausible=(0.1, 5),
        ),
    ] = 1.0
    learning_error: Annotated[
        Number,
        parameter(
            text="bayesian and learned: spread of the other side's offers about what is expected of it",
            unit="utility",
            source="Zeng and Sycara 1998; Hindriks and Tykhonov 2008; size assumed",
            symbol="s",
            above=0,
            high=1000,
            plausible=(0.02, 0.3),
        ),
    ] = 0.1
    demand: Annotated[
        Number,
        parameter(
            text="standoffs, strikes: what to insist on, of all that leaves the other side no worse off "
            "than no agreement",
            unit=SHARE,
            source="Abreu and Gul 2000; size assumed",
            symbol="alpha",
            low=0,
            high=1,
            plausible=(0.55, 0.95),
        ),
    ] = 1.0
    obstinacy: Annotated[
        Number,
        parameter(
            text="war_of_attrition, deadline_chicken: probability of never giving in",
            unit="probability",
            source="Abreu and Gul 2000; Fanning 2016; size assumed",
            symbol="z",
            low=0,
            high=1,
            plausible=(0, 0.5),
        ),
    ] = 0.0
    audience_cost_growth: Annotated[
        Number,
        parameter(
            text="audience_standoff: how much costlier backing down in full view becomes with each turn",
            unit="utility a turn",
            source="Fearon 1994; size assumed",
            symbol="a",
            low=0,
            high=1000,
            plausible=(0, 0.1),
        ),
    ] = 0.0
    optimism: Annotated[
        Number,
        parameter(
            text="optimistic: how much too likely it thinks it is to make the last offer (1/2 in truth)",
            unit="probability",
            source="Yildiz 2004; size assumed",
            symbol="y/2",
            low=0,
            high=0.5,
            plausible=(0, 0.5),
        ),
    ] = 0.0
    least_demand: Annotated[
        Number,
        parameter(
            text="on_strike: the demand that the longest strike would bring members down to",
            unit=SHARE,
            source="Ashenfelter and Johnson 1969; size assumed",
            symbol="y*",
            low=0,
            high=1,
            plausible=(0, 0.5),
        ),
    ] = 0.0
    claim_decay: Annotated[
        Number,
        parameter(
            text="on_strike: how fast a strike brings members down from `demand` to `least_demand`",
            unit="rate a turn",
            source="Ashenfelter and Johnson 1969; size assumed",
            symbol="tau",
            low=0,
            high=1000,
            plausible=(0, 1),
        ),
    ] = 0.0
    discount_factor: Annotated[
        Number,
        parameter(
            text="what is left of a utility that comes a turn later; 1 is boundless patience",
            unit="share a turn",
            source="Rubinstein 1982",
            symbol="delta",
            above=0,
            high=1,
            plausible=(0.8, 1),
        ),
    ] = 1.0


class _LooksAhead(Negotiator):
    """How a side gives way over time, and whether it thinks of the ballot to come."""

    anticipates_ratification: Annotated[
        Number,
        parameter(
            text="how much a package counts only as far as this side believes that it will be ratified",
            unit=SHARE,
            source="Schelling 1960; Haller and Holden 1997; Iida 1993 where it is 0",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0


class Governor(_LooksAhead):
    """What the governor's side wants; costs are in units of the squared (or plain) share of the gap."""

    cost_of_cuts: Annotated[
        Number,
        parameter(
            text="curvature of the political cost of spending cuts",
            unit="cost per squared share of the gap",
            source="cost minimisation, derived here; size assumed",
            symbol="kC",
            above=0,
            high=1000,
            plausible=(0.2, 10),
        ),
    ]
    cost_of_layoffs: Annotated[
        Number,
        parameter(
            text="curvature of the political cost of layoffs",
            unit="cost per squared share of the gap",
            source="ratio 1.2 from the Plan B of 6 May 2011: $455M of layoffs to $545M of cuts",
            symbol="kL",
            above=0,
            high=1000,
            plausible=(0.2, 10),
        ),
    ]
    cost_of_taxes: Annotated[
        Number,
        parameter(
            text="curvature of the political cost of further taxes on the wealthy",
            unit="cost per squared share of the gap",
            source="cost minimisation, derived here; size assumed",
            symbol="kT",
            low=0,
            high=1000,
            plausible=(0.2, 10),
        ),
    ]
    tax_pledge: Annotated[
        Number,
        parameter(
            text="cost of breaking the pledge of no further taxes, per share of the gap raised",
            unit="cost per share of the gap",
            source="Yale Daily News, March 2011 (no more than the $1.5B proposed); size assumed",
            symbol="pledge",
            low=0,
            high=1000,
            plausible=(0, 2),
            start_here=True,
        ),
    ]
    cost_of_job_security: Annotated[
        Number,
        parameter(
            text="cost of giving up layoffs for the years of job security",
            unit="cost",
            source="assumption",
            symbol="kJ",
            low=0,
            high=1000,
            plausible=(0, 0.1),
        ),
    ]


class Coalition(_LooksAhead):
    """How union leaders see and add up their members."""

    members: Annotated[
        Whole,
        parameter(
            text="members of all unions together; must equal the sum of the union list",
            unit="persons",
            source="sum of the union list",
            low=1,
        ),
    ]
    aggregation: Annotated[
        Literal["mean", "median", "pivot", "min"],
        parameter(
            text="how leaders add their members up",
            unit="none",
            source="Putnam 1988; Cappelli and Sterling 1988; which rule is an assumption",
        ),
    ] = "mean"
    shares_unfairness: Annotated[
        Number,
        parameter(
            text="how far leaders take members' sense of unfairness into account at the table",
            unit=SHARE,
            source="involuntary defection, Iida 1993; 1 unless leaders are out of touch",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 1.0
    leaders_bias: Annotated[
        Number,
        parameter(
            text="leaders' systematic optimism about what members gain from a package",
            unit="share of annual pay",
            source="involuntary defection, Iida 1993",
            symbol="bias_L",
            low=-10,
            high=10,
            plausible=(-0.05, 0.1),
        ),
    ] = 0.0
    leaders_error_sd: Annotated[
        Number,
        parameter(
            text="spread of leaders' error about their members",
            unit="share of annual pay",
            source="assumption",
            symbol="sd_L",
            low=0,
            high=10,
            plausible=(0, 0.05),
        ),
    ] = 0.0
