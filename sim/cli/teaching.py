"""Commands for a class: a game on paper, and what its deals were worth."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.base import Force, command, say, to_copy

commands = typer.Typer()

SHOWN = {  # columns of the scores on a terminal, and how they are shown
    "table": ("table", str),
    "round": ("round", str),
    "points_governor": ("points\ngov.", "{:,g}".format),
    "points_coalition": ("points\ncoal.", "{:,g}".format),
    "better_for_both": ("better", "{:,}".format),
    "pareto_distance": ("from\nfront.", "{:,.1f}".format),
    "nash_ratio": ("Nash\nratio", "{:.2f}".format),
    "ratification": ("chance\nto pass", lambda chance: f"{100 * chance:.0f} %"),
    "ratified": ("in\nclass", {True: "yes", False: "no"}.get),
}


@commands.command()
def kit(
    scenario: Annotated[str, typer.Argument(help="A scenario, by name or path.")] = "sebac-2011",
    out: Annotated[Path | None, typer.Option(help="Folder for it [results/kit/NAME].")] = None,
    force: Force = False,
) -> None:
    """Write a game on paper, to be printed for a class.

    Role and point sheets, offer form, ballot and debrief.
    """
    from sim.teaching.kit.contents import make_kit
    from sim.teaching.kit.files import write_kit

    sheets = make_kit(scenario)
    folder = out or Path("results") / "kit" / sheets.scenario.name
    first, *others = write_kit(sheets, folder, force=force)
    say(f"print    {first} (all sheets), or one by one:")
    for path in others:
        if path.suffix == ".html":
            say(f"         {path}")
    say(f"deals    {folder / 'deals.csv'} (for what the tables agree on), with an example beside")
    say(f"game     {folder / 'game.toml'} (a scenario: the points of the kit)")
    again = to_copy(*command(), "score", folder / "deals.csv", "--scenario", scenario)
    say(f"next     {again}")


@commands.command()
def score(
    deals: Annotated[Path, typer.Argument(help="The deals of the class (CSV).")],
    scenario: Annotated[str, typer.Option(help="The scenario of the kit.")] = "sebac-2011",
    out: Annotated[Path, typer.Option(help="Folder for table and figure.")] = Path("results/score"),
    force: Force = False,
) -> None:
    """Score the deals of a class, and draw them.

    They are drawn among all packages, the frontier and the agents.
    """
    import pandas as pd

    from sim.show.console import print_table
    from sim.teaching.kit.score import score as scored

    scores = scored(deals, scenario)
    written, picture = scores.write(out, force=force)
    table = scores.table.dropna(axis="columns", how="all").astype(object)
    shown = {
        title: table[name].map(as_shown, na_action="ignore").fillna("-")
        for name, (title, as_shown) in SHOWN.items()
        if name in table
    }
    note = (
        "better: packages better for one side and no worse for the other; 0 is the frontier. All is in "
        "points"
    )
    if "ratification" in table:
        note += ", but the chance to pass the first ballot, which is the scenario's"
    print_table(pd.DataFrame(shown), f"{note}. {scores.paper.against_the_model.words}".rstrip())
    say(f"data     {written} (one row a table, with the levels)")
    say(f"figure   {picture}")
