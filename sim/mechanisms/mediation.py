"""Mediation: after an impasse a third party proposes what both sides can live with."""

import numpy as np
from jaxtyping import Float, Int
from pydantic import StrictBool

from sim.arrays.axes import stretch
from sim.inputs.parameter import Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism

NOTHING = -1


class MediationSettings(Section):
    """A mediator who may step in when the talks have failed."""

    # fmt: off
    on: StrictBool = switch("a mediator may propose a package after talks without an agreement",
        default=False, rests_on=("chance",),
        source="Connecticut General Statutes 5-276a: mediation of state employees' contracts")
    chance: Number = parameter("probability that both sides call in a mediator after an impasse",
        "probability", default=0.0, low=0, high=1, plausible=(0, 1), source="assumption")
    # fmt: on


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
    gains = governor - stretch(least_governor), coalition - stretch(least_coalition)
    acceptable = (gains[0] >= 0) & (gains[1] >= 0)
    product = np.where(acceptable, gains[0] * gains[1], -1.0)
    return np.where(acceptable.any(-1), product.argmax(-1), NOTHING)


class Mediation(Mechanism):
    """A mediator may propose after an impasse (see `play.stages`)."""

    table = "mediation"
    settings = MediationSettings
