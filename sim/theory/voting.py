"""How likely a ballot passes, under one quota of voters or under a double threshold of unions.

A ballot of voters passes if the yes votes are at least `quota` of all votes, so exactly one half
passes at a quota of .5. A ballot of unions passes if at least `unions_required` unions say yes and
these unions have at least `weight_required` of all members between them. Each union casts its whole
membership (the unit rule of the SEBAC bylaws of 2011: 14 of 15 unions and .80 of the members).

Sizes are whole numbers of members, or of any other unit. Thresholds on votes and on members are
met within `TIE`, because a quota such as .07 of 100 votes is 7.000000000000001 in binary.
"""

import math

import numpy as np
from jaxtyping import Bool, Float, Int, Num, Shaped
from scipy.special import bdtrc, ndtr

from sim.arrays.axes import TIE

MOST_UNIONS_TO_COUNT = 62  # 2 ** 62 coalitions still fit in 64 bits


def pass_probability_exact(voters: int, yes: float, quota: float) -> float:
    """Give the probability that independent voters, each in favour with probability `yes`, pass.

    `quota` is the share of the votes needed. Raises ValueError for a `yes` outside [0, 1].
    Source: Condorcet (1785); the upper tail of a binomial distribution.
    """
    if not 0 <= yes <= 1:
        raise ValueError(f"yes is {yes}: a probability lies from 0 to 1")
    votes = _votes_needed(voters, quota)
    return float(bdtrc(votes - 1, voters, yes)) if votes <= voters else 0.0


def pass_probability_plain(voters: int, yes: float, quota: float) -> float:
    """Approximate `pass_probability_exact` by a normal distribution, votes taken as continuous.

    Raises ValueError unless `yes` is strictly between 0 and 1. Source: Feller (1968), ch. VII.
    """
    return _normal_tail(voters, yes, quota * voters)


def pass_probability_corrected(voters: int, yes: float, quota: float) -> float:
    """Approximate `pass_probability_exact` by a normal distribution, half a vote below the quota.

    The half vote is the continuity correction. Raises ValueError unless `yes` is strictly between
    0 and 1. Source: Feller (1968), ch. VII.
    """
    return _normal_tail(voters, yes, _votes_needed(voters, quota) - 0.5)


def double_threshold_probability(
    pass_probabilities: Float[np.ndarray, "unions"],
    sizes: Int[np.ndarray, "unions"],
    unions_required: int,
    weight_required: float,
) -> float:
    """Give the probability that unions, each in favour independently, pass the double threshold.

    `pass_probabilities` are the unions' probabilities of a yes, `sizes` their members,
    `weight_required` a share of all members. Exact, by dynamic programming.

    Raises ValueError for negative sizes, or sizes that are all 0.
    Source: Mann and Shapley (1962) for the algorithm; Putnam (1988) for the win-set.
    """
    sizes = _in_coarsest_unit(sizes)
    table = _tabulate(sizes, 1 - pass_probabilities, pass_probabilities)
    return float(table[_passing(sizes, unions_required, weight_required)].sum())


def winning_coalitions(
    sizes: Int[np.ndarray, "unions"], unions_required: int, weight_required: float
) -> int:
    """Count the coalitions of unions that pass the double threshold.

    Raises ValueError for negative sizes, sizes that are all 0, or more than 62 unions.
    Source: Mann and Shapley (1962).
    """
    everyone = np.ones(sizes.size, dtype=np.int64)
    return _count_winning(sizes, everyone, unions_required, weight_required)


def banzhaf(
    sizes: Int[np.ndarray, "unions"], unions_required: int, weight_required: float
) -> Float[np.ndarray, "unions"]:
    """Give each union's swing probability: how often its vote decides if the others toss coins.

    Raises ValueError for negative sizes, sizes that are all 0, or more than 62 unions.
    Source: Banzhaf (1965), not normalised to sum to 1.
    """
    everyone_but_one = 1 - np.eye(sizes.size, dtype=np.int64)
    without = [
        _count_winning(sizes, available, unions_required, weight_required)
        for available in everyone_but_one
    ]
    # A coalition that wins without a union wins with it too; the union's other wins need it.
    needed = winning_coalitions(sizes, unions_required, weight_required) - 2 * np.array(without)
    return needed / 2.0 ** (sizes.size - 1)


