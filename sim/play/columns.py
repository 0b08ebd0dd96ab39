"""The row of each world in the table of outcomes: what was agreed, how ballots went, what it is worth."""

from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, pieces, stretch
from sim.cases.schema.information import SECRECY_RULES
from sim.inputs.problems import InputError
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.play.stages.ending import layoffs_threatened
from sim.play.stages.told import counts_of, counts_where, numbers_of
from sim.play.status import Status
from sim.preferences.valuation import Pair

CELLS_AT_ONCE = 32_768  # worlds x frontier packages that stay in a processor's cache
STATUSES = [*Status]
FINAL = (Status.RATIFIED_FIRST, Status.RATIFIED_SECOND, Status.AGREED)
CATEGORIES = {
    "status": [status.value for status in STATUSES if status is not Status.AWARDED],
    "proposer": ["governor", "coalition"],
    **{key: [*SECRECY_RULES] for key in ("secrecy_rule", "governor_wanted", "coalition_wanted")},
}
FURTHER = {"awarded": ("status", Status.AWARDED.value), "mediated": ("proposer", "mediator")}
GOVERNOR, COALITION, MEDIATOR, NOBODY = 0, 1, 2, -1  # who made an offer, by place in these words


def columns_of(model: BargainingModel) -> dict[str, Any]:
    """The columns of a batch, in the order of the results format; those of words are codes (`in_words`).

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
        "ratified": np.isin(status, [STATUSES.index(ending) for ending in FINAL]),
        **_agreement_columns(model, agreed),
        **_ballot_columns(model),
    }
    for stage in model.stages:
        found |= stage.columns(model)
    return found | _utility_columns(model)


def in_words(columns: Collection[str]) -> dict[str, pd.CategoricalDtype]:
    """The columns that hold the places of words, of those that there are, and the words they may have."""
    further = {of: word for column, (of, word) in FURTHER.items() if column in columns}
    return {
        name: _words(*words, *([further[name]] if name in further else []))
        for name, words in CATEGORIES.items()
        if name in columns
    }


@cache
def _words(*words: str) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(words)


def _agreement_columns(model: BargainingModel, agreed: Bool[Array, " worlds"]) -> dict[str, Any]:
    """When, by whom and what was agreed, ratified or not."""
    batch = model.batch
    governor_took_it = model.governor_moves(np.where(agreed, model.agreed_round, 0))
    proposer = np.where(governor_took_it, COALITION, GOVERNOR).astype(np.int8)
    proposer[model.mediated] = MEDIATOR
    proposer[~agreed] = NOBODY
    package = np.where(agreed, model.agreement, 0)
    levels = {
        name: np.where(agreed, batch.agenda.levels_on(name, package), np.nan)
        for name in batch.agenda.names
    }
    timing = {
        "round": counts_where(agreed, model.agreed_round),
        "proposer": proposer,
    }
    if not batch.in_dollars:
        return timing | levels
    savings = batch.look_up(batch.scored, package)
    taxes = batch.agenda.levels_on("tax_share", package) * batch.fiscal.gap
    dollars = {
        "savings": np.where(agreed, savings, np.nan),
        "taxes": np.where(agreed, taxes, np.nan),
    }
    return timing | levels | dollars


def _status(model: BargainingModel) -> Int[Array, " worlds"]:
    """How each world ended, as its place in `STATUSES`; an agreement on which nobody votes is final."""
    place = STATUSES.index
    agreed = model.agreement != NO_OFFER
    status = np.where(agreed, place(Status.AGREED), place(Status.IMPASSE)).astype(np.int8)
    passed = (Status.RATIFIED_FIRST, Status.RATIFIED_SECOND)
    for held, ratified in zip(model.counts, passed, strict=False):
        status[held.worlds] = np.where(held.ratified, place(ratified), place(Status.REJECTED))
    status[model.awarded] = place(Status.AWARDED)
    return status


def _ballot_columns(model: BargainingModel) -> dict[str, Any]:
    """What the ballots decided, and the layoffs threatened and carried out; nothing without a ballot."""
    if not model.counts:
        return {}
    found = {"layoffs_threatened": layoffs_threatened(model), "layoffs": model.layoffs}
    worlds = model.batch.worlds
    for number, held in enumerate(model.counts, start=1):
        found |= {
            f"yes_share_{number}": numbers_of(worlds, held.worlds, held.yes_share),
            f"unions_yes_{number}": counts_of(worlds, held.worlds, held.unions_yes),
            f"weight_yes_{number}": numbers_of(worlds, held.worlds, held.weight_yes),
        }
    return found


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
    every = np.arange(len(to_governor))
    best, nearest = np.empty(len(every)), np.empty(len(every))
    packages = np.flatnonzero(worth.frontier.any(0))
    efficient = worth.frontier[:, packages]
    for some in (every[piece] for piece in pieces(len(every), CELLS_AT_ONCE // len(packages))):
        g, u = (side.all_packages(packages, some) for side in (worth.one, worth.other))
        best[some] = (np.maximum(g, 0) * np.maximum(u, 0)).max(-1)
        apart = np.hypot(g - stretch(to_governor[some]), u - stretch(to_coalition[some]))
        there = worth.of_worlds(efficient, some)
        nearest[some] = np.where(there, apart, np.inf).min(-1)
    return best, nearest
