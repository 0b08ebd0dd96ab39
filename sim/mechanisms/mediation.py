"""Mediation: after an impasse a third party proposes what both sides can live with."""

from typing import Annotated

import numpy as np
from jaxtyping import Float, Int
from pydantic import StrictBool

from sim.arrays.axes import over_packages
from sim.inputs.parameter import Number, Section, parameter, switch

NOTHING = -1


class Mediation(Section):
    """A mediator who may step in when the talks have failed."""

    on: Annotated[
        StrictBool,
        switch(
            text="a mediator may propose a package after talks without an agreement",
            source="Connecticut General Statutes 5-276a: mediation of state employees' contracts",
        ),
    ] = False
    chance: Annotated[
        Number,
        parameter(
            text="probability that both sides call in a mediator after an impasse",
            unit="probability",
            source="assumption",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 0.0


def proposal(
    governor: Float[np.ndarray, "#worlds packages"],
    coalition: Float[np.ndarray, "#worlds packages"],
    least_governor: Float[np.ndarray, " worlds"],
    least_coalition: Float[np.ndarray, " worlds"],
) -> Int[np.ndarray, " worlds"]:
    """The position of the package with the largest product of gains over what each side can accept.

    NOTHING where no package is worth at least that to both. Utilities and least acceptable utilities
    are those of each side (Nash 1950, on a finite set).
    """
    gains = governor - over_packages(least_governor), coalition - over_packages(least_coalition)
    acceptable = (gains[0] >= 0) & (gains[1] >= 0)
    product = np.where(acceptable, gains[0] * gains[1], -1.0)
    return np.where(acceptable.any(-1), product.argmax(-1), NOTHING)
