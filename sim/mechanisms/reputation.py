"""Reputation across episodes: what came of the last threat is what the next one is believed to be worth."""

from typing import Annotated

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.inputs.parameter import SHARE, Number, Section, parameter, switch


class Reputation(Section):
    """What members remember of the last episode."""

    on: Annotated[
        StrictBool,
        switch(
            text="members remember whether the last threat was carried out",
            source="CT News Junkie, 23 March 2011: corrections refused in 2009, and none was laid off",
        ),
    ] = False
    kept_before: Annotated[
        Number,
        parameter(
            text="how much of what was threatened in the last episode was carried out on those who refused",
            unit=SHARE,
            source="CT News Junkie, 23 March 2011: nobody was laid off in 2009",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0
    memory: Annotated[
        Number,
        parameter(
            text="weight of the last episode in what members believe of a threat; 0 is none",
            unit=SHARE,
            source="exponential forgetting; size assumed",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0


def remembered(
    belief: Float[np.ndarray, "#worlds"],
    kept: Float[np.ndarray, "#worlds"],
    memory: Float[np.ndarray, "#worlds"],
) -> Float[np.ndarray, "#worlds"]:
    """Belief in a threat after an episode in which a share of the threat was kept (derived here)."""
    return (1 - memory) * belief + memory * kept
