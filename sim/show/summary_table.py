"""The summary as a table on a terminal: which columns have room, each mean with its interval and n."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import pandas as pd

from sim.play.measures import MEASURES, Measure, decimals_of, possible
from sim.show.counts import FEW_MARK, counts, few

SUMMARISED = (  # most telling first: a narrow terminal shows the first ones
    "ratified",
    "agreed",
    "ratified_first",
    "savings_realised",
    "savings",
    "yes_share_1",
    "unions_yes_1",
    "yes_share_2",
    "unions_yes_2",
    "round",
    "utility_governor",
    "utility_coalition",
    "nash_ratio",
)
FRAME = 3  # columns that a border and the room beside it take
LABEL = 24  # columns that a label has at the least before it is broken into lines
MORE_DECIMALS = 1  # where an interval would be shown as none


@dataclass(frozen=True)
class Column:
    """A column: its title, its cells, and whether its cells are words."""

    title: str
    cells: list[str]
    words: bool = False

    @property
    def width(self) -> int:
        """How wide it is with its frame; a label is broken where it is long."""
        lines = [line for text in (self.title, *self.cells) for line in text.split("\n")]
        wide = max(map(len, lines))
        if self.words and wide > LABEL:
            longest = max(len(word) for line in lines for word in line.split() or [""])
            wide = max(LABEL, longest)
        return wide + FRAME


@dataclass(frozen=True)
class Shown:
    """The columns that have room, and in words those that have none."""

    columns: list[Column]
    left_out: list[str]


def summarised(summary: pd.DataFrame) -> list[Measure]:
    """The measures that some point has, less those that are the same as one before."""
    others = [name for name, each in MEASURES.items() if each.short and name not in SUMMARISED]
    kept: list[str] = []
    for name in (*SUMMARISED, *others):
        there = name in summary and summary[name].notna().any()
        if there and not any(_the_same(summary, name, other) for other in kept):
            kept.append(name)
    return [MEASURES[name] for name in kept]


def _the_same(summary: pd.DataFrame, name: str, other: str) -> bool:
    same = summary[name].equals(summary[other])
    return same and counts(summary, name).equals(counts(summary, other))


def columns_that_fit(summary: pd.DataFrame, labels: Sequence[Column], room: int) -> Shown:
    """The labels and as many measures as there is room for; the first one is always there, and whole.

    Where it has too little room its interval stands below it, and then the number of the point is left out.
    """
    measures = summarised(summary)
    in_lines = [_of_measure(summary, each) for each in measures]
    below = [_of_measure(summary, each, below=True) for each in measures]
    attempts = [(list(labels), in_lines), (list(labels), below), (list(labels)[1:], below)]
    for named, measured in attempts:
        left = room - 1 - sum(column.width for column in named)
        if not measured or sum(column.width for column in measured[0]) <= left:
            break
    shown: list[Column] = [*named]
    for number, of_measure in enumerate(measured):
        left -= sum(column.width for column in of_measure)
        if left < 0 and number:
            return Shown(shown, [_title(each) for each in measures[number:]])
        shown += of_measure
    return Shown(shown, [])


def in_pieces(columns: Sequence[Column], room: int) -> list[list[Column]]:
    """Columns as they are where they have room, else in several tables that begin with the same words.

    These are the columns before the first numbers, or the first one.
    """
    if 1 + sum(column.width for column in columns) <= room:
        return [list(columns)]
    words = next((n for n, column in enumerate(columns) if not column.words), len(columns))
    begin, rest = list(columns[: words or 1]), columns[words or 1 :]
    pieces: list[list[Column]] = []
    left = 0
    for column in rest:
        if not pieces or column.width > left:
            pieces.append([*begin])
            left = room - 1 - sum(each.width for each in begin)
        pieces[-1].append(column)
        left -= column.width
    return pieces or [begin]


def _title(measure: Measure) -> str:
    return measure.short.replace("\n", " ").removesuffix(", %").removesuffix(", $M")


def _of_measure(summary: pd.DataFrame, measure: Measure, *, below: bool = False) -> list[Column]:
    """A measure with its intervals, and beside it its own n where that is not the point's."""
    ends = [summary[f"{measure.name}{end}"].astype(float) for end in ("", "_low", "_high")]
    numbers = counts(summary, measure.name)
    cells = _cells(measure, *ends, below=below)
    marks = [FEW_MARK * bool(mark) for mark in few(numbers)]
    if numbers.isna().all() or numbers.equals(summary["n"].astype(float)):
        marked = [f"{cell}{mark}" for cell, mark in zip(cells, marks, strict=True)]
        return [Column(measure.short, marked)]
    own = [
        "" if pd.isna(number) else f"{number:,.0f}{mark}"
        for number, mark in zip(numbers, marks, strict=True)
    ]
    return [Column(measure.short, cells), Column("n", own)]


def _cells(
    measure: Measure, mean: pd.Series, low: pd.Series, high: pd.Series, *, below: bool
) -> list[str]:
    """A column of means: with half their intervals where all of these are symmetric, else with the ends."""
    times = 100 if "%" in measure.unit.cell else 1
    decimals = _decimals(measure, mean, low, high)
    rows = [[x * times for x in row] for row in zip(mean, low, high, strict=True)]
    least, most = (end * times for end in possible(measure.name))
    halves = all(_symmetric(row, least, most, decimals) for row in rows if isfinite(row[1]))
    return [_cell(row, decimals, halves=halves, below=below) for row in rows]


def _decimals(measure: Measure, mean: pd.Series, low: pd.Series, high: pd.Series) -> int:
    """As many decimals as the unit has, and some more where an interval would be shown as none."""
    unit = measure.unit
    times = 100 if "%" in unit.cell else 1
    if unit.before == "$":
        decimals = decimals_of(mean.abs().max())
    else:
        found = re.search(r"\.(\d)", unit.cell)
        decimals = int(found[1]) if found else 0
    half = ((high - low) / 2 * times)[lambda halves: halves > 0]
    if half.empty:
        return decimals
    vanishing = half.min() < 0.5 * 10.0**-decimals
    return decimals + MORE_DECIMALS * bool(vanishing)


def _symmetric(row: Sequence[float], least: float, most: float, decimals: int) -> bool:
    """Whether a value stands in the middle of its interval, which keeps within what is possible."""
    mean, low, high = row
    if low == high:
        return True
    even = abs((mean - low) - (high - mean)) < 10.0**-decimals
    return even and low > least and high < most


def _cell(row: Sequence[float], decimals: int, *, halves: bool, below: bool) -> str:
    mean, low, high = (f"{x:z,.{decimals}f}" for x in row)
    if mean == "nan":
        return "-"
    if low == "nan":
        return mean
    if halves:
        return f"{mean} ±{_half((row[2] - row[1]) / 2, decimals)}"
    return f"{mean}{chr(10) if below else ' '}[{low}, {high}]"


def _half(half: float, decimals: int) -> str:
    """Half an interval; one that is there is not shown as none."""
    least = 10.0**-decimals
    return f"<{least:.{decimals}f}" if 0 < half < least / 2 else f"{half:,.{decimals}f}"
