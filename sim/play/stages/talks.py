"""The talks: leaks, the move of the side whose turn it is, and the risk that the talks break down."""

import numpy as np
from jaxtyping import Bool

from sim.arrays.axes import Array
from sim.arrays.streams import Stream
from sim.negotiators.agents import Party
from sim.negotiators.history import NO_OFFER, OfferHistory
from sim.play.stages.stage import Stage, World
from sim.preferences import information


class LeaksStage(Stage):
    """What is said at the table may reach the public, and secrecy falls."""

    def at_turn(self, world: World) -> None:
        """Let the talks leak, in worlds that are still talking."""
        settings = world.batch.settings
        leaked = information.leaks(
            world.secrecy,
            settings["information.leak_hazard"],
            settings["information.secrecy_after_leak"],
            world.batch.draws.uniform(Stream.LEAK, world.turn),
        )
        leaks_now = world.talking & (leaked < world.secrecy)
        world.secrecy = np.where(leaks_now, leaked, world.secrecy)


class TalksStage(Stage):
    """The side whose turn it is accepts the standing offer or makes its own."""

    def at_turn(self, world: World) -> None:
        """Let the side move whose turn it is, and close the worlds that settle."""
        governor_moves = world.governor_moves(world.turn)
        _move(world, world.governor, world.talking & governor_moves)
        _move(world, world.coalition, world.talking & ~governor_moves)


class BreakdownStage(Stage):
    """After a turn without agreement the talks may end for good."""

    def at_turn(self, world: World) -> None:
        """Close the worlds in which the talks break down."""
        hazard = world.batch.settings["talks.breakdown"]
        world.talking &= world.batch.draws.uniform(Stream.BREAKDOWN, world.turn) >= hazard


def _move(world: World, party: Party, moves: Bool[Array, " worlds"]) -> None:
    worlds = np.flatnonzero(moves)
    if len(worlds) == 0:
        return
    history = OfferHistory(
        world.turn, world.batch.rounds, world.offers, worlds, world.secrecy[worlds]
    )
    accepted = party.accepts(history) & (history.received != NO_OFFER)
    settled = history.of(accepted)
    open_still = history.of(~accepted)
    world.agreement[settled.worlds] = settled.received
    world.agreed_round[settled.worlds] = world.turn
    world.talking[settled.worlds] = False
    if len(settled.worlds):
        world.not_offered[settled.worlds] = party.propose(settled)
    if len(open_still.worlds):
        world.offers[open_still.worlds, world.turn] = party.propose(open_still)
