"""How each world ended: one row a world, and the offers and ballots behind it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, rows, stretch
from sim.cases.loading import load_scenario, with_values
from sim.cases.schema import Scenario
from sim.cases.schema.information import SECRECY_RULES
from sim.cases.schema.members import UnionSettings
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.play.stages.ending import layoffs_threatened
from sim.preferences.bylaws import Count, UnitCount, carried
from sim.preferences.valuation import Valuation
from sim.theory.solutions import pareto
from sim.worlds.foresight import Foresight
from sim.worlds.settings import worlds_at_once
from sim.worlds.solution import Game

CELLS_AT_ONCE = 100_000  # worlds x frontier packages held in memory together


class Status(StrEnum):
    """How a world ended; `sentence` says it in full."""

    RATIFIED_FIRST = "ratified_first"
    RATIFIED_SECOND = "ratified_second"
    AGREED = "agreed"
    REJECTED = "rejected"
    IMPASSE = "impasse"
    AWARDED = "awarded"

    @property
    def sentence(self) -> str:
        """The status as a sentence."""
        return {
            Status.RATIFIED_FIRST: "The members ratified the agreement on the first ballot.",
            Status.RATIFIED_SECOND: (
                "The members rejected the agreement on the first ballot and ratified it on the second."
            ),
            Status.AGREED: "The parties agreed; this scenario has no ballot.",
            Status.REJECTED: "The members rejected the agreement, and Plan B was carried out.",
            Status.IMPASSE: "The talks ended without an agreement.",
            Status.AWARDED: "An arbitrator decided, where no agreement had been reached and ratified.",
        }[self]


CATEGORIES = {
    "status": [status.value for status in Status if status is not Status.AWARDED],
    "proposer": ["governor", "coalition"],
    **{key: [*SECRECY_RULES] for key in ("secrecy_rule", "governor_wanted", "coalition_wanted")},
}
FURTHER = {"awarded": ("status", Status.AWARDED.value), "mediated": ("proposer", "mediator")}


class Outcome:
    """The worlds of one or more models that have stopped, in order."""

    def __init__(self, models: Sequence[BargainingModel]):
        self._models = tuple(models)

    @property
    def scenario(self) -> Scenario:
        """The scenario that was played, with the parameters that were set."""
        return self._models[0].batch.settings.scenario

    def frame(self) -> pd.DataFrame:
        """One row a world.

        `status`, `proposer` and secrecy rules are categories; dollars are $M of the biennium; what does
        not exist in a world (the package of an impasse, a second ballot that was not held) is missing,
        never 0.
        """
        frames = [pd.DataFrame(_columns(model)) for model in self._models]
        frame = pd.concat(frames, ignore_index=True)
        for name, words in CATEGORIES.items():
            if name in frame:
                more = [
                    word for column, (of, word) in FURTHER.items() if of == name and column in frame
                ]
                frame[name] = pd.Categorical(frame[name], words + more)
        return frame.set_index(self._worlds)

    def offers(self) -> pd.DataFrame:
        """One row an offer: who made it, its levels, its savings ($M) and its worth to both sides."""
        return pd.concat([_offers(model) for model in self._models], ignore_index=True)

    def ballots(self) -> pd.DataFrame:
        """One row for each world, ballot and union: its yes share, and the bylaws in force."""
        return pd.concat([_ballots(model) for model in self._models], ignore_index=True)

    def units(self) -> pd.DataFrame:
        """One row for each world, ballot and bargaining unit: its yes share; empty without unit ballots.

        `question` is "coalition" (health and pensions) or "wages" (the unit's own, if the agreement is
        in force); `ballot` is the coalition's ballot, 1 or 2, that it was or went with.
        """
        return pd.concat([_units(model) for model in self._models], ignore_index=True)

    def game(self, world: int) -> Game:
        """All packages, with their true worth to both sides in a world (0 is no agreement).

        Raises:
            ValueError: when the outcome does not hold that world.
        """
        model, place = self._place(world)
        packages = np.arange(len(model.batch.agenda))
        sides = (model.governor, model.coalition)
        worths = [side.valuation.all_packages(packages, np.array([place]))[0] for side in sides]
        return Game(model.batch.agenda, *worths)

    def aspirations(self) -> pd.DataFrame:
        """One row a turn at which a side offered or accepted: what it asked for then.

        `aspiration` is the least utility it asked for, and the other columns are of the package that it
        offered, or would have offered had it not accepted: its savings ($M) and worth to both sides.
        """
        return pd.concat([_aspirations(model) for model in self._models], ignore_index=True)

    def _place(self, world: int) -> tuple[BargainingModel, int]:
        """The model that holds a world, and the world's place in it."""
        for model in self._models:
            if world in model.batch.numbers:
                return model, int(np.flatnonzero(model.batch.numbers == world)[0])
        numbers = self._worlds
        raise ValueError(
            f"world = {world}: must be one of the outcome's, {numbers[0]} to {numbers[-1]}"
        )

    @property
    def _worlds(self) -> pd.Index:
        numbers = [model.batch.numbers for model in self._models]
        return pd.Index(np.concatenate(numbers), name="world")


