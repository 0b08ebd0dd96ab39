"""The stages of the story, in the order in which they happen; each has a room of its own.

A mechanism that a scenario does not use has no stage in its model.
"""

from sim.batch import Batch, TwoLevelBatch
from sim.stages.ground_rules import GroundRules
from sim.stages.ratification import Ratification
from sim.stages.stage import Stage, World
from sim.stages.talks import Breakdown, Handshake, Leaks, Talks
from sim.stages.third_parties import Arbitration, Mediation

__all__ = ["Stage", "World", "stages_of"]


def stages_of(batch: Batch) -> list[Stage]:
    """The stages of the worlds of a batch."""
    settings = batch.settings
    stages: list[Stage] = []
    if isinstance(batch, TwoLevelBatch) and settings.same("ground_rules.on"):
        stages.append(GroundRules())
    if settings["information.leak_hazard"].any():
        stages.append(Leaks())
    stages.append(Talks())
    if settings["talks.breakdown"].any():
        stages.append(Breakdown())
    if isinstance(batch, TwoLevelBatch) and settings.same("mediation.on"):
        stages.append(Mediation())
    stages.append(Ratification() if isinstance(batch, TwoLevelBatch) else Handshake())
    if isinstance(batch, TwoLevelBatch) and settings.same("arbitration.on"):
        stages.append(Arbitration())
    return stages
