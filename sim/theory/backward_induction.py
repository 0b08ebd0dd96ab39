"""What two sides who look ahead to the deadline offer and accept, in any finite scenario.

Turns run from 0 to `rounds`; the first side moves at even turns and the second at odd ones. Whoever
moves takes the standing offer or makes one of its own, which the other side answers a turn later.
After a turn without an agreement the talks may break down, and an offer at the last turn is never
answered; both leave the sides with their disagreement utilities. Everything is known to both.

Utilities are in any unit, one for each side; those closer than `TIE` count as equal. Where a side's
best plans are equal it takes the agreement rather than wait, then the package best for the other
side, then the first in enumeration order.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import TIE, Array, count_at_most, count_below

NO_PACKAGE = -1

Indifferent = Literal["accepts", "rejects"]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Perfect play from every turn on, if the side to move does not take the standing offer.

    `package` is what it then offers and the other side accepts, NO_PACKAGE where nothing is accepted
    that is as good for it as going on: with `indifferent` at "accepts" that is where no package is as
    good for both as disagreement. `ask` is what the mover so gets later, and `continuation` the value now
    of what is so ahead, to the first and the second side: gains over disagreement, of which only
    `continuation` is discounted. The mover takes a standing offer that gains it its continuation value,
    and is no loss.
    """

    package: Int[Array, "turns worlds"]
    ask: Float[Array, "turns worlds"]
    continuation: Float[Array, "turns 2 worlds"]


def equilibrium(
    first: Float[Array, "#worlds packages"],
    second: Float[Array, "#worlds packages"],
    *,
    disagreement: tuple[Float[Array, "#worlds"], Float[Array, "#worlds"]],
    discount: tuple[Float[Array, "#worlds"], Float[Array, "#worlds"]],
    breakdown: Float[Array, "#worlds"],
    rounds: int,
    cost: tuple[Float[Array, "turns #worlds"], Float[Array, "turns #worlds"]] | None = None,
    indifferent: Indifferent = "accepts",
) -> Equilibrium:
    """Solve the talks from the last turn backwards: the subgame-perfect equilibrium.

    `first` and `second` are what packages are worth to the side that moves at turn 0 and to the
    other; pairs stand in that order. `discount` is what is left of a gain that comes a turn later,
    `breakdown` a probability a turn, both from 0 to 1. `cost` is what each turn that passes without an
    agreement takes from a side, in its unit; however costly it is to wait, no side takes less than its
    disagreement utility. `indifferent` says whether a side accepts or rejects an offer that is worth as
    much as going on: on a finite set of packages these are two equilibria.

    Raises ValueError for a discount factor or a probability outside [0, 1].
    Source: Ståhl (1972); Binmore, Rubinstein and Wolinsky (1986) for the risk of breakdown; Rubinstein
    (1982) for fixed costs of a turn.
    """
    nothing, factors = _by_side(disagreement), _by_side(discount)
    for name, value in (("discount", factors), ("breakdown", breakdown)):
        outside = value[~((value >= 0) & (value <= 1))]
        if len(outside):
            raise ValueError(f"{name} is {outside[0]}: it lies between 0 and 1")
    menus = _menu(first, second, mover=0), _menu(first, second, mover=1)
    left = factors * (1 - breakdown)
    worlds = np.broadcast(first[:, 0], second[:, 0], nothing[0], left[0]).size
    lost = _by_side((np.zeros((rounds + 1, 1)),) * 2 if cost is None else cost)
    continuation = np.zeros((2, worlds)) - lost[:, rounds]
    turns = [(np.full(worlds, NO_PACKAGE), np.zeros(worlds), continuation)]
    for turn in reversed(range(rounds)):
        mover, other = turn % 2, 1 - turn % 2
        needed = np.maximum(continuation, 0)
        package, utility = menus[mover].best(nothing[other] + needed[other], indifferent)
        gain = utility - nothing
        agrees = gain[mover] >= needed[mover] - TIE
        ahead = np.where(agrees, gain, continuation)
        continuation = left * ahead - lost[:, turn]
        turns.append((np.where(agrees, package, NO_PACKAGE), ahead[mover], continuation))
    return Equilibrium(*(np.stack(column) for column in zip(*reversed(turns), strict=True)))


@dataclass(frozen=True, eq=False)
class _Menu:
    """Packages from best to worst for the mover, among equals the best for the other side first.

    `most` is the most that the other side has among the first 1, 2, ... of them. Where it first
    reaches what the other side needs stands the mover's best package that is accepted; it is on the
    Pareto frontier, for what is as good for both and better for one stands before it. The last entry
    is for no package at all.
    """

    package: Int[Array, "rows entries"]
    utility: Float[Array, "2 rows entries"]
    most: Float[Array, "rows entries"]

    def best(
        self, needed: Float[Array, "#worlds"], indifferent: Indifferent
    ) -> tuple[Int[Array, " worlds"], Float[Array, "2 worlds"]]:
        """The best package accepted by the other side, who needs so much, and both sides' utilities."""
        row = np.arange(len(self.most))
        if indifferent == "accepts":
            entry = count_below(self.most, row, needed - TIE)
        else:
            entry = count_at_most(self.most, row, needed + TIE)
        return self.package[row, entry], self.utility[:, row, entry]


def _menu(
    first: Float[Array, "#worlds packages"], second: Float[Array, "#worlds packages"], mover: int
) -> _Menu:
    sides = _by_side((first, second))
    rounded = np.rint(sides / TIE)
    order = np.lexsort((-rounded[1 - mover], -rounded[mover]))
    ranked = np.take_along_axis(sides, order[None], axis=-1)
    last = np.full_like(ranked[..., :1], np.inf)
    last[mover] = -np.inf
    utility = np.concatenate([ranked, last], axis=-1)
    package = np.concatenate([order, np.full_like(order[:, :1], NO_PACKAGE)], axis=-1)
    return _Menu(package, utility, np.maximum.accumulate(utility[1 - mover], axis=-1))


def _by_side(pair: tuple[Array, Array]) -> Array:
    """The first side's numbers above the second's."""
    return np.stack(np.broadcast_arrays(*pair))
