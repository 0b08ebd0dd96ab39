"""Every command that writes, on small inputs, and how to call it: for kills, full disks and strangers.

The commands are those of the program: `commands_that_write` reads them off it, so that a new one with
`--out` that is not in `WRITERS` is noticed.
"""

import os
import shlex
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds that one call may take
COMMANDS = typer.main.get_command(app).commands

PIE = """
name = "pie"
title = "Two issues"
description = "Two sides trade two issues."
source = "illustrative"
utility = "points"
batna = [0.1, 0.1]

[calendar]
rounds = 10

[[issue]]
name = "wages"
title = "Wages"
unit = "steps"
levels = [0, 1, 2]
governor = [0.0, 0.3, 0.5]
coalition = [0.5, 0.3, 0.0]
source = "illustrative"

[[issue]]
name = "health"
title = "Health"
unit = "steps"
levels = [0, 1]
governor = [0.0, 0.5]
coalition = [0.5, 0.0]
source = "illustrative"

[governor]
tactic = "time_dependent"
beta = 1.0
first_concession = 0.0

[coalition]
tactic = "time_dependent"
beta = 1.0
first_concession = 0.0

[talks]
first_proposer = "governor"
selection = "tradeoff"
acceptance = "ac_next"
"""
ARMS = """
name = "arms"
question = "What do the rounds do?"
scenario = "mini-ct"
replications = 8
seed = 1

[set]
"talks.first_proposer" = "random"

[arms."few"]
"calendar.rounds" = 6

[arms."some"]
"calendar.rounds" = 7

[arms."many"]
"calendar.rounds" = 8
"""
UNTIL = """
name = "until"
question = "When is it enough?"
scenario = "mini-ct"
replications = { until = "halfwidth", of = "agreed", at_most = 0.2, first = 4, max = 16 }
seed = 1

[set]
"talks.first_proposer" = "random"

[sweep]
"calendar.rounds" = [6, 8]
"""
TWO = """
name = "two"
question = "Which of two?"
replications = 4
seed = 1

[[game]]
scenario = "mini-ct"

[entrants]
boulware = { tactic = "time_dependent", beta = 0.2 }
linear = { tactic = "time_dependent", beta = 1.0 }
"""
FIT = """
name = "fit"
question = "What does the record say?"
scenario = "connecticut-2011"
record = "connecticut-2011"
seed = 1
population = 10
generations = 1
closest = 0.5
draws = 4
fit = ["savings", "time"]

[set]
"ground_rules.on" = false
"information.rule" = "closed_door"

[prior]
"governor.beta" = { uniform = [0.05, 0.3] }

[reason]
"governor.beta" = "around the base case"
"""
EPISODE = """
extends = "sebac-2011"
name = "remembers"

[reputation]
on = true
memory = 0.5
kept_before = 0.5
"""
DEALS = """table,agreed,round,wages,health
1,yes,4,1,1
2,yes,5,2,0
3,no,,,
"""
INPUTS = {
    "pie.toml": PIE,
    "arms.toml": ARMS,
    "until.toml": UNTIL,
    "two.toml": TWO,
    "fit.toml": FIT,
    "remembers.toml": EPISODE,
    "deals.csv": DEALS,
}


@dataclass(frozen=True)
class Writer:
    """A call that writes: what is typed, what was typed before it, and where its files go."""

    typed: str
    before: tuple[str, ...] = ()
    out: str = "out"

    @property
    def command(self) -> str:
        """The name of the command."""
        return self.typed.split()[0]

    def __str__(self) -> str:
        return self.typed


RUN = "run arms.toml --out out --quiet --no-figures"
WRITERS = (
    Writer(RUN),
    Writer(f"{RUN} --restart", (RUN,)),
    Writer("run until.toml --out out --quiet --no-figures"),
    Writer("run arms.toml --out out --quiet"),
    Writer("plot out", (RUN,)),
    Writer("plot out --figure summary --measure agreed", (RUN,)),
    Writer("plot out --all", (RUN,)),
    Writer("report out", (RUN,)),
    Writer("report out --out page/report.html", (RUN,), "page"),
    Writer("kit pie.toml --out kit", out="kit"),
    Writer("score deals.csv --scenario pie.toml --out score", out="score"),
    Writer("solve pie.toml --out solve", out="solve"),
    Writer("episodes remembers.toml remembers.toml --worlds 4 --out told/episodes.csv", out="told"),
    Writer("calibrate fit.toml --out fit", out="fit"),
    Writer("hypotheses --only H3 --replications 2 --out hypotheses", out="hypotheses"),
    Writer("tournament two.toml --out two", out="two"),
    Writer("new mine --like two-level --out mine", out="mine"),
    Writer("schema --out schema/scenario.schema.json", out="schema"),
    Writer("export pie.toml --to negmas --out domain", out="domain"),
    Writer("export pie.toml --to genius --out domain", out="domain"),
    Writer(
        "import domain --out imported/game.toml",
        ("export pie.toml --to negmas --out domain",),
        "imported",
    ),
)


