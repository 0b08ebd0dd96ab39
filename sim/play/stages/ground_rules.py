"""Before the talks the parties bargain over the ground rules, each expecting something of every option."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.cases.loading import with_values
from sim.cases.schema import TwoLevelGame, value_of
from sim.cases.schema.information import SECRECY_RULES
from sim.mechanisms import ground_rules
from sim.play.stages.stage import Stage, World

Pilot = Callable[[TwoLevelGame], tuple[float, float]]


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


def agreed_rules(scenario: TwoLevelGame, pilot: Pilot) -> Bargained:
    """Bargain over the ground rules of a scenario.

    `pilot` plays a scenario and gives the mean utility of its final outcome to the governor and to the
    coalition; each side looks at a play of what it believes.
    """
    options = tuple(dict.fromkeys(_options(scenario)))
    to_governor = [pilot(_believed(scenario, "governor", option))[0] for option in options]
    to_coalition = [pilot(_believed(scenario, "coalition", option))[1] for option in options]
    return Bargained(options, np.array(to_governor), np.array(to_coalition))


def _options(scenario: TwoLevelGame) -> Iterator[Option]:
    table, own = scenario.ground_rules, scenario.calendar.rounds
    yield Option(table.without_rules, own)
    for rule, rounds in product(SECRECY_RULES, table.deadlines or [own]):
        yield Option(rule, rounds)


def _believed(scenario: TwoLevelGame, side: str, option: Option) -> TwoLevelGame:
    """The scenario under some rules, as a side believes it to be."""
    other = {"governor": "coalition", "coalition": "governor"}[side]
    cost = f"information.audience_cost_{other}"
    believed = value_of(scenario, cost) * value_of(scenario, f"ground_rules.{side}_believes")
    return with_values(scenario, option.values | {cost: believed, "ground_rules.on": False})


class GroundRules(Stage):
    """The rules of the talks were agreed before; this stage only tells of them."""

    def columns(self, world: World) -> dict[str, Any]:
        """What was chosen, and what each side wanted: the rule, whether it is closed doors, the deadline."""
        bargained = world.ground_rules
        worlds = world.batch.worlds
        told = {"deadline": _spread([each.chosen.rounds for each in bargained], worlds)}
        for name, each_option in (
            ("secrecy_rule", [each.chosen for each in bargained]),
            ("governor_wanted", [each.governor_wanted for each in bargained]),
            ("coalition_wanted", [each.coalition_wanted for each in bargained]),
        ):
            rules = _spread([option.rule for option in each_option], worlds)
            told[name] = rules
            told[CLOSED[name]] = pd.array(rules == "closed_door", dtype="boolean")
        return told


CLOSED = {
    "secrecy_rule": "closed_doors",
    "governor_wanted": "governor_wanted_closed",
    "coalition_wanted": "coalition_wanted_closed",
}


def _spread(values: list[Any], worlds: int) -> Array:
    """One value for all worlds, or one for each, as one for each."""
    return np.broadcast_to(np.array(values), worlds)
