"""Play an experiment: parts of the design, in this process, several, or a cluster's.

Whatever plays a part gives back the contents of its files; only this process writes. So one runner serves
local processes and a cluster alike, and what is on disk is in one hand.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.experiments.design.experiment import Experiment, load_experiment
from sim.experiments.design.replications import Until, rounds
from sim.experiments.running.belongings import known_sums
from sim.experiments.running.estimate import hold_run, tell_run
from sim.experiments.running.files import MANIFEST
from sim.experiments.running.folder import open_folder
from sim.experiments.running.manifest import finish
from sim.experiments.running.parts import Progress
from sim.experiments.running.plan import plan
from sim.experiments.running.results import Results, is_complete, load_results
from sim.experiments.running.stopping import report, still_open
from sim.experiments.running.workers import play_parts
from sim.inputs.arguments import WholeNumber, function, whole, word, yes_or_no
from sim.inputs.documents import path_of
from sim.inputs.problems import InputError
from sim.outputs.files import remove_known


def run_experiment(
    experiment: str | Path | Experiment,
    out: str | Path | None = None,
    *,
    workers: WholeNumber | None = 1,
    cluster: str | None = None,
    restart: bool = False,
    retry: bool = False,
    force: bool = False,
    overrides: Mapping[str, Any] | None = None,
    progress: Progress = lambda worlds: None,
) -> Results:
    """Run an experiment into a results folder, or carry on with one begun before.

    Args:
        experiment: the file, its name in `experiments`, or a loaded one.
        out: the results folder; `results/<name>` if not given.
        workers: processes to use; by default this one. With more, a script must guard its own code with
            `if __name__ == "__main__":`. None takes all cores for large designs, as `bargain run` does.
        cluster: the address of a Dask scheduler whose workers play the parts instead.
        restart: take the run that the folder holds out of it, and begin again; what is not its own stays.
        retry: play again the parts of a run in which worlds failed.
        force: write into a folder that holds other things, too, and over files that are not the run's.
        overrides: replaces top-level keys of the file, such as {"replications": 100}.
        progress: told the number of worlds each time some are done.

    Raises:
        sim.inputs.problems.InputError: when the experiment is wrong or takes more memory than is free, or the
            folder holds another one.
        sim.inputs.problems.RunError: when the folder cannot be written or its disk has too little room,
            another run holds it, or workers die.
    """
    if not isinstance(experiment, Experiment):
        experiment = load_experiment(experiment, overrides)
    workers = None if workers is None else whole(workers, "workers", low=1)
    cluster = None if cluster is None else word(cluster, "cluster")
    restart, progress = yes_or_no(restart, "restart"), function(progress, "progress")
    if yes_or_no(retry, "retry") and isinstance(experiment.file.replications, Until):
        raise InputError(
            "retry: the rounds of this experiment depend on what was played before them, so no part can be "
            "tried again by itself; restart plays all of it anew"
        )
    folder = path_of(out, "out") if out is not None else Path("results") / experiment.file.name
    hold_run(experiment, folder, workers, cluster)
    if not is_complete(folder):
        tell_run(experiment, workers)
    started = time.monotonic()
    with open_folder(folder, experiment, restart, force) as journal:
        parts, known = 0, known_sums(folder)
        for round_ in rounds(experiment.file.replications):
            points = still_open(experiment, journal, parts, round_)
            planned = list(plan(experiment, points, round_, parts))
            parts += len(planned)
            waiting = [
                part
                for part in planned
                if not journal.sound(part.number) or (retry and journal.failed(part.number))
            ]
            if waiting:
                remove_known(folder / MANIFEST, known.get(MANIFEST, ()), folder, force)
                progress(sum(p.worlds for p in planned) - sum(p.worlds for p in waiting))
                play_parts(waiting, journal, workers, cluster, progress)
        if is_complete(folder):
            return load_results(folder)
        seconds, stopped = time.monotonic() - started, report(experiment, journal, parts)
        return finish(journal, experiment, parts, seconds, stopped, known)