def commands_that_write() -> set[str]:
    """The commands that take `--out`; `plot` writes into the folder that it draws."""
    with_out = {
        name
        for name, command in COMMANDS.items()
        if any(parameter.name == "out" for parameter in command.params)
    }
    return with_out | {"plot"}


def takes_force(command: str) -> bool:
    """Whether a command has `--force`."""
    return any("--force" in parameter.opts for parameter in COMMANDS[command].params)


@dataclass(frozen=True)
class Answer:
    """What came of a call: its exit code, what it said, and what is wrong with that, if anything is."""

    code: int
    said: str
    wrong: str = ""

    @property
    def told(self) -> bool:
        """Whether it was refused, in sentences."""
        return self.code != 0 and not self.wrong


def call(words: str | list[str], folder: Path, patience: int = PATIENCE) -> Answer:
    """Do a command in this process, in a folder."""
    words = shlex.split(words) if isinstance(words, str) else words
    before = Path.cwd()
    os.chdir(folder)
    try:
        with warnings.catch_warnings(), _at_most(patience):
            warnings.simplefilter("always")
            done = CliRunner().invoke(app, words, prog_name="bargain")
    except TooLong:
        return Answer(1, "", f"took more than {patience} seconds")
    finally:
        os.chdir(before)
    said = done.output
    if isinstance(done.exception, TooLong):
        return Answer(done.exit_code, said, f"took more than {patience} seconds")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        last = _where(done.exc_info[2])
        return Answer(1, said, f"{type(done.exception).__name__} at {last}: {done.exception}")
    return judged(done.exit_code, said)


def judged(code: int, said: str) -> Answer:
    """An answer with what is wrong with it: a traceback, or a refusal without a sentence."""
    if "Traceback (most recent call last)" in said:
        lines = said.strip().splitlines()
        place = [line.strip() for line in lines if line.strip().startswith("File ")][-1:]
        return Answer(code, said, f"traceback: {' '.join([lines[-1], *place])}")
    if code not in (0, 1, 2, 130):
        return Answer(code, said, f"exit code {code}")
    sentences = ("error: ", "Error: ", "interrupted", "Error ─", "Usage: ")
    if code and not any(word in said for word in sentences):
        return Answer(code, said, f"exit code {code} without a sentence: {said[-200:]!r}")
    return Answer(code, said)


class TooLong(BaseException):
    """A call takes longer than a person would wait; no `except Exception` may take it for its own."""


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    if os.name != "posix":
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _where(traceback: object) -> str:
    """The last line of ours, or else the last line, that a traceback goes through."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append((Path(code.co_filename), traceback.tb_lineno))
        traceback = traceback.tb_next
    ours = [frame for frame in frames if ROOT / "sim" in frame[0].parents]
    path, line = (ours or frames)[-1]
    return f"{path.name}:{line}"


def furnish(folder: Path) -> None:
    """Put the inputs of all commands into a folder."""
    for name, text in INPUTS.items():
        (folder / name).write_text(text.lstrip("\n"), "utf-8")


def prepared(writer: Writer, folder: Path) -> None:
    """A folder in which a call can be made: the inputs, and what was called before."""
    folder.mkdir(parents=True, exist_ok=True)
    furnish(folder)
    for typed in writer.before:
        answer = call(typed, folder)
        if answer.code or answer.wrong:
            raise RuntimeError(f"{typed}: {answer.wrong or answer.said}")


def process(words: str | list[str], small_parts: bool = True) -> list[str]:
    """A command as a process of its own; a run in parts so small that many fit into its worlds."""
    words = shlex.split(words) if isinstance(words, str) else words
    script = Path(__file__).parent / "small_parts.py"
    return [sys.executable, *([str(script)] if small_parts else ["-m", "sim"]), *words]


def environment() -> dict[str, str]:
    """The environment of such a process: it finds this copy of the program from any folder."""
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def contents(folder: Path) -> dict[str, bytes]:
    """What all files below a folder hold, by their path in it; links are followed to files only."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
