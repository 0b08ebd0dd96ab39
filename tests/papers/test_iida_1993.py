"""Iida (1993): who does not know what the other side's constituents ratify may fail unwillingly.

The governor makes one offer; the least share that is ratified is uniform from a to b, and d is the
governor's fallback. The closed form is checked against the best offer of a fine grid when the
reservations of 10,007 possible constituencies are counted.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.two_levels import offer_under_doubt, ratification_probability

OFFERS = np.linspace(0, 1, 1001)
RANGES = st.tuples(st.floats(0.0, 0.45), st.floats(0.55, 1.0))
FALLBACKS = st.floats(0.0, 0.9)


@pytest.mark.parametrize(
    ("lowest", "highest", "fallback", "offer", "probability"),
    [
        (0.3, 0.7, 0.0, 0.65, 0.875),
        (0.3, 0.9, 0.0, 0.65, 0.583333),
        (0.3, 0.9, 0.2, 0.55, 0.416667),
        (0.45, 0.55, 0.0, 0.55, 1.0),
    ],
)
def test_the_best_offer_leaves_some_risk(lowest, highest, fallback, offer, probability):
    found = offer_under_doubt(lowest, highest, fallback)
    assert found == pytest.approx(offer, abs=1e-6)
    passes = ratification_probability(found, lowest, highest)
    assert passes == pytest.approx(probability, abs=1e-6)


@pytest.mark.parametrize("fallback", [0.0, 0.2, 0.6, 0.9])
@pytest.mark.parametrize(("lowest", "highest"), [(0.3, 0.7), (0.3, 0.9), (0.45, 0.55), (0.0, 1.0)])
def test_no_offer_of_a_grid_does_better(lowest, highest, fallback):
    reservations = lowest + (highest - lowest) * (np.arange(10_007) + 0.5) / 10_007
    passes = np.searchsorted(reservations, OFFERS) / reservations.size
    best = (passes * (1 - OFFERS) + (1 - passes) * fallback).max()
    offer = offer_under_doubt(lowest, highest, fallback)
    chance = ratification_probability(offer, lowest, highest)
    assert chance * (1 - offer) + (1 - chance) * fallback == pytest.approx(best, abs=1e-4)


@given(RANGES, FALLBACKS, FALLBACKS)
def test_a_better_fallback_means_a_lower_offer_and_more_failures(bounds, one, other):
    better, worse = max(one, other), min(one, other)
    low, high = offer_under_doubt(*bounds, better), offer_under_doubt(*bounds, worse)
    assert low <= high
    assert ratification_probability(low, *bounds) <= ratification_probability(high, *bounds)


def test_the_less_is_known_the_more_often_ratification_fails():
    doubt = np.array([0.05, 0.1, 0.2, 0.3, 0.45])
    lowest, highest = 0.5 - doubt, 0.5 + doubt
    offers = offer_under_doubt(lowest, highest, 0.1)
    failures = 1 - ratification_probability(offers, lowest, highest)
    assert failures[0] == 0
    assert (np.diff(failures) > 0).any()
    assert (np.diff(failures) >= 0).all()


def test_offers_outside_the_range_fail_or_pass_for_certain():
    assert ratification_probability(np.array([0.2, 0.3, 0.7, 0.8]), 0.3, 0.7).tolist() == [
        0,
        0,
        1,
        1,
    ]


@pytest.mark.parametrize("highest", [0.3, 0.2])
def test_a_range_without_width_is_refused(highest):
    with pytest.raises(ValueError, match=f"lowest is 0.3 and highest is {highest}"):
        offer_under_doubt(0.3, highest, 0.0)
    with pytest.raises(ValueError, match=f"lowest is 0.3 and highest is {highest}"):
        ratification_probability(0.3, 0.3, highest)
    with pytest.raises(ValueError, match=rf"lowest is 0\.3 and highest is \[0\.5 {highest}\]"):
        offer_under_doubt(0.3, np.array([0.5, highest]), 0.0)