def negotiate(
    scenario: Scenario | str | Path = "sebac-2011",
    worlds: int = 1,
    *,
    seed: int = 0,
    set: Mapping[str, Any] | None = None,
    first_world: int = 0,
) -> Outcome:
    """Play a scenario in many independent worlds and return how each ended.

    Args:
        scenario: a scenario, or the name or path of one.
        worlds: how many worlds.
        seed: names the random numbers; world w has the same ones in every call with this seed.
        set: parameters to change, such as {"threat.layoffs": 7500}.
        first_world: the number of the first world, to replay a part of a larger run.

    Raises:
        sim.inputs.problems.InputError: when the scenario or a parameter is wrong.

    """
    if worlds < 1:
        raise ValueError(f"worlds = {worlds}: play at least one world")
    scenario = load_scenario(scenario) if isinstance(scenario, str | Path) else scenario
    scenario = with_values(scenario, set or {})
    models, foresight = [], Foresight()
    at_once = worlds_at_once(scenario)
    for start in range(first_world, first_world + worlds, at_once):
        size = min(at_once, first_world + worlds - start)
        model = BargainingModel(scenario, size, rng=seed, first_world=start, foresight=foresight)
        models.append(play(model))
    return Outcome(models)


def play(model: BargainingModel) -> BargainingModel:
    """Step a model until it stops."""
    while model.running:
        model.step()
    return model


def _columns(model: BargainingModel) -> dict[str, Any]:
    """The columns of a batch, in the order of the results format."""
    agreed, two_level = model.agreement != NO_OFFER, model.batch.has_ballot
    status = _ballot_status(model) if two_level else _table_status(model)
    told = {
        "status": status,
        "agreed": agreed,
        "ratified": np.isin(status, [Status.RATIFIED_FIRST, Status.RATIFIED_SECOND, Status.AGREED]),
        **_agreement_columns(model, agreed),
        **(_two_level_ends(model) if two_level else {}),
    }
    for stage in model.stages:
        told |= stage.columns(model)
    return told | _utility_columns(model)


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
    scored, gap = batch.fiscal.scored(batch.agenda), batch.fiscal.gap
    savings = scored[rows(scored, np.arange(batch.worlds)), package]
    taxes = batch.agenda.levels_on("tax_share", package) * gap
    dollars = {
        "savings": np.where(agreed, savings, np.nan),
        "taxes": np.where(agreed, taxes, np.nan),
    }
    return timing | levels | dollars


def _table_status(model: BargainingModel) -> Array:
    return np.where(model.agreement != NO_OFFER, Status.AGREED.value, Status.IMPASSE.value)


