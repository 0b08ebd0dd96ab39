"""What two negotiators agree on when constituents must ratify it.

The issue is the coalition's share of a pie of size 1; the governor has the rest. Constituents
ratify nothing that gives their side less than its reservation, so the win-set is the range of
shares between the two reservations (Putnam 1988). Numbers or arrays that broadcast.
"""

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr, ndtri

Number = float | Float[np.ndarray, "..."]


def ratifiable_share(
    discount_factor: Number, least_governor: Number, least_coalition: Number
) -> Number:
    """Give the coalition's share if two negotiators alternate offers within the win-set.

    The governor proposes first and both discount a round by `discount_factor`; 1 gives the limit
    of offers without delay, an equal split as far as the win-set allows. `least_governor` and
    `least_coalition` are the shares that each side's constituents insist on. A constraint that does
    not bind changes nothing; one that binds helps the side that it binds.

    Raises ValueError if the constituents together insist on more than the pie.
    Source: Schelling (1960); after Tarar (2001), on the game of Rubinstein (1982).
    """
    if np.any(np.add(least_governor, least_coalition) > 1):
        raise ValueError(
            f"least_governor is {least_governor} and least_coalition is {least_coalition}: "
            "together they are at most 1, else nothing can be ratified"
        )
    ceiling = discount_factor * np.subtract(1, least_governor)
    unconstrained = discount_factor / np.add(1, discount_factor)
    return np.maximum(least_coalition, np.minimum(unconstrained, ceiling))


def offer_under_doubt(lowest: Number, highest: Number, fallback: Number) -> Number:
    """Give the governor's best take-it-or-leave-it offer if it does not know what would be ratified.

    The least share that the coalition's constituents ratify is uniform from `lowest` to `highest`;
    `fallback` is the governor's share of a pie of 1 if they reject. The offer weighs a larger share
    against a larger risk: (1 - fallback + lowest) / 2, kept from `lowest` to `highest`.

    Raises ValueError unless `lowest` is below `highest`.
    Source: derived here, after Iida (1993).
    """
    _check_range(lowest, highest)
    return np.clip((1 - fallback + lowest) / 2, lowest, highest)


def ratification_probability(offer: Number, lowest: Number, highest: Number) -> Number:
    """Give the probability that an offer is ratified: the rest is involuntary defection.

    `offer` is a share; the least share that is ratified is uniform from `lowest` to `highest`.

    Raises ValueError unless `lowest` is below `highest`.
    Source: after Iida (1993); Putnam (1988) for the term.
    """
    _check_range(lowest, highest)
    return np.clip((offer - lowest) / (highest - lowest), 0, 1)


def offer_for_quota(mean: Number, spread: Number, quota: Number) -> Number:
    """Give the share that the coalition must get for just a `quota` of its members to say yes.

    Members' reservations are normal with this mean and standard deviation, `spread`. The larger the
    quota above one half, the more the negotiators must concede: as `least_coalition` of
    `ratifiable_share` it makes a supermajority a commitment.

    Raises ValueError unless the quota is strictly between 0 and 1.
    Source: after Haller and Holden (1997).
    """
    if not np.all(np.greater(quota, 0) & np.less(quota, 1)):
        raise ValueError(f"quota is {quota}: it is a share of the votes strictly between 0 and 1")
    return mean + spread * ndtri(quota)


def pass_probability_after_shock(offer: Number, needed: Number, shock: Number) -> Number:
    """Give the probability that `offer` passes if all members' reservations move together.

    `needed` is the offer for the quota as the negotiators expect it (`offer_for_quota`), `shock`
    the standard deviation of a normal change of mood between offer and ballot, of mean 0.

    Raises ValueError unless `shock` is positive.
    Source: derived here, after Haller and Holden (1997).
    """
    if not np.all(np.greater(shock, 0)):
        raise ValueError(f"shock is {shock}: a standard deviation is above 0")
    return ndtr((offer - needed) / shock)


def _check_range(lowest, highest):
    if not np.all(np.less(lowest, highest)):
        raise ValueError(f"lowest is {lowest} and highest is {highest}: lowest is below highest")
