"""Members ratify what their leaders agreed: a ballot, and where it is lost perhaps a second one."""

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array, take
from sim.negotiators.history import NO_OFFER
from sim.play.stages.ending import layoffs_as_announced
from sim.play.stages.stage import Stage, World
from sim.preferences.ballot import Ballot
from sim.preferences.bylaws import count


class HandshakeStage(Stage):
    """Without a ballot an agreement is final."""

    def after_talks(self, world: World) -> None:
        """Put every agreement in force."""
        world.in_force = world.agreement


class RatificationStage(Stage):
    """A first ballot on every agreement; after a rejection perhaps new bylaws and a second ballot."""

    def after_talks(self, world: World) -> None:
        """Hold both ballots."""
        batch, weights = world.batch, world.batch.electorate.weights
        agreed = np.flatnonzero(world.agreement != NO_OFFER)
        ballot, yes = _held(world, "first", agreed)
        first = count(agreed, yes, weights, batch.bylaws.of(agreed), ballot.voted(yes))
        again = take(batch.settings["ratification.second_vote"], agreed)
        rejected = agreed[~first.ratified & again]
        ballot, yes = _held(world, "second", rejected)
        amended = world.coalition.amends(yes, rejected)
        bylaws = batch.bylaws.of(rejected).where(amended, batch.amended_bylaws.of(rejected))
        second = count(rejected, yes, weights, bylaws, ballot.voted(yes))
        world.counts = [first, second]
        for held in world.counts:
            ratified = held.worlds[held.ratified]
            world.in_force[ratified] = world.agreement[ratified]
        world.layoffs = layoffs_as_announced(world)


def _held(world: World, which: str, worlds: Array) -> tuple[Ballot, Float[Array, "voting unions"]]:
    """A ballot in some worlds, and the yes share of each union's members."""
    ballots = world.batch.ballots
    voting = ballots.voting(which, worlds, world.agreement[worlds], world.secrecy[worlds])
    ballot = ballots.ask(voting)
    world.votings.append(voting)
    world.ballots.append(ballot)
    ballot.put_to({union.index: union.voters(ballot) for union in world.unions})
    return ballot, np.stack([union.ratifies(ballot) for union in world.unions], axis=-1)
