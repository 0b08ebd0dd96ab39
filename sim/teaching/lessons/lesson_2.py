"""Lesson 2: creating value by trading what the two sides value differently."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.cases.loading import load_scenario
from sim.cases.schema.talks import Issue
from sim.inputs.problems import InputError
from sim.play.outcome import Outcome
from sim.show.figures.style import COLOUR, GREY, INK, MARKER, figure, in_house_style
from sim.teaching.lessons.case import GAME, utilities
from sim.teaching.lessons.checks import Answer, Check, Hint, Prediction, shown
from sim.worlds.batch import SIDES
from sim.worlds.solution import Solution, solve

ISSUES = ("wages", "health", "job_security", "tax_share")
HALFWAY = {"wages": 1, "health": 1, "job_security": 1, "tax_share": 0}
BETTER = "#009E73"
STAR: dict[str, Any] = {"marker": "*", "color": INK, "ms": 20, "ls": "none"}


@in_house_style
def package_in_the_set(
    wages: int = 1, health: int = 1, job_security: int = 1, tax_share: int = 0
) -> Figure:
    """Draw all packages of the game by their points, one of them marked, with those better for both."""
    solution = solve(GAME)
    levels = dict(zip(ISSUES, (wages, health, job_security, tax_share), strict=True))
    own = _row(solution.packages, levels)
    better = _better_for_both(solution.packages, own)
    points = f"{own['governor']:g} points to the governor, {own['coalition']:g} to the coalition"
    drawing, axes = _set(
        solution, f"The marked package is worth {points}. {_improvements(own, better)}"
    )
    axes.scatter(
        better["governor"],
        better["coalition"],
        s=150,
        facecolors="none",
        edgecolors=BETTER,
        linewidths=2,
        label="better for both",
    )
    axes.plot(own["governor"], own["coalition"], label="yours", **STAR)
    axes.legend(frameon=False, loc="upper right")
    return drawing


@in_house_style
def talks_in_the_set(outcome: Outcome) -> Figure:
    """Draw the offers of one world of the game among all packages, and the deal."""
    solution, offers = Solution(outcome.scenario), offers_in_points(outcome)
    drawing, axes = _set(solution, _ending(outcome))
    for side in SIDES:
        made = offers[offers["proposer"] == side]
        look: dict[str, Any] = {"color": COLOUR[side], "marker": MARKER[side], "ms": 9, "lw": 1}
        axes.plot(made["governor"], made["coalition"], label=f"offers of the {side}", **look)
    world = outcome.frame().iloc[0]
    if world["agreed"]:
        deal = _row(solution.packages, world)
        axes.plot(deal["governor"], deal["coalition"], label="deal", **STAR)
    axes.legend(frameon=False, loc="upper right")
    return drawing


def offers_in_points(outcome: Outcome) -> pd.DataFrame:
    """The offers of one world of the game in order, and their points to both sides."""
    offers = outcome.offers()[["round", "proposer", *ISSUES]]
    table = Solution(outcome.scenario).packages[[*ISSUES, "governor", "coalition"]]
    return offers.merge(table, on=[*ISSUES], how="left").set_index("round")


def better_than_halfway() -> pd.DataFrame:
    """The packages that both sides prefer to halfway."""
    return _better_for_both(_packages(), _points(HALFWAY))


def _set(solution: Solution, caption: str) -> tuple[Figure, Axes]:
    """All packages by their points, the frontier, and what no agreement is worth."""
    drawing = figure(7.2, "Who gets how many points", caption)
    axes = drawing.subplots()
    table, frontier = solution.packages, solution.pareto.sort_values("governor")
    axes.scatter(table["governor"], table["coalition"], s=30, facecolors="none", edgecolors=GREY)
    axes.plot(
        frontier["governor"], frontier["coalition"], color=INK, lw=1.4, label="Pareto frontier"
    )
    governor, coalition = solution.disagreement
    axes.axvline(governor, color=COLOUR["governor"], ls="--", lw=1.2)
    axes.axhline(coalition, color=COLOUR["coalition"], ls="--", lw=1.2)
    axes.set_xlabel("points of the governor (dashed: no agreement)", color=COLOUR["governor"])
    axes.set_ylabel("points of the coalition (dashed: no agreement)", color=COLOUR["coalition"])
    return drawing, axes


def _ending(outcome: Outcome) -> str:
    world = outcome.frame().iloc[0]
    if not world["agreed"]:
        return "No agreement: each side has its BATNA, where the dashed lines cross."
    solution = Solution(outcome.scenario)
    deal = _row(solution.packages, world)
    points = f"{deal['governor']:g} and {deal['coalition']:g} points, in round {world['round']:g}"
    better = _better_for_both(solution.packages, deal)
    return f"The deal is worth {points}. {_improvements(deal, better)}"


def _improvements(own: pd.Series, better: pd.DataFrame) -> str:
    if better.empty and own["pareto"]:
        return "Nothing is better for both: it is on the Pareto frontier."
    if better.empty:
        return (
            "Nothing is better for both, but something is for one side and no worse for the other: it is not "
            "on the Pareto frontier."
        )
    number = "1 package is" if len(better) == 1 else f"{len(better)} packages are"
    return f"{number} better for both."


def _row(table: pd.DataFrame, levels: Mapping[str, float] | pd.Series) -> pd.Series:
    found = table[(table[[*ISSUES]] == [levels[issue] for issue in ISSUES]).all(axis=1)]
    if found.empty:
        raise InputError(f"{shown(levels)}: mini-CT has no such package; look at the levels above")
    return found.iloc[0]


def _better_for_both(table: pd.DataFrame, own: pd.Series) -> pd.DataFrame:
    return table[(table["governor"] > own["governor"]) & (table["coalition"] > own["coalition"])]


@cache
def _packages() -> pd.DataFrame:
    return solve(GAME).packages


def _points(package: Answer) -> pd.Series:
    """What a package of the game is worth to both sides."""
    return _row(_packages(), package)[[*SIDES]]


def _gains(package: Answer) -> tuple[float, float]:
    """What a package adds to the halfway one, to governor and coalition."""
    change = _points(package) - _points(HALFWAY)
    return float(change["governor"]), float(change["coalition"])


def _example(fits: Callable[[Answer], bool]) -> Answer:
    """The first package of the game that fits."""
    for levels in _packages()[[*ISSUES]].astype(int).to_dict("records"):
        if fits(levels):
            return levels
    raise LookupError("no package of the game fits")


def _both_gain(package: Answer) -> bool:
    return min(_gains(package)) > 0


def _only_the_governor_gains(package: Answer) -> bool:
    return _gains(package)[0] > 0 >= _gains(package)[1]


def _only_the_coalition_gains(package: Answer) -> bool:
    return _gains(package)[1] > 0 >= _gains(package)[0]


def _cheapest_to_give() -> str:
    """The issue on which the coalition gains most for each point that the governor gives up, end to end."""
    issues = load_scenario(GAME).issue
    return max(
        issues, key=lambda issue: _range(issue, "coalition") / _range(issue, "governor")
    ).name


def _most_points(side: str) -> str:
    return max(load_scenario(GAME).issue, key=lambda issue: _range(issue, side)).name


def _range(issue: Issue, side: str) -> float:
    """By how many points the best and the worst level of an issue differ for a side."""
    return float(np.ptp(getattr(issue, side)))


def _joint(package: Answer) -> float:
    return float(_points(package).sum())


def _zopa_without_job_security() -> int:
    return int((solve(GAME).zopa["job_security"] == 0).sum())


predicted = Prediction(
    "Both sides meet halfway on wages and health. How many of the other packages are better for both?"
)

frontier = Check(
    "How many of the 36 packages are Pareto-optimal?",
    lambda: len(solve(GAME).pareto),
    "For each of them, whoever wants more must take it from the other.",
    Hint(
        lambda: int((solve(GAME).packages["pareto"] & solve(GAME).packages["zopa"]).sum()),
        "These are Pareto-optimal and in the ZOPA. A package may be efficient and still be worse for "
        "one side than no agreement.",
    ),
    Hint(
        lambda: len(solve(GAME).zopa),
        "This is the size of the ZOPA. Pareto-optimal means that no other package is better for one "
        "side without being worse for the other.",
    ),
)

better = Check(
    "Give a package that both sides prefer to halfway.",
    lambda: _example(_both_gain),
    "Neither had to win for both to gain: that is what halfway on each issue left unused.",
    Hint(
        lambda: HALFWAY,
        "This is halfway itself. Change two issues at once, in opposite directions.",
        fits=lambda package: package == HALFWAY,
    ),
    Hint(
        lambda: _example(_only_the_governor_gains),
        "The governor gains, the coalition does not. Give it something that costs him little.",
        fits=_only_the_governor_gains,
    ),
    Hint(
        lambda: _example(_only_the_coalition_gains),
        "The coalition gains, the governor does not. What does he want that costs it little?",
        fits=_only_the_coalition_gains,
    ),
    fits=_both_gain,
)

exchange = Check(
    "On which issue does the coalition gain most points for each point the governor gives up?",
    _cheapest_to_give,
    "An issue is for trading when it is worth much to one side and little to the other.",
    Hint(
        lambda: _most_points("governor"),
        "Here the governor has most to lose. Divide what the coalition gains by what he gives up.",
    ),
    Hint(
        lambda: "health",
        "Much to the coalition, but more to the governor: less than a point for each point.",
    ),
    Hint(lambda: "tax_share", "Close: two points for one. Another issue brings more."),
    choices=ISSUES,
)

left_on_the_table = Check(
    "How many points together does halfway leave on the table (unused)?",
    lambda: sum(utilities(solve(GAME).utilitarian)) - _joint(HALFWAY),
    "It is what a trade could have shared, whoever gets it.",
    Hint(
        lambda: sum(utilities(solve(GAME).nash)) - _joint(HALFWAY),
        "This is the gain to the package of largest product. Look for the largest sum.",
    ),
    Hint(
        lambda: sum(utilities(solve(GAME).utilitarian)),
        "This is the largest sum. Take off what halfway is worth to both.",
    ),
    Hint(
        lambda: _joint(HALFWAY),
        "This is what halfway is worth. How much more is there in the best package?",
    ),
)

without_security = Check(
    "How many packages are left in the ZOPA if job security may not be granted?",
    _zopa_without_job_security,
    "One issue that costs little carried most of the room to agree.",
    Hint(
        lambda: len(solve(GAME).zopa) - _zopa_without_job_security(),
        "These are the ones that are gone.",
    ),
    Hint(
        lambda: int((solve(GAME).packages["job_security"] == 0).sum()),
        "These are all without job security. Which of them do both sides prefer to no agreement?",
    ),
)
