"""Commands that answer questions of a results folder: what differs, what matters, where, how surely."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.base import ResultsFolder, Where, conditions, say

if TYPE_CHECKING:
    from sim.experiments.running.results import Results

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
    from sim.experiments.analysis.effects import paired_differences, remarks
    from sim.experiments.analysis.estimand import twin_first
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results).where(conditions(where))
    point = found.experiment.points[0].number if base is None else base
    for each in twin_first(found, measure):
        table = paired_differences(found, each, point)
        print_table(
            table,
            f"{each}: mean paired difference from point {point}{_only(found)}, 95 % intervals, over the "
            "pairs of replications that have it at both points",
        )
        _say_all(remarks(found, each, table))


@commands.command()
def effects(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="What is explained.")] = "ratified",
    where: Where = None,
) -> None:
    """What each factor of a grid does, by itself and in pairs.

    Also how much of the variation each explains.
    """
    from sim.experiments.analysis.effects import factorial, remarks, variance_shares
    from sim.experiments.analysis.estimand import twin_first
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results).where(conditions(where))
    for each in twin_first(found, measure):
        effects, shares = factorial(found, each), variance_shares(found, each)
        print_table(effects, f"effects on the mean of {each}{_only(found)}; 95 % intervals")
        print_table(shares, f"share of the variation of {each} between design points{_only(found)}")
        _say_all(remarks(found, each, shares))


@commands.command()
def sensitivity(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="What is to be explained.")] = "ratified",
) -> None:
    """Which parameters matter: Sobol' indices, or Morris screening.

    The results are of a Saltelli sample, or of a Morris one.
    """
    from sim.experiments.analysis.estimand import twin_first
    from sim.experiments.analysis.sensitivity import remarks
    from sim.experiments.analysis.sensitivity import sensitivity as of_parameters
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results)
    for each in twin_first(found, measure):
        table = of_parameters(found, each)
        print_table(table, f"sensitivity of {each}; 95 % intervals")
        _say_all(remarks(each, table))


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
    from sim.experiments.analysis.discovery import remarks
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results)
    table = boxes(found, measure, below=below, above=above, density=density)
    side = f"below {below:g}" if above is None else f"above {above:g}"
    print_table(table, f"boxes with a mean of {measure} {side}; limits that are not named are free")
    _say_all(remarks(found, measure, table))


@commands.command()
def enough(
    results: ResultsFolder,
    measure: Annotated[str, typer.Option(help="Whose mean is to be sure.")] = "ratified",
    at_most: Annotated[float | None, typer.Option(help="Half the width that is wanted.")] = None,
) -> None:
    """Whether there are enough replications, or how many it takes."""
    from sim.experiments.analysis.estimand import left_out_words, twin_first
    from sim.experiments.analysis.precision import precision, verdict
    from sim.experiments.running.results import load_results
    from sim.show.console import print_table

    found = load_results(results)
    for each in twin_first(found, measure):
        table = precision(found, each, at_most)
        print_table(table, f"mean of {each}, the greatest first; 95 % intervals")
        say(verdict(table, at_most))
        _say_all(left_out_words(each, table["n"], table["left_out"], list(found.summary)))


def _only(results: "Results") -> str:
    """Which points of the results these are, for a caption, if not all."""
    from sim.experiments.running.selection import Selection

    return f" (where {results.words})" if isinstance(results, Selection) else ""


def _say_all(sentences: list[str]) -> None:
    for sentence in sentences:
        say(sentence)
