"""Shaked and Sutton (1984): an outside option counts only if it is better than the agreement.

Binmore, Shaked and Sutton (1989) called it "deal me out" and found it in the laboratory. The share
is checked against backward induction over many rounds in which the responder may leave.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.alternating_offers import (
    proposer_share,
    proposer_share_given_outside_option,
    split,
)

DISCOUNTS = st.floats(0.0, 0.97)
OPTIONS = st.floats(0.0, 1.0)


def test_flat_then_a_kink():
    options = np.array([0.3, 0.45, 0.5, 0.6, 0.7])
    responder = 1 - proposer_share_given_outside_option(0.9, 0.9, options)
    assert responder == pytest.approx([0.473684, 0.473684, 0.5, 0.6, 0.7], abs=1e-6)


@given(DISCOUNTS, DISCOUNTS, OPTIONS)
def test_backward_induction_agrees(first, second, option):
    to_first = to_second = 0.5
    for _ in range(1000):
        to_second = 1 - first * to_first
        to_first = 1 - max(option, second * to_second)
    found = proposer_share_given_outside_option(first, second, option)
    assert found == pytest.approx(to_first, abs=1e-12)


@given(DISCOUNTS, DISCOUNTS, st.floats(0.0, 0.999))
def test_an_option_worse_than_the_agreement_changes_nothing_exactly(first, second, part):
    without = proposer_share(first, second)
    assert proposer_share_given_outside_option(first, second, part * (1 - without)) == without


def test_an_outside_option_is_no_starting_point_for_splitting_the_difference():
    assert proposer_share_given_outside_option(0.9, 0.9, 0.4) == proposer_share(0.9, 0.9)
    assert split(proposer_share(0.9, 0.9), 0.0, 0.4) < 0.32


def test_an_option_as_good_as_the_whole_pie_leaves_nothing():
    assert proposer_share_given_outside_option(0.9, 0.9, 1.0) == 0


@pytest.mark.parametrize("option", [-0.1, 1.1])
def test_what_is_no_share_is_refused(option):
    with pytest.raises(ValueError, match=f"outside_option is {option}"):
        proposer_share_given_outside_option(0.9, 0.9, option)
