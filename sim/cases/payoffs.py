"""Payoffs as a person writes them: a table read from a CSV file, formulas, and what is wrong with either.

Packages are given by the positions of their levels (see `packages.py`).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array
from sim.cases.packages import positions_of
from sim.cases.schema.payoffs import NamedValues
from sim.inputs.documents import path_of, read_file, text_of
from sim.inputs.formula import FUNCTIONS, Formula, in_order, worked_out
from sim.inputs.machine import hold_memory
from sim.inputs.parameter import expand
from sim.inputs.problems import Document, InputError, few, nearest, shown
from sim.inputs.sizes import in_number

SIDES = ("governor", "coalition")
MOST_PARTS = 50  # of the formulas of a game; each is laid out over all packages
MOST_ROWS = 1_000_000  # of a table; what is worth so many packages is said by a formula
NAMELESS = ("", "Unnamed: 0")  # as pandas and others call an index
_CELL = 100  # bytes of a cell that was read
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

Cell = float | str
Rows = Sequence[Sequence[Any]]
Issues = Mapping[str, Mapping[Cell, int]]  # each issue's levels and their labels -> position


# A table


def with_table_read(document: Document, where: str, folder: Path) -> Document:
    """A document of a scenario that holds the rows of its table of payoffs in place of the file's path.

    Raises:
        InputError: when the file cannot be read; `where` opens the sentence.
    """
    payoffs = document.get("payoffs")
    if not isinstance(payoffs, dict) or not isinstance(payoffs.get("table"), str):
        return document
    if not (file := payoffs["table"]):
        return document | {"payoffs": payoffs | {"table": []}}
    called = f"{where}: payoffs.table"
    path = folder / path_of(file, called)
    if path.suffix != ".csv":
        raise InputError(f"{called} = {shown(file)}: must be a file that ends in .csv")
    return document | {"payoffs": payoffs | {"table": read_file(path, _read, f"{called}: {path}")}}


def _read(content: bytes) -> list[list[Cell]]:
    """The rows of a CSV file, names of columns first.

    Raises:
        ValueError: with what is wrong.
    """
    text = text_of(content)
    lines = text.count("\n")
    if lines > MOST_ROWS:
        raise ValueError(
            f"has {in_number(lines)} rows; a table of payoffs has {MOST_ROWS:,} at the most"
        )
    hold_memory(_CELL * (lines + text.count(",")), f"{in_number(lines)} rows", "leave packages out")
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except csv.Error as error:
        raise ValueError(f"is not a CSV file: {error}") from None
    if not rows:
        raise ValueError("is empty")
    kept = [at for at, name in enumerate(rows[0]) if name.strip() not in NAMELESS]
    names: list[Cell] = [rows[0][at].strip() for at in kept]
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"row {number} has {len(row)} columns, and the first line {len(rows[0])}"
            )
    return [names, *([_cell(row[at]) for at in kept] for row in rows[1:])]


def _cell(written: str) -> Cell:
    try:
        number = float(written)
    except ValueError:
        return written.strip()
    return number if isfinite(number) else written.strip()


def issues_of(issues: Iterable[Mapping[str, Any]]) -> Issues:
    """Where each level of each issue stands, by its number and by its label."""
    found: dict[str, dict[Cell, int]] = {}
    for issue in issues:
        levels = expand(issue["levels"])
        labels = issue.get("labels") or []
        found[issue["name"]] = {
            **{cell: at for at, label in enumerate(labels) for cell in (label, _cell(label))},
            **{level: at for at, level in enumerate(levels)},
        }
    return found


def looked_up(
    table: Rows, issues: Issues, positions: Int[Array, "packages issues"], side: str
) -> Float[Array, " packages"]:
    """What packages are worth to a side by a table; not a number where the table has no such package."""
    header, *rows = table
    columns = [header.index(name) for name in issues]
    worth = header.index(side)
    found = np.full([1 + max(at.values()) for at in issues.values()], np.nan)
    for row in rows:
        found[_place(row, columns, issues)] = row[worth]
    return found[tuple(positions.T)]


def _place(row: Sequence[Any], columns: Sequence[int], issues: Issues) -> tuple[int, ...]:
    return tuple(at[row[column]] for at, column in zip(issues.values(), columns, strict=True))


def _table_problems(table: Rows, issues: Issues) -> Iterator[str]:
    header, *rows = table
    wanted = [*issues, *SIDES]
    for name in dict.fromkeys(header):
        if name not in wanted:
            there = ", ".join(wanted)
            yield f"has a column {shown(name)}{nearest(str(name), wanted)}; the columns are {there}"
        elif list(header).count(name) > 1:
            yield f"has {list(header).count(name)} columns called {shown(name)}; keep one"
    for name in wanted:
        if name not in header:
            yield f'has no column "{name}"; the columns are {", ".join(wanted)}'
    if set(header) == set(wanted) and len(header) == len(wanted):
        yield from _row_problems(header, rows, issues)


def _row_problems(header: Sequence[str], rows: Rows, issues: Issues) -> Iterator[str]:
    columns = [header.index(name) for name in issues]
    seen: dict[tuple[int, ...], int] = {}
    for number, row in enumerate(rows, start=1):
        problems = list(_cell_problems(header, row, issues))
        yield from (f"row {number}: {problem}" for problem in problems)
        if not problems:
            first = seen.setdefault(_place(row, columns, issues), number)
            if first != number:
                yield f"row {number}: is the same package as row {first}; keep one"


def _cell_problems(header: Sequence[str], row: Sequence[Any], issues: Issues) -> Iterator[str]:
    if len(row) != len(header):
        yield f"has {len(row)} columns, and the names are {len(header)}"
        return
    for name, cell in zip(header, row, strict=True):
        if name in issues and not (isinstance(cell, int | float | str) and cell in issues[name]):
            known = list(issues[name])
            yield f"{name} = {shown(cell)} is not one of its levels, {shown(known)}"
        if name in SIDES and not (isinstance(cell, int | float) and isfinite(cell)):
            yield f"{name} = {shown(cell)}: must be a finite number of points"


# Formulas


def by_formula(
    text: str,
    lets: Mapping[str, str],
    values: Mapping[str, float],
    levels: Mapping[str, Float[Array, " packages"]],
) -> Float[Array, " packages"]:
    """What packages are worth by a formula of their `levels` on each issue."""
    known = {name: np.asarray(number, dtype=float) for name, number in values.items()}
    worth = worked_out(text, lets, known | dict(levels))
    packages = len(next(iter(levels.values())))
    return np.broadcast_to(worth, packages).astype(float)


def _formula_problems(
    payoffs: Document, issues: Iterable[str], values: Mapping[str, float]
) -> Iterator[str]:
    lets = payoffs.get("let", {})
    others = [*issues, *values]
    problems: list[str] = []
    if len(lets) > MOST_PARTS:
        problems.append(f"payoffs.let: has {len(lets):,} parts; {MOST_PARTS} at the most")
    for name in lets:
        problems += _name_problems(f"payoffs.let.{name}", name, others)
    for name, text in lets.items():
        problems += _text_problems(f"payoffs.let.{name}", text, [*others, *lets])
    for side in SIDES:
        if payoffs.get(side):
            problems += _text_problems(f"payoffs.{side}", payoffs[side], [*others, *lets])
        else:
            problems.append(f"payoffs.{side}: is missing; give the formula of that side, too")
    yield from problems
    if not problems:
        try:
            in_order({name: Formula.read(text) for name, text in lets.items()})
        except ValueError as error:
            yield f"payoffs.let: {error}"


def _text_problems(where: str, text: str, known: Sequence[str]) -> Iterator[str]:
    try:
        formula = Formula.read(text)
    except ValueError as error:
        yield f"{where} = {shown(text)}: {error}"
        return
    for name in formula.names:
        if name not in known:
            there = ", ".join(known)
            yield f'{where}: nothing is called "{name}"{nearest(name, known)}: there are {there}'


def _name_problems(where: str, name: str, others: Iterable[str]) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f"{where}: a name in a formula is made of letters, digits and _, and begins with a letter"
    elif name in FUNCTIONS or hasattr(NamedValues, name):
        yield f'{where}: "{name}" has a meaning already; take another name'
    elif name in others:
        yield f'{where}: "{name}" is the name of an issue or of another value already'


# What is wrong


def payoff_problems(document: Document) -> Iterator[str]:
    """What is wrong with the payoffs of a textbook game: with points by issue, a table or formulas."""
    payoffs = document.get("payoffs", {})
    table, formulas = payoffs.get("table"), [side for side in SIDES if payoffs.get(side)]
    issues, values = issues_of(document["issue"]), document.get("values", {})
    for name in values:
        yield from _name_problems(f"values.{name}", name, issues)
    if not table and not formulas:
        yield from _points_problems(document)
        return
    if table and formulas:
        yield 'payoffs: has a table and formulas; keep one, and leave the other empty (table = "")'
        return
    problems = [
        f"issue.{issue['name']}.{side}: points by level, while [payoffs] says what packages are worth; "
        "keep one"
        for issue in document["issue"]
        for side in SIDES
        if issue.get(side) is not None
    ]
    if table:
        problems += [f"payoffs.table: {problem}" for problem in _table_problems(table, issues)]
    else:
        problems += _formula_problems(payoffs, issues, values)
    yield from few(problems) if problems else _worth_problems(document, issues)


def _points_problems(document: Document) -> Iterator[str]:
    best = [0.0, 0.0]
    for issue in document["issue"]:
        levels = expand(issue["levels"])
        for i, side in enumerate(SIDES):
            points = expand(issue.get(side))
            if points is None:
                yield f"issue.{issue['name']}.{side}: is missing; give the points of each level"
            elif len(points) != len(levels):
                yield (
                    f"issue.{issue['name']}.{side}: has {len(points)} points for {len(levels)} levels; "
                    "give one for each"
                )
            else:
                best[i] += max(points)
    yield from _batna_problems(document, best)


def _worth_problems(document: Document, issues: Issues) -> Iterator[str]:
    """What is wrong with the worth of single packages, where it is known of each."""
    payoffs, excludes = document["payoffs"], document.get("agenda", {}).get("excludes", [])
    levels = [expand(issue["levels"]) for issue in document["issue"]]
    try:
        positions = positions_of(list(issues), levels, excludes)
    except InputError as error:
        yield from error.problems
        return
    packages = {
        name: np.array(of_issue, dtype=float)[positions[:, at]]
        for at, (name, of_issue) in enumerate(zip(issues, levels, strict=True))
    }
    found = partial(_first_without, packages)
    best = []
    for side in SIDES:
        if table := payoffs.get("table"):
            worth = looked_up(table, issues, positions, side)
            where, lacks = "payoffs.table", "has no row for the package"
        else:
            given = payoffs[side], payoffs.get("let", {}), document.get("values", {})
            worth = by_formula(*given, packages)
            where, lacks = f"payoffs.{side}", "is not a finite number for the package"
        if not np.isfinite(worth).all():
            yield f"{where}: {lacks} {found(worth)}"
            if table:
                return
        best.append(float(worth.max()))
    if np.isfinite(best).all():
        yield from _batna_problems(document, best)


def _first_without(
    packages: Mapping[str, Float[Array, " packages"]], worth: Float[Array, " packages"]
) -> str:
    """The first package that has no finite worth, in words, and how many more there are."""
    bad = np.flatnonzero(~np.isfinite(worth))
    words = ", ".join(f"{name} {levels[bad[0]]:g}" for name, levels in packages.items())
    return f"{words}, nor for {len(bad) - 1:,} others" if len(bad) > 1 else words


def _batna_problems(document: Document, best: Sequence[float]) -> Iterator[str]:
    for i, side in enumerate(SIDES):
        if best[i] <= document["batna"][i]:
            yield (
                f"batna = {document['batna']}: the {side} can get at most {best[i]:g} points, no more "
                "than without an agreement; lower the batna"
            )
