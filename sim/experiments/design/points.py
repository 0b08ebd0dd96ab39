"""Design points from a table of one's own: CSV or Parquet, a row for each point, a column for each key."""

import hashlib
import json
import os
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import StrictStr

from sim.inputs.documents import path_of, read_file, text_of
from sim.inputs.frozen import FrozenDict
from sim.inputs.machine import hold_memory
from sim.inputs.parameter import Section
from sim.inputs.problems import InputError, few, nearest
from sim.inputs.sizes import in_number

if TYPE_CHECKING:
    import pyarrow as pa

ARM = "arm"
NAMELESS = ("", "Unnamed: 0", "__index_level_0__")  # as pandas and others call an index
MAX_POINTS = 100_000
NUMBER = "point"  # what the points of a results folder carry; the order of the rows says it already


class PointsFile(Section):
    """The table [table] of an experiment file: where the points are, as seen from that file.

    A `sha256`, which results folders carry, holds the points to what they were.
    """

    file: StrictStr
    sha256: StrictStr | None = None


@dataclass(frozen=True)
class Row:
    """One row of a design: its arm, if it names one, its values, and where in a table it is written."""

    arm: str | None
    values: Mapping[str, Any]
    place: str = ""


class Values(Mapping[str, Any]):
    """The values of one point: a row of columns that all points share."""

    __slots__ = ("_columns", "_place")

    def __init__(self, columns: Mapping[str, Sequence[Any]], place: int):
        self._columns, self._place = columns, place

    def __getitem__(self, key: str) -> Any:
        return self._columns[key][self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """A part of a run takes its own rows along, and not the columns."""
        return FrozenDict, (dict(self),)


def column(values: Sequence[Any]) -> Sequence[Any]:
    """The values of all points, those that are alike as close together as they go."""
    kinds = set(map(type, values))
    return array("d", values) if kinds == {float} else tuple(values)


def read_points(
    file: str, folder: Path | None, known: Collection[str], arms: Collection[str] = ()
) -> list[Row]:
    """Read the rows of a table of points; their values are not yet checked.

    Args:
        file: a path as seen from `folder`, ending in .csv or .parquet.
        folder: where the experiment file is.
        known: the names of all parameters.
        arms: the arms of the experiment; if there are any, a column `arm` names one of them.

    Raises:
        InputError: with a sentence for every problem.
    """
    table = _read(file, (folder or Path()) / file)
    names = [name.strip() for name in table.column_names]
    if problems := list(_column_problems(names, known)):
        raise InputError(f"{file}: {problem}" for problem in problems)
    rows = table.rename_columns(names).to_pylist()
    if problems := few(list(_row_problems(rows, arms))):
        raise InputError(f"{file}: {problem}" for problem in problems)
    return [
        Row(
            _arm(row),
            {key: value for key, value in row.items() if key not in (ARM, NUMBER)},
            f"row {number} of {file}",
        )
        for number, row in enumerate(rows, start=1)
    ]


def read_drawn(
    written: PointsFile,
    folder: Path | None,
    known: Collection[str],
    arms: Collection[str],
    over: Collection[str],
) -> list[Row]:
    """Read the points that a sample drew when it was run, in place of drawing them again.

    Raises:
        InputError: when the file is not there, or holds other keys than the sample is over.
    """
    rows = read_points(written.file, folder, known, arms)
    if set(rows[0].values) != set(over):
        raise InputError(
            f"{written.file}: holds {', '.join(rows[0].values)}, not what the sample is over"
        )
    return rows


def check_size(points: int) -> None:
    """Refuse a design of more points than are ever laid out.

    Raises:
        InputError: with a sentence that says how many there are, and the most.
    """
    if points > MAX_POINTS:
        raise InputError(f"the design has {in_number(points)} points; the most is {MAX_POINTS:,}")


def fingerprint(rows: Iterable[Row]) -> str:
    """The SHA-256 of points: the same for the same arms and values in the same order."""
    found = hashlib.sha256(b"[")
    for number, row in enumerate(rows):
        text = json.dumps([row.arm, dict(row.values)], sort_keys=True)
        found.update((", " * (number > 0) + text).encode())
    found.update(b"]")
    return found.hexdigest()


def _read(file: str, path: Path) -> "pa.Table":
    import pyarrow as pa

    readers = {".csv": _of_csv, ".parquet": _of_parquet}
    if path.suffix not in readers:
        raise InputError(f"{file}: must end in .csv or .parquet")
    if not os.path.lexists(path_of(path, "file")):
        raise InputError(f"{file}: there is no such file (looked for {path})")
    if path.is_file():
        with suppress(
            OSError, UnicodeError, pa.ArrowException
        ):  # of which the reading itself will tell
            _hold(path)
    return read_file(path, readers[path.suffix], called=file)


def _of_csv(content: bytes) -> "pa.Table":
    import pyarrow as pa
    from pyarrow.csv import read_csv

    text = text_of(content)
    try:
        return _without_index(read_csv(pa.BufferReader(text.encode())))
    except (pa.ArrowException, ValueError) as error:
        raise ValueError(f"is not a table ({error})") from None


def _of_parquet(content: bytes) -> "pa.Table":
    import pyarrow as pa
    from pyarrow.parquet import read_table

    try:
        return _without_index(read_table(pa.BufferReader(content)))
    except UnicodeError:
        raise ValueError("is not a table (the name of a column is not text)") from None
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ValueError(f"is not a table ({error})") from None


def _without_index(table: "pa.Table") -> "pa.Table":
    """The table without the numbers of its rows, which pandas writes into a column without a name."""
    for place, name in enumerate(table.column_names):
        rows = list(range(table.num_rows))
        if name.strip() in NAMELESS and table.column(place).to_pylist() == rows:
            return table.remove_column(place)
    return table


def _hold(path: Path) -> None:
    """Refuse a table of more rows than a design has points, or larger than memory, before it is read."""
    from pyarrow.parquet import read_metadata

    size = path.stat().st_size
    if path.suffix == ".csv":
        hold_memory(3 * size, str(path), "name a smaller table")
        with path.open("rb") as file:  # the first line names the columns
            rows = sum(1 for line in islice(file, MAX_POINTS + 2) if line.strip()) - 1
    else:
        with path.open("rb") as file:
            about = read_metadata(file)
        rows = about.num_rows
        groups = (about.row_group(group) for group in range(about.num_row_groups))
        hold_memory(
            3 * sum(group.total_byte_size for group in groups), str(path), "name a smaller table"
        )
    if rows > MAX_POINTS:
        seen = f"more than {MAX_POINTS:,}" if path.suffix == ".csv" else f"{rows:,}"
        raise InputError(f"{path}: has {seen} rows; a design has {MAX_POINTS:,} points at the most")


def _column_problems(names: list[str], known: Collection[str]) -> Iterator[str]:
    if not set(names) - {ARM, NUMBER}:
        yield "has no column named as a parameter, such as threat.layoffs"
    for name in dict.fromkeys(names):
        if name in NAMELESS:
            yield "a column has no name; name it, or leave out the index (index=False, in pandas)"
            continue
        if names.count(name) > 1:
            yield f'the column "{name}" is there {names.count(name)} times; keep one of them'
        if name not in known and name not in (ARM, NUMBER):
            near = nearest(name, [*known, ARM])
            yield f'the column "{name}" is no parameter{near}'


def _row_problems(rows: list[dict[str, Any]], arms: Collection[str]) -> Iterator[str]:
    if not rows:
        yield "has no rows; each row is a point"
    for number, row in enumerate(rows, start=1):
        for name in row:
            if row[name] is None:
                yield f'row {number}: the column "{name}" is empty; give every value of every point'
        arm = _arm(row)
        if arms and arm is not None and arm not in arms:
            yield f"row {number}: there is no [arms.{arm}]{nearest(arm, arms)}"


def _arm(row: dict[str, Any]) -> str | None:
    return None if row.get(ARM) is None else str(row[ARM])
