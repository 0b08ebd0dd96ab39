"""The table: how long the parties may talk, over what, and by which habits."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from sim.inputs.parameter import Levels, Number, Section, Whole, parameter


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
