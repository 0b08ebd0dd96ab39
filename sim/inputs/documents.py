"""Documents: TOML files that a person names, read, and checked against a model of pydantic.

A document is named by the path of a .toml file, or by what it is called among those known: the files
that come with the package, or those of a folder.
"""

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sim.inputs.problems import Document, InputError, nearest, sentences

Kind = TypeVar("Kind", bound=BaseModel)
Known = Mapping[str, Path]


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
    text = str(name_or_path)
    if text.endswith(".toml"):
        return Path(text)
    if text not in known:
        there = f"there are {', '.join(known)}" if known else "there is none in this folder"
        raise InputError(
            f'no {called} is called "{text}"{nearest(text, known)}: {there}; give a name or the path '
            "of a .toml file"
        )
    return known[text]


def read_toml(file: Path) -> Document:
    """Read one TOML file.

    Raises:
        InputError: when the file is missing, unreadable, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        problem = "there is no such file"
    except UnicodeDecodeError:
        problem = "is not a text file in UTF-8"
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
    except tomllib.TOMLDecodeError as error:
        problem = f"is not a TOML file: {error}"
    raise InputError(f"{file}: {problem}")


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
