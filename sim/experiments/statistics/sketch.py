"""A mergeable sketch of a distribution: each value with its count, or where they are many, by bucket.

DDSketch (Masson, Rim and Lee 2019): buckets of equal relative width, so that every quantile is right
to a relative error of `ACCURACY`, whatever the distribution; merging adds counts by bucket, so it is
exact and in any order. Ours tells of each bucket the least and the greatest value in it, too, so that
its error is known. Written here with NumPy because the published library adds one value at a time.
"""

import numpy as np
from jaxtyping import Float, Int, Shaped

from sim.arrays.axes import Array

ACCURACY = 0.001
FEW = 500  # values of one measure at one point that are all kept
SMALLEST = 1e-9  # what is nearer to 0 counts as 0
_LOG_GAMMA = np.log((1 + ACCURACY) / (1 - ACCURACY))
_OFFSET = int(np.ceil(-np.log(SMALLEST) / _LOG_GAMMA)) + 2  # keys of positive values are above 0


def keys(values: Float[Array, "*any"]) -> Int[Array, "*any"]:
    """The bucket of each value: 0 near 0, and further from it the further the value is."""
    size = np.maximum(np.abs(values), SMALLEST)
    level = np.ceil(np.log(size) / _LOG_GAMMA).astype(np.int64) + _OFFSET
    return np.where(np.abs(values) < SMALLEST, 0, np.sign(values).astype(np.int64) * level)


def bounds(keys: Int[Array, "*any"]) -> tuple[Float[Array, "*any"], Float[Array, "*any"]]:
    """The least and the greatest value of each bucket; they bound what was not kept beside its count."""
    level = np.abs(keys) - _OFFSET
    inner, outer = np.exp((level - 1) * _LOG_GAMMA), np.exp(level * _LOG_GAMMA)
    low = np.where(keys > 0, inner, -outer)
    high = np.where(keys > 0, outer, -inner)
    return np.where(keys == 0, -SMALLEST, low), np.where(keys == 0, SMALLEST, high)


def of_values(
    values: Float[Array, " values"],
) -> tuple[Float[Array, " n"], Float[Array, " n"], Int[Array, " n"]]:
    """The sketch of some values: the least and greatest of each row, and its count."""
    if len(np.unique(values[: 2 * FEW])) > FEW:  # no need to sort them all
        key = keys(values)
        key -= key.min()
        count = np.bincount(key)
        low, high = np.full(len(count), np.inf), np.full(len(count), -np.inf)
        np.minimum.at(low, key, values)
        np.maximum.at(high, key, values)
        return low[count > 0], high[count > 0], count[count > 0]
    values = np.sort(values)
    new = starts_of(values)
    _, *columns = bucketed(np.zeros_like(new), *_single(values, new))
    return columns[0], columns[1], columns[2]


def _single(values: Array, new: Array) -> tuple[Array, Array, Array]:
    return values[new], values[new], np.diff(new, append=len(values))


def merged(
    of: Int[Array, " rows"],
    low: Float[Array, " rows"],
    high: Float[Array, " rows"],
    count: Int[Array, " rows"],
) -> tuple[Int[Array, " n"], Float[Array, " n"], Float[Array, " n"], Int[Array, " n"]]:
    """Sketches put together: rows that say `of` what they are, of values from `low` to `high` a `count`.

    A row of one value has it as low and high, so what it says is exact. What comes out depends on the
    values alone, and not on how they came together. Sorted by `of`, then low; see `bucketed`.
    """
    if not _ascending(of, low):
        order = np.lexsort((low, of))
        of, low, high, count = (column[order] for column in (of, low, high, count))
    exact = low == high
    again = np.zeros(len(of), dtype=bool)
    again[1:] = (of[1:] == of[:-1]) & (low[1:] == low[:-1]) & exact[1:] & exact[:-1]
    if again.any():
        of, low, high, count = _joined(np.flatnonzero(~again), of, low, high, count)
    return bucketed(of, low, high, count)


def bucketed(
    of: Int[Array, " rows"],
    low: Float[Array, " rows"],
    high: Float[Array, " rows"],
    count: Int[Array, " rows"],
) -> tuple[Int[Array, " n"], Float[Array, " n"], Float[Array, " n"], Int[Array, " n"]]:
    """Sketches in as many rows as may be: all values while there are at most `FEW`, else one row a bucket.

    That has the least and the greatest value in it. The rows are sorted by `of`, then low, and differ.
    """
    starts = starts_of(of)
    rows = np.diff(starts, append=len(of))
    wide = np.logical_or.reduceat(low != high, starts) if len(of) else np.zeros(0, dtype=bool)
    many = np.repeat((rows > FEW) | wide, rows)
    if not many.any():
        return of, low, high, count
    key = np.zeros(len(of), dtype=np.int64)
    key[many] = keys(low[many] / 2 + high[many] / 2)
    apart = ~many
    apart[starts_of(of, key)] = True
    return _joined(np.flatnonzero(apart), of, low, high, count)


def _ascending(of: Int[Array, " rows"], low: Float[Array, " rows"]) -> bool:
    step = np.diff(of)
    return bool((step >= 0).all() and (np.diff(low)[step == 0] >= 0).all())


def starts_of(*columns: Shaped[Array, " rows"]) -> Int[Array, " groups"]:
    """Where a new group of equal rows begins in sorted columns."""
    new = np.ones(len(columns[0]), dtype=bool)
    new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(new)


def _joined(starts: Int[Array, " n"], of: Array, low: Array, high: Array, count: Array) -> tuple:
    added = np.add.reduceat(count, starts)
    return of[starts], low[starts], np.maximum.reduceat(high, starts), added
