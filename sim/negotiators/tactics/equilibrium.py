"""The tactic that looks ahead to the deadline and knows the other side (Ståhl 1972).

It plays the subgame-perfect equilibrium exactly where packages are offered by `tradeoff` and accepted by
`ac_next`: two such sides agree on the first offer, and one of them answers whatever the other does as is
best if the other is perfect from there on.
"""

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, take
from sim.negotiators.situation import Situation
from sim.theory.backward_induction import equilibrium


def subgame_perfect(situation: Situation) -> Float[Array, "#worlds"]:
    """Ask for what backward induction from the deadline brings, knowing what the other side wants.

    Known are what packages are worth to the other side, its discount factor, and the risk that the talks
    break down. Without an agreement the other side is taken to have 0, and this one its reservation
    value at its first turn: a side does not know how much more than nothing the other needs, and
    foresees no leak.
    """
    turn = situation.history.turn
    # At its first turn no offer has been answered, so all worlds that will ever ask are there.
    worlds, aspiration = situation.notes.once(_foresee, situation, at=turn % 2)
    now = take(aspiration[turn], np.searchsorted(worlds, situation.worlds))
    return np.maximum(now, situation.reservation)


def _foresee(
    situation: Situation,
) -> tuple[Int[Array, " worlds"], Float[Array, "turns #worlds"]]:
    """The worlds in which this side moves now, and its aspiration there at every turn."""
    worlds, history = situation.worlds, situation.history
    own, other = situation.ranking.own, situation.ranking.other
    first = own, situation.reservation, situation.own("discount_factor")
    second = other, np.zeros(1), situation.theirs("discount_factor")
    if history.turn % 2 == 1:
        first, second = second, first
    ahead = equilibrium(
        first[0].of_worlds(first[0].table, worlds),
        second[0].of_worlds(second[0].table, worlds),
        disagreement=(first[0].level(first[1], worlds), second[0].level(second[1], worlds)),
        discount=(first[2], second[2]),
        breakdown=situation.parameter("talks.breakdown"),
        rounds=history.rounds,
    )
    return worlds, situation.reservation + ahead.ask / take(own.scale, worlds)
