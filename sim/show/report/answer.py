"""The answer in plain sentences: what the intervals allow one to say of each measure, and no more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.experiments.analysis.effects import factorial, variance_shares
from sim.experiments.analysis.sensitivity import SENSITIVE, sensitivity
from sim.experiments.analysis.verdicts import came_out
from sim.experiments.design.replications import Until
from sim.experiments.running.results import Results
from sim.inputs.problems import InputError
from sim.show.counts import counts
from sim.show.report.differences import (
    LESS,
    MORE,
    OPEN,
    SAME,
    UNKNOWN,
    Differences,
    base_arm,
    bases_of,
    has_pairs,
)
from sim.show.report.words import Measured, counted, measured, named, plain, quoted, rough
from sim.show.titles import title_of

USUAL = (  # in this order, after those that the experiment file names
    "ratified",
    "agreed",
    "savings_realised",
    "savings",
    "yes_share_1",
    "ratified_first",
    "round",
    "utility_governor",
    "utility_coalition",
    "nash_ratio",
    "layoffs",
)
TWINS = {  # over all worlds, of what only some have
    "savings": "savings_realised",
    "ratified_if_agreed": "ratified",
}
MOST_NAMED = 6  # settings in one list
MOST_LEVELS = 8  # of a factor whose means are told
MOST_KEYS = 4  # in the name of a setting
PREDICTED = {"up": "more", "down": "less", "none": "exactly the same", "any": "nothing"}
HEADINGS = {
    MORE: "More",
    LESS: "Less",
    OPEN: "Not told apart from it",
    SAME: "The same in every pair of worlds",
    UNKNOWN: "Cannot be compared, as too few worlds have this measure at both",
}


@dataclass(frozen=True)
class Finding:
    """What can be said of one measure: sentences, and lists of settings, each under its heading."""

    measured: Measured
    sentences: tuple[str, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()


def measures_told(results: Results) -> list[Measured]:
    """The measures that matter most: those the experiment file names, then the usual ones.

    A measure that no world has is left out, and so is one that is the same column as one before it. Of what
    only some worlds have, its twin over all worlds comes first.
    """
    file, summary = results.experiment.file, results.summary
    usual = USUAL if results.experiment.scenario.has_ballot else ("agreed", *USUAL)
    rule = file.replications
    names = [r.measure for r in file.figure or [] if "measure" in r.model_fields_set]
    names += [hypothesis.measure for hypothesis in file.hypothesis]
    names += [rule.of] if isinstance(rule, Until) else []
    names_kept: list[str] = []
    names = [each for name in names for each in (TWINS.get(name, name), name)]
    for name in dict.fromkeys([*names, *usual]):
        there = f"{name}_low" in summary and summary[name].notna().any()
        if there and not any(summary[name].equals(summary[other]) for other in names_kept):
            names_kept.append(name)
    return [measured(name, results.experiment.scenario) for name in names_kept]


def missing(results: Results) -> list[Measured]:
    """The usual measures that no world has."""
    summary = results.summary
    none = [name for name in USUAL if name in summary and summary[name].isna().all()]
    return [measured(name, results.experiment.scenario) for name in none]


def findings(
    results: Results, measures: Sequence[Measured], compared: Differences | None
) -> Iterator[Finding]:
    """What can be said of each measure."""
    for each in measures:
        sentences = [_extremes(results, each)]
        lists: list[tuple[str, tuple[str, ...]]] = []
        if compared is not None:
            table = compared.table[compared.table["measure"] == each.name]
            sentences.append(_counts(results, table))
            lists += _lists(results, each, table)
        sentences += [*_explained(results, each), *sensitive(results, each)]
        yield Finding(each, tuple(sentences), (*lists, *_averages(results, each)))


def verdicts(results: Results) -> Iterator[str]:
    """What became of each claim that the experiment file made before the run."""
    if not has_pairs(results):
        return
    for hypothesis in results.experiment.file.hypothesis:
        lead = f"{hypothesis.id}. {hypothesis.claim.rstrip('.')} ({hypothesis.source}). "
        if hypothesis.from_experiment is not None:
            yield f"{lead}Held against another experiment, {hypothesis.from_experiment}."
            continue
        found = came_out(hypothesis, results)
        each = measured(hypothesis.measure, results.experiment.scenario)
        apart = each.told_apart(found["estimate"], found["low"], found["high"])
        yield (
            f"{lead}Predicted: {PREDICTED[hypothesis.predicted]}. Came out: {found['verdict']}; "
            f"{each.words}, from {found['from']} to {found['to']}: {apart}."
        )


def setting(results: Results, point: int) -> str:
    """A design point in words; by its number where the words would be too many."""
    experiment = results.experiment
    labels, sample = experiment.point(point).labels, experiment.file.sample
    keys = list(labels)
    if sample is not None and sample.design == "one_at_a_time":
        first = experiment.points[0].labels
        keys = [key for key in keys if key == "arm" or labels[key] != first[key]]
        return named(labels, keys) or "the scenario's own values"
    if len(keys) > MOST_KEYS:
        keys = [key for key in keys if key == "arm"]
        return ", ".join([f"setting {point}", *filter(None, [named(labels, keys)])])
    return named(labels, keys) or "the only setting"


def base_in_words(results: Results) -> str:
    """What settings are held against."""
    experiment = results.experiment
    bases = bases_of(experiment)
    if len(set(bases.values())) == 1:
        return setting(results, next(iter(bases.values())))
    swept = [title_of(key) for key in experiment.points[0].swept]
    same = f"the same {' and '.join(swept)}" if len(swept) < MOST_KEYS else "the same other values"
    return f"{quoted(base_arm(experiment) or '')} at {same}"


def _extremes(results: Results, each: Measured) -> str:
    """The highest and the lowest mean; one value where all are the same."""
    summary = results.summary[results.summary[each.name].notna()]
    values = summary[each.name]
    if len(results.points) == 1:
        return f"{told(summary.iloc[0], each)}."
    if len(values) > 1 and values.min() == values.max():
        fewest = summary.loc[summary["n"].idxmin()]
        return f"The same at all settings that have it: {told(fewest, each)}."
    return " ".join(
        f"{word}: {told(summary.loc[at], each)} {_where(results, summary, values == values[at])}."
        for word, at in (("Highest", values.idxmax()), ("Lowest", values.idxmin()))
    )


def told(row: pd.Series, each: Measured) -> str:
    """A mean with its interval, and its own n where not all worlds have the measure."""
    words = each.told(*(float(row[f"{each.name}{end}"]) for end in ("", "_low", "_high")))
    own = counts(pd.DataFrame([row]), each.name).iloc[0]
    return words if pd.isna(own) or own == row["n"] else f"{words}, n = {own:,.0f}"


def _where(results: Results, summary: pd.DataFrame, alike: pd.Series) -> str:
    points = summary["point"][alike]
    name = setting(results, int(points.iloc[0]))
    return (
        f"at {counted(len(points), 'setting')}, such as {name}" if len(points) > 1 else f"at {name}"
    )


def _counts(results: Results, table: pd.DataFrame) -> str:
    """How many settings differ from their base, and how many cannot be told from it."""
    count = table["verdict"].value_counts()
    words = {
        MORE: ("has more", "have more"),
        LESS: ("has less", "have less"),
        OPEN: ("cannot be told apart from it",) * 2,
        SAME: ("is the same in every pair of worlds", "are the same in every pair of worlds"),
        UNKNOWN: ("cannot be compared",) * 2,
    }
    counts = [
        f"{count[verdict]:,} {many if count[verdict] > 1 else one}"
        for verdict, (one, many) in words.items()
        if verdict in count
    ]
    of = f"of the {counted(len(table), 'other setting')}" if len(table) > 1 else "the other setting"
    if len(table) == 1:
        counts = [words[table["verdict"].iloc[0]][0]]
        return f"Held against {base_in_words(results)}, {of} {counts[0]}."
    return f"Held against {base_in_words(results)}: {of}, {', '.join(counts)}."


def _lists(
    results: Results, each: Measured, table: pd.DataFrame
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By arm where each arm has many settings, else setting by setting, the largest differences first."""
    if (table["verdict"] == SAME).all():
        return
    arms = table["point"].map(lambda point: results.experiment.point(point).arm)
    if arms.notna().all() and arms.value_counts().max() > 1:
        arms_told = (
            _of_arm(quoted(arm), each, rows) for arm, rows in table.groupby(arms, sort=False)
        )
        yield "Arm by arm", tuple(arms_told)
        return
    for verdict, heading in HEADINGS.items():
        rows = table[table["verdict"] == verdict]
        if len(rows):
            largest = rows.loc[rows["difference"].abs().sort_values(ascending=False).index]
            items = [_item(results, each, row) for row in largest.to_dict("records")[:MOST_NAMED]]
            more = len(rows) - len(items)
            yield heading, (*items, *([f"and {more:,} more"] if more else []))


