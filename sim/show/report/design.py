"""How the question was put to the model: scenario, what was varied, how often it was played."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sim.cases.schema import parameters_of, value_of
from sim.experiments.design.experiment import Experiment
from sim.experiments.design.file import SCENARIO
from sim.experiments.design.replications import Until
from sim.experiments.running.plan import KEPT_OF_A_POINT
from sim.experiments.running.results import Results
from sim.inputs.parameter import about
from sim.inputs.problems import few
from sim.show.report.tables import Cell, Head, Table
from sim.show.report.words import counted, plain, quoted
from sim.show.titles import title_of

MOST_KEYS, MOST_LEVELS = 4, 12
MOST_FAILURES = 10


def facts(results: Results) -> Iterator[tuple[str, str]]:
    """What a reader must know of the design, as terms and sentences."""
    experiment, manifest = results.experiment, results.manifest
    file = experiment.file
    yield "Design", kind_in_words(experiment)
    yield "Worlds", _worlds(results)
    if isinstance(file.replications, Until):
        yield "When to stop", _rule(file.replications)
        if results.stopped is not None:
            yield "What stopped", _stopped(results.stopped)
    yield "Random numbers", _random_numbers(file.random_numbers, manifest["seed"])
    yield "Kept", _kept(file.keep)
    if results.failures:
        yield "Failures", _failures(results)


def played(experiment: Experiment) -> Iterator[tuple[str, str]]:
    """What the scenario is, as terms and sentences."""
    scenario = experiment.scenario
    yield "Scenario", f"{scenario.title} ({scenario.name})"
    if others := [each for name, each in experiment.scenarios.items() if name != scenario.name]:
        yield "Held against", "; ".join(f"{each.title} ({each.name})" for each in others)
    yield "What it is", " ".join(scenario.description.split())
    issues = ", ".join(f"{issue.title.lower()} ({issue.scale})" for issue in scenario.issue)
    yield "Bargained over", f"{issues}; up to {counted(scenario.calendar.rounds, 'round')}"
    if scenario.has_ballot:
        members = sum(union.members for union in scenario.union)
        who = f"{counted(len(scenario.union), 'union')} with {members:,} members"
        yield "Who votes", f"{who}, on what governor and union leaders agreed"
    else:
        yield "Who votes", "nobody: an agreement at the table is final"
    yield "Its sources", " ".join(scenario.source.split())


def varied(results: Results) -> Table | None:
    """What was varied: each parameter, its meaning and its values; None where nothing was."""
    experiment = results.experiment
    known = parameters_of(experiment.scenario)
    keys = experiment.points[0].swept
    if not keys:
        return None
    heads = ["parameter", "what it is", "unit", "values played", "in the scenario", "source"]
    rows = []
    for key in keys:
        values = _values(experiment, key)
        if key == SCENARIO:
            own = experiment.scenario.name
            rows.append([Cell(text) for text in (key, "the whole case", "", values, own, "")])
            continue
        field = known[key]
        own = plain(value_of(experiment.scenario, key))
        unit = about(field)["unit"].replace("none", "")
        texts = (key, field.description or "", unit, values, own, about(field)["source"])
        rows.append([Cell(text) for text in texts])
    return Table("", [*map(Head, heads)], rows, 1)


def varied_in_words(experiment: Experiment) -> str:
    """What was varied, with the meaning of each parameter; empty where nothing was."""
    swept = experiment.points[0].swept
    parts = [f"{title_of(key)} ({key})" for key in swept]
    if len(parts) > MOST_KEYS:
        parts = [
            f"{len(parts)} parameters, named in the next section (settings are told by their number)"
        ]
    arms = list(experiment.file.arms)
    parts += [f"arms: {', '.join(map(quoted, arms))}"] if arms else []
    return "; ".join(parts)


def fixed(experiment: Experiment) -> list[tuple[str, list[str]]]:
    """What was set besides: for all settings, and in each arm, every key with its meaning."""
    file, known = experiment.file, parameters_of(experiment.scenario)

    def lines(settings: Mapping[str, Any]) -> list[str]:
        return [f"{key} = {plain(v)} ({known[key].description})" for key, v in settings.items()]

    for_all = [("Set at all settings", lines(file.set))] if file.set else []
    arms = [
        (f"Arm {quoted(arm)}", lines(settings) or ["nothing: the scenario as it is"])
        for arm, settings in file.arms.items()
    ]
    return for_all + arms


def kind_in_words(experiment: Experiment) -> str:
    """What kind of design it is, in a sentence."""
    file, points = experiment.file, counted(len(experiment.points), "setting")
    arms = f", in each of {len(file.arms)} arms" if file.arms else ""
    if file.sample is not None:
        design = file.sample.design.replace("_", " ")
        return f"{points}: a sample ({design}) over {_and(experiment.points[0].swept)}{arms}."
    if file.table is not None:
        return f"{points}: the rows of a table over {_and(experiment.points[0].swept)}{arms}."
    if experiment.points[0].swept:
        of = "value" if len(experiment.points[0].swept) == 1 else "combination"
        return f"{points}: every {of} of {_and(experiment.points[0].swept)}{arms}."
    if file.arms:
        return f"{points}: {len(file.arms)} arms, named settings that are held against each other."
    return "One setting, played many times: what happens, and how often."


def _and(keys: Mapping[str, Any]) -> str:
    if len(keys) > MOST_KEYS:
        return f"{len(keys)} parameters"
    *most, last = map(title_of, keys)
    return f"{', '.join(most)} and {last}" if most else last


def _worlds(results: Results) -> str:
    n = results.summary["n"]
    least, most = int(n.min()), int(n.max())
    each = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return (
        f"{int(n.sum()):,} in all, {each} at each setting. A world (a replication, or run) is one simulated "
        "negotiation, independent of the others."
    )


def _rule(rule: Until) -> str:
    of = f"the difference of {rule.of} from {rule.versus}" if rule.versus else rule.of
    return (
        f"Worlds were added at each setting until half the 95\u00a0% interval of {of} was "
        f"{rule.at_most:g} or less, up to {rule.max:,}."
    )


def _stopped(stopped: pd.DataFrame) -> str:
    reasons = stopped["stopped"].value_counts()
    counts = ", ".join(f"{counted(count, 'setting')} {reason}" for reason, count in reasons.items())
    return f"{counts} (replications.csv has each)."


def _random_numbers(kind: str, seed: int) -> str:
    if kind == "common":
        return (
            f"Common, from seed {seed}: world r has the same random draws at every setting, so that settings "
            "are compared in pairs of worlds that differ only by what was changed."
        )
    return f"Independent, from seed {seed}: every setting has worlds of its own."


def _kept(keep: str) -> str:
    most = KEPT_OF_A_POINT[keep]
    if most is None:
        return "Every world is a row in the results folder."
    return (
        f"Up to {most:,} worlds of each setting are rows in the results folder; means are of all."
    )


def _failures(results: Results) -> str:
    failed = [
        f"setting {f['point']}, replication {f['replication']}: {f['error']}"
        for f in results.failures
    ]
    return (
        f"{counted(len(failed), 'world')} could not be played and are missing from all that follows; if "
        "they are not missing by chance, what is left is not like the whole. "
        f"{'; '.join(few(failed, MOST_FAILURES))} (all in failures.jsonl)."
    )


def _values(experiment: Experiment, key: str) -> str:
    """The values that were played, or from what they were drawn."""
    sample = experiment.file.sample
    if sample is not None:
        return _distribution(sample.over[key])
    values = list(dict.fromkeys(point.swept[key] for point in experiment.points))
    if len(values) <= MOST_LEVELS:
        return ", ".join(map(plain, values))
    if all(isinstance(value, int | float) for value in values):
        return f"{len(values):,} values from {plain(min(values))} to {plain(max(values))}"
    return f"{len(values):,} values"


def _distribution(written: Any) -> str:
    """A distribution as an experiment file writes it, in words."""
    if not isinstance(written, Mapping):
        return str(written)
    ((kind, of),) = written.items()
    if isinstance(of, Mapping):
        return f"{kind}: {', '.join(f'{key} {plain(value)}' for key, value in of.items())}"
    between = " or " if kind == "choice" else " to "
    return f"{kind}: {between.join(map(plain, of))}"
