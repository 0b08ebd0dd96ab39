"""Savings that the unions propose themselves: little pain, and dollars that may not come true."""

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.arrays.axes import Array
from sim.inputs.parameter import SHARE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism


class IdeasSettings(Section):
    """How much of the scored dollars of the issue `ideas` comes true."""

    # fmt: off
    on: StrictBool = switch("the savings that the unions propose themselves are uncertain", default=False,
        source="CT News Junkie, 9 August 2011: OFA could not verify 180 for ideas and 90 for technology")
    comes_true_low: Number = parameter("the least share of their scored dollars that comes true", SHARE,
        default=1.0, low=0, high=1, plausible=(0, 1),
        source="assumption; no official account of what was saved was found")
    comes_true_high: Number = parameter("the largest share of their scored dollars that comes true", SHARE,
        default=1.0, low=0, high=1, plausible=(0, 1),
        source="assumption; no official account of what was saved was found")
    # fmt: on


def comes_true(
    low: Float[np.ndarray, "#worlds"],
    high: Float[np.ndarray, "#worlds"],
    uniform: Float[np.ndarray, " worlds"],
) -> Float[np.ndarray, " worlds"]:
    """Share of the scored dollars that comes true: anything between low and high is equally likely."""
    return low + (high - low) * uniform


def doubted(
    low: Float[np.ndarray, "#worlds"], high: Float[np.ndarray, "#worlds"]
) -> Float[np.ndarray, "#worlds"]:
    """Share of the scored dollars that who counts on the mean does not count on."""
    return 1 - (low + high) / 2


def realised(
    scored: Float[np.ndarray, " chosen"],
    of_ideas: Float[np.ndarray, " chosen"],
    share: Float[np.ndarray, " chosen"],
) -> Float[np.ndarray, " chosen"]:
    """What packages save in the end ($M): as scored, less the part of the ideas that does not come true."""
    return scored - (1 - share) * of_ideas


class Ideas(Mechanism):
    """The savings that the unions propose are uncertain, and the governor counts on their mean."""

    table = "ideas"
    settings = IdeasSettings

    def doubted(self) -> dict[str, Float[Array, "#worlds"]]:
        """The share of the ideas' scored dollars that the governor does not count on."""
        return {"ideas": doubted(self.own("comes_true_low"), self.own("comes_true_high"))}
