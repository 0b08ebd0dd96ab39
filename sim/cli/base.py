"""What all commands share: errors as lines, and what is typed or said."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

ResultsFolder = Annotated[str, typer.Argument(help="A results folder, or its name.")]


class Commands(TyperGroup):
    """All commands: errors a person can mend become lines and an exit code, not tracebacks."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Do what was typed."""
        from sim.inputs.problems import InputError, RunError

        try:
            return super().main(*arguments, **options)
        except InputError as error:
            for problem in error.problems:
                to_stderr(f"error: {problem}")
            sys.exit(2)
        except RunError as error:
            to_stderr(f"error: {error}")
            sys.exit(1)


@contextmanager
def resumable() -> Iterator[None]:
    """An interrupt becomes a line that tells how to carry on."""
    try:
        yield
    except KeyboardInterrupt:
        typed = [word for word in sys.argv[1:] if word != "--restart"]
        again = " ".join([command(), *map(shlex.quote, typed)])
        print(f"\ninterrupted; what is done is kept. To carry on: {again}", file=sys.stderr)
        raise typer.Exit(130) from None


def settings(pairs: list[str] | None) -> dict[str, Any]:
    """Read KEY=VALUE pairs; a value is written as in TOML, and a bare word is text."""
    import tomllib

    from sim.inputs.problems import InputError

    read: dict[str, Any] = {}
    for pair in pairs or []:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--set {pair}: must be KEY=VALUE, such as threat.layoffs=7500")
        try:
            read[key.strip()] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
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


def command() -> str:
    """How this command was called, for lines that say what to type next."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("sim", "__main__.py"):
        return "python -m sim"
    on_path = shutil.which("bargain")
    elsewhere = called.stem == "bargain" and (
        on_path is None or Path(on_path).resolve() != called.resolve()
    )
    return str(called) if elsewhere else "bargain"


def say(text: str) -> None:
    """A line of what was asked for, on standard output."""
    print(text)


def to_stderr(text: str) -> None:
    """A line about how the work goes, on standard error."""
    print(text, file=sys.stderr, flush=True)
