"""The public record of the talks: all that a negotiator may see of the other side."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array

NO_OFFER = -1


@dataclass(frozen=True, eq=False)
class OfferHistory:
    """The table at one turn, as the side to move sees it.

    Turns run from 0 to `rounds`, the two sides alternating, so that the other side's offers stand
    one, three, five ... turns back. `offers` holds package numbers for all worlds (NO_OFFER where
    none was made), `worlds` the worlds in which this side is to move, `secrecy` is theirs now.
    """

    turn: int
    rounds: int
    offers: Int[Array, "all_worlds turns"]
    worlds: Int[Array, " worlds"]
    secrecy: Float[Array, " worlds"]

    @property
    def time(self) -> float:
        """The share of the time that is gone: 0 at the first turn, 1 at the deadline."""
        return self.turn / self.rounds

    @property
    def received(self) -> Int[Array, " worlds"]:
        """The other side's last offer."""
        return self.offered_at(self.turn - 1)

    @property
    def of_other(self) -> list[tuple[float, Int[Array, " worlds"]]]:
        """Every turn at which the other side could make an offer, the last one first: time and offer."""
        turns = range(self.turn - 1, -1, -2)
        return [(turn / self.rounds, self.offered_at(turn)) for turn in turns]

    def offered_at(self, turn: int) -> Int[Array, " worlds"]:
        """The offer made at a turn, NO_OFFER before the first."""
        if turn < 0:
            return np.full(len(self.worlds), NO_OFFER)
        return self.offers[self.worlds, turn]

    def of(self, worlds: Array) -> "OfferHistory":
        """The same table for some of its worlds, given as a mask over them."""
        return OfferHistory(
            self.turn, self.rounds, self.offers, self.worlds[worlds], self.secrecy[worlds]
        )
