"""What a file holds, and what running it takes: worlds, parts, time, memory and disk, nothing being played.

It is counted, and held against what the machine has, before anything is made (see `sim.worlds.size` for
what a scenario's worlds take).
"""

import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from sim.cases.loading import load_scenario, shipped_scenarios
from sim.cases.schema import Scenario
from sim.experiments.design.experiment import Experiment, load_experiment, scenarios_by
from sim.experiments.design.replications import least
from sim.experiments.design.shipped import find_experiment
from sim.experiments.design.tournament import TournamentFile, experiments_of, load_tournament
from sim.experiments.running.plan import (
    KEPT_OF_A_POINT,
    SLICES_A_PART,
    WORLDS_A_PART,
    WORLDS_AT_ONCE,
)
from sim.inputs.documents import read_toml
from sim.inputs.machine import (
    LARGE,
    cores,
    free_memory,
    hold_disk,
    hold_memory,
    hold_time,
    tell_if_large,
)
from sim.inputs.problems import InputError, nearest
from sim.inputs.sizes import bounded, in_bytes, in_number, in_time
from sim.worlds.size import (
    FEWER,
    SIZED_BY,
    disk_of,
    hold_worlds,
    memory_of,
    packages_in_words,
    row_of,
    scenarios_at_once,
    seconds_of,
    worlds_at_once,
)

TRIAL_WORLDS = 500
# Measured on a laptop's core, as in `sim.worlds.size`: seconds and bytes that a run takes besides its worlds.
A_RUN, A_PART, A_POINT = 1.8, 0.02, 1e-3
A_PROCESS = 260e6  # bytes, with the libraries that play
A_PLAN, A_SCENARIO = 400, 10_000  # bytes: a slice of the plan; a point
PART_ON_DISK, POINT_ON_DISK, A_MECHANISM_ON_DISK = 25_000, 3_500, 500
LET_GO_LATE = 6  # models of worlds apart that are in memory until Python lets go of them


@dataclass(frozen=True)
class Need:
    """What a request takes: seconds of one core; bytes of memory in the process that writes, and on disk."""

    worlds: int
    parts: int
    seconds: float
    memory: float
    disk: float

    @property
    def words(self) -> str:
        """The same in words."""
        return (
            f"about {in_time(self.seconds)} on one core, {in_bytes(self.memory)} of memory a process, "
            f"{in_bytes(self.disk)} on disk"
        )

    def __add__(self, other: "Need") -> "Need":
        return Need(
            self.worlds + other.worlds,
            self.parts + other.parts,
            self.seconds + other.seconds,
            max(self.memory, other.memory),
            self.disk + other.disk,
        )


def check_file(name: str) -> str:
    """Check a scenario, an experiment or a tournament, given by name or path, and say what it is.

    Raises:
        InputError: with a sentence for every problem.
    """
    return f"{name}: {contents(load_file(name))}"


def load_file(name: str) -> Scenario | Experiment | TournamentFile:
    """Load and check a scenario, an experiment or a tournament, given by name or path.

    Raises:
        InputError: with a sentence for every problem.
    """
    if name.endswith(".toml") and "entrants" in read_toml(Path(name)):
        return load_tournament(name)
    return load_experiment(name) if _is_experiment(name) else load_scenario(name)


def contents(held: Scenario | Experiment | TournamentFile) -> str:
    """What is in a file that is good, in a line."""
    if isinstance(held, Scenario):
        return f"a good scenario: {_of_scenario(held)}"
    if isinstance(held, Experiment):
        return f"a good experiment: {held.size}"
    return f"a good tournament: {_of_tournament(held)}"


