"""Lesson 7: two levels, the ballot behind the talks, and the bylaws that decide it."""

from functools import cache
from math import comb

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.arrays.axes import Array
from sim.cases.record import load_record
from sim.show.figures.style import (
    COLOUR,
    FAINT,
    GREY,
    INK,
    SMALL,
    figure,
    in_house_style,
    percent,
)
from sim.teaching.lessons.case import CASE, RECORD, case
from sim.teaching.lessons.checks import SHARE, Answer, Check, Hint, Prediction
from sim.teaching.lessons.panel import in_percent, legend
from sim.theory.two_levels import (
    offer_for_quota,
    offer_under_doubt,
    ratifiable_share,
    ratification_probability,
)
from sim.theory.voting import double_threshold_probability
from sim.worlds.solution import solve

SAID_NO = ("AFSCME Council 4", "CEUI", "State Police", "IBPO judicial marshals")  # in June 2011
OLD, NEW = (14, 0.8), (8, 0.5)  # unions, and share of members or of votes
WILLING = 0.9  # probability that a union says Yes
MOST_NAMED = 8  # unions that the figure names
MEAN, SPREAD, QUOTA = 0.4, 0.1, 0.8  # of members' least acceptable share
PATIENCE, INSISTS = 0.95, 0.6
LOWEST, HIGHEST = 0.3, 0.9
SPLIT_WILLING = 0.7


@in_house_style
def bylaws(
    ratification_unions_required: int = 14, ratification_weight_required: float = 0.8
) -> Figure:
    """Draw how often a ballot passes under some bylaws, and how often it is each union that decides.

    So many unions must say Yes, and these must hold such a share of all members; each casts its whole
    membership.
    """
    rule = ratification_unions_required, ratification_weight_required
    drawing = figure(5.9, "What it takes to pass, and who can stop it", _caption(rule))
    left, right = drawing.subplots(1, 2, width_ratios=[5, 4])
    _passing(left, rule)
    _power(right, rule)
    return drawing


def _passing(axes: Axes, rule: tuple[int, float]) -> None:
    """The probability that a ballot passes, by how willing unions are."""
    willing = np.linspace(0, 1, 101)
    known = {"old bylaws, 14 of 15 and 80 %": OLD, "a majority, 8 of 15 and 50 %": NEW}
    for (words, each), style in zip(known.items(), ("--", ":"), strict=True):
        axes.plot(willing, _curve(*each), color=GREY, linewidth=2, linestyle=style, label=words)
    words = f"yours, {rule[0]} of 15 and {percent(rule[1])}"
    axes.plot(willing, _curve(*rule), color=INK, linewidth=2.6, label=words)
    axes.set_xlabel("probability that a union says Yes")
    axes.set_ylabel("probability that the ballot passes")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    axes.set_ylim(-0.03, 1.38)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.set_title("How often it passes")
    legend(axes, "upper left")


def _power(axes: Axes, rule: tuple[int, float]) -> None:
    """How often each of the largest unions completes the quota (Shapley and Shubik 1954)."""
    power = _power_under(*rule).head(MOST_NAMED)
    rows = np.arange(len(power))
    colours = [COLOUR["coalition"] if veto else FAINT for veto in power["veto"]]
    axes.barh(rows, power["shapley_shubik"], color=colours, edgecolor=GREY)
    for row, (decides, veto) in enumerate(zip(power["shapley_shubik"], power["veto"], strict=True)):
        axes.text(decides, row, f" {percent(decides)}{' veto' * veto}", va="center", size=SMALL)
    axes.set_yticks(rows, power["union"] + " (" + power["weight"].map(percent) + ")")
    axes.invert_yaxis()
    axes.set_xlim(0, max(0.3, 1.3 * power["shapley_shubik"].max()))
    in_percent(axes.xaxis)
    axes.set_xlabel("how often its Yes is the last one needed")
    axes.set_title("Who decides (share of members)")


def _caption(rule: tuple[int, float]) -> str:
    vetoes = _power_under(*rule).query("veto")["union"].tolist()
    who = (
        "No union alone can stop an agreement"
        if not vetoes
        else "Every union alone can stop an agreement"
        if len(vetoes) == len(_sizes())
        else f"{' and '.join(vetoes)} alone can stop any agreement"
    )
    return (
        f"{who}. If each union says Yes with probability {WILLING:g}, the ballot passes with probability "
        f"{_passes(WILLING, rule):.2f}. Right: unions say Yes in a random order; only the {MOST_NAMED} "
        "largest of 15 are named."
    )


@cache
def _curve(unions_required: int, weight_required: float) -> Array:
    """How likely a ballot passes, for unions that say Yes with probability 0, .01 to 1."""
    rule = unions_required, weight_required
    return np.array([_passes(willing, rule) for willing in np.linspace(0, 1, 101)])


@cache
def _power_under(unions_required: int, weight_required: float) -> pd.DataFrame:
    rule = {
        "ratification.unions_required": unions_required,
        "ratification.weight_required": weight_required,
    }
    return solve(CASE, set=rule).power


