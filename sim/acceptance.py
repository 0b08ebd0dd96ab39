"""When to say yes: the value of `talks.acceptance` (Baarslag, Hindriks and Jonker 2014).

A rule looks at a side's situation and at what it aspires to at this turn: what it would ask for next.
"""

import numpy as np
from jaxtyping import Bool, Float

from sim.axes import Array
from sim.situation import Situation

REACHED = 1e-12  # an offer this little below the aspiration is taken to reach it


def ac_next(situation: Situation, aspiration: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    """Yes to an offer at least as good as what one would ask for next."""
    return situation.received() >= aspiration - REACHED


def ac_combi(situation: Situation, aspiration: Float[Array, "#worlds"]) -> Bool[Array, " worlds"]:
    """As AC_next; and late in the talks, yes to the best offer of late (AC_combi with MAX^W).

    Never below the reservation value.
    """
    offer, table = situation.received(), situation.table
    late = table.time >= situation.parameter("talks.acceptance_from")
    window = max(1, (table.rounds - table.turn + 1) // 2)
    best_of_late = np.max([situation.received(back + 1) for back in range(window)], axis=0)
    bearable = (offer >= situation.reservation - REACHED) & np.isfinite(offer)
    settle = late & bearable & (offer >= best_of_late - REACHED)
    return ac_next(situation, aspiration) | settle
