"""The alliance of the campaign: what is left of it when all is over."""

from typing import Any

import numpy as np

from sim.arrays.axes import rows
from sim.mechanisms import alliance
from sim.play.stages.ending import in_force
from sim.play.stages.stage import Stage, World


class AllianceStage(Stage):
    """Layoffs that are carried out and concessions that are ratified strain the alliance."""

    def columns(self, world: World) -> dict[str, Any]:
        """`alliance_kept`: the share of the alliance that is left."""
        batch, settings = world.batch, world.batch.settings
        final, package = in_force(world)
        every = np.arange(batch.worlds)
        conceded = batch.politics.conceded
        left = alliance.kept(
            world.layoffs / settings["members.workforce"],
            np.where(final, conceded[rows(conceded, every), package], 0.0),
            settings["alliance.loss_by_layoffs"],
            settings["alliance.loss_by_ask"],
        )
        return {"alliance_kept": left}
