"""The heat map of a two-way sweep: one measure of how negotiations end, over two swept keys.

Where one more thing is varied, such as arms, there is a map for each of its values.
"""

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
from sim.experiments.statistics.summary import span
from sim.play.measures import Measure, UnitOfMeasure, measure_of
from sim.show.counts import FEW_IN_WORDS, FEW_MARK, counts, few
from sim.show.figures.grid import MAP_WIDTH, Cells, cells, fitted, name_the_axes
from sim.show.figures.results import two_keys
from sim.show.figures.style import (
    FAINT,
    GREY,
    SMALL,
    TEXT,
    figure,
    in_house_style,
    lay_out,
    level_in_words,
    panels_of,
    refuse_more,
    size_in_points,
    width_of,
)

HEIGHT = 7.2  # inches, with names of one line
ACROSS = 3  # maps in a row
MAP, ALONE, REST = 3.3, 1.0, 1.9  # inches: a row of maps; more if it is the only one; the rest
MOST_MAPS = 9
LETTERS = 90  # that stand below a row of maps


@in_house_style
def outcome_map(
    summary: pd.DataFrame,
    x: str,
    y: str,
    measure: str = "ratified",
    question: str = "",
    each: str | None = None,
) -> Figure:
    """A measure over two swept keys: a cell for every pair of levels, with its value written in.

    Strings are in the order of first appearance (y from the top), numbers ascend (from the bottom).

    Args:
        summary: one row a design point; the caption tells of `n` or `<measure>_n`, of `<measure>_low` and
            `<measure>_high` where they are given.
        x: the column across.
        y: the column upwards.
        measure: the column to show.
        question: the title; the measure in words if it is left out.
        each: a further column, for each value of which there is a map.

    Raises:
        ValueError: when a column is missing, a cell has more than one row, or there are too many maps.

    """
    about = measure_of(measure)
    title = question or about.words[0].upper() + about.words[1:]
    if each is None:
        grid = cells(summary, x, y, measure)
        return _one(grid, x, y, about, title, _caption(summary, measure, about))
    levels = list(dict.fromkeys(summary[each]))
    refuse_more(len(levels), MOST_MAPS, f"maps, one for each value of {each},")
    of_level = [summary[summary[each] == level] for level in levels]
    grids = [cells(rows, x, y, measure) for rows in of_level]
    what = "arm" if each == "arm" else f"value of {each}"
    caption = f"A map for each {what}, all in the same colours. {_caption(summary, measure, about)}"
    names = [level_in_words(level) if each == "arm" else f"{each} = {level}" for level in levels]
    return _many(grids, names, x, y, about, title, caption)


def _one(grid: Cells, x: str, y: str, about: Measure, title: str, caption: str) -> Figure:
    ticks = fitted(grid.names_across)
    drawing = figure(HEIGHT + ticks.height / 72, title, caption)
    axes = drawing.subplots()
    mesh = axes.pcolormesh(grid.values, cmap="cividis", edgecolors="white", linewidth=1.5)
    mesh.set_clim(*_limits(grid.values, about.unit))
    _draw_the_scale(drawing, mesh, axes, about)
    name_the_axes(axes, grid, ticks, x, y)
    lay_out(drawing)  # the cells have a size now
    _write_the_values(axes, mesh, grid, about.unit)
    return drawing


def _many(
    grids: list[Cells], names: list[str], x: str, y: str, about: Measure, title: str, caption: str
) -> Figure:
    """A map a name, side by side, with one scale of colours."""
    across = min(len(grids), ACROSS)
    ticks = fitted(grids[0].names_across, MAP_WIDTH / across)
    rows = -(-len(grids) // across)
    height = REST + rows * (MAP + ticks.height / 72) + ALONE * (rows == 1)
    drawing = figure(height, title, caption)
    panels = panels_of(drawing, len(grids), across)
    limits = _limits(np.stack([grid.values for grid in grids]), about.unit)
    meshes = []
    for number, (axes, grid, name) in enumerate(zip(panels, grids, names, strict=True)):
        mesh = axes.pcolormesh(grid.values, cmap="cividis", edgecolors="white", linewidth=1.5)
        mesh.set_clim(*limits)
        name_the_axes(axes, grid, ticks, x, y, letters=LETTERS // across, upwards=30)
        if number % across:
            axes.set_ylabel("")
            axes.set_yticks([])
        if number + across < len(grids):
            axes.set_xlabel("")
        axes.set_title(textwrap.fill(name, LETTERS // across), size=SMALL)
        meshes.append(mesh)
    _draw_the_scale(drawing, meshes[-1], panels, about)
    lay_out(drawing)
    for axes, mesh, grid in zip(panels, meshes, grids, strict=True):
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


def _draw_the_scale(
    drawing: Figure, mesh: QuadMesh, axes: Axes | list[Axes], about: Measure
) -> None:
    show = FuncFormatter(lambda value, _: about.unit.show(value))
    bar = drawing.colorbar(mesh, ax=axes, pad=0.02, aspect=22, format=show)
    bar.set_label(textwrap.fill(about.words, 50 if isinstance(axes, Axes) else 34))
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
        mark = FEW_MARK if cells.few[place] else ""
        yield place, f"{unit.show(value)}{mark}" if np.isfinite(value) else missing


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
    if "n" in summary and (rests_on := span(numbers := counts(summary, measure))):
        some = bool((numbers < summary["n"]).any())
        parts[0] += f", {rests_on} negotiations a cell{' that have it' * some}"
        if some:
            parts[0] += f", of {span(summary['n'])} played"
    if {f"{measure}_low", f"{measure}_high"} <= set(summary.columns):
        low, high = (summary[f"{measure}_{end}"].astype(float) for end in ("low", "high"))
        half = max((high - summary[measure]).max(), (summary[measure] - low).max())
        if np.isfinite(half):
            parts.append(
                f"95\u00a0% intervals reach at most {_at_most(half, about.unit)} either way"
            )
    if summary[measure].isna().any():
        parts.append('"none" where no negotiation has a value')
    if "n" in summary and few(counts(summary, measure)).any():
        parts.append(FEW_IN_WORDS)
    return "; ".join(parts) + "."


def _at_most(half: float, unit: UnitOfMeasure) -> str:
    """Half an interval, rounded up where values are whole numbers of a unit."""
    if unit.plain or unit.before == "$":
        return unit.show(half)
    up = ceil(unit.times * half - 1e-9)
    text = f"{unit.before}{up:,}{unit.of_differences}"
    return text.removesuffix("s") if up == 1 else text


def outcome_map_of(results: Results, request: FigureRequest) -> Figure:
    """The map of the two keys that are asked for, or of the two that there are."""
    x, y, each = two_keys(results, request)
    question = results.experiment.file.question
    return outcome_map(results.summary, x, y, request.measure, question, each)
