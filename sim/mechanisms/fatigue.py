"""Concession fatigue: members who gave before are less willing to give again."""

import numpy as np
from jaxtyping import Float, Int
from pydantic import StrictBool

from sim.arrays.axes import Array
from sim.inputs.parameter import MORE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism, Voting


class FatigueSettings(Section):
    """What an earlier round of concessions leaves behind."""

    # fmt: off
    on: StrictBool = switch("an earlier round of concessions weighs on members", default=False,
        rests_on=("given_before", "resentment"),
        source="CT News Junkie, 19 and 24 June 2011; Labor Notes, June 2011: fatigue after 2009")
    given_before: Number = parameter("what members gave in the round before", "$M per biennium",
        default=0.0, low=0, plausible=(0, 2000), source="CT News Junkie, 3 March 2011: about $750M in 2009",
        acts=({"resentment": MORE},))
    resentment: Number = parameter("how much a member leans to No for each $1,000M given before",
        "share of annual pay per $1,000M", default=0.0, low=0, high=10, plausible=(0, 0.06),
        source="assumption",
        acts=({"given_before": MORE},))
    # fmt: on


def lean_to_no(
    given_before: Float[np.ndarray, "#worlds"], resentment: Float[np.ndarray, "#worlds"]
) -> Float[np.ndarray, "#worlds"]:
    """How much members lean to No for what they gave before (share of pay)."""
    return resentment * given_before / 1000


class Fatigue(Mechanism):
    """Members who gave before lean to No, on whatever they vote."""

    table = "fatigue"
    settings = FatigueSettings

    def shift(self, voting: Voting) -> Float[Array, "#voting"]:
        """What members gave before moves them all alike, on both ballots."""
        return self.shift_on_wages(voting.worlds)

    def shift_on_wages(self, worlds: Int[Array, " voting"]) -> Float[Array, "#voting"]:
        """It moves them on the wages of their unit as well."""
        return -lean_to_no(self.own("given_before", worlds), self.own("resentment", worlds))
