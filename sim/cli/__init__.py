"""The command line: `bargain`, also `python -m sim`.

Exit codes: 0 done; 1 the run failed; 2 the input is wrong; 130 interrupted. Heavy modules are
imported inside the commands, so that `bargain --help` is quick.
"""

import sys

import typer

from sim.cli import analysis, reference, results, running, teaching
from sim.cli.base import Commands

app = typer.Typer(
    name="bargain",
    cls=Commands,
    help="Simulate union-state bargaining: offers under a deadline, then the members' ballot.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (running, results, analysis, reference, teaching):  # in the order of --help
    app.add_typer(room.commands)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an old code page must not stop a run
            stream.reconfigure(errors="replace")
    app()
