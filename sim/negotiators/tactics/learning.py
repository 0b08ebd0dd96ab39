"""A tactic that learns from the other side's offers what it would settle for."""

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import TIE, Array, stretch, take
from sim.negotiators.opponent_model import RESERVATIONS, reservation_of_other
from sim.negotiators.situation import Ranking, Situation
from sim.negotiators.tactics.clock import aspiration, polynomial_concession


def bayesian(situation: Situation) -> Float[Array, "#worlds"]:
    """Give way by the clock (`beta`), down to the best ask that the other side is believed to bear.

    After Zeng and Sycara (1998). What packages are worth to the other side is known; its reservation
    value is learned from its offers, taken to give way with the exponent `assumed_beta` but for an
    error (`learning_error`). The ask to come down to brings the most, above one's own reservation
    value, times the probability that the other side can bear it. It is reached with the last offer
    that can be answered; at the deadline itself all one can do is to take what one can bear.
    """
    history, reservation = situation.history, situation.reservation
    if history.turn == history.rounds:
        return reservation
    asks = take(
        situation.notes.once(_best_asks, situation.ranking, len(history.offers)),
        situation.worlds,
    )
    borne = np.cumsum(reservation_of_other(situation), axis=-1)
    best = ((asks - stretch(reservation)) * borne).argmax(-1)
    target = np.take_along_axis(asks, stretch(best), axis=-1).squeeze(-1)
    concession = polynomial_concession(
        (history.turn + 1) / history.rounds,
        situation.own("beta"),
        situation.own("first_concession"),
    )
    return aspiration(concession, np.maximum(target, reservation))


def _best_asks(ranking: Ranking, worlds: int) -> Float[Array, "worlds reservations"]:
    """The most one can have, in each world, if the other side needs each of `RESERVATIONS`."""
    theirs = Ranking(ranking.agenda, ranking.other, ranking.own)
    every = np.arange(worlds)
    best, row = theirs.best_for_other, theirs.both.rows(every)
    levels = (theirs.own.level(np.array([least - TIE]), every) for least in RESERVATIONS)
    entries = [best[row, theirs.at_least(level, every) - 1] for level in levels]
    own = ranking.own
    shift, scale = take(own.shift, every), take(own.scale, every)
    return (np.stack(entries, axis=-1) + stretch(shift)) / stretch(scale)
