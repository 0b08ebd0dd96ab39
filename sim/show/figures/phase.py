"""The phase diagram of a two-way sweep: how negotiations most often end, region by region."""

import textwrap
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from scipy.ndimage import label as connected

from sim.arrays.axes import Array
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.grid import Cells, Ticks, cells, fitted, name_the_axes
from sim.show.figures.results import two_keys
from sim.show.figures.style import (
    INK,
    SMALL,
    TEXT,
    Look,
    figure,
    in_house_style,
    key_beside,
    lay_out,
    marks,
    size_in_points,
    width_of,
)

HEIGHT = 7.2  # inches, with names of one line
MIXED = 2 / 3  # what the commonest end has less than this of is mixed
PALEST = 0.25  # how much colour is left where an end has the least share it can be commonest with
SMALLEST = 8  # points


@dataclass(frozen=True)
class End:
    """One way to end, in words; the look of its region tells it apart in grey too."""

    words: str
    colour: str
    hatch: str = ""


ENDS = {
    "ratified_first": End("ratified on the first ballot", "#56B4E9"),
    "ratified_second": End("ratified on the second ballot", "#0072B2", ".."),
    "agreed": End("agreed", "#56B4E9"),
    "rejected": End("rejected", "#E69F00", "//"),
    "impasse": End("impasse", "#999999", "xx"),
    "awarded": End("awarded by an arbitrator", "#F0E442", "--"),
}


@in_house_style
def phase(summary: pd.DataFrame, x: str, y: str, question: str = "") -> Figure:
    """The commonest way to end over two swept keys, with its share as tint and its name in each region.

    Args:
        summary: one row a design point, with the share of each way to end (see `Results.summary`).
        x: the column across.
        y: the column upwards.
        question: the title.

    Raises:
        ValueError: when a column is missing, or a cell has more than one row.

    """
    ends = _ends(summary)
    grids = [cells(summary, x, y, name) for name in ends]
    shares = np.stack([grid.values for grid in grids])
    known = np.isfinite(shares).all(0)
    commonest = np.where(known, np.nan_to_num(shares).argmax(0), -1)
    ticks = fitted(grids[0].names_across)
    caption = _caption(summary, ends, shares, commonest)
    drawing = figure(HEIGHT + ticks.height / 72, question, caption)
    axes = drawing.subplots()
    _draw_cells(axes, ends, shares, commonest)
    _mark_the_mixed(axes, shares, commonest)
    _key(axes, ends, commonest)
    _finish_axes(axes, grids[0], ticks, x, y)
    lay_out(drawing)  # the cells have a size now
    _name_the_regions(axes, ends, commonest)
    return drawing


def _ends(summary: pd.DataFrame) -> dict[str, End]:
    """The ways to end that the summary tells of; without a ballot an agreement is one of them."""
    ballots = "ratified_first" in summary
    names = [name for name in ENDS if name in summary and not (ballots and name == "agreed")]
    return {name: ENDS[name] for name in names}


def _draw_cells(
    axes: Axes,
    ends: dict[str, End],
    shares: Float[Array, "ends up across"],
    commonest: Int[Array, "up across"],
) -> None:
    looks = list(ends.values())
    least = 1 / len(looks)
    for (row, column), which in np.ndenumerate(commonest):
        if which < 0:
            axes.text(column + 0.5, row + 0.5, "not run", ha="center", va="center", size=SMALLEST)
            continue
        strength = PALEST + (1 - PALEST) * (shares[which, row, column] - least) / (1 - least)
        colour = 1 - strength * (1 - np.array(to_rgb(looks[which].colour)))
        look = {"facecolor": colour, "edgecolor": "#FFFFFF", "linewidth": 0}
        axes.add_patch(Rectangle((column, row), 1, 1, **look))
        if looks[which].hatch:
            hatch = {"hatch": looks[which].hatch, "edgecolor": "#00000040", "facecolor": "none"}
            axes.add_patch(Rectangle((column, row), 1, 1, linewidth=0, **hatch))
    _outline(axes, commonest)


def _outline(axes: Axes, commonest: Int[Array, "up across"]) -> None:
    """A line between neighbours that end differently."""
    rows, columns = np.nonzero(commonest[:, 1:] != commonest[:, :-1])
    axes.vlines(columns + 1, rows, rows + 1, color=INK, linewidth=1.6)
    rows, columns = np.nonzero(commonest[1:] != commonest[:-1])
    axes.hlines(rows + 1, columns, columns + 1, color=INK, linewidth=1.6)


def _mixed(
    shares: Float[Array, "ends up across"], commonest: Int[Array, "up across"]
) -> Bool[Array, "up across"]:
    return (commonest >= 0) & (shares.max(0) < MIXED)


