"""Before the talks the leaders reopen the contract, or keep it."""

from typing import Any

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.mechanisms import contract
from sim.play.stages.stage import Stage, World

WORLDS_AT_ONCE = 1024  # worlds x frontier packages that stay in a processor's cache


class ReopeningStage(Stage):
    """Leaders compare what they hold with what they expect of the talks; without consent there are none."""

    def before_talks(self, world: World) -> None:
        """Let the leaders decide, and close the worlds in which they keep the contract."""
        inside = world.batch.inside_option(world.coalition.side)
        self.reopened = contract.reopens(_expected(world), inside)
        world.talking &= self.reopened

    def columns(self, world: World) -> dict[str, Any]:
        """`reopened`: whether the leaders agreed to talks on what the contract holds."""
        return {"reopened": self.reopened}


def _expected(world: World) -> Float[Array, " worlds"]:
    """What the Nash solution is worth to the leaders in each world."""
    governor, coalition = world.governor.valuation, world.coalition.valuation
    frontier = world.worth.frontier
    packages, worlds = np.flatnonzero(frontier.any(0)), np.arange(world.batch.worlds)
    expected = []
    for some in np.array_split(worlds, 1 + len(worlds) // WORLDS_AT_ONCE):
        efficient = world.worth.of_worlds(frontier[:, packages], some)
        to_coalition = np.where(efficient, coalition.all_packages(packages, some), 0.0)
        to_governor = governor.all_packages(packages, some)
        expected.append(contract.expected_of_talks(to_governor, to_coalition))
    return np.concatenate(expected)
