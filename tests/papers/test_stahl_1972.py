"""Ståhl (1972): with a last round, whoever proposes in it could take all, and that is foreseen.

The closed form is checked against backward induction from the last round, in exact fractions.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.alternating_offers import proposer_share, proposer_share_in_rounds

PERCENT = st.integers(0, 97)


def backwards(rounds, discounts):
    """Give the first side's share; sides 0 and 1 propose in turn."""
    shares = [Fraction(0), Fraction(0)]
    for number in reversed(range(rounds)):
        answers = 1 - number % 2
        offered = discounts[answers] * shares[answers]
        shares[answers], shares[1 - answers] = offered, 1 - offered
    return shares[0]


@pytest.mark.parametrize(
    ("rounds", "share"),
    [(1, 1), (2, 0.2), (3, 0.92), (4, 0.344), (10, 0.576077), (11, 0.769569)],
)
def test_the_first_proposers_share(rounds, share):
    assert proposer_share_in_rounds(rounds, 0.9, 0.8) == pytest.approx(share, abs=1e-6)


@given(st.integers(1, 23), PERCENT, PERCENT)
def test_the_closed_form_agrees_with_backward_induction(rounds, first, second):
    exact = backwards(rounds, (Fraction(first, 100), Fraction(second, 100)))
    found = proposer_share_in_rounds(rounds, first / 100, second / 100)
    assert found == pytest.approx(float(exact), abs=1e-12)


@given(st.integers(1, 23), st.floats(0.5, 0.97), st.floats(0.5, 0.97))
def test_the_last_movers_advantage_changes_sides_with_every_round_and_fades(rounds, first, second):
    endless = proposer_share(first, second)
    gain = proposer_share_in_rounds(rounds, first, second) - endless
    assert (gain > 0) == (rounds % 2 == 1)
    two_rounds_more = proposer_share_in_rounds(rounds + 2, first, second) - endless
    assert two_rounds_more == pytest.approx(first * second * gain, abs=1e-12)


def test_with_equal_patience():
    rounds = np.arange(1, 12)
    shares = proposer_share_in_rounds(rounds, 0.9, 0.9)
    assert shares == pytest.approx((1 - (-0.9) ** rounds) / 1.9, abs=1e-12)


def test_a_distant_deadline_changes_nothing():
    assert proposer_share_in_rounds(1001, 0.9, 0.8) == pytest.approx(proposer_share(0.9, 0.8))


def test_talks_without_a_round_are_refused():
    with pytest.raises(ValueError, match="rounds is 0"):
        proposer_share_in_rounds(0, 0.9, 0.8)
    with pytest.raises(ValueError, match=r"rounds is \[3 0\]"):
        proposer_share_in_rounds(np.array([3, 0]), 0.9, 0.8)
    with pytest.raises(ValueError, match=r"discount_responder is 1\.0"):
        proposer_share_in_rounds(2, 0.9, 1.0)
