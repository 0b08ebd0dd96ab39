"""The bargaining set: every package by what it is worth to both sides, and what theory would choose."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import COLOUR, GREY, INK, figure, finish, in_house_style, percent
from sim.schema import TwoLevelGame
from sim.solution import CONCEPTS, Solution

HEIGHT = 7.6  # inches
MARKERS = {  # of the concepts: marker, colour, size
    "nash": ("*", "#009E73", 22),
    "kalai_smorodinsky": ("D", "#CC79A7", 11),
    "egalitarian": ("^", "#E69F00", 13),
    "utilitarian": ("P", "#56B4E9", 13),
}
CALLED = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


@in_house_style
def bargaining_set(solution: Solution) -> Figure:
    """Draw every package of a scenario in utilities: ZOPA, Pareto frontier, win-set and solutions."""
    drawing = figure(HEIGHT, solution.scenario.title, _caption(solution), "constrained")
    axes = drawing.subplots()
    _packages(axes, solution)
    _without_agreement(axes, solution)
    _solutions(axes, solution)
    unit = "utility" if isinstance(solution.scenario, TwoLevelGame) else "points"
    axes.set_xlabel(f"worth to the governor ({unit})")
    axes.set_ylabel(f"worth to the coalition ({unit})")
    axes.xaxis.label.set_color(COLOUR["governor"])
    axes.yaxis.label.set_color(COLOUR["coalition"])
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, borderaxespad=0)
    finish(drawing)
    return drawing


def _packages(axes: Axes, solution: Solution) -> None:
    table = solution.packages
    passes = np.zeros(len(table), dtype=bool)
    if solution.can_be_ratified:
        passes = solution.ratification >= 0.5
        won = table[passes]
        axes.scatter(
            won["governor"], won["coalition"], s=16, color=GREY, label="package that is ratified"
        )
    lost = table[~passes]
    label = "package that is not" if passes.any() else "package"
    axes.scatter(
        lost["governor"],
        lost["coalition"],
        s=16,
        facecolors="none",
        edgecolors="#AAAAAA",
        linewidths=0.7,
        label=label,
    )
    frontier = solution.pareto.sort_values(["governor", "coalition"])
    axes.plot(
        frontier["governor"],
        frontier["coalition"],
        color=INK,
        linewidth=1.6,
        marker="o",
        markersize=3.5,
        label="Pareto frontier",
    )


def _without_agreement(axes: Axes, solution: Solution) -> None:
    """The disagreement point, and lines of what each side has without an agreement."""
    governor, coalition = solution.disagreement
    axes.axvline(governor, color=COLOUR["governor"], linewidth=1.2, linestyle="--")
    axes.axhline(coalition, color=COLOUR["coalition"], linewidth=1.2, linestyle="--")
    axes.plot(
        governor,
        coalition,
        linestyle="none",
        marker="X",
        markersize=11,
        color=INK,
        label="no agreement; ZOPA above and right",
    )


def _solutions(axes: Axes, solution: Solution) -> None:
    """The solutions, larger markers first so that those of one package are seen around each other."""
    found = {name: getattr(solution, name) for name in CONCEPTS}
    for name, (marker, colour, size) in MARKERS.items():
        if found[name] is None:
            continue
        axes.plot(
            *found[name].utilities,
            linestyle="none",
            marker=marker,
            markersize=size,
            color=colour,
            markeredgecolor=INK,
            markeredgewidth=1.2,
            alpha=0.95,
            label=f"{CALLED[name]}: {_levels(found[name].package)}",
        )


def _levels(package: dict[str, float]) -> str:
    words = [f"{name.replace('_', ' ')} {level:g}" for name, level in package.items() if level]
    lines = ["\n  " + ", ".join(words[i : i + 2]) for i in range(0, len(words), 2)]
    return ",".join(lines) or "\n  nothing on any issue"


def _caption(solution: Solution) -> str:
    table = solution.packages
    both = (table["pareto"] & table["zopa"]).sum()
    told = (
        f"{len(table):,} packages: {table['zopa'].sum():,} better than no agreement for both sides "
        f"(the ZOPA), {table['pareto'].sum():,} Pareto-optimal, {both:,} both."
    )
    if solution.can_be_ratified:
        share = (solution.ratification >= 0.5).mean()
        told += f" The first ballot more likely than not ratifies {percent(share)} of them."
    return told