@cache
def _sizes() -> Array:
    return np.array([union.members for union in case().union])


def _passes(willing: float, rule: tuple[int, float], sizes: Array | None = None) -> float:
    """The probability that a ballot passes if each union says Yes with this probability."""
    sizes = _sizes() if sizes is None else sizes
    return double_threshold_probability(np.full(len(sizes), float(willing)), sizes, *rule)


def _said_yes(*said_no: str) -> Array:
    """Which unions said Yes: 1 or 0."""
    return np.array([float(union.name not in said_no) for union in case().union])


def _weight(yes: Array) -> float:
    return float((yes * _sizes()).sum() / _sizes().sum())


def _moment(name: str) -> float:
    return next(moment.value for moment in load_record(RECORD).moment if moment.name == name)


def _passed(august_by_member: bool = False, june_by_union: bool = False) -> list[str]:
    """Which ballots pass under which rule, read rightly or by either mistake."""
    in_june = _said_yes(*SAID_NO)
    august = _moment("yes_share_2") if august_by_member else 1.0
    under_new = _weight(in_june) if june_by_union else _moment("yes_share_1")
    met = {
        "June, old rule": in_june.sum() >= OLD[0] and _weight(in_june) >= OLD[1],
        "June, new rule": in_june.sum() >= NEW[0] and under_new > NEW[1],
        "August, old rule": _moment("unions_yes_2") >= OLD[0] and august >= OLD[1],
        "August, new rule": _moment("unions_yes_2") >= NEW[0] and _moment("yes_share_2") > NEW[1],
    }
    return [words for words, passes in met.items() if passes]


def _one_may_dissent() -> float:
    """14 of 15 by number alone, as if every union could be the one that says No."""
    return sum(comb(15, yes) * WILLING**yes * (1 - WILLING) ** (15 - yes) for yes in (14, 15))


def _best_offer() -> float:
    return float(offer_under_doubt(LOWEST, HIGHEST, 0.0))


