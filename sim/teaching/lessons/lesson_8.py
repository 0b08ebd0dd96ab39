"""Lesson 8: what closed doors do at the table and at the ballot, and what the record can tell."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from scipy.optimize import bisect

from sim.arrays.axes import Array
from sim.cases.loading import load_scenario
from sim.cases.record import load_record
from sim.play.outcome import negotiate
from sim.preferences.information import members_belief, misperception, reservation
from sim.show.figures.style import (
    COLOUR,
    FAINT,
    GREY,
    INK,
    SMALL,
    figure,
    finish,
    in_house_style,
    percent,
)
from sim.teaching.lessons.checks import Check, Hint, Prediction
from sim.theory.commitment import committed_share, deal_exists, public_demand_payoffs

CASE, RECORD = "sebac-2011", "connecticut-2011"
WATCHED = 1.5  # audience cost of a side that retreats in public
OWN, OTHER = 1.0, 0.25  # costs of retreating, in the exercise on paper
LUMP = 0.2  # cost of settling below what one demanded in public
WORLDS = 300
FACTS = {  # what may be told of 2011, and the moment of the record that tells it, if one does
    "how many voted Yes in June": "yes_share_1",
    "what secrecy did by itself": None,
    "how many unions said Yes in August": "unions_yes_2",
    "how much outreach did, apart from notices and new bylaws": None,
    "which of the rival reasons made members vote No": None,
    "what the agreement saves, as scored": "savings",
}


@in_house_style
def doors(
    information_secrecy: float = 1.0,
    information_audience_cost_governor: float = WATCHED,
    information_audience_cost_coalition: float = WATCHED,
) -> Figure:
    """Draw what closing the doors does: the room to agree it leaves, and what members know.

    The two sides share a plain pie; retreating from what they first demanded costs them the more, the
    more of it is seen.
    """
    costs = information_audience_cost_governor, information_audience_cost_coalition
    drawing = figure(
        5.8,
        "Closed doors: room at the table, doubt at the ballot",
        _told(information_secrecy, *costs),
    )
    left, right = drawing.subplots(1, 2)
    _room(left, information_secrecy, *costs)
    _what_members_know(right, information_secrecy)
    for axes in (left, right):
        axes.axvline(information_secrecy, color=INK, linewidth=1.6, ymax=0.78)
        axes.set_xlabel("how closed the doors are (0 = open, 1 = closed)")
        axes.set_xlim(-0.01, 1.01)
    finish(drawing)
    return drawing


def _room(axes: Axes, secrecy: float, to_governor: float, to_coalition: float) -> None:
    """The shares of a pie that each side can accept, by how closed the doors are."""
    closed = np.linspace(0, 1, 201)
    most = 1 - _least(to_governor, closed)
    least = _least(to_coalition, closed)
    axes.fill_between(closed, least, most, where=most >= least, color=FAINT, linewidth=0)
    axes.plot(
        closed, most, color=COLOUR["governor"], linewidth=2.4, label="most the governor can give"
    )
    style = {"color": COLOUR["coalition"], "linewidth": 2.4, "linestyle": "--"}
    axes.plot(closed, least, label="least the leaders can take", **style)
    if deal_exists(to_governor, to_coalition, secrecy):
        middle = (1 - _least(to_governor, secrecy) + _least(to_coalition, secrecy)) / 2
        axes.plot(secrecy, middle, marker="D", markersize=9, color=INK, clip_on=False)
    axes.set_ylim(-0.03, 1.28)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.set_ylabel("the coalition's share of the pie")
    axes.set_title("At the table: room to agree (grey)")
    axes.legend(loc="upper left", frameon=True, framealpha=1, edgecolor="none", fontsize=SMALL)


def _what_members_know(axes: Axes, secrecy: float) -> None:
    """What members believe and imagine at the first ballot of 2011, by how closed the doors are."""
    closed = np.linspace(0, 1, 201)
    axes.plot(
        closed, _belief(closed), color=INK, linewidth=2.4, label="how likely the threat seems"
    )
    imagined = {"color": GREY, "linewidth": 2.4, "linestyle": "--"}
    words = "cost they imagine (share of pay, x 10)"
    axes.plot(closed, 10 * _imagined(closed), label=words, **imagined)
    axes.plot(secrecy, _belief(secrecy), marker="D", markersize=9, color=INK, clip_on=False)
    axes.set_ylim(-0.03, 1.28)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.set_ylabel("what members believe")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent(share)))
    axes.set_title("At the ballot: what members know")
    axes.legend(loc="upper left", frameon=True, framealpha=1, edgecolor="none", fontsize=SMALL)


def _told(secrecy: float, to_governor: float, to_coalition: float) -> str:
    room = (
        "there is room to agree"
        if deal_exists(to_governor, to_coalition, secrecy)
        else "there is no room to agree"
    )
    return (
        f"At {secrecy:.2f} of secrecy {room} on a plain pie. Members of 2011 would think the threat "
        f"{percent(_belief(secrecy).item())} likely, and imagine a cost of "
        f"{100 * _imagined(secrecy).item():.1f} % of pay that is not in the text. The values on the right "
        "are assumptions."
    )


def _least(cost: float, secrecy: Array) -> Array:
    """The least utility that a side can accept, by its cost of retreating in public."""
    return reservation(np.array([cost]), np.atleast_1d(secrecy), np.zeros(1))


def _belief(secrecy: Array) -> Array:
    """How likely members of 2011 think the threat at first."""
    threat = load_scenario(CASE).threat
    members, leaders = (
        np.array([threat.credibility_members]),
        np.array([threat.credibility_leaders]),
    )
    return members_belief(members, leaders, np.atleast_1d(secrecy))


def _imagined(secrecy: Array) -> Array:
    """What cost they imagine at the first ballot, as a share of a year's pay."""
    information = load_scenario(CASE).information
    cost, outreach = (
        np.array([information.misperceived_cost]),
        np.array([information.outreach_first]),
    )
    return misperception(cost, np.atleast_1d(secrecy), outreach)


