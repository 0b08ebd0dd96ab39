"""Lesson 6: whom a threat of layoffs moves, when layoffs follow seniority, and who believes it."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.optimize import brentq, minimize_scalar

from sim.arrays.axes import Array
from sim.preferences.information import after_notices, size_credibility
from sim.preferences.member import layoff_risk
from sim.show.figures.style import FAINT, GREY, INK, TEXT, figure, in_house_style
from sim.teaching.lessons.case import alone, case, played
from sim.teaching.lessons.checks import SHARE, Check, Hint, Prediction
from sim.teaching.lessons.panel import in_percent, legend
from sim.theory.seniority import yes_share_strict, yes_share_uncentred

CONCESSION = 0.04  # what the agreement costs a member, as a share of a year's pay
LOSS = 0.8  # what a layoff costs, likewise
WORKFORCE, THREAT = 45_000, 4742
BUMPING = 0.15
LATER_THREAT = 0.144  # share of the workforce threatened in the exercise on paper
BELIEF, BLUFF, NOTICES = 0.5, 0.5, 3
DOUBT = 0.5
WORLDS = 400


@in_house_style
def who_votes_yes(
    threat_layoffs: int = THREAT,
    threat_bumping: float = 0.0,
    threat_credibility_members: float = 1.0,
    concession: float = CONCESSION,
) -> Figure:
    """Draw what members of each seniority stand to lose, and how many vote Yes to avoid it.

    `threat_layoffs` is in persons, `concession` what the agreement costs each of them as a share of
    a year's pay. Nothing else is at stake.
    """
    member = threat_layoffs, threat_bumping, threat_credibility_members, concession
    title = "A member votes Yes if the agreement costs less than the risk it takes away"
    drawing = figure(5.8, title, _caption(*member))
    left, right = drawing.subplots(1, 2)
    _stakes(left, *member)
    _votes(right, *member)
    return drawing


def _stakes(axes: Axes, threat: int, bumping: float, belief: float, concession: float) -> None:
    """What the threat costs by seniority, beside what the agreement costs."""
    seniority = np.linspace(0, 1, 2001)
    at_risk = belief * LOSS * _risk(seniority, threat, bumping)
    yes = at_risk >= concession
    axes.fill_between(seniority, 0, 1, where=yes, color=FAINT, linewidth=0, label="vote Yes")
    axes.plot(seniority, at_risk, color=INK, linewidth=2.4, label="expected loss from layoffs")
    axes.axhline(concession, color=GREY, linewidth=2, linestyle="--", label="cost of the agreement")
    axes.set_xlabel("seniority (0 = last hired, 1 = first hired)")
    axes.set_ylabel("share of a year's pay")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, max(LOSS, concession) * 1.05)
    axes.set_title("Who has what to lose")
    legend(axes, "upper right", TEXT)


def _votes(axes: Axes, threat: int, bumping: float, belief: float, concession: float) -> None:
    """How many vote Yes, by the size of the threat."""
    threats = np.linspace(0, WORKFORCE, 181)
    shares = [_yes_share(each, bumping, belief, concession) for each in threats]
    strict = yes_share_strict(threats / WORKFORCE, belief, LOSS, concession)
    axes.axhline(0.5, color=GREY, linewidth=1.2, linestyle=":")
    axes.plot(threats, shares, color=INK, linewidth=2.4, label="with this much bumping")
    words = "strict seniority (theory)"
    axes.plot(threats, strict, color=GREY, linewidth=2, linestyle="--", label=words)
    now = _yes_share(threat, bumping, belief, concession)
    axes.plot([threat], [now], marker="D", markersize=10, color=INK, linestyle="none")
    axes.set_xlabel("layoffs threatened")
    axes.set_ylabel("members who vote Yes")
    axes.xaxis.set_major_formatter(lambda people, _: f"{people:,.0f}")
    in_percent(axes.yaxis)
    axes.set_ylim(0, 1.03)
    axes.set_title("How many vote Yes")
    legend(axes, "lower right", TEXT)


def _yes_share(threat: float, bumping: float, belief: float, concession: float) -> float:
    """The share of members who lose no less from the threat than from the agreement."""
    seniority = (np.arange(2001) + 0.5) / 2001
    return float((belief * LOSS * _risk(seniority, threat, bumping) >= concession).mean())


def _caption(threat: int, bumping: float, belief: float, concession: float) -> str:
    share = _yes_share(threat, bumping, belief, concession)
    return (
        f"{threat:,} layoffs are {100 * threat / WORKFORCE:.1f} % of {WORKFORCE:,}; {100 * share:.1f} % "
        "vote Yes. Dashed, right: if the last hired go first, the threat moves just those who would go."
    )


def risk(seniority: float) -> float:
    """The probability that a member is laid off, with the threat and the bumping of 2011."""
    return float(_risk(np.array([seniority]), THREAT, BUMPING)[0])


def _risk(seniority: Array, threat: float, bumping: float) -> Array:
    return layoff_risk(seniority, np.array(threat / WORKFORCE), np.array(bumping))


def _for_half(gain_over_cost: float) -> float:
    """The bumping with which half vote Yes, by the form for pencil and paper."""
    loss = CONCESSION * gain_over_cost

    def short_of_half(bumping):
        return yes_share_uncentred(LATER_THREAT, bumping, 1.0, loss, CONCESSION) - 0.5

    return float(brentq(short_of_half, 0.0, 1.0))


def _plan_b_layoffs() -> float:
    """How many layoffs close the governor's gap at least cost, together with cuts."""
    fiscal = case().fiscal
    return float(alone(case(), fiscal.gap).layoffs) / fiscal.saving_per_layoff


