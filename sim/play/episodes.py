"""One episode after another: what came of the last threat is what members believe of the next.

Each episode is a negotiation of its own, with draws of its own; only the members' belief is carried
over, world by world.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.cases.loading import Given, scenario_of, with_values
from sim.cases.schema import Scenario, TwoLevelGame, with_a_ballot
from sim.inputs.arguments import WholeNumber, whole
from sim.inputs.problems import InputError, shown
from sim.mechanisms import Reputation
from sim.mechanisms.reputation import ReputationSettings, remembered
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.worlds.settings import worlds_at_once


def play_episodes(
    scenarios: Sequence[Given], worlds: WholeNumber = 1, *, seed: WholeNumber = 0
) -> pd.DataFrame:
    """Play scenarios one after another in many worlds; one row a world and episode.

    Before the columns of an outcome stand `episode` (from 1), `world` and `belief`, the probability
    that members give to the threat at its beginning. Where nothing was in force in the end, belief
    moves by the weight `reputation.memory` towards the share of the threat that was carried out; an
    agreement teaches nothing of threats.

    Raises:
        InputError: where a scenario has no members to remember, or their memory is switched off.
    """
    worlds, seed = whole(worlds, "worlds", low=1), whole(seed, "seed")
    if isinstance(scenarios, str | Path | Mapping | Scenario) or not len(scenarios):
        raise InputError(
            f"scenarios = {shown(scenarios)}: must be a list of scenarios, one an episode"
        )
    played: list[pd.DataFrame] = []
    belief = None
    for episode, case in enumerate(scenarios, start=1):
        scenario = _with_memory(scenario_of(case))
        belief = _belief_at_first(scenario, worlds) if belief is None else belief
        ends = _play(scenario, belief, seed + episode)
        rows = ends.reset_index()
        rows.insert(0, "episode", episode)
        rows.insert(2, "belief", belief)
        played.append(rows)
        belief = _belief_after(scenario, belief, ends)
    return pd.concat(played, ignore_index=True)


def by_episode(played: pd.DataFrame) -> pd.DataFrame:
    """The mean of what tells most about each episode, one row an episode."""
    measures = ["belief", "agreed", "savings", "yes_share_1", "ratified", "layoffs"]
    return played.groupby("episode")[measures].mean().reset_index()


def _with_memory(scenario: Scenario) -> TwoLevelGame:
    """The scenario, if it has members who remember."""
    if Reputation not in scenario.mechanisms:
        raise InputError(
            [f"{scenario.name}: reputation.on = false: members remember nothing; set it to true"]
        )
    return with_a_ballot(scenario)


def _belief_at_first(scenario: TwoLevelGame, worlds: int) -> Float[Array, " worlds"]:
    past = scenario.table_of(ReputationSettings)
    known = (scenario.threat.credibility_members, past.kept_before, past.memory)
    return np.repeat(remembered(*(np.array([value]) for value in known)), worlds)


def _play(scenario: TwoLevelGame, belief: Float[Array, " worlds"], seed: int) -> pd.DataFrame:
    """How each world ends, worlds of equal belief together."""
    ends = []
    for value in np.unique(belief):
        known = {"reputation.on": False, "threat.credibility_members": float(value)}
        alike, numbers = with_values(scenario, known), np.flatnonzero(belief == value)
        parts = -(-len(numbers) // worlds_at_once(alike))
        models = [
            play(BargainingModel(alike, len(some), rng=seed, first_world=some.tolist()))
            for some in np.array_split(numbers, parts)
        ]
        ends.append(Outcome(models).frame())
    return pd.concat(ends).sort_index()


def _belief_after(
    scenario: TwoLevelGame, belief: Float[Array, " worlds"], ends: pd.DataFrame
) -> Float[Array, " worlds"]:
    in_force = (ends["ratified"] | ends.get("awarded", False)).to_numpy()
    threatened = ends["layoffs_threatened"].to_numpy(float)
    kept = np.divide(
        ends["layoffs"].to_numpy(float), threatened, where=threatened > 0, out=np.ones(len(ends))
    )
    learned = remembered(
        belief, np.clip(kept, 0, 1), np.array([scenario.table_of(ReputationSettings).memory])
    )
    return np.where(in_force | (threatened == 0), belief, learned)
