"""A tornado: how far a measure moves with each parameter while all others stand still."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.arrays.axes import TIE
from sim.experiments.analysis.one_by_one import swings
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.style import (
    FAINT,
    GREY,
    INK,
    SMALL,
    figure,
    in_house_style,
    lay_out,
    level_in_words,
    marks,
    refuse_more,
    rows_from_the_top,
    size_in_points,
    thousands,
    width_of,
)

ROW, REST = 0.46, 2.4  # inches
MOST_ROWS = 24
LEVEL_LETTERS = 26
BESIDE = 14.0  # points between an interval and the edge, besides the level


@in_house_style
def tornado(table: pd.DataFrame, measure: str, question: str = "") -> Figure:
    """How far each parameter by itself moves the mean of a measure, the widest swing on top.

    Args:
        table: one row a parameter (see `sim.experiments.analysis.one_by_one.swings`).
        measure: what is moved.
        question: the title.

    Raises:
        ValueError: when there are too many parameters to read.

    """
    refuse_more(len(table), MOST_ROWS, "parameters")
    height = REST + ROW * len(table)
    drawing = figure(height, question or measure, _caption(table, measure))
    axes = drawing.subplots()
    rows = np.arange(len(table))
    width = table["greatest_mean"] - table["least_mean"]
    axes.barh(rows, width, 0.62, left=table["least_mean"], color=FAINT, edgecolor=INK)
    axes.axvline(table["base"].iloc[0], color=GREY, linewidth=1.2, linestyle="--")
    for end, side in (("least", -1), ("greatest", 1)):
        _draw_ends(axes, table, end, side)
    rows_from_the_top(axes, table["parameter"].tolist(), room=0.6)
    axes.set_xlabel(f"mean of {measure}")
    low, high = _ends(table)
    ticks = MaxNLocator(6).tick_values(low, high)
    axes.set_xticks([tick for tick in ticks if low <= tick + TIE and tick - TIE <= high])
    lay_out(drawing)  # the panel has a size now
    _make_room(axes, table)
    return drawing


def _draw_ends(axes: Axes, table: pd.DataFrame, end: str, side: int) -> None:
    """The intervals at one end of the bars, and beyond them the level there."""
    rows = np.arange(len(table))
    low, high = table[f"{end}_low"], table[f"{end}_high"]
    axes.hlines(rows, low, high, color=INK, linewidth=1.6)
    marks(axes, table[f"{end}_mean"], rows, marker="|", size=9, color=INK)
    outer = np.where(table[f"{end}_mean"].isna(), np.nan, low if side < 0 else high)
    outer = np.where(np.isnan(outer), table[f"{end}_mean"], outer)
    words = _words(table, end)
    for row, at in enumerate(outer):
        axes.annotate(
            words[row],
            (at, row),
            (6 * side, 0),
            textcoords="offset points",
            ha="right" if side < 0 else "left",
            va="center",
            size=SMALL,
        )


def _ends(table: pd.DataFrame) -> tuple[float, float]:
    columns = ["least_low", "least_mean", "greatest_mean", "greatest_high"]
    ends = table[columns].to_numpy(dtype=float)
    return np.nanmin(ends), np.nanmax(ends)


def _make_room(axes: Axes, table: pd.DataFrame) -> None:
    """Widen the panel's limits so that the levels beside the bars are within it."""
    low, high = _ends(table)
    wide = (high - low) or 1.0
    width, _ = size_in_points(axes)
    left, right = (
        BESIDE + max(width_of(level, SMALL) for level in _words(table, end))
        for end in ("least", "greatest")
    )
    a_point = wide / (width - left - right)
    axes.set_xlim(low - left * a_point, high + right * a_point)


def _words(table: pd.DataFrame, end: str) -> list[str]:
    """What stands at one end of each bar: the level there, or that none differs."""
    none = table["least_mean"] == table["greatest_mean"]
    same = "" if end == "least" else "no difference"
    return [same if n else _level(level) for n, level in zip(none, table[end], strict=True)]


def _level(level: Any) -> str:
    if isinstance(level, int | float | np.number) and not isinstance(level, bool | np.bool_):
        return f"{level:,.3g}" if abs(float(level)) < 1000 else thousands(float(level))
    text = level_in_words(level)
    return text if len(text) <= LEVEL_LETTERS else text[: LEVEL_LETTERS - 3] + "..."


def _caption(table: pd.DataFrame, measure: str) -> str:
    first = table.iloc[0]
    caption = (
        f'Each bar: from the least to the greatest mean of "{measure}" over the levels of one parameter, '
        f"with 95\u00a0% intervals and the levels named; the widest is {first['parameter']}, from "
        f"{first['least_mean']:,.3g} to {first['greatest_mean']:,.3g}. Dashed, {first['base']:,.3g}: all "
        "parameters"
    )
    elsewhere = table[~table["own"]]
    if elsewhere.empty:
        return f"{caption} at the scenario's values."
    held = ", ".join(
        f"{row.parameter} ({_level(row.held)})" for row in elsewhere.itertuples(index=False)
    )
    return f"{caption} at the scenario's values, but for {held}."


def tornado_of(results: Results, request: FigureRequest) -> Figure:
    """The swings of a measure in a design that moves one parameter at a time."""
    table = swings(results, request.measure)
    return tornado(table, request.measure, results.experiment.file.question)
