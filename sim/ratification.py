"""Ballots and bylaws: what members are asked, how votes are weighed, and when an agreement is ratified."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.agenda import Agenda
from sim.axes import Array, distinct, over_packages, take
from sim.utility import MemberUtility

WEIGHT_TIE = 1e-9  # a weight this little below the quota reaches it
MAJORITY = 0.5


@dataclass(frozen=True, eq=False)
class Ballot:
    """A package put to the members of some worlds, and what they believe when they vote.

    `belief` is the probability they give to `threat` (persons) being carried out; `mood` is the
    shock common to all unions less the cost they wrongly imagine (share of pay). All arrays are
    over `worlds`.
    """

    agenda: Agenda
    worlds: Int[Array, " voting"]
    package: Int[Array, " voting"]
    belief: Float[Array, " voting"]
    threat: Float[Array, "#voting"]
    mood: Float[Array, " voting"]

    def yes_share(
        self, utility: MemberUtility, militancy: Float[Array, " voting"]
    ) -> Float[Array, " voting"]:
        """Share of a union's members who vote Yes, given how mild the union is (share of pay)."""
        gain, deal = self._gains(utility)
        return utility.of(self.worlds).yes_share(gain, deal, militancy + self.mood)

    def _gains(
        self, utility: MemberUtility
    ) -> tuple[Float[Array, "deals members"], Int[Array, " voting"]]:
        """What members gain from each deal, and each world's deal; worked out once for unions alike."""
        if utility not in self._known:
            first, deal = self._deals if utility.shared else (np.arange(len(self.worlds)),) * 2
            gain = utility.of(self.worlds[first]).gain(
                self.agenda,
                over_packages(self.package[first]),
                self.belief[first],
                take(self.threat, first),
            )
            self._known[utility] = gain[:, 0], deal
        return self._known[utility]

    @cached_property
    def _known(self) -> dict[MemberUtility, tuple[Array, Array]]:
        return {}

    @cached_property
    def _deals(self) -> tuple[Int[Array, " deals"], Int[Array, " voting"]]:
        """Worlds that differ in package, belief or threat: one of each kind, and each world's kind."""
        beliefs = np.unique(self.belief, return_inverse=True)[1]
        threats = np.unique(self.threat, return_inverse=True)[1]
        columns = (self.package, beliefs, np.broadcast_to(threats, len(self.worlds)))
        _, deal = distinct(*columns)
        return np.unique(deal, return_index=True)[1], deal


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

    `yes` is the share of yes in each union (voting, unions); `yes_share` that of all members;
    `unions_yes` the unions with a majority; `weight_yes` the weight that the bylaws test;
    `ratified` the result under the `bylaws` in force (one row a voting world).
    """

    worlds: Int[Array, " voting"]
    yes: Float[Array, "voting unions"]
    yes_share: Float[Array, " voting"]
    unions_yes: Int[Array, " voting"]
    weight_yes: Float[Array, " voting"]
    ratified: Bool[Array, " voting"]
    bylaws: Bylaws


def carried(yes: Float[Array, "voting unions"]) -> Bool[Array, "voting unions"]:
    """Which unions voted yes: more than half of their members."""
    return yes > MAJORITY


def count(
    worlds: Int[Array, " voting"],
    yes: Float[Array, "voting unions"],
    weights: Float[Array, " unions"],
    bylaws: Bylaws,
) -> Count:
    """Count a ballot under the doubly weighted rule: enough unions, and enough weight behind them."""
    pooled = (yes * weights).sum(-1)
    unit = (carried(yes) * weights).sum(-1)
    unions_yes = carried(yes).sum(-1)
    weight = np.where(bylaws.weighting == "pooled", pooled, unit)
    enough = (unions_yes >= bylaws.unions_required) & (
        weight >= bylaws.weight_required - WEIGHT_TIE
    )
    return Count(worlds, yes, pooled, unions_yes, weight, enough, bylaws.spread(len(worlds)))
