"""When to say yes: the value of `talks.acceptance` (Baarslag, Hindriks and Jonker 2014)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from sim.axes import Array

REACHED = 1e-12  # an offer this little below the aspiration is taken to reach it


@dataclass(frozen=True, eq=False)
class Received:
    """What a side weighs before it answers: all arrays are (worlds), utilities are its own.

    `offer` is the utility of the standing offer (minus infinity if there is none); `best_of_late()`
    looks up the best of the other side's offers in a window as long as the time that is left;
    `late` is whether the time has come to settle for that.
    """

    offer: Float[Array, " worlds"]
    aspiration: Float[Array, "#worlds"]
    reservation: Float[Array, "#worlds"]
    best_of_late: Callable[[], Array]
    late: Bool[Array, "#worlds"]


def ac_next(received: Received) -> Bool[Array, " worlds"]:
    """Yes to an offer at least as good as what one would ask for next."""
    return received.offer >= received.aspiration - REACHED


def ac_combi(received: Received) -> Bool[Array, " worlds"]:
    """As AC_next; and late in the talks, yes to the best offer of late (AC_combi with MAX^W).

    Never below the reservation value.
    """
    settle = received.late & (received.offer >= received.best_of_late() - REACHED)
    bearable = received.offer >= received.reservation - REACHED
    return ac_next(received) | (settle & bearable & np.isfinite(received.offer))
