"""Babcock and Loewenstein (1997): two ideas of what is fair can be too far apart to settle.

Each side sees the same facts and thinks more of them is on its side. The model raises each side's
reservation by half of the bias; the two sides settle if disagreement costs them at least as much as
they are apart.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences.information import reservation
from sim.theory.fairness import impasse_probability, settles

PERCENT = st.integers(0, 60)


@pytest.mark.parametrize(("bias", "settled"), [(0.0, True), (0.375, True), (0.38, False)])
def test_the_two_settle_if_the_bias_is_at_most_what_disagreement_costs_them(bias, settled):
    assert settles(bias, 0.25, 0.125) == settled


@given(PERCENT, PERCENT, PERCENT)
def test_they_settle_where_some_division_suits_both(bias, own_cost, other_cost):
    one, other, apart = own_cost / 100, other_cost / 100, bias / 100
    share_of_the_bias = reservation(np.zeros(1), np.zeros(1), np.array([apart]))[0]
    own_least = 0.5 + share_of_the_bias - one
    other_least = 0.5 + share_of_the_bias - other
    if bias != own_cost + other_cost:
        assert settles(apart, one, other) == (own_least + other_least < 1)


def test_a_normal_bias_exceeds_the_costs_as_often_as_a_count_says():
    biases = np.random.default_rng(1997).normal(0.3, 0.2, 1_000_003)
    for own_cost, other_cost in [(0.05, 0.1), (0.1, 0.2), (0.2, 0.3)]:
        impasses = (~settles(biases, own_cost, other_cost)).mean()
        found = impasse_probability(0.3, 0.2, own_cost, other_cost)
        assert found == pytest.approx(impasses, abs=0.002)


def test_the_more_disagreement_costs_the_fewer_impasses():
    found = impasse_probability(0.3, 0.2, np.array([0.0, 0.1, 0.3]), 0.1)
    assert found == pytest.approx([0.841345, 0.691462, 0.308538], abs=1e-6)


@pytest.mark.parametrize("spread", [0.0, -0.2])
def test_a_bias_without_spread_is_refused(spread):
    with pytest.raises(ValueError, match=f"spread is {spread}"):
        impasse_probability(0.3, spread, 0.1, 0.1)
    with pytest.raises(ValueError, match=r"spread is \["):
        impasse_probability(0.3, np.array([0.2, spread]), 0.1, 0.1)
