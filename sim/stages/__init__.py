"""The stages of the story, in the order in which they happen; each has a room of its own.

A mechanism that a scenario does not use has no stage in its model.
"""

from sim.batch import Batch, TwoLevelBatch
from sim.stages.ratification import Ratification
from sim.stages.stage import Stage, World
from sim.stages.talks import Breakdown, Handshake, Leaks, Talks
from sim.stages.voters import Recommendation, Rumours, Turnout

__all__ = ["Stage", "World", "stages_of"]


def stages_of(batch: Batch) -> list[Stage]:
    """The stages of the worlds of a batch."""
    settings = batch.settings
    stages: list[Stage] = []
    if settings["information.leak_hazard"].any():
        stages.append(Leaks())
    stages.append(Talks())
    if settings["talks.breakdown"].any():
        stages.append(Breakdown())
    stages.append(Ratification() if isinstance(batch, TwoLevelBatch) else Handshake())
    if isinstance(batch, TwoLevelBatch):
        stages += _voters(batch)
    return stages


def _voters(batch: TwoLevelBatch) -> list[Stage]:
    """What is told of the members who vote."""
    stages = {"recommendation": Recommendation, "rumours": Rumours, "turnout": Turnout}
    return [stage() for table, stage in stages.items() if batch.settings.same(f"{table}.on")]
