"""A mergeable sketch of a distribution: counts of values in buckets of equal relative width.

DDSketch (Masson, Rim and Lee 2019): every quantile is right to a relative error of `ACCURACY`,
whatever the distribution; merging adds counts by bucket, so it is exact and in any order. Written
here with NumPy because the published library adds one value at a time.
"""

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array

ACCURACY = 0.001
SMALLEST = 1e-9  # what is nearer to 0 counts as 0
_LOG_GAMMA = np.log((1 + ACCURACY) / (1 - ACCURACY))
_OFFSET = int(np.ceil(-np.log(SMALLEST) / _LOG_GAMMA)) + 2  # keys of positive values are above 0


def keys(values: Float[Array, "*any"]) -> Int[Array, "*any"]:
    """The bucket of each value: 0 near 0, and further from it the further the value is."""
    size = np.maximum(np.abs(values), SMALLEST)
    level = np.ceil(np.log(size) / _LOG_GAMMA).astype(np.int64) + _OFFSET
    return np.where(np.abs(values) < SMALLEST, 0, np.sign(values).astype(np.int64) * level)


def values_at(keys: Int[Array, "*any"]) -> Float[Array, "*any"]:
    """The value that stands for each bucket, to the relative accuracy."""
    size = np.exp((np.abs(keys) - _OFFSET) * _LOG_GAMMA) * (1 - ACCURACY)
    return np.where(keys == 0, 0.0, np.sign(keys) * size)
