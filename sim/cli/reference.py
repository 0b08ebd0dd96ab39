"""Commands that play nothing: what there is, what theory says, files of other platforms."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.base import Force, command, say, settings, to_copy

commands = typer.Typer()


@commands.command("list")
def list_(
    what: Annotated[
        str,
        typer.Argument(
            help="scenarios, experiments, tournaments, tactics, figures, measures or parameters."
        ),
    ],
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Parameters: as a table with all there is to say.")
    ] = False,
) -> None:
    """List what there is, a line each."""
    from sim.show.catalogue import listing, parameter_table

    if markdown:
        say(parameter_table())
        return
    for line in listing(what):
        say(line)


@commands.command()
def describe(
    name: Annotated[
        str, typer.Argument(help="A parameter, table, scenario, experiment or tactic.")
    ],
    against: Annotated[
        str | None, typer.Option(help="Another scenario: list what differs, value by value.")
    ] = None,
) -> None:
    """Describe a parameter, scenario, experiment, tactic or figure.

    Or how one scenario differs from another.
    """
    if against is not None:
        from sim.show.against import differences

        for line in differences(name, against):
            say(line)
        return
    from sim.show.catalogue import description

    say(description(name))


@commands.command()
def new(
    name: Annotated[str, typer.Argument(help="What the scenario is to be called.")],
    like: Annotated[str, typer.Option(help="A base or a scenario to begin with.")] = "two-level",
    out: Annotated[Path, typer.Option(help="Folder for it.")] = Path(),
    force: Force = False,
) -> None:
    """Write a scenario file to begin with, with a comment beside every value.

    Beside it goes the schema by which editors complete keys.
    """
    from sim.cases.json_schema import FILE, shipped_json_schema
    from sim.inputs.documents import read_bytes
    from sim.inputs.problems import InputError
    from sim.outputs.files import write_files
    from sim.show.starter import starter

    content, path = starter(name, like).encode(), out / f"{name}.toml"
    if path.exists() and read_bytes(path) != content and not force:
        raise InputError(f"{path}: is there already; give the scenario another name")
    write_files({path: content, out / FILE: shipped_json_schema()}, force=force)
    say(f"wrote    {path}, and {out / FILE} for your editor")
    say(f"next     {to_copy(*command(), 'check', path)}")


@commands.command()
def schema(
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("scenario.schema.json"),
    force: Force = False,
) -> None:
    """Write the JSON Schema of scenario files, for editors.

    They read it where the first line of a scenario is `#:schema ./scenario.schema.json`.
    """
    from sim.cases.json_schema import shipped_json_schema
    from sim.outputs.files import write_files

    write_files({out: shipped_json_schema()}, force=force)
    say(f"wrote {out}")


@commands.command()
def solve(
    scenario: Annotated[str, typer.Argument(help="A scenario, by name or path.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE to change a parameter.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the picture.")] = Path("results/solve"),
    force: Force = False,
) -> None:
    """What theory would choose in a scenario, with a picture.

    Solution concepts, how likely each is ratified, and the power of the unions.
    """
    from sim.show.console import print_solution
    from sim.show.figures.bargaining_set import bargaining_set
    from sim.show.figures.style import save
    from sim.worlds.solution import solve as solved

    solution = solved(scenario, set=settings(set_))
    print_solution(solution)
    picture, _ = save(bargaining_set(solution), out / solution.scenario.name, force=force)
    say(f"figure   {picture}")


@commands.command()
def ledger(
    scenario: Annotated[
        str, typer.Argument(help="A scenario, by name or path.")
    ] = "connecticut-2011",
) -> None:
    """Print the budget of a scenario, entry by entry.

    With subtotals, and what is left by fiscal year.
    """
    from sim.cases.ledger import ledger as ledger_of
    from sim.show.console import print_ledger

    entries = ledger_of(scenario)
    if entries.empty:
        say(f"{scenario} has no ledger: its file has no [[ledger]] entries")
    else:
        print_ledger(entries)


@commands.command()
def export(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or its name.")],
    to: Annotated[str, typer.Option(help="negmas or genius.")],
    out: Annotated[Path, typer.Option(help="A new folder for the files.")],
    force: Force = False,
) -> None:
    """Write a textbook game as files of NegMAS or GENIUS."""
    from sim.cases.loading import load_scenario
    from sim.interop import export_scenario

    for path in export_scenario(load_scenario(scenario), to, out, force=force):
        say(f"wrote {path}")


@commands.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder with files of NegMAS or GENIUS.")],
    out: Annotated[Path, typer.Option(help="The scenario file to write.")],
    parties: Annotated[
        str,
        typer.Option(help="A,B: the files of the two parties, where there are more; A governs."),
    ] = "",
    levels: Annotated[
        int, typer.Option(min=2, help="Levels of an issue that is a range of more values.")
    ] = 21,
    ignore_discount: Annotated[
        bool, typer.Option("--ignore-discount", help="Leave out that utilities shrink with time.")
    ] = False,
    force: Force = False,
) -> None:
    """Read files of NegMAS or GENIUS as a scenario.

    What they do not say is assumed, and said in the scenario, as is all that is read otherwise than one
    might think.
    """
    from sim.interop import import_scenario, save_scenario

    scenario = import_scenario(
        folder, parties=parties, levels=levels, ignore_discount=ignore_discount
    )
    save_scenario(scenario, out, force=force)
    say(f"wrote {out}: {scenario.title}")
