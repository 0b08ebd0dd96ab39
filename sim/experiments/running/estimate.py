"""What a file holds and what running it would take, without running it."""

import time
from pathlib import Path

from sim.cases.loading import load_scenario, shipped_scenarios
from sim.cases.schema import Scenario, TwoLevelGame
from sim.experiments.design.experiment import Experiment, find_experiment, load_experiment
from sim.experiments.design.tournament import TournamentFile, load_tournament
from sim.inputs.documents import read_toml
from sim.inputs.problems import InputError, nearest
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.preferences.agenda import Agenda

TRIAL_WORLDS = 500
MEGABYTES = 350  # of a process, however many worlds it plays (see `make bench`)


def check_file(name: str) -> str:
    """Check a scenario, an experiment or a tournament, given by name or path, and say what it is.

    Raises:
        InputError: with a sentence for every problem.

    """
    if name.endswith(".toml") and "entrants" in read_toml(Path(name)):
        return _tournament(name, load_tournament(name))
    if _is_experiment(name):
        return _experiment(name, load_experiment(name))
    return _scenario(name, load_scenario(name))


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
            [f"{problem} (scenarios: {known}{hint})" for problem in error.problems]
        ) from None
    return True


def _scenario(name: str, scenario: Scenario) -> str:
    issues = f"{len(scenario.issue)} issue{'s' * (len(scenario.issue) > 1)}"
    parts = [f"{len(Agenda.of(scenario)):,} packages over {issues}"]
    parts.append(f"{scenario.calendar.rounds + 1} turns")
    if isinstance(scenario, TwoLevelGame):
        parts.append(f"{len(scenario.union)} unions with {scenario.coalition.members:,} members")
    return f"{name}: a good scenario: {', '.join(parts)}"


def _experiment(name: str, experiment: Experiment) -> str:
    points, each = len(experiment.points), experiment.replications
    named = f"{points:,} point{'s' * (points > 1)}"
    return (
        f"{name}: a good experiment: {named} x {each:,} replications = {experiment.worlds:,} worlds; "
        f"about {_duration(_seconds(experiment))} on one core, {MEGABYTES} MB of memory a process"
    )


def _tournament(name: str, tournament: TournamentFile) -> str:
    games, entrants = len(tournament.game), len(tournament.entrants)
    worlds = games * entrants**2 * tournament.replications
    return (
        f"{name}: a good tournament: {entrants} entrants, {games} games, {entrants**2} pairs x "
        f"{tournament.replications:,} replications each = {worlds:,} worlds"
    )


def _seconds(experiment: Experiment) -> float:
    """Time a few worlds at the first and last point, and multiply."""
    each = min(experiment.replications, TRIAL_WORLDS)
    trials = [experiment.points[0], experiment.points[-1]]
    started = time.perf_counter()
    for point in trials:
        Outcome([play(BargainingModel(point.scenario, each, rng=0))]).frame()
    a_world = (time.perf_counter() - started) / (each * len(trials))
    return a_world * experiment.worlds


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
