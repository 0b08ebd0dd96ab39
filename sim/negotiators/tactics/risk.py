"""The tactic that weighs risks (Zeuthen 1930; Harsanyi 1956).

It is the sufficient concession of the monotonic concession protocol (Rosenschein and Zlotkin 1994). A
side's risk is the largest probability of no agreement that it would bear rather than take what the
other side offers. The side that can bear less gives way, by the least that turns this around. It has to
know what packages are worth to the other side. Utilities are gains over no agreement (0).
"""

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import TIE, Array, stretch, take
from sim.negotiators.situation import Ranking, Situation


def zeuthen(situation: Situation) -> Float[Array, " worlds"]:
    """Give way by the least that makes the other side's risk the smaller one, if it is not.

    At equal risks the side whose turn it is gives way. Where no package is left that would do, the
    other side's offer is as good as any, and is what one asks for. A side begins with its best, and
    takes back nothing.

    When both sides do so, with trade-off offers and turns enough, they agree on the largest product of
    their gains: a side that gives way goes to a larger product than that of the other's offer, and, as
    long as that is not the largest, never needs to ask for less than the largest gives it.
    """
    own, other, worlds = situation.ranking.own, situation.ranking.other, situation.worlds
    efficient = situation.notes.once(_efficient, situation.ranking)
    sufficient = sufficient_ask(
        own.all_packages(efficient, worlds),
        other.all_packages(efficient, worlds),
        situation.received(),
        other.of(situation.history.received, worlds),
    )
    last, best = situation.made(), take(own.best, worlds)
    ask = np.where(np.isfinite(last), np.minimum(last, sufficient), best)
    return np.maximum(ask, situation.reservation)


def sufficient_ask(
    own: Float[Array, "#worlds packages"],
    other: Float[Array, "#worlds packages"],
    offered: Float[Array, " worlds"],
    kept: Float[Array, " worlds"],
) -> Float[Array, " worlds"]:
    """The most a side can ask for so that its risk is larger than the other's.

    The other side's offer gives it `offered`, and would leave `kept` to the other; it is what to ask for
    where no package makes the risk larger.
    """
    mine = risk(own, stretch(offered))
    theirs = risk(stretch(kept), other)
    sufficient = (own > 0) & (mine > theirs + TIE)
    most = np.where(sufficient, own, -np.inf).max(-1)
    return np.where(np.isfinite(most), most, offered)


def risk(
    own: Float[Array, "#worlds #packages"], other: Float[Array, "#worlds #packages"]
) -> Float[Array, "#worlds #packages"]:
    """The share of the gain from one's own offer that is lost by taking the other side's, in [0, 1].

    1 where one's own offer gains nothing, and no agreement is as good as the other's where that loses.
    """
    gains = own > 0
    taken = np.maximum(other, 0.0)
    return np.where(gains, np.maximum(own - taken, 0.0) / np.where(gains, own, 1.0), 1.0)


def _efficient(ranking: Ranking) -> Int[Array, " efficient"]:
    """The packages on the Pareto frontier of some world: no others need be asked for."""
    return np.flatnonzero(ranking.both.frontier.any(0))
