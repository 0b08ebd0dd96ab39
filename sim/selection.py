"""Which of the packages at the aspiration level to offer: the value of `talks.selection`.

All rules choose among the candidates: the first `count` packages of a side's own ranking, which are
those at least as good as its aspiration.
"""

import numpy as np
from jaxtyping import Int

from sim.axes import TIE, Array, count_below, rows
from sim.situation import Situation
from sim.table import NO_OFFER


def tradeoff(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """The candidate best for the other side, among equals the best for oneself (Faratin et al. 2002)."""
    best = situation.ranking.best_for_other
    row = rows(best, situation.worlds)
    wanted = best[row, count - 1] - TIE
    return situation.ranking.at(count_below(best, row, wanted), situation.worlds)


def similar(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """The candidate most like the other side's last offer (Faratin et al. 2002), ties drawn.

    Before the other side has made an offer all candidates are equally similar.
    """
    ranking = situation.ranking
    row = rows(ranking.order, situation.worlds)
    cases = np.stack([row, count, situation.table.received], axis=-1)
    distinct, case_of = np.unique(cases, axis=0, return_inverse=True)
    alike = []
    for row, first, offer in distinct.tolist():
        names = ranking.order[row, :first]
        alike.append(names if offer == NO_OFFER else ranking.agenda.most_similar(offer, names))
    luck = situation.luck()
    drawn = [alike[c][int(u * len(alike[c]))] for c, u in zip(case_of.ravel(), luck, strict=True)]
    return np.array(drawn, dtype=np.intp)


def random(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """Any of the tenth of the candidates (rounded up) that are worst for oneself, by equal chance."""
    tenth = -(-count // 10)
    position = count - tenth + (situation.luck() * tenth).astype(np.intp)
    return situation.ranking.at(position, situation.worlds)
