"""How union leaders add their members up to one utility: the value of `coalition.aggregation`.

Each rule takes what members gain from every package, by union, and how mild the unions are; it
returns a table of packages and a shift, both to be added. When unions are alike (a unions axis of
1), it only shifts the table, which then stays shared by all worlds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import TIE, Array, pieces, stretch, take, wide
from sim.preferences.member import Gain

WORLDS_AT_ONCE = 4  # whose unions' gains stay in a processor's cache together


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

    def of(self, some: slice) -> "Coalition":
        """What they know in some of the worlds."""
        worlds = np.arange(len(self.mildness))[some]
        return replace(
            self,
            mildness=self.mildness[some],
            unions_required=take(self.unions_required, worlds),
            weight_required=take(self.weight_required, worlds),
            row=None if self.row is None else self.row[some],
        )


Gains = Sequence[Gain]  # one a union, or a single one where unions are alike
Added = tuple[Float[Array, "_ packages"], Float[Array, "#worlds"]]


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
    return _over_unions(by_union, coalition, _middle)


def min_(gains: Gains, coalition: Coalition) -> Added:
    """Leaders who speak for the worst-off member of the most militant union."""
    by_union = _stacked(gain.worst_member() for gain in gains)
    return _over_unions(by_union, coalition, lambda support, _: support.min(1))


def pivot(gains: Gains, coalition: Coalition) -> Added:
    """Leaders who look ahead to the ballot: the median member of the union whose Yes completes the quota.

    Unions are ordered from the mildest to the most militant; the pivot is the first at which both
    the number of unions and their weight are reached, or the last if none is (Schelling 1960;
    Haller and Holden 1997).
    """
    by_union = _stacked(gain.median_member() for gain in gains)
    return _over_unions(by_union, coalition, _pivotal)


def _middle(
    support: Float[Array, "worlds unions packages"], _: Coalition
) -> Float[Array, "worlds packages"]:
    """The median over unions."""
    unions = support.shape[1]
    low, high = (unions - 1) // 2, unions // 2
    ranked = np.partition(support, sorted({low, high}), axis=1)
    return (ranked[:, low] + ranked[:, high]) / 2


def _pivotal(
    support: Float[Array, "worlds unions packages"], coalition: Coalition
) -> Float[Array, "worlds packages"]:
    """What the union has that completes the quota."""
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


def _stacked(by_union: Iterable[Array]) -> Float[Array, "#rows #unions packages"]:
    return np.stack(np.broadcast_arrays(*by_union), axis=1)


def _alike(by_union: Array) -> bool:
    return by_union.shape[1] == 1


def _over_unions(
    support: Float[Array, "#rows #unions packages"],
    coalition: Coalition,
    combine: Callable[[Array, Coalition], Array],
) -> Added:
    if _alike(support):
        return support[:, 0], combine(stretch(coalition.mildness), coalition)[:, 0]
    row = np.arange(len(coalition.mildness)) if coalition.row is None else coalition.row
    table = np.empty((len(row), support.shape[-1]))
    for some in pieces(len(row), WORLDS_AT_ONCE):
        here = coalition.of(some)
        table[some] = combine(take(support, row[some]) + stretch(here.mildness), here)
    return table, np.zeros(1)
