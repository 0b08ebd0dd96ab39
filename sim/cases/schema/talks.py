"""The table: how long the parties may talk, over what, and by which habits."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from sim.inputs.parameter import Levels, Number, Section, Whole, parameter

Acceptance = Literal[
    "ac_next", "ac_combi", "ac_combi_average", "ac_combi_best", "ac_const", "ac_time", "logit"
]


class CalendarSettings(Section):
    """How long the parties may talk."""

    # fmt: off
    rounds: Whole = parameter("turns until the deadline: turns are numbered 0 to this number",
        "rounds (weeks in 2011)", symbol="T", low=1, high=100_000, plausible=(4, 200), start_here=True,
        source="Rubinstein 1982; Roth, Murnighan and Schoumaker 1988")
    # fmt: on


class Issue(Section):
    """One dimension bargained over, with the levels an offer may take."""

    name: Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: StrictStr
    unit: StrictStr
    levels: Levels
    labels: Annotated[
        list[StrictStr] | None,
        Field(description="what the levels are called, one for each, where they are not numbers"),
    ] = None
    source: StrictStr = ""
    similarity: Annotated[
        Literal["squared", "absolute"],
        Field(description="how the `similar` offer selection measures a difference on this issue"),
    ] = "squared"
    similarity_weight: Annotated[Number, Field(ge=0)] = 1.0
    governor: Levels | None = None
    coalition: Levels | None = None

    def label_of(self, level: float) -> str:
        """A level as a person reads it: its label, or else the number."""
        return label_of(level, self.levels, self.labels)

    @property
    def scale(self) -> str:
        """What a number on this issue means: its unit, or the label of each level."""
        if self.labels is None:
            return self.unit
        pairs = zip(self.levels, self.labels, strict=True)
        return ", ".join(f"{level:g} = {label}" for level, label in pairs)


def label_of(level: float, levels: Sequence[float], labels: Sequence[str] | None) -> str:
    """One of the levels of an issue as a person reads it: its label, or else the number."""
    return labels[levels.index(level)] if labels else f"{level:g}"


class AgendaSettings(Section):
    """Rules over the whole package."""

    excludes: list[tuple[StrictStr, StrictStr]] = Field(
        default=[], description="pairs of issues that cannot both be above zero in one package"
    )


class TalksSettings(Section):
    """The protocol and the habits of the negotiators."""

    # fmt: off
    first_proposer: Literal["random", "governor", "coalition"] = parameter(
        "who makes the first offer; random gives each side probability 1/2", "none", default="random",
        source="assumption; nothing is known of the first meeting of 2 March 2011")
    selection: Literal["tradeoff", "similar", "random", "cheapest", "learned", "logit"] = parameter(
        "which of the packages at the aspiration level to offer", "none", default="tradeoff",
        source="Faratin, Sierra and Jennings 1998 and 2002; Hindriks and Tykhonov 2008")
    acceptance: Acceptance = parameter(
        "when to say yes", "none", default="ac_next", source="Baarslag, Hindriks and Jonker 2014")
    acceptance_scale: Number = parameter(
        "ac_next and ac_combi: what an offer is multiplied by before it is held against one's own", "none",
        default=1.0, symbol="a in AC_next(a, b)", above=0, high=1000, plausible=(0.9, 1.1),
        source="Baarslag, Hindriks and Jonker 2014",
        acts=({"acceptance": ("ac_next", "ac_combi", "ac_combi_average", "ac_combi_best")},))
    acceptance_shift: Number = parameter(
        "ac_next and ac_combi: what an offer is raised by before it is held against one's own", "utility",
        default=0.0, symbol="b in AC_next(a, b)", low=-1, high=1, plausible=(-0.1, 0.1),
        source="Baarslag, Hindriks and Jonker 2014",
        acts=({"acceptance": ("ac_next", "ac_combi", "ac_combi_average", "ac_combi_best")},))
    acceptance_level: Number = parameter(
        "ac_const: the offer that is good enough; 1 is the best one could get", "utility", default=1.0,
        symbol="alpha in AC_const(alpha)", low=0, high=1, plausible=(0.3, 0.9),
        source="Baarslag, Hindriks and Jonker 2014",
        acts=({"acceptance": ("ac_const",)},))
    acceptance_from: Number = parameter(
        "share of the time after which ac_combi takes what was offered of late, ac_time anything",
        "share of the deadline", default=0.95, symbol="T in AC_combi(T, MAX^W)", low=0, high=1,
        plausible=(0.9, 0.99), source="Baarslag, Hindriks and Jonker 2014",
        acts=({"acceptance": ("ac_combi", "ac_combi_average", "ac_combi_best", "ac_time")},))
    precision: Number = parameter(
        "logit offers and answers: how surely the better choice is made; 0 is a coin",
        "per unit of utility", default=20.0, symbol="lambda", low=0, high=1_000_000, plausible=(5, 100),
        source="McKelvey and Palfrey 1995, 1998; size assumed",
        acts=({"acceptance": ("logit",)}, {"selection": ("logit",)}))
    breakdown: Number = parameter(
        "probability that the talks break down for good after a turn without agreement",
        "probability a turn", default=0.0, symbol="p", low=0, high=1, plausible=(0, 0.2),
        source="Binmore, Rubinstein and Wolinsky 1986")
    self_serving_bias: Number = parameter(
        "gap between the two sides' ideas of a fair deal; each reservation rises by half of it", "utility",
        default=0.0, symbol="B", low=0, high=4, plausible=(0, 1.5), source="Babcock and Loewenstein 1997")
    rejection_commits: StrictBool = parameter(
        "whether a side that has rejected an offer can never again accept less", "none", default=False,
        source="Fershtman and Seidmann 1993")
    # fmt: on
