"""Reputation across episodes: what came of the last threat is what the next one is believed to be worth."""

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.arrays.axes import Array
from sim.inputs.parameter import MORE, SHARE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism


class ReputationSettings(Section):
    """What members remember of the last episode."""

    # fmt: off
    on: StrictBool = switch("members remember whether the last threat was carried out", default=False,
        rests_on=("memory",),
        source="CT News Junkie, 23 March 2011: corrections refused in 2009, and none was laid off")
    kept_before: Number = parameter(
        "how much of what was threatened in the last episode was carried out on those who refused", SHARE,
        default=0.0, low=0, high=1, plausible=(0, 1),
        source="CT News Junkie, 23 March 2011: nobody was laid off in 2009", acts=({"memory": MORE},))
    memory: Number = parameter("weight of the last episode in what members believe of a threat; 0 is none",
        SHARE, default=0.0, low=0, high=1, plausible=(0, 1), source="exponential forgetting; size assumed")
    # fmt: on


def remembered(
    belief: Float[np.ndarray, "#worlds"],
    kept: Float[np.ndarray, "#worlds"],
    memory: Float[np.ndarray, "#worlds"],
) -> Float[np.ndarray, "#worlds"]:
    """Belief in a threat after an episode in which a share of the threat was kept (derived here)."""
    return (1 - memory) * belief + memory * kept


class Reputation(Mechanism):
    """Members remember what came of the last threat."""

    table = "reputation"
    settings = ReputationSettings

    def belief_at_first(self, belief: Float[Array, "#worlds"]) -> Float[Array, "#worlds"]:
        """Belief in the threat, moved by what was kept of the last one."""
        return remembered(belief, self.own("kept_before"), self.own("memory"))
