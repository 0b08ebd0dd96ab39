"""What figures over two swept keys share: a summary as a grid of cells, and the names along its axes."""

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.cases.schema import TextbookGame, TwoLevelGame
from sim.inputs.parameter import about, parameters
from sim.show.counts import counts, few
from sim.show.figures.style import SMALL, level_in_words, width_of

MAP_WIDTH = 520.0  # points that the cells have at the least
SMALLEST = 8  # points
TICK_LETTERS = 24


@dataclass(frozen=True, eq=False)
class Cells:
    """A summary as a grid: first axis y, last axis x.

    `run` tells which cells have a row, `few` those whose value rests on few worlds.
    """

    across: list[Any]
    upwards: list[Any]
    values: np.ndarray
    run: np.ndarray
    few: np.ndarray

    @property
    def names_across(self) -> list[str]:
        """The levels of x in plain words."""
        return [level_in_words(level) for level in self.across]


@dataclass(frozen=True)
class Ticks:
    """Names of columns as they fit: their size, their rotation and the extra height (points)."""

    names: list[str]
    size: int
    rotation: str
    height: float


def cells(summary: pd.DataFrame, x: str, y: str, measure: str) -> Cells:
    """Lay a measure of a summary out over two of its columns.

    Raises:
        ValueError: when a column is missing, or a cell has more than one row.

    """
    _check(summary, x, y, measure)
    across, upwards = _levels(summary[x]), _levels(summary[y])
    column = [across.index(level) for level in summary[x].tolist()]
    row = [upwards.index(level) for level in summary[y].tolist()]
    shape = (len(upwards), len(across))
    values, run = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    values[row, column] = summary[measure].to_numpy(dtype=float, na_value=np.nan)
    run[row, column] = True
    rough = np.zeros(shape, dtype=bool)
    if "n" in summary:
        rough[row, column] = few(counts(summary, measure))
    return Cells(across, upwards, values, run, rough)


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
        left, up = map(level_in_words, rows.idxmax())
        raise ValueError(
            f"{x} = {left} and {y} = {up} has {rows.max()} rows: keep one value of "
            "whatever else was swept (with --where), so that each cell has one row"
        )


def _levels(column: pd.Series) -> list[Any]:
    found = list(dict.fromkeys(column.tolist()))
    return sorted(found) if _ascends(found) else found


def _ascends(levels: list[Any]) -> bool:
    return all(isinstance(level, int | float) for level in levels)


def name_the_axes(
    axes: Axes, cells: Cells, ticks: Ticks, x: str, y: str, letters: int = 72, upwards: int = 46
) -> None:
    """Name both keys and their levels; words read from the top, numbers rise from the bottom."""
    axes.set_xlabel(textwrap.fill(_words(x), letters), labelpad=10)
    axes.set_ylabel(textwrap.fill(_words(y), upwards), labelpad=10)
    across = np.arange(len(cells.across)) + 0.5
    axes.set_xticks(across, ticks.names, size=ticks.size, rotation=ticks.rotation)
    names = [textwrap.fill(level_in_words(level), TICK_LETTERS) for level in cells.upwards]
    axes.set_yticks(np.arange(len(names)) + 0.5, names)
    if not _ascends(cells.upwards):
        axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _words(key: str) -> str:
    """A swept key in plain words, with its unit where it has one."""
    field = parameters(TwoLevelGame).get(key) or parameters(TextbookGame).get(key)
    if field is None:
        return key.replace("_", " ")
    unit = about(field)["unit"]
    return f"{field.description}" if unit == "none" else f"{field.description} [{unit}]"


def fitted(names: list[str], wide: float = MAP_WIDTH) -> Ticks:
    """Break names into lines no wider than a cell, in the largest size that fits, or upright."""
    width = wide / len(names)
    for size in range(SMALL, SMALLEST - 1, -1):
        letters = int(width / (0.55 * size))
        lines = [textwrap.fill(name, letters, break_long_words=False) for name in names]
        if _longest(lines, size) < width - 4:
            most = max(text.count("\n") for text in lines)
            return Ticks(lines, size, "horizontal", 1.2 * size * most)
    lines = [textwrap.fill(name, TICK_LETTERS) for name in names]
    return Ticks(lines, SMALL, "vertical", _longest(lines, SMALL))


def _longest(texts: list[str], size: float) -> float:
    return max(width_of(line, size) for text in texts for line in text.split("\n"))
