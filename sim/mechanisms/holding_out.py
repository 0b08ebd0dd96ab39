"""Holding out: members who expect something better to follow a No lean to No."""

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.arrays.axes import Array
from sim.inputs.parameter import MORE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism, Voting


class HoldingOutSettings(Section):
    """What members expect of a second ballot, a better offer or an arbitrator's award."""

    # fmt: off
    on: StrictBool = switch("members expect that a rejection on the first ballot may bring something better",
        default=False, rests_on=("chance", "better_by"),
        source="Iida 1996; CT News Junkie, 23 March 2011: corrections got arbitrated raises after a No")
    chance: Number = parameter("probability that members give to something better after a first No",
        "probability", default=0.0, symbol="om", low=0, high=1, plausible=(0, 1),
        source="Iida 1996; size assumed",
        acts=({"better_by": MORE},))
    better_by: Number = parameter("how much better that would be", "share of annual pay", default=0.0,
        symbol="g", low=0, high=10, plausible=(0, 0.1), source="Iida 1996; size assumed",
        acts=({"chance": MORE},))
    # fmt: on


def value_of_waiting(
    chance: Float[np.ndarray, "#worlds"], better_by: Float[np.ndarray, "#worlds"]
) -> Float[np.ndarray, "#worlds"]:
    """How much members lean to No on the first ballot for what may follow it (share of pay; Iida 1996)."""
    return chance * better_by


class HoldingOut(Mechanism):
    """Members who expect something better to follow lean to No on the first ballot."""

    table = "holding_out"
    settings = HoldingOutSettings

    def shift(self, voting: Voting) -> float | Float[Array, "#voting"]:
        """What may follow a first rejection moves all members alike."""
        if voting.ballot != "first":
            return 0.0
        chance, better_by = (self.own(name, voting.worlds) for name in ("chance", "better_by"))
        return -value_of_waiting(chance, better_by)
