"""What time costs: a cost of delay, and of a strike, by the turn.

Without an agreement each turn that passes takes something from both sides, so that an agreement is
worth its payoff less the cost of the turns before it (Rubinstein 1982, fixed bargaining costs). A strike
is a delay that begins with a turn, as work stops when a contract runs out (Hicks 1932; Kennan and
Wilson 1989). What has passed is spent, agreement or not.
"""

from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int
from pydantic import StrictBool

from sim.arrays.axes import Array
from sim.inputs.parameter import MORE, Number, Section, Whole, parameter, switch
from sim.mechanisms.mechanism import Mechanism

_COSTS = ({"governor": MORE}, {"coalition": MORE})


class DelaySettings(Section):
    """What a turn of talks costs each side."""

    # fmt: off
    on: StrictBool = switch("turns without an agreement cost something", default=False,
        source="Rubinstein 1982: fixed bargaining costs")
    begins: Whole = parameter("the first turn that costs something", "turn", default=0, low=0,
        high=100_000, plausible=(0, 20), source="assumption",
        acts=_COSTS)
    governor: Number = parameter("what a turn without an agreement costs the governor's side",
        "points a turn", default=0.0, symbol="c", low=0, high=1e9, plausible=(0, 5),
        source="Rubinstein 1982; size assumed")
    coalition: Number = parameter("what a turn without an agreement costs the coalition",
        "points a turn", default=0.0, symbol="c", low=0, high=1e9, plausible=(0, 5),
        source="Rubinstein 1982; size assumed")
    # fmt: on


class StrikeSettings(Section):
    """A strike: when it begins, and what a turn of it costs each side."""

    # fmt: off
    on: StrictBool = switch("there is a strike until the two sides agree", default=False,
        source="Hicks 1932; Kennan and Wilson 1989")
    begins: Whole = parameter("the first turn on strike", "turn", default=0, low=0, high=100_000,
        plausible=(0, 20), source="assumption")
    governor: Number = parameter("what a turn on strike costs the governor's side: profit forgone",
        "points a turn", default=0.0, symbol="c", low=0, high=1e9, plausible=(0, 5),
        source="Hicks 1932; size assumed")
    coalition: Number = parameter(
        "what a turn on strike costs the coalition: wages forgone, less strike pay", "points a turn",
        default=0.0, symbol="c", low=0, high=1e9, plausible=(0, 5), source="Hicks 1932; size assumed")
    # fmt: on


def turns_that_cost(
    turns: Int[Array, "#worlds"], begins: Int[Array, "#worlds"]
) -> Int[Array, "#worlds"]:
    """How many of the first `turns` turns are at or after the one with which the cost begins."""
    return np.maximum(turns - begins, 0)


class Delay(Mechanism):
    """Turns that pass without an agreement cost both sides."""

    table = "delay"
    settings: ClassVar[type[Section]] = DelaySettings

    def cost_of_turns(self, side: str, turns: Int[Array, "#worlds"]) -> Float[Array, "#worlds"]:
        """What the first so many turns cost a side (points)."""
        return self.own(side) * turns_that_cost(turns, self.own("begins"))


class Strike(Delay):
    """The same from the turn at which work stops; members' claims come down only then."""

    table = "strike"
    settings = StrikeSettings

    def turns_on_strike(self, turns: Int[Array, "#worlds"]) -> Int[Array, "#worlds"]:
        """How many of the first so many turns are on strike."""
        return turns_that_cost(turns, self.own("begins"))
