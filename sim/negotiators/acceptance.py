"""When to say yes: the value of `talks.acceptance` (Baarslag, Hindriks and Jonker 2014).

A rule looks at a side's situation and at what it aspires to at this turn: what it would ask for next.
None says yes to less than the reservation value.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float

from sim.arrays.axes import Array
from sim.arrays.logit import logistic
from sim.negotiators.situation import Situation

REACHED = 1e-12  # an offer this little below the aspiration is taken to reach it


def ac_next(situation: Situation, aspiration: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    """Yes to an offer at least as good as what one would ask for next (AC_next).

    The offer's worth is first multiplied by `talks.acceptance_scale` (a) and raised by
    `talks.acceptance_shift` (b).
    """
    scale = situation.parameter("talks.acceptance_scale")
    shift = situation.parameter("talks.acceptance_shift")
    enough = scale * situation.received() + shift >= aspiration - REACHED
    return enough & _bearable(situation)


def ac_combi(situation: Situation, aspiration: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    """As AC_next; and late in the talks, yes to the best offer of late (AC_combi with MAX^W).

    The window of late reaches back as long as the time that is left.
    """
    return ac_next(situation, aspiration) | _settles_late(situation, _best_of_late)


def ac_combi_average(
    situation: Situation, aspiration: Float[Array, "#worlds"]
) -> Bool[Array, " worlds"]:
    """As AC_next; and late in the talks, yes to the average offer of late (AC_combi with AVG^W)."""
    return ac_next(situation, aspiration) | _settles_late(situation, _average_of_late)


def ac_combi_best(
    situation: Situation, aspiration: Float[Array, "#worlds"]
) -> Bool[Array, " worlds"]:
    """As AC_next; and late in the talks, yes to the best offer so far (AC_combi with MAX^T)."""
    return ac_next(situation, aspiration) | _settles_late(situation, Situation.best_received)


def ac_const(situation: Situation, aspiration: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    """Yes to an offer worth at least `talks.acceptance_level`, whatever one aspires to (AC_const)."""
    return _settles(situation, situation.parameter("talks.acceptance_level"))


def ac_time(situation: Situation, aspiration: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    """Late in the talks, yes to any offer one can live with, and before to none (AC_time)."""
    return _settles_late(situation, lambda seen: seen.reservation)


def logit(situation: Situation, aspiration: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    """Yes, the likelier the more an offer is worth above what one aspires to (McKelvey and Palfrey 1998).

    The probability is that of logit choice between the two, with the precision `talks.precision`.
    """
    bearable = _bearable(situation)
    better = np.where(bearable, situation.received(), 0.0) - aspiration
    chance = logistic(situation.parameter("talks.precision") * better)
    return bearable & (situation.uniform() < chance)


def _settles_late(
    situation: Situation, level: Callable[[Situation], Float[Array, "#worlds"]]
) -> Bool[Array, " worlds"]:
    """From `talks.acceptance_from` on, yes to an offer worth this level."""
    late = situation.history.time >= situation.parameter("talks.acceptance_from")
    if not late.any():
        return np.zeros(len(situation.worlds), dtype=bool)
    return late & _settles(situation, level(situation))


def _settles(situation: Situation, level: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    return (situation.received() >= level - REACHED) & _bearable(situation)


def _bearable(situation: Situation) -> Bool[Array, " worlds"]:
    """Whether there is an offer, and no worse than the reservation value."""
    offer = situation.received()
    return (offer >= situation.reservation - REACHED) & np.isfinite(offer)


def _best_of_late(situation: Situation) -> Float[Array, " worlds"]:
    return _of_late(situation).max(-1)


def _average_of_late(situation: Situation) -> Float[Array, " worlds"]:
    offers = _of_late(situation)
    made = np.isfinite(offers)
    return np.where(made, offers, 0.0).sum(-1) / np.maximum(made.sum(-1), 1)


def _of_late(situation: Situation) -> Float[Array, "worlds offers"]:
    """The worths of as many offers as the other side can still make, of the last one at least."""
    history = situation.history
    return situation.received_of_late(max((history.rounds - history.turn + 1) // 2, 1))
