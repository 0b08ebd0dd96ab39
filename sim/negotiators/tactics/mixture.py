"""A tactic made of two (Faratin, Sierra and Jennings 1998)."""

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.inputs.parameter import rule_named
from sim.negotiators import tactics
from sim.negotiators.situation import Situation
from sim.negotiators.tactics.clock import time_dependent


def mixed(situation: Situation) -> Float[Array, "#worlds"]:
    """Give way by the clock and by a second tactic (`mixed_with`), whose weight is `mixed_weight`.

    The two weights are a row of the matrix Gamma of Faratin, Sierra and Jennings (1998), for one
    group of issues.
    """
    weight = situation.own("mixed_weight")
    return (1 - weight) * time_dependent(situation) + weight * _second(situation)


def _second(situation: Situation) -> Float[Array, "#worlds"]:
    names = situation.own("mixed_with")
    distinct = np.unique(names).tolist()
    asks = [rule_named(tactics, name)(situation) for name in distinct]
    return np.select([names == name for name in distinct], asks)
