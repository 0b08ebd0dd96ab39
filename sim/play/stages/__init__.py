"""The stages of the story, in the order in which they happen; each has a room of its own.

A mechanism that a scenario does not use has no stage in its model.
"""

from collections.abc import Mapping

from sim.play.stages.alliance import Alliance
from sim.play.stages.contract import Reopening
from sim.play.stages.ground_rules import GroundRules
from sim.play.stages.ideas import Ideas
from sim.play.stages.legislature import Legislature
from sim.play.stages.plan_b import PlanB
from sim.play.stages.public import Aftermath, Verdict, Watching
from sim.play.stages.ratification import Ratification
from sim.play.stages.score import Score
from sim.play.stages.stage import Stage, World
from sim.play.stages.talks import Breakdown, Handshake, Leaks, Talks
from sim.play.stages.third_parties import Arbitration, Mediation
from sim.play.stages.unit_ballot import UnitBallots
from sim.play.stages.voters import BySeniority, Recommendation, Rumours, Turnout
from sim.worlds.batch import Batch, TwoLevelBatch

__all__ = ["Stage", "World", "stages_of"]


def stages_of(batch: Batch) -> list[Stage]:
    """The stages of the worlds of a batch."""
    if isinstance(batch, TwoLevelBatch):
        return [*_before_talks(batch), *_talks(batch), *_ballots(batch), *_aftermath(batch)]
    return [*_talks(batch), Handshake()]


def _before_talks(batch: TwoLevelBatch) -> list[Stage]:
    """What decides whether and how there are talks."""
    return _switched_on(batch, {"ground_rules": GroundRules, "contract": Reopening})


def _talks(batch: Batch) -> list[Stage]:
    """What happens at every turn."""
    settings = batch.settings
    stages: list[Stage] = [Leaks()] if settings["information.leak_hazard"].any() else []
    stages.append(Talks())
    if isinstance(batch, TwoLevelBatch):
        stages += _switched_on(batch, {"public": Watching})
    return [*stages, Breakdown()] if settings["talks.breakdown"].any() else stages


def _ballots(batch: TwoLevelBatch) -> list[Stage]:
    """From the end of the talks to what is in force."""
    before = _switched_on(batch, {"mediation": Mediation})
    voters = {"recommendation": Recommendation, "rumours": Rumours, "turnout": Turnout}
    told = [BySeniority()] if batch.settings.same("seniority.votes_told") else []
    after = {"arbitration": Arbitration, "unit_ballot": UnitBallots}
    return [*before, Ratification(), *told, *_switched_on(batch, voters | after)]


def _aftermath(batch: TwoLevelBatch) -> list[Stage]:
    """What documents bear out, Plan B, and what all think of it.

    The legislature looks at an approval that already knows how the talks ended.
    """
    documents: list[Stage] = [Score()] if batch.fiscal.verifiable else []
    plan_b = {"public": Verdict, "legislature": Legislature, "plan_b": PlanB}
    opinion = {"public": Aftermath, "alliance": Alliance, "ideas": Ideas}
    return [*documents, *_switched_on(batch, plan_b), *_switched_on(batch, opinion)]


def _switched_on(batch: TwoLevelBatch, stages: Mapping[str, type[Stage]]) -> list[Stage]:
    """Those stages whose table in the scenario switches them on, in order."""
    return [stage() for table, stage in stages.items() if batch.settings.same(f"{table}.on")]
