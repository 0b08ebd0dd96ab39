"""One episode after another: what came of the last threat is what members believe of the next.

Each episode is a negotiation of its own, with draws of its own; only the members' belief is carried
over, world by world.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.cases.loading import Given, scenario_of, with_values
from sim.cases.schema import Scenario, TwoLevelGame, with_a_ballot
from sim.inputs.arguments import WholeNumber, whole
from sim.inputs.machine import hold_memory, hold_time, tell_if_large
from sim.inputs.problems import InputError, shown
from sim.inputs.sizes import bounded, in_number
from sim.mechanisms import Reputation
from sim.mechanisms.reputation import ReputationSettings, remembered
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.worlds.size import FEWER, kept_of, row_of, seconds_of, worlds_at_once


def play_episodes(
    scenarios: Sequence[Given], worlds: WholeNumber = 1, *, seed: WholeNumber = 0
) -> pd.DataFrame:
    """Play scenarios one after another in many worlds; one row a world and episode.

    Before the columns of an outcome stand `episode` (from 1), `world` and `belief`, the probability
    that members give to the threat at its beginning. Where nothing was in force in the end, belief
    moves by the weight `reputation.memory` towards the share of the threat that was carried out; an
    agreement teaches nothing of threats.

    Raises:
        InputError: where a scenario has no members to remember, or their memory is switched off; or so many
            worlds would not go into memory.
    """
    worlds, seed = whole(worlds, "worlds", low=1), whole(seed, "seed")
    if not isinstance(scenarios, list | tuple) or not scenarios:
        raise InputError(
            f"scenarios = {shown(scenarios)}: must be a list of scenarios, one an episode"
        )
    cases = [_with_memory(scenario_of(c)) for c in scenarios]
    _hold(cases, worlds)
    played: list[pd.DataFrame] = []
    belief = None
    for episode, scenario in enumerate(cases, start=1):
        belief = _belief_at_first(scenario, worlds) if belief is None else belief
        ends = _play(scenario, belief, seed + episode)
        rows = ends.reset_index()
        rows.insert(0, "episode", episode)
        rows.insert(2, "belief", belief)
        played.append(rows)
        belief = _belief_after(scenario, belief, ends)
    return pd.concat(played, ignore_index=True)


def _hold(cases: Sequence[TwoLevelGame], worlds: int) -> None:
    """Refuse what would not go into memory: the worlds of an episode, and the rows of all of them."""
    asked = f"{len(cases)} episodes in {in_number(worlds)} worlds"
    for case in cases:
        rows = bounded(worlds) * row_of(case) * len(cases)
        hold_memory(kept_of(case, worlds) + rows, asked, FEWER)
    seconds = sum(seconds_of(case, worlds) for case in cases)
    hold_time(seconds, asked, FEWER)
    tell_if_large(asked, seconds)


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
