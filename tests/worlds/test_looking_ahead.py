"""Negotiators who think of the ballot at the table: a package counts as far as it will be ratified."""

import numpy as np
import pytest

import sim
from sim.worlds.batch import foreseen_chances
from sim.worlds.solution import solve

pytestmark = pytest.mark.slow

BASE = sim.load_scenario("sebac-2011")
WORLDS = 600


def played(**values):
    given = {"ratification.second_vote": False} | {
        f"{side}.anticipates_ratification": weight for side, weight in values.items()
    }
    return sim.negotiate(BASE, WORLDS, seed=2011, set=given).frame()


@pytest.mark.parametrize("side", ["governor", "coalition"])
def test_a_side_that_looks_ahead_gives_up_dollars_for_a_deal_that_passes(side):
    blind, seeing = played(), played(**{side: 1.0})
    both = blind["agreed"] & seeing["agreed"]
    saved = (seeing["savings"] - blind["savings"])[both]
    assert saved.mean() + 2 * saved.std() / np.sqrt(len(saved)) < 0
    passed = seeing["ratified"].astype(float) - blind["ratified"].astype(float)
    assert passed.mean() - 2 * passed.std() / np.sqrt(WORLDS) > 0


def test_half_an_eye_on_the_ballot_goes_part_of_the_way():
    rates = [played(governor=weight)["ratified"].mean() for weight in (0.0, 0.5, 1.0)]
    assert rates[0] < rates[1] < rates[2]


@pytest.mark.parametrize("weighting", ["unit", "pooled"])
def test_what_informed_members_would_ratify_is_what_negotiators_foresee(weighting):
    """Where members know the text and the threat as leaders do, and nobody errs, both chances agree."""
    values = {
        "ratification.weighting": weighting,
        "information.misperceived_cost": 0.0,
        "threat.credibility_members": 0.9,
        "threat.credibility_leaders": 0.9,
    }
    informed = sim.with_values(BASE, values)
    assert foreseen_chances(informed, 0.0) == pytest.approx(solve(informed).ratification, abs=1e-12)


def test_optimistic_leaders_foresee_more_than_comes():
    foreseen = [foreseen_chances(BASE, bias) for bias in (-0.02, 0.0, 0.02)]
    assert (foreseen[0] <= foreseen[1]).all()
    assert (foreseen[1] <= foreseen[2]).all()
    assert foreseen[2].mean() > foreseen[0].mean() + 0.05


def test_worlds_with_their_own_scenario_look_ahead_as_they_would_alone():
    weights = (0.0, 0.4, 1.0)
    cases = [
        sim.with_values(
            BASE, {"coalition.anticipates_ratification": w, "governor.anticipates_ratification": w}
        )
        for w in weights
    ]
    together = sim.BargainingModel(cases, 3, rng=7)
    while together.running:
        together.step()
    for world, case in enumerate(cases):
        alone = sim.BargainingModel(case, 1, rng=7, first_world=world)
        while alone.running:
            alone.step()
        assert (together.offers[world] == alone.offers[0]).all()


def test_a_table_of_leaders_that_differs_by_world_plays_the_same_in_any_batch():
    case = sim.with_values(BASE, {"coalition.anticipates_ratification": 1.0})
    together = sim.negotiate(case, 300, seed=3).frame()
    apart = sim.negotiate(case, 3, seed=3, first_world=270).frame()
    assert together.loc[270:272].equals(apart)


def test_pooled_votes_are_foreseen_too():
    pooled = {"ratification.weighting": "pooled", "ratification.second_vote": False}
    rates = [
        sim.negotiate(
            BASE, WORLDS, seed=2011, set=pooled | {"governor.anticipates_ratification": weight}
        )
        .frame()["ratified"]
        .mean()
        for weight in (0.0, 1.0)
    ]
    assert rates[0] < 0.01
    assert rates[1] > 0.04
