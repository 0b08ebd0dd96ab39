"""The share of members who ratify a concession to avoid layoffs, when layoffs follow seniority.

A member of seniority s in [0, 1] (0 the most junior) is laid off with probability pi(s) and votes
yes if the concession costs no more than the layoff risk it removes: concession <= belief * pi(s) *
loss. Nothing else is at stake. Seniors are safe, so a small threat moves few votes however large
the loss is (Grossman 1983).
"""

import numpy as np
from jaxtyping import Float
from scipy.special import xlogy

Share = float | Float[np.ndarray, "..."]


def yes_share_uncentred(
    layoff_fraction: Share, bumping: Share, belief: Share, loss: Share, concession: Share
) -> Share:
    """Give the share of yes votes when the layoff risk is pi(s) = 1 / (1 + exp((s - l) / tau)).

    l is `layoff_fraction`, the threatened layoffs as a share of the members. tau is
    `bumping`, in units of seniority: 0 is strict inverse seniority, and the larger it is the
    less predictable is who goes (bumping). `belief` is the probability, rho, that the threat is
    carried out. `loss` (Lambda, of a layoff) and `concession` (c) are costs in one unit. Numbers or
    arrays that broadcast. The share is l + tau * ln(rho * Lambda / c - 1), kept within [0, 1]. The
    risk is not centred: its mean over members is l only for small tau.

    Raises ValueError for a negative tau or a concession that is not positive.
    Source: after Grossman (1983).
    """
    if np.any(np.less(bumping, 0)):
        raise ValueError(f"bumping is {bumping}: it is 0 (strict seniority) or more")
    at_stake = _at_stake(belief, loss, concession)
    share = layoff_fraction + xlogy(bumping, np.maximum(at_stake / concession - 1, 0))
    return np.clip(share, 0, 1) * (concession <= at_stake)


def yes_share_strict(
    layoff_fraction: Share, belief: Share, loss: Share, concession: Share
) -> Share:
    """Give the share of yes votes when exactly the most junior members are laid off.

    The limit of `yes_share_uncentred` for tau = 0, arguments as there: `layoff_fraction`, whatever
    the size of the concession, as long as it is no larger than `belief * loss`; above that, 0.

    Raises ValueError for a concession that is not positive. Source: after Grossman (1983).
    """
    return np.clip(layoff_fraction, 0, 1) * (concession <= _at_stake(belief, loss, concession))


def _at_stake(belief, loss, concession):
    if not np.all(np.greater(concession, 0)):
        raise ValueError(f"concession is {concession}: its cost is above 0")
    return np.multiply(belief, loss)
