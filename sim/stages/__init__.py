"""The stages of the story, in the order in which they happen; each has a room of its own.

A mechanism that a scenario does not use has no stage in its model.
"""

from sim.batch import Batch, TwoLevelBatch
from sim.stages.alliance import Alliance
from sim.stages.ideas import Ideas
from sim.stages.legislature import Legislature
from sim.stages.plan_b import PlanB
from sim.stages.public import Aftermath, Verdict, Watching
from sim.stages.ratification import Ratification
from sim.stages.score import Score
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
    if two_level:
        stages += _after_the_ballots(batch)
    return stages


def _after_the_ballots(batch: TwoLevelBatch) -> list[Stage]:
    """What follows the ballots: documents, what the legislature lets the governor do, and who judges it.

    The legislature looks at an approval that already knows how the talks ended.
    """
    settings = batch.settings
    stages: list[Stage] = []
    if settings.same("public.on"):
        stages.append(Verdict())
    if batch.fiscal.verifiable:
        stages.append(Score())
    if settings.same("legislature.on"):
        stages.append(Legislature())
    if settings.same("plan_b.on"):
        stages.append(PlanB())
    if settings.same("public.on"):
        stages.append(Aftermath())
    if settings.same("alliance.on"):
        stages.append(Alliance())
    if settings.same("ideas.on"):
        stages.append(Ideas())
    return stages
