"""Intervals of 95 % for what worlds say: of rates, of means, of medians, of paired differences.

All are elementwise: of numbers or of arrays. Their coverage is held to 95 % by
`tests/experiments/test_coverage.py`, over a thousand simulated truths for each kind.
"""

from typing import TypeVar

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array

Z = 1.959963984540054  # `ndtri(0.975)`: 95 % of a normal distribution
TAIL = 0.025  # what an interval leaves out at either end
Numbers = TypeVar("Numbers", float, Array)
Ends = tuple[Array | np.float64, Array | np.float64]


def wilson(successes: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
    """The interval of a rate (Wilson 1927): right also near 0 and 1, and never outside them."""
    return _wilson(successes / n, n, Z)


def _wilson(rate: Numbers, n: Numbers, z: Numbers | float) -> tuple[Numbers, Numbers]:
    slack = z * z / n
    middle = (rate + slack / 2) / (1 + slack)
    half = z * np.sqrt(rate * (1 - rate) / n + slack / (4 * n)) / (1 + slack)
    return np.minimum(middle - half, rate), np.maximum(middle + half, rate)


def standard_errors(n: Float[Array, "..."] | float) -> Float[Array, "*any"]:
    """Half an interval of a mean of n values, in standard errors; missing below two (Student 1908)."""
    from scipy.special import stdtrit

    n = np.asarray(n, dtype=float)
    return np.asarray(stdtrit(np.where(n > 1, n - 1, np.nan), 1 - TAIL))


def of_mean(
    n: Float[Array, "..."],
    mean: Float[Array, "..."],
    squares: Float[Array, "..."],
    least: Float[Array, "..."] | float = -np.inf,
    most: Float[Array, "..."] | float = np.inf,
) -> Ends:
    """The interval of a mean of n values, of which `squares` are the summed squared deviations.

    Student's, which does not leave what is possible: `least` to `most`. Where both are finite it is
    Wilson's, of as many yes-or-no values as would scatter by as much (Kott and Carr 1997): it bends
    away from the ends, and has a width also where all values are the least or the most. Missing where
    there are fewer than two values.
    """
    mean, n = np.asarray(mean, dtype=float), np.asarray(n, dtype=float)
    t = standard_errors(n)
    with np.errstate(invalid="ignore", divide="ignore"):  # missing without worlds, or with one
        variance = np.asarray(squares) / np.where(n > 1, n - 1, np.nan)
        half = t * np.sqrt(variance / n)
        low, high = np.maximum(mean - half, least), np.minimum(mean + half, most)
        span = np.subtract(most, least, dtype=float)
        between = np.isfinite(span) & (span > 0)
        span = np.where(between, span, 1.0)
        share = np.clip((mean - np.where(between, least, 0.0)) / span, 0, 1)
        widest = share * (1 - share)  # the variance of yes-or-no values
        scatter = np.minimum(np.where(widest > 0, variance / span**2 / widest, 1.0), 1.0)
        ends = _wilson(share, np.where(scatter > 0, n / scatter, np.inf), t)
        low, high = (
            np.where(between, np.where(between, least, 0.0) + span * end, own)
            for end, own in zip(ends, (low, high), strict=True)
        )
    return np.minimum(low, mean), np.maximum(high, mean)


def of_median(n: Int[Array, "..."]) -> Int[Array, "*any"]:
    """How many of n values, from either end, lie outside the interval of their median.

    Its ends are the next ones: by the binomial distribution at least 95 % whatever the values are
    distributed as (David and Nagaraja 2003). -1 where even the least and the greatest are not far
    enough apart: below six values.
    """
    from scipy.special import bdtr, bdtrik

    n = np.asarray(n)
    about = np.floor(np.nan_to_num(bdtrik(TAIL, np.maximum(n, 1), 0.5))).astype(int)
    outside = np.full(n.shape, -1)
    for below in (about - 1, about, about + 1):  # as the inverse is right to a few digits
        enough = (below >= 0) & (bdtr(np.maximum(below, 0).astype(float), n, 0.5) <= TAIL)
        outside = np.where(enough, below, outside)
    return outside


def of_contrast(values: Float[Array, "replications *any"], yes_or_no: bool = False) -> Ends:
    """The interval of the mean of paired differences, or of other contrasts, along the first axis.

    Student's; of yes-or-no values that of Bonett and Price (2012), as if one more pair differed each
    way, which has a width also where no pair differs.
    """
    n = len(values)
    if yes_or_no and n:
        mean = values.sum(axis=0) / (n + 2)
        variance = (np.square(values).sum(axis=0) + 2) / (n + 2) - mean**2
        half = Z * np.sqrt(variance / (n + 2))
        return mean - half, mean + half
    mean = values.mean(axis=0) if n else np.full(values.shape[1:], np.nan)
    error = values.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.nan
    half = standard_errors(float(n)) * error
    return mean - half, mean + half
