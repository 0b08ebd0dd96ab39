"""How long a committee searches for a proposal that enough of its members accept."""

from typing import NamedTuple

from scipy.optimize import brentq
from scipy.special import bdtrc


class Search(NamedTuple):
    """What a search is worth to each member before it begins, and how many rounds it takes.

    A member's value of a proposal lies between 0 and 1; `rounds` is an expected number.
    """

    value: float
    rounds: float


def search_by_committee(members: int, yes_needed: int, discount_factor: float) -> Search:
    """Solve the search of a committee that takes the first proposal with `yes_needed` yes votes.

    In each round every member draws its own value of the proposal, uniform from 0 to 1, and says
    yes if that is at least what going on is worth: `discount_factor` times the value of the search.
    The larger the quota, the longer the search takes.

    Raises ValueError for a quota outside 1 to `members`, or a discount factor outside [0, 1).
    Source: Albrecht, Anderson and Vroman (2010).
    """
    if not 1 <= yes_needed <= members:
        raise ValueError(f"yes_needed is {yes_needed}: it is from 1 to the {members} members")
    if not 0 <= discount_factor < 1:
        raise ValueError(f"discount_factor is {discount_factor}: it is at least 0 and below 1")

    def passes(threshold):
        return bdtrc(yes_needed - 1, members, 1 - threshold)

    def worth(threshold):
        yes = 1 - threshold
        passes_with_my_yes = yes * bdtrc(yes_needed - 2, members - 1, yes)
        # A proposal that I reject is worth threshold / 2 on average, one that I accept 1 / 2 more.
        passing = passes(threshold)
        return passing * threshold / 2 + passes_with_my_yes / 2 + (1 - passing) * threshold

    value = brentq(lambda value: worth(discount_factor * value) - value, 0.0, 1.0, xtol=1e-14)
    return Search(value, float(1 / passes(discount_factor * value)))
