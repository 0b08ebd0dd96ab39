"""The tables behind the outcomes: offers, aspirations, ballots by union and by unit, a row each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int

from sim.arrays.axes import Array, stretch
from sim.cases.schema.members import UnionSettings
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.preferences.bylaws import Count, UnitCount, carried


def offers_of(model: BargainingModel) -> pd.DataFrame:
    """One row an offer (see `Outcome.offers`)."""
    world, turn = np.nonzero(model.offers != NO_OFFER)
    return pd.DataFrame(_put_forward(model, world, turn, model.offers[world, turn]))


def _put_forward(
    model: BargainingModel,
    world: Int[Array, " moves"],
    turn: Int[Array, " moves"],
    package: Int[Array, " moves"],
) -> dict[str, Any]:
    """Packages put forward by whose turn it was: by whom, their levels, savings and worth."""
    batch = model.batch
    by_governor = batch.governor_first[world] ^ (turn % 2 == 1)
    columns = {
        "world": batch.numbers[world],
        "round": turn,
        "proposer": np.where(by_governor, "governor", "coalition"),
        **{name: batch.agenda.levels_on(name, package) for name in batch.agenda.names},
    }
    if batch.in_dollars:
        columns["savings"] = batch.look_up(batch.scored, package, world)
    columns["utility_governor"] = model.governor.valuation.of(package, world)
    columns["utility_coalition"] = model.coalition.valuation.of(package, world)
    return columns


def aspirations_of(model: BargainingModel) -> pd.DataFrame:
    """One row a turn at which a side offered or accepted (see `Outcome.aspirations`)."""
    accepted = (model.agreement != NO_OFFER) & ~model.mediated
    put_forward = model.offers.copy()
    worlds = np.flatnonzero(accepted)
    put_forward[worlds, model.agreed_round[worlds]] = model.not_offered[worlds]
    turns = np.arange(put_forward.shape[1])
    moved = (model.offers != NO_OFFER) | (
        stretch(accepted) & (stretch(model.agreed_round) == turns)
    )
    by_governor = stretch(model.batch.governor_first) ^ (turns % 2 == 1)
    # In the order of turns, and at each turn the governor's worlds first.
    by_side = np.stack([moved & by_governor, moved & ~by_governor])
    turn, _, world = np.nonzero(by_side.transpose(2, 0, 1))
    columns = _put_forward(model, world, turn, put_forward[world, turn])
    return pd.DataFrame(columns | {"aspiration": model.aspirations[world, turn]})


def ballots_of(model: BargainingModel) -> pd.DataFrame:
    """One row for each world, ballot and union (see `Outcome.ballots`)."""
    unions = model.batch.settings.scenario.union if model.unions else []
    tables = [
        _ballot(number, ballot, unions, model.batch.numbers)
        for number, ballot in enumerate(model.counts, start=1)
    ]
    return pd.concat(
        tables or [pd.DataFrame(columns=list(BALLOT_COLUMNS))], ignore_index=True
    ).astype(BALLOT_COLUMNS)


def _ballot(
    number: int, ballot: Count, unions: Sequence[UnionSettings], numbers: Array
) -> pd.DataFrame:
    voting, bylaws = len(ballot.worlds), ballot.bylaws
    values = (
        np.repeat(numbers[ballot.worlds], len(unions)),
        np.full(voting * len(unions), number),
        [union.name for union in unions] * voting,
        [union.members for union in unions] * voting,
        ballot.yes.ravel(),
        carried(ballot.yes).ravel(),
        np.repeat(bylaws.unions_required, len(unions)),
        np.repeat(bylaws.weight_required, len(unions)),
        np.repeat(bylaws.weighting, len(unions)),
    )
    return pd.DataFrame(dict(zip(BALLOT_COLUMNS, values, strict=True)))


def units_of(model: BargainingModel) -> pd.DataFrame:
    """One row for each world, ballot and bargaining unit (see `Outcome.units`)."""
    counted = [_unit_ballot(model, held) for held in model.unit_ballots]
    tables = counted or [pd.DataFrame(columns=list(UNIT_COLUMNS))]
    return pd.concat(tables, ignore_index=True).astype(UNIT_COLUMNS)


def _unit_ballot(model: BargainingModel, held: UnitCount) -> pd.DataFrame:
    units = [unit for units in model.batch.electorate.units for unit in units]
    voting = len(held.worlds)
    rows_told = voting * len(units)
    values = (
        np.repeat(model.batch.numbers[held.worlds], len(units)),
        np.full(rows_told, held.ballot),
        [held.question] * rows_told,
        [unit.union for unit in units] * voting,
        [unit.name for unit in units] * voting,
        [unit.members for unit in units] * voting,
        held.yes.ravel(),
        carried(held.yes).ravel(),
    )
    return pd.DataFrame(dict(zip(UNIT_COLUMNS, values, strict=True)))


UNIT_COLUMNS = {
    "world": "int64",
    "ballot": "int64",
    "question": "str",
    "union": "str",
    "unit": "str",
    "members": "int64",
    "yes_share": "float64",
    "carried": "bool",
}
BALLOT_COLUMNS = {
    "world": "int64",
    "ballot": "int64",
    "union": "str",
    "members": "int64",
    "yes_share": "float64",
    "carried": "bool",
    "unions_required": "int64",
    "weight_required": "float64",
    "weighting": "str",
}
