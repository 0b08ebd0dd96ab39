"""What two sides who take turns making offers agree on, at once, in the perfect equilibrium.

A pie of size 1 is divided; what is returned is the share of the side that makes the first offer,
and the responder has the rest. A discount factor, delta, is what a share one round later is worth
now, from 0 up to but not including 1; with a discount rate r and `delay` between offers it is
exp(-r * delay). Arguments are numbers or arrays that broadcast.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import brentq

Number = float | Float[np.ndarray, "..."]


def proposer_share(discount_proposer: Number, discount_responder: Number) -> Number:
    """Give the proposer's share when offers alternate without a deadline.

    It is (1 - delta_responder) / (1 - delta_proposer * delta_responder): the responder gets exactly
    what waiting to propose would be worth.

    Raises ValueError for a discount factor outside [0, 1). Source: Rubinstein (1982).
    """
    _check_discount("discount_proposer", discount_proposer)
    _check_discount("discount_responder", discount_responder)
    return (1 - discount_responder) / (1 - np.multiply(discount_proposer, discount_responder))


def proposer_share_in_rounds(
    rounds: int | Int[np.ndarray, "..."], discount_proposer: Number, discount_responder: Number
) -> Number:
    """Give the first proposer's share when the talks end, with nothing for both, after `rounds`.

    Whoever proposes last could take everything, so the share lies above that of `proposer_share` if
    `rounds` is odd and below it if even; what is left of the difference falls with
    (delta_proposer * delta_responder) ** (rounds // 2).

    Raises ValueError for less than one round or a discount factor outside [0, 1).
    Source: Ståhl (1972).
    """
    if np.any(np.less(rounds, 1)):
        raise ValueError(f"rounds is {rounds}: somebody must make an offer, so it is at least 1")
    both = np.multiply(discount_proposer, discount_responder) ** (rounds // 2)
    endless = proposer_share(discount_proposer, discount_responder)
    return endless * (1 - both) + both * (rounds % 2)


def proposer_share_given_outside_option(
    discount_proposer: Number, discount_responder: Number, outside_option: Number
) -> Number:
    """Give the proposer's share when the responder may leave for an `outside_option` instead.

    The option is a share of the pie, from 0 to 1, that the responder can take whenever it is asked
    to answer an offer (layoffs and Plan B, to the governor). It is worth nothing unless it is better
    than the agreement without it; then the responder gets exactly the option ("deal me out").

    Raises ValueError for an option outside [0, 1] or a discount factor outside [0, 1).
    Source: Shaked and Sutton (1984); Binmore, Shaked and Sutton (1989).
    """
    if not np.all(np.less_equal(0, outside_option) & np.less_equal(outside_option, 1)):
        raise ValueError(f"outside_option is {outside_option}: it is a share, from 0 to 1")
    without = proposer_share(discount_proposer, discount_responder)
    return np.minimum(without, np.subtract(1, outside_option))


def proposer_share_given_inside_options(
    rate_proposer: Number,
    rate_responder: Number,
    flow_proposer: Number,
    flow_responder: Number,
    delay: Number,
) -> Number:
    """Give the proposer's share when both sides have an income as long as they disagree.

    Rates of discount and flows of income (in pies) are per unit of time, and `delay` is the time
    between an offer and the next; a contract that goes on while the sides talk is such an income.
    Disagreement for ever is worth flow / rate, and the sides share what an agreement adds to it.

    Raises ValueError for rates or a delay that are not positive, or flows worth more than the pie.
    Source: Muthoo (1999), ch. 6.
    """
    _check_positive("delay", delay)
    power = proposer_share(
        _discount("rate_proposer", rate_proposer, delay),
        _discount("rate_responder", rate_responder, delay),
    )
    return split(power, flow_proposer / rate_proposer, flow_responder / rate_responder)


def proposer_share_given_breakdown(
    risk: Number, breakdown_proposer: Number, breakdown_responder: Number
) -> Number:
    """Give the proposer's share when patient talks break down with a `risk` after every refusal.

    The risk is a probability, above 0 and at most 1. After a breakdown the sides have
    `breakdown_proposer` and `breakdown_responder`, shares of the pie.

    Raises ValueError for a risk outside (0, 1], or breakdown shares of more than the pie together.
    Source: Binmore, Rubinstein and Wolinsky (1986).
    """
    go_on = np.subtract(1, risk)
    return split(proposer_share(go_on, go_on), breakdown_proposer, breakdown_responder)


def bargaining_power(rate: Number, other_rate: Number) -> Number:
    """Give the power of a side whose discount rate is `rate`: other_rate / (rate + other_rate).

    It is what `proposer_share` tends to, whoever proposes first, as the delay between offers
    vanishes: the weight theta of the side in the asymmetric Nash solution.

    Raises ValueError for a rate that is not positive.
    Source: Binmore, Rubinstein and Wolinsky (1986).
    """
    _check_positive("rate", rate)
    _check_positive("other_rate", other_rate)
    return other_rate / np.add(rate, other_rate)


def split(power: Number, disagreement: Number, other_disagreement: Number) -> Number:
    """Give a side its disagreement payoff and `power` times what an agreement adds to both sides'.

    The payoffs are shares of the pie: what inside options are worth, or what is left after a
    breakdown, but not outside options. The asymmetric Nash solution of a pie.

    Raises ValueError if the two payoffs are more than the pie: there is nothing to agree on.
    Source: Nash (1950); Binmore, Rubinstein and Wolinsky (1986).
    """
    surplus = 1 - np.add(disagreement, other_disagreement)
    if np.any(surplus < 0):
        raise ValueError(
            f"disagreement is worth {disagreement} and {other_disagreement}: more than the pie of "
            "1, so there is nothing to agree on"
        )
    return disagreement + power * surplus


def proposer_utility(
    discount_proposer: float,
    discount_responder: float,
    frontier: Callable[[float], float],
    best: float,
) -> float:
    """Give the proposer's utility when agreements lie on a curved Pareto frontier.

    `frontier(u)` is the most the responder can have if the proposer has u; it is concave and falls
    from u = 0 to 0 at `best`, the most the proposer can have. Both have 0 without an agreement. The
    responder gets what waiting to propose would be worth: frontier(u) =
    delta_responder * frontier(delta_proposer * u).

    Raises ValueError for a discount factor outside [0, 1), or a frontier that is not 0 at `best`.
    Source: Binmore, Rubinstein and Wolinsky (1986).
    """
    _check_discount("discount_proposer", discount_proposer)
    _check_discount("discount_responder", discount_responder)
    if abs(frontier(best)) > 1e-9:
        raise ValueError(
            f"frontier({best}) is {frontier(best)}: give as best the point where it is 0"
        )

    def responder_gains(utility):
        return frontier(utility) - discount_responder * frontier(discount_proposer * utility)

    return brentq(responder_gains, 0.0, best, xtol=1e-14)


def _discount(name, rate, delay):
    _check_positive(name, rate)
    return np.exp(-np.multiply(rate, delay))


def _check_positive(name, value):
    if not np.all(np.greater(value, 0)):
        raise ValueError(f"{name} is {value}: it is above 0")


def _check_discount(name, value):
    if not np.all(np.less_equal(0, value) & np.less(value, 1)):
        raise ValueError(f"{name} is {value}: a discount factor is at least 0 and below 1")
