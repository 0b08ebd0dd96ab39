"""The page of a report: what is told, in order, filled into its template."""

from collections.abc import Iterable, Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.experiments.running.results import Results
from sim.outputs.text import on_a_page
from sim.show.report.answer import (
    base_in_words,
    findings,
    measures_told,
    missing,
    setting,
    verdicts,
)
from sim.show.report.design import facts, fixed, played, varied
from sim.show.report.differences import Differences, differences
from sim.show.report.lead import lead
from sim.show.report.limits import limits, not_identified
from sim.show.report.origin import (
    checksums,
    citation,
    commands,
    files,
    further,
    needs_points,
    origin,
)
from sim.show.report.pictures import EmbeddedFigure
from sim.show.report.tables import MOST_ROWS, of_differences, of_points
from sim.show.story import tell_story
from sim.show.told import world_to_tell

MOST_ANSWERED, MOST_IN_A_TABLE = 5, 9  # measures
MISSED = 0.05  # of intervals of 95 % miss by chance


def rendered(results: Results, drawn: Iterable[EmbeddedFigure]) -> str:
    """The whole report as HTML, with these figures in it.

    Raises:
        sim.inputs.problems.InputError: when files of the results folder are damaged.

    """
    measures = measures_told(results)
    answered, shown = measures[:MOST_ANSWERED], measures[:MOST_IN_A_TABLE]
    compared = differences(results, [each.name for each in answered])
    experiment = results.experiment
    point, replication = world_to_tell(results)
    embedded = list(drawn)
    tables = [of_points(results, shown)]
    if compared is not None and len(compared.points) <= MOST_ROWS:
        tables.append(of_differences(results, answered, compared, base_in_words(results)))
    parts = {
        "manifest": results.manifest,
        "scenario": experiment.scenario,
        "lead": lead(results, measures[0], compared),
        "first_picture": embedded[0] if embedded else None,
        "notes": list(_notes(results)),
        "findings": list(findings(results, answered, compared)),
        "verdicts": list(verdicts(results)),
        "surely": list(_how_surely(results, compared)),
        "played": list(played(experiment)),
        "facts": list(facts(results)),
        "varied": varied(results),
        "fixed": fixed(experiment),
        "tables": tables,
        "pictures": embedded[1:],
        "story": tell_story(results.replay(point, replication)),
        "told_world": f"{setting(results, point)}, replication {replication}",
        "measures": shown,
        "paired": compared is not None and compared.paired,
        "limits": list(limits(experiment.scenario)),
        "not_identified": not_identified(experiment.scenario),
        "origin": list(origin(results)),
        "checksums": checksums(results),
        "further": further(results),
        "commands": commands(results),
        "files": files(results),
        "needs_points": needs_points(results),
        "citation": citation(results),
    }
    environment = Environment(
        loader=PackageLoader("sim.show.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=on_a_page,
    )
    return environment.get_template("report.html").render(parts)


def _notes(results: Results) -> Iterator[str]:
    """What there is nothing to say of."""
    summary = results.summary
    if (summary["agreed"].dropna() == 0).all():
        yield "Nothing was agreed in any of them."
    if none := missing(results):
        yield f"Not told, because no world has it: {', '.join(each.words for each in none)}."
    empty = summary["point"][summary["n"] == 0].tolist()
    if empty:
        names = "; ".join(setting(results, point) for point in empty[:5])
        yield f"All worlds failed at {len(empty):,} of the settings, such as {names}."


def _how_surely(results: Results, compared: Differences | None) -> Iterator[str]:
    """How to take the intervals: pairs, how many were looked at, and what is not told apart."""
    if compared is None:
        return
    if compared.paired:
        yield (
            "Differences are of pairs of worlds with the same random draws, one at each setting, so they are "
            "due to what was changed; of measures that only some worlds have, pairs count in which both "
            "have it."
        )
    else:
        independent = results.experiment.file.random_numbers == "independent"
        why = "they have not" if independent else "not all worlds were kept to be paired"
        yield (
            "Differences are worked out from the intervals of both settings, as if their worlds had nothing "
            f"to do with each other, because {why}."
        )
    if count := compared.intervals:
        yield (
            f"{count:,} differences have an interval, of 95\u00a0% each by itself: were there no differences "
            f"at all, about {MISSED * count:.1f} of {count:,} would leave 0 out by chance alone. Trust what "
            "is large against its interval more than what just leaves 0 out."
        )
    yield (
        "\u201cNot told apart\u201d does not mean that there is no effect. These worlds cannot tell; the "
        "difference, if there is one, is likely within its interval, and more worlds would narrow it."
    )
