"""Bylaws: how votes are weighed and counted, and when an agreement is ratified."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import TIE, Array, stretch, take

MAJORITY = 0.5


@dataclass(frozen=True, eq=False)
class Bylaws:
    """Who must say yes: a number of unions and a weight, each by `weighting` "unit" or "pooled".

    Unit: a union's majority casts its whole membership, as the SEBAC bylaws of 1996 had it. Pooled:
    the yes shares of all members are added up, as per-capita votes cast (July 2011).
    """

    unions_required: Int[Array, "#worlds"]
    weight_required: Float[Array, "#worlds"]
    weighting: Array

    def of(self, worlds: Int[Array, " chosen"]) -> "Bylaws":
        """The bylaws of some worlds."""
        fields = (self.unions_required, self.weight_required, self.weighting)
        return Bylaws(*(take(x, worlds) for x in fields))

    def spread(self, worlds: int) -> "Bylaws":
        """The same bylaws with one row a world."""
        fields = (self.unions_required, self.weight_required, self.weighting)
        return Bylaws(*(np.broadcast_to(x, worlds) for x in fields))

    def where(self, amended: Bool[Array, " worlds"], new: "Bylaws") -> "Bylaws":
        """These bylaws, and the new ones in the worlds that amended them."""
        return Bylaws(
            np.where(amended, new.unions_required, self.unions_required),
            np.where(amended, new.weight_required, self.weight_required),
            np.where(amended, new.weighting, self.weighting),
        )


@dataclass(frozen=True, eq=False)
class Count:
    """A counted ballot.

    `yes` is the share of yes in each union (voting, unions); `yes_share` that of all votes;
    `unions_yes` the unions with a majority; `weight_yes` the weight that the bylaws test;
    `ratified` the result under the `bylaws` in force (one row a voting world); `turnout` the share of
    all members who voted, where it was not all of them.
    """

    worlds: Int[Array, " voting"]
    yes: Float[Array, "voting unions"]
    yes_share: Float[Array, " voting"]
    unions_yes: Int[Array, " voting"]
    weight_yes: Float[Array, " voting"]
    ratified: Bool[Array, " voting"]
    bylaws: Bylaws
    turnout: Float[Array, " voting"] | None = None


@dataclass(frozen=True, eq=False)
class UnitCount:
    """A ballot counted by bargaining unit: the share of Yes in each of them.

    `ballot` is 1 or 2, the coalition's ballot that it was or went with; `question` is what was asked,
    "coalition" (health and pensions, which bind everybody) or "wages" (those of the unit).
    """

    ballot: int
    question: str
    worlds: Int[Array, " voting"]
    yes: Float[Array, "voting units"]

    @property
    def units_yes(self) -> Int[Array, " voting"]:
        """How many units have a majority."""
        return carried(self.yes).sum(-1)


def carried(yes: Float[Array, "voting unions"]) -> Bool[Array, "voting unions"]:
    """Which unions voted yes: more than half of their members."""
    return yes > MAJORITY


def count(
    worlds: Int[Array, " voting"],
    yes: Float[Array, "voting unions"],
    weights: Float[Array, " unions"],
    bylaws: Bylaws,
    voted: Float[Array, "voting unions"] | None = None,
) -> Count:
    """Count a ballot under the doubly weighted rule: enough unions, and enough weight behind them.

    `voted` is the share of each union's members who voted; without it all did.
    """
    turnout, cast = None, weights
    if voted is not None:
        turnout = (weights * voted).sum(-1)
        cast = weights * voted / stretch(turnout)
    pooled = (yes * cast).sum(-1)
    unit = (carried(yes) * weights).sum(-1)
    unions_yes = carried(yes).sum(-1)
    weight = np.where(bylaws.weighting == "pooled", pooled, unit)
    enough = (unions_yes >= bylaws.unions_required) & (weight >= bylaws.weight_required - TIE)
    in_force = bylaws.spread(len(worlds))
    return Count(worlds, yes, pooled, unions_yes, weight, enough, in_force, turnout)
