"""The one door for what comes in as files: bytes, then text, then a document, then one of the right shape.

Whatever a file holds, and whatever stands where a file should be, is read or refused in a sentence.

A document is named by the path of a .toml file, or by what it is called among those known: the files
that come with the package, or those of a folder.
"""

import json
import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from importlib import resources
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.inputs.problems import Document, InputError, nearest, sentences, shown

Kind = TypeVar("Kind", bound=BaseModel)
Held = TypeVar("Held")
Known = Mapping[str, Path]

MOST_MEGABYTES = (
    256  # of one file; the largest that this program writes, a table of points, has a few
)
DEEPEST = 40  # tables or lists within each other; what this program reads has five
BEYOND = 2**63  # what TOML calls a whole number is smaller
KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}


def load_document(
    kind: type[Kind], name_or_path: str | Path, called: str, known: Known | None = None
) -> Kind:
    """Find a document, read it, and check it.

    Args:
        kind: the model that it must fit.
        name_or_path: as a person gives it.
        called: what such a document is called, such as "tournament".
        known: the documents that have a name.

    Raises:
        InputError: with a sentence for every problem found.
    """
    file = find_document(name_or_path, called, known or {})
    return checked(kind, read_toml(file), str(file))


def find_document(name_or_path: str | Path, called: str, known: Known) -> Path:
    """The file of a document: a path that ends in .toml as it is, anything else by its name.

    Raises:
        InputError: when nothing is called that.
    """
    path = path_of(name_or_path, called)
    text = str(name_or_path)
    if text.endswith(".toml"):
        return path
    if text not in known:
        there = f"there are {', '.join(known)}" if known else "there is none in this folder"
        raise InputError(
            f'no {called} is called "{text}"{nearest(text, known)}: {there}; give a name or the path '
            "of a .toml file"
        )
    return known[text]


def path_of(written: object, called: str = "path") -> Path:
    """A path, as a person or a script gives it.

    Args:
        written: text or a path.
        called: what opens the sentence if no file can have that name.

    Raises:
        InputError: when it is something else, is empty, or is a name that the system does not allow.
    """
    if not isinstance(written, str | os.PathLike):
        raise InputError(f"{called} = {shown(written)}: must be a path, as text")
    text = os.fspath(written)
    impossible = f"{called} = {shown(text)}: must be a path, of letters that a name can have"
    if not isinstance(text, str) or not text:
        raise InputError(impossible)
    try:
        os.lstat(text)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise InputError(f"{text}: cannot be read ({error.strerror or error})") from None
    except ValueError:  # a NUL, or half a letter
        raise InputError(impossible) from None
    return Path(text)


def bytes_of(path: Path, most: float = inf) -> bytes:
    """All that a file holds; what is no file, such as a pipe, a device or a folder, is not opened.

    Raises:
        OSError: when it cannot be read, is no file, or has more than `most` bytes.
    """
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise OSError(f"it is {KINDS.get(stat.S_IFMT(about.st_mode), 'a device')}, not a file")
    if about.st_size > most:
        raise OSError(
            f"it has {about.st_size / 1e6:,.0f} MB, more than the {most / 1e6:,.0f} that are read"
        )
    return path.read_bytes()


def read_bytes(file: str | Path) -> bytes:
    """All that a file of a person holds.

    Raises:
        InputError: when there is no such file, it cannot be read, is no file, or is too large.
    """
    path = path_of(file)
    try:
        return bytes_of(path, MOST_MEGABYTES * 10**6)
    except FileNotFoundError:
        gone = path.is_symlink()
        problem = "is a link to nothing" if gone else "there is no such file"
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
    raise InputError(f"{path}: {problem}")


def text_of(content: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises:
        ValueError: with what is wrong, to stand behind the name of the file.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # the mark of UTF-16
        raise ValueError("is not a text file in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"is not a text file in UTF-8 (line {line}); save it as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ValueError(f"is not a text file: line {line} holds a NUL")
    return text


def toml_of(content: bytes) -> Document:
    """What a TOML file says.

    Raises:
        ValueError: with what is wrong, to stand behind the name of the file.
    """
    return _document(tomllib.loads, content, "a TOML file")


def json_of(content: bytes) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: with what is wrong, to stand behind the name of the file.
    """
    return _document(json.loads, content, "JSON")


def _document(read: Callable[[str], Held], content: bytes, called: str) -> Held:
    text = text_of(content)
    try:
        found = read(text)
    except RecursionError:
        raise ValueError(f"is not {called}: it is nested too deep") from None
    except ValueError as error:
        raise ValueError(f"is not {called}: {_digits(error)}") from None
    if problem := beyond(found):
        raise ValueError(problem)
    return found


def _digits(error: ValueError) -> str:
    """What a parser says; Python's own words on long whole numbers speak of its settings."""
    said = str(error)
    return "a whole number has too many digits" if "set_int_max_str_digits" in said else said


def beyond(document: object) -> str | None:
    """What in a document is nested too deep, or too large a number, for anything that is done with it."""
    level, inside = [document], 0
    seen: set[int] = set()  # what YAML refers to twice is one object
    while level:
        if inside > DEEPEST:
            return f"is nested deeper than {DEEPEST} tables or lists"
        below: list[object] = []
        for node in level:
            if isinstance(node, int) and abs(node) >= BEYOND:
                return f"holds {shown(node)}; a whole number must be smaller than 2^63"
            if isinstance(node, dict | list) and id(node) not in seen:
                seen.add(id(node))
                below += node.values() if isinstance(node, dict) else node
        level, inside = below, inside + 1
    return None


def read_toml(file: str | Path) -> Document:
    """Read one TOML file.

    Raises:
        InputError: when the file is missing, unreadable, not UTF-8 or not TOML.
    """
    return read_file(file, toml_of)


def read_file(file: str | Path, meaning: Callable[[bytes], Held], called: str = "") -> Held:
    """What a file holds, by a function of its bytes.

    Args:
        file: its path.
        meaning: turns bytes into what they say; a ValueError tells what is wrong with them.
        called: what opens the sentences, if not the path.

    Raises:
        InputError: with the file and what is wrong.
    """
    content = read_bytes(file)
    try:
        return meaning(content)
    except ValueError as error:
        raise InputError(f"{called or file}: {problem}" for problem in _each(error)) from None


def _each(error: ValueError) -> list[str]:
    return error.problems if isinstance(error, InputError) else [str(error)]


def checked(kind: type[Kind], document: Document, where: str) -> Kind:
    """Hold a document against a model.

    Raises:
        InputError: with a sentence for every problem; `where` opens each of them.
    """
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        problems = sentences(error, kind, document)
        raise InputError(f"{where}: {problem}" for problem in problems) from None


def shipped(package: str) -> dict[str, Path]:
    """The documents that come with a package, by name."""
    return in_folder(Path(str(resources.files(package))))


def in_folder(folder: Path) -> dict[str, Path]:
    """The documents of a folder and those below it, by name."""
    return {path.stem: path for path in sorted(folder.rglob("*.toml"))}
