"""Members ratify what their leaders agreed: a ballot, and where it is lost perhaps a second one."""

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array, take
from sim.negotiators.history import NO_OFFER
from sim.play.stages.ending import layoffs_as_announced
from sim.play.stages.stage import Stage, World
from sim.preferences.ballot import Ballot
from sim.preferences.bylaws import count


class Ratification(Stage):
    """A first ballot on every agreement; after a rejection perhaps new bylaws and a second ballot."""

    def after_talks(self, world: World) -> None:
        """Hold both ballots."""
        batch, electorate = world.batch, world.batch.electorate
        agreed = np.flatnonzero(world.agreement != NO_OFFER)
        ballot = electorate.first_ballot(agreed, world.agreement[agreed], world.secrecy[agreed])
        yes = _votes(world, ballot)
        first = count(agreed, yes, electorate.weights, batch.bylaws.of(agreed), ballot.voted(yes))
        world.asked = [ballot]
        again = take(batch.settings["ratification.second_vote"], agreed)
        rejected = agreed[~first.ratified & again]
        ballot = electorate.second_ballot(
            rejected, world.agreement[rejected], world.secrecy[rejected]
        )
        yes = _votes(world, ballot)
        amended = world.coalition.amends(yes, rejected)
        bylaws = batch.bylaws.of(rejected).where(amended, batch.amended_bylaws.of(rejected))
        second = count(rejected, yes, electorate.weights, bylaws, ballot.voted(yes))
        world.asked.append(ballot)
        world.ballots = [first, second]
        for held in world.ballots:
            ratified = held.worlds[held.ratified]
            world.in_force[ratified] = world.agreement[ratified]
        world.layoffs = layoffs_as_announced(world)


def _votes(world: World, ballot: Ballot) -> Float[Array, "voting unions"]:
    """The yes share of each union's members."""
    return np.stack([union.ratifies(ballot) for union in world.unions], axis=-1)