def _believed(threat: float) -> float:
    """How many layoffs members expect of a threat that they doubt the more, the larger it is."""
    belief = size_credibility(*(np.array([each]) for each in (threat, _plan_b_layoffs(), DOUBT)))
    return float(threat * belief[0])


def _largest_believed() -> float:
    found = minimize_scalar(
        lambda threat: -_believed(threat), bounds=(0, WORKFORCE), method="bounded"
    )
    return float(found.x)


def _after(belief: float, bluff: float, notices: int) -> float:
    return float(after_notices(np.array([belief]), np.array([bluff]), np.array([notices]))[0])


@cache
def _second_yes(notices: int, outreach: float) -> float:
    """The mean share of Yes on the second ballot of the case."""
    values = {"threat.notices": notices, "information.outreach_second": outreach}
    return float(played(values, WORLDS)["yes_share_2"].mean())


def _stronger() -> str:
    """Which of the two, alone, wins the larger share on the second ballot."""
    return "notices" if _second_yes(3, 0.0) > _second_yes(0, 0.8) else "outreach"


predicted = Prediction(
    "Layoffs go strictly to the last hired, and 10 % of the jobs are threatened. The agreement costs each "
    "member 4 % of pay, a layoff 80 %. Which share of the members votes Yes, from 0 to 1?"
)

strict_share = Check(
    "Which share votes Yes to avoid 4,742 layoffs of 45,000, if the last hired go first?",
    lambda: yes_share_strict(THREAT / WORKFORCE, 1.0, LOSS, CONCESSION),
    "Just those who would go. Everyone else is safe, and would pay for nothing.",
    Hint(
        lambda: CONCESSION / LOSS,
        "This is the risk at which a member is indifferent. How many members have more than that?",
    ),
    Hint(
        lambda: 1.0,
        "On average a layoff costs more than the agreement. But members vote one by one, and most of "
        "them are sure to keep their job.",
    ),
    Hint(
        lambda: THREAT,
        "Give a share of the members between 0 and 1.",
        fits=lambda answer: answer > 100,
    ),
    form=SHARE,
)

