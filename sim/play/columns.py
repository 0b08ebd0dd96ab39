"""The row of each world in the table of outcomes: what was agreed, how ballots went, what it is worth."""

from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from sim.arrays.axes import Array, stretch
from sim.cases.schema.information import SECRECY_RULES
from sim.inputs.problems import InputError
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.play.stages.ending import layoffs_threatened
from sim.play.status import Status
from sim.preferences.valuation import Pair

CELLS_AT_ONCE = 100_000  # worlds x frontier packages held in memory together
CATEGORIES = {
    "status": [status.value for status in Status if status is not Status.AWARDED],
    "proposer": ["governor", "coalition"],
    **{key: [*SECRECY_RULES] for key in ("secrecy_rule", "governor_wanted", "coalition_wanted")},
}
FURTHER = {"awarded": ("status", Status.AWARDED.value), "mediated": ("proposer", "mediator")}


def columns_of(model: BargainingModel) -> dict[str, Any]:
    """The columns of a batch, in the order of the results format.

    Raises:
        InputError: when the talks of the model go on.
    """
    if not model.over:
        raise InputError(
            f"the talks are at turn {model.turn} of {model.batch.rounds} and not over; step the model until "
            "model.running is False"
        )
    agreed, status = model.agreement != NO_OFFER, _status(model)
    found = {
        "status": status,
        "agreed": agreed,
        "ratified": np.isin(status, [Status.RATIFIED_FIRST, Status.RATIFIED_SECOND, Status.AGREED]),
        **_agreement_columns(model, agreed),
        **_ballot_columns(model),
    }
    for stage in model.stages:
        found |= stage.columns(model)
    return found | _utility_columns(model)


def _agreement_columns(model: BargainingModel, agreed: Bool[Array, " worlds"]) -> dict[str, Any]:
    """When, by whom and what was agreed, ratified or not."""
    batch = model.batch
    governor_took_it = model.governor_moves(np.where(agreed, model.agreed_round, 0))
    proposer = np.where(governor_took_it, "coalition", "governor").astype(object)
    proposer[model.mediated] = "mediator"
    proposer[~agreed] = None
    package = np.where(agreed, model.agreement, 0)
    levels = {
        name: np.where(agreed, batch.agenda.levels_on(name, package), np.nan)
        for name in batch.agenda.names
    }
    timing = {
        "round": pd.array(np.where(agreed, model.agreed_round, 0), dtype="Int32"),
        "proposer": proposer,
    }
    timing["round"][~agreed] = pd.NA
    if not batch.in_dollars:
        return timing | levels
    savings = batch.look_up(batch.scored, package)
    taxes = batch.agenda.levels_on("tax_share", package) * batch.fiscal.gap
    dollars = {
        "savings": np.where(agreed, savings, np.nan),
        "taxes": np.where(agreed, taxes, np.nan),
    }
    return timing | levels | dollars


def _status(model: BargainingModel) -> Array:
    """How each world ended; an agreement on which nobody votes is final."""
    status = np.full(model.batch.worlds, Status.IMPASSE.value, dtype=object)
    status[model.agreement != NO_OFFER] = Status.AGREED.value
    passed = (Status.RATIFIED_FIRST, Status.RATIFIED_SECOND)
    for held, ratified in zip(model.counts, passed, strict=False):
        status[held.worlds] = np.where(held.ratified, ratified, Status.REJECTED)
    status[model.awarded] = Status.AWARDED
    return status.astype(str)


def _ballot_columns(model: BargainingModel) -> dict[str, Any]:
    """What the ballots decided, and the layoffs threatened and carried out; nothing without a ballot."""
    if not model.counts:
        return {}
    found = {"layoffs_threatened": layoffs_threatened(model), "layoffs": model.layoffs}
    worlds = model.batch.worlds
    for number, held in enumerate(model.counts, start=1):
        unions_yes = pd.array(np.zeros(worlds), dtype="Int32")
        unions_yes[:] = pd.NA
        unions_yes[held.worlds] = held.unions_yes
        found |= {
            f"yes_share_{number}": _spread(held.yes_share, held.worlds, worlds),
            f"unions_yes_{number}": unions_yes,
            f"weight_yes_{number}": _spread(held.weight_yes, held.worlds, worlds),
        }
    return found


def _spread(values: Array, chosen: Array, worlds: int) -> Float[Array, " worlds"]:
    spread = np.full(worlds, np.nan)
    spread[chosen] = values
    return spread


def _utility_columns(model: BargainingModel) -> dict[str, Any]:
    """What the final outcome is worth to both sides, and how efficient that is."""
    to_governor, to_coalition = map(model.final_utility, (model.governor, model.coalition))
    product = np.maximum(to_governor, 0) * np.maximum(to_coalition, 0)
    best, distance = _against_frontier(model.worth, to_governor, to_coalition)
    return {
        "utility_governor": to_governor,
        "utility_coalition": to_coalition,
        "nash_ratio": np.divide(product, best, where=best > 0, out=np.full(len(product), np.nan)),
        "pareto_distance": distance,
    }


def _against_frontier(
    worth: Pair,
    to_governor: Float[Array, " worlds"],
    to_coalition: Float[Array, " worlds"],
) -> tuple[Float[Array, " worlds"], Float[Array, " worlds"]]:
    """The greatest Nash product of each world, and the distance to its nearest frontier point."""
    worlds = np.arange(len(to_governor))
    best, nearest = np.zeros(len(worlds)), np.full(len(worlds), np.inf)
    packages = np.flatnonzero(worth.frontier.any(0))
    for some in np.array_split(packages, 1 + len(packages) * len(worlds) // CELLS_AT_ONCE):
        g, u = (side.all_packages(some, worlds) for side in (worth.one, worth.other))
        products = np.maximum(g, 0) * np.maximum(u, 0)
        apart = np.hypot(g - stretch(to_governor), u - stretch(to_coalition))
        best = np.maximum(best, products.max(-1))
        nearest = np.minimum(
            nearest,
            np.where(worth.of_worlds(worth.frontier[:, some], worlds), apart, np.inf).min(-1),
        )
    return best, nearest
