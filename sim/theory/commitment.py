"""What a public demand, or a public threat, is worth if going back on it is costly.

The issue is a pie of size 1, shared by two negotiators. Numbers or arrays that broadcast, unless a
function says otherwise.
"""

import numpy as np
from jaxtyping import Bool, Float

Number = float | Float[np.ndarray, "..."]
YesOrNo = bool | np.bool_ | Bool[np.ndarray, "..."]


def committed_share(own_cost: Number, other_cost: Number) -> Number:
    """Give the share of a negotiator who first demands in public and then bargains.

    Taking less than one demanded costs the negotiator `own_cost` per unit of the retreat, and the
    other `other_cost`. In equilibrium the two demands fit together, so nobody retreats, and what it
    would cost decides: (1 + own_cost) / (2 + own_cost + other_cost).

    Raises ValueError for a negative cost. Source: Muthoo (1996).
    """
    _check_cost("own_cost", own_cost)
    _check_cost("other_cost", other_cost)
    return (1 + own_cost) / (2 + own_cost + other_cost)


def sure_demand(cost: Number) -> Number:
    """Give the largest public demand of one patient negotiator that the silent other is sure to meet.

    Settling below it costs `cost`, whatever the size of the retreat. Bargaining without meeting the
    demand would leave 1 - cost to share equally, so the other gives up to (1 + cost) / 2, and the
    whole pie from a cost of 1 on.

    Raises ValueError for a negative cost.
    Source: derived here, after Leventoglu and Tarar (2005).
    """
    _check_cost("cost", cost)
    return np.minimum((1 + cost) / 2, 1)


def public_demand_payoffs(cost: float) -> Float[np.ndarray, "2 2"]:
    """Give what a negotiator expects if it and the other keep silent (0) or demand in public (1).

    Rows are its own choice, columns the other's; the game is symmetric. A demand is `sure_demand`.
    Two demands do not fit together: each side is as likely as the other to be the one that gives
    way and pays `cost`. Demanding is never worse whatever the other does and better if the other is
    silent, yet both are better off if both are silent: a prisoner's dilemma, and a reason for secret
    talks.

    Raises ValueError for a cost outside 0 to 1/3: beyond, no agreement beats giving way.
    Source: derived here, after Leventoglu and Tarar (2005).
    """
    if not 0 <= cost <= 1 / 3:
        raise ValueError(f"cost is {cost}: it is from 0 to 1/3, else no agreement beats giving way")
    demand = sure_demand(cost)
    gives_way = 1 - demand - cost
    return np.array([[1 / 2, 1 - demand], [demand, (demand + gives_way) / 2]])


def deal_exists(
    audience_cost_governor: Number, audience_cost_coalition: Number, secrecy: Number
) -> YesOrNo:
    """Tell whether some division is acceptable to two negotiators who each demanded all of the pie.

    Retreating costs A = audience cost x (1 - secrecy) per unit, so each accepts no less than
    A / (1 + A). The two reservations leave room for a deal if the product of the two A is at most 1.

    Raises ValueError for a negative audience cost.
    Source: derived here, after Muthoo (1996) and Leventoglu and Tarar (2005).
    """
    _check_cost("audience_cost_governor", audience_cost_governor)
    _check_cost("audience_cost_coalition", audience_cost_coalition)
    seen = 1 - secrecy
    return audience_cost_governor * seen * (audience_cost_coalition * seen) <= 1


def loss_that_moves(stake: Number, credibility: Number, humiliation: Number = 0.0) -> Number:
    """Give the smallest loss with which a threat makes its target concede.

    Conceding costs the target the `stake`, and `humiliation` on top if the threat was public;
    resisting costs it the loss if the threat is carried out, which it believes with probability
    `credibility`. All costs are in one unit. Publicity raises credibility and humiliation alike: a
    private threat works at least as well if publicity raises credibility by no larger a factor than
    the cost of conceding. Beliefs are taken as given.

    Raises ValueError for a credibility outside (0, 1].
    Source: derived here, after Kurizaki (2007).
    """
    if not np.all(np.greater(credibility, 0) & np.less_equal(credibility, 1)):
        raise ValueError(f"credibility is {credibility}: it is a probability above 0")
    return (stake + humiliation) / credibility


def _check_cost(name, value):
    if np.any(np.less(value, 0)):
        raise ValueError(f"{name} is {value}: a cost is 0 or more")
