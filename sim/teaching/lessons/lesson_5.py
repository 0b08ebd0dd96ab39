"""Lesson 5: the dance of offers, and why agreements come late or never."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.arrays.axes import Array
from sim.play.outcome import negotiate
from sim.show.figures.style import COLOUR, FAINT, GREY, INK, figure, in_house_style, percent
from sim.teaching.lessons.case import ONE_BALLOT, WAYS, played, way
from sim.teaching.lessons.checks import SHARE, Check, Hint, Prediction
from sim.teaching.lessons.panel import in_percent, legend
from sim.theory.attrition import ReputationalBargaining
from sim.theory.concession import crossing, crossing_time
from sim.theory.deadlines import concession_at_deadline, missed_deadline_probability
from sim.worlds.batch import SIDES

GRANTS, NEEDS = 0.7, 0.4  # reservations, as the coalition's share of the pie
BETA, LATER = 0.2, 0.1
DEMAND = 0.6  # of each side, in the war of attrition
RATES = np.array([0.10, 0.05])  # discount rates of governor and coalition a turn
POSTED, OBSTINATE = 0.75, 0.1  # demands at the deadline, and how likely a side is obstinate
TURNS = 30
WORLDS = 400
EARLIER = 0.4  # the governor's exponent in the counterfactual


@in_house_style
def offers(
    governor_beta: float = BETA,
    coalition_beta: float = BETA,
    governor_grants: float = GRANTS,
    coalition_needs: float = NEEDS,
) -> Figure:
    """Draw the offers of both sides over time, as the coalition's share of a pie, and where they meet.

    `governor_grants` is the most the governor gives, `coalition_needs` the least the coalition takes.
    """
    met = crossing(governor_grants, coalition_needs, governor_beta, coalition_beta)
    time = np.linspace(0, 1, 401)
    drawing = figure(5.6, "Two sides give way by the clock", _where_they_meet(met))
    axes = drawing.subplots()
    if met:
        axes.axhspan(coalition_needs, governor_grants, color=FAINT, alpha=0.6, linewidth=0)
        axes.text(0.01, (coalition_needs + governor_grants) / 2, "ZOPA", color=GREY, va="center")
        axes.plot(*met, marker="D", markersize=10, color=INK, zorder=4)
        axes.axvline(met[0], color=GREY, linewidth=1.2, linestyle="--")
    asked = 1 - (1 - coalition_needs) * time ** (1 / coalition_beta)
    _line(axes, time, asked, "coalition", "the coalition asks")
    offered = governor_grants * time ** (1 / governor_beta)
    _line(axes, time, offered, "governor", "the governor offers")
    axes.set_xlabel("time (0 = start, 1 = deadline)")
    axes.set_ylabel("the coalition's share of the pie")
    axes.set_xlim(0, 1.01)
    axes.set_ylim(-0.02, 1.02)
    axes.legend(loc="center left", bbox_to_anchor=(0.0, 0.85), frameon=False)
    return drawing


def _line(axes: Axes, time: Array, share: Array, side: str, words: str) -> None:
    style = "-" if side == "governor" else "--"
    axes.plot(time, share, linestyle=style, linewidth=2.4, color=COLOUR[side], label=words)


def _where_they_meet(met: tuple[float, float] | None) -> str:
    if met is None:
        return (
            "The coalition needs more than the governor grants: there is no ZOPA, and the lines never "
            "meet."
        )
    return (
        f"The lines meet at {met[0]:.2f} of the time, with {met[1]:.2f} of the pie for the coalition. "
        "Grey: the shares that both prefer to no agreement (the ZOPA)."
    )


@in_house_style
def holding_out(governor_obstinacy: float = 0.1, coalition_obstinacy: float = 0.1) -> Figure:
    """Draw when two sides who may be obstinate agree: in theory, and in worlds of the model.

    The arguments are the probabilities that a side never gives in. Both demand 0.6 of a pie, and the
    coalition is the more patient (`RATES`).
    """
    war = _war(governor_obstinacy, coalition_obstinacy)
    turns = np.arange(TURNS + 1.0)
    theory = war.conceded_by(turns[:, None])
    agreed = 1 - (1 - theory).prod(-1)
    seen = _agreed_by(governor_obstinacy, coalition_obstinacy)
    caption = (
        f"Each demands {DEMAND:g}. In theory {percent(float(war.no_agreement))} of the pairs never agree, as "
        f"both are obstinate; of {WORLDS} runs of the model (worlds) {percent(1 - seen[-1])} do not. In the "
        "model a side moves every second turn, so that it lags behind."
    )
    drawing = figure(5.4, "Two sides hold out, and one of them gives in", caption)
    axes = drawing.subplots()
    axes.plot(turns, agreed, color=INK, linewidth=2.4, label="agreed by then, in theory")
    axes.step(turns, seen, where="post", color=GREY, linewidth=1.6, label="in runs of the model")
    for side, conceded, style in zip(SIDES, theory.T, (":", (0, (5, 2))), strict=True):
        words = f"the {side} would have given in by then"
        axes.plot(turns, conceded, color=COLOUR[side], linestyle=style, linewidth=2, label=words)
    axes.set_xlabel("turn")
    axes.set_ylabel("probability")
    in_percent(axes.yaxis)
    axes.set_ylim(0, 1.03)
    legend(axes, "lower right")
    return drawing


def _war(governor: float = OBSTINATE, coalition: float = OBSTINATE) -> ReputationalBargaining:
    obstinate = np.array([governor, coalition])
    return ReputationalBargaining(np.full(2, DEMAND), RATES, obstinate)


@cache
def _agreed_by(governor: float, coalition: float) -> Array:
    """The share of worlds that have agreed by each turn, when both hold out over a plain pie."""
    patience = np.exp(-RATES)
    values = {
        "calendar.rounds": TURNS,
        "talks.first_proposer": "random",
        "governor.obstinacy": governor,
        "coalition.obstinacy": coalition,
    }
    for side, factor in zip(SIDES, patience, strict=True):
        values |= {f"{side}.tactic": "war_of_attrition", f"{side}.demand": DEMAND}
        values |= {f"{side}.discount_factor": float(factor)}
    worlds = negotiate("split-the-pie", WORLDS, seed=5, set=values).frame()
    rounds = worlds["round"].astype(float).fillna(np.inf).to_numpy()
    return (rounds <= np.arange(TURNS + 1)[:, None]).mean(-1)


@cache
def _change(measure: str) -> str:
    """Which way giving way earlier moves a mean of the case, with one ballot."""
    earlier = ONE_BALLOT | {"governor.beta": EARLIER}
    before, after = (played(values, WORLDS)[measure].mean() for values in (ONE_BALLOT, earlier))
    return way(after - before)


def _share_where_they_meet(governor_beta: float = BETA) -> float:
    """The coalition's share of the pie where the offers of the exercise on paper meet."""
    met = crossing(GRANTS, NEEDS, governor_beta, BETA)
    assert met is not None  # he grants more than the coalition needs
    return met[1]


