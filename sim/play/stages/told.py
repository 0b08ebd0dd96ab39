"""Values of some worlds as columns of all of them: missing elsewhere, and never 0."""

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array


def numbers_of(
    worlds: int, told: Int[Array, " told"], values: Float[Array, " told"]
) -> Float[Array, " worlds"]:
    """A number for each world that is told of."""
    spread = np.full(worlds, np.nan)
    spread[told] = values
    return spread


def counts_of(
    worlds: int, told: Int[Array, " told"], values: Int[Array, " told"]
) -> pd.arrays.IntegerArray:
    """A count for each world that is told of."""
    spread, missing = np.zeros(worlds, dtype=np.int32), np.ones(worlds, dtype=bool)
    spread[told], missing[told] = values, False
    return pd.arrays.IntegerArray(spread, missing)


def counts_where(
    told: Bool[Array, " worlds"], counts: Int[Array, " worlds"]
) -> pd.arrays.IntegerArray:
    """The counts of the worlds that are told of."""
    return pd.arrays.IntegerArray(np.where(told, counts, 0).astype(np.int32), ~told)


def facts(values: Bool[Array, " worlds"]) -> pd.arrays.BooleanArray:
    """True or false in every world, in a column in which it might be missing."""
    return pd.arrays.BooleanArray(np.array(values), np.zeros(len(values), dtype=bool))
