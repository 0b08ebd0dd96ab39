"""Tactics that look at the clock (Faratin, Sierra and Jennings 1998).

Such a tactic says what share of the way from its best to its reservation value a side has given at a
time. `beta < 1` is Boulware (gives way late), 1 is linear, `beta > 1` is Conceder. Other libraries
use the exponent 1 / beta.
"""

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.negotiators.situation import Situation


def time_dependent(situation: Situation) -> Float[Array, "#worlds"]:
    """Give way by the clock, at a pace that is a power of the time gone (`beta`)."""
    concession = polynomial_concession(
        situation.history.time, situation.own("beta"), situation.own("first_concession")
    )
    return aspiration(concession, situation.reservation)


def exponential(situation: Situation) -> Float[Array, "#worlds"]:
    """Give way by the clock, exponentially (`beta`); the first concession must be above 0."""
    concession = exponential_concession(
        situation.history.time, situation.own("beta"), situation.own("first_concession")
    )
    return aspiration(concession, situation.reservation)


def resource_dependent(situation: Situation) -> Float[Array, "#worlds"]:
    """Give way as what one can hold out with (`resource`) is used up, evenly until the deadline."""
    left = situation.own("resource") * (1 - min(situation.history.time, 1.0))
    concession = resource_concession(left, situation.own("first_concession"))
    return aspiration(concession, situation.reservation)


def obstinate(situation: Situation) -> Float[Array, "#worlds"]:
    """Never give way beyond the first concession, whatever happens (Abreu and Gul 2000)."""
    return aspiration(situation.own("first_concession"), situation.reservation)


def polynomial_concession(
    time: float, beta: Float[Array, "#worlds"], first_concession: Float[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """The share given at a time in [0, 1]: k + (1 - k) t^(1 / beta), with k the first concession."""
    return first_concession + (1 - first_concession) * np.minimum(time, 1.0) ** (1 / beta)


def exponential_concession(
    time: float, beta: Float[Array, "#worlds"], first_concession: Float[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """The share given at a time in [0, 1]: exp((1 - t)^beta ln k), with k > 0 the first concession."""
    return np.exp((1 - np.minimum(time, 1.0)) ** beta * np.log(first_concession))


def resource_concession(
    left: Float[Array, "#worlds"], first_concession: Float[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """The share given with so much of a resource left: k + (1 - k) exp(-left), k the first concession."""
    return first_concession + (1 - first_concession) * np.exp(-left)


def aspiration(
    concession: Float[Array, "#worlds"], reservation: Float[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """The least utility to ask for: 1 before any concession, the reservation value after all of it."""
    return reservation + (1 - reservation) * (1 - concession)
