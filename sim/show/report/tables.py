"""Tables of a report: the settings with their means, how these are spread, and the differences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.experiments.running.results import Results
from sim.show.counts import FEW, FEW_IN_WORDS, FEW_MARK, counts
from sim.show.report.differences import LESS, MORE, OPEN, SAME, UNKNOWN, Differences
from sim.show.report.words import Measured, plain
from sim.show.titles import title_of

MOST_ROWS = 60  # settings that one can read one by one
MARKS = {MORE: "\u25b2", LESS: "\u25bc", OPEN: "", SAME: "=", UNKNOWN: ""}


@dataclass(frozen=True)
class Cell:
    """What a cell says: its text, what stands small below it, and a mark with its meaning in words."""

    text: str
    below: str = ""
    mark: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column: what it holds, its unit, and its name in the files."""

    words: str
    unit: str = ""
    name: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its caption, heads, and rows of cells, of which the first `labels` say what a row is of."""

    caption: str
    heads: list[Head]
    rows: list[list[Cell]]
    labels: int


def of_points(results: Results, measures: Sequence[Measured]) -> Table:
    """Every setting with its means; of many settings, how their means are spread."""
    if len(results.points) > MOST_ROWS:
        return _spread(results, measures)
    keys, summary = list(results.points), results.summary
    means = zip(*(_means(summary, each) for each in measures), strict=True)
    rows = [
        [*(Cell(plain(row[key])) for key in keys), Cell(f"{row['n']:,}"), *cells]
        for row, cells in zip(summary.to_dict("records"), means, strict=True)
    ]
    caption = (
        "A row a setting. Small numbers are 95\u00a0% intervals; n is the number of its worlds, and below a "
        f"measure that not all of them have the number of those that do. {FEW_IN_WORDS}."
    )
    return Table(caption, [*_labels(keys), Head("n"), *map(_head, measures)], rows, len(keys))


def _means(summary: pd.DataFrame, each: Measured) -> Iterator[Cell]:
    """A column of cells: the mean of a measure at each setting."""
    ends = (summary[f"{each.name}{end}"] for end in ("", "_low", "_high"))
    for *mean, n, own in zip(*ends, summary["n"], counts(summary, each.name), strict=True):
        text, interval = each.cell(*mean)
        mark = FEW_MARK if 0 < own < FEW else ""
        below = [interval] if interval else []
        below += [f"n = {own:,.0f}"] if own not in (0, n) and own == own else []
        yield Cell(f"{text}{mark}", "; ".join(below))


def _spread(results: Results, measures: Sequence[Measured]) -> Table:
    """One row a measure and arm: how the means of the settings are spread."""
    summary = results.summary
    arms = summary["arm"] if "arm" in summary else pd.Series("", index=summary.index)
    rows = []
    for each in measures:
        for arm, points in summary.groupby(arms, sort=False):
            values = points[each.name]
            shown = [values.mean(), *values.quantile([0, 0.05, 0.5, 0.95, 1])]
            label = [Cell(each.title), *([Cell(str(arm))] if arm else [])]
            rows.append([*label, *(Cell(each.value(value)) for value in shown)])
    caption = (
        f"How the means of the {len(summary):,} settings are spread, chance included. Each setting, with "
        "its intervals, is a row of summary.csv in the results folder."
    )
    labels = ["measure", "arm"] if arms.any() else ["measure"]
    columns = ["mean", "least", "5\u00a0% below", "median", "5\u00a0% above", "greatest"]
    return Table(caption, [Head(head) for head in labels + columns], rows, len(labels))


def of_differences(
    results: Results, measures: Sequence[Measured], compared: Differences, base: str
) -> Table:
    """How every setting differs from its base, which `base` says in words."""
    found = {(row["measure"], row["point"]): row for row in compared.table.to_dict("records")}
    labels = results.points.set_index("point", drop=False)
    rows = [
        [
            *(Cell(plain(value)) for value in labels.loc[point]),
            *(_difference(found[each.name, point], each) for each in measures),
        ]
        for point in compared.points
    ]
    caption = (
        f"Differences from {base}. {MARKS[MORE]} more, {MARKS[LESS]} less: the 95\u00a0% interval leaves 0 "
        f"out. {MARKS[SAME]}: the same in every pair of worlds. No mark: not told apart."
    )
    heads = [*_labels(list(results.points)), *(_head(each, apart=True) for each in measures)]
    return Table(caption, heads, rows, labels.shape[1])


def _difference(row: dict, each: Measured) -> Cell:
    text, interval = each.cell_apart(row["difference"], row["low"], row["high"])
    return Cell(text, interval, MARKS[row["verdict"]], row["verdict"])


def _labels(keys: list[str]) -> list[Head]:
    return [Head("setting") if key == "point" else Head(title_of(key), name=key) for key in keys]


def _head(each: Measured, *, apart: bool = False) -> Head:
    return Head(each.title, each.unit.head_of_differences if apart else each.unit.head, each.name)
