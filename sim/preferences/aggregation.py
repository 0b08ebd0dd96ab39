"""How union leaders add their members up to one utility: the value of `coalition.aggregation`.

Each rule takes what members gain from every package, by union, and how mild the unions are; it
returns a table of packages and a shift, both to be added. When unions are alike (a unions axis of
1), it only shifts the table, which then stays shared by all worlds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import TIE, Array, stretch, take, wide
from sim.preferences.member import Gain


@dataclass(frozen=True, eq=False)
class Coalition:
    """What leaders know of their unions.

    `weights` are shares of membership; `mildness` is each union's own (worlds, unions), in shares
    of pay, positive for mild; the quota is what the bylaws ask, unions casting their whole
    membership. `row` is whose gains each world has, where worlds of one scenario share them.
    """

    weights: Float[Array, " unions"]
    mildness: Float[Array, "worlds unions"]
    unions_required: Int[Array, "#worlds"]
    weight_required: Float[Array, "#worlds"]
    row: Int[Array, " worlds"] | None = None


Gains = Sequence[Gain]  # one a union, or a single one where unions are alike
Added = tuple[Float[Array, "#rows packages"], Float[Array, "#worlds"]]


def mean(gains: Gains, coalition: Coalition) -> Added:
    """Utilitarian leaders: what members gain on average, unions weighted by size."""
    by_union = _stacked(gain.mean_member() for gain in gains)
    shift = (coalition.mildness * coalition.weights).sum(-1)
    if _alike(by_union):
        return by_union[:, 0], shift
    weighted = [weight * by_union[:, j] for j, weight in enumerate(coalition.weights)]
    return sum(weighted), shift


def median(gains: Gains, coalition: Coalition) -> Added:
    """Leaders who speak for the member of median seniority in the median union (unweighted)."""
    by_union = _stacked(gain.middle_member() for gain in gains)
    return _over_unions(by_union, coalition, lambda support: np.median(support, axis=1))


def min_(gains: Gains, coalition: Coalition) -> Added:
    """Leaders who speak for the worst-off member of the most militant union."""
    by_union = _stacked(gain.worst_member() for gain in gains)
    return _over_unions(by_union, coalition, lambda support: support.min(1))


def pivot(gains: Gains, coalition: Coalition) -> Added:
    """Leaders who look ahead to the ballot: the median member of the union whose Yes completes the quota.

    Unions are ordered from the mildest to the most militant; the pivot is the first at which both
    the number of unions and their weight are reached, or the last if none is (Schelling 1960;
    Haller and Holden 1997).
    """

    def pivotal(support: Float[Array, "worlds unions packages"]) -> Float[Array, "worlds packages"]:
        order = np.argsort(-support, axis=1, kind="stable")
        weight = np.cumsum(coalition.weights[order], axis=1)
        count = np.ones_like(order).cumsum(axis=1)
        quota = wide(coalition.unions_required)
        enough = count >= quota
        enough &= weight >= stretch(stretch(coalition.weight_required)) - TIE
        last = support.shape[1] - 1
        first = np.where(enough.any(1), enough.argmax(1), last)
        ranked = np.take_along_axis(support, order, axis=1)
        return np.take_along_axis(ranked, np.expand_dims(first, 1), axis=1)[:, 0]

    by_union = _stacked(gain.median_member() for gain in gains)
    return _over_unions(by_union, coalition, pivotal)


def _stacked(by_union: Iterable[Array]) -> Float[Array, "#rows #unions packages"]:
    return np.stack(np.broadcast_arrays(*by_union), axis=1)


def _alike(by_union: Array) -> bool:
    return by_union.shape[1] == 1


def _over_unions(
    support: Float[Array, "#rows #unions packages"],
    coalition: Coalition,
    combine: Callable[[Array], Array],
) -> Added:
    mildness = stretch(coalition.mildness)
    if _alike(support):
        return support[:, 0], combine(mildness)[:, 0]
    own = support if coalition.row is None else take(support, coalition.row)
    return combine(own + mildness), np.zeros(1)
