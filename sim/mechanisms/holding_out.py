"""Holding out: members who expect something better to follow a No lean to No."""

from typing import Annotated

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.inputs.parameter import Number, Section, parameter, switch


class HoldingOut(Section):
    """What members expect of a second ballot, a better offer or an arbitrator's award."""

    on: Annotated[
        StrictBool,
        switch(
            text="members expect that a No on the first ballot may bring something better",
            source="Iida 1996; CT News Junkie, 23 March 2011: corrections got arbitrated raises after a No",
        ),
    ] = False
    chance: Annotated[
        Number,
        parameter(
            text="probability that members give to something better after a first No",
            unit="probability",
            source="Iida 1996; size assumed",
            symbol="om",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0
    better_by: Annotated[
        Number,
        parameter(
            text="how much better that would be",
            unit="share of annual pay",
            source="Iida 1996; size assumed",
            symbol="g",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ] = 0.0


def value_of_waiting(
    chance: Float[np.ndarray, "#worlds"], better_by: Float[np.ndarray, "#worlds"]
) -> Float[np.ndarray, "#worlds"]:
    """How much members lean to No on the first ballot for what may follow it (share of pay; Iida 1996)."""
    return chance * better_by