def _item(results: Results, each: Measured, row: Mapping[str, Any]) -> str:
    name = setting(results, row["point"])
    if row["verdict"] in (SAME, UNKNOWN):
        return name
    pairs, played = row["pairs"], results.summary["n"].max()
    some = f", over {pairs:,.0f} of {played:,} pairs" if pairs < played else ""
    return f"{name}: {each.told_apart(row['difference'], row['low'], row['high'])}{some}"


def _of_arm(arm: str, each: Measured, rows: pd.DataFrame) -> str:
    """At how many settings an arm differs from the base arm, and by how much."""
    count = rows["verdict"].value_counts()
    verdicts_counted = ", ".join(
        f"{verdict} at {count[verdict]:,}" for verdict in HEADINGS if verdict in count
    )
    apart = rows["difference"].dropna()
    if set(count.index) <= {SAME, UNKNOWN}:
        return f"{arm}: {verdicts_counted}"
    half = (rows["high"] - rows["low"]).median() / 2
    low, middle, high = (
        each.cell_apart(x, x - half, x + half)[0]
        for x in (apart.min(), apart.median(), apart.max())
    )
    unit = each.unit.head_of_differences
    return f"{arm}: {verdicts_counted}; differences from {low} to {high}, median {middle} {unit}".rstrip()


