"""What people refuse because it seems unfair, and what two ideas of fairness do to a bargain.

The issue is a pie of size 1, shared by two. Numbers or arrays that broadcast.
"""

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import ndtr

Number = float | Float[np.ndarray, "..."]
YesOrNo = bool | np.bool_ | Bool[np.ndarray, "..."]


def inequality_averse_utility(own: Number, other: Number, envy: Number, guilt: Number) -> Number:
    """Give the utility of a division to someone who dislikes having less, or more, than the other.

    own - alpha * max(other - own, 0) - beta * max(own - other, 0), where alpha is `envy` and beta
    `guilt`: utility per unit of the difference.

    Source: Fehr and Schmidt (1999).
    """
    return own - envy * np.maximum(other - own, 0) - guilt * np.maximum(own - other, 0)


def rejection_threshold(envy: Number) -> Number:
    """Give the share below which a responder would rather have nothing than be unequal.

    It is envy / (1 + 2 * envy), below one half however large the envy is.

    Raises ValueError for a negative envy. Source: Fehr and Schmidt (1999).
    """
    if np.any(np.less(envy, 0)):
        raise ValueError(f"envy is {envy}: it is 0 or more")
    return envy / (1 + 2 * envy)


def best_offer(responder_envy: Number, proposer_guilt: Number) -> Number:
    """Give the share that a proposer offers to a responder who may refuse, both left with nothing.

    A proposer with a guilt above one half shares equally; any other offers just enough
    (`rejection_threshold`). At exactly one half it is indifferent and keeps what it can.

    Raises ValueError for a negative envy or a guilt outside [0, 1).
    Source: Fehr and Schmidt (1999).
    """
    if not np.all(np.greater_equal(proposer_guilt, 0) & np.less(proposer_guilt, 1)):
        raise ValueError(f"proposer_guilt is {proposer_guilt}: it is at least 0 and below 1")
    wants_equality = np.greater(proposer_guilt, 1 / 2)
    return np.maximum(wants_equality / 2, rejection_threshold(responder_envy))


def settles(bias: Number, own_cost: Number, other_cost: Number) -> YesOrNo:
    """Tell whether two sides with self-serving ideas of fairness can agree.

    What the two think fair for themselves adds up to 1 + `bias`. Each takes less than it thinks
    fair by no more than a disagreement would cost it. So some division suits both if the bias is at
    most the sum of the costs. All are shares of the pie.

    Source: derived here, after Babcock and Loewenstein (1997).
    """
    return bias <= own_cost + other_cost


def impasse_probability(
    mean_bias: Number, spread: Number, own_cost: Number, other_cost: Number
) -> Number:
    """Give the probability that two sides do not settle if their bias is normal.

    `spread` is the standard deviation of the bias; all are shares of the pie. See `settles`.

    Raises ValueError unless `spread` is positive.
    Source: derived here, after Babcock and Loewenstein (1997).
    """
    if not np.all(np.greater(spread, 0)):
        raise ValueError(f"spread is {spread}: a standard deviation is above 0")
    return ndtr((mean_bias - own_cost - other_cost) / spread)
