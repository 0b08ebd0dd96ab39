"""Prenegotiation: before they talk, the parties bargain over the ground rules of the talks.

Each side expects something of every option: what the final outcome is worth to it on average, where
default agents play the scenario as that side believes it to be.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array, read_only
from sim.cases.loading import with_values
from sim.cases.schema import Scenario, TwoLevelGame, value_of, with_a_ballot
from sim.cases.schema.information import SECRECY_RULES
from sim.mechanisms import GroundRules, ground_rules
from sim.mechanisms.ground_rules import GroundRulesSettings
from sim.negotiators.agents import Party
from sim.negotiators.situation import OTHER_SIDE
from sim.worlds.foresight import Foresight
from sim.worlds.settings import told_apart

PILOT_SEED = 20110302  # of the worlds in which ground rules are tried out; any other would do


@runtime_checkable
class Talks(Protocol):
    """A model of talks, as far as trying a scenario out goes."""

    running: bool
    governor: Party
    coalition: Party

    def step(self) -> None:
        """Play a round."""

    def final_utility(self, party: Party) -> Float[Array, " worlds"]:
        """What the final outcome is worth to a side."""


Kind = Callable[..., Talks]  # of model: called with a scenario, a number of worlds and rng


@dataclass(frozen=True)
class Option:
    """A secrecy rule, and the number of rounds until the deadline."""

    rule: str
    rounds: int

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of a scenario that is played under these rules."""
        return {"information.rule": self.rule, "calendar.rounds": self.rounds}


@dataclass(frozen=True, eq=False)
class Bargained:
    """What could be agreed on, what each side expected of it, and what came of it.

    The first of the options holds if nothing is agreed; `to_governor` and `to_coalition` are utilities.
    """

    options: tuple[Option, ...]
    to_governor: Float[Array, " options"]
    to_coalition: Float[Array, " options"]

    @property
    def chosen(self) -> Option:
        """What holds in the talks."""
        return self.options[ground_rules.agreed(self.to_governor, self.to_coalition)]

    @property
    def governor_wanted(self) -> Option:
        """What the governor would have liked best."""
        return self.options[ground_rules.favourite(self.to_governor)]

    @property
    def coalition_wanted(self) -> Option:
        """What union leaders would have liked best."""
        return self.options[ground_rules.favourite(self.to_coalition)]


def bargain(scenario: TwoLevelGame, kind: Kind) -> Bargained:
    """Bargain over the ground rules of a scenario; a `kind` of model tries the options out."""
    tried: dict[str, tuple[float, float]] = {}

    def expected(side: str, option: Option) -> float:
        believed = _believed(scenario, side, option)
        if believed.fingerprint not in tried:  # sides that believe alike look at the same worlds
            tried[believed.fingerprint] = _tried(believed, kind)
        to_governor, to_coalition = tried[believed.fingerprint]
        return to_governor if side == "governor" else to_coalition

    options = tuple(dict.fromkeys(_options(scenario)))
    to_governor, to_coalition = (
        read_only(np.array([expected(side, option) for option in options]))
        for side in ("governor", "coalition")
    )
    return Bargained(options, to_governor, to_coalition)


def under_ground_rules(
    scenarios: Sequence[Scenario], kind: Kind, foresight: Foresight
) -> tuple[list[Bargained], list[Scenario]]:
    """What was bargained over first, where that is so, and the scenarios under the rules agreed on."""
    if not any(GroundRules in scenario.mechanisms for scenario in scenarios):
        return [], list(scenarios)
    apart, row = told_apart(scenarios)
    bargained = [foresight.of(bargain, with_a_ballot(scenario), kind) for scenario in apart]
    under = [
        with_values(scenario, each.chosen.values)
        for scenario, each in zip(apart, bargained, strict=True)
    ]
    of_world = np.broadcast_to(row, len(scenarios))
    return [bargained[place] for place in of_world], [under[place] for place in of_world]


def _tried(scenario: TwoLevelGame, kind: Kind) -> tuple[float, float]:
    """What the final outcome of a scenario is worth to the governor and the coalition, on average."""
    worlds = scenario.table_of(GroundRulesSettings).pilot_worlds
    model = kind(scenario, worlds, rng=PILOT_SEED)
    while model.running:
        model.step()
    to_governor, to_coalition = (
        float(model.final_utility(side).mean()) for side in (model.governor, model.coalition)
    )
    return to_governor, to_coalition


def _options(scenario: TwoLevelGame) -> Iterator[Option]:
    table, own = scenario.table_of(GroundRulesSettings), scenario.calendar.rounds
    yield Option(table.without_rules, own)
    for rule, rounds in product(SECRECY_RULES, table.deadlines or [own]):
        yield Option(rule, rounds)


def _believed(scenario: TwoLevelGame, side: str, option: Option) -> TwoLevelGame:
    """The scenario under some rules, as a side believes it to be."""
    cost = f"information.audience_cost_{OTHER_SIDE[side]}"
    believed = value_of(scenario, cost) * value_of(scenario, f"ground_rules.{side}_believes")
    return with_values(scenario, option.values | {cost: believed, "ground_rules.on": False})
