"""Estimates with their intervals, a row each: what a change does, and which parameters matter."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.experiments.analysis.effects import paired_differences
from sim.experiments.analysis.sensitivity import sensitivity as sensitivity_indices
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.experiments.statistics.summary import span
from sim.inputs.problems import nearest
from sim.show.counts import FEW_IN_WORDS, FEW_MARK, counts, few
from sim.show.figures.asked import MOST_ROWS
from sim.show.figures.style import GREY, INK, figure, in_house_style, marks, refuse_more
from sim.show.told import named

MOST_PAIRS = 10  # of which there may be hundreds
NAME_LETTERS = 72  # of a row
ROW, LEAST, REST = 0.34, 0.2, 2.6  # inches: a row, the least of one, the rest
HIGHEST = 10.4  # inches that are still read on a slide
APART = 0.22  # how far two series of one row stand apart, in rows


@in_house_style
def differences(table: pd.DataFrame, measure: str, question: str = "") -> Figure:
    """How much each design point differs from the first: paired differences with intervals.

    Args:
        table: one row a point, its labels between `point` and `difference`, then `low`, `high` and
            `pairs` (see `sim.experiments.analysis.effects.paired_differences`).
        measure: what is compared, for the caption.
        question: the title.

    Raises:
        ValueError: when there are too many points to read.

    """
    labels = list(table.columns[1 : table.columns.get_loc("difference")])
    names = told_apart(table[labels].to_dict("records"), labels)
    itself = np.flatnonzero((table[["difference", "low", "high"]] == 0).all(axis=1))
    base = names[itself[0]] if len(itself) else "the base"
    pairs = f"{int(table['pairs'].min()):,}"
    left_out = int(table["left_out"].max()) if "left_out" in table else 0
    left = (
        f" Up to {left_out:,} pairs are left out, as not both worlds have it." if left_out else ""
    )
    caption = (
        f'Each row: mean difference of "{measure}" from {base}, in paired worlds (at least {pairs} pairs); '
        "bars are 95\u00a0% intervals. A bar across the line is not told apart from 0."
        f"{left}"
    )
    series = [("difference", "difference", "low", "high")]
    return _rows(table, names, series, f"difference of {measure}", question or measure, caption)


@in_house_style
def summary(table: pd.DataFrame, labels: Sequence[str], measure: str, question: str = "") -> Figure:
    """The mean of a measure at each design point with its interval, the first point on top.

    Args:
        table: one row a point (see `Results.summary`).
        labels: the columns that tell its points apart.
        measure: the column shown, beside which are its `_low` and `_high`.
        question: the title.

    Raises:
        ValueError: when the measure is not there, or there are too many points to read.

    """
    known = [name for name in table if f"{name}_low" in table]
    if measure not in known:
        raise ValueError(f'measure = "{measure}": is not measured{nearest(measure, known)}')
    refuse_more(len(table), MOST_ROWS, "points")
    known_points = table[table[measure].notna()].iloc[::-1]
    if known_points.empty:
        raise ValueError(f'no point has "{measure}"; name a measure that every world has')
    missing = len(table) - len(known_points)
    left = (
        f" {missing} of {len(table)} points are not shown: none of their worlds has it."
        if missing
        else ""
    )
    numbers = counts(known_points, measure)
    worlds = span(numbers) or "an unknown number of"
    rough = few(numbers)
    caption = (
        f'Each row: mean of "{measure}" at a design point, over {worlds} worlds (those that have it); bars '
        f"are 95\u00a0% intervals.{left}{f' {FEW_IN_WORDS}.' * bool(rough.any())}"
    )
    names = told_apart(table[list(labels)].to_dict("records"), labels)
    names = [name for name, has in zip(names, table[measure].notna(), strict=True) if has][::-1]
    names = [
        f"{name} {FEW_MARK}" if mark else name for name, mark in zip(names, rough, strict=True)
    ]
    series = [("mean", measure, f"{measure}_low", f"{measure}_high")]
    axis = f"mean of {measure}"
    return _rows(known_points, names, series, axis, question or measure, caption, from_zero=False)


@in_house_style
def sensitivity(table: pd.DataFrame, measure: str, question: str = "") -> Figure:
    """Which parameters matter: Sobol' indices of a Saltelli sample, Morris's mu star of a Morris one.

    Args:
        table: one row a parameter (see `sim.experiments.analysis.sensitivity.sensitivity`).
        measure: what is explained.
        question: the title.

    Raises:
        ValueError: when there are too many rows to read.

    """
    if "second" in table:
        table = _with_the_largest_pairs(table)
    names = table["parameter"] + (", " + table["arm"] if "arm" in table else "")
    if "total" in table:
        series = [("alone (first order)", "first", "first_low", "first_high")]
        series += [("with others (total)", "total", "total_low", "total_high")]
        axis = f"share of the variance of {measure}"
        words = "Sobol' indices: the share of the variance that a parameter explains alone, and with others"
        if "second" in table:
            pair = "a pair, only together (second order)"
            series += [(pair, "second", "second_low", "second_high")]
            words += "; of a pair, only together"
    else:
        series = [("mu*", "mu_star", "mu_star_low", "mu_star_high")]
        axis = f"mean size of an elementary effect on {measure}"
        words = (
            "Morris screening: how much a step of a parameter moves the measure, whatever its sign"
        )
    caption = f"{words}. Bars are 95\u00a0% intervals; where they are wide, draw more points."
    last = table["total"].fillna(table["second"] - 1) if "second" in table else table[series[-1][1]]
    order = last.to_numpy().argsort(kind="stable")
    ordered, names = table.iloc[order], names.iloc[order].tolist()
    return _rows(ordered, names, series, axis, question or measure, caption)


def _with_the_largest_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """The parameters, and below them the pairs that explain most, named as one."""
    pairs = table["second"].notna()
    largest = table[pairs].nlargest(MOST_PAIRS, "second")
    named = largest["parameter"] + " with " + largest["other"]
    return pd.concat([table[~pairs], largest.assign(parameter=named)], ignore_index=True)


def told_apart(rows: Sequence[dict], keys: Sequence[str]) -> list[str]:
    """Design points in words: all that they vary or, where that is long, what differs from the first.

    Raises:
        ValueError: when even that is too long to read.

    """
    names = [named(row, keys) for row in rows]
    if max(map(len, names)) <= NAME_LETTERS:
        return names
    differ = [[key for key in keys if row[key] != rows[0][key]] for row in rows]
    names = [named(row, moved) for row, moved in zip(rows, differ, strict=True)]
    names[0] = "the first point"
    if max(map(len, names)) > NAME_LETTERS:
        most = max(map(len, differ))
        raise ValueError(f"points differ in up to {most} parameters, which are too many to name")
    return names


def _rows(
    table: pd.DataFrame,
    names: list[str],
    series: list[tuple[str, str, str, str]],
    axis: str,
    title: str,
    caption: str,
    *,
    from_zero: bool = True,
) -> Figure:
    """A row for each name from the bottom up, with a marker and a bar for each series."""
    refuse_more(len(table), MOST_ROWS)
    bars = len(table) * len(series)
    row = float(np.clip((HIGHEST - REST) / bars, LEAST, ROW))
    drawing = figure(REST + row * bars, title, caption)
    axes = drawing.subplots()
    if from_zero:
        axes.axvline(0, color=GREY, linewidth=1.2, linestyle="--")
    for number, (label, *columns) in enumerate(series):
        offset = APART * (number - (len(series) - 1) / 2) * 2
        fill = INK if number == 0 else "white"
        value, low, high = (
            table.get(column, table[columns[0]]).to_numpy(dtype=float) for column in columns
        )
        rows = np.arange(len(table)) + offset
        axes.hlines(rows, low, high, color=INK, linewidth=1.6)
        marks(axes, value, rows, color=INK, markerfacecolor=fill, label=label)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlabel(axis)
    axes.tick_params(axis="y", length=0)
    if len(series) > 1:
        axes.legend(loc="lower right", frameon=True, framealpha=1, edgecolor="none")
    return drawing


def differences_of(results: Results, request: FigureRequest) -> Figure:
    """The differences of all points from the first one, or from the same point in the first arm."""
    table = paired_differences(results, request.measure)
    return differences(table, request.measure, results.experiment.file.question)


def summary_of(results: Results, request: FigureRequest) -> Figure:
    """The means at all points."""
    labels, question = list(results.experiment.points[0].labels), results.experiment.file.question
    return summary(results.summary, labels, request.measure, question)


def sensitivity_of(results: Results, request: FigureRequest) -> Figure:
    """The indices of a sample that is made for them."""
    table = sensitivity_indices(results, request.measure)
    return sensitivity(table, request.measure, results.experiment.file.question)
