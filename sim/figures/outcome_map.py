"""The heat map of a two-way sweep: one measure of how negotiations end, over two swept keys."""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath
from matplotlib.ticker import FuncFormatter

from sim.figures.style import (
    FAINT,
    GREY,
    SMALL,
    TEXT,
    dollars,
    figure,
    finish,
    in_house_style,
    percent,
    size_in_points,
)
from sim.schema import TextbookGame, TwoLevelGame, parameters

HEIGHT = 7.2  # inches, with names of one line
MAP_WIDTH = 520.0  # points that the cells have at the least
SMALLEST = 8  # points
TICK_LETTERS = 24


def _percentage_points(value: float) -> str:
    points = ceil(100 * value - 1e-9)
    return "1 percentage point" if points == 1 else f"{points} percentage points"


def _dollars_up(value: float) -> str:
    return f"${ceil(value - 1e-9):,}M"


def _number(value: float) -> str:
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:z,.{decimals}f}".replace("-", "−")


@dataclass(frozen=True)
class Measure:
    """A measure in words, how to show a value and half an interval, and its scale if fixed."""

    words: str
    show: Callable[[float], str] = _number
    show_half: Callable[[float], str] = _number
    scale: tuple[float, float] | None = None


def _share(words: str) -> Measure:
    return Measure(words, percent, _percentage_points, (0.0, 1.0))


def _money(words: str) -> Measure:
    return Measure(words, dollars, _dollars_up)


MEASURES = {
    "agreed": _share("share of negotiations that reached an agreement"),
    "ratified": _share("share of negotiations ratified in the end"),
    "ratified_first": _share("share of negotiations ratified on the first ballot"),
    "ratified_second": _share("share of negotiations ratified on the second ballot"),
    "rejected": _share("share of negotiations that the members rejected in the end"),
    "impasse": _share("share of negotiations that ended without an agreement"),
    "mediated": _share("share of negotiations that a mediator brought to an agreement"),
    "awarded": _share("share of negotiations that an arbitrator decided"),
    "closed_doors": _share("share of negotiations in which closed doors are agreed on first"),
    "governor_wanted_closed": _share("share of negotiations whose governor wants closed doors"),
    "coalition_wanted_closed": _share(
        "share of negotiations whose union leaders want closed doors"
    ),
    "deadline": Measure("mean number of rounds agreed on first"),
    "award_savings": _money("mean savings of arbitrators' awards over two years"),
    "round": Measure("mean round of the agreement"),
    "savings": _money("mean savings of the agreements over two years"),
    "savings_realised": _money("mean savings over two years, 0 without ratification"),
    "taxes": _money("mean further taxes of the agreements over two years"),
    "layoffs": Measure("mean number of layoffs carried out"),
    "layoffs_threatened": Measure("mean number of layoffs threatened in the end"),
    "yes_share_1": _share("mean share of members voting yes on the first ballot"),
    "yes_share_2": _share("mean share of members voting yes on the second ballot"),
    "unions_yes_1": Measure("mean number of unions voting yes on the first ballot"),
    "unions_yes_2": Measure("mean number of unions voting yes on the second ballot"),
    "weight_yes_1": _share("mean weight behind the yes on the first ballot"),
    "weight_yes_2": _share("mean weight behind the yes on the second ballot"),
    "approval": Measure("mean approval of the governor in the end", percent, _percentage_points),
    "approval_at_agreement": Measure(
        "mean approval of the governor at the agreement", percent, _percentage_points
    ),
    "alliance_kept": Measure(
        "mean share of the alliance of the campaign that is left", percent, _percentage_points
    ),
    "utility_governor": Measure("mean worth to the governor (0 = no agreement)"),
    "utility_coalition": Measure("mean worth to the coalition (0 = no agreement)"),
    "nash_ratio": _share("mean Nash product, as a share of the greatest possible"),
    "pareto_distance": Measure("mean distance to the Pareto frontier (utility)"),
    "reopened": _share("share of negotiations for which leaders reopened the contract"),
    "units_yes": Measure("mean number of units voting yes on their own wages"),
    "units_yes_1": Measure("mean number of units voting yes on the first ballot"),
    "units_yes_2": Measure("mean number of units voting yes on the second ballot"),
    "wage_yes_share": _share("mean share of members voting yes on their unit's wages"),
    "members_secured": _share("mean share of members who have job security"),
    "savings_in_force": _money("mean savings in force over two years"),
}


