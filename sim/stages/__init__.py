"""The stages of the story, in the order in which they happen; each has a room of its own.

A mechanism that a scenario does not use has no stage in its model.
"""

from sim.batch import Batch, TwoLevelBatch
from sim.stages.alliance import Alliance
from sim.stages.ideas import Ideas
from sim.stages.public import Verdict, Watching
from sim.stages.ratification import Ratification
from sim.stages.stage import Stage, World
from sim.stages.talks import Breakdown, Handshake, Leaks, Talks

__all__ = ["Stage", "World", "stages_of"]


def stages_of(batch: Batch) -> list[Stage]:
    """The stages of the worlds of a batch."""
    settings = batch.settings
    stages: list[Stage] = []
    if settings["information.leak_hazard"].any():
        stages.append(Leaks())
    stages.append(Talks())
    two_level = isinstance(batch, TwoLevelBatch)
    if two_level and settings.same("public.on"):
        stages.append(Watching())
    if settings["talks.breakdown"].any():
        stages.append(Breakdown())
    stages.append(Ratification() if two_level else Handshake())
    if two_level and settings.same("public.on"):
        stages.append(Verdict())
    if two_level and settings.same("alliance.on"):
        stages.append(Alliance())
    if two_level and settings.same("ideas.on"):
        stages.append(Ideas())
    return stages