def _split(rule: tuple[int, float]) -> float:
    """The probability that a ballot passes if the largest union were two of half its size."""
    largest, *others = _sizes()
    return _passes(SPLIT_WILLING, rule, np.array([largest // 2, largest // 2, *others]))


def _splitting_helps() -> str:
    before = _passes(SPLIT_WILLING, OLD)
    with_14, with_15 = _split((14, 0.8)), _split((15, 0.8))
    if with_14 > before and with_15 > before:
        return "in both cases"
    return "only if 14 unions stay enough" if with_14 > before else "in neither case"


def _serves(answer: Answer) -> bool:
    """Whether bylaws stop the agreement of June and give no union a veto."""
    unions, weight = answer["unions_required"], answer["weight_required"]
    if not (1 <= unions <= 15 and float(unions).is_integer() and 0 < weight <= 1):
        return False
    return _stops_june(answer) and not _vetoed(answer)


def _stops_june(answer: Answer) -> bool:
    """Whether the unions that said Yes in June are too few, or too small."""
    rule = int(answer["unions_required"]), float(answer["weight_required"])
    return not double_threshold_probability(_said_yes(*SAID_NO), _sizes(), *rule)


def _vetoed(answer: Answer) -> bool:
    """Whether some union alone can stop an agreement."""
    rule = int(answer["unions_required"]), float(answer["weight_required"])
    alone = 1 - np.eye(len(_sizes()))
    return any(double_threshold_probability(each, _sizes(), *rule) == 0 for each in alone)


predicted = Prediction(
    "Each of the 15 unions says Yes with probability 0.9, independently. How likely is it that 14 of 15 do, "
    "and that they hold 80 % of the members? A number from 0 to 1."
)

ANSWERS = ("June, old rule", "June, new rule", "August, old rule", "August, new rule")

weight_in_june = Check(
    "Which share of the members did the unions hold that said Yes in June?",
    lambda: _weight(_said_yes(*SAID_NO)),
    "Each union casts its whole membership: 11 unions, but not the largest.",
    Hint(
        lambda: _moment("yes_share_1"),
        "This is the share of *votes* that were Yes. Add up the members of the unions that said Yes.",
    ),
    Hint(lambda: 11 / 15, "This is the share of unions. They differ in size."),
    Hint(lambda: 1 - _weight(_said_yes(*SAID_NO)), "This is the share of the unions that said No."),
    form=SHARE,
    tolerance=0.006,
)

passes = Check(
    "Which of these ballots pass? "
    "A list of some of: " + ", ".join(f'"{words}"' for words in ANSWERS) + ".",
    _passed,
    "So the rule mattered in June, and in August it did not: rule and votes both changed.",
    Hint(
        lambda: _passed(august_by_member=True),
        "You held the 73 % of votes of August against the 80 % of the old rule. Under that rule a "
        "union's majority casts its whole membership.",
    ),
    Hint(
        lambda: [words for words in _passed() if words != "June, new rule"],
        "Look again at June under the new rule: 8 of 15 unions, and half of the votes cast.",
    ),
    Hint(lambda: list(ANSWERS), "In June 11 unions said Yes. The old rule asks for 14."),
)

veto = Check(
    "Which unions can stop any agreement alone under the old rule? A list of names.",
    lambda: _power_under(*OLD).query("veto")["union"].tolist(),
    "A union with more than 20 % of the members leaves the others short of 80 %.",
    Hint(
        list,
        "One union may say No where 14 of 15 are enough. But do the other 14 always hold 80 % of the "
        "members?",
    ),
    Hint(
        lambda: _power_under(*OLD)["union"].head(2).tolist(),
        "The second largest holds 15 % of the members. Without it the others have 85 %.",
    ),
    Hint(
        lambda: _power_under(*OLD)["union"].tolist(),
        "14 of 15 are enough, so that a small union alone stops nothing.",
    ),
)

chance = Check(
    "How likely does the ballot pass under the old rule, if each union says Yes with probability "
    "0.9?",
    lambda: _passes(WILLING, OLD),
    "All 15 say Yes, or all but one, and that one is not the largest: p^15 + 14 p^14 (1 - p).",
    Hint(
        _one_may_dissent,
        "You let any union be the one that says No. If it is the largest, the others hold too few "
        "members.",
    ),
    Hint(
        lambda: WILLING**15, "This is that all 15 say Yes. One of the 14 smaller ones may say No."
    ),
    Hint(lambda: WILLING, "This is for one union. Here 14 must say Yes, and together."),
    form=SHARE,
)

tied_hands = Check(
    "Members insist on 0.6 of the pie, and both negotiators know. Which share do union leaders "
    "bring home?",
    lambda: float(ratifiable_share(PATIENCE, 0.0, INSISTS)),
    "A constraint that binds and is known helps whom it binds (Schelling 1960). Below an even split "
    "it would change nothing.",
    Hint(
        lambda: float(ratifiable_share(PATIENCE, 0.0, 0.0)),
        "This is what leaders would get alone. Members would not ratify it.",
    ),
    Hint(lambda: 1 - INSISTS, "This is what is left to the governor."),
    form=SHARE,
)

doubtful_offer = Check(
    "On paper: which share does the governor best offer if members' least acceptable share is anywhere "
    "from 0.3 to 0.9?",
    _best_offer,
    "He weighs a larger share for himself against a larger risk, and so it is rejected with "
    f"probability {1 - float(ratification_probability(_best_offer(), LOWEST, HIGHEST)):.2f} "
    "though both would have gained: involuntary defection (Iida 1993).",
    Hint(
        lambda: HIGHEST,
        "All would ratify this, and he would keep least. Maximise (1 - x) times the probability of a "
        "Yes.",
    ),
    Hint(
        lambda: (LOWEST + HIGHEST) / 2,
        "This passes half of the time. Maximise (1 - x) times the probability of a Yes.",
    ),
    form=SHARE,
)

offer_for_80 = Check(
    "Members' least acceptable shares are normal with mean 0.4 and standard deviation 0.1. Which "
    "share do 80 % accept?",
    lambda: float(offer_for_quota(MEAN, SPREAD, QUOTA)),
    "The higher the quota, the more the last member needed asks for (Haller and Holden 1997).",
    Hint(
        lambda: float(offer_for_quota(MEAN, SPREAD, 1 - QUOTA)),
        "This is what 20 % accept. The 80 % include members who ask for more than the mean.",
    ),
    Hint(lambda: MEAN, "Half accept the mean."),
    Hint(lambda: QUOTA, "The quota is a share of members, the answer a share of the pie."),
    form=SHARE,
)

split = Check(
    "AFSCME is split into two equal unions, and each union says Yes with probability 0.7. When does "
    "that make a Yes more likely: if 14 stay enough, or also if 15 of 16 are needed?",
    _splitting_helps,
    "Splitting takes the veto away. If the number of unions needed rises with it, a new hurdle takes "
    "its place.",
    Hint(
        lambda: "in both cases",
        "With 15 of 16 only one union may say No, as before, and there is one more that might.",
    ),
    Hint(
        lambda: "in neither case",
        "With 14 of 16 two unions may say No, and neither half of AFSCME has a veto.",
    ),
    choices=("only if 14 unions stay enough", "in both cases", "in neither case"),
)

your_bylaws = Check(
    "Bylaws by union under which June's agreement still fails, but no single union has a veto. Give the "
    'weight from 0 to 1, or as a percentage with its sign, such as "12 %".',
    lambda: {"unions_required": 12, "weight_required": 0.6},
    "Twelve unions, or a weight above that of June's Yes, stop the agreement; with a weight no larger "
    "than that of all but AFSCME, it has no veto.",
    Hint(
        lambda: {"unions_required": 14, "weight_required": 0.8},
        "Some union alone can stop any agreement: the largest holds 31 % of the members, so that the "
        "others have 69 %; and if all 15 are needed, each has a veto.",
        fits=_vetoed,
    ),
    Hint(
        lambda: {"unions_required": 8, "weight_required": 0.5},
        "June's agreement passes: 11 unions with 56 % of the members said Yes.",
        fits=lambda answer: not _stops_june(answer) and not _vetoed(answer),
    ),
    fits=_serves,
)