def _mark_the_mixed(
    axes: Axes, shares: Float[Array, "ends up across"], commonest: Int[Array, "up across"]
) -> None:
    rows, columns = np.nonzero(_mixed(shares, commonest))
    look: Look = {"marker": "D", "markerfacecolor": "white", "markeredgecolor": INK}
    marks(axes, columns + 0.1, rows + 0.85, label="mixed", **look)


def _key(axes: Axes, ends: dict[str, End], commonest: Int[Array, "up across"]) -> None:
    """What looks mean: of the ends that are commonest somewhere."""
    seen = [look for number, look in enumerate(ends.values()) if (commonest == number).any()]
    handles: list[Artist] = [
        Patch(facecolor=look.colour, hatch=look.hatch, edgecolor="#00000060") for look in seen
    ]
    labels = [textwrap.fill(look.words, 20) for look in seen]
    for line in axes.lines:
        if line.get_label() == "mixed" and np.size(line.get_xdata()):
            handles, labels = [*handles, line], [*labels, "mixed"]
    title = {"title": "paler: a smaller share", "title_fontsize": SMALL, "alignment": "left"}
    key_beside(axes, handles=handles, labels=labels, handleheight=1.4, **title)


def _finish_axes(axes: Axes, grid: Cells, ticks: Ticks, x: str, y: str) -> None:
    axes.set_xlim(0, len(grid.across))
    axes.set_ylim(0, len(grid.upwards))
    name_the_axes(axes, grid, ticks, x, y)


def _name_the_regions(axes: Axes, ends: dict[str, End], commonest: Int[Array, "up across"]) -> None:
    """Write what each region is where it is widest, if there is room."""
    width, height = size_in_points(axes)
    cell = width / commonest.shape[1], height / commonest.shape[0]
    for number, end in enumerate(ends.values()):
        regions, count = connected(commonest == number)
        for region in range(1, count + 1):
            row, first, last = _widest_run(regions == region)
            room = (last - first) * cell[0] - 8
            found = _fitting(end.words, room, cell[1] - 4)
            if found is None:
                continue
            text, size = found
            written = axes.text((first + last) / 2, row + 0.5, text, ha="center", va="center")
            written.set(size=size, weight="bold")
            written.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5})


def _widest_run(region: Bool[Array, "up across"]) -> tuple[int, int, int]:
    """The row, and the first and one past the last column, of a region's longest run of cells."""
    best = (0, 0, 0)
    middle = np.nonzero(region.any(1))[0].mean()
    for row in sorted(np.flatnonzero(region.any(1)), key=lambda row: abs(row - middle)):
        steps = np.diff(np.concatenate([[0], region[row].astype(int), [0]]))
        for first, last in zip(
            np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True
        ):
            if last - first > best[2] - best[1]:
                best = (int(row), int(first), int(last))
    return best


def _fitting(words: str, width: float, height: float) -> tuple[str, int] | None:
    """The words broken into lines that fit, in the largest size; None where there is no room."""
    for size in range(TEXT + 1, SMALLEST - 1, -1):
        for lines in range(1, 5):
            text = textwrap.fill(words, max(len(words) // lines + 2, 8), break_long_words=False)
            wide = max(1.12 * width_of(line, size) for line in text.split("\n"))
            if wide <= width and 1.25 * size * (text.count("\n") + 1) <= height:
                return text, size
    return None


def _caption(
    summary: pd.DataFrame,
    ends: dict[str, End],
    shares: Float[Array, "ends up across"],
    commonest: Int[Array, "up across"],
) -> str:
    counts = {
        end.words: int((commonest == number).sum()) for number, end in enumerate(ends.values())
    }
    counted = ", ".join(f"{words} in {count:,}" for words, count in counts.items() if count)
    low, high = int(summary["n"].min()), int(summary["n"].max())
    size = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    mixed = int(_mixed(shares, commonest).sum())
    words = f"The commonest end of {(commonest >= 0).sum():,} cells, {size} negotiations a cell: {counted}."
    if mixed:
        words += f" In {mixed:,} mixed cells (a diamond) it has less than two thirds of them."
    return words


def phase_of(results: Results, request: FigureRequest) -> Figure:
    """The phase diagram of the two keys that are asked for, or of the two that there are."""
    x, y, rest = two_keys(results, request)
    if rest is not None:
        one = f'"{rest}={results.experiment.points[0].labels[rest]}"'
        raise ValueError(
            f"beside {x} and {y} also {rest} is varied; keep one value, such as --where {one}"
        )
    return phase(results.summary, x, y, results.experiment.file.question)
