"""Where people wait: reports, figures, solutions, a slider, the writer of a run, the first command."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from made import BASE, EXPERIMENT, FULL, command, later, run_of
from turns import Case, Panel

import sim

PARTS = 50


@cache
def _results() -> tuple[str, tempfile.TemporaryDirectory[str]]:
    """A results folder of an experiment with a grid, and what removes it at the end."""
    kept = tempfile.TemporaryDirectory()
    out = Path(kept.name) / "out"
    sim.run_experiment("layoff_threat", out, overrides={"replications": 200})
    return str(out), kept


def on_results(*arguments: str) -> Callable[[], Callable[[], object]]:
    """A command on a results folder, which writes into a folder of its own."""

    def ready() -> Callable[[], object]:
        folder, _ = _results()

        def run() -> float:
            with tempfile.TemporaryDirectory() as out:
                where = [word.replace("OUT", out) for word in arguments]
                return command(where[0], folder, *where[1:])

        return run

    return ready


def solution_of(scenario: str) -> Callable[[], object]:
    """What theory would choose in a scenario, drawn into a folder of its own."""

    def run() -> float:
        with tempfile.TemporaryDirectory() as out:
            return command("solve", scenario, "--out", out)

    return run


def slider() -> Callable[[], object]:
    """A move of a slider of lesson 8: the figure drawn and rendered anew."""
    from sim.teaching.lessons import lesson_8

    moves = iter(range(1, 1000))

    def run() -> None:
        figure = lesson_8.doors(information_secrecy=next(moves) / 1000)
        figure._repr_png_()  # as a notebook shows it

    run()
    return run


def python(*arguments: str) -> None:
    """Run Python with these arguments."""
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


PANELS = [
    Panel(
        "reports and figures of a grid of 25 points, all included",
        "s",
        [
            Case("bargain report", on_results("report", "--out", "OUT/report.html")),
            Case("bargain plot --all", on_results("plot", "--all")),
        ],
    ),
    Panel(
        "what theory would choose, with its picture, all included",
        "s",
        [
            Case("bargain solve, base case", lambda: solution_of(BASE)),
            Case("bargain solve, full case", lambda: solution_of(FULL)),
        ],
    ),
    Panel("a move of a slider of lesson 8", "s", [Case("drawn and rendered", slider)]),
    Panel(
        "the writer: parts of 8 worlds of the base case to disk, in one process",
        "ms a part",
        [
            Case(
                f"{PARTS} parts",
                lambda: run_of(
                    EXPERIMENT.format(scenario=BASE, replications=8 * PARTS),
                    "--workers",
                    "1",
                    script="tests/attack/small_parts.py",
                ),
                PARTS,
            )
        ],
        clock=True,
    ),
    Panel(
        "the first command",
        "s",
        [
            Case("python -c pass", later(python, "-c", "pass")),
            Case("import sim", later(python, "-c", "import sim")),
            Case("bargain --help", later(python, "-m", "sim", "--help")),
            Case(
                "bargain check layoff_threat", later(python, "-m", "sim", "check", "layoff_threat")
            ),
        ],
    ),
]
