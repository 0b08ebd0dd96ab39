"""Waiting costs a turn's discount, and the risk that the talks break down."""

import numpy as np
import pytest

import sim
from sim.show.story import tell_story

pytestmark = pytest.mark.slow

LINEAR = {"calendar.rounds": 100, "governor.beta": 1.0, "coalition.beta": 1.0}


def pie(worlds=1, **values):
    return sim.negotiate("split-the-pie", worlds, seed=3, set=LINEAR | values)


def test_an_impatient_side_settles_for_less_and_sooner():
    rounds, shares = [], []
    for discount in (1.0, 0.8, 0.5):
        world = pie(
            **{"coalition.discount_factor": discount, "talks.first_proposer": "governor"}
        ).frame()
        rounds.append(int(world["round"].iloc[0]))
        shares.append(world["utility_coalition"].iloc[0])
    assert rounds[0] > rounds[1] > rounds[2]
    assert shares[0] > shares[1] > shares[2]


def test_nobody_accepts_less_than_the_reservation_value_however_impatient():
    impatient = {"governor.discount_factor": 0.01, "coalition.discount_factor": 0.01}
    world = pie(**impatient, **{"talks.self_serving_bias": 0.2}).frame()
    ends = world[["utility_governor", "utility_coalition"]].to_numpy()[0]
    assert (ends >= 0.1 - 1e-12).all()


def test_talks_survive_each_turn_with_the_same_chance():
    turns = int(pie().frame()["round"].iloc[0])
    worlds = pie(20_000, **{"talks.breakdown": 0.01}).frame()
    # The risk is seen, and so the sides settle a turn or two sooner than without it.
    rate, low, high = worlds["agreed"].mean(), 0.99**turns, 0.99 ** (turns - 3)
    assert low - 0.01 < rate < high + 0.01
    assert worlds.loc[~worlds["agreed"], "utility_governor"].eq(0).all()


def test_certain_breakdown_ends_the_talks_after_the_first_offer():
    outcome = pie(**{"talks.breakdown": 1.0})
    assert not outcome.frame()["agreed"].any()
    assert outcome.offers()["round"].tolist() == [0]
    assert "The talks break down." in tell_story(outcome)


@pytest.mark.parametrize("name", ["governor.discount_factor", "coalition.discount_factor"])
def test_worlds_that_differ_in_patience_play_as_they_would_alone(name):
    scenario = sim.load_scenario("split-the-pie")
    values = [LINEAR | {name: factor} for factor in (1.0, 0.8, 0.5)]
    cases = [sim.with_values(scenario, each) for each in values]
    model = sim.BargainingModel(cases, 3, rng=3)
    while model.running:
        model.step()
    alone = [
        sim.negotiate(case, 1, seed=3, first_world=i).frame()["round"].iloc[0]
        for i, case in enumerate(cases)
    ]
    assert model.agreed_round.tolist() == np.array(alone).tolist()
