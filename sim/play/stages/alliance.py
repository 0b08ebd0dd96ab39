"""The alliance of the campaign: what is left of it when all is over."""

from typing import Any

import numpy as np

from sim.mechanisms import alliance
from sim.play.stages.ending import in_force
from sim.play.stages.stage import Stage, World


class AllianceStage(Stage):
    """Layoffs that are carried out and concessions that are ratified strain the alliance."""

    def columns(self, world: World) -> dict[str, Any]:
        """`alliance_kept`: the share of the alliance that is left."""
        batch, settings = world.batch, world.batch.settings
        final, package = in_force(world)
        left = alliance.kept(
            world.layoffs / settings["members.workforce"],
            np.where(final, batch.look_up(batch.conceded, package), 0.0),
            settings["alliance.loss_by_layoffs"],
            settings["alliance.loss_by_ask"],
        )
        return {"alliance_kept": left}
