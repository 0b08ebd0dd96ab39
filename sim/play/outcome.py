"""How each world ended: one row a world, and the offers and ballots behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.cases.loading import Given, scenario_of, with_values
from sim.cases.schema import Scenario
from sim.inputs.arguments import WholeNumber, whole
from sim.inputs.problems import InputError, shown
from sim.play.columns import columns_of, in_words
from sim.play.model import BargainingModel
from sim.play.tables import aspirations_of, ballots_of, offers_of, units_of
from sim.worlds.size import hold_kept, worlds_at_once
from sim.worlds.solution import Game


class Outcome:
    """The worlds of one or more models that have stopped, in order."""

    def __init__(self, models: Sequence[BargainingModel]):
        self._models = tuple(models)

    def __repr__(self) -> str:
        worlds = sum(model.batch.worlds for model in self._models)
        return (
            f"<Outcome of {self.scenario.name}: {worlds:,} {'world' if worlds == 1 else 'worlds'}>"
        )

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
        found = [columns_of(model) for model in self._models]
        words = in_words(set().union(*found))
        frames = [
            pd.DataFrame({name: _column(values, words.get(name)) for name, values in each.items()})
            for each in found
        ]
        frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
        return frame.set_index(self._worlds)

    def offers(self) -> pd.DataFrame:
        """One row an offer: who made it, its levels, its savings ($M) and its worth to both sides."""
        return pd.concat([offers_of(model) for model in self._models], ignore_index=True)

    def ballots(self) -> pd.DataFrame:
        """One row for each world, ballot and union: its yes share, and the bylaws in force."""
        return pd.concat([ballots_of(model) for model in self._models], ignore_index=True)

    def units(self) -> pd.DataFrame:
        """One row for each world, ballot and bargaining unit: its yes share; empty without unit ballots.

        `question` is "coalition" (health and pensions) or "wages" (the unit's own, if the agreement is
        in force); `ballot` is the coalition's ballot, 1 or 2, that it was or went with.
        """
        return pd.concat([units_of(model) for model in self._models], ignore_index=True)

    def game(self, world: int) -> Game:
        """All packages, with their true worth to both sides in a world (0 is no agreement).

        Raises:
            InputError: when the outcome does not hold that world.
        """
        model, place = self._place(world)
        packages = np.arange(len(model.batch.agenda))
        sides = (model.governor, model.coalition)
        utilities = [side.valuation.all_packages(packages, np.array([place]))[0] for side in sides]
        return Game(model.batch.agenda, *utilities)

    def aspirations(self) -> pd.DataFrame:
        """One row a turn at which a side offered or accepted: what it asked for then.

        `aspiration` is the least utility it asked for, and the other columns are of the package that it
        offered, or would have offered had it not accepted: its savings ($M) and worth to both sides.
        """
        return pd.concat([aspirations_of(model) for model in self._models], ignore_index=True)

    def _place(self, world: int) -> tuple[BargainingModel, int]:
        """The model that holds a world, and the world's place in it."""
        for model in self._models:
            if world in model.batch.numbers:
                return model, int(np.flatnonzero(model.batch.numbers == world)[0])
        numbers = self._worlds
        raise InputError(
            f"world = {shown(world)}: must be one of the outcome's, {numbers[0]} to {numbers[-1]}"
        )

    @property
    def _worlds(self) -> pd.Index:
        numbers = [model.batch.numbers for model in self._models]
        return pd.Index(np.concatenate(numbers), name="world")


def _column(values: Any, words: pd.CategoricalDtype | None) -> Any:
    return values if words is None else pd.Categorical.from_codes(values, dtype=words)


def negotiate(
    scenario: Given = "sebac-2011",
    worlds: WholeNumber = 1,
    *,
    seed: WholeNumber = 0,
    set: Mapping[str, Any] | None = None,
    first_world: WholeNumber = 0,
) -> Outcome:
    """Play a scenario in many independent worlds and return how each ended.

    Args:
        scenario: a scenario, its name or path, or its document.
        worlds: how many worlds.
        seed: names the random numbers; world w has the same ones in every call with this seed.
        set: parameters to change, such as {"threat.layoffs": 7500}.
        first_world: the number of the first world, to replay a part of a larger run.

    Raises:
        sim.inputs.problems.InputError: when the scenario or a parameter is wrong, or so many worlds would
            not go into memory: all of them are kept.

    """
    worlds, seed = whole(worlds, "worlds", low=1), whole(seed, "seed")
    first_world = whole(first_world, "first_world")
    scenario = with_values(scenario_of(scenario), set or {})
    hold_kept(scenario, worlds)
    models = []
    at_once = worlds_at_once(scenario)
    for start in range(first_world, first_world + worlds, at_once):
        size = min(at_once, first_world + worlds - start)
        model = BargainingModel(scenario, size, rng=seed, first_world=start)
        models.append(play(model))
    return Outcome(models)


def play(model: BargainingModel) -> BargainingModel:
    """Step a model until it stops."""
    while model.running:
        model.step()
    return model
