"""The stages of the story, in the order in which they happen; each has a room of its own.

A mechanism that a scenario does not use has no stage in its model.
"""

from sim.batch import Batch, TwoLevelBatch
from sim.stages.alliance import Alliance
from sim.stages.contract import Reopening
from sim.stages.ideas import Ideas
from sim.stages.legislature import Legislature
from sim.stages.plan_b import PlanB
from sim.stages.public import Verdict, Watching
from sim.stages.ratification import Ratification
from sim.stages.score import Score
from sim.stages.stage import Stage, World
from sim.stages.talks import Breakdown, Handshake, Leaks, Talks
from sim.stages.unit_ballot import UnitBallots

__all__ = ["Stage", "World", "stages_of"]


def stages_of(batch: Batch) -> list[Stage]:
    """The stages of the worlds of a batch."""
    settings = batch.settings
    stages: list[Stage] = []
    if isinstance(batch, TwoLevelBatch):
        stages += _before_talks(batch)
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
        stages += _after_ratification(batch)
    return stages


def _before_talks(batch: TwoLevelBatch) -> list[Stage]:
    """What decides whether and how there are talks."""
    return [Reopening()] if batch.settings.same("contract.on") else []


def _after_ratification(batch: TwoLevelBatch) -> list[Stage]:
    """What follows the ballots: units on their wages, documents, Plan B, and what all think of it."""
    settings = batch.settings
    stages: list[Stage] = []
    if settings.same("unit_ballot.on"):
        stages.append(UnitBallots())
    if batch.fiscal.verifiable:
        stages.append(Score())
    if settings.same("legislature.on"):
        stages.append(Legislature())
    if settings.same("plan_b.on"):
        stages.append(PlanB())
    if settings.same("public.on"):
        stages.append(Verdict())
    if settings.same("alliance.on"):
        stages.append(Alliance())
    if settings.same("ideas.on"):
        stages.append(Ideas())
    return stages
