"""Harsanyi (1956): Zeuthen's negotiators end at Nash's solution.

A side's risk is the smaller one exactly when the product of the two gains is the smaller one at its own
offer. So each concession goes to a larger product, and the talks end where none is larger. At the table
this holds exactly, for any finite game with a package that both sides gain from, given turns enough.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.cases.loading import load_scenario
from sim.negotiators.tactics.risk import risk
from sim.play.outcome import negotiate
from sim.theory.solutions import nash_product

BOTH = {"governor.tactic": "zeuthen", "coalition.tactic": "zeuthen"}
GAIN = st.floats(0.01, 1)
POINTS = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), min_size=2, max_size=23)


@given(GAIN, GAIN, GAIN, GAIN)
def test_the_smaller_risk_is_that_of_the_smaller_product(mine, to_them, to_me, theirs):
    gains = (np.array([[x]]) for x in (mine, to_me, theirs, to_them))
    own, conceded, kept, demanded = gains
    products = mine * to_them - to_me * theirs
    assume(to_me <= mine and to_them <= theirs and abs(products) > 1e-9)
    assert (risk(own, conceded) > risk(kept, demanded)) == (products > 0)


@pytest.mark.parametrize("first", ["governor", "coalition"])
def test_on_mini_ct_they_agree_on_the_nash_solution(first):
    world = negotiate("mini-ct", set=BOTH | {"talks.first_proposer": first}).frame()
    assert world["agreed"].all()
    assert world["nash_ratio"].tolist() == [1]


@pytest.mark.slow
@pytest.mark.parametrize("first", ["governor", "coalition"])
@settings(max_examples=31)
@given(points=POINTS)
def test_in_any_finite_game_they_agree_on_the_largest_product_of_gains(edited, first, points):
    governor, coalition = np.array(points, dtype=float).T
    batnas = (3.0, 7.0)
    products = nash_product(governor, coalition, batnas)
    assume(products.max() > 0)
    issue = {
        "name": "deal",
        "title": "Deal",
        "unit": "number",
        "levels": [float(i) for i in range(len(points))],
        "governor": governor.tolist(),
        "coalition": coalition.tolist(),
    }
    turns = 2 * len(points) + 2
    game = edited(
        load_scenario("mini-ct"),
        {("issue",): [issue], ("batna",): list(batnas), ("calendar", "rounds"): turns},
    )
    world = negotiate(game, set=BOTH | {"talks.first_proposer": first}).frame()
    assert world["agreed"].all()
    assert products[int(world["deal"].iloc[0])] == products.max()
