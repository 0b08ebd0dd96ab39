"""Why agreements come at the deadline, or not at all: three reasons, each with its own game.

Posted demands that neither side can retreat from at a loss of face, optimism about who will have
the last word, and offers that commit whoever refuses them.
"""

import numpy as np
from jaxtyping import Float, Int

Number = float | Float[np.ndarray, "..."]
Date = int | np.integer | Int[np.ndarray, "..."]


def concession_at_deadline(demand: Number, obstinate: Number) -> Number:
    """Give the probability that a side concedes when only the last instant is left.

    Each side has publicly demanded the share `demand` of a pie, above one half and up to 1, and
    holds out whatever happens with probability `obstinate`. Whoever concedes to a side that holds
    has 1 - demand, two who concede have one half each, two who hold have nothing. In the symmetric
    equilibrium a side that is free to choose is indifferent if the other concedes with probability
    2 * (1 - demand), and prefers to concede if the other's obstinacy does not leave that much.

    Raises ValueError for a demand outside (1/2, 1] or a probability outside [0, 1].
    Source: derived here, after Fanning (2016): the last instant of obstinate types at a deadline.
    """
    if not np.all(np.less(0.5, demand) & np.less_equal(demand, 1)):
        raise ValueError(f"demand is {demand}: it is above one half, and at most the pie of 1")
    if not np.all(np.less_equal(0, obstinate) & np.less_equal(obstinate, 1)):
        raise ValueError(f"obstinate is {obstinate}: a probability lies from 0 to 1")
    return np.minimum(2 * np.subtract(1, demand), np.subtract(1, obstinate))


def missed_deadline_probability(demand: Number, obstinate: Number) -> Number:
    """Give the probability that both sides hold out and the deadline passes without an agreement.

    Arguments and errors as in `concession_at_deadline`; with little obstinacy it is
    (2 * demand - 1) ** 2. Source: derived here, after Fanning (2016).
    """
    return (1 - concession_at_deadline(demand, obstinate)) ** 2


def agreement_date(deadline: Date, discount: Number, optimism: Number) -> Date:
    """Give the date, from 0 to `deadline`, at which two optimists agree.

    At each date one of them is drawn to make an offer, and each believes that it will be drawn with
    a probability that is too high: the two beliefs add up to 1 + `optimism`. What they expect of the
    last date adds up to as much. They wait for it if discount ** deadline * (1 + optimism) is more
    than the pie of 1, and otherwise agree at once.

    Raises ValueError for a negative deadline, a discount factor outside (0, 1) or an optimism
    outside [0, 1]. Source: Yildiz (2004), with a firm deadline.
    """
    if np.any(np.less(deadline, 0)):
        raise ValueError(f"deadline is {deadline}: dates are counted from 0")
    _check_discount(discount)
    if not np.all(np.less_equal(0, optimism) & np.less_equal(optimism, 1)):
        raise ValueError(f"optimism is {optimism}: two probabilities exceed 1 by 0 to 1")
    return deadline * (np.power(discount, deadline) * np.add(1, optimism) > 1)


def waiting_threshold(periods: int, steps: int = 100) -> float:
    """Give the discount factor above which two who commit by refusing agree only at the deadline.

    The game as in `pie_left`. For two periods it is 3 - sqrt(5), but for the grid of shares.

    Raises ValueError for less than two periods. Source: Fershtman and Seidmann (1993).
    """
    if periods < 2:
        raise ValueError(f"periods is {periods}: to wait takes at least 2")
    from scipy.optimize import bisect

    def saved_by_not_waiting(discount):
        rounding = 1e-9
        return pie_left(periods, discount, steps) - discount ** (periods - 1) - rounding

    return bisect(saved_by_not_waiting, 0.01, 0.99, xtol=1e-4)


def pie_left(periods: int, discount: float, steps: int = 100) -> float:
    """Give what delay leaves of the pie, in expectation, to two who commit by refusing.

    In each of `periods` one of two sides is drawn by the toss of a coin to make an offer, and
    whoever refuses an offer can never again accept less. A period's delay leaves the share
    `discount` of the pie: the result is 1 if they agree at once, discount ** (periods - 1) if they
    wait for the deadline. Offers are multiples of 1 / `steps`; backward induction over all offers
    and all pairs of commitments.

    Raises ValueError for less than one period or a discount factor outside (0, 1).
    Source: Fershtman and Seidmann (1993).
    """
    if periods < 1:
        raise ValueError(f"periods is {periods}: an offer takes at least 1")
    _check_discount(discount)
    own, other = np.ogrid[: steps + 1, : steps + 1]
    # At the last chance whoever responds gets exactly what it is committed to.
    value = (1 + (own - other) / steps) / 2
    for _ in range(1, periods):
        value = _one_period_earlier(discount * value)
    return float(2 * value[0, 0])


def _one_period_earlier(later: Float[np.ndarray, "own other"]) -> Float[np.ndarray, "own other"]:
    """Give what a side expects before the draw, by what it and the other are committed to.

    `later` is the present value of going on, likewise; commitments are counted in steps.
    """
    steps = len(later) - 1
    proposer, responder, offer = np.ogrid[: steps + 1, : steps + 1, : steps + 1]
    accepted = (offer >= responder) & (offer / steps >= later[offer, proposer])
    committed = np.maximum(responder, offer)
    to_proposer = np.where(accepted, 1 - offer / steps, later[proposer, committed])
    to_responder = np.where(accepted, offer / steps, later[committed, proposer])
    best = to_proposer.argmax(-1, keepdims=True)
    proposes = np.take_along_axis(to_proposer, best, -1).squeeze(-1)
    responds = np.take_along_axis(to_responder, best, -1).squeeze(-1)
    return (proposes + responds.T) / 2


def _check_discount(discount):
    if not np.all(np.less(0, discount) & np.less(discount, 1)):
        raise ValueError(f"discount is {discount}: a discount factor here lies between 0 and 1")
