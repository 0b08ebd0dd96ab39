"""How far to give way next: the value of `governor.tactic` and `coalition.tactic`.

A tactic says what share of the way from its best to its reservation value a side has given at a
time (Faratin, Sierra and Jennings 1998). `beta < 1` is Boulware (gives way late), 1 is linear,
`beta > 1` is Conceder. Other libraries use the exponent 1 / beta.
"""

import numpy as np
from jaxtyping import Float

from sim.axes import Array


def time_dependent(
    time: float, beta: Float[Array, "#worlds"], first_concession: Float[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """Polynomial concession: k + (1 - k) t^(1 / beta), with k the first concession and t in [0, 1]."""
    return first_concession + (1 - first_concession) * np.minimum(time, 1.0) ** (1 / beta)


def exponential(
    time: float, beta: Float[Array, "#worlds"], first_concession: Float[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """Exponential concession: exp((1 - t)^beta ln k), with k > 0 the first concession."""
    return np.exp((1 - np.minimum(time, 1.0)) ** beta * np.log(first_concession))


def aspiration(
    concession: Float[Array, "#worlds"], reservation: Float[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """The least utility to ask for: 1 before any concession, the reservation value after all of it."""
    return reservation + (1 - reservation) * (1 - concession)
