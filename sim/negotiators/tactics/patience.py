"""What waiting a turn costs: the same for every tactic."""

from jaxtyping import Float

from sim.arrays.axes import Array
from sim.negotiators.situation import Situation


def discounted(
    aspiration: Float[Array, "#worlds"], situation: Situation
) -> Float[Array, "#worlds"]:
    """What an ask that is met a turn later is worth now.

    What it brings above the reservation value is discounted (Rubinstein 1982), and lost if the talks
    break down meanwhile (Binmore, Rubinstein and Wolinsky 1986); what the turn itself costs, such as one on
    strike, is lost in any case.
    """
    left = situation.own("discount_factor") * (1 - situation.parameter("talks.breakdown"))
    later = aspiration - (1 - left) * (aspiration - situation.reservation)
    return later - situation.cost_of_this_turn()
