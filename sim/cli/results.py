"""Commands that look at what was played: tables, figures, stories, the record beside it."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.base import Force, ResultsFolder, Where, conditions, say, settings, to_stderr

commands = typer.Typer()


@commands.command()
def show(results: ResultsFolder) -> None:
    """Print the summary of a results folder again."""
    from sim.experiments.running.results import load_results
    from sim.show.console import print_summary

    found = load_results(results)
    say(f"{found.manifest['name']}: {found.manifest['question']}")
    print_summary(found)


@commands.command()
def plot(
    results: ResultsFolder,
    figure: Annotated[
        str | None, typer.Option(help="One figure by name [those the experiment asks for].")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="All figures that these results can show.")
    ] = False,
    measure: Annotated[str, typer.Option(help="What a figure shows.")] = "ratified",
    x: Annotated[str | None, typer.Option(help="What runs along the map.")] = None,
    y: Annotated[str | None, typer.Option(help="What runs up the map.")] = None,
    below: Annotated[float | None, typer.Option(help="Boxes: seek points below this.")] = None,
    above: Annotated[float | None, typer.Option(help="Boxes: seek points above this.")] = None,
    density: Annotated[float | None, typer.Option(help="Boxes: how dense at the least.")] = None,
    at_most: Annotated[float | None, typer.Option(help="Enough: half the width wanted.")] = None,
    where: Where = None,
    force: Force = False,
) -> None:
    """Draw figures of a results folder, as PNG and SVG.

    They go into its folder `figures`.
    """
    from sim.experiments.design.file import FigureRequest
    from sim.experiments.running.results import load_results
    from sim.inputs.documents import checked
    from sim.inputs.problems import InputError
    from sim.show.figures.draw import draw, draw_all

    if all_ and figure:
        raise InputError(f"--figure {figure} --all: name one figure, or ask for all")
    found = load_results(results).where(conditions(where))
    options = {"x": x, "y": y, "below": below, "above": above, "density": density}
    asked = {"name": figure, "measure": measure, "at_most": at_most, **options}
    request = checked(FigureRequest, asked, f"--figure {figure}") if figure else None
    for path in draw_all(found, force=force) if all_ else draw(found, request, force=force):
        say(f"drew {path}")


@commands.command()
def report(
    results: ResultsFolder,
    out: Annotated[
        Path | None, typer.Option(help="The file to write [report.html in that folder].")
    ] = None,
    force: Force = False,
) -> None:
    """Write results as one HTML page, for who was not there.

    Question, answer, numbers, figures, origin.
    """
    from sim.show.report import write_report

    say(f"wrote {write_report(results, out, force=force)}")


@commands.command()
def replay(
    results: ResultsFolder,
    point: Annotated[int, typer.Option(help="The design point.")] = 0,
    replication: Annotated[int, typer.Option(help="The replication.")] = 0,
) -> None:
    """Tell one world as a story: its offers, ballots and end."""
    from sim.experiments.running.results import load_results
    from sim.show.story import tell_story

    say(tell_story(load_results(results).replay(point, replication)))


@commands.command()
def verify(
    results: ResultsFolder,
    worlds: Annotated[int, typer.Option(min=0, help="Worlds to play again.")] = 50,
) -> None:
    """Hold a results folder against itself, and replay a sample.

    Whatever follows from the rest of it is worked out again; the sample of its worlds is drawn at random.
    Prints a digest of the whole study, for a paper to cite.
    """
    from sim.experiments.running.results import load_results
    from sim.experiments.running.verify import verify as verified
    from sim.inputs.problems import RunError

    found = verified(load_results(results), worlds)
    for problem in found.problems:
        to_stderr(f"error: {problem}")
    if found.problems:
        raise RunError(
            f"{results}: {len(found.problems)} problem{'s' * (len(found.problems) > 1)}; {found.remedy}"
        )
    for remark in found.also:
        say(remark)
    say(f"{found.files} files are whole, and {found.worlds} worlds play the same bit for bit")
    say(f"digest   {found.digest} (SHA-256 of the whole study, to cite)")


@commands.command()
def case(
    scenario: Annotated[str, typer.Argument(help="A scenario.")] = "connecticut-2011",
    record: Annotated[
        str | None, typer.Option(help="The record of the case [the one that the scenario names].")
    ] = None,
    draws: Annotated[
        Path | None, typer.Option(help="Draws of parameters to play, such as a posterior (CSV).")
    ] = None,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 4000,
    seed: Annotated[int, typer.Option(min=0, help="Names the random numbers.")] = 2011,
    set_: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE to change.")] = None,
    held_out: Annotated[
        int | None,
        typer.Option(min=1, max=2, help="Score this ballot, left out of the fit of the draws."),
    ] = None,
) -> None:
    """Print what happened beside the model, moment by moment.

    And what the record cannot tell.
    """
    from sim.cases.loading import load_scenario
    from sim.cases.record import own_record
    from sim.play.fit import compare, out_of_sample, worlds_beside
    from sim.show.console import print_comparison, print_table

    values, known = settings(set_), own_record(load_scenario(scenario), record)
    beside = worlds_beside(scenario, record, worlds, seed=seed, draws=draws, set=values)
    if held_out is None:
        print_comparison(compare(beside, known))
        return
    caption = (
        "shares of yes; scores are continuous ranked probability scores, the smaller the better"
    )
    print_table(out_of_sample(beside, known, held_out), caption)
