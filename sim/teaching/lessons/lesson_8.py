"""Lesson 8: what confidentiality does in the talks and at the ballot, and what the record can tell."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.optimize import bisect

from sim.arrays.axes import Array
from sim.cases.record import load_record
from sim.preferences.information import members_belief, misperception, reservation
from sim.show.figures.style import COLOUR, FAINT, GREY, INK, figure, in_house_style, percent
from sim.teaching.lessons.case import ONE_BALLOT, RECORD, WAYS, Values, case, played, way
from sim.teaching.lessons.checks import SHARE, Check, Hint, Prediction
from sim.teaching.lessons.panel import in_percent, legend
from sim.theory.commitment import committed_share, deal_exists, public_demand_payoffs

WATCHED = 1.5  # audience cost of a side that retreats in public
OWN, OTHER = 1.0, 0.25  # costs of retreating, in the exercise on paper
LUMP = 0.2  # cost of settling below what one demanded in public
WORLDS = 300
FACTS = {  # what may be said of 2011, and the moment of the record that says it, if one does
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
    title = "Closed doors (confidentiality): room in the talks, doubt at the ballot"
    drawing = figure(5.8, title, _caption(information_secrecy, *costs))
    left, right = drawing.subplots(1, 2)
    _room(left, information_secrecy, *costs)
    _what_members_know(right, information_secrecy)
    for axes in (left, right):
        axes.axvline(information_secrecy, color=INK, linewidth=1.6, ymax=0.78)
        axes.set_xlabel("how closed the doors are (0 = open, 1 = closed)")
        axes.set_xlim(-0.01, 1.01)
        axes.set_ylim(-0.03, 1.28)
        axes.set_yticks(np.linspace(0, 1, 6))
        legend(axes, "upper left")
    return drawing


def _room(axes: Axes, secrecy: float, to_governor: float, to_coalition: float) -> None:
    """The shares of a pie that each side can accept, by how closed the doors are."""
    closed = np.linspace(0, 1, 201)
    most = 1 - _least(to_governor, closed)
    least = _least(to_coalition, closed)
    axes.fill_between(closed, least, most, where=most >= least, color=FAINT, linewidth=0)
    _line(axes, most, "most the governor can give", COLOUR["governor"])
    _line(axes, least, "least the leaders can take", COLOUR["coalition"], "--")
    if deal_exists(to_governor, to_coalition, secrecy):
        now = np.array([secrecy])
        _mark(axes, secrecy, (1 - _least(to_governor, now) + _least(to_coalition, now)) / 2)
    axes.set_ylabel("the coalition's share of the pie")
    axes.set_title("In the talks: room to agree (grey)")


def _what_members_know(axes: Axes, secrecy: float) -> None:
    """What members believe and imagine at the first ballot of 2011, by how closed the doors are."""
    closed = np.linspace(0, 1, 201)
    _line(axes, _belief(closed), "how likely the threat seems", INK)
    _line(axes, 10 * _imagined(closed), "cost they imagine (share of pay, x 10)", GREY, "--")
    _mark(axes, secrecy, _belief(np.array([secrecy])))
    axes.set_ylabel("what members believe")
    in_percent(axes.yaxis)
    axes.set_title("At the ballot: what members know")


def _line(axes: Axes, values: Array, words: str, colour: str, style: str = "-") -> None:
    closed = np.linspace(0, 1, len(values))
    axes.plot(closed, values, label=words, color=colour, linewidth=2.4, linestyle=style)


def _mark(axes: Axes, secrecy: float, value: Array) -> None:
    axes.plot(secrecy, value, marker="D", markersize=9, color=INK, clip_on=False)


def _caption(secrecy: float, to_governor: float, to_coalition: float) -> str:
    now = np.array([secrecy])
    room = "room" if deal_exists(to_governor, to_coalition, secrecy) else "no room"
    return (
        f"At {secrecy:.2f} of secrecy there is {room} to agree on a plain pie. Members of 2011 would think "
        f"the threat {percent(_belief(now).item())} likely, and imagine a cost of "
        f"{100 * _imagined(now).item():.1f} % of pay that is not in the text. The values on the right "
        "are assumptions."
    )


def _least(cost: float, secrecy: Array) -> Array:
    """The least utility that a side can accept, by its cost of retreating in public."""
    return reservation(np.array([cost]), secrecy, np.zeros(1))


def _least_share() -> float:
    """The same for a side that is watched, with open doors."""
    return _least(WATCHED, np.zeros(1)).item()


def _belief(secrecy: Array) -> Array:
    """How likely members of 2011 think the threat at first."""
    threat = case().threat
    members, leaders = threat.credibility_members, threat.credibility_leaders
    return members_belief(np.array([members]), np.array([leaders]), secrecy)


def _imagined(secrecy: Array) -> Array:
    """What cost they imagine at the first ballot, as a share of a year's pay."""
    information = case().information
    cost, outreach = information.misperceived_cost, information.outreach_first
    return misperception(np.array([cost]), secrecy, np.array([outreach]))


def _least_secrecy() -> float:
    """The least secrecy with which two watched sides can agree."""
    return float(bisect(lambda secrecy: 0.5 - deal_exists(WATCHED, WATCHED, secrecy), 0.0, 1.0))


