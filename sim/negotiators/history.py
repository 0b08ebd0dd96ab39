"""The public record of the talks: all that a negotiator may see of the other side."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, stretch

NO_OFFER = -1
NEVER = np.iinfo(np.intp).max  # later than any turn


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
    def at_its_last_turn(self) -> "OfferHistory":
        """The table as this side saw it a move before, without the offer that it has now received."""
        return replace(self, turn=self.turn - 2)

    def last_received(self, count: int) -> Int[Array, "worlds offers"]:
        """The other side's last offers, the last one first; NO_OFFER before the first turn."""
        turns = self.turn - 1 - 2 * np.arange(count)
        offers = np.take(self.offers[self.worlds], np.maximum(turns, 0), axis=-1)
        return np.where(turns < 0, NO_OFFER, offers)

    def offered_at(self, turn: int) -> Int[Array, " worlds"]:
        """The offer made at a turn, NO_OFFER before the first."""
        if turn < 0:
            return np.full(len(self.worlds), NO_OFFER)
        return self.offers[self.worlds, turn]

    def of(self, some: Array) -> "OfferHistory":
        """The same table for some of its worlds, given as a mask over them or by their positions."""
        return replace(self, worlds=self.worlds[some], secrecy=self.secrecy[some])


class Running:
    """What the other side's offers come to one after the other, such as a sum, kept from turn to turn.

    Each world is brought forward by the offers since it was last asked for, the first one first, so that a
    side may ask for any worlds in any order. A world begins anew at an earlier turn than before, and all
    do at another record of offers; a record only grows.
    """

    def __init__(self, worlds: int, width: int, start: float = 0.0) -> None:
        self._start = start
        self._kept = np.empty((worlds, width))
        self._until = np.full(worlds, NEVER)  # the turn before which all offers are in what is kept
        self._offers = np.empty((0, 0))

    def at(
        self,
        history: OfferHistory,
        after: Callable[[Array, float, Int[Array, " worlds"]], Array],
    ) -> Float[Array, "worlds width"]:
        """What it comes to at a turn: `after` is told what it came to before, and an offer with its time."""
        if history.offers is not self._offers:
            self._offers, self._until[:] = history.offers, NEVER
        worlds, turn = history.worlds, history.turn
        found, until = self._kept[worlds], self._until[worlds]
        anew = (until > turn) | ((turn - until) % 2 == 1)
        found[anew], until[anew] = self._start, -(turn % 2)
        for made in range(until.min(initial=turn) + 1, turn, 2):
            offer = history.offered_at(made)
            new = (until < made) & (offer != NO_OFFER)
            found = np.where(stretch(new), after(found, made / history.rounds, offer), found)
        self._kept[worlds], self._until[worlds] = found, turn
        return found
