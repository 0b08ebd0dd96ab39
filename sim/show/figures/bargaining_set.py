"""The bargaining set: every package by what it is worth to both sides, and what theory would choose."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.results import scenario_told, solved
from sim.show.figures.style import GREY, figure, in_house_style, percent
from sim.show.figures.utility_space import (
    draw_frontier,
    draw_no_agreement,
    draw_packages,
    draw_solutions,
    name_the_axes,
)
from sim.worlds.solution import CONCEPTS, LIKELY, Solution

HEIGHT = 7.6  # inches


@in_house_style
def bargaining_set(solution: Solution, told: str = "") -> Figure:
    """All packages in utility space, with frontier, ZOPA, win-set and four solution concepts.

    Args:
        solution: a scenario solved (see `sim.solve`).
        told: whose values it has, to end the caption.

    """
    drawing = figure(HEIGHT, solution.scenario.title, _caption(solution) + told)
    axes = drawing.subplots()
    _draw_win_set(axes, solution)
    draw_frontier(axes, solution)
    draw_no_agreement(axes, solution)
    draw_solutions(axes, solution, CONCEPTS)
    unit = "utility" if solution.members_vote else "points"
    name_the_axes(axes, solution.scenario.sides, unit)
    return drawing


def _draw_win_set(axes: Axes, solution: Solution) -> None:
    """The packages that are ratified in the main, and apart from them those that are not."""
    table = solution.packages
    passes = np.zeros(len(table), dtype=bool)
    if solution.must_agree:
        passes = solution.wins
        won = table[passes]
        axes.scatter(
            won["governor"], won["coalition"], s=16, color=GREY, label="package that is ratified"
        )
    draw_packages(axes, table[~passes], "package that is not" if passes.any() else "package")


def _caption(solution: Solution) -> str:
    table = solution.packages
    both = (table["pareto"] & table["zopa"]).sum()
    caption = (
        f"{len(table):,} packages: {table['zopa'].sum():,} better than no agreement for both sides "
        f"(the ZOPA), {table['pareto'].sum():,} Pareto-optimal, {both:,} both."
    )
    for who, title in solution.must_agree.items():
        share = percent((solution.consent(who) >= LIKELY).mean())
        caption += f" {title[:1].upper()}{title[1:]} more likely than not ratifies {share} of them."
    if len(solution.must_agree) > 1:
        caption += f" All of these let {percent(solution.wins.mean())} pass."
    return caption


def bargaining_set_of(results: Results, request: FigureRequest) -> Figure:
    """The bargaining set of the scenario as it is set at all design points."""
    return bargaining_set(solved(results), scenario_told(results))
