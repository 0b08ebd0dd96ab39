"""What cooperative bargaining theory would choose from a continuous frontier.

The twin of `solutions` for textbook problems: there a finite set of packages, here a curve, so that what
a paper has in closed form comes out to rounding. A choice is what it is worth to the governor and to
the coalition.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from sim.theory.solutions import weighted_nash_product

CLOSE = 1e-12  # how closely a utility is found, as far as rounding allows
Pair = tuple[float, float]


@dataclass(frozen=True)
class Frontier:
    """The Pareto frontier of a convex set of utilities.

    `coalition` tells the most the coalition can have while the governor has a given utility between
    `least` and `most`; it falls and is concave.
    """

    coalition: Callable[[float], float]
    least: float
    most: float

    def at(self, governor: float) -> Pair:
        """The point of the frontier at which the governor has this utility."""
        return float(governor), float(self.coalition(governor))


def ideal(frontier: Frontier, disagreement: Pair) -> Pair:
    """Give the most each side can have while the other is no worse off than without an agreement.

    Raises ValueError where the two cannot both have that. Source: Kalai and Smorodinsky (1975).
    """
    lowest, highest = _zopa_ends(frontier, disagreement)
    return highest, frontier.at(lowest)[1]


def nash(frontier: Frontier, disagreement: Pair, weight: float = 0.5) -> Pair:
    """Choose the point of largest product of gains; `weight` is the governor's bargaining power (theta).

    Raises ValueError without a ZOPA, and for a weight that is not strictly between 0 and 1.
    Source: Nash (1950); Kalai (1977, nonsymmetric).
    """

    def product(governor: float) -> float:
        own, other = (np.array([utility]) for utility in frontier.at(governor))
        return weighted_nash_product(own, other, disagreement, weight).item()

    return _largest(product, frontier, disagreement)


def kalai_smorodinsky(frontier: Frontier, disagreement: Pair) -> Pair:
    """Choose the point at which both gain the same share of the most they could.

    Raises ValueError without a ZOPA. Source: Kalai and Smorodinsky (1975).
    """
    most_governor, most_coalition = np.subtract(ideal(frontier, disagreement), disagreement)

    def ahead(governor: float) -> float:
        gain_governor, gain_coalition = np.subtract(frontier.at(governor), disagreement)
        return gain_governor * most_coalition - gain_coalition * most_governor

    return _equal(ahead, frontier, disagreement)


def egalitarian(frontier: Frontier, disagreement: Pair) -> Pair:
    """Choose the point at which both gain the same; their units are compared one for one.

    Raises ValueError without a ZOPA. Source: Kalai (1977, proportional solutions).
    """

    def ahead(governor: float) -> float:
        gain_governor, gain_coalition = np.subtract(frontier.at(governor), disagreement)
        return gain_governor - gain_coalition

    return _equal(ahead, frontier, disagreement)


def utilitarian(frontier: Frontier, disagreement: Pair) -> Pair:
    """Choose the point of largest sum of utilities; their units are compared one for one.

    Raises ValueError without a ZOPA. Source: Harsanyi (1955).
    """
    return _largest(lambda governor: sum(frontier.at(governor)), frontier, disagreement)


def _zopa_ends(frontier: Frontier, disagreement: Pair) -> Pair:
    """The least and the most that the governor has where neither side is worse off than without a deal."""
    lowest = max(frontier.least, disagreement[0])
    if lowest > frontier.most or frontier.coalition(lowest) < disagreement[1]:
        raise ValueError(
            f"disagreement is {disagreement}: no point of the frontier is as good for both sides"
        )

    def to_spare(governor: float) -> float:
        return frontier.coalition(governor) - disagreement[1]

    if to_spare(frontier.most) >= 0:
        return lowest, frontier.most
    return lowest, brentq(to_spare, lowest, frontier.most, xtol=CLOSE)


def _largest(objective: Callable[[float], float], frontier: Frontier, disagreement: Pair) -> Pair:
    """The point of the ZOPA at which something that rises and then falls is largest."""
    ends = _zopa_ends(frontier, disagreement)
    found = minimize_scalar(
        lambda governor: -objective(governor),
        bounds=ends,
        method="bounded",
        options={"xatol": CLOSE},
    )
    return frontier.at(max((*ends, found.x), key=objective))


def _equal(ahead: Callable[[float], float], frontier: Frontier, disagreement: Pair) -> Pair:
    """The point of the ZOPA at which the governor's lead, which rises along it, is none, or the nearest."""
    lowest, highest = _zopa_ends(frontier, disagreement)
    if ahead(lowest) >= 0:
        return frontier.at(lowest)
    if ahead(highest) <= 0:
        return frontier.at(highest)
    return frontier.at(brentq(ahead, lowest, highest, xtol=CLOSE))
