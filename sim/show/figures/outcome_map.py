"""The heat map of a two-way sweep: one measure of how negotiations end, over two swept keys."""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.show.figures.grid import Cells, cells, fitted, name_the_axes
from sim.show.figures.style import (
    FAINT,
    GREY,
    TEXT,
    dollars,
    figure,
    finish,
    in_house_style,
    percent,
    size_in_points,
    width_of,
)

HEIGHT = 7.2  # inches, with names of one line


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
    "yes_juniors_1": _share("mean share of junior members' votes for yes on the first ballot"),
    "yes_juniors_2": _share("mean share of junior members' votes for yes on the second ballot"),
    "yes_seniors_1": _share("mean share of senior members' votes for yes on the first ballot"),
    "yes_seniors_2": _share("mean share of senior members' votes for yes on the second ballot"),
    "junior_lead_1": Measure(
        "mean share of yes among juniors less that among seniors, first ballot",
        percent,
        _percentage_points,
    ),
    "junior_lead_2": Measure(
        "mean share of yes among juniors less that among seniors, second ballot",
        percent,
        _percentage_points,
    ),
    "turnout_1": _share("mean share of members who vote on the first ballot"),
    "turnout_2": _share("mean share of members who vote on the second ballot"),
    "rumour_1": _share("mean share of members who believe the rumour at the first ballot"),
    "rumour_2": _share("mean share of members who believe the rumour at the second ballot"),
    "recommended": _share("mean share of members whose leader recommends a Yes"),
    "advised_against": _share("mean share of members whose leader recommends a No"),
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
    about = MEASURES.get(measure, Measure(measure.replace("_", " ")))
    title = question or about.words[0].upper() + about.words[1:]
    ticks = fitted(grid.names_across)
    height = HEIGHT + ticks.height / 72
    drawing = figure(height, title, _caption(summary, measure, about))
    axes = drawing.subplots()
    mesh = axes.pcolormesh(grid.values, cmap="cividis", edgecolors="white", linewidth=1.5)
    mesh.set_clim(*_limits(grid.values, about))
    _draw_the_scale(drawing, mesh, axes, about)
    name_the_axes(axes, grid, ticks, x, y)
    finish(drawing)  # the cells have a size now
    _write_the_values(axes, mesh, grid, about)
    return drawing


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


def _write_the_values(axes: Axes, mesh: QuadMesh, cells: Cells, about: Measure) -> None:
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


def _texts(cells: Cells, about: Measure) -> Iterator[tuple[tuple[int, int], str]]:
    """What to write in each cell: its value, that no world had one, or that it was not run."""
    for place in np.ndindex(cells.values.shape):
        value = cells.values[place]
        missing = "none" if cells.run[place] else "not run"
        yield place, about.show(value) if np.isfinite(value) else missing


def _largest_size(texts: set[str], cell: tuple[float, float]) -> float:
    """The largest font size, within reason, at which all texts fit a cell."""
    widest = max(width_of(text, 100.0) for text in texts) / 100.0
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
