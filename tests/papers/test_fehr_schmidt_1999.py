"""Fehr and Schmidt (1999): people give up money rather than have less, or more, than the other.

The responder's threshold and the proposer's offer are checked by playing the ultimatum game over a
grid of offers.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.fairness import best_offer, inequality_averse_utility, rejection_threshold

OFFERS = np.linspace(0, 1, 2001)
ENVY = st.floats(0.0, 8.0)


@pytest.mark.parametrize(
    ("own", "other", "utility"), [(0.3, 0.7, 0.1), (0.7, 0.3, 0.6), (0.5, 0.5, 0.5)]
)
def test_having_less_hurts_by_envy_and_having_more_by_guilt(own, other, utility):
    found = inequality_averse_utility(own, other, 0.5, 0.25)
    assert found == pytest.approx(utility, abs=1e-12)


@pytest.mark.parametrize(
    ("envy", "threshold"), [(0.0, 0.0), (0.5, 0.25), (1.0, 0.333333), (2.0, 0.4), (4.0, 0.444444)]
)
def test_the_more_envy_the_larger_the_offers_refused(envy, threshold):
    assert rejection_threshold(envy) == pytest.approx(threshold, abs=1e-6)


@given(ENVY, st.floats(0.0, 0.9))
def test_at_the_threshold_a_responder_is_as_well_off_with_nothing(envy, guilt):
    threshold = rejection_threshold(envy)
    worth = inequality_averse_utility(threshold, 1 - threshold, envy, guilt)
    assert worth == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("envy", [0.0, 0.5, 2.0, 4.0])
@pytest.mark.parametrize("guilt", [0.0, 0.3, 0.49, 0.51, 0.9])
def test_no_offer_of_a_grid_is_better_for_the_proposer(envy, guilt):
    accepted = inequality_averse_utility(OFFERS, 1 - OFFERS, envy, 0.25) >= -1e-12
    worth = np.where(accepted, inequality_averse_utility(1 - OFFERS, OFFERS, 0.7, guilt), 0)
    assert best_offer(envy, guilt) == pytest.approx(OFFERS[worth.argmax()], abs=1e-3)


def test_with_a_guilt_of_exactly_one_half_the_proposer_keeps_what_it_can():
    assert best_offer(1.0, 0.5) == rejection_threshold(1.0)


def test_many_tastes_at_once():
    found = best_offer(np.array([0.0, 0.5, 2.0]), np.array([[0.2], [0.8]]))
    assert found == pytest.approx(np.array([[0, 0.25, 0.4], [0.5, 0.5, 0.5]]))


def test_tastes_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"envy is -0\.1"):
        rejection_threshold(-0.1)
    with pytest.raises(ValueError, match=r"envy is \[ 0\.1 -0\.1\]"):
        best_offer(np.array([0.1, -0.1]), 0.2)
    for guilt in (-0.1, 1.0):
        with pytest.raises(ValueError, match=f"proposer_guilt is {guilt}"):
            best_offer(0.5, guilt)
    with pytest.raises(ValueError, match=r"proposer_guilt is \[0\.2 1\. \]"):
        best_offer(0.5, np.array([0.2, 1.0]))
