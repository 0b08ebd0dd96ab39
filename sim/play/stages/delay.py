"""What the turns that pass without an agreement cost both sides, a strike among them."""

from typing import Any

import numpy as np
from jaxtyping import Int

from sim.arrays.axes import Array
from sim.mechanisms import Delay, Strike
from sim.play.stages.stage import Stage, World
from sim.worlds.batch import SIDES


class DelayStage(Stage):
    """Turns are counted while a world talks; at the end what they cost is taken from both sides."""

    passed: Int[Array, " worlds"]

    def before_talks(self, world: World) -> None:
        """No turn has passed."""
        self.passed = np.zeros(world.batch.worlds, dtype=np.int64)

    def at_turn(self, world: World) -> None:
        """Count the turn where it passes without an agreement."""
        self.passed = self.passed + world.talking

    def after_talks(self, world: World) -> None:
        """Take what the turns have cost."""
        for side in SIDES:
            cost = world.batch.cost_of_turns(side, self.passed)
            world.cost_of_delay[side] = np.broadcast_to(cost, world.batch.worlds)

    def columns(self, world: World) -> dict[str, Any]:
        """The turns on strike, and what strike and delay have cost each side (points)."""
        found: dict[str, Any] = {}
        for mechanism in world.batch.mechanisms:
            if isinstance(mechanism, Strike):
                found["strike_rounds"] = mechanism.turns_on_strike(self.passed)
            if isinstance(mechanism, Delay):
                found |= {
                    f"cost_of_{mechanism.table}_{side}": mechanism.cost_of_turns(side, self.passed)
                    for side in SIDES
                }
        return found