def shapley_shubik(
    sizes: Int[np.ndarray, "unions"], unions_required: int, weight_required: float
) -> Float[np.ndarray, "unions"]:
    """Give how often each union is the pivot if all orders of saying yes are as likely; sums to 1.

    Raises ValueError for negative sizes, sizes that are all 0, more than 62 unions, or a threshold that
    not even all unions together reach.
    Source: Shapley and Shubik (1954).
    """
    unions = sizes.size
    everyone = np.ones(unions, dtype=np.int64)
    winning = _winning_by_count(sizes, everyone, unions_required, weight_required)
    if winning[unions] == 0:
        raise ValueError(
            "not even all unions together pass, so that none of them is ever the pivot"
        )
    shares = np.empty(unions)
    for union in range(unions):
        everyone[union] = 0
        without = _winning_by_count(sizes, everyone, unions_required, weight_required)
        everyone[union] = 1
        joined = winning - without  # by the number of unions with this one, 1 to all
        shares[union] = sum(
            int(joined[k + 1] - without[k]) / (unions * math.comb(unions - 1, k))
            for k in range(unions)
        )
    return shares


def pivot(
    support: Float[np.ndarray, "unions"],
    sizes: Int[np.ndarray, "unions"],
    unions_required: int,
    weight_required: float,
) -> int | None:
    """Give the union whose yes completes the double threshold, the most willing asked first.

    `support` orders the unions; of equals the first in the list is asked first. None if not even all
    unions together pass. Source: Schelling (1960); Haller and Holden (1997).
    """
    order = np.argsort(-support, kind="stable")
    count = np.arange(1, sizes.size + 1)
    weight = np.cumsum(sizes[order])
    enough = (count >= unions_required) & (weight >= weight_required * sizes.sum() - TIE)
    return int(order[enough.argmax()]) if enough.any() else None


def _votes_needed(voters, quota):
    return math.ceil(quota * voters - TIE)


def _normal_tail(voters, yes, votes):
    if not 0 < yes < 1:
        raise ValueError(
            f"yes is {yes}: the normal approximation needs a probability strictly between 0 and 1"
        )
    return float(ndtr((voters * yes - votes) / math.sqrt(voters * yes * (1 - yes))))


def _count_winning(
    sizes: Int[np.ndarray, "unions"],
    available: Int[np.ndarray, "unions"],
    unions_required: int,
    weight_required: float,
) -> int:
    """Count the winning coalitions of the unions whose `available` is 1."""
    return int(_winning_by_count(sizes, available, unions_required, weight_required).sum())


def _winning_by_count(
    sizes: Int[np.ndarray, "unions"],
    available: Int[np.ndarray, "unions"],
    unions_required: int,
    weight_required: float,
) -> Int[np.ndarray, "counts"]:
    """The same by the number of unions in the coalition, from 0 to all."""
    if sizes.size > MOST_UNIONS_TO_COUNT:
        raise ValueError(
            f"{sizes.size} unions: their coalitions can be counted up to {MOST_UNIONS_TO_COUNT}"
        )
    sizes = _in_coarsest_unit(sizes)
    table = _tabulate(sizes, np.ones_like(available), available)
    return (table * _passing(sizes, unions_required, weight_required)).sum(-1)


def _tabulate(
    sizes: Int[np.ndarray, "unions"],
    against: Num[np.ndarray, "unions"],
    in_favour: Num[np.ndarray, "unions"],
) -> Shaped[np.ndarray, "counts weights"]:
    """Sum over coalitions the product of `in_favour` of its unions and `against` of the others.

    The sums are kept by number of unions (rows) and total size (columns): a generating function.
    """
    table = np.zeros((sizes.size + 1, sizes.sum() + 1), dtype=in_favour.dtype)
    table[0, 0] = 1
    reached = 0  # members of the unions so far: beyond them, and beyond their number, all is 0
    for number, (size, no, yes) in enumerate(zip(sizes, against, in_favour, strict=True)):
        joining = yes * table[: number + 1, : reached + 1]
        reached += size
        table[: number + 1, : reached + 1] *= no
        table[1 : number + 2, size : reached + 1] += joining
    return table


def _passing(
    sizes: Int[np.ndarray, "unions"], unions_required: int, weight_required: float
) -> Bool[np.ndarray, "counts weights"]:
    members = sizes.sum()
    enough_unions = np.arange(sizes.size + 1) >= unions_required
    enough_members = np.arange(members + 1) >= weight_required * members - TIE
    return np.logical_and.outer(enough_unions, enough_members)


def _in_coarsest_unit(sizes):
    """Divide the sizes by their common divisor, which shortens the table and changes no result."""
    if sizes.min(initial=0) < 0 or sizes.sum() == 0:
        raise ValueError(
            f"sizes are {sizes.tolist()}: a union has 0 members or more, and one of them has some"
        )
    return sizes // np.gcd.reduce(sizes)
