"""What cooperative bargaining theory would choose from a finite set of packages.

Package `r` is worth `governor[r]` to the governor and `coalition[r]` to the coalition, in any unit
(points, dollars, utilities). `disagreement` is what the governor and the coalition have without an
agreement, in the same units; a gain is what a package adds to it.

A solution is one package of the ZOPA (the packages at least as good as no agreement for both), and
a Pareto-optimal one, given as its position in enumeration order. Without a ZOPA it is `None`.

Ties: values that agree to a relative `TIE` are tied, as sums, powers and quotients that are equal on
paper differ in their last bits, by the order of their terms and by platform. The egalitarian and both
Kalai-Smorodinsky solutions settle a tie by the sum of what they compare; whatever is still tied, the
first package in enumeration order wins.
"""

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import TIE


def zopa(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
) -> Bool[np.ndarray, "packages"]:
    """Mark the zone of possible agreement: packages no worse than no agreement for both sides.

    What falls short of no agreement by less than a `TIE` of the largest value is no worse.

    Source: Raiffa (1982).
    """
    reaches = (
        utility >= least - np.maximum(_close(utility), TIE * abs(least))
        for utility, least in zip((governor, coalition), disagreement, strict=True)
    )
    return np.logical_and(*reaches)


def pareto(
    governor: Float[np.ndarray, "*worlds packages"],
    coalition: Float[np.ndarray, "*worlds packages"],
    order: Int[np.ndarray, "*worlds packages"] | None = None,
) -> Bool[np.ndarray, "*worlds packages"]:
    """Mark the Pareto frontier: packages that no other package weakly improves on for both sides.

    Values that agree to a `TIE` of the largest are equal, and packages equal for both are all kept. A
    sort and a running maximum, so the time grows as n log n; leading axes are independent sets of
    packages. `order` is the packages from best to worst for the governor, for a caller that has sorted
    them already.

    Source: Raiffa (1982).
    """
    if order is None:
        order = np.argsort(-governor, axis=-1, kind="stable")
    other = np.take_along_axis(coalition, order, axis=-1)
    most, close = np.maximum.accumulate(other, -1), _close(coalition)
    *sets, place = np.nonzero(other >= most - close)
    package = (*sets, order[(*sets, place)])
    # What is left falls for the governor, and rises for the coalition but for ties in one of the two.
    so_far, apart = most[(*sets, place)], close[(*sets, np.zeros_like(place))]
    to_governor, to_coalition = governor[package], coalition[package]
    gap = _close(governor)[(*sets, np.zeros_like(place))]
    first, last = _equals(sets, to_governor, gap)
    before = np.where(_first_of(sets) == first, -np.inf, so_far[np.maximum(first - 1, 0)])
    frontier = np.zeros(governor.shape, dtype=bool)
    frontier[package] = (to_coalition > before + apart) & (to_coalition >= so_far[last] - apart)
    return frontier


def _close(values: Float[np.ndarray, "*worlds packages"]) -> Float[np.ndarray, "*worlds 1"]:
    """How far apart values of a set still are equal, as sums of points depend on the order of their terms."""
    finite = np.isfinite(values)
    return TIE * np.abs(values).max(axis=-1, keepdims=True, initial=0.0, where=finite)


def _first_of(sets: list[Int[np.ndarray, "n"]]) -> Int[np.ndarray, "n"]:
    """Where the set begins that a row belongs to; all are of one if there are no leading axes."""
    if not sets:
        return np.zeros(1, dtype=int)
    begins = np.ones(len(sets[0]), dtype=bool)
    begins[1:] = np.any([column[1:] != column[:-1] for column in sets], axis=0)
    return np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))


def _equals(
    sets: list[Int[np.ndarray, "n"]], falling: Float[np.ndarray, "n"], gap: Float[np.ndarray, "n"]
) -> tuple[Int[np.ndarray, "n"], Int[np.ndarray, "n"]]:
    """The first and the last row of the run of equal values that a row stands in, set by set."""
    rows = np.arange(len(falling))
    begins = _first_of(sets) == rows
    begins[1:] |= falling[:-1] - falling[1:] > gap[1:]
    starts = np.flatnonzero(begins)
    run = np.cumsum(begins) - 1
    return starts[run], np.append(starts[1:], len(rows))[run] - 1


def nash_product(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
) -> Float[np.ndarray, "packages"]:
    """Multiply the two sides' gains, counting a loss as no gain (two losses are not a success).

    The unit is the product of the two units. Source: Nash (1950).
    """
    return np.prod(_gains_or_zero(governor, coalition, disagreement), axis=0)


