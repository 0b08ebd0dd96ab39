"""The one typed schema: every table and parameter a scenario file may hold.

Each parameter carries its unit, hard bounds, plausible range, symbol, source and a sentence.
Validation, `bargain describe` and the documentation table all come from here. Values do not: they
live in the scenario files, each with its source beside it. A parameter has a default only where
leaving it out has one plain meaning, which is always "this mechanism is off".
"""

from collections.abc import Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo

SHARE = "share"


def parameter(
    *,
    text: str,
    unit: str,
    source: str,
    symbol: str = "",
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    plausible: tuple[float, float] | None = None,
    start_here: bool = False,
) -> FieldInfo:
    """Describe one parameter: hard bounds (`low`, `high`, or strictly `above`) and what a reader needs.

    `plausible` is the range worth sampling, narrower than the bounds; `start_here` marks the
    parameters shown first to a newcomer.
    """
    about = {
        "unit": unit,
        "source": source,
        "symbol": symbol,
        "plausible": plausible,
        "start_here": start_here,
    }
    return Field(
        ge=low, le=high, gt=above, description=text, json_schema_extra={"parameter": about}
    )


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]


def expand(levels: Any) -> Any:
    """Turn { from = 0.0, to = 1.0, steps = 5 } into its five numbers; leave a list as it is."""
    if isinstance(levels, dict):
        if set(levels) != {"from", "to", "steps"}:
            raise ValueError("a range is written { from = 0.0, to = 1.0, steps = 5 }")
        start, stop, steps = levels["from"], levels["to"], levels["steps"]
        numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (start, stop))
        if not numbers or not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
            raise ValueError("in a range, from and to are numbers and steps is a whole number >= 1")
        return [round(float(x), 12) for x in np.linspace(start, stop, steps)]
    return levels


Levels = Annotated[list[Number], BeforeValidator(expand), Field(min_length=1)]