layoffs_for_half = Check(
    "How many of 45,000 layoffs must be threatened for half of the members to vote Yes?",
    lambda: 0.5 * WORKFORCE,
    "With strict seniority the share of Yes is the share of jobs threatened: half of them, for a "
    "majority.",
    Hint(
        lambda: THREAT,
        "This is what was threatened in May 2011. With strict seniority it moves about one member in "
        "ten.",
    ),
    Hint(
        lambda: WORKFORCE * CONCESSION / LOSS,
        "So many layoffs would make the *average* member indifferent, if all ran the same risk.",
    ),
    tolerance=1.0,
)

belief_of_junior = Check(
    "How likely must the last hired (seniority 0) think the threat for a Yes, with bumping 0.15?",
    lambda: CONCESSION / (risk(0.0) * LOSS),
    "A Yes is worth it from c / (risk x loss) on.",
    Hint(
        lambda: CONCESSION / LOSS,
        "You took it for certain that this member goes. With bumping the last hired goes with a "
        "probability: print lesson.risk(0).",
    ),
    Hint(
        lambda: risk(0.0) * LOSS / CONCESSION,
        "Upside down: the cost of the agreement over what is at risk.",
    ),
    form=SHARE,
)

median_member = Check(
    "At which belief in the threat does the member of middle seniority (0.5) vote Yes?",
    lambda: "never" if CONCESSION / (risk(0.5) * LOSS) > 1 else "if it seems more likely than not",
    "The belief needed is above 1: even a threat that is sure to be carried out does not move this "
    "member. So a threat alone wins no majority here.",
    Hint(
        lambda: "if it seems more likely than not",
        "Work out c / (risk x loss) with lesson.risk(0.5), and see whether it is a probability.",
    ),
    Hint(
        lambda: "always",
        "Even an agreement that costs little must beat a risk, and this member's is small: "
        "lesson.risk(0.5).",
    ),
    choices=("never", "if it seems more likely than not", "always"),
)

belief_after_notices = Check(
    "How likely do members think the threat after three rounds of notices, if 0.5 before?",
    lambda: _after(BELIEF, BLUFF, NOTICES),
    "Each round halves the odds that he bluffs, as a bluffer sends notices half of the time.",
    Hint(lambda: _after(BELIEF, BLUFF, 1), "This is after one round. Two more follow."),
    Hint(lambda: 1 - _after(BELIEF, BLUFF, NOTICES), "This is how likely it is that he bluffs."),
    Hint(
        lambda: 1 - BLUFF**NOTICES,
        "So often would a bluffer have been found out. Bayes' rule weighs both kinds of governor by how "
        "likely they were before.",
    ),
    form=SHARE,
)

bumping_for_half = Check(
    "On paper: with which bumping do half vote Yes, at a threat of 0.144, cost 0.04 and loss 0.6?",
    lambda: _for_half(0.6 / CONCESSION),
    "From l + tau ln(loss / c - 1) = 1/2.",
    Hint(
        lambda: (0.5 - LATER_THREAT) / np.log(0.6 / CONCESSION),
        "You left out the - 1 in the logarithm.",
    ),
    Hint(
        lambda: 0.5 / np.log(0.6 / CONCESSION - 1),
        "You left out the threat itself: the share of Yes is l + tau ln(loss / c - 1).",
    ),
    form=SHARE,
)

largest_believed = Check(
    "Which threat makes members expect most layoffs, if they doubt its size by 0.5?",
    _largest_believed,
    "Beyond l* / d a larger threat is believed so much less that members expect fewer layoffs of it.",
    Hint(
        _plan_b_layoffs,
        "This is what Plan B itself needs; up to here nothing is doubted. A little more adds more than "
        "doubt takes away, until l* / d.",
    ),
    Hint(
        lambda: 45_000,
        "A threat of everyone's job is hardly believed. Plot the threat times its credibility.",
    ),
    tolerance=100.0,
)

stronger = Check(
    "Which wins more votes on the second ballot, alone: notices or outreach?",
    _stronger,
    "At these values. They were chosen by hand on the totals of 2011, which cannot tell the two apart.",
    Hint(
        lambda: "notices",
        "Look at the two means again: three rounds of notices without outreach, and outreach without "
        "notices.",
    ),
    choices=("notices", "outreach"),
)
