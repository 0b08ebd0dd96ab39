"""What a file holds, without running it; and how long running it would take, by a few of its worlds."""

import time
from pathlib import Path

from sim.cases.loading import load_scenario, shipped_scenarios
from sim.cases.schema import Scenario, with_a_ballot
from sim.experiments.design.experiment import Experiment, load_experiment
from sim.experiments.design.shipped import find_experiment
from sim.experiments.design.tournament import TournamentFile, load_tournament
from sim.inputs.documents import read_toml
from sim.inputs.problems import InputError, nearest
from sim.mechanisms import GroundRules
from sim.mechanisms.ground_rules import GroundRulesSettings
from sim.preferences.agenda import Agenda

TRIAL_WORLDS = 500
# A rule of thumb, in seconds of a laptop's core: tables of a design point, a turn of a world. Set by eye on
# ten shipped experiments, it may be off several times over; `time_needed` plays some worlds instead.
A_POINT, A_TURN = 15e-3, 2e-6
A_MECHANISM = 0.15  # how much more each mechanism that is on takes
LOOKING_AHEAD = 20.0  # how many times as long who weighs the chance of ratification takes
MEGABYTES = 350  # of a process, however many worlds it plays (see `make bench`)


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
    games, entrants = len(held.game), len(held.entrants)
    worlds = games * entrants**2 * held.replications
    return (
        f"a good tournament: {entrants} entrants, {games} games, {entrants**2} pairs x "
        f"{held.replications:,} replications each = {worlds:,} worlds"
    )


def rule_of_thumb(experiment: Experiment) -> str:
    """About what running it takes on a laptop, by rule of thumb: nothing is played."""
    seconds = sum(_seconds(point.scenario, experiment.replications) for point in experiment.points)
    return f"about {_duration(seconds)} on one core, by rule of thumb; {MEGABYTES} MB of memory a process"


def _seconds(scenario: Scenario, replications: int) -> float:
    """The same for the replications of one design point."""
    more = 1 + A_MECHANISM * len(scenario.mechanisms)
    if scenario.has_ballot:
        sides = with_a_ballot(scenario)
        ahead = max(side.anticipates_ratification for side in (sides.governor, sides.coalition))
        more *= LOOKING_AHEAD if ahead else 1
    tried = 8 * scenario.table_of(GroundRulesSettings).pilot_worlds if _bargained(scenario) else 0
    turns = (replications + tried) * (scenario.calendar.rounds + 1)
    return more * (A_POINT * (9 if tried else 1) + A_TURN * turns)


def _bargained(scenario: Scenario) -> bool:
    return GroundRules in scenario.mechanisms


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
    took = _duration(a_world * experiment.worlds)
    return f"about {took} on one core, {MEGABYTES} MB of memory a process"


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


def _of_scenario(scenario: Scenario) -> str:
    issues = f"{len(scenario.issue)} issue{'s' * (len(scenario.issue) > 1)}"
    parts = [f"{len(Agenda.of(scenario)):,} packages over {issues}"]
    parts.append(f"{scenario.calendar.rounds + 1} turns")
    if scenario.has_ballot:
        members = sum(union.members for union in scenario.union)
        parts.append(f"{len(scenario.union)} unions with {members:,} members")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
