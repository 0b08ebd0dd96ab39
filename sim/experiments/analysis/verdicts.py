"""How a claim came out: its difference, what it is compared with, and the page of all of them."""

import re
from typing import Any

import pandas as pd

from sim.experiments.analysis.effects import paired_worlds
from sim.experiments.design.claims import Hypothesis, Predicted, compared
from sim.experiments.design.waiting import Waiting
from sim.experiments.running.results import Results
from sim.experiments.statistics.paired import Difference, Trend, contrast, trend
from sim.outputs.text import in_markdown

AS_PREDICTED = "as predicted"
AGAINST = "against the prediction"
NOT_DISTINGUISHABLE = "not distinguishable"
EXACTLY_NONE = "exactly none"
REPORTED = "reported"
SELECTION = ("agreed", "ratified_if_agreed", "savings_realised")  # told beside every verdict


def verdict(predicted: Predicted, difference: Difference) -> str:
    """How a difference compares with its prediction: as predicted, against it, or undecided.

    A sign counts when the 95 % interval leaves out zero. "none" predicts that no world differs, so
    that one that does is against it.
    """
    if predicted == "any":
        return REPORTED
    if predicted == "none" and difference.pairs:
        return EXACTLY_NONE if difference.exactly_none else AGAINST
    if difference.low > 0:
        return AS_PREDICTED if predicted == "up" else AGAINST
    if difference.high < 0:
        return AS_PREDICTED if predicted == "down" else AGAINST
    return NOT_DISTINGUISHABLE


def came_out(
    hypothesis: Hypothesis, results: Results, before: pd.DataFrame | None = None
) -> dict[str, Any]:
    """What came out of one claim; `before` are the worlds of another experiment if it starts from one."""
    points = results.experiment.points
    chosen = compared(hypothesis, [point.labels for point in points])
    worlds = paired_worlds(results)
    levels = [worlds[number] for number in chosen.points]
    if before is not None:
        levels = [before, levels[-1]]
    found = _found(hypothesis.measure, levels, [worlds[number] for number in chosen.other])
    ends = [points[chosen.points[end]].labels for end in (0, -1)]
    start = hypothesis.from_experiment or _named(ends[0])
    return {
        "id": hypothesis.id,
        "claim": hypothesis.claim,
        "measure": hypothesis.measure,
        "from": start,
        "to": _named(ends[1]),
        "more_than_at": _named(hypothesis.more_than_at),
        "estimate": found.total.estimate,
        "low": found.total.low,
        "high": found.total.high,
        "pairs": found.total.pairs,
        "left_out": found.total.left_out,
        "steps": len(found.steps),
        "steps_agreeing": found.steps_agreeing,
        "predicted": hypothesis.predicted,
        "verdict": verdict(hypothesis.predicted, found.total),
        **_selection(levels),
        "source": hypothesis.source,
        "experiment": results.experiment.file.name,
    }


def _found(measure: str, levels: list[pd.DataFrame], other: list[pd.DataFrame]) -> Trend:
    if not other:
        return trend(levels, measure)
    terms = [(1.0, levels[-1]), (-1.0, levels[0]), (-1.0, other[-1]), (1.0, other[0])]
    return Trend(contrast(terms, measure), ())


def _selection(levels: list[pd.DataFrame]) -> dict[str, float]:
    """What a comparison among agreements leaves out: how many agree, pass, and save in the end."""
    ends = (("from", levels[0]), ("to", levels[-1]))
    return {
        f"{measure}_{end}": float(worlds[measure].astype(float).mean())
        for measure in SELECTION
        if measure in levels[0]
        for end, worlds in ends
    }


def _named(labels: Any) -> str:
    return ", ".join(str(v) if key == "arm" else f"{key} = {v}" for key, v in labels.items())


def waiting_row(entry: Waiting) -> dict[str, Any]:
    """The row of a hypothesis that waits."""
    return {
        "id": entry.id,
        "claim": entry.claim,
        "predicted": entry.predicted,
        "verdict": f"waiting: {entry.reason}",
        "source": entry.source,
    }


def as_difference(value: float) -> str:
    """A difference with its sign and three digits; a dash where there is none to tell."""
    if pd.isna(value):
        return "-"
    return f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.3g}" if value else "0"


def as_page(verdicts: pd.DataFrame) -> str:
    """The verdicts as a Markdown table, for the page beside the files."""
    head = "| | claim | file | source | predicted | measure | estimate (95 % interval) | verdict |"
    rows = [_page_row(row) for row in verdicts.to_dict("records")]
    return "\n".join([head, "|---|---|---|---|---|---|--:|---|", *rows, ""])


def _page_row(row: dict[str, Any]) -> str:
    file, measure, found = "", "", ""
    if not pd.isna(row.get("pairs")):
        name = row["experiment"]
        file, measure = f"[{name.split('_')[0]}]({name}.toml)", f"`{row['measure']}`"
        estimate, low, high = (as_difference(row[key]) for key in ("estimate", "low", "high"))
        found = f"{estimate} ({low} to {high})"
    told = {key: in_markdown(row[key]) for key in ("id", "claim", "source", "predicted", "verdict")}
    cells = (told["id"], told["claim"], file, told["source"], told["predicted"], measure, found)
    return f"| {' | '.join(cells)} | {told['verdict']} |"


def by_number(name: str) -> tuple[int, str]:
    """What hypotheses are sorted by: H7b after H7a, and H10 after H9."""
    number = re.search(r"\d+", name)
    return int(number[0]) if number else 0, name
