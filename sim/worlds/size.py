"""How large a scenario is, counted before it is played: packages, worlds at once, memory, time, disk.

All that a person can ask for is made of worlds of scenarios, so what one takes is told here and nowhere
else. Nothing is played and no package is laid out for it. The numbers of a laptop's core were measured
(see `make bench`, which prints how far they are off): memory is told from above, time to a factor of
about two.
"""

import math
from collections.abc import Sequence

from sim.cases.schema import Scenario, with_a_ballot
from sim.inputs.machine import LONG, UNASKED, hold_memory, hold_time, tell_if_large
from sim.inputs.sizes import bounded, in_number
from sim.mechanisms import GroundRules
from sim.mechanisms.ground_rules import GroundRulesSettings
from sim.preferences.agenda import Agenda
from sim.preferences.aggregation import WORLDS_AT_ONCE
from sim.worlds.settings import militancy_reorders, told_apart, unions_alike

SIZED_BY = (  # the numbers on which it depends how large a scenario is, and how long it takes
    "calendar.rounds",
    "members.strata",
    "governor.anticipates_ratification",
    "coalition.anticipates_ratification",
    "ground_rules.pilot_worlds",
)
COUNTED = 1_000_000  # packages up to which those that a scenario excludes are left out of the count
MANY, FEW = 16_384, 256  # worlds in one model whose tables are shared, or differ by world
SCENARIOS_AT_ONCE = 128  # in one model: their tables stay near the processor together
FEWER = "ask for fewer"  # what to do where there is not enough memory, or time
SMALLER = "take issues or levels out"
ROOM = 2e9  # bytes of one model: worlds of long talks, or with large tables, are fewer at once

# Bytes: of a package, its issues, and parts of formulas; of a world, of a union or unit in a world.
_PACKAGE, _AN_ISSUE, _A_STRATUM, _A_PART = 160, 16, 6.5, 8
_OF_OWN_PACKAGE = 80  # in a table that only a world, or the worlds of a scenario have
_WORLD, _TURN, _VOTER, _MECHANISM = 260, 12, 60, 80
_CANDIDATE, _WEIGHED = (
    100,
    2**18,
)  # where candidates are weighed in each world, and how many at once
# Seconds: of a model, of a package and of a mechanism in it; of a world, of a turn of it; of a step.
_MODEL, _WITH_A_BALLOT, _OF_PACKAGE, _OF_TABLES, _OF_MECHANISM = 6e-3, 6e-3, 3e-7, 3.5e-6, 2.5e-3
_OF_WORLD, _OF_BALLOT, _OF_TURN, _IN_WORLD = 1.5e-6, 1.5e-6, 1.3e-7, 6e-7
_OF_STEP, _OF_STEP_WITH_A_BALLOT = 1.5e-4, 2.5e-4
_OF_OWN_TABLE = 1e-7  # a package in a world that has a table of its own
_OF_SCENARIO = 4e-7  # a package in a scenario that shares its model with others
_FORESEEN = 3e-4  # a package whose chance of ratification is worked out
_TRIED_OUT = (
    0.2  # how long a model of worlds tried out in thought takes to make: only talks and ballots
)


def packages_of(scenario: Scenario) -> int:
    """How many packages can be made of a scenario's levels, those that it excludes among them."""
    return math.prod(len(issue.levels) for issue in scenario.issue)


def packages_in_words(scenario: Scenario) -> str:
    """How many packages there are; of very many with those that are excluded, as none is laid out."""
    if packages_of(scenario) <= COUNTED:
        return f"{len(Agenda.of(scenario)):,} packages"
    most = "at most " if scenario.agenda.excludes else ""
    return f"{most}{in_number(packages_of(scenario))} packages"


def worlds_at_once(scenario: Scenario) -> int:
    """How many worlds to step together: fewer where leaders' tables differ from world to world.

    They do where unlike unions are not simply averaged, because militancy then changes which of them
    counts, and where leaders weigh packages by the chance that they are ratified.
    """
    most = FEW if tables_by_world(scenario) else MANY
    return max(1, min(most, int(ROOM / _of_a_world(scenario, own=most == FEW))))


def scenarios_at_once(scenario: Scenario) -> int:
    """How many scenarios such as this to step together: fewer of very many packages."""
    tables = packages_of(scenario) * _OF_OWN_PACKAGE
    return max(1, min(SCENARIOS_AT_ONCE, int(ROOM / tables)))


