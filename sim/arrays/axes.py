"""The array axes, named once, and the few ways to stretch an array along them.

Every array of the model has its axes in one order:

    worlds, then unions or packages, then members, last issues

*Worlds* are independent negotiations. A leading axis of length 1 means "the same in every world":
NumPy broadcasts it, and no rule needs to know which of the two it was given. In annotations
`#worlds` is an axis of length 1 or `worlds`.
"""

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

Array = np.ndarray

DENSE = 1_000_000  # codes below this are marked in a table rather than sorted
TIE = 1e-9  # what agrees so closely counts as equal: utilities, sums of points, weights of votes


def stretch(x: Array) -> Array:
    """Stretch an array along one more axis, such as unions or packages: (worlds) to (worlds, 1)."""
    return x[..., None]


def wide(x: Array) -> Array:
    """Stretch an array along two more axes, packages and members: (worlds) to (worlds, 1, 1)."""
    return x[..., None, None]


def beside_packages(x: Array) -> Array:
    """Stretch an array over members along packages: (worlds, members) to (worlds, 1, members)."""
    return x[..., None, :]


def take(x: Array, worlds: Int[Array, " chosen"]) -> Array:
    """The rows of the chosen worlds; an array shared by all worlds (leading length 1) stays shared."""
    return x if len(x) == 1 else x[worlds]


def rows(x: Array, worlds: Int[Array, " chosen"]) -> Int[Array, " chosen"]:
    """Row numbers of the chosen worlds in a table that is shared (all row 0) or has a row a world."""
    return np.zeros(worlds.shape, dtype=worlds.dtype) if len(x) == 1 else worlds


def pieces(length: int, at_once: int) -> Iterator[slice]:
    """An axis of so many entries in slices of at most `at_once` of them, or of one."""
    step = max(1, at_once)
    return (slice(first, first + step) for first in range(0, length, step))


def read_only(x: Array) -> Array:
    """An array that is kept and given out: nothing can be written into it."""
    x.flags.writeable = False
    return x


def count_at_most(
    ascending: Float[Array, "rows n"],
    row: Int[Array, "#worlds"],
    limit: Float[Array, "#worlds"],
) -> Int[Array, " worlds"]:
    """For each world, how many entries of its ascending row are at most its limit."""
    return _search(ascending, row, limit, "right")


def count_below(
    ascending: Float[Array, "rows n"],
    row: Int[Array, "#worlds"],
    limit: Float[Array, "#worlds"],
) -> Int[Array, " worlds"]:
    """For each world, how many entries of its ascending row are below its limit."""
    return _search(ascending, row, limit, "left")


def _search(ascending: Array, row: Array, limit: Array, side: Literal["left", "right"]) -> Array:
    if len(ascending) == 1:
        found = np.searchsorted(ascending[0], limit, side=side)
        return np.broadcast_to(found, np.broadcast_shapes(row.shape, limit.shape))
    row, limit = np.broadcast_arrays(row, limit)
    beyond = np.greater if side == "right" else np.greater_equal
    entries, n = ascending.ravel(), ascending.shape[-1]
    last = row * n - 1  # of the entries that a world has passed
    found = np.zeros(len(row), dtype=np.intp)
    step = 1 << n.bit_length() - 1
    while step:  # by halves, in all worlds at once
        tried = found + step
        there = tried <= n
        passed = there & ~beyond(entries[last + np.where(there, tried, n)], limit)
        found = np.where(passed, tried, found)
        step >>= 1
    return found


def distinct(*columns: Int[Array, " n"]) -> tuple[tuple[Array, ...], Int[Array, " n"]]:
    """The distinct rows of some integer columns, in ascending order, and which of them each row is."""
    lows = [int(column.min(initial=0)) for column in columns]
    spans = [
        int(column.max(initial=0)) - low + 1 for column, low in zip(columns, lows, strict=True)
    ]
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column, low, span in zip(columns, lows, spans, strict=True):
        code = code * span + (column - low)
    codes, which = _distinct_codes(code, math.prod(spans))
    found = []
    for low, span in zip(reversed(lows), reversed(spans), strict=True):
        found.append(codes % span + low)
        codes = codes // span
    return tuple(reversed(found)), which


def first_of_each(kind: Int[Array, " n"]) -> Int[Array, " kinds"]:
    """Where each kind is met first; kinds are numbered from 0 without a gap."""
    first = np.empty(kind.max(initial=-1) + 1, dtype=np.intp)
    first[kind[::-1]] = np.arange(len(kind))[::-1]  # of equals the last one written stays
    return first


def _distinct_codes(code: Int[Array, " n"], span: int) -> tuple[Array, Array]:
    """As np.unique with its inverse; without sorting where the codes are dense enough."""
    if span > DENSE:
        return np.unique(code, return_inverse=True)
    seen = np.zeros(span, dtype=bool)
    seen[code] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[code]