class Section(BaseModel):
    """A table of a scenario file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Calendar(Section):
    """How long the parties may talk."""

    rounds: Annotated[
        Whole,
        parameter(
            text="turns until the deadline: turns are numbered 0 to this number",
            unit="rounds (weeks in 2011)",
            source="Rubinstein 1982; Roth, Murnighan and Schoumaker 1988",
            symbol="T",
            low=1,
            high=100_000,
            plausible=(4, 200),
            start_here=True,
        ),
    ]


class Issue(Section):
    """One dimension bargained over, with the levels an offer may take."""

    name: Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: StrictStr
    unit: StrictStr
    levels: Levels
    source: StrictStr = ""
    similarity: Annotated[
        Literal["squared", "absolute"],
        Field(description="how the `similar` offer selection measures a difference on this issue"),
    ] = "squared"
    similarity_weight: Annotated[Number, Field(ge=0)] = 1.0
    governor: Levels | None = None
    coalition: Levels | None = None


class Agenda(Section):
    """Rules over the whole package."""

    excludes: list[tuple[StrictStr, StrictStr]] = Field(
        default=[], description="pairs of issues that cannot both be above zero in one package"
    )


class Talks(Section):
    """The protocol and the habits of the negotiators."""

    first_proposer: Annotated[
        Literal["random", "governor", "coalition"],
        parameter(
            text="who makes the first offer; random gives each side probability 1/2",
            unit="none",
            source="assumption; nothing is known of the first meeting of 2 March 2011",
        ),
    ] = "random"
    selection: Annotated[
        Literal["tradeoff", "similar", "random", "cheapest", "learned", "logit"],
        parameter(
            text="which of the packages at the aspiration level to offer",
            unit="none",
            source="Faratin, Sierra and Jennings 1998 and 2002; Hindriks and Tykhonov 2008",
        ),
    ] = "tradeoff"
    acceptance: Annotated[
        Literal[
            "ac_next",
            "ac_combi",
            "ac_combi_average",
            "ac_combi_best",
            "ac_const",
            "ac_time",
            "logit",
        ],
        parameter(
            text="when to say yes",
            unit="none",
            source="Baarslag, Hindriks and Jonker 2014",
        ),
    ] = "ac_next"
    acceptance_scale: Annotated[
        Number,
        parameter(
            text="ac_next and ac_combi: what an offer is multiplied by before it is held against one's own",
            unit="none",
            source="Baarslag, Hindriks and Jonker 2014",
            symbol="a in AC_next(a, b)",
            above=0,
            high=1000,
            plausible=(0.9, 1.1),
        ),
    ] = 1.0
    acceptance_shift: Annotated[
        Number,
        parameter(
            text="ac_next and ac_combi: what an offer is raised by before it is held against one's own",
            unit="utility",
            source="Baarslag, Hindriks and Jonker 2014",
            symbol="b in AC_next(a, b)",
            low=-1,
            high=1,
            plausible=(-0.1, 0.1),
        ),
    ] = 0.0
    acceptance_level: Annotated[
        Number,
        parameter(
            text="ac_const: the offer that is good enough; 1 is the best one could get",
            unit="utility",
            source="Baarslag, Hindriks and Jonker 2014",
            symbol="alpha in AC_const(alpha)",
            low=0,
            high=1,
            plausible=(0.3, 0.9),
        ),
    ] = 1.0
    acceptance_from: Annotated[
        Number,
        parameter(
            text="share of the time after which ac_combi takes what was offered of late, ac_time anything",
            unit="share of the deadline",
            source="Baarslag, Hindriks and Jonker 2014",
            symbol="T in AC_combi(T, MAX^W)",
            low=0,
            high=1,
            plausible=(0.9, 0.99),
        ),
    ] = 0.95
    precision: Annotated[
        Number,
        parameter(
            text="logit offers and answers: how surely the better choice is made; 0 is a coin",
            unit="per unit of utility",
            source="McKelvey and Palfrey 1995, 1998; size assumed",
            symbol="lambda",
            low=0,
            high=1_000_000,
            plausible=(5, 100),
        ),
    ] = 20.0
    breakdown: Annotated[
        Number,
        parameter(
            text="probability that the talks break down for good after a turn without agreement",
            unit="probability a turn",
            source="Binmore, Rubinstein and Wolinsky 1986",
            symbol="p",
            low=0,
            high=1,
            plausible=(0, 0.2),
        ),
    ] = 0.0
    self_serving_bias: Annotated[
        Number,
        parameter(
            text="gap between the two sides' ideas of a fair deal; each reservation rises by half of it",
            unit="utility",
            source="Babcock and Loewenstein 1997",
            symbol="B",
            low=0,
            high=4,
            plausible=(0, 1.5),
        ),
    ] = 0.0
    rejection_commits: Annotated[
        StrictBool,
        parameter(
            text="whether a side that has rejected an offer can never again accept less",
            unit="none",
            source="Fershtman and Seidmann 1993",
        ),
    ] = False


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
            "optimistic",
            "on_strike",
            "sits_out_a_strike",
        ],
        parameter(
            text="how far to give way next",
            unit="none",
            source="Faratin, Sierra and Jennings 1998; Abreu and Gul 2000; Zeuthen 1930; Ståhl 1972; "
            "Zeng and Sycara 1998; Fearon 1994; Fanning 2016; Yildiz 2004; Ashenfelter and Johnson 1969",
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
            source="cost minimisation after Courant, Gramlich and Rubinfeld 1979",
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
            source="assumption; cost minimisation after Courant, Gramlich and Rubinfeld 1979",
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


class Tastes(Section):
    """What a package is worth to a member; a union may override any of these."""

    wage_pain: Annotated[
        Number,
        parameter(
            text="loss to a member from the full wage ask",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="pw",
            low=0,
            high=10,
            plausible=(0.01, 0.12),
        ),
    ]
    health_pain: Annotated[
        Number,
        parameter(
            text="loss to a member from the full ask on health and operations",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="ph",
            low=0,
            high=10,
            plausible=(0.01, 0.12),
        ),
    ]
    pension_pain: Annotated[
        Number,
        parameter(
            text="loss to the most junior member from the full pension ask",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="pp0",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ]
    pension_pain_by_seniority: Annotated[
        Number,
        parameter(
            text="how much more the most senior member loses from the full pension ask",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="pp1",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ]
    convexity: Annotated[
        Number,
        parameter(
            text="0: pain is linear in the ask; 1: quadratic, the easy dollars come first",
            unit=SHARE,
            source="assumption",
            symbol="eta",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ]
    layoff_loss: Annotated[
        Number,
        parameter(
            text="loss to a member who is laid off",
            unit="share of annual pay over the biennium",
            source="Oswald 1993; size assumed",
            symbol="Lam",
            low=0,
            high=10,
            plausible=(0.3, 1.5),
        ),
    ]
    job_security_value: Annotated[
        Number,
        parameter(
            text="worth of four years of job security to the most junior member",
            unit="share of annual pay over the biennium",
            source="Cappelli and Sterling 1988; size assumed",
            symbol="vj0",
            low=0,
            high=10,
            plausible=(0, 0.2),
        ),
    ]
    job_security_by_seniority: Annotated[
        Number,
        parameter(
            text="how much less job security is worth to the most senior member",
            unit="share of annual pay over the biennium",
            source="Cappelli and Sterling 1988; size assumed",
            symbol="vj1",
            low=0,
            high=10,
            plausible=(0, 0.2),
        ),
    ]
    cost_of_rejection: Annotated[
        Number,
        parameter(
            text="what a No costs a member besides layoffs: politics, arbitration, services",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="c_rej",
            low=0,
            high=10,
            plausible=(0, 0.12),
        ),
    ]
    fairness: Annotated[
        Number,
        parameter(
            text="weight on sacrifice beyond what is tolerated",
            unit="none",
            source="Fehr and Schmidt 1999, in the form of the unions' complaint of March 2011",
            symbol="phi",
            low=0,
            high=100,
            plausible=(0, 1),
            start_here=True,
        ),
    ]
    tolerated_sacrifice: Annotated[
        Number,
        parameter(
            text="sacrifice that is not felt as unfair",
            unit="share of annual pay",
            source="assumption",
            symbol="c_ref",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ]
    shared_tax_excuse: Annotated[
        Number,
        parameter(
            text="how much sacrifice a tax on the wealthy excuses",
            unit="share of annual pay per share of the gap",
            source="assumption",
            symbol="psi",
            low=0,
            high=100,
            plausible=(0, 1),
        ),
    ]
    noise: Annotated[
        Number,
        parameter(
            text="spread of members' reasons that the model does not see (logit scale)",
            unit="share of annual pay",
            source="McKelvey and Palfrey 1995; size chosen on the 2011 record",
            symbol="s_eps",
            above=0,
            high=10,
            plausible=(0.02, 0.2),
        ),
    ]


class Members(Tastes):
    """The membership: how finely seniority is cut, and what members feel."""

    strata: Annotated[
        Whole,
        parameter(
            text="equal slices of seniority in which members are counted",
            unit="slices",
            source="numerical resolution",
            symbol="M",
            low=1,
            high=10_001,
        ),
    ]
    workforce: Annotated[
        Whole,
        parameter(
            text="state employees from whom layoffs are taken: the base of every layoff share",
            unit="persons",
            source="CT News Junkie, 3 March 2011: 45,000 unionized state workers",
            symbol="N",
            low=1,
        ),
    ]


class Unions(Section):
    """How unions differ from each other, and what moves them together."""

    militancy_sd: Annotated[
        Number,
        parameter(
            text="spread of militancy between unions",
            unit="share of annual pay",
            source="assumption, chosen on the spread of the June 2011 votes",
            symbol="sig_u",
            low=0,
            high=10,
            plausible=(0, 0.15),
        ),
    ]
    common_shock_sd: Annotated[
        Number,
        parameter(
            text="spread of the mood shared by all unions",
            unit="share of annual pay",
            source="assumption",
            symbol="sig_c",
            low=0,
            high=10,
            plausible=(0, 0.03),
        ),
    ]


class _UnionOfItsOwn(Section):
    """One union of the coalition."""

    name: Annotated[StrictStr, Field(min_length=1)]
    members: Annotated[Whole, Field(ge=1, description="members of this union (persons)")]
    source: Annotated[StrictStr, Field(min_length=1, description="where the size comes from")]
    offset: Annotated[
        Number,
        Field(ge=-10, le=10, description="how much milder than the average union (share of pay)"),
    ] = 0.0
    layoff_exposure: Annotated[
        Number, Field(ge=0, le=100, description="layoff risk relative to the average union")
    ] = 1.0


def _override(field: FieldInfo) -> tuple[Any, FieldInfo]:
    """Make a member parameter one that a union may state for itself, within the same bounds."""
    bounded = Annotated[field.annotation, *field.metadata]
    return bounded | None, Field(default=None, description=field.description)


Union = create_model(
    "Union",
    __base__=_UnionOfItsOwn,
    __doc__="One union of the coalition, with any member parameter overridden.",
    **{name: _override(field) for name, field in Tastes.model_fields.items()},
)


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


class _Scenario(Section):
    """What every scenario has, whatever its parties care about."""

    name: Annotated[StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: StrictStr
    description: StrictStr
    source: StrictStr
    calendar: Calendar
    issue: Annotated[list[Issue], Field(min_length=1)]
    agenda: Agenda = Agenda()
    talks: Talks = Talks()
    information: Information = Information()

    @cached_property
    def document(self) -> dict[str, Any]:
        """The plain document that would load as this scenario; copy what you change."""
        return self.model_dump(mode="json", exclude_unset=True)


class TextbookGame(_Scenario):
    """A scorable game: each side has points for each level of each issue, and nobody ratifies."""

    utility: Literal["points"]
    batna: Annotated[list[Number], Field(min_length=2, max_length=2)] = Field(
        description="points of no agreement: governor, coalition (Fisher and Ury 1981)"
    )
    governor: Negotiator
    coalition: Negotiator


class TwoLevelGame(_Scenario):
    """A state and a coalition of unions whose members ratify (Putnam 1988)."""

    utility: Literal["two_level"]
    fiscal: Fiscal
    governor: Governor
    coalition: Coalition
    members: Members
    unions: Unions
    union: Annotated[list[Union], Field(min_length=1)]
    threat: Threat
    ratification: Ratification


Scenario = TextbookGame | TwoLevelGame
SCENARIO_KINDS: dict[str, type[TextbookGame] | type[TwoLevelGame]] = {
    get_args(kind.model_fields["utility"].annotation)[0]: kind
    for kind in (TextbookGame, TwoLevelGame)
}


@cache
def parameters(kind: type[BaseModel] = TwoLevelGame) -> Mapping[str, FieldInfo]:
    """Every parameter that `set` and `sweep` may name, as dotted name -> field, in file order."""
    found = {}
    for table, field in kind.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            for name, inner in section.model_fields.items():
                if inner.annotation in (float, int, bool) or choices(inner):
                    found[f"{table}.{name}"] = inner
    return MappingProxyType(found)


def value_of(scenario: Scenario, name: str) -> Any:
    """The value of a parameter, by its dotted name."""
    table, key = name.split(".")
    return getattr(getattr(scenario, table), key)


def choices(field: FieldInfo) -> tuple[str, ...]:
    """The words a parameter allows; none if it is a number."""
    words = get_args(field.annotation)
    return words if all(isinstance(word, str) for word in words) else ()


def bounds(field: FieldInfo) -> str:
    """What values a parameter allows, in words."""
    if field.annotation is bool:
        return "true or false"
    if words := choices(field):
        return " or ".join(f'"{word}"' for word in words)
    limits = _limits(field)
    words = "a whole number" if field.annotation is int else "a number"
    low = f" above {limits['gt']:g}" if "gt" in limits else ""
    low = f" from {limits['ge']:g}" if "ge" in limits else low
    return words + low + (f" to {limits['le']:g}" if "le" in limits else "")


def ends(field: FieldInfo) -> tuple[float, float]:
    """The least and the greatest number a parameter allows, infinite where it has no bound."""
    limits = _limits(field)
    above = np.nextafter(limits["gt"], np.inf) if "gt" in limits else -np.inf
    return float(limits.get("ge", above)), float(limits.get("le", np.inf))


def _limits(field: FieldInfo) -> dict[str, float]:
    """The hard bounds of a parameter by pydantic's names: `ge`, `gt` and `le`."""
    limits = {}
    for rule in field.metadata:
        limits |= {key: getattr(rule, key) for key in ("ge", "le", "gt") if hasattr(rule, key)}
    return limits
