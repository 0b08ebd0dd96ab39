"""Main effects and interactions of a grid: the mean of a measure by the levels of its factors."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.experiments.analysis.effects import factorial
from sim.experiments.analysis.effects import variance_shares as explained
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.style import (
    GREY,
    INK,
    SMALL,
    figure,
    in_house_style,
    key_beside,
    level_in_words,
    panels_of,
    percent,
    refuse_more,
)

ACROSS = 3  # panels in a row
MOST_FACTORS = 6
MOST_LINES = 8
PANEL, REST = 3.1, 1.5  # inches: the height of a row of panels; title and caption
LETTERS = 96  # that fit below a row of panels
KEY_LETTERS = 16  # in a line of the key beside a panel
UPRIGHT_LETTERS = 30  # of the name of a level that stands upright, in a line
UPRIGHT = 1.9  # inches that it takes
MARKERS = "osD^vPX*"


@in_house_style
def effects(levels: pd.DataFrame, shares: pd.DataFrame, measure: str, question: str = "") -> Figure:
    """What each factor of a grid does to a measure, and the strongest interactions.

    Args:
        levels: one row a level, and one a pair of levels (see `sim.experiments.analysis.effects.factorial`).
        shares: what each factor and pair explains (see `sim.experiments.analysis.effects.variance_shares`).
        measure: what is explained.
        question: the title.

    Raises:
        ValueError: when there are too many factors, or levels, to read.

    """
    main = levels[levels["other"] == ""]
    factors = list(dict.fromkeys(main["factor"]))
    refuse_more(len(factors), MOST_FACTORS, "factors")
    pairs = shares[shares["other"] != ""].nlargest(ACROSS, "share")
    pairs = pairs[pairs["share"] >= 0.005]  # what rounds to 0 % is not drawn
    drawn = len(factors) + len(pairs)
    columns = min(ACROSS, drawn)
    rows = -(-drawn // columns)
    letters = LETTERS // columns
    title = question or measure
    caption = _caption(measure, int(levels["replications"].iloc[0]), len(factors), len(pairs))
    if left_out := int(levels["left_out"].max()) if "left_out" in levels else 0:
        caption += f" {left_out:,} more replications are left out: not all of their worlds have it."
    named = [of["level"].tolist() for _, of in main.groupby("factor")]
    named = [[*map(level_in_words, levels)] for levels in named if not _are_numbers(levels)]
    upright = any(_too_wide(names, letters) for names in named)
    height = PANEL + UPRIGHT * upright
    drawing = figure(REST + height * rows, title, caption)
    panels = panels_of(drawing, drawn, columns, sharey=True)
    for axes, factor in zip(panels, factors, strict=False):
        _draw_main(axes, main[main["factor"] == factor], letters)
        if len(factors) > 1:
            axes.set_title(f"explains {percent(_share(shares, factor))}")
    for axes, pair in zip(panels[len(factors) :], pairs.itertuples(), strict=False):
        of_pair = (levels["factor"] == pair.factor) & (levels["other"] == pair.other)
        _draw_pair(axes, levels[of_pair], letters)
        axes.set_title(f"together {percent(pair.share)} more")
    for axes in panels:
        axes.tick_params(labelleft=True)
    for axes in panels[::columns]:
        axes.set_ylabel(f"mean of {measure}")
    return drawing


def _share(shares: pd.DataFrame, factor: str) -> float:
    alone = shares[(shares["factor"] == factor) & (shares["other"] == "")]
    return float(alone["share"].iloc[0])


def _draw_main(axes: Axes, table: pd.DataFrame, letters: int) -> None:
    """The means of a factor's levels, with the interval of what each differs from the grand mean."""
    grand = table["mean"] - table["effect"]
    along = _place_levels(axes, table["level"].tolist(), letters)
    axes.axhline(grand.iloc[0], color=GREY, linewidth=1.2, linestyle="--")
    axes.vlines(along, table["low"] + grand, table["high"] + grand, color=INK, linewidth=1.6)
    axes.plot(along, table["mean"], color=INK, marker="o", markersize=4.5, linewidth=1.0)
    axes.set_xlabel(_broken(table["factor"].iloc[0], letters))


def _draw_pair(axes: Axes, table: pd.DataFrame, letters: int) -> None:
    """The means of a pair of factors, the one with more levels along, a line a level of the other."""
    along, lines = ("level", "factor"), ("other_level", "other")
    if table["level"].nunique() < table["other_level"].nunique():
        along, lines = lines, along
    levels = list(dict.fromkeys(table[lines[0]]))
    refuse_more(len(levels), MOST_LINES, "lines")
    colours = colormaps["cividis"](np.linspace(0.0, 0.8, len(levels)))
    places = _place_levels(axes, list(dict.fromkeys(table[along[0]])), letters)
    for level, colour, marker in zip(levels, colours, MARKERS, strict=False):
        means = table.loc[table[lines[0]] == level, "mean"]
        name = textwrap.fill(level_in_words(level), KEY_LETTERS)
        axes.plot(places, means, color=colour, marker=marker, markersize=5, label=name)
    axes.set_xlabel(_broken(table[along[1]].iloc[0], letters))
    sizes = {"fontsize": SMALL - 2, "title_fontsize": SMALL - 2}
    title = _broken(table[lines[1]].iloc[0], KEY_LETTERS)
    key_beside(axes, title=title, alignment="left", **sizes)


def _place_levels(axes: Axes, levels: Sequence[Any], letters: int) -> Sequence[float]:
    """Where levels stand along a panel: numbers at their value, words side by side."""
    if _are_numbers(levels):
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
        return levels
    names, each = [level_in_words(level) for level in levels], letters // len(levels)
    if not _too_wide(names, letters):
        names = [textwrap.fill(name, each) for name in names]
        axes.set_xticks(range(len(levels)), names)
    else:
        names = [_upright(name, lines=max(each // 3, 1)) for name in names]
        axes.set_xticks(range(len(levels)), names, rotation="vertical")
    axes.set_xlim(-0.5, len(levels) - 0.5)
    return range(len(levels))


def _broken(factor: str, letters: int) -> str:
    """A factor's name in two lines if it is long."""
    return factor if len(factor) <= letters else factor.replace(".", ".\n")


def _are_numbers(levels: Sequence[Any]) -> bool:
    return all(isinstance(level, int | float) and not isinstance(level, bool) for level in levels)


def _too_wide(names: Sequence[str], letters: int) -> bool:
    """Whether names do not stand side by side however they are broken."""
    return max(len(word) for name in names for word in name.split()) >= letters // len(names)


def _upright(name: str, lines: int) -> str:
    """A name in so many lines at the most, cut if it does not fit."""
    broken = textwrap.fill(name, UPRIGHT_LETTERS).split("\n")
    return "\n".join(broken[:lines]) + ("..." if len(broken) > lines else "")


def _caption(measure: str, replications: int, factors: int, pairs: int) -> str:
    words = (
        f'Each dot: mean of "{measure}" at a level over all levels of the other factors, {replications:,} '
        "replications; bars are 95\u00a0% intervals of its difference from the mean of all (dashed)."
    )
    if factors > 1:
        words += ' "Explains": share of the variation between design points.'
    if pairs:
        words += " Lines that are not parallel are an interaction: what two factors explain only together."
    return words


def effects_of(results: Results, request: FigureRequest) -> Figure:
    """What the factors of a grid do to a measure."""
    tables = [table(results, request.measure) for table in (factorial, explained)]
    return effects(*tables, request.measure, results.experiment.file.question)
