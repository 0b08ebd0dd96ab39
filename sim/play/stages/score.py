"""How much of an agreement's score documents bear out."""

from typing import Any

import numpy as np

from sim.negotiators.history import NO_OFFER
from sim.play.stages.stage import Stage, World


class ScoreStage(Stage):
    """Nothing happens; the score of the tentative agreement is held against the documents."""

    def columns(self, world: World) -> dict[str, Any]:
        """`savings_verifiable`: $M of the tentative agreement's savings that documents bear out."""
        batch, agreed = world.batch, world.agreement != NO_OFFER
        package = np.where(agreed, world.agreement, 0)
        dollars = batch.look_up(batch.documented, package)
        return {"savings_verifiable": np.where(agreed, dollars, np.nan)}
