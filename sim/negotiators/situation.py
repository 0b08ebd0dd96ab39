"""What a side has before it when it decides: offers, its own wishes and what it makes of the other's.

Every rule of the negotiators takes a situation: how far to give way (`tactics`), which package to
offer (`selection`), when to say yes (`acceptance`).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import TIE, Array, count_at_most, count_below, stretch, take
from sim.negotiators.history import NO_OFFER, OfferHistory, Running
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Pair, Valuation

Found = TypeVar("Found")
OTHER_SIDE = {"governor": "coalition", "coalition": "governor"}


@dataclass(frozen=True, eq=False)
class Ranking:
    """Packages from best to worst for oneself, beside what one thinks they are worth to the other side."""

    agenda: Agenda
    own: Valuation
    other: Valuation

    @property
    def order(self) -> Int[Array, "#rows packages"]:
        """Package numbers, best for oneself first."""
        return self.own.order

    @cached_property
    def best_for_other(self) -> Float[Array, "rows packages"]:
        """The most the other side's table has among the first 1, 2, ... packages of the order."""
        _, other, order = self.both.tables
        return np.maximum.accumulate(np.take_along_axis(other, order, axis=-1), axis=-1)

    @cached_property
    def both(self) -> Pair:
        """The two sides' tables, row by row."""
        return Pair(self.own, self.other)

    @cached_property
    def _descent(self) -> Float[Array, "#rows packages"]:
        return -np.take_along_axis(self.own.table, self.order, axis=-1)

    def at_least(
        self, level: Float[Array, "#chosen"], worlds: Int[Array, " chosen"]
    ) -> Int[Array, " chosen"]:
        """How many packages reach a level of one's own table; the best one always counts."""
        return np.maximum(count_at_most(self._descent, self.own.rows(worlds), -level), 1)

    def at(
        self, position: Int[Array, " chosen"], worlds: Int[Array, " chosen"]
    ) -> Int[Array, " chosen"]:
        """The package at a position of the order."""
        return self.order[self.own.rows(worlds), position]

    def tradeoff(
        self, count: Int[Array, " chosen"], worlds: Int[Array, " chosen"]
    ) -> Int[Array, " chosen"]:
        """The best for the other side of the first `count` packages, among equals the best for oneself."""
        best = self.best_for_other
        row = self.both.rows(worlds)
        return self.at(count_below(best, row, best[row, count - 1] - TIE), worlds)


class Notes:
    """What a side has worked out once for all of the talks, and what the offers so far come to."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], Any] = {}
        self._running: dict[Hashable, Running] = {}

    def once(self, rule: Callable[..., Found], *given: Any, at: Hashable = None) -> Found:
        """What a rule finds; it is asked a single time, or once `at` each turn of a kind."""
        key = rule, at
        if key not in self._found:
            self._found[key] = rule(*given)
        return self._found[key]

    def running(self, name: Hashable, worlds: int, width: int, start: float = 0.0) -> Running:
        """What is kept under a name from turn to turn, by world: it begins as so many numbers `start`."""
        if name not in self._running:
            self._running[name] = Running(worlds, width, start)
        return self._running[name]

    def forget_offers(self) -> None:
        """Let go of what the offers come to; whoever asks again goes through all of them."""
        self._running.clear()


def best_offer(
    history: OfferHistory, own: Valuation, notes: Notes, kept_as: str
) -> Float[Array, " worlds"]:
    """What the other side's best offer so far is worth to oneself; minus infinity without one."""

    def better(best: Array, _: float, offer: Array) -> Array:
        return np.maximum(best, stretch(own.of(offer, history.worlds)))

    running = notes.running(kept_as, len(history.offers), 1, -np.inf)
    return running.at(history, better).squeeze(-1)


@dataclass(frozen=True, eq=False)
class Situation:
    """One side at one turn, in the worlds in which it is to move; utilities are its own.

    `reservation` is the least it can afford to accept. `parameter` looks up a setting of these worlds
    by its full name; `uniform()` gives a uniform draw a world, the same all through a turn, and `resolve()`
    one that is the same all through the talks; `notes` keep what holds for all of the talks.
    """

    side: str
    history: OfferHistory
    ranking: Ranking
    reservation: Float[Array, "#worlds"]
    parameter: Callable[[str], Array]
    uniform: Callable[[], Array]
    resolve: Callable[[], Array]
    notes: Notes

    @property
    def worlds(self) -> Int[Array, " worlds"]:
        """The worlds of the batch in which this side is to move."""
        return self.history.worlds

    def of(self, some: Int[Array, " some"]) -> "Situation":
        """The same situation in some of its worlds, given by their positions among them."""
        return replace(
            self,
            history=self.history.of(some),
            reservation=take(self.reservation, some),
            parameter=lambda name: take(self.parameter(name), some),
            uniform=lambda: self.uniform()[some],
            resolve=lambda: self.resolve()[some],
        )

    def own(self, name: str) -> Array:
        """One of this side's parameters, such as "beta"."""
        return self.parameter(f"{self.side}.{name}")

    def theirs(self, name: str) -> Array:
        """The other side's parameter of that name: only for rules that assume it is known."""
        return self.parameter(f"{OTHER_SIDE[self.side]}.{name}")

    def received(self, back: int = 1) -> Float[Array, " worlds"]:
        """The utility of the other side's last offer, or of one further back; minus infinity without one."""
        return self._utility_at(self.history.turn + 1 - 2 * back)

    def made(self, back: int = 1) -> Float[Array, " worlds"]:
        """The utility of one's own last offer, or of one further back; minus infinity without one."""
        return self._utility_at(self.history.turn - 2 * back)

    def received_of_late(self, count: int) -> Float[Array, "worlds offers"]:
        """The utilities of the other side's last offers, the last one first; minus infinity without one."""
        packages = self.history.last_received(count)
        utility = self.ranking.own.of_each(packages, self.worlds)
        return np.where(packages == NO_OFFER, -np.inf, utility)

    def best_received(self) -> Float[Array, " worlds"]:
        """The utility of the other side's best offer so far; minus infinity without one."""
        return best_offer(self.history, self.ranking.own, self.notes, "received")

    def _utility_at(self, turn: int) -> Float[Array, " worlds"]:
        package = self.history.offered_at(turn)
        utility = self.ranking.own.of(package, self.worlds)
        return np.where(package == NO_OFFER, -np.inf, utility)
