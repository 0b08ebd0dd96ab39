"""What figures in utility space share: packages, frontier, ZOPA, the point of no agreement, solutions."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.cases.schema.sides import SidesSettings
from sim.show.figures.style import COLOUR, INK, key_beside, marks
from sim.worlds.solution import Game

LIGHT, SHADE = "#AAAAAA", "#F1F1F1"
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


def name_the_axes(axes: Axes, sides: SidesSettings, unit: str) -> None:
    """Say whose worth runs along and up, each in the colour of its side; the legend stands outside."""
    axes.set_xlabel(f"worth to {sides.governor} ({unit})")
    axes.set_ylabel(f"worth to {sides.coalition} ({unit})")
    axes.xaxis.label.set_color(COLOUR["governor"])
    axes.yaxis.label.set_color(COLOUR["coalition"])
    key_beside(axes)


def draw_packages(axes: Axes, packages: pd.DataFrame, label: str) -> None:
    """Packages as hollow points."""
    sides = packages["governor"], packages["coalition"]
    axes.scatter(*sides, s=16, facecolors="none", edgecolors=LIGHT, linewidths=0.7, label=label)


def draw_frontier(axes: Axes, game: Game) -> None:
    """The Pareto frontier as a line through its packages."""
    frontier = game.pareto.sort_values(["governor", "coalition"])
    axes.plot(
        frontier["governor"],
        frontier["coalition"],
        color=INK,
        linewidth=1.6,
        marker="o",
        markersize=3.5,
        label="Pareto frontier",
    )


def draw_no_agreement(axes: Axes, game: Game) -> None:
    """The disagreement point, lines of what each side has there, and the ZOPA shaded."""
    governor, coalition = game.disagreement
    axes.axvline(governor, color=COLOUR["governor"], linewidth=1.2, linestyle="--")
    axes.axhline(coalition, color=COLOUR["coalition"], linewidth=1.2, linestyle="--")
    marks(axes, governor, coalition, marker="X", size=11, color=INK, label="no agreement")
    (_, right), (_, top) = axes.get_xlim(), axes.get_ylim()
    size = max(right - governor, 0), max(top - coalition, 0)
    zopa = Rectangle(game.disagreement, *size, label="ZOPA (better for both)", zorder=0)
    zopa.set(facecolor=SHADE, edgecolor="none")
    axes.add_patch(zopa)


def draw_solutions(axes: Axes, game: Game, concepts: Sequence[str]) -> None:
    """The solutions, larger markers first so that those of one package are seen around each other."""
    for name in concepts:
        marker, colour, size = MARKERS[name]
        found = getattr(game, name)
        if found is None:
            continue
        look = {"color": colour, "markeredgecolor": INK, "markeredgewidth": 1.2, "alpha": 0.95}
        label = f"{CALLED[name]}: {in_words(found.words)}"
        marks(axes, *found.utilities, marker=marker, size=size, label=label, **look)


def in_words(package: Mapping[str, str]) -> str:
    """The levels of a package that are not 0, two a line below what comes before."""
    words = [f"{name.replace('_', ' ')} {level}" for name, level in package.items() if level != "0"]
    lines = ["\n  " + ", ".join(words[i : i + 2]) for i in range(0, len(words), 2)]
    return ",".join(lines) or "\n  nothing on any issue"
