"""Prenegotiation: before they talk, the parties bargain over how they will talk."""

from typing import Annotated, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, StrictBool

from sim.arrays.axes import TIE
from sim.inputs.parameter import Number, Section, Whole, parameter, switch
from sim.mechanisms.mechanism import Mechanism


class GroundRulesSettings(Section):
    """The ground rules of the talks are agreed first: who may watch, and until when to talk."""

    # fmt: off
    on: StrictBool = switch("the secrecy rule and the deadline are bargained over before the talks",
        default=False, source="joint statement of 2 March 2011: ground rules at the first meeting")
    deadlines: list[Annotated[Whole, Field(ge=1, le=100_000)]] = Field(
        default=[],
        description="numbers of rounds the parties may agree on; none is the scenario's own only",
    )
    without_rules: Literal["closed_door", "open_door", "leaky"] = parameter(
        "secrecy rule that holds if nothing is agreed, with the scenario's own deadline", "none",
        default="open_door", source="assumption")
    pilot_worlds: Whole = parameter("worlds in which each option is tried out in thought", "worlds",
        default=200, low=1, high=100_000, plausible=(50, 1000), source="assumption")
    governor_believes: Number = parameter(
        "the coalition's audience cost as the governor believes it; 1 is what it is",
        "multiple of the true cost", default=1.0, low=0, high=10, plausible=(0, 2), source="assumption")
    coalition_believes: Number = parameter(
        "the governor's audience cost as union leaders believe it; 1 is what it is",
        "multiple of the true cost", default=1.0, low=0, high=10, plausible=(0, 2), source="assumption")
    # fmt: on


def favourite(expected: Float[np.ndarray, " options"]) -> int:
    """The option a side expects most of; the first, unless another is better.

    `expected` is the utility it expects of the talks under each option; the first option holds without
    ground rules.
    """
    best = int(np.argmax(expected))
    return best if expected[best] > expected[0] + TIE else 0


def agreed(
    to_governor: Float[np.ndarray, " options"], to_coalition: Float[np.ndarray, " options"]
) -> int:
    """The option both sides agree on: of those both prefer to the first, the largest product of gains.

    The first option holds without ground rules, so it is what is left if there is no such option.
    Utilities are what each side expects of the talks under each option (after Nash 1950, on a finite set).
    """
    gains = to_governor - to_governor[0], to_coalition - to_coalition[0]
    both = (gains[0] > TIE) & (gains[1] > TIE)
    return int(np.argmax(np.where(both, gains[0] * gains[1], 0.0)))


class GroundRules(Mechanism):
    """The secrecy rule and the deadline are bargained over before the talks (see `play.prenegotiation`)."""

    table = "ground_rules"
    settings = GroundRulesSettings
    shapes_by_all = True
