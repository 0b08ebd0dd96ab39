"""The heat map of a two-way sweep: one measure of how negotiations end, over two swept keys."""

import textwrap
from collections.abc import Iterator
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.play.measures import Measure, UnitOfMeasure, measure_of
from sim.show.figures.grid import Cells, cells, fitted, name_the_axes
from sim.show.figures.results import two_keys
from sim.show.figures.style import (
    FAINT,
    GREY,
    TEXT,
    figure,
    finish,
    in_house_style,
    size_in_points,
    width_of,
)

HEIGHT = 7.2  # inches, with names of one line


@in_house_style
def outcome_map(
    summary: pd.DataFrame, x: str, y: str, measure: str = "ratified", question: str = ""
) -> Figure:
    """A measure over two swept keys: a cell for every pair of levels, with its value written in.

    Strings are in the order of first appearance (y from the top), numbers ascend (from the bottom).

    Args:
        summary: one row a design point; the caption tells of `n`, `<measure>_low` and
            `<measure>_high` where they are given.
        x: the column across.
        y: the column upwards.
        measure: the column to show.
        question: the title; the measure in words if it is left out.

    Raises:
        ValueError: when a column is missing, or a cell has more than one row.

    """
    grid = cells(summary, x, y, measure)
    about = measure_of(measure)
    title = question or about.words[0].upper() + about.words[1:]
    ticks = fitted(grid.names_across)
    height = HEIGHT + ticks.height / 72
    drawing = figure(height, title, _caption(summary, measure, about))
    axes = drawing.subplots()
    mesh = axes.pcolormesh(grid.values, cmap="cividis", edgecolors="white", linewidth=1.5)
    mesh.set_clim(*_limits(grid.values, about.unit))
    _draw_the_scale(drawing, mesh, axes, about)
    name_the_axes(axes, grid, ticks, x, y)
    finish(drawing)  # the cells have a size now
    _write_the_values(axes, mesh, grid, about.unit)
    return drawing


def _limits(values: np.ndarray, unit: UnitOfMeasure) -> tuple[float, float]:
    if unit.scale:
        return unit.scale
    seen = values[np.isfinite(values)]
    if seen.size == 0:
        return 0.0, 1.0
    low, high = seen.min(), seen.max()
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _draw_the_scale(drawing: Figure, mesh: QuadMesh, axes: Axes, about: Measure) -> None:
    show = FuncFormatter(lambda value, _: about.unit.show(value))
    bar = drawing.colorbar(mesh, ax=axes, pad=0.02, aspect=22, format=show)
    bar.set_label(textwrap.fill(about.words, 50))
    bar.outline.set_visible(False)


def _write_the_values(axes: Axes, mesh: QuadMesh, cells: Cells, unit: UnitOfMeasure) -> None:
    width, height = size_in_points(axes)
    cell = (width / len(cells.across), height / len(cells.upwards))
    texts = dict(_texts(cells, unit))
    size = _largest_size(set(texts.values()), cell)
    for (row, column), text in texts.items():
        value = cells.values[row, column]
        written = axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=size)
        if np.isfinite(value):
            written.set_color(_readable_on(np.asarray(mesh.to_rgba(value))))
        else:
            written.set_bbox({"facecolor": FAINT, "edgecolor": "none", "pad": 1})
            _hatch(axes, row, column)


def _texts(cells: Cells, unit: UnitOfMeasure) -> Iterator[tuple[tuple[int, int], str]]:
    """What to write in each cell: its value, that no world had one, or that it was not run."""
    for place in np.ndindex(cells.values.shape):
        value = float(cells.values[place])
        missing = "none" if cells.run[place] else "not run"
        yield place, unit.show(value) if np.isfinite(value) else missing


def _largest_size(texts: set[str], cell: tuple[float, float]) -> float:
    """The largest font size, within reason, at which all texts fit a cell."""
    widest = max(width_of(text, 100.0) for text in texts) / 100.0
    return float(np.clip(min(0.8 * cell[0] / widest, 0.5 * cell[1]), 6, TEXT + 3))


def _hatch(axes: Axes, row: int, column: int) -> None:
    """Hatch a cell, below the white lines of the map."""
    cell = Rectangle((column, row), 1, 1, facecolor=FAINT, edgecolor=GREY, hatch="//", linewidth=0)
    cell.set_zorder(0.5)
    axes.add_patch(cell)


def _readable_on(rgba: np.ndarray) -> str:
    """White or black, whichever contrasts more (the relative luminance of WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgba[:3]]
    luminance = np.dot(linear, (0.2126, 0.7152, 0.0722))
    return "white" if luminance < 0.179 else "black"


def _caption(summary: pd.DataFrame, measure: str, about: Measure) -> str:
    """What a cell rests on, in one sentence."""
    parts = [f"Each cell: {about.words}"]
    if "n" in summary:
        low, high = int(summary["n"].min()), int(summary["n"].max())
        parts[0] += f", {low:,}" if low == high else f", {low:,} to {high:,}"
        parts[0] += " negotiations a cell"
    if {f"{measure}_low", f"{measure}_high"} <= set(summary.columns):
        half = (summary[f"{measure}_high"] - summary[f"{measure}_low"]).astype(float).max() / 2
        if np.isfinite(half):
            parts.append(
                f"95\u00a0% intervals reach at most {_at_most(half, about.unit)} either way"
            )
    if summary[measure].isna().any():
        parts.append('"none" where no negotiation has a value')
    return "; ".join(parts) + "."


def _at_most(half: float, unit: UnitOfMeasure) -> str:
    """Half an interval, rounded up where values are whole numbers of a unit."""
    if unit.plain:
        return unit.show(half)
    up = ceil(unit.times * half - 1e-9)
    text = f"{unit.before}{up:,}{unit.of_differences}"
    return text.removesuffix("s") if up == 1 else text


def outcome_map_of(results: Results, request: FigureRequest) -> Figure:
    """The map of the two keys that are asked for, or of the two that there are."""
    keys, question = two_keys(results, request), results.experiment.file.question
    return outcome_map(results.summary, *keys, request.measure, question)
