"""What the members' ballots tell besides Yes and No: who voted."""

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from sim.axes import Array
from sim.stages.stage import Stage, World


class Turnout(Stage):
    """Some members do not vote."""

    def columns(self, world: World) -> dict[str, Any]:
        """Share of all members who voted on each ballot: `turnout_1`, `turnout_2`."""
        return {
            f"turnout_{number}": _in_all_worlds(held.turnout, held.worlds, world)
            for number, held in enumerate(world.ballots, start=1)
        }


def _in_all_worlds(
    values: Float[Array, " voting"], voting: Int[Array, " voting"], world: World
) -> Float[Array, " worlds"]:
    """Values of the worlds that vote, missing elsewhere."""
    told = np.full(world.batch.worlds, np.nan)
    told[voting] = values
    return told