def tables_by_world(scenario: Scenario) -> bool:
    """Whether each world has a table of its own of what packages are worth to leaders."""
    if not scenario.has_ballot:
        return False
    ahead = with_a_ballot(scenario).coalition.anticipates_ratification > 0
    return militancy_reorders(scenario) or ahead


def memory_of(scenario: Scenario, worlds: int, *, scenarios: int = 1) -> float:
    """The bytes that one model takes at the most, with so many worlds in it, or tried out before in thought.

    `scenarios` is how many such scenarios the worlds have, each with tables of its own.
    """
    own = tables_by_world(scenario)
    most = max(bounded(worlds), _pilots(scenario))
    weighed = 0.0
    if scenario.talks.selection in ("learned", "logit"):
        weighed = min(_WEIGHED, most * packages_of(scenario)) * _CANDIDATE
    tables = 0 if own or scenarios == 1 else scenarios * packages_of(scenario) * _OF_OWN_PACKAGE
    together = tables + weighed + (_adding_up(scenario) if own else 0)
    return _of_tables(scenario) + together + most * _of_a_world(scenario, own)


def kept_of(scenario: Scenario, worlds: int) -> float:
    """The bytes that worlds take which are all kept, in as many models as it needs, and their rows."""
    worlds = bounded(worlds)
    models = -(-worlds // worlds_at_once(scenario))
    tables = min(_of_tables(scenario), 250 * packages_of(scenario)) * models
    of_a_world = _offers(scenario) + (
        40 * packages_of(scenario) if tables_by_world(scenario) else 0
    )
    playing = memory_of(scenario, min(worlds, worlds_at_once(scenario)))
    return playing + tables + worlds * (of_a_world + row_of(scenario))


def row_of(scenario: Scenario) -> float:
    """The bytes of a world's row in memory, while it is made."""
    return (
        200 + 32 * len(scenario.mechanisms)
        if scenario.has_ballot
        else 100 + 10 * len(scenario.issue)
    )


def seconds_of(scenario: Scenario, worlds: int, *, scenarios: int = 1) -> float:
    """About how long a core takes to play worlds of a scenario and make their rows.

    Or so many worlds of each of many such `scenarios`, which share models.
    """
    worlds, packages, ballot = bounded(worlds), packages_of(scenario), scenario.has_ballot
    mechanisms = len(scenario.mechanisms)
    turns = scenario.calendar.rounds + 1
    steps = turns * (_OF_STEP_WITH_A_BALLOT if ballot else _OF_STEP)
    made_ready = _MODEL + packages * _OF_PACKAGE + mechanisms * _OF_MECHANISM
    made_ready += _WITH_A_BALLOT + packages * _OF_TABLES if ballot else 0
    a_scenario = packages * _OF_SCENARIO if ballot and scenarios > 1 else 0.0
    a_scenario += models_tried_out(scenario) * _TRIED_OUT * made_ready + _foreseeing(scenario)
    a_world = _OF_WORLD + turns * _OF_TURN + mechanisms * _IN_WORLD
    a_world += _OF_BALLOT if ballot else 0
    a_world += packages * _OF_OWN_TABLE if tables_by_world(scenario) else 0
    a_scenario += models_tried_out(scenario) * (steps + _pilots(scenario) * a_world)
    models = -(-scenarios // _together(scenario, worlds)) * -(-worlds // worlds_at_once(scenario))
    return models * (made_ready + steps) + scenarios * (a_scenario + worlds * a_world)


def _together(scenario: Scenario, worlds: int) -> int:
    """How many scenarios with so many worlds each share a model."""
    if any(mechanism.shapes_by_all for mechanism in scenario.mechanisms):
        return 1
    return max(1, min(scenarios_at_once(scenario), worlds_at_once(scenario) // worlds))


def disk_of(scenario: Scenario, worlds: int) -> float:
    """About how many bytes the rows of so many worlds take on disk, compressed."""
    a_row = 45 + 5 * len(scenario.mechanisms) if scenario.has_ballot else 10
    return bounded(worlds) * a_row


def hold_worlds(scenarios: Sequence[Scenario], worlds: int) -> None:
    """Refuse worlds that would not go into memory in one model.

    Raises:
        InputError: with a sentence that says how large they are and what to do.
    """
    scenario = scenarios[0]
    needed = memory_of(scenario, worlds, scenarios=len(told_apart(scenarios)[0]))
    fewer = "play fewer worlds at once" if worlds > 1 else SMALLER
    if needed > UNASKED:
        hold_memory(needed, _named(scenario, worlds), fewer)


def hold_kept(scenario: Scenario, worlds: int) -> None:
    """Refuse worlds that would not go into memory together, as they are all kept, or would take years.

    Those that take long are told.

    Raises:
        InputError: with a sentence that says how large they are and what to do.
    """
    needed, seconds = kept_of(scenario, worlds), seconds_of(scenario, worlds)
    if needed <= UNASKED and seconds <= LONG:
        return
    asked = _named(scenario, worlds)
    instead = f"{FEWER}, or run an experiment, which keeps its rows on disk"
    hold_memory(needed, asked, instead if worlds > 1 else SMALLER)
    hold_time(seconds, asked, FEWER)
    tell_if_large(asked, seconds)


def hold_solution(scenario: Scenario) -> None:
    """Refuse a scenario with more packages than go into memory when all of them are looked at.

    Raises:
        InputError: with a sentence that says how many they are and what to do.
    """
    packages = packages_of(scenario)
    needed = _of_tables(scenario)
    if scenario.has_ballot:
        kinds = 1 if unions_alike(scenario) else len(scenario.union)
        needed += 1e8 + packages * (_offers(scenario) + 1100 * kinds)
    if needed > UNASKED:
        hold_memory(needed, _named(scenario, 0), SMALLER)


def models_tried_out(scenario: Scenario) -> int:
    """How many models are played in thought where ground rules are bargained first."""
    if GroundRules not in scenario.mechanisms:
        return 0
    options = 1 + 3 * max(1, len(scenario.table_of(GroundRulesSettings).deadlines))
    return 2 * options


def _pilots(scenario: Scenario) -> int:
    """How many worlds each of these models has."""
    if GroundRules not in scenario.mechanisms:
        return 0
    return scenario.table_of(GroundRulesSettings).pilot_worlds


def _foreseeing(scenario: Scenario) -> float:
    """Seconds to work out how ballots will go, where a side thinks of that."""
    if not scenario.has_ballot:
        return 0.0
    sides = with_a_ballot(scenario)
    ahead = any(side.anticipates_ratification for side in (sides.governor, sides.coalition))
    return packages_of(scenario) * _FORESEEN if ahead else 0.0


def _of_tables(scenario: Scenario) -> float:
    """The bytes of all packages, and of tables that worlds share, when they are made."""
    of_package: float = _PACKAGE + _AN_ISSUE * len(scenario.issue)
    if scenario.has_ballot:
        of_package += _A_STRATUM * with_a_ballot(scenario).members.strata
    if scenario.payoffs:
        of_package += _A_PART * len(scenario.payoffs.let)
    return packages_of(scenario) * of_package


def _of_a_world(scenario: Scenario, own: bool) -> float:
    """The bytes of a world in a model, with its tables if they are its own."""
    if not own:
        return _offers(scenario) + _beliefs(scenario)
    tables = packages_of(scenario) * _OF_OWN_PACKAGE
    return _offers(scenario) + _beliefs(scenario) + tables


def _adding_up(scenario: Scenario) -> float:
    """The bytes in which leaders add unlike unions up, a few worlds at a time."""
    by_rule = {"mean": 0, "pivot": 45}.get(with_a_ballot(scenario).coalition.aggregation, 20)
    return WORLDS_AT_ONCE * packages_of(scenario) * by_rule * len(scenario.union)


def _beliefs(scenario: Scenario) -> float:
    """The bytes of what both sides come to believe in a world: a number for each way to weigh the issues."""
    if scenario.talks.selection != "learned":
        return 0.0
    return 2 * 8 * math.comb(len(scenario.issue) + 4, 5)


def _offers(scenario: Scenario) -> float:
    """The bytes of a world's offers and ballots."""
    rounds = scenario.calendar.rounds
    if GroundRules in scenario.mechanisms:
        rounds = max(rounds, *scenario.table_of(GroundRulesSettings).deadlines, 0)
    voters = (
        len(scenario.union) + sum(map(len, scenario.lists.values())) if scenario.has_ballot else 0
    )
    return _WORLD + _TURN * (rounds + 1) + _VOTER * voters + _MECHANISM * len(scenario.mechanisms)


def _named(scenario: Scenario, worlds: int) -> str:
    packages = f"{scenario.name}: {packages_in_words(scenario)}"
    if worlds < 1:
        return packages
    return f"{packages} in {in_number(worlds)} world{'s' * (worlds > 1)}"
