"""Which of the packages at the aspiration level to offer: the value of `talks.selection`.

All rules choose among the candidates: the first `count` packages of a side's own ranking, which are
those at least as good as its aspiration.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Int

from sim.arrays.axes import TIE, Array, stretch, take
from sim.arrays.logit import logistic
from sim.negotiators.history import NO_OFFER
from sim.negotiators.opponent_model import heights_of_levels, wishes_of_other
from sim.negotiators.situation import Situation
from sim.theory.learning import choice_probabilities

# So many worlds' candidates are weighed together, and fewer of very many: the tables stay small.
AT_ONCE, ENTRIES = 128, 2**18


def tradeoff(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """The candidate best for the other side, among equals the best for oneself (Faratin et al. 2002)."""
    return situation.ranking.tradeoff(count, situation.worlds)


def similar(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """The candidate most like the other side's last offer (Faratin et al. 2002), ties drawn.

    Before the other side has made an offer all candidates are equally similar.
    """
    ranking = situation.ranking
    row = ranking.own.rows(situation.worlds)
    cases = np.stack([row, count, situation.history.received], axis=-1)
    distinct, case_of = np.unique(cases, axis=0, return_inverse=True)
    alike = []
    for row, first, offer in distinct.tolist():
        names = ranking.order[row, :first]
        alike.append(names if offer == NO_OFFER else ranking.agenda.most_similar(offer, names))
    uniform = situation.uniform()
    drawn = [
        alike[c][int(u * len(alike[c]))] for c, u in zip(case_of.ravel(), uniform, strict=True)
    ]
    return np.array(drawn, dtype=np.intp)


def random_(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """Any of the tenth of the candidates (rounded up) that are worst for oneself, by equal chance."""
    tenth = -(-count // 10)
    position = count - tenth + (situation.uniform() * tenth).astype(np.intp)
    return situation.ranking.at(position, situation.worlds)


def cheapest(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """The candidate worth least to oneself, nearest to the aspiration (Faratin et al. 1998).

    Among equals it is the first in the order of enumeration.
    """
    ranking, worlds = situation.ranking, situation.worlds
    own = ranking.own
    more = own.of(ranking.at(count - 1, worlds), worlds) + TIE
    better = ranking.at_least(own.level(more, worlds), worlds)
    return ranking.at(np.where(more < take(own.best, worlds), better, 0), worlds)


def learned(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """The candidate best for the other side by what its offers tell (Hindriks and Tykhonov 2008).

    Which way it wants each issue to go is known, and what the issues weigh is learned from what it
    gives up first (`assumed_beta`, `learning_error`). Among equals it is the best for oneself.
    """
    ranking, position = situation.ranking, []
    heights = situation.notes.once(heights_of_levels, ranking.agenda)
    for some, candidates, among in _candidates(situation, count):
        wishes = wishes_of_other(situation.of(some))
        on_issues = zip(heights.T, wishes.T, strict=True)
        gain = sum(height[candidates] * stretch(wish) for height, wish in on_issues)
        gain = np.where(among, gain, -np.inf)
        position.append((gain >= gain.max(-1, keepdims=True) - TIE).argmax(-1))
    return ranking.at(np.concatenate(position), situation.worlds)


def logit(situation: Situation, count: Int[Array, " worlds"]) -> Int[Array, " worlds"]:
    """Any candidate, the likelier the more it promises (McKelvey and Palfrey 1998).

    Its odds are exp(`talks.precision` x what it is worth x the probability of a yes). A yes is as
    likely as in the acceptance rule `logit`, for a side that holds out for as much as its last offer
    is worth to it, or for its best package before its first offer.
    """
    ranking, worlds = situation.ranking, situation.worlds
    received, other = situation.history.received, ranking.other
    asked = np.where(received == NO_OFFER, take(other.best, worlds), other.of(received, worlds))
    precision = np.broadcast_to(situation.parameter("talks.precision"), worlds.shape)
    uniform, position = situation.uniform(), []
    for some, candidates, among in _candidates(situation, count):
        own, theirs = (side.of_each(candidates, worlds[some]) for side in (ranking.own, other))
        yes = logistic(stretch(precision[some]) * (theirs - stretch(asked[some])))
        chances = choice_probabilities(np.where(among, own * yes, -np.inf), precision[some])
        passed = np.cumsum(chances, axis=-1) <= stretch(uniform[some])
        position.append(np.minimum(passed.sum(-1), count[some] - 1))
    return ranking.at(np.concatenate(position), worlds)


def _candidates(
    situation: Situation, count: Int[Array, " worlds"]
) -> Iterator[tuple[Int[Array, " some"], Int[Array, "#some width"], Bool[Array, "some width"]]]:
    """A few worlds at a time: which, their packages in one's own order, and which are candidates."""
    ranking = situation.ranking
    at_once = max(1, min(AT_ONCE, ENTRIES // ranking.order.shape[-1]))
    for first in range(0, len(count), at_once):
        some = np.arange(first, min(first + at_once, len(count)))
        width = count[some].max()
        candidates = ranking.own.of_worlds(ranking.order[:, :width], situation.worlds[some])
        yield some, candidates, np.arange(width) < stretch(count[some])
