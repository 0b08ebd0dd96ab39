"""Savings that the unions propose themselves: how much of their dollars comes true."""

from typing import Any

import numpy as np

from sim.arrays.streams import Stream
from sim.mechanisms import ideas
from sim.play.stages.ending import in_force
from sim.play.stages.stage import Stage, World


class IdeasStage(Stage):
    """After the talks part of what ideas and technology were scored at comes true."""

    def columns(self, world: World) -> dict[str, Any]:
        """`savings_realised`: what the package in force saves in the end ($M)."""
        batch = world.batch
        share = ideas.comes_true(
            batch.settings["ideas.comes_true_low"],
            batch.settings["ideas.comes_true_high"],
            batch.draws.uniform(Stream.IDEAS),
        )
        final, package = in_force(world)
        of_ideas = batch.fiscal.savings["ideas"] * batch.agenda.levels_on("ideas", package)
        saved = ideas.realised(batch.look_up(batch.scored, package), of_ideas, share)
        return {"savings_realised": np.where(final, saved, np.nan)}