def _least_secrecy() -> float:
    """The least secrecy with which two watched sides can agree."""
    return float(bisect(lambda secrecy: 0.5 - deal_exists(WATCHED, WATCHED, secrecy), 0.0, 1.0))


@cache
def ratified(secrecy: float) -> float:
    """The share of worlds of 2011 in which an agreement is made and ratified, with one ballot."""
    values = {
        "ratification.second_vote": False,
        "information.secrecy": secrecy,
        "information.audience_cost_governor": WATCHED,
        "information.audience_cost_coalition": WATCHED,
    }
    return float(negotiate(CASE, WORLDS, seed=2011, set=values).frame()["ratified"].mean())


DEGREES = (0.0, 0.25, 0.5, 0.75, 1.0)


def _best_degree() -> float:
    return max(DEGREES, key=ratified)


@cache
def _if_watched(realised: bool) -> str:
    """Where savings go if the governor is watched and not nobody, with open doors and one ballot."""
    open_doors = {
        "ratification.second_vote": False,
        "information.secrecy": 0.0,
        "information.audience_cost_coalition": 0.0,
    }
    before, after = (
        _savings(open_doors | {"information.audience_cost_governor": cost}, realised)
        for cost in (0.0, WATCHED)
    )
    return "up" if after > before else "down" if after < before else "the same"


def _savings(values: dict, realised: bool) -> float:
    """The mean savings of agreements, or of all worlds with 0 where nothing was ratified."""
    frame = negotiate(CASE, WORLDS, seed=2011, set=values).frame()
    return float(
        (frame["savings"].where(frame["ratified"], 0) if realised else frame["savings"]).mean()
    )


def _cannot_be_told() -> list[str]:
    known = {moment.name for moment in load_record(RECORD).moment}
    return [words for words, moment in FACTS.items() if moment not in known]


predicted = Prediction(
    "Both sides are watched. As the doors close, how often is an agreement made *and* ratified, with one "
    "ballot?",
    choices=("more and more often", "less and less often", "most often in between"),
)

least_share = Check(
    question="Doors are open, and retreating costs a side 1.5 per unit. Which least share can it accept?",
    answer=lambda: _least(WATCHED, 0.0).item(),
    why="It demanded 1 in public, and A / (1 + A) is where a No and a retreat cost the same.",
    hints=(
        Hint(
            lambda: 1 - _least(WATCHED, 0.0).item(),
            "This is what it can give away. The question is what it must keep.",
        ),
        Hint(
            lambda: WATCHED,
            "This is the cost of a unit. A share is at most 1: solve u - 1.5 (1 - u) = 0.",
        ),
    ),
    tolerance=0.002,
)

