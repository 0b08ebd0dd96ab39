"""Which of the packages at the aspiration level to offer: the value of `talks.selection`.

All rules choose among the candidates: the packages at least as good as one's aspiration, which are
the first ones of one's own ranking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from sim.agenda import Agenda
from sim.axes import TIE, Array, count_at_most, count_below, rows
from sim.table import NO_OFFER
from sim.utility import Valuation


@dataclass(frozen=True, eq=False)
class Ranking:
    """Packages from best to worst for oneself, beside what one thinks they are worth to the other side."""

    agenda: Agenda
    own: Valuation
    other: Float[Array, "#worlds packages"]

    @property
    def order(self) -> Int[Array, "#worlds packages"]:
        """Package numbers, best for oneself first."""
        return self.own.order

    @cached_property
    def best_for_other(self) -> Float[Array, "rows packages"]:
        """The most the other side could get from the first 1, 2, ... packages of the order."""
        other, order = np.broadcast_arrays(self.other, self.order)
        return np.maximum.accumulate(np.take_along_axis(other, order, axis=-1), axis=-1)

    @cached_property
    def _descent(self) -> Float[Array, "#worlds packages"]:
        return -np.take_along_axis(self.own.table, self.order, axis=-1)

    def at_least(
        self, level: Float[Array, "#chosen"], worlds: Int[Array, " chosen"]
    ) -> Int[Array, " chosen"]:
        """How many packages reach a level of one's own table; the best one always counts."""
        return np.maximum(count_at_most(self._descent, rows(self._descent, worlds), -level), 1)

    def at(
        self, position: Int[Array, " chosen"], worlds: Int[Array, " chosen"]
    ) -> Int[Array, " chosen"]:
        """The package at a position of the order."""
        return self.order[rows(self.order, worlds), position]


@dataclass(frozen=True, eq=False)
class Candidates:
    """What a side may offer in the chosen worlds: the first `count` packages of its ranking.

    `received` is the other side's last offer (NO_OFFER before the first); `luck()` gives a uniform
    draw a world to rules that want one.
    """

    ranking: Ranking
    count: Int[Array, " chosen"]
    received: Int[Array, " chosen"]
    luck: Callable[[], Array]
    worlds: Int[Array, " chosen"]


def tradeoff(candidates: Candidates) -> Int[Array, " chosen"]:
    """The candidate best for the other side, among equals the best for oneself (Faratin et al. 2002)."""
    best = candidates.ranking.best_for_other
    row = rows(best, candidates.worlds)
    wanted = best[row, candidates.count - 1] - TIE
    return candidates.ranking.at(count_below(best, row, wanted), candidates.worlds)


def similar(candidates: Candidates) -> Int[Array, " chosen"]:
    """The candidate most like the other side's last offer (Faratin et al. 2002), ties drawn.

    Before the other side has made an offer all candidates are equally similar.
    """
    ranking = candidates.ranking
    row = rows(ranking.order, candidates.worlds)
    cases = np.stack([row, candidates.count, candidates.received], axis=-1)
    distinct, case_of = np.unique(cases, axis=0, return_inverse=True)
    alike = []
    for row, count, offer in distinct.tolist():
        names = ranking.order[row, :count]
        alike.append(names if offer == NO_OFFER else ranking.agenda.most_similar(offer, names))
    luck = candidates.luck()
    drawn = [alike[c][int(u * len(alike[c]))] for c, u in zip(case_of.ravel(), luck, strict=True)]
    return np.array(drawn, dtype=np.intp)


def random(candidates: Candidates) -> Int[Array, " chosen"]:
    """Any of the tenth of the candidates (rounded up) that are worst for oneself, by equal chance."""
    tenth = -(-candidates.count // 10)
    position = candidates.count - tenth + (candidates.luck() * tenth).astype(np.intp)
    return candidates.ranking.at(position, candidates.worlds)