predicted = Prediction(
    "At which share of the time, from 0 to 1, do the offers of two sides meet who both give way late "
    "(beta 0.2), with a ZOPA 0.3 wide?"
)

meeting_time = Check(
    "At which share of the time do the offers meet, with a ZOPA 0.3 wide and beta 0.2 on both "
    "sides?",
    lambda: crossing_time(GRANTS - NEEDS, BETA),
    "It is (1 + Z) ** -beta for a ZOPA of width Z: the smaller beta, the nearer the deadline.",
    Hint(
        lambda: crossing_time(GRANTS - NEEDS, 1 / BETA),
        "This is for beta 5, a side that gives way early. Below 1 is late (Boulware); some programs use "
        "1 / beta under the same name.",
    ),
    Hint(
        lambda: crossing_time(GRANTS, BETA),
        "You took what the governor grants for the width of the ZOPA. The width is that less what the "
        "coalition needs.",
    ),
    Hint(
        lambda: 1.0,
        "At the deadline both stand at their reservation values, and these overlap: they meet before.",
    ),
    form=SHARE,
)

share = Check(
    "Which share of the pie does the coalition get where these offers meet?",
    _share_where_they_meet,
    "With the same beta it is what the governor grants, divided by 1 + Z. Not the middle of the ZOPA: "
    "the side that has further to go from its first offer gives more in the same time.",
    Hint(
        lambda: (GRANTS + NEEDS) / 2,
        "This is the middle of the ZOPA. The two sides start at 0 and 1, not equally far from it.",
    ),
    Hint(
        lambda: 1 - _share_where_they_meet(),
        "This is what the governor keeps. The question is of the coalition's share.",
    ),
    form=SHARE,
)

