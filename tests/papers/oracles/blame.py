"""Why a governor may make an offer that is meant to be refused: the public is watching.

A public that does not know the least share that the coalition can accept believes it is uniform
from `lowest` to `highest`. It takes offers at face value: a refusal says that the least share is
larger than the offer, an acceptance that it is not. The governor gains approval as the public comes
to expect a larger least share, which makes the coalition look extreme, and loses it as the public
expects a smaller one. Both negotiators know the least share, and the coalition, which does not
care for its looks, refuses whatever is below it.

Shares are of a pie of size 1. Numbers or arrays that broadcast.
"""

import numpy as np
from jaxtyping import Bool, Float

Number = float | Float[np.ndarray, "..."]
YesOrNo = bool | np.bool_ | Bool[np.ndarray, "..."]


def expected_after_refusal(offer: Number, lowest: Number, highest: Number) -> Number:
    """Give the least share the public expects of a coalition that has refused `offer`.

    The more generous the offer, the more extreme the coalition looks. An offer outside the range
    says what the nearest one inside says.

    Raises ValueError if `lowest` is above `highest`.
    Source: derived here by Bayes' rule, after Groseclose and McCarty (2001).
    """
    _check_range(lowest, highest)
    return (np.clip(offer, lowest, highest) + highest) / 2


def expected_after_acceptance(offer: Number, lowest: Number, highest: Number) -> Number:
    """Give the least share the public expects of a coalition that has accepted `offer`.

    An offer outside the range says what the nearest one inside says.

    Raises ValueError if `lowest` is above `highest`.
    Source: derived here by Bayes' rule, after Groseclose and McCarty (2001).
    """
    _check_range(lowest, highest)
    return (lowest + np.clip(offer, lowest, highest)) / 2


def refusal_pays(
    surplus: Number, approval_weight: Number, lowest: Number, highest: Number, secrecy: Number
) -> YesOrNo:
    """Tell whether the governor prefers an offer just short of what the coalition would accept.

    `surplus` is what the governor would gain from the best deal that the coalition accepts,
    compared with no deal, before approval. `approval_weight` is what it gains if the public expects
    a coalition that needs one whole pie more. The public sees the offer and the answer with
    probability 1 - `secrecy`; otherwise it expects what it expected before.

    Refused or accepted, the offer is nearly the same, and what the public expects afterwards
    differs by (highest - lowest) / 2. So the governor wants a refusal if approval_weight x
    (1 - secrecy) x (highest - lowest) / 2 exceeds the surplus. A public that is not uncertain gives
    no reason to.

    Raises ValueError if `lowest` is above `highest`, or for a weight outside 0 to 2: beyond, the
    governor would grant more than the coalition needs so that it looks less moderate.
    Source: derived here, after Groseclose and McCarty (2001).
    """
    if np.any(np.less(approval_weight, 0) | np.greater(approval_weight, 2)):
        raise ValueError(f"approval_weight is {approval_weight}: it is from 0 to 2")
    _check_range(lowest, highest)
    return approval_weight * (1 - secrecy) * (highest - lowest) / 2 > surplus


def _check_range(lowest, highest):
    if np.any(np.greater(lowest, highest)):
        raise ValueError(f"lowest is {lowest} and highest is {highest}: lowest is not the larger")
