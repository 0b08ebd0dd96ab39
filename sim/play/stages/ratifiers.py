"""Others than union members vote on what was agreed: voters, parliaments, boards."""

from itertools import groupby
from typing import Any

import numpy as np

from sim.negotiators.history import NO_OFFER
from sim.play.stages.ending import layoffs_as_announced
from sim.play.stages.stage import Stage, World
from sim.play.stages.told import facts_of, numbers_of


class RatifiersStage(Stage):
    """Each ratifier votes on the agreements that those before it let pass; one No is enough to undo them.

    Those of the same order vote at the same time, so that each of them is asked whatever the others say.
    """

    def after_talks(self, world: World) -> None:
        """Hold the votes, and undo what does not pass."""
        for _, together in groupby(world.batch.ratifiers, key=lambda each: each.settings.order):
            asked = np.flatnonzero(world.in_force != NO_OFFER)
            package, secrecy = world.in_force[asked], world.secrecy[asked]
            votes = [each.votes(asked, package, secrecy) for each in together]
            world.votes += votes
            for vote in votes:
                world.in_force[asked[~vote.passed]] = NO_OFFER
        if world.batch.has_ballot:
            world.layoffs = layoffs_as_announced(world)

    def columns(self, world: World) -> dict[str, Any]:
        """The share of Yes in each body, and whether each ratifier agreed; missing where it was not asked."""
        found: dict[str, Any] = {}
        worlds = world.batch.worlds
        for vote in world.votes:
            for body, yes in vote.yes.items():
                column = vote.ratifier.column_of(body)
                found[column] = numbers_of(worlds, vote.worlds, yes)
            found[f"passed_{vote.ratifier.name}"] = facts_of(worlds, vote.worlds, vote.passed)
        return found
