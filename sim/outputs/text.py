"""All text going out: lines on a terminal, and commands to copy from them.

What a person wrote (a question, a title, an arm, a path) is text and nothing else: no markup, and nothing
that a terminal obeys. See `letters` for how what cannot be shown is written out.
"""

import os
import re
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sim.inputs.letters import paragraph, plain

__all__ = ["in_markdown", "on_a_page", "paragraph", "plain", "say", "to_copy", "to_stderr"]


def say(text: str) -> None:
    """Print what was asked for, on standard output."""
    print(paragraph(text))


def to_stderr(text: str) -> None:
    """Print how the work goes, on standard error; that nobody can read it stops no work."""
    with suppress(OSError):
        print(paragraph(text), file=sys.stderr, flush=True)


def in_markdown(text: object) -> str:
    """A text as a cell of a Markdown table."""
    return re.sub(r"([\\`*_\[\]<>|$~])", r"\\\1", plain(text))


def on_a_page(value: object) -> object:
    """What a template fills in: a text as it can be shown, and all else, such as a drawing, as it is."""
    return paragraph(value) if type(value) is str else value


def to_copy(*words: str | Path) -> str:
    """A command as one can copy it into a shell: `bargain replay 'my results' --point 0`.

    Args:
        words: text stands as it is, and a path is kept from being taken for an option.
    """
    typed = [_path(word) if isinstance(word, Path) else word for word in words]
    if os.name == "nt":
        return subprocess.list2cmdline(typed)
    return " ".join(map(_quoted, typed))


def _path(path: Path) -> str:
    return os.path.join(".", path) if str(path).startswith("-") else str(path)


def _quoted(word: str) -> str:
    """A word for a POSIX shell; one with letters that are not to be seen is written with their numbers."""
    if plain(word) == word:
        quoted = shlex.quote(word)
        return f"'{word}'" if quoted == word and word.startswith("=") else quoted  # zsh looks it up
    escaped = (_numbered(letter) for letter in word)
    return f"$'{''.join(escaped)}'"


def _numbered(letter: str) -> str:
    if letter in "\\'":
        return f"\\{letter}"
    if plain(letter) == letter:
        return letter
    return "".join(f"\\{byte:03o}" for byte in letter.encode("utf-8", "surrogateescape"))