@cache
def ratified(secrecy: float) -> float:
    """The share of worlds of 2011 in which an agreement is made and ratified, with one ballot."""
    doors = {
        "information.secrecy": secrecy,
        "information.audience_cost_governor": WATCHED,
        "information.audience_cost_coalition": WATCHED,
    }
    return float(played(ONE_BALLOT | doors, WORLDS)["ratified"].mean())


DEGREES = (0.0, 0.25, 0.5, 0.75, 1.0)


def _best_degree() -> float:
    return max(DEGREES, key=ratified)


@cache
def _if_watched(realised: bool) -> str:
    """Where savings go if the governor is watched and not nobody, with open doors and one ballot."""
    open_doors = {"information.secrecy": 0.0, "information.audience_cost_coalition": 0.0}
    before, after = (
        _savings(ONE_BALLOT | open_doors | {"information.audience_cost_governor": cost}, realised)
        for cost in (0.0, WATCHED)
    )
    return way(after - before)


def _savings(values: Values, realised: bool) -> float:
    """The mean savings of agreements, or of all worlds with 0 where nothing was ratified."""
    frame = played(values, WORLDS)
    savings = frame["savings"].where(frame["ratified"], 0) if realised else frame["savings"]
    return float(savings.mean())


def _cannot_be_told() -> list[str]:
    known = {moment.name for moment in load_record(RECORD).moment}
    return [words for words, moment in FACTS.items() if moment not in known]


predicted = Prediction(
    "Both sides are watched. As the doors close, how often is an agreement made *and* ratified, with one "
    "ballot?",
    choices=("more and more often", "less and less often", "most often in between"),
)

least_share = Check(
    "Doors are open, and retreating costs a side 1.5 per unit. Which least share can it accept?",
    _least_share,
    "It demanded 1 in public, and A / (1 + A) is where no agreement and a retreat cost the same.",
    Hint(
        lambda: 1 - _least_share(),
        "This is what it can give away. The question is what it must keep.",
    ),
    Hint(
        lambda: WATCHED,
        "This is the cost of a unit. A share is at most 1: solve u - 1.5 (1 - u) = 0.",
    ),
    form=SHARE,
)

least_secrecy = Check(
    "Both sides have an audience cost of 1.5. How closed must the doors be, at least, for a deal "
    "to exist?",
    _least_secrecy,
    "The product of what both would pay must be at most 1: 1.5 (1 - s) x 1.5 (1 - s) <= 1.",
    Hint(
        lambda: 1 - 1 / WATCHED**2,
        "Closing the doors lowers the cost of *both* sides: the factor (1 - s) stands in the product "
        "twice.",
    ),
    Hint(lambda: 1 / WATCHED, "This is how much may be seen. How much must be hidden?"),
    Hint(lambda: 1.0, "With doors fully closed no retreat costs anything. Less is enough."),
    form=SHARE,
)

both_demand = Check(
    "Settling below one's public demand costs 0.2. What does each side expect if both demand in "
    "public?",
    lambda: float(public_demand_payoffs(LUMP)[1, 1]),
    "Less than the half that both would have in silence; but each is better off with a demand while "
    "the other is silent: a prisoner's dilemma, and a reason for closed doors.",
    Hint(
        lambda: float(public_demand_payoffs(LUMP)[0, 0]),
        "This is what each has if both keep silent. Here one of them must retreat, and pay.",
    ),
    Hint(
        lambda: float(public_demand_payoffs(LUMP)[1, 0]),
        "This is what a side has that demands while the other is silent.",
    ),
    form=SHARE,
)

best_degree = Check(
    "Of 0, 0.25, 0.5, 0.75 and 1: at which degree of secrecy is most agreed and ratified?",
    _best_degree,
    "With open doors there are few agreements, with closed doors few of them are ratified: an "
    "inverted U.",
    Hint(lambda: 1.0, "Here most is agreed. Multiply by how often it is ratified."),
    Hint(lambda: 0.0, "Here most of the agreements are ratified, but there are few of them."),
    form=SHARE,
    tolerance=1e-6,
)

committed = Check(
    "On paper: retreating costs one side 1 per unit and the other 0.25. Which share does the "
    "first have?",
    lambda: committed_share(OWN, OTHER),
    "(1 + k) / (2 + k + k'): the side that is hurt more by retreating gets more (Muthoo 1996).",
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
    form=SHARE,
)

savings_agreed = Check(
    "Doors are open. Where do the savings *agreed* go if the governor is watched, and not nobody?",
    lambda: _if_watched(realised=False),
    "Who cannot retreat gets more in the talks.",
    Hint(lambda: "down", "A side that is hurt by retreating is conceded more. Compare the means."),
    Hint(lambda: "the same", "He insists on more than before. Compare the means."),
    choices=WAYS,
)

savings_realised = Check(
    "And the savings *realised*, counting 0 where the members did not ratify?",
    lambda: _if_watched(realised=True),
    "What he wins in the talks he loses at the ballot, as members vote on what he got.",
    Hint(
        lambda: "up",
        "These are the savings of the agreements. Count 0 for those that were not ratified.",
    ),
    Hint(lambda: "the same", "Members vote on another package. Compare the means."),
    choices=WAYS,
)

cannot_be_told = Check(
    "Which of these can nobody tell from the record of 2011? A list of some of lesson.FACTS.",
    _cannot_be_told,
    "What happened was counted. What one thing did *by itself* was not, when several changed together.",
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
    choices=tuple(FACTS),
)
