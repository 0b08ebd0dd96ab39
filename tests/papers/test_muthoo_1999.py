"""Muthoo (1999): what the sides earn while they disagree is what they share the rest from.

An inside option moves the agreement however small it is, unlike an outside option. The shares are
checked against the responder's indifference between an offer now, and the income of one delay and
an offer of its own afterwards.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.alternating_offers import (
    bargaining_power,
    proposer_share_given_inside_options,
    split,
)

RATES = st.floats(0.01, 0.7)
WORTH = st.floats(0.0, 0.5)


@pytest.mark.parametrize(("delay", "share"), [(1, 0.414988), (0.1, 0.401500), (0.01, 0.400150)])
def test_the_share_of_whoever_proposes_first(delay, share):
    found = proposer_share_given_inside_options(0.1, 0.1, 0.01, 0.03, delay)
    assert found == pytest.approx(share, abs=1e-6)


@given(RATES, RATES, WORTH, WORTH)
def test_as_offers_follow_fast_the_surplus_is_split_by_patience(rate, other, worth, other_worth):
    found = proposer_share_given_inside_options(
        rate, other, worth * rate, other_worth * other, 1e-7
    )
    limit = split(bargaining_power(rate, other), worth, other_worth)
    assert found == pytest.approx(limit, abs=1e-6)


@given(RATES, RATES, WORTH, WORTH, st.floats(0.01, 7.0))
def test_the_responder_gets_what_waiting_is_worth(rate, other, worth, other_worth, delay):
    flow, other_flow = worth * rate, other_worth * other
    first = proposer_share_given_inside_options(rate, other, flow, other_flow, delay)
    second = proposer_share_given_inside_options(other, rate, other_flow, flow, delay)
    income = other_flow * (1 - math.exp(-other * delay)) / other
    assert 1 - first == pytest.approx(income + math.exp(-other * delay) * second, abs=1e-12)


def test_the_smallest_income_moves_the_agreement():
    shares = proposer_share_given_inside_options(0.1, 0.1, 0.0, np.array([0.0, 1e-6]), 0.1)
    assert shares[1] < shares[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 0.1, 0.01, 0.03, 1.0), "rate_proposer is 0.0"),
        ((0.1, -0.1, 0.01, 0.03, 1.0), "rate_responder is -0.1"),
        ((0.1, 0.1, 0.01, 0.03, 0.0), "delay is 0.0"),
        ((0.1, 0.1, 0.06, 0.05, 1.0), "more than the pie"),
    ],
)
def test_what_has_no_agreement_or_no_meaning_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        proposer_share_given_inside_options(*arguments)
