"""The deals of a class: a table that a teacher typed, perhaps in a spreadsheet of another country.

Spreadsheets write semicolons between cells where a comma stands in numbers, and a mark of three bytes
before UTF-8; older ones write in Windows' own letters. All of this is read. A level may be given as a number
(0.75 or 0,75), in percent, or in the words of the kit.
"""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.inputs.documents import read_bytes
from sim.inputs.problems import InputError, nearest, shown
from sim.teaching.answers import Typed, agrees, readings
from sim.teaching.kit.paper import Paper, PaperIssue, printed_issues, written

TABLE, AGREED, ROUND, RATIFIED, NOTES = "table", "agreed", "round", "ratified", "notes"
DELIMITERS = ",;\t"
YES = ("yes", "y", "true", "1")
NO = ("no", "n", "false", "0")
LISTED = 12  # levels that an error lists


@dataclass(frozen=True)
class Deal:
    """What one group of the class agreed on: its package (a number of the game), None without agreement.

    `round` and `ratified` are None where the class did not tell.
    """

    group: str
    package: int | None
    round: int | None
    ratified: bool | None


def columns(paper: Paper) -> list[str]:
    """The columns of a table of deals, in order."""
    votes = [RATIFIED] if paper.scenario.has_ballot else []
    return [TABLE, AGREED, ROUND, *paper.agenda.names, *votes]


def read_deals(path: str | Path, paper: Paper) -> list[Deal]:
    """Read the deals of a class.

    Raises:
        InputError: with a sentence for every bad cell.
    """
    rows = _cells(Path(path))
    if not rows:
        raise InputError(f"{path}: is empty; begin with the line {','.join(columns(paper))}")
    names = [name.strip().lower() for name in rows[0][1]]
    if problems := list(_column_problems(names, paper)):
        raise InputError(f"{path}: {problem}" for problem in problems)
    reader = _Reader(paper, names)
    deals = [reader.deal(number, cells) for number, cells in rows[1:]]
    if not deals:
        reader.problems.append("has no deals; write a row for each group below the first line")
    if reader.problems:
        raise InputError(f"{path}: {problem}" for problem in reader.problems)
    return [deal for deal in deals if deal is not None]