def need_of(experiment: Experiment, replications: int | None = None) -> Need:
    """What running an experiment takes: with all the replications that it may have, or with fewer."""
    each = bounded(experiment.replications if replications is None else replications)
    kept = min(each, KEPT_OF_A_POINT[experiment.file.keep] or each)
    seconds = disk = slices = a_model = a_row = 0.0
    sized = list(scenarios_by(experiment.points, SIZED_BY))
    number = Counter(map(id, sized))
    for scenario in {id(each): each for each in sized}.values():
        points = number[id(scenario)]
        at_once = min(WORLDS_AT_ONCE, worlds_at_once(scenario))
        pieces = -(-each // at_once)
        seconds += points * A_POINT + seconds_of(scenario, each, scenarios=points)
        slices += points * pieces
        disk += points * disk_of(scenario, kept)
        disk += (points * -(-pieces // (WORLDS_A_PART // WORLDS_AT_ONCE))) * (
            POINT_ON_DISK + A_MECHANISM_ON_DISK * len(scenario.mechanisms)
        )
        together = min(points, scenarios_at_once(scenario))
        playing = memory_of(scenario, min(points * each, at_once), scenarios=together)
        a_model = max(a_model, playing * (LET_GO_LATE if together > 1 else 1))
        a_row = max(a_row, row_of(scenario))
    worlds = len(experiment.points) * each
    parts = int(max(1, worlds // WORLDS_A_PART, slices // SLICES_A_PART))
    rows = 4 * a_row * min(worlds, WORLDS_A_PART)
    return Need(
        worlds=worlds,
        parts=parts,
        seconds=A_RUN + A_PART * parts + seconds,
        memory=A_PROCESS + a_model + rows + A_PLAN * slices + A_SCENARIO * len(experiment.points),
        disk=disk + PART_ON_DISK * parts,
    )


def need_of_tournament(file: TournamentFile) -> Need:
    """What running a tournament takes: all its games."""
    first, *others = map(need_of, experiments_of(file))
    return sum(others, start=first)


def rule_of_thumb(held: Experiment | TournamentFile) -> str:
    """About what running it takes on a laptop, by rule of thumb: nothing is played."""
    need = need_of(held) if isinstance(held, Experiment) else need_of_tournament(held)
    return f"{need.words}, by rule of thumb"


def time_needed(experiment: Experiment) -> str:
    """What running it takes: a few worlds of the first and the last point are timed, and multiplied."""
    from sim.play.model import BargainingModel
    from sim.play.outcome import Outcome, play

    each = min(experiment.replications, TRIAL_WORLDS)
    trials = [experiment.points[0], experiment.points[-1]]
    started = time.perf_counter()
    for point in trials:
        Outcome([play(BargainingModel(point.scenario, each, rng=0))]).frame()
    a_world = (time.perf_counter() - started) / (each * len(trials))
    return replace(need_of(experiment), seconds=a_world * experiment.worlds).words


def hold_run(
    experiment: Experiment, folder: Path, workers: int | None = 1, cluster: str | None = None
) -> None:
    """Refuse a run that the machine cannot do, before anything is written.

    A run that may stop early is refused only if its first round is too large. What the folder holds already
    counts as room that there is. How long it takes is not held against a cluster.

    Raises:
        InputError: when it takes more memory than is free, or years.
        RunError: when it takes more room on the disk than is free.
    """
    first_round = least(experiment.file.replications)
    need, asked = need_of(experiment, first_round), _asked(experiment, first_round)
    _hold(need, folder, asked)
    if cluster is None:
        hold_time(need.seconds / _hands(need, workers), asked, FEWER)


def hold_tournament(file: TournamentFile, folder: Path) -> None:
    """Refuse a tournament that the machine cannot do, before anything is written.

    Raises:
        InputError: when it takes more memory than is free, or years.
        RunError: when it takes more room on the disk than is free.
    """
    need, asked = need_of_tournament(file), f"{file.name}: {_of_tournament(file)}"
    _hold(need, folder, asked)
    hold_time(need.seconds / cores(), asked, FEWER)


def tell_run(experiment: Experiment, workers: int | None = 1) -> None:
    """Say beforehand that a run takes long, or much room on the disk."""
    need, replications = need_of(experiment), experiment.replications
    tell_if_large(_asked(experiment, replications), need.seconds / _hands(need, workers), need.disk)


def hold_file(held: Scenario | Experiment | TournamentFile, folder: Path) -> None:
    """Refuse what a file asks for where the machine cannot do it: a world of a scenario, or a run.

    Raises:
        InputError: when it takes more memory than is free, or years.
        RunError: when it takes more room on the disk than is free.
    """
    if isinstance(held, Experiment):
        hold_run(held, folder, workers=None)
    elif isinstance(held, TournamentFile):
        hold_tournament(held, folder)
    else:
        hold_worlds([held], 1)


def _hold(need: Need, folder: Path, asked: str) -> None:
    hold_memory(need.memory - A_PROCESS, asked, FEWER)
    fewer = 'ask for fewer replications, keep fewer rows (keep = "summary"), or name another folder'
    hold_disk(need.disk - _size_of(folder, need.disk), folder, asked, fewer)


def _asked(experiment: Experiment, replications: int) -> str:
    points = len(experiment.points)
    named = f"{points:,} design point{'s' * (points > 1)}"
    return f"{experiment.file.name}: {named} x {in_number(replications)} replications"


def _hands(need: Need, workers: int | None) -> int:
    """How many processes can share the work."""
    return max(1, min(need.parts, workers or cores(), cores()))


def hold_workers(workers: int, memory: float = A_PROCESS) -> None:
    """Refuse more processes than go into memory.

    Raises:
        InputError: with a sentence that says how many do.
    """
    fit = max(1, int(free_memory() / memory)) if workers > cores() else workers
    if workers > fit:
        raise InputError(
            f"workers = {in_number(workers)}: as many processes take {in_bytes(memory * bounded(workers))} "
            f"of memory; use {min(fit, cores())}, one for each core"
        )


def _size_of(folder: Path, enough: float) -> float:
    """The bytes that a folder holds already, counted where it may matter."""
    if enough < LARGE or not folder.is_dir():
        return 0.0
    return float(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


def _is_experiment(name: str) -> bool:
    if name.endswith(".toml"):
        return "replications" in (document := read_toml(Path(name))) or "sweep" in document
    if name in shipped_scenarios():
        return False
    try:
        find_experiment(name)
    except InputError as error:
        known = ", ".join(shipped_scenarios())
        hint = nearest(name, shipped_scenarios())
        raise InputError(
            f"{problem} (scenarios: {known}{hint})" for problem in error.problems
        ) from None
    return True


def _of_tournament(file: TournamentFile) -> str:
    games, entrants = len(file.game), len(file.entrants)
    worlds = games * entrants**2 * file.replications
    return (
        f"{entrants} entrants, {games} games, {entrants**2} pairs x "
        f"{in_number(file.replications)} replications each = {in_number(worlds)} worlds"
    )


def _of_scenario(scenario: Scenario) -> str:
    issues = f"{len(scenario.issue)} issue{'s' * (len(scenario.issue) > 1)}"
    parts = [f"{packages_in_words(scenario)} over {issues}"]
    parts.append(f"{scenario.calendar.rounds + 1} turns")
    if scenario.has_ballot:
        members = sum(union.members for union in scenario.union)
        unions = len(scenario.union)
        parts.append(f"{unions} union{'s' * (unions != 1)} with {members:,} members")
    if (needed := memory_of(scenario, 1)) > LARGE:
        parts.append(f"a world takes about {in_bytes(needed)} of memory")
    return ", ".join(parts)
