"""Run the hypotheses of a folder of experiment files, and say how each came out.

A hypothesis states the sign of a paired difference before the run. A sign that comes out the other
way is a finding about the mechanisms, told as such; it is no reason to change them.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import StrictStr

from sim.experiments.design.claims import Compared, Hypothesis, Predicted, compared
from sim.experiments.design.experiment import Experiment, load_experiment
from sim.experiments.design.shipped import experiment_folder
from sim.experiments.running.files import write_whole
from sim.experiments.running.results import Results
from sim.experiments.running.runner import run_experiment
from sim.experiments.statistics.paired import Difference, Trend, contrast, measured, trend
from sim.inputs.documents import load_document, read_toml
from sim.inputs.parameter import Section
from sim.inputs.problems import Document, InputError, RunError, nearest

AS_PREDICTED = "as predicted"
AGAINST = "against the prediction"
NOT_DISTINGUISHABLE = "not distinguishable"
EXACTLY_NONE = "exactly none"
REPORTED = "reported"

SELECTION = ("agreed", "ratified_if_agreed", "savings_realised")  # told beside every verdict
WAITING = "waiting.toml"


class Waiting(Section):
    """A hypothesis, or a part of one, that cannot be tested yet, and why."""

    id: StrictStr
    claim: StrictStr
    source: StrictStr
    predicted: Predicted
    reason: StrictStr


class WaitingFile(Section):
    """The file of hypotheses that wait."""

    waiting: list[Waiting] = []


@dataclass(frozen=True)
class _Tested:
    """An experiment file with hypotheses, where it lies, and what it is run with."""

    path: Path
    ids: tuple[str, ...]


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


def run_hypotheses(
    folder: Path | None = None,
    out: Path = Path("results/hypotheses"),
    *,
    replications: int | None = None,
    only: Collection[str] = (),
    restart: bool = False,
    told: Callable[[str], None] = lambda line: None,
) -> pd.DataFrame:
    """Run every hypothesis of a folder; one row a claim, also written as `verdicts.csv` and `.md`.

    Args:
        folder: experiment files with `[[hypothesis]]` tables, and `waiting.toml`; by default
            `experiments/hypotheses`, here or shipped.
        out: where each experiment gets its results folder; complete ones are not run again.
        replications: worlds at each design point, instead of what the files say.
        only: the hypotheses to run, such as "H4"; "H7" is H7a and H7b. By default all.
        restart: run also what is complete.
        told: given a line for each experiment as it starts.

    Raises:
        InputError: when a file is wrong, or there is no such hypothesis.
        RunError: when results cannot be written.

    """
    folder = experiment_folder("hypotheses") if folder is None else folder
    files, waiting = list(_tested(folder)), read_waiting(folder)
    known = {name for file in files for name in file.ids} | {entry.id for entry in waiting}
    chosen = _chosen(only, known, folder)
    overrides: Document = {} if replications is None else {"replications": replications}
    rows = []
    for file in files:
        if not chosen & set(file.ids):
            continue
        experiment = load_experiment(file.path, overrides)
        told(_line(experiment, file))
        results = run_experiment(experiment, out / experiment.file.name, restart=restart)
        rows += [
            came_out(
                hypothesis, results, _before(hypothesis, file.path, out, overrides, experiment)
            )
            for hypothesis in experiment.file.hypothesis
            if hypothesis.id in chosen
        ]
    rows += [_waiting_row(entry) for entry in waiting if entry.id in chosen]
    table = pd.DataFrame(sorted(rows, key=lambda row: _order(row["id"])))
    _write(table.to_csv(index=False), out / "verdicts.csv")
    _write(as_page(table), out / "verdicts.md")
    return table


def read_waiting(folder: Path) -> list[Waiting]:
    """The hypotheses that wait, from `waiting.toml`; none if there is no such file.

    Raises:
        InputError: with a sentence for every problem in it.

    """
    path = folder / WAITING
    return load_document(WaitingFile, path, "file").waiting if path.exists() else []


def _tested(folder: Path) -> Iterator[_Tested]:
    """The experiment files of a folder that state hypotheses."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    for path in sorted(folder.glob("*.toml")):
        entries = read_toml(path).get("hypothesis")
        if isinstance(entries, list):
            ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
            yield _Tested(path, tuple(dict.fromkeys(map(str, ids))))


def _chosen(only: Collection[str], known: set[str], folder: Path) -> set[str]:
    problems, chosen = [], set()
    for name in only:
        found = {
            id_ for id_ in known if id_ == name or re.fullmatch(rf"{re.escape(name)}[a-z]", id_)
        }
        if not found:
            problems.append(f'{folder}: no hypothesis is called "{name}"{nearest(name, known)}')
        chosen |= found
    if problems:
        raise InputError(problems)
    return chosen if only else known


def _line(experiment: Experiment, file: _Tested) -> str:
    points, each = len(experiment.points), experiment.replications
    ids = ", ".join(file.ids)
    return f"{ids}: {experiment.file.question} ({points:,} points x {each:,} worlds)"


def _before(
    hypothesis: Hypothesis, path: Path, out: Path, overrides: Document, experiment: Experiment
) -> pd.DataFrame | None:
    """The worlds of another experiment that a hypothesis starts from; None if it starts from its own."""
    if hypothesis.from_experiment is None:
        return None
    other = load_experiment(path.parent / f"{hypothesis.from_experiment}.toml", overrides)
    draws = [(e.file.seed, e.file.random_numbers, e.replications) for e in (other, experiment)]
    if len(other.points) != 1 or draws[0] != draws[1]:
        raise InputError(
            f'{path}: hypothesis {hypothesis.id}: from_experiment = "{hypothesis.from_experiment}": '
            "must have one point, and the seed and replications of this file"
        )
    return _worlds(run_experiment(other, out / other.file.name), 0)


def _worlds(results: Results, point: int) -> pd.DataFrame:
    worlds = results.worlds[results.worlds["point"] == point]
    return measured(worlds, results.experiment.points[point].scenario)


def came_out(
    hypothesis: Hypothesis, results: Results, before: pd.DataFrame | None = None
) -> dict[str, Any]:
    """What came out of one claim; `before` are the worlds of another experiment if it starts from one."""
    points = results.experiment.points
    chosen = compared(hypothesis, [point.labels for point in points])
    levels = [_worlds(results, number) for number in chosen.points]
    if before is not None:
        levels = [before, levels[-1]]
    found = _found(hypothesis, levels, chosen, results)
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
        "steps": len(found.steps),
        "steps_agreeing": found.steps_agreeing,
        "predicted": hypothesis.predicted,
        "verdict": verdict(hypothesis.predicted, found.total),
        **_selection(levels),
        "source": hypothesis.source,
        "experiment": results.experiment.file.name,
    }


def _found(
    hypothesis: Hypothesis, levels: list[pd.DataFrame], chosen: Compared, results: Results
) -> Trend:
    if not chosen.other:
        return trend(levels, hypothesis.measure)
    first, last = (_worlds(results, chosen.other[end]) for end in (0, -1))
    terms = [(1.0, levels[-1]), (-1.0, levels[0]), (-1.0, last), (1.0, first)]
    return Trend(contrast(terms, hypothesis.measure), ())


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


def _waiting_row(entry: Waiting) -> dict[str, Any]:
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
    cells = (row["id"], row["claim"], file, row["source"], row["predicted"], measure, found)
    return f"| {' | '.join(cells)} | {row['verdict']} |"


def _order(name: str) -> tuple[int, str]:
    number = re.search(r"\d+", name)
    return int(number[0]) if number else 0, name


def _write(text: str, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror or error})") from None