def _cells(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with the number of its line, without comments."""
    lines = _text(path).splitlines()
    if lines and lines[0].lower().startswith("sep="):
        lines[0] = ""
    header = next((line for line in lines if _tells(line)), "")
    delimiter = max(DELIMITERS, key=header.count)
    try:
        parsed = [
            (number, next(csv.reader([line], delimiter=delimiter, strict=True)))
            for number, line in enumerate(lines, start=1)
            if _tells(line)
        ]
    except csv.Error as error:
        raise InputError(f"{path}: is not a table of cells ({error})") from None
    return [(number, cells) for number, cells in parsed if any(cell.strip() for cell in cells)]


def _tells(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _text(path: Path) -> str:
    written = read_bytes(path)
    if b"\0" in written:
        raise InputError(f"{path}: is not a CSV file; save the table as CSV first")
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError:
        return written.decode("cp1252", errors="replace")


def _column_problems(names: Sequence[str], paper: Paper) -> Iterator[str]:
    known = [*columns(paper), RATIFIED, NOTES]
    for name in dict.fromkeys(names):
        if name and names.count(name) > 1:
            yield f'the column "{name}" is there {names.count(name)} times; keep one of them'
        if name and name not in known:
            hint = nearest(name, known) or f"; there are {', '.join(columns(paper))}"
            yield f'the column "{name}" is not known{hint}'
    for name in (TABLE, *paper.agenda.names):
        if name not in names:
            yield f'the column "{name}" is missing'


class _Reader:
    """Reads rows, and collects what is wrong with them."""

    def __init__(self, paper: Paper, names: Sequence[str]):
        self.problems: list[str] = []
        self._paper = paper
        self._names = names
        self._issues = printed_issues(paper)
        self._groups: dict[str, int] = {}

    def deal(self, number: int, cells: Sequence[str]) -> Deal | None:
        """The deal of a row; None if something is wrong with it."""
        before = len(self.problems)
        if len(cells) > len(self._names) and any(
            cell.strip() for cell in cells[len(self._names) :]
        ):
            self._wrong(number, f"has {len(cells)} cells for {len(self._names)} columns")
            return None
        padded = [*cells, *[""] * (len(self._names) - len(cells))]
        row = {name: cell.strip() for name, cell in zip(self._names, padded, strict=False)}
        group = self._group(number, row)
        agreed = self._yes_or_no(number, row, AGREED)
        package = self._package(number, row) if agreed in (None, True) else None
        ratified = self._yes_or_no(number, row, RATIFIED)
        if agreed is False:
            self._nothing_given(number, row)
            if ratified:
                self._wrong(
                    number, f"{RATIFIED} = {row[RATIFIED]}, and yet {AGREED} = no; clear one"
                )
        deal = Deal(group, package, self._round(number, row), ratified)
        return deal if len(self.problems) == before else None

    def _wrong(self, number: int, what: str) -> None:
        self.problems.append(f"row {number}: {what}")

    def _group(self, number: int, row: dict[str, str]) -> str:
        name = row[TABLE]
        if not name:
            self._wrong(
                number, f'the column "{TABLE}" is empty; give the number or name of the group'
            )
        elif name in self._groups:
            first = self._groups[name]
            self._wrong(
                number, f"{TABLE} = {name}: is in row {first} already; name each group once"
            )
        self._groups.setdefault(name, number)
        return name

    def _yes_or_no(self, number: int, row: dict[str, str], column: str) -> bool | None:
        word = row.get(column, "").lower()
        if word in YES + NO:
            return word in YES
        if word:
            self._wrong(number, f"{column} = {row[column]}: must be yes or no")
        return None

    def _round(self, number: int, row: dict[str, str]) -> int | None:
        typed, last = row.get(ROUND, ""), self._paper.rounds
        if not typed:
            return None
        found = {number.value for number in readings(typed)} & {*range(1, last + 1)}
        if len(found) != 1:
            said = f"{ROUND} = {shown(typed)[1:-1]}"
            self._wrong(number, f"{said}: must be a whole number from 1 to {last}")
            return None
        return int(found.pop())

    def _nothing_given(self, number: int, row: dict[str, str]) -> None:
        given = [issue.name for issue in self._issues if row[issue.name]]
        for name in given[:1]:
            self._wrong(
                number,
                f"{AGREED} = no, and yet {name} = {row[name]}; clear the levels or write yes",
            )

    def _package(self, number: int, row: dict[str, str]) -> int | None:
        if not any(row[issue.name] for issue in self._issues):
            self._wrong(number, f"gives no levels; write {AGREED} = no if there was no agreement")
            return None
        read = {issue.name: self._level(number, issue, row[issue.name]) for issue in self._issues}
        levels = {name: level for name, level in read.items() if level is not None}
        if len(levels) < len(read) or self._excluded(number, row, levels):
            return None
        return self._paper.agenda.find(**levels)

    def _level(self, number: int, issue: PaperIssue, typed: str) -> float | None:
        if not typed:
            self._wrong(number, f'the column "{issue.name}" is empty; must be {_allowed(issue)}')
            return None
        level = level_of(issue, typed)
        if level is None:
            said = f"{issue.name} = {shown(typed)[1:-1]}: must be {_allowed(issue)}"
            self._wrong(number, said + _nearest(issue, typed))
        return level

    def _excluded(self, number: int, row: dict[str, str], levels: dict[str, float]) -> bool:
        found = [
            pair for pair in self._paper.agenda.excludes if all(levels[name] > 0 for name in pair)
        ]
        for one, other in found:
            self._wrong(
                number,
                f"{one} = {row[one]} and {other} = {row[other]}: no agreement can have both; one must be 0",
            )
        return bool(found)


def level_of(issue: PaperIssue, typed: str) -> float | None:
    """The level that is meant by what was typed; None if it is none of the issue's."""
    for level, label in zip(issue.levels, _typed(issue), strict=True):
        if typed.casefold() == label.casefold():
            return level
    numbers = readings(typed)
    for agree in (_written_out, _rounded):
        found = [level for level in issue.levels if any(agree(n, level) for n in numbers)]
        if len(found) == 1:
            return found[0]
    return None


def _written_out(typed: Typed, level: float) -> bool:
    return math.isclose(typed.value, level, rel_tol=1e-9, abs_tol=1e-12)


def _rounded(typed: Typed, level: float) -> bool:
    """Whether a level that is not whole was typed as it is printed: a third as 0.333."""
    return not float(level).is_integer() and agrees(typed, level, 0.0)


def _typed(issue: PaperIssue) -> list[str]:
    """The words for the levels as a keyboard has them, without spaces that hold lines together."""
    return [label.replace("\u00a0", " ") for label in issue.labels]


def _allowed(issue: PaperIssue) -> str:
    numbers = [written(level) for level in issue.levels]
    if len(numbers) > LISTED:
        first, second, last = numbers[0], numbers[1], numbers[-1]
        return f"one of the {len(numbers)} levels of the kit, {first}, {second} to {last}"
    words = [
        number if label.replace(",", "") == number else f"{number} ({label})"
        for number, label in zip(numbers, _typed(issue), strict=True)
    ]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _nearest(issue: PaperIssue, typed: str) -> str:
    if numbers := readings(typed):
        near = min(issue.levels, key=lambda level: abs(level - numbers[0].value))
        return f"; the nearest is {written(near)}"
    return nearest(typed, _typed(issue))
