"""The stages of the story, in the order in which they happen; each has a room of its own.

A mechanism that a scenario does not use has no stage in its model, and a game without a ballot none of
those that follow one.
"""

from sim.mechanisms import (
    Alliance,
    Arbitration,
    Contract,
    Delay,
    GroundRules,
    Ideas,
    Legislature,
    Mediation,
    PlanB,
    Public,
    Strike,
    UnitBallot,
)
from sim.play.stages.alliance import AllianceStage
from sim.play.stages.contract import ReopeningStage
from sim.play.stages.delay import DelayStage
from sim.play.stages.ground_rules import GroundRulesStage
from sim.play.stages.ideas import IdeasStage
from sim.play.stages.legislature import LegislatureStage
from sim.play.stages.plan_b import PlanBStage
from sim.play.stages.public import AftermathStage, VerdictStage, WatchingStage
from sim.play.stages.ratification import HandshakeStage, RatificationStage
from sim.play.stages.ratifiers import RatifiersStage
from sim.play.stages.score import ScoreStage
from sim.play.stages.stage import Stage, World
from sim.play.stages.talks import BreakdownStage, LeaksStage, TalksStage
from sim.play.stages.third_parties import ArbitrationStage, MediationStage
from sim.play.stages.unit_ballot import UnitBallotsStage
from sim.play.stages.voters import BySeniorityStage, MechanismsStage
from sim.worlds.batch import Batch

__all__ = ["Stage", "World", "stages_of"]


def stages_of(batch: Batch) -> list[Stage]:
    """The stages of the worlds of a batch.

    The legislature looks at an approval that already knows how the talks ended.
    """
    on = set(map(type, batch.mechanisms)).__contains__
    values, ballot = batch.settings, batch.has_ballot
    listed: list[tuple[type[Stage], bool]] = [
        # Before the talks: whether and how there are any.
        (GroundRulesStage, on(GroundRules)),
        (ReopeningStage, on(Contract)),
        # At every turn.
        (LeaksStage, bool(values["information.leak_hazard"].any())),
        (TalksStage, True),
        (WatchingStage, on(Public)),
        (DelayStage, on(Delay) or on(Strike)),
        (BreakdownStage, bool(values["talks.breakdown"].any())),
        # From the end of the talks to what is in force.
        (MediationStage, on(Mediation)),
        (RatificationStage if ballot else HandshakeStage, True),
        (RatifiersStage, bool(batch.settings.scenario.ratifier)),
        (BySeniorityStage, ballot and values.same("seniority.votes_told")),
        (MechanismsStage, ballot),
        (ArbitrationStage, on(Arbitration)),
        (UnitBallotsStage, on(UnitBallot)),
        # What documents bear out, Plan B, and what all think of it.
        (ScoreStage, bool(batch.fiscal.verifiable)),
        (VerdictStage, on(Public)),
        (LegislatureStage, on(Legislature)),
        (PlanBStage, on(PlanB)),
        (AftermathStage, on(Public)),
        (AllianceStage, on(Alliance)),
        (IdeasStage, on(Ideas)),
    ]
    return [stage() for stage, there in listed if there]
