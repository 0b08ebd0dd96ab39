"""Where each value of a scenario comes from: the file that states it last, and the words beside it there.

The words are the comment on a value's line and on the lines directly above it, or the `source` of its entry
in a list. They are read from the text of the files, as TOML forgets its comments.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.cases.inheritance import REPLACES, WITHOUT, is_named_list
from sim.cases.loading import Layer, shipped_bases
from sim.inputs.problems import Document

WORDS = {"name", "title", "unit", "source", "description", "note", "date", "record", "utility"}
RANGE = {"from", "to", "steps"}  # of levels at equal distances: one value
_HEADER = re.compile(r"\[+\s*([A-Za-z0-9_.-]+)\s*\]+")
_KEY = re.compile(r"""([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^"'#]*)(#.*)?""")


@dataclass(frozen=True)
class Stated:
    """A value, the file that states it last, and what stands beside it there; "" if nothing does."""

    value: Any
    file: str
    words: str


def stated(layers: list[Layer]) -> dict[str, Stated]:
    """Every value that the files of a scenario state, by dotted name; entries of lists by their names.

    What only describes (titles, units, sources) is left out.
    """
    found: dict[str, Stated] = {}
    for layer in layers:
        for name in _no_longer_there(layer.document):
            found = {key: each for key, each in found.items() if not key.startswith(f"{name}.")}
        words = words_beside(layer.text)
        for key, value, source in leaves(layer.document):
            found[key] = Stated(value, layer.called, words.get(key, "") or source)
    return found


def inherited(layers: list[Layer]) -> dict[str, Stated]:
    """The values that a file takes over from another case: all but the neutral ones of a shipped base."""
    own = layers[-1]
    same_case = {
        layer.called
        for layer in layers
        if layer is own
        or layer.called in shipped_bases()
        or (own.document.get("record") and layer.document.get("record") == own.document["record"])
    }
    return {key: each for key, each in stated(layers).items() if each.file not in same_case}


def words_beside(text: str) -> Mapping[str, str]:
    """The comment of each value of a TOML text: on its line, and on the lines directly above."""
    found: dict[str, str] = {}
    table, listed, above = "", False, ""
    entries: dict[str, str] = {}  # of each list, the one that is being read
    for line in text.splitlines():
        if line.startswith("#"):
            above = f"{above} {line.lstrip('# ')}".strip()
            continue
        if header := _HEADER.match(line):
            table, listed = header[1], line.startswith("[[")
            if listed:
                entries = {name: one for name, one in entries.items() if not _within(name, table)}
        elif key := _KEY.match(line):
            if listed and key[1] == "name":
                entries[table] = key[2].strip().strip("\"'")
            place = ".".join((*_with_entries(table, entries), key[1]))
            beside = (key[3] or "").lstrip("# ").strip()
            found[place] = "; ".join(words for words in (beside, above) if words)
        above = ""
    return found


def _within(name: str, table: str) -> bool:
    return name == table or name.startswith(f"{table}.")


def _with_entries(table: str, entries: Mapping[str, str]) -> Iterator[str]:
    """The parts of a table's name, those of lists followed by the entry that is meant."""
    path: list[str] = []
    for part in filter(None, table.split(".")):
        path.append(part)
        yield part
        if entry := entries.get(".".join(path)):
            yield entry


def leaves(document: Document, at: str = "", source: str = "") -> Iterator[tuple[str, Any, str]]:
    """Every value of a document that is not a table: its dotted name, itself, the source of its entry."""
    for key, value in document.items():
        name = f"{at}{key}"
        if not at and key in (WITHOUT, REPLACES):
            continue
        if isinstance(value, dict) and not value.keys() <= RANGE:
            yield from leaves(value, f"{name}.")
        elif is_named_list(value):
            for entry in value:
                yield from leaves(entry, f"{name}.{entry['name']}.", str(entry.get("source", "")))
        elif key not in WORDS:
            yield name, value, source


def _no_longer_there(document: Document) -> Iterator[str]:
    """The lists and entries of a base that a file leaves out."""
    yield from document.get(REPLACES, ())
    for name, entries in document.get(WITHOUT, {}).items():
        yield from (f"{name}.{entry}" for entry in entries)
