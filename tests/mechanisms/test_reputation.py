"""What came of the last threat is what members believe of the next one."""

import numpy as np
import pytest

import sim
from sim.inputs.problems import InputError
from sim.mechanisms.reputation import remembered

ONE_BALLOT = {"ratification.second_vote": False}
REMEMBERS = ONE_BALLOT | {"reputation.on": True, "reputation.memory": 0.5}


def played(episodes, worlds=1013, **values):
    scenario = sim.with_values(sim.load_scenario("sebac-2011"), REMEMBERS | values)
    return sim.play_episodes([scenario] * episodes, worlds, seed=3)


@pytest.mark.parametrize(
    ("belief", "kept", "memory", "after"),
    [(0.5, 0.0, 0.2, 0.4), (0.5, 1.0, 0.2, 0.6), (0.5, 0.0, 0.0, 0.5), (0.3, 0.8, 1.0, 0.8)],
)
def test_belief_moves_towards_what_was_kept_by_the_weight_of_memory(belief, kept, memory, after):
    found = remembered(np.array([belief]), np.array([kept]), np.array([memory]))
    assert found == pytest.approx(after)


def test_the_memory_of_2009_enters_as_a_lower_belief_and_nothing_else():
    values = ONE_BALLOT | {"threat.credibility_members": 0.25}
    lower = sim.negotiate("sebac-2011", 211, seed=3, set=values).frame()
    past = sim.negotiate("sebac-2011", 211, seed=3, set=REMEMBERS).frame()
    assert lower.equals(past)


def test_a_threat_that_was_not_kept_teaches_members_to_hold_out():
    kept, not_kept = (
        sim.negotiate("sebac-2011", 1013, seed=3, set=REMEMBERS | {"reputation.kept_before": x})
        .frame()
        .yes_share_1
        for x in (1.0, 0.0)
    )
    difference = kept - not_kept
    assert difference.mean() - 1.96 * difference.sem() > 0.02


def test_after_a_failure_belief_moves_to_what_was_carried_out_and_after_a_deal_it_stays():
    first, second = (part for _, part in played(2).groupby("episode"))
    failed = ~first.ratified.to_numpy()
    assert 0 < failed.mean() < 1
    assert (second.belief[failed] == 0.25 + 0.5 * (1 - 0.25)).all()
    assert (second.belief[~failed] == 0.25).all()


@pytest.mark.slow
def test_episodes_have_draws_of_their_own_and_repeat():
    once, again = played(3), played(3)
    assert once.equals(again)
    first, second, _ = (part.reset_index(drop=True) for _, part in once.groupby("episode"))
    assert (first.proposer != second.proposer).any()
    assert once.columns[:3].tolist() == ["episode", "world", "belief"]


def test_a_world_has_the_same_episodes_whoever_else_is_played():
    many, few = played(3, worlds=211), played(3, worlds=7)
    assert many[many.world < 7].reset_index(drop=True).equals(few)


def test_without_a_memory_there_is_nothing_to_carry_over():
    with pytest.raises(InputError, match=r"sebac-2011: reputation.on = false: .* set it to true"):
        sim.play_episodes(["sebac-2011"] * 2)