@in_house_style
def outcome_map(
    summary: pd.DataFrame, x: str, y: str, measure: str = "ratified", question: str = ""
) -> Figure:
    """Draw a measure over two swept keys: a cell for every pair of levels, its value written in.

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
    cells = _cells(summary, x, y, measure)
    about = MEASURES.get(measure, Measure(measure.replace("_", " ")))
    title = question or about.words[0].upper() + about.words[1:]
    ticks = _fitted([_level(level) for level in cells.across])
    height = HEIGHT + ticks.height / 72
    drawing = figure(height, title, _caption(summary, measure, about), _layout())
    axes = drawing.subplots()
    mesh = axes.pcolormesh(cells.values, cmap="cividis", edgecolors="white", linewidth=1.5)
    mesh.set_clim(*_limits(cells.values, about))
    _draw_the_scale(drawing, mesh, axes, about)
    _name_the_axes(axes, cells, ticks, x, y)
    finish(drawing)  # the cells have a size now
    _write_the_values(axes, mesh, cells, about)
    return drawing


@dataclass(frozen=True, eq=False)
class _Cells:
    """A summary as a grid: first axis y, last axis x. `run` tells which cells have a row."""

    across: list[Any]
    upwards: list[Any]
    values: np.ndarray
    run: np.ndarray


@dataclass(frozen=True)
class _Ticks:
    """Names of columns as they fit: their size, their rotation and the extra height (points)."""

    names: list[str]
    size: int
    rotation: str
    height: float


def _layout() -> ConstrainedLayoutEngine:
    """Place the panels with some air around them (inches)."""
    return ConstrainedLayoutEngine(w_pad=0.14, h_pad=0.14)


def _cells(summary: pd.DataFrame, x: str, y: str, measure: str) -> _Cells:
    _check(summary, x, y, measure)
    across, upwards = _levels(summary[x]), _levels(summary[y])
    column = [across.index(level) for level in summary[x].tolist()]
    row = [upwards.index(level) for level in summary[y].tolist()]
    shape = (len(upwards), len(across))
    values, run = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    values[row, column] = summary[measure].to_numpy(dtype=float, na_value=np.nan)
    run[row, column] = True
    return _Cells(across, upwards, values, run)


def _check(summary: pd.DataFrame, x: str, y: str, measure: str) -> None:
    for role, column in (("x", x), ("y", y), ("measure", measure)):
        if column not in summary:
            known = ", ".join(map(str, summary.columns))
            raise ValueError(f'{role} = "{column}": the summary has no such column; it has {known}')
    if x == y:
        raise ValueError(f'x and y are both "{x}": name two columns')
    if summary.empty:
        raise ValueError("the summary has no rows")
    rows = summary.groupby([x, y], sort=False, observed=True, dropna=False).size()
    if rows.max() > 1:
        left, up = rows.idxmax()
        raise ValueError(
            f"{x} = {_level(left)} and {y} = {_level(up)} has {rows.max()} rows: keep one value of "
            "whatever else was swept, so that each cell has one row"
        )


def _levels(column: pd.Series) -> list[Any]:
    found = list(dict.fromkeys(column.tolist()))
    return sorted(found) if _ascends(found) else found


def _ascends(levels: list[Any]) -> bool:
    return all(isinstance(level, int | float) for level in levels)


def _level(level: Any) -> str:
    """A level in plain words."""
    if isinstance(level, bool | np.bool_):
        return "yes" if level else "no"
    if isinstance(level, int | float):
        return f"{level:,.6g}" if abs(level) < 1e6 else f"{level:,.0f}"
    return str(level).replace("_", " ")


def _limits(values: np.ndarray, about: Measure) -> tuple[float, float]:
    if about.scale:
        return about.scale
    seen = values[np.isfinite(values)]
    if seen.size == 0:
        return 0.0, 1.0
    low, high = seen.min(), seen.max()
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _draw_the_scale(drawing: Figure, mesh: QuadMesh, axes: Axes, about: Measure) -> None:
    show = FuncFormatter(lambda value, _: about.show(value))
    bar = drawing.colorbar(mesh, ax=axes, pad=0.02, aspect=22, format=show)
    bar.set_label(textwrap.fill(about.words, 50))
    bar.outline.set_visible(False)


def _name_the_axes(axes: Axes, cells: _Cells, ticks: _Ticks, x: str, y: str) -> None:
    axes.set_xlabel(textwrap.fill(_words(x), 72), labelpad=10)
    axes.set_ylabel(textwrap.fill(_words(y), 46), labelpad=10)
    across = np.arange(len(cells.across)) + 0.5
    axes.set_xticks(across, ticks.names, size=ticks.size, rotation=ticks.rotation)
    names = [textwrap.fill(_level(level), TICK_LETTERS) for level in cells.upwards]
    axes.set_yticks(np.arange(len(names)) + 0.5, names)
    if not _ascends(cells.upwards):
        axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _words(key: str) -> str:
    """A swept key in plain words, with its unit where it has one."""
    field = (parameters(TextbookGame) | parameters(TwoLevelGame)).get(key)
    if field is None:
        return key.replace("_", " ")
    unit = (field.json_schema_extra or {}).get("parameter", {}).get("unit", "none")
    return field.description if unit == "none" else f"{field.description} [{unit}]"


def _fitted(names: list[str]) -> _Ticks:
    """Break names into lines no wider than a cell, in the largest size that fits, or upright."""
    width = MAP_WIDTH / len(names)
    for size in range(SMALL, SMALLEST - 1, -1):
        letters = int(width / (0.55 * size))
        lines = [textwrap.fill(name, letters, break_long_words=False) for name in names]
        if _longest(lines, size) < width - 4:
            most = max(text.count("\n") for text in lines)
            return _Ticks(lines, size, "horizontal", 1.2 * size * most)
    lines = [textwrap.fill(name, TICK_LETTERS) for name in names]
    return _Ticks(lines, SMALL, "vertical", _longest(lines, SMALL))


def _longest(texts: list[str], size: float) -> float:
    return max(_width(line, size) for text in texts for line in text.split("\n"))


def _width(text: str, size: float) -> float:
    """How wide a text is, in points."""
    if not text.strip():
        return 0.0
    return TextPath((0, 0), text, size=size, prop=FontProperties()).vertices[:, 0].max()


def _write_the_values(axes: Axes, mesh: QuadMesh, cells: _Cells, about: Measure) -> None:
    width, height = size_in_points(axes)
    cell = (width / len(cells.across), height / len(cells.upwards))
    texts = dict(_texts(cells, about))
    size = _largest_size(set(texts.values()), cell)
    for (row, column), text in texts.items():
        value = cells.values[row, column]
        written = axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=size)
        if np.isfinite(value):
            written.set_color(_readable_on(mesh.to_rgba(value)))
        else:
            written.set_bbox({"facecolor": FAINT, "edgecolor": "none", "pad": 1})
            _hatch(axes, row, column)


def _texts(cells: _Cells, about: Measure) -> Iterator[tuple[tuple[int, int], str]]:
    """What to write in each cell: its value, that no world had one, or that it was not run."""
    for place in np.ndindex(cells.values.shape):
        value = cells.values[place]
        missing = "none" if cells.run[place] else "not run"
        yield place, about.show(value) if np.isfinite(value) else missing


def _largest_size(texts: set[str], cell: tuple[float, float]) -> float:
    """The largest font size, within reason, at which all texts fit a cell."""
    widest = max(_width(text, 100.0) for text in texts) / 100.0
    return float(np.clip(min(0.8 * cell[0] / widest, 0.5 * cell[1]), 6, TEXT + 3))


def _hatch(axes: Axes, row: int, column: int) -> None:
    """Hatch a cell, below the white lines of the map."""
    look = {"facecolor": FAINT, "edgecolor": GREY, "hatch": "//", "linewidth": 0, "zorder": 0.5}
    axes.add_patch(Rectangle((column, row), 1, 1, **look))


def _readable_on(rgba: tuple[float, ...]) -> str:
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
            parts.append(f"95\u00a0% intervals reach at most {about.show_half(half)} either way")
    if summary[measure].isna().any():
        parts.append('"none" where no negotiation has a value')
    return "; ".join(parts) + "."