def _explained(results: Results, each: Measured) -> Iterator[str]:
    """Which factors of a grid explain how much of the variation between its points."""
    table = _of_grid(variance_shares, results, each)
    if table is None or table["share"].sum() == 0:
        return
    ordered = table[table["share"] >= 0.005].sort_values("share", ascending=False, kind="stable")
    parts = [
        f"{title_of(row['factor'])}{' and ' * bool(row['other'])}{title_of(row['other'])}"
        f"{' together' * bool(row['other'])} "
        f"{100 * row['share']:.0f}\u00a0%"
        for row in ordered.to_dict("records")
    ]
    parts[0] = parts[0].rpartition(" ")[0] + " explains " + parts[0].rpartition(" ")[2]
    yield f"Of the variation between settings, {', '.join(parts)}."


def _averages(results: Results, each: Measured) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The mean at each level of each factor of a grid, averaged over the other factors."""
    table = _of_grid(factorial, results, each)
    if table is None or table["effect"].abs().max() == 0:
        return
    items = []
    for factor, levels in table[table["other"] == ""].groupby("factor", sort=False):
        if len(levels) <= MOST_LEVELS:
            rows = levels.to_dict("records")
            means = (f"{plain(row['level'])}: {each.value(row['mean'])}" for row in rows)
            items.append(f"{title_of(factor)} = {', '.join(means)}")
    if items:
        rests_on, played = int(table["replications"].iloc[0]), int(results.summary["n"].max())
        some = f" (over the {rests_on:,} of {played:,} replications that have it at every setting)"
        yield f"Averaged over everything else{some * (rests_on < played)}, at", tuple(items)


def _of_grid(
    table: Callable[[Results, str], pd.DataFrame], results: Results, each: Measured
) -> pd.DataFrame | None:
    """A table that takes a grid apart; None where there is no grid, or no replication to take it by."""
    file, points = results.experiment.file, results.experiment.points
    grid = file.sample is None and file.table is None and len(points[0].labels) > 1
    if not grid or not has_pairs(results):
        return None
    try:
        return table(results, each.name)
    except InputError:  # no replication has the measure at every point
        return None


def sensitive(results: Results, each: Measured) -> Iterator[str]:
    """Which sampled parameters matter, of a design that can tell."""
    sample = results.experiment.file.sample
    if sample is None or sample.design not in SENSITIVE:
        return
    try:
        table = sensitivity(results, each.name)
    except InputError as error:
        reason = error.problems[0].removeprefix(f"{results.folder}: ")
        yield f"Which parameters matter for it cannot be told here: {reason}."
        return
    arms = table["arm"] if "arm" in table else pd.Series("", index=table.index)
    for arm, rows in table.groupby(arms, sort=False):
        yield _by_index(rows, f"In {quoted(arm)}: what" if arm else "What")


def _by_index(rows: pd.DataFrame, lead: str) -> str:
    """Which parameters have an index whose interval is above 0, and which do not."""
    index, words = (
        ("total", "total Sobol' index") if "total" in rows else ("mu_star", "Morris's mu*")
    )
    rows = rows.dropna(subset=index).sort_values(index, ascending=False, kind="stable")
    if f"{index}_low" not in rows:
        return "No sampled parameter moves it at all."
    sure = rows[f"{index}_low"] > 0
    moving = ", ".join(
        f"{title_of(row['parameter'])} {rough(row[index])} ({rough(row[f'{index}_low'])} to "
        f"{rough(row[f'{index}_high'])})"
        for row in rows[sure].to_dict("records")
    )
    rest = ", ".join(map(title_of, rows["parameter"][~sure]))
    first = f"{lead} moves it, by the {words}: {moving}." if moving else ""
    last = f"Not told apart from moving nothing: {rest}." if rest else ""
    return f"{first} {last}".strip()
