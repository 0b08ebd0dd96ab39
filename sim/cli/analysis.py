"""Commands that answer questions of a results folder: what differs, what matters, where, how surely."""

from typing import Annotated

import typer

from sim.cli.base import ResultsFolder, Where, conditions, say

commands = typer.Typer()


@commands.command()
def compare(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="What is compared.")] = "ratified",
    base: Annotated[
        int | None, typer.Option(help="The design point to compare with [the first one].")
    ] = None,
    where: Where = None,
) -> None:
    """How every point differs from one of them, in paired worlds."""
    from sim.experiments.analysis.effects import paired_differences
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results).where(conditions(where))
    table = paired_differences(found, measure, base)
    point = found.experiment.points[0].number if base is None else base
    print_table(table, f"{measure}: mean paired difference from point {point}, 95 % intervals")


@commands.command()
def effects(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="What is explained.")] = "ratified",
    where: Where = None,
) -> None:
    """What each factor of a grid does, by itself and in pairs.

    Also how much of the variation each explains.
    """
    from sim.experiments.analysis.effects import factorial, variance_shares
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results).where(conditions(where))
    print_table(factorial(found, measure), f"effects on the mean of {measure}; 95 % intervals")
    print_table(variance_shares(found, measure), "share of the variation between design points")


@commands.command()
def sensitivity(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="What is to be explained.")] = "ratified",
) -> None:
    """Which parameters matter: Sobol' indices, or Morris screening.

    The results are of a Saltelli sample, or of a Morris one.
    """
    from sim.experiments.analysis.sensitivity import sensitivity as of_parameters
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results)
    print_table(of_parameters(found, measure), f"sensitivity of {measure}; 95 % intervals")


@commands.command()
def discover(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="What is sought.")] = "ratified",
    below: Annotated[float | None, typer.Option(help="Seek points with a mean below this.")] = None,
    above: Annotated[float | None, typer.Option(help="Seek points with a mean above this.")] = None,
    density: Annotated[float, typer.Option(help="Share of a box's points that are sought.")] = 0.8,
) -> None:
    """Where in the sampled parameters a measure passes a threshold."""
    from sim.experiments.analysis.discovery import discover as boxes
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    table = boxes(load_results(results), measure, below=below, above=above, density=density)
    side = f"below {below:g}" if above is None else f"above {above:g}"
    print_table(table, f"boxes with a mean of {measure} {side}; limits that are not named are free")


@commands.command()
def enough(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="Whose mean is to be sure.")] = "ratified",
    at_most: Annotated[float | None, typer.Option(help="Half the width that is wanted.")] = None,
) -> None:
    """Whether there are enough replications, or how many it takes."""
    from sim.experiments.analysis.precision import precision, verdict
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    table = precision(load_results(results), measure, at_most)
    print_table(table, f"mean of {measure}, the greatest first; 95 % intervals")
    say(verdict(table, at_most))
