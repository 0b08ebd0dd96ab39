"""What a report says first: the answer in a few sentences, the design in a line, what it rests on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from sim.experiments.analysis.effects import variance_shares
from sim.experiments.analysis.one_by_one import swings
from sim.experiments.analysis.verdicts import AGAINST, AS_PREDICTED, came_out
from sim.experiments.design.kinds import Design, design_of
from sim.experiments.running.results import Results
from sim.experiments.statistics.summary import span
from sim.inputs.problems import InputError
from sim.play.measures import SHARE, measure_of
from sim.show.counts import FEW, counts
from sim.show.report.answer import base_in_words, sensitive, setting, told
from sim.show.report.design import kind_in_words
from sim.show.report.differences import LESS, MORE, OPEN, SAME, Differences, has_pairs
from sim.show.report.words import Measured, counted, plain, quoted
from sim.show.titles import title_of

MOST_SENTENCES = 5
MOST_ARMS = 8  # that are told one by one
MOST_SPREADS = 12  # arms whose spread is told
FEW_ARMS = 4  # of which it is also told at how many draws there is more than half
MOST_LEVELS = 8  # of a key whose ranges are told
HALF = 0.5
ENDS = {
    "ratified_first": "ratified on the first ballot",
    "ratified_second": "ratified on the second ballot",
    "rejected": "rejected in the end",
    "awarded": "decided by an arbitrator",
    "impasse": "without an agreement",
}


@dataclass(frozen=True)
class Lead:
    """The answer in at most five sentences, the design in a line, and what the answer rests on."""

    sentences: tuple[str, ...]
    design: str
    rests_on: tuple[str, ...]


def lead(results: Results, main: Measured, compared: Differences | None) -> Lead:
    """What is said first, of the main measure, as the design allows it."""
    sentences = [*_claims(results), *_answer(results, main, compared)]
    design = f"{kind_in_words(results.experiment)} {_played(results)}"
    return Lead(tuple(sentences[:MOST_SENTENCES]), design, tuple(_rests_on(results, main)))


def _answer(results: Results, main: Measured, compared: Differences | None) -> Iterator[str]:
    known = results.summary[results.summary[main.name].notna()]
    if known.empty:
        yield f"No world has what is asked for: {main.words}."
        return
    of_design: dict[Design, Callable[..., Iterator[str]]] = {
        Design.SETTINGS: _of_settings,
        Design.GRID: _of_a_grid,
        Design.DRAWS: _of_draws,
        Design.TABLE: _of_draws,
        Design.ONE_AT_A_TIME: _one_at_a_time,
        Design.SCREENING: _of_screening,
    }
    yield from of_design[design_of(results.experiment)](results, main, compared, known)


def _of_settings(
    results: Results, main: Measured, compared: Differences | None, known: pd.DataFrame
) -> Iterator[str]:
    """One setting: what happens. Arms: each in turn, and which differ from the first."""
    if len(results.points) == 1:
        yield f"{main.title}: {told(known.iloc[0], main)}."
        yield from _ends(known.iloc[0])
        yield from _what_is_saved(results, main, known.iloc[0])
        return
    order = known.sort_values(main.name, ascending=False, kind="stable")
    if len(order) <= MOST_ARMS:
        each = "; ".join(
            f"{setting(results, row['point'])}: {told(row, main)}" for _, row in order.iterrows()
        )
        yield f"{main.title}, the most first: {each}."
    else:
        yield _from_to(results, main, order)
    yield from _against_base(results, main, compared)


def _of_a_grid(
    results: Results, main: Measured, compared: Differences | None, known: pd.DataFrame
) -> Iterator[str]:
    """How far the measure goes over the grid, and along what."""
    yield from _half(main, known)
    yield _from_to(results, main, known)
    for place, key in enumerate(_strongest(results, main, known)[:2]):
        yield _along(main, known, key, "It moves most with" if place == 0 else "Then with")


def _of_draws(
    results: Results, main: Measured, compared: Differences | None, known: pd.DataFrame
) -> Iterator[str]:
    """How the measure is spread over what nobody knows, arm by arm, and how arms differ at one draw."""
    arms = known["arm"] if "arm" in known else pd.Series("", index=known.index)
    of_arm = {str(arm): rows[main.name] for arm, rows in known.groupby(arms, sort=False)}
    number = max(map(len, of_arm.values()))
    over = (
        f"{number:,} draws"
        if design_of(results.experiment) is Design.DRAWS
        else (f"{counted(number, 'row')} of the table")
    )
    parts = [
        f"{quoted(arm) + ' ' if arm else ''}{_spread(values, main)}"
        for arm, values in of_arm.items()
    ]
    most = MOST_SPREADS
    more = f"; and {counted(len(parts) - most, 'more arm')}" if len(parts) > most else ""
    yield (
        f"{main.title}, in the middle of {over} (and in nine of ten of them, chance included): "
        f"{'; '.join(parts[:most])}{more}."
    )
    if _is_share(main) and len(of_arm) <= FEW_ARMS:
        halves = [
            f"{quoted(arm) + ' ' if arm else ''}{100 * (values > HALF).mean():.0f}\u00a0%"
            for arm, values in of_arm.items()
        ]
        yield f"It is more than half at so many of them: {', '.join(halves[:most])}{more}."
    if len(of_arm) > 1:
        yield from _arm_by_arm(results, main, compared)


def _spread(values: pd.Series, main: Measured) -> str:
    """The median, and between which values nine of ten lie."""
    low, middle, high = (main.value(float(values.quantile(share))) for share in (0.05, 0.5, 0.95))
    return f"{middle} ({low} to {high})"


def _arm_by_arm(results: Results, main: Measured, compared: Differences | None) -> Iterator[str]:
    """At how many settings each arm differs from the first at the same values."""
    if compared is None:
        return
    table = compared.table[compared.table["measure"] == main.name]
    arms = table["point"].map(lambda number: results.experiment.point(number).arm)
    parts = []
    for arm, rows in table.groupby(arms, sort=False):
        count = rows["verdict"].value_counts()
        told_apart = [f"{word} at {count[word]:,}" for word in (MORE, LESS) if word in count]
        parts.append(f"{quoted(str(arm))} {', '.join(told_apart) or 'not told apart at any'}")
    if parts:
        each = len(table) // len(parts)
        most = "; ".join(parts[:MOST_SPREADS])
        yield f"Surely apart from {base_in_words(results)}, at how many of {each:,}: {most}."


def _one_at_a_time(
    results: Results, main: Measured, compared: Differences | None, known: pd.DataFrame
) -> Iterator[str]:
    """Where all stand, and what moves the measure most while the others stand."""
    try:
        table = swings(results, main.name)
    except InputError:
        return
    yield f"Where all parameters stand, the {main.words} is {main.value(float(table['base'].iloc[0]))}."
    moving = table[table["greatest_mean"] > table["least_mean"]]
    if moving.empty:
        yield "No parameter moves it at all by itself."
    for row in moving.head(3).to_dict("records"):
        least, most = (main.value(float(row[f"{end}_mean"])) for end in ("least", "greatest"))
        yield (
            f"{_capital(title_of(row['parameter']))} by itself moves it from {least} (at "
            f"{_level(row['least'])}) to {most} (at {_level(row['greatest'])})."
        )


def _of_screening(
    results: Results, main: Measured, compared: Differences | None, known: pd.DataFrame
) -> Iterator[str]:
    """Which parameters matter, as far as the sample can tell."""
    yield from sensitive(results, main)
    yield _from_to(results, main, known)


def _level(level: object) -> str:
    return f"{level:,.3g}" if isinstance(level, float) else plain(level)


def _claims(results: Results) -> Iterator[str]:
    """What became of the claims that were made before the run, counted."""
    claims = [c for c in results.experiment.file.hypothesis if c.from_experiment is None]
    if not claims or not has_pairs(results):
        return
    found = [came_out(claim, results)["verdict"] for claim in claims]
    held, against = found.count(AS_PREDICTED), found.count(AGAINST)
    rest = len(found) - held - against
    parts = [
        f"{number:,} {words}"
        for number, words in (
            (held, "came out as predicted"),
            (against, "against the prediction"),
            (rest, "otherwise or not told apart"),
        )
        if number
    ]
    yield f"Of {counted(len(claims), 'claim')} made before the run: {', '.join(parts)}."


def _half(main: Measured, known: pd.DataFrame) -> Iterator[str]:
    """Where a share is more than half, as surely as the intervals tell."""
    if not _is_share(main) or len(known) < 2:
        return
    above = int((known[f"{main.name}_low"] > HALF).sum())
    below = int((known[f"{main.name}_high"] < HALF).sum())
    settings = f"{len(known):,} settings tried"
    what = main.words
    if below == len(known):
        yield f"{_capital(what)}: in none of the {settings} as much as half."
    elif above == len(known):
        yield f"{_capital(what)}: more than half in each of the {settings}."
    else:
        rest = len(known) - above - below
        between = f", and cannot be told from half in {rest:,}" if rest else ""
        yield (
            f"{_capital(what)}: more than half in {above:,} of the {settings}, less in {below:,}{between}."
        )


def _from_to(results: Results, main: Measured, known: pd.DataFrame) -> str:
    """The greatest and the least mean, and where they are."""
    values = known[main.name]
    if values.min() == values.max():
        return f"It is the same at all settings: {told(known.iloc[0], main)}."
    ends = [
        f"{word} is {told(known.loc[at], main)}, at {setting(results, int(known.loc[at, 'point']))}"
        for word, at in (("the most", values.idxmax()), ("the least", values.idxmin()))
    ]
    return f"{_capital('; '.join(ends))}."


def _strongest(results: Results, main: Measured, known: pd.DataFrame) -> list[str]:
    """What is varied, in the order in which it moves the measure."""
    labels = results.experiment.points[0].labels
    keys = [key for key in labels if (known[key] != known[key].iloc[0]).any()]
    means = {key: known.groupby(key, sort=False)[main.name].mean() for key in keys}
    moved = {key: float(of.max() - of.min()) for key, of in means.items()}
    try:
        shares = variance_shares(results, main.name) if has_pairs(results) else pd.DataFrame()
        alone = shares[shares["other"] == ""] if len(shares) else shares
        moved |= dict(zip(alone.get("factor", []), alone.get("share", []), strict=True))
    except InputError:
        pass  # no replication has the measure everywhere: the spans of the means tell
    return sorted((key for key in keys if moved[key] > 0), key=lambda key: -moved[key])


def _along(main: Measured, known: pd.DataFrame, key: str, how: str) -> str:
    """The range of the measure at each value of a key, over all else."""
    levels = list(known.groupby(key, sort=False)[main.name])
    over = " (the least and the most over all else)" if len(known) > len(levels) else ""
    if len(levels) > MOST_LEVELS:
        levels = [levels[0], levels[len(levels) // 2], levels[-1]]
    parts = []
    for level, values in levels:
        least, most = main.value(float(values.min())), main.value(float(values.max()))
        name = quoted(str(level)) if key == "arm" else plain(level)
        parts.append(f"{name}: {least if least == most else f'{least} to {most}'}")
    what = "the arm" if key == "arm" else title_of(key)
    return f"{how} {what}{over}: {'; '.join(parts)}."


def _against_base(results: Results, main: Measured, compared: Differences | None) -> Iterator[str]:
    """Which settings differ from their base in the main measure."""
    if compared is None:
        return
    table = compared.table[compared.table["measure"] == main.name]
    if table.empty:
        return
    if len(table) > MOST_ARMS:
        count = table["verdict"].value_counts()
        words = {MORE: "more", LESS: "less", OPEN: "not told apart", SAME: "the same in every pair"}
        counted_ = [f"{count[v]:,} {word}" for v, word in words.items() if v in count]
        yield f"Held against {base_in_words(results)}, of {len(table):,} settings: {', '.join(counted_)}."
        return
    parts = []
    for row in table.to_dict("records"):
        name = setting(results, row["point"])
        verdict = row["verdict"]
        if verdict in (MORE, LESS):
            parts.append(f"{name} {main.told_apart(row['difference'], row['low'], row['high'])}")
        else:
            parts.append(f"{name} {verdict}")
    yield f"Held against {base_in_words(results)}: {'; '.join(parts)}."


def _ends(row: pd.Series) -> Iterator[str]:
    """How worlds end, in shares."""
    parts = [
        f"{SHARE.show(float(row[name]))} {words}"
        for name, words in ENDS.items()
        if row.get(name, 0.0) > 0
    ]
    if parts and "ratified_first" in row:
        yield f"They end: {', '.join(parts)}."


def _what_is_saved(results: Results, main: Measured, row: pd.Series) -> Iterator[str]:
    """The savings over all worlds, then over those that agreed, with how many were left out."""
    if "savings_realised" not in row or main.name == "savings_realised":
        return
    realised = measure_of("savings_realised").unit.show(row["savings_realised"])
    sentence = f"Savings over two years are {realised} on average, 0 where nothing is ratified"
    if not pd.isna(row.get("savings")):
        left = int(row["n"] - counts(results.summary, "savings").iloc[0])
        agreed = measure_of("savings").unit.show(row["savings"])
        others = f" ({left:,} without an agreement left out)" if left else ""
        sentence += f"; of the agreements, {agreed}{others}"
    yield f"{sentence}."


def _rests_on(results: Results, main: Measured) -> Iterator[str]:
    """How many worlds, what the intervals are, who was left out, and what is assumed."""
    summary = results.summary
    numbers = counts(summary, main.name)
    yield (
        f"Each number rests on {span(numbers) or span(summary['n'])} negotiations; numbers in "
        "brackets are 95\u00a0% intervals: how far chance could have moved the number before them."
    )
    if (numbers < summary["n"]).any():
        left = int((summary["n"] - numbers).sum())
        yield (
            f"It is known in {measure_of(main.name).exists} only: {left:,} of {int(summary['n'].sum()):,} "
            "negotiations are left out, and which they are is not chance."
        )
    fewest = numbers[numbers > 0].min()
    if fewest < FEW:
        yield (
            f"With {fewest:,.0f} worlds at a setting, as here, intervals of means and of differences are "
            f"rough; they are to be trusted from about {FEW} on."
        )
    scenario = results.experiment.scenario
    assumed = (
        "The rules and values are those of the model, many of them assumptions; what was not varied had one "
        "value throughout. This is no forecast"
        if scenario.has_ballot
        else "This is a textbook game with points that somebody chose; what was not varied had one value "
        "throughout"
    )
    yield f"{assumed} (see what this cannot say)."


def _played(results: Results) -> str:
    n = results.summary["n"]
    each = f"{span(n)} negotiations"
    if len(n) > 1:
        each += f" at each, {int(n.sum()):,} in all"
    return f"{each}, of {results.experiment.scenario.title}."


def _is_share(main: Measured) -> bool:
    return main.unit is SHARE


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