def weighted_nash_product(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
    weight: float,
) -> Float[np.ndarray, "packages"]:
    """Multiply the governor's gain to the power `weight` by the coalition's to `1 - weight`.

    `weight` is the governor's bargaining power, theta in the papers, strictly between 0 and 1.

    Raises ValueError for any other weight. Source: Kalai (1977, nonsymmetric solutions).
    """
    if not 0 < weight < 1:
        raise ValueError(f"weight is {weight}: the governor's power lies strictly between 0 and 1")
    gain_governor, gain_coalition = _gains_or_zero(governor, coalition, disagreement)
    return gain_governor**weight * gain_coalition ** (1 - weight)


def nash(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
    weight: float = 0.5,
) -> int | None:
    """Choose the package of largest Nash product.

    `weight` is the governor's bargaining power (theta), strictly between 0 and 1: one half is the
    symmetric solution, a patient governor has more (Binmore, Rubinstein and Wolinsky 1986).

    Raises ValueError for any other weight. Source: Nash (1950); Kalai (1977, nonsymmetric).
    """
    product = weighted_nash_product(governor, coalition, disagreement, weight)
    return _first_best(_efficient(governor, coalition, disagreement), product)


def kalai_smorodinsky(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
) -> int | None:
    """Choose the package whose smaller relative gain is largest.

    A relative gain is the gain as a share of the most that side can gain in the ZOPA. Ties go to
    the larger sum of relative gains, which a change of either side's unit leaves alone.

    Source: Kalai and Smorodinsky (1975), on a finite set.
    """
    candidates = _efficient(governor, coalition, disagreement)
    relative_governor = _relative_gain(governor - disagreement[0], candidates)
    relative_coalition = _relative_gain(coalition - disagreement[1], candidates)
    smaller = np.minimum(relative_governor, relative_coalition)
    return _first_best(candidates, smaller, relative_governor + relative_coalition)


def kalai_smorodinsky_most_equal(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
) -> int | None:
    """Choose the package whose two relative gains differ least, ties by their sum.

    The other reading of the solution on a finite set: `kalai_smorodinsky` makes the smaller relative
    gain as large as possible, this makes the gains as equal as possible, which may leave the smaller
    of them smaller. Here a relative gain is a share of the most that side can gain from any package, in
    the ZOPA or not.

    Source: Kalai and Smorodinsky (1975), as in Mohammad, Nakadai and Greenwald (2021).
    """
    everything = np.ones_like(governor, dtype=bool)
    relative_governor = _relative_gain(governor - disagreement[0], everything)
    relative_coalition = _relative_gain(coalition - disagreement[1], everything)
    equality = 1 - np.abs(relative_governor - relative_coalition)
    candidates = _efficient(governor, coalition, disagreement)
    return _first_best(candidates, equality, relative_governor + relative_coalition)


def egalitarian(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
) -> int | None:
    """Choose the package whose smaller gain is largest, ties by the sum of gains.

    The two sides' units are compared one for one. Source: Kalai (1977, proportional solutions).
    """
    gains = governor - disagreement[0], coalition - disagreement[1]
    candidates = _efficient(governor, coalition, disagreement)
    return _first_best(candidates, np.minimum(*gains), np.add(*gains))


def utilitarian(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
) -> int | None:
    """Choose the package of largest sum of utilities, which is also the largest sum of gains.

    The two sides' units are compared one for one. Source: Harsanyi (1955).
    """
    return _first_best(_efficient(governor, coalition, disagreement), governor + coalition)


def price_of_disagreement(
    governor: Float[np.ndarray, "packages"],
    coalition: Float[np.ndarray, "packages"],
    disagreement: tuple[float, float],
) -> float:
    """Compute the share of the best joint value (the utilitarian sum) that no agreement loses.

    It is 0 where there is nothing to gain together, in particular without a ZOPA.

    Raises ValueError if the best joint value is not positive: a share of it means nothing.
    Source: after Raiffa (1982), the joint value that nobody has.
    """
    best = utilitarian(governor, coalition, disagreement)
    without = float(sum(disagreement))
    together = without if best is None else float(governor[best] + coalition[best])
    if together <= without + TIE * max(abs(together), abs(without)):
        return 0.0
    if together <= 0:
        raise ValueError(
            f"the best joint value is {together}: measure utilities from a lower zero, so that it "
            "is positive"
        )
    return 1 - without / together


def _gains_or_zero(governor, coalition, disagreement):
    return np.maximum(governor - disagreement[0], 0), np.maximum(coalition - disagreement[1], 0)


def _relative_gain(gain, candidates):
    largest = gain[candidates].max(initial=0.0)
    return gain / largest if largest > 0 else np.zeros_like(gain)


def _efficient(governor, coalition, disagreement):
    return zopa(governor, coalition, disagreement) & pareto(governor, coalition)


def _first_best(candidates, *criteria):
    """Keep the candidates that are best by each criterion in turn; return the first one left."""
    if not candidates.any():
        return None
    for criterion in criteria:
        best = criterion[candidates].max()
        candidates = candidates & (criterion >= best - TIE * abs(best))
    return int(candidates.argmax())
