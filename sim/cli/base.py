"""What all commands share: errors as lines, and what is typed or said."""

import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Protocol, TextIO, runtime_checkable

import typer
from typer.core import TyperGroup

from sim.cli.process import BROKEN_PIPE, INTERRUPTED
from sim.outputs.text import paragraph, say, to_copy, to_stderr

__all__ = [
    "Commands",
    "Force",
    "ResultsFolder",
    "command",
    "resumable",
    "say",
    "settings",
    "to_copy",
    "to_stderr",
]

Force = Annotated[
    bool, typer.Option("--force", help="Write also over files that are not this program's.")
]
ResultsFolder = Annotated[str, typer.Argument(help="A results folder, or its name.")]


@runtime_checkable
class _Mistyped(Protocol):
    """What the library raises for words that are no command line."""

    message: str
    exit_code: int

    def show(self) -> None: ...


class Commands(TyperGroup):
    """All commands: errors a person can mend become lines and an exit code, not tracebacks."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Do what was typed."""
        from sim.inputs.problems import InputError, RunError

        try:
            with _notes_as_lines():
                code = super().main(*arguments, **options | {"standalone_mode": False})
            sys.exit(code if isinstance(code, int) else 0)
        except InputError as error:
            for problem in error.problems:
                to_stderr(f"error: {problem}")
            sys.exit(2)
        except RunError as error:
            to_stderr(f"error: {error}")
            sys.exit(1)
        except typer.Abort:
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            sys.exit(BROKEN_PIPE)
        except OSError as error:
            to_stderr(f"error: {_place(error)}{error.strerror or error}")
            sys.exit(1)
        except MemoryError:
            to_stderr("error: there is not enough memory for this; ask for less at once")
            sys.exit(1)
        except Exception as error:
            if not isinstance(error, _Mistyped):
                raise
            error.message = paragraph(error.message)
            error.show()
            sys.exit(error.exit_code)

    def invoke(self, *arguments: Any, **options: Any) -> Any:
        """Do a command; a pipe that nobody reads ends it like any program."""
        try:
            return super().invoke(*arguments, **options)
        except BrokenPipeError:
            raise typer.Exit(BROKEN_PIPE) from None


def _place(error: OSError) -> str:
    """Of which file the system speaks, if it says."""
    return f"{error.filename}: " if error.filename else "what was asked for cannot be written: "


@contextmanager
def _notes_as_lines() -> Iterator[None]:
    """Notes become lines; other warnings, which are not for a person, stay as Python shows them."""
    from sim.inputs.problems import Note

    with warnings.catch_warnings():
        as_usual = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, Note):
                to_stderr(f"note: {message}")
            else:
                as_usual(message, category, filename, lineno, file, line)

        warnings.showwarning = show
        warnings.simplefilter("always", Note)  # each of them, not the first of a line of code
        yield


@contextmanager
def resumable() -> Iterator[None]:
    """An interrupt becomes a line that tells how to carry on."""
    try:
        yield
    except KeyboardInterrupt:
        typed = [word for word in sys.argv[1:] if word != "--restart"]
        again = to_copy(*command(), *typed)
        to_stderr(f"\ninterrupted; what is done is kept. To carry on: {again}")
        raise typer.Exit(INTERRUPTED) from None


def settings(pairs: list[str] | None) -> dict[str, Any]:
    """Read KEY=VALUE pairs; a value is written as in TOML, and a bare word is text."""
    from sim.inputs.documents import toml_of
    from sim.inputs.problems import InputError

    read: dict[str, Any] = {}
    for pair in pairs or []:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--set {pair}: must be KEY=VALUE, such as threat.layoffs=7500")
        try:
            read[key.strip()] = toml_of(f"value = {value}".encode())["value"]
        except ValueError:
            read[key.strip()] = value.strip()
    return read


Where = Annotated[
    list[str] | None,
    typer.Option(
        help="KEY=VALUE: only points at which what is varied has this value; may be repeated."
    ),
]


def conditions(pairs: list[str] | None) -> dict[str, list[str]]:
    """Read the KEY=VALUE pairs of --where; of a key that is named again, all values count."""
    from sim.inputs.problems import InputError

    read: dict[str, list[str]] = {}
    for pair in pairs or []:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--where {pair}: must be KEY=VALUE, such as threat.layoffs=7500")
        read.setdefault(key.strip(), []).append(value.strip())
    return read


def command() -> list[str]:
    """How this command was called, for lines that say what to type next."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("sim", "__main__.py"):
        return ["python", "-m", "sim"]
    on_path = shutil.which("bargain")
    elsewhere = called.stem == "bargain" and (
        on_path is None or Path(on_path).resolve() != called.resolve()
    )
    return [str(called) if elsewhere else "bargain"]