least_secrecy = Check(
    question="Both sides have an audience cost of 1.5. How closed must the doors be, at least, for a deal "
    "to exist?",
    answer=_least_secrecy,
    why="The product of what both would pay must be at most 1: 1.5 (1 - s) x 1.5 (1 - s) <= 1.",
    hints=(
        Hint(
            lambda: 1 - 1 / WATCHED**2,
            "Closing the doors lowers the cost of *both* sides: the factor (1 - s) stands in the product "
            "twice.",
        ),
        Hint(lambda: 1 / WATCHED, "This is how much may be seen. How much must be hidden?"),
        Hint(lambda: 1.0, "With doors fully closed no retreat costs anything. Less is enough."),
    ),
    tolerance=0.002,
)

both_demand = Check(
    question="Settling below one's public demand costs 0.2. What does each side expect if both demand in "
    "public?",
    answer=lambda: float(public_demand_payoffs(LUMP)[1, 1]),
    why="Less than the half that both would have in silence; but each is better off with a demand while "
    "the other is silent: a prisoner's dilemma, and a reason for closed doors.",
    hints=(
        Hint(
            lambda: float(public_demand_payoffs(LUMP)[0, 0]),
            "This is what each has if both keep silent. Here one of them must retreat, and pay.",
        ),
        Hint(
            lambda: float(public_demand_payoffs(LUMP)[1, 0]),
            "This is what a side has that demands while the other is silent.",
        ),
    ),
    tolerance=0.002,
)

best_degree = Check(
    question="Of 0, 0.25, 0.5, 0.75 and 1: at which degree of secrecy is most agreed and ratified?",
    answer=_best_degree,
    why="With open doors there are few agreements, with closed doors few of them are ratified: an "
    "inverted U.",
    hints=(
        Hint(lambda: 1.0, "Here most is agreed. Multiply by how often it is ratified."),
        Hint(lambda: 0.0, "Here most of the agreements are ratified, but there are few of them."),
    ),
)

committed = Check(
    question="On paper: retreating costs one side 1 per unit and the other 0.25. Which share does the "
    "first have?",
    answer=lambda: committed_share(OWN, OTHER),
    why="(1 + k) / (2 + k + k'): the side that is hurt more by retreating gets more (Muthoo 1996).",
    hints=(
        Hint(
            lambda: committed_share(OTHER, OWN),
            "Swapped: this is the share of the side that is hurt less. Being bound is a strength here.",
        ),
        Hint(
            lambda: OWN / (OWN + OTHER),
            "In proportion to the costs alone a side without any cost would get nothing. It still has its "
            "half of the first unit: add 1 to each.",
        ),
        Hint(lambda: 0.5, "Half each would be right if both were hurt alike."),
    ),
    tolerance=0.002,
)

WAYS = ("up", "down", "the same")

savings_agreed = Check(
    question="Doors are open. Where do the savings *agreed* go if the governor is watched, and not nobody?",
    answer=lambda: _if_watched(realised=False),
    why="Who cannot retreat gets more at the table.",
    hints=(
        Hint(
            lambda: "down", "A side that is hurt by retreating is conceded more. Compare the means."
        ),
        Hint(lambda: "the same", "He insists on more than before. Compare the means."),
    ),
    choices=WAYS,
)

savings_realised = Check(
    question="And the savings *realised*, counting 0 where the members did not ratify?",
    answer=lambda: _if_watched(realised=True),
    why="What he wins at the table he loses at the ballot, as members vote on what he got.",
    hints=(
        Hint(
            lambda: "up",
            "These are the savings of the agreements. Count 0 for those that were not ratified.",
        ),
        Hint(lambda: "the same", "Members vote on another package. Compare the means."),
    ),
    choices=WAYS,
)

cannot_be_told = Check(
    question="Which of these can nobody tell from the record of 2011? A list of some of lesson.FACTS.",
    answer=_cannot_be_told,
    why="What happened was counted. What one thing did *by itself* was not, when several changed together.",
    hints=(
        Hint(
            lambda: list(FACTS),
            "Some of these were counted: votes, unions and the score are in the record.",
            fits=lambda answer: any(FACTS.get(words) for words in answer),
        ),
        Hint(
            lambda: _cannot_be_told()[:1],
            "All of yours are right, but more cannot be told: what else changed together with other things?",
            fits=lambda answer: set(answer) < set(_cannot_be_told()),
        ),
    ),
)
