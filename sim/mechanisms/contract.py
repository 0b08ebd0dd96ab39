"""The contract that runs on: holding out costs the unions nothing while it does, and reopening needs consent.

SEBAC's agreement of 1997 on health and pensions ran to 2017. Leaders who keep it give up nothing, unless
the state turns to Plan B all the same: a strong inside option, and little urgency (Cramton and Tracy
1992 on holdouts).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float
from pydantic import StrictBool

from sim.arrays.axes import Array
from sim.inputs.parameter import Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism


class ContractSettings(Section):
    """A contract on health and pensions that outlasts the talks."""

    # fmt: off
    on: StrictBool = switch(
        "a contract on health and pensions runs on, and talks need the leaders' consent", default=False,
        source="SEBAC fact sheet, May 2011: the agreement of 1997 remains in effect until 2017")
    security: Number = parameter("chance that leaders give to no Plan B coming while the contract runs",
        "probability", default=0.0, low=0, high=1, plausible=(0, 0.6), source="assumption")
    # fmt: on


def inside_option(
    security: Float[np.ndarray, "#worlds"], no_change: Float[np.ndarray, "#worlds"]
) -> Float[np.ndarray, "#worlds"]:
    """What holding out is worth to the leaders: no change, if no Plan B comes; else what failure is, 0.

    Leaders to whom no change is worth less than that have no use for the contract. An inside option
    is what a side has while it disagrees (Muthoo 1999, chapter 6).
    """
    return security * np.maximum(no_change, 0.0)


def reopens(
    expected: Float[np.ndarray, "worlds"], inside: Float[np.ndarray, "#worlds"]
) -> Bool[np.ndarray, "worlds"]:
    """Whether the leaders agree to talks: not where what they hold is worth more than what they expect."""
    return expected >= inside


def expected_of_talks(
    governor: Float[np.ndarray, "#worlds packages"],
    coalition: Float[np.ndarray, "worlds packages"],
) -> Float[np.ndarray, "worlds"]:
    """What the package of largest Nash product is worth to the leaders, 0 where none is good for both.

    Utilities are 0 without an agreement; of equals the first counts (Nash 1950).
    """
    product = np.maximum(governor, 0.0) * np.maximum(coalition, 0.0)
    best = product.argmax(-1)
    worlds = np.arange(len(product))
    return np.where(product[worlds, best] > 0, coalition[worlds, best], 0.0)


class Contract(Mechanism):
    """Leaders may keep the contract that runs on."""

    table = "contract"
    settings = ContractSettings

    def inside_option(
        self, no_change: Callable[[], Float[Array, " worlds"]]
    ) -> Float[Array, " worlds"]:
        """What leaders have for certain while they hold out."""
        return inside_option(self.own("security"), no_change())