who_gains = Check(
    "The governor waits longer (beta 0.1), the coalition as before (0.2). Who has more than before?",
    lambda: (
        "the governor"
        if _share_where_they_meet(LATER) < _share_where_they_meet()
        else "the coalition"
    ),
    "At each moment the side that waits has given less, so that the other must come further.",
    Hint(
        lambda: "the coalition",
        "Draw it: with beta 0.1 the governor's line lies lower at every time before the deadline.",
    ),
    Hint(
        lambda: "both",
        "They share one pie: what one has more, the other has less. The time changes too, but time "
        "costs nothing here.",
    ),
    choices=("the governor", "the coalition", "both"),
)

hazard = Check(
    "With which probability a turn does the governor give in, in the war of attrition?",
    lambda: float(_war().hazards[0]),
    "It is the rate that leaves the *other* side just willing to wait: r_coalition (1 - a) / (2 a - 1).",
    Hint(
        lambda: float(_war().hazards[1]),
        "You used the governor's own impatience. His rate of giving in must make the coalition "
        "indifferent, so it is the coalition's impatience that counts.",
    ),
    Hint(
        lambda: float(RATES[1] * (1 - DEMAND)),
        "Divide by what is at stake: the two demands less the pie of 1.",
    ),
    form=SHARE,
)

missed_deadline = Check(
    "Each has publicly demanded 0.75, and only the last instant is left. How likely is no "
    "agreement?",
    lambda: missed_deadline_probability(POSTED, OBSTINATE),
    "Each gives in with probability 2 (1 - a), so that both hold out with (2 a - 1) squared. The more "
    "extreme the demands, the more deadlines pass.",
    Hint(
        lambda: 1 - concession_at_deadline(POSTED, OBSTINATE),
        "This is the probability that one side holds out. There is no agreement if both do.",
    ),
    Hint(
        lambda: OBSTINATE**2,
        "These are pairs of whom both are obstinate. Others hold out too, hoping that the other gives "
        "in.",
    ),
    form=SHARE,
)

savings_if_earlier = Check(
    "The governor gives way earlier (beta 0.4 for 0.1). Where do the savings agreed go?",
    lambda: _change("savings"),
    "Who gives way earlier gets less in the talks.",
    Hint(lambda: "up", "Who gives way earlier gets less in the talks. Compare the two means."),
    Hint(lambda: "the same", "The talks end with another package. Compare the two means."),
    choices=WAYS,
)

ratified_if_earlier = Check(
    "And how often do the members ratify?",
    lambda: _change("ratified"),
    "They vote on a milder package. What the governor loses in the talks he may win at the ballot.",
    Hint(
        lambda: "down",
        "You may have thought of the governor's success in the talks. Members vote on the package "
        "itself.",
    ),
    Hint(lambda: "the same", "The members vote on another package. Compare the two shares."),
    choices=WAYS,
)
