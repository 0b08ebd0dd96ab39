"""All commands, room by room."""

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
