"""Run the hypotheses of a folder of experiment files, and say how each came out.

A hypothesis states the sign of a paired difference before the run. A sign that comes out the other
way is a finding about the mechanisms, told as such; it is no reason to change them.
"""

import re
from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd

from sim.experiments.analysis.effects import paired_worlds
from sim.experiments.analysis.verdicts import as_page, by_number, came_out, waiting_row
from sim.experiments.design.claims import Hypothesis
from sim.experiments.design.experiment import Experiment, load_experiment
from sim.experiments.design.shipped import experiment_folder
from sim.experiments.design.waiting import read_waiting
from sim.experiments.running.runner import run_experiment
from sim.inputs.arguments import WholeNumber, function, whole, yes_or_no
from sim.inputs.documents import path_of, read_toml
from sim.inputs.problems import Document, InputError, nearest, shown
from sim.outputs.files import refuse_others, write_files


def run_hypotheses(
    folder: str | Path | None = None,
    out: str | Path = Path("results/hypotheses"),
    *,
    replications: WholeNumber | None = None,
    only: Collection[str] | str = (),
    restart: bool = False,
    force: bool = False,
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
        force: write also over files that are not ours.
        told: given a line for each experiment as it starts.

    Raises:
        InputError: when a file is wrong, or there is no such hypothesis.
        RunError: when results cannot be written.
    """
    folder = experiment_folder("hypotheses") if folder is None else path_of(folder, "folder")
    out, told, restart = path_of(out, "out"), function(told, "told"), yes_or_no(restart, "restart")
    only = [only] if isinstance(only, str) else only
    if not isinstance(only, Collection) or not all(isinstance(name, str) for name in only):
        raise InputError(f'only = {shown(only)}: must be names of hypotheses, such as ["H4"]')
    if replications is not None:
        replications = whole(replications, "replications", low=2)
    tested, waiting = _tested(folder), read_waiting(folder)
    known = {name for ids in tested.values() for name in ids} | {entry.id for entry in waiting}
    chosen = _chosen(only, known, folder)
    files = [out / f"verdicts.{ending}" for ending in ("csv", "md")]
    if not force:
        refuse_others(files)
    overrides: Document = {} if replications is None else {"replications": replications}
    rows = []
    for path, ids in tested.items():
        if chosen.isdisjoint(ids):
            continue
        experiment = load_experiment(path, overrides)
        told(f"{', '.join(ids)}: {experiment.file.question} ({experiment.size})")
        results = run_experiment(
            experiment, out / experiment.file.name, restart=restart, force=force
        )
        rows += [
            came_out(hypothesis, results, _before(hypothesis, path, out, overrides, experiment))
            for hypothesis in experiment.file.hypothesis
            if hypothesis.id in chosen
        ]
    rows += [waiting_row(entry) for entry in waiting if entry.id in chosen]
    table = pd.DataFrame(sorted(rows, key=lambda row: by_number(row["id"])))
    texts = (table.to_csv(index=False), as_page(table))
    write_files({file: text.encode() for file, text in zip(files, texts, strict=True)}, force=force)
    return table


def _tested(folder: Path) -> dict[Path, list[str]]:
    """The experiment files of a folder that state hypotheses, and which."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    entries = {path: read_toml(path).get("hypothesis") for path in sorted(folder.glob("*.toml"))}
    return {
        path: list(
            dict.fromkeys(str(entry.get("id")) for entry in stated if isinstance(entry, dict))
        )
        for path, stated in entries.items()
        if isinstance(stated, list)
    }


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
    return paired_worlds(run_experiment(other, out / other.file.name))[0]