def _ballot_status(model: BargainingModel) -> Array:
    first, second = model.counts
    status = np.full(model.batch.worlds, Status.IMPASSE.value, dtype=object)
    status[first.worlds] = np.where(first.ratified, Status.RATIFIED_FIRST, Status.REJECTED)
    status[second.worlds] = np.where(second.ratified, Status.RATIFIED_SECOND, Status.REJECTED)
    status[model.awarded] = Status.AWARDED
    return status.astype(str)


def _two_level_ends(model: BargainingModel) -> dict[str, Any]:
    """What the ballots decided, and the layoffs threatened and carried out in the end."""
    batch = model.batch
    first, second = model.counts
    return {
        "layoffs_threatened": layoffs_threatened(model),
        "layoffs": model.layoffs,
        **_ballot_columns(first, 1, batch.worlds),
        **_ballot_columns(second, 2, batch.worlds),
    }


def _ballot_columns(ballot: Count, number: int, worlds: int) -> dict[str, Any]:
    unions_yes = pd.array(np.zeros(worlds), dtype="Int32")
    unions_yes[:] = pd.NA
    unions_yes[ballot.worlds] = ballot.unions_yes
    return {
        f"yes_share_{number}": _spread(ballot.yes_share, ballot.worlds, worlds),
        f"unions_yes_{number}": unions_yes,
        f"weight_yes_{number}": _spread(ballot.weight_yes, ballot.worlds, worlds),
    }


def _spread(values: Array, chosen: Array, worlds: int) -> Float[Array, " worlds"]:
    spread = np.full(worlds, np.nan)
    spread[chosen] = values
    return spread


def _utility_columns(model: BargainingModel) -> dict[str, Any]:
    """What the final outcome is worth to both sides, and how efficient that is."""
    governor, coalition = model.governor.valuation, model.coalition.valuation
    to_governor, to_coalition = map(model.final_utility, (model.governor, model.coalition))
    product = np.maximum(to_governor, 0) * np.maximum(to_coalition, 0)
    best, distance = _against_frontier(governor, coalition, to_governor, to_coalition)
    return {
        "utility_governor": to_governor,
        "utility_coalition": to_coalition,
        "nash_ratio": np.divide(product, best, where=best > 0, out=np.full(len(product), np.nan)),
        "pareto_distance": distance,
    }


def _against_frontier(
    governor: Valuation,
    coalition: Valuation,
    to_governor: Float[Array, " worlds"],
    to_coalition: Float[Array, " worlds"],
) -> tuple[Float[Array, " worlds"], Float[Array, " worlds"]]:
    """The greatest Nash product of each world, and the distance to its nearest frontier point."""
    worlds = np.arange(len(to_governor))
    best, nearest = np.zeros(len(worlds)), np.full(len(worlds), np.inf)
    frontier = pareto(*np.broadcast_arrays(governor.table, coalition.table, governor.order))
    packages = np.flatnonzero(frontier.any(0))
    for some in np.array_split(packages, 1 + len(packages) * len(worlds) // CELLS_AT_ONCE):
        g, u = (side.all_packages(some, worlds) for side in (governor, coalition))
        products = np.maximum(g, 0) * np.maximum(u, 0)
        apart = np.hypot(g - stretch(to_governor), u - stretch(to_coalition))
        best = np.maximum(best, products.max(-1))
        nearest = np.minimum(nearest, np.where(frontier[:, some], apart, np.inf).min(-1))
    return best, nearest


def _offers(model: BargainingModel) -> pd.DataFrame:
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
        scored = batch.fiscal.scored(batch.agenda)
        columns["savings"] = scored[rows(scored, world), package]
    columns["utility_governor"] = model.governor.valuation.of(package, world)
    columns["utility_coalition"] = model.coalition.valuation.of(package, world)
    return columns


def _aspirations(model: BargainingModel) -> pd.DataFrame:
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


def _ballots(model: BargainingModel) -> pd.DataFrame:
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


def _units(model: BargainingModel) -> pd.DataFrame:
    told = [_unit_ballot(model, held) for held in model.unit_ballots]
    tables = told or [pd.DataFrame(columns=list(UNIT_COLUMNS))]
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
