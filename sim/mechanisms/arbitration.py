"""Arbitration: instead of Plan B a third party makes an award that needs no ballot.

Negotiators who foresee an award would hold back (Farber 1980; Stevens 1966); ours do not foresee it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from pydantic import StrictBool

from sim.arrays.axes import TIE, stretch
from sim.inputs.parameter import Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism


class ArbitrationSettings(Section):
    """An arbitrator who decides where nothing was agreed or ratified."""

    # fmt: off
    on: StrictBool = switch("an arbitrator's award takes the place of Plan B", default=False,
        source="CT News Junkie, 23 March 2011: corrections had arbitrated raises after 2009")
    kind: Literal["conventional", "final_offer"] = parameter(
        "what the arbitrator may award: any package, or one of the two last offers", "none",
        default="conventional", source="Farber 1980; Stevens 1966")
    weight: Number = parameter(
        "weight that arbitrators give to the governor's side on average; 0.5 is even-handed", "share",
        default=0.5, low=0, high=1, plausible=(0.3, 0.7), source="assumption")
    error_sd: Number = parameter("spread of that weight between arbitrators", "share", default=0.0, low=0,
        high=10, plausible=(0, 0.3), source="assumption")
    rejection: Number = parameter(
        "probability that the legislature rejects an award; Plan B is then carried out", "probability",
        default=0.0, low=0, high=1, plausible=(0, 0.5),
        source="Connecticut General Statutes 5-278: by two thirds of either house; size assumed")
    # fmt: on


@dataclass(frozen=True, eq=False)
class Hearing:
    """What an arbitrator looks at, in each world.

    `packages` are the numbers of those that are Pareto-optimal, and `to_governor` and `to_coalition` their
    utilities. `offered` holds the numbers of the last offers, the governor's first, and `offered_to_...`
    their utilities. `weight` is what this arbitrator gives to the governor's side.
    """

    packages: Int[np.ndarray, " packages"]
    to_governor: Float[np.ndarray, "#worlds packages"]
    to_coalition: Float[np.ndarray, "#worlds packages"]
    offered: Int[np.ndarray, "worlds sides"]
    offered_to_governor: Float[np.ndarray, "worlds sides"]
    offered_to_coalition: Float[np.ndarray, "worlds sides"]
    weight: Float[np.ndarray, " worlds"]


def weights(
    mean: Float[np.ndarray, "#worlds"],
    spread: Float[np.ndarray, "#worlds"],
    normal: Float[np.ndarray, " worlds"],
) -> Float[np.ndarray, " worlds"]:
    """The weight each arbitrator gives to the governor's side: normal about the mean, from 0 to 1."""
    return np.clip(mean + spread * normal, 0.0, 1.0)


def conventional(case: Hearing) -> Int[np.ndarray, " worlds"]:
    """Award the Pareto-optimal package nearest, in utilities, to the weighted mean of the last offers.

    Splitting the difference, as conventional arbitrators are said to do (Farber 1981).
    """
    sides = np.stack([case.weight, 1 - case.weight], axis=-1)
    to_governor = (sides * case.offered_to_governor).sum(-1)
    to_coalition = (sides * case.offered_to_coalition).sum(-1)
    apart = np.hypot(
        case.to_governor - stretch(to_governor),
        case.to_coalition - stretch(to_coalition),
    )
    return case.packages[apart.argmin(-1)]


def final_offer(case: Hearing) -> Int[np.ndarray, " worlds"]:
    """Award the last offer that is nearer, in utilities, to what this arbitrator thinks fair.

    The governor's if both are as near (Farber 1980). What is fair does not depend on the offers: it shares
    the gains in proportion to the weights (Kalai 1977, proportional solutions).
    """
    weight = stretch(np.clip(case.weight, TIE, 1 - TIE))  # at 0 and 1 all packages would tie
    shared = np.minimum((1 - weight) * case.to_governor, weight * case.to_coalition)
    fair = stretch(shared.argmax(-1))
    to_governor, to_coalition = (
        np.take_along_axis(np.broadcast_to(utility, shared.shape), fair, axis=-1)
        for utility in (case.to_governor, case.to_coalition)
    )
    apart = np.hypot(
        case.offered_to_governor - to_governor, case.offered_to_coalition - to_coalition
    )
    governors = apart[:, 0] <= apart[:, 1]
    return np.where(governors, case.offered[:, 0], case.offered[:, 1])


class Arbitration(Mechanism):
    """An arbitrator awards where all failed (see `play.stages`)."""

    table = "arbitration"
    settings = ArbitrationSettings
