"""Rubinstein (1982): two impatient sides who take turns agree at once, and patience is power.

The shares are checked against what makes them the only stationary equilibrium: whoever answers gets
exactly what refusing, and proposing one round later, would be worth.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.alternating_offers import proposer_share

DISCOUNTS = st.floats(0.0, 0.99)


@pytest.mark.parametrize(
    ("proposer", "responder", "share"),
    [(0.9, 0.9, 0.526316), (0.9, 0.8, 0.714286), (0.95, 0.85, 0.779221)],
)
def test_the_share_of_whoever_proposes_first(proposer, responder, share):
    assert proposer_share(proposer, responder) == pytest.approx(share, abs=1e-6)


@given(DISCOUNTS, DISCOUNTS)
def test_no_side_gains_by_one_deviation(first, second):
    first_share, second_share = proposer_share(first, second), proposer_share(second, first)
    # To accept any less, or refuse as much, would not serve whoever answers.
    assert 1 - first_share == pytest.approx(second * second_share, abs=1e-12)
    assert 1 - second_share == pytest.approx(first * first_share, abs=1e-12)
    # To ask for more would be refused, and cost a round.
    assert first_share >= first * (1 - second_share)


@given(DISCOUNTS, DISCOUNTS, DISCOUNTS)
def test_a_side_gains_by_its_own_patience_and_loses_by_the_other_ones(one, another, third):
    impatient, patient = sorted((one, another))
    assert proposer_share(patient, third) >= proposer_share(impatient, third)
    assert proposer_share(third, patient) <= proposer_share(third, impatient)


def test_who_cannot_wait_takes_what_is_left():
    assert proposer_share(0.7, 0.0) == 1
    assert proposer_share(0.0, 0.7) == pytest.approx(0.3)


def test_with_equal_patience_to_propose_first_is_worth_less_and_less():
    discounts = np.array([0.5, 0.9, 0.99, 0.999])
    assert proposer_share(discounts, discounts) == pytest.approx(1 / (1 + discounts), abs=1e-12)


def test_many_pairs_at_once():
    shares = proposer_share(np.array([[0.9], [0.95]]), np.array([0.9, 0.8, 0.85]))
    assert shares.shape == (2, 3)
    assert shares[0, 1] == pytest.approx(0.714286, abs=1e-6)
    assert shares[1, 2] == pytest.approx(0.779221, abs=1e-6)


@pytest.mark.parametrize("discount", [-0.1, 1.0, float("nan")])
def test_what_is_no_discount_factor_is_refused(discount):
    with pytest.raises(ValueError, match=f"discount_proposer is {discount}"):
        proposer_share(discount, 0.5)
    with pytest.raises(ValueError, match=f"discount_responder is {discount}"):
        proposer_share(0.5, discount)
