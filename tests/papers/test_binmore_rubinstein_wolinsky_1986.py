"""Binmore, Rubinstein and Wolinsky (1986): alternating offers lead to the Nash solution.

As the time between offers vanishes, impatient sides share by the asymmetric Nash solution, the
weights being the other's discount rate; if a breakdown is what they fear, they split what is above
the breakdown payoffs. All shares are checked against the responder's indifference, and those on a
curved frontier against the game in which the other side proposes first.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.alternating_offers import (
    bargaining_power,
    proposer_share,
    proposer_share_given_breakdown,
    proposer_utility,
    split,
)

DISCOUNTS = st.floats(0.01, 0.99)


def circle(utility):
    return 1 - utility**2


def circle_seen_by_the_other(utility):
    return math.sqrt(1 - utility)


@pytest.mark.parametrize(("delay", "share"), [(1, 0.683188), (0.1, 0.668332), (0.01, 0.666833)])
def test_when_offers_follow_fast_the_other_sides_discount_rate_is_ones_power(delay, share):
    found = proposer_share(math.exp(-0.05 * delay), math.exp(-0.10 * delay))
    assert found == pytest.approx(share, abs=1e-6)
    assert bargaining_power(0.05, 0.10) == pytest.approx(2 / 3, abs=1e-12)
    assert found - bargaining_power(0.05, 0.10) == pytest.approx(delay / 60, rel=0.02)


@pytest.mark.parametrize(
    ("risk", "share"), [(0.5, 0.5), (0.2, 0.433333), (0.05, 0.407692), (0.01, 0.401508)]
)
def test_under_a_risk_of_breakdown(risk, share):
    assert proposer_share_given_breakdown(risk, 0.1, 0.3) == pytest.approx(share, abs=1e-6)


def test_a_small_risk_of_breakdown_splits_the_difference():
    assert split(0.5, 0.1, 0.3) == pytest.approx(0.4, abs=1e-12)
    assert proposer_share_given_breakdown(1e-9, 0.1, 0.3) == pytest.approx(0.4, abs=1e-8)
    assert proposer_share_given_breakdown(1.0, 0.1, 0.3) == pytest.approx(0.7, abs=1e-12)


@given(st.floats(0.01, 1.0), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_the_responder_gets_what_a_refusal_would_be_worth(risk, first, second):
    first_share = proposer_share_given_breakdown(risk, first, second)
    second_share = proposer_share_given_breakdown(risk, second, first)
    refusal = risk * second + (1 - risk) * second_share
    assert 1 - first_share == pytest.approx(refusal, abs=1e-12)


@pytest.mark.parametrize(
    ("discount", "utility"),
    [(0.5, 0.755929), (0.9, 0.607457), (0.99, 0.580249), (0.999, 0.577639)],
)
def test_on_a_curved_frontier(discount, utility):
    found = proposer_utility(discount, discount, circle, 1.0)
    assert found == pytest.approx(utility, abs=1e-6)
    assert found == pytest.approx(1 / math.sqrt(1 + discount + discount**2), abs=1e-9)


@given(DISCOUNTS, DISCOUNTS)
def test_on_a_curved_frontier_each_side_is_offered_what_waiting_is_worth(first, second):
    to_first = proposer_utility(first, second, circle, 1.0)
    to_second = proposer_utility(second, first, circle_seen_by_the_other, 1.0)
    assert circle(to_first) == pytest.approx(second * to_second, abs=1e-9)
    assert circle_seen_by_the_other(to_second) == pytest.approx(first * to_first, abs=1e-9)


@given(DISCOUNTS, DISCOUNTS, st.floats(0.1, 7.0))
def test_a_straight_frontier_is_a_pie(first, second, size):
    utility = proposer_utility(first, second, lambda mine: size - mine, size)
    assert utility == pytest.approx(size * proposer_share(first, second), abs=1e-9)


@pytest.mark.parametrize(("rate", "other_rate"), [(0.1, 0.1), (0.3, 0.7), (0.7, 0.3)])
def test_in_the_limit_it_is_the_asymmetric_nash_solution(rate, other_rate):
    discount, other_discount = math.exp(-rate * 1e-6), math.exp(-other_rate * 1e-6)
    found = proposer_utility(discount, other_discount, circle, 1.0)
    power = bargaining_power(rate, other_rate)
    mine = np.linspace(0, 1, 100_003)
    nash = mine[(mine**power * circle(mine) ** (1 - power)).argmax()]
    assert found == pytest.approx(nash, abs=2e-5)


def test_many_at_once():
    shares = proposer_share_given_breakdown(np.array([0.5, 0.2]), np.array([[0.1], [0.2]]), 0.3)
    assert shares == pytest.approx(np.array([[0.5, 13 / 30], [8 / 15, 43 / 90]]), abs=1e-6)
    powers = bargaining_power(np.array([0.1, 0.3]), np.array([0.3, 0.1]))
    assert powers == pytest.approx([0.75, 0.25], abs=1e-12)


def test_what_leaves_nothing_to_bargain_over_is_refused():
    with pytest.raises(ValueError, match=r"disagreement is worth 0\.7 and 0\.4"):
        split(0.5, 0.7, 0.4)
    with pytest.raises(ValueError, match="nothing to agree on"):
        split(0.5, np.array([0.3, 0.7]), 0.4)
    assert split(0.5, 0.75, 0.25) == 0.75
    with pytest.raises(ValueError, match=r"other_rate is 0\.0"):
        bargaining_power(0.1, 0.0)
    with pytest.raises(ValueError, match=r"rate is -0\.1"):
        bargaining_power(-0.1, 0.1)
    with pytest.raises(ValueError, match=r"frontier\(2\.0\) is -3\.0"):
        proposer_utility(0.9, 0.9, circle, 2.0)
    with pytest.raises(ValueError, match=r"frontier\(0\.5\) is 0\.75"):
        proposer_utility(0.9, 0.9, circle, 0.5)
    with pytest.raises(ValueError, match=r"discount_proposer is 1\.0"):
        proposer_utility(1.0, 0.9, circle, 1.0)
    with pytest.raises(ValueError, match=r"discount_responder is 1\.0"):
        proposer_utility(0.9, 1.0, circle, 1.0)
