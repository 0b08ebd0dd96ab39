"""Lesson 1: alternatives to an agreement, and what they leave to agree on."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.arrays.axes import Array
from sim.cases.schema import TwoLevelGame
from sim.play.measures import dollars
from sim.preferences.fiscal import plan_b
from sim.show.figures.style import COLOUR, FAINT, INK, figure, in_house_style
from sim.teaching.lessons.case import CASE, GAME, alone, case
from sim.teaching.lessons.checks import SHARE, Check, Hint, Prediction
from sim.worlds.batch import typical_batch
from sim.worlds.solution import Solution, solve

GOVERNOR, COALITION = 25, 35  # their BATNAs in the game
BIN = 100  # $M
WHOSE: dict[str, dict[str, Any]] = {  # who prefers a package to no agreement, and how it is drawn
    "both: the ZOPA": {"color": INK},
    "only the governor": {"color": "white", "edgecolor": COLOUR["governor"], "hatch": "//"},
    "only the union leaders": {"color": "white", "edgecolor": COLOUR["coalition"], "hatch": "\\\\"},
    "neither": {"color": FAINT},
}


@in_house_style
def room_to_agree(
    fiscal_gap: float = 2000, threat_layoffs: int = 4742, governor_tax_pledge: float = 0.6
) -> Figure:
    """Draw what the governor does alone, and which packages both sides prefer to that.

    `fiscal_gap` is in $M, `threat_layoffs` in persons, `governor_tax_pledge` a cost per share of the gap.
    """
    values = {
        "fiscal.gap": float(fiscal_gap),
        "threat.layoffs": threat_layoffs,
        "governor.tax_pledge": governor_tax_pledge,
    }
    scenario = case(values)
    solution = Solution(scenario)
    savings = typical_batch(scenario).fiscal.scored(solution.agenda)[0]
    drawing = figure(7.4, "Without an agreement, and instead of it", _caption(solution, savings))
    above, below = drawing.subplots(2, height_ratios=[1, 4])
    _alone(above, scenario)
    _packages(below, solution, savings)
    return drawing


def _alone(axes: Axes, scenario: TwoLevelGame) -> None:
    """Plan B as one bar in dollars."""
    gap = scenario.fiscal.gap
    cuts, layoffs, *_ = map(float, alone(scenario, gap))
    axes.barh([0], [cuts], color=COLOUR["governor"])
    axes.barh([0], [layoffs], left=[cuts], color="white", edgecolor=INK, hatch="//")
    axes.text(cuts / 2, 0, f"cuts {dollars(cuts)}", color="white", ha="center", va="center")
    people = layoffs / scenario.fiscal.saving_per_layoff
    words = f"layoffs {dollars(layoffs)}: {people:,.0f} people"
    box = {"facecolor": "white", "edgecolor": "none", "pad": 2}
    axes.text(cuts + layoffs / 2, 0, words, ha="center", va="center", bbox=box)
    axes.set_xlim(0, gap)
    axes.set_yticks([])
    axes.set_title("Plan B: how the governor closes the gap alone, at least political cost")


def _packages(axes: Axes, solution: Solution, savings: Array) -> None:
    """All packages by what they save, stacked by who prefers them to no agreement."""
    edges = np.arange(0, 2000 + 2 * BIN, BIN) - BIN / 2
    bottom = np.zeros(len(edges) - 1)
    for (words, look), who in zip(WHOSE.items(), _preferred_by(solution), strict=True):
        count = np.histogram(savings[who], edges)[0]
        shown = np.where(count > 0, count, np.nan)
        axes.bar(edges[:-1] + BIN / 2, shown, 0.9 * BIN, bottom, label=words, **look)
        bottom = bottom + count
    axes.set_xlabel("what the package saves ($M in two years)")
    axes.set_ylabel("packages")
    axes.set_title("Packages, and who prefers them to no agreement")
    axes.legend(frameon=False, loc="upper left")


def _preferred_by(solution: Solution) -> list[Array]:
    table, (without, leaders_without) = solution.packages, solution.disagreement
    both = table["zopa"].to_numpy()
    governor = (table["governor"] >= without).to_numpy() & ~both
    leaders = (table["coalition"] >= leaders_without).to_numpy() & ~both
    return [both, governor, leaders, ~(both | governor | leaders)]


def _caption(solution: Solution, savings: Array) -> str:
    both = _preferred_by(solution)[0]
    inside = f"{both.sum():,} of {len(both):,} packages are in the ZOPA"
    if not both.any():
        return f"{inside}: whatever is proposed, one side prefers no agreement."
    least, most = dollars(savings[both].min()), dollars(savings[both].max())
    return f"{inside}; they save between {least} and {most}. Each bar spans {dollars(BIN)}."


def _count(governor: float, coalition: float) -> int:
    """How many packages of the game are worth at least so many points to the two sides."""
    table = solve(GAME).packages
    return int(((table["governor"] >= governor) & (table["coalition"] >= coalition)).sum())


def _gain(side: str, batna: float) -> float:
    """What the package of the first question is worth beyond so many points."""
    table = solve(GAME).packages
    levels = {"wages": 2, "health": 1, "job_security": 1, "tax_share": 0}
    row = table.loc[np.logical_and.reduce([table[name] == level for name, level in levels.items()])]
    return float(row[side].item() - batna)


def _share_of_plan_b(means: str) -> float:
    """The share of the gap that the governor closes by one of his means when he is alone."""
    return float(getattr(alone(case(), 1.0), means))


def _leave_the_zopa(threat: int) -> int:
    return len(solve(CASE).zopa) - len(solve(CASE, set={"threat.layoffs": threat}).zopa)


predicted = Prediction(
    "If the governor announces no layoffs at all, does the room to agree shrink, grow or stay?",
    choices=("shrink", "grow", "stay"),
)

gain = Check(
    "How much better than no agreement, in points, is the package to the union coalition?",
    lambda: _gain("coalition", COALITION),
    "What a deal is worth is what it adds to the points of walking away.",
    Hint(
        lambda: _gain("coalition", 0),
        "These are the points of the package. Take off what no agreement is worth (the BATNA).",
    ),
    Hint(
        lambda: _gain("governor", GOVERNOR),
        "This is what the governor gains. Read the coalition's score card.",
    ),
    Hint(
        lambda: _gain("coalition", GOVERNOR),
        "You took off the governor's BATNA. The coalition has its own.",
    ),
)

zopa = Check(
    "How many of the 36 packages are in the ZOPA?",
    lambda: _count(GOVERNOR, COALITION),
    "Both sides must find a package at least as good as walking away.",
    Hint(
        lambda: _count(GOVERNOR, 0),
        "These are all that the governor prefers to no agreement. The coalition has to prefer them too.",
    ),
    Hint(
        lambda: _count(0, COALITION),
        "These are all that the coalition prefers to no agreement. The governor has to prefer them too.",
    ),
    Hint(
        lambda: _count(GOVERNOR + 1, COALITION + 1),
        "You left out packages that are worth exactly a BATNA. As good as no agreement is good enough.",
    ),
)

plan_b_cuts = Check(
    "Which share of the gap does the governor close by cuts, if he is alone and raises no new tax?",
    lambda: _share_of_plan_b("cuts"),
    "Each means is used until its last dollar costs as much as that of the other: in inverse "
    "proportion to the curvature of its cost.",
    Hint(
        lambda: _share_of_plan_b("layoffs"),
        "This is the share of layoffs. The means with the higher cost is used less.",
    ),
    Hint(
        lambda: 0.5,
        "Half and half would be cheapest if both cost the same. The last dollar of layoffs would "
        "then cost more than the last dollar of cuts.",
    ),
    form=SHARE,
    tolerance=0.005,
)

half_the_gap = Check(
    "If the gap were half as large, what share of the cost of Plan B would be left?",
    lambda: float(plan_b(0.5, 1.0, 1.2).cost / plan_b(1.0, 1.0, 1.2).cost),
    "Costs are squares: half the dollars of each means cost a quarter. So the first dollars that the "
    "unions concede are worth most to the governor.",
    Hint(lambda: 0.5, "Half would be right if each dollar cost the same. The costs are squares."),
    Hint(lambda: 0.75, "This is the share that is saved. What is left?"),
    form=SHARE,
    tolerance=0.005,
)

without_threat = Check(
    "How many packages leave the ZOPA when no layoffs are announced?",
    lambda: _leave_the_zopa(0),
    "The threat made no package better. It made no agreement worse, so that more packages beat it.",
    Hint(
        lambda: len(solve(CASE, set={"threat.layoffs": 0}).zopa),
        "These are the packages that stay. How many were there before, and how many are gone?",
    ),
    Hint(
        lambda: -_leave_the_zopa(0),
        "The number that leaves is what was there before, less what is there after.",
    ),
    Hint(
        lambda: 0,
        "The governor's own gain does not change, but that of the union leaders does: a rejection "
        "without layoffs costs their members less.",
    ),
)
