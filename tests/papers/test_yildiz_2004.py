"""Yildiz (2004): two who both expect to have the last word wait for the deadline to find out.

The closed form is checked against backward induction over the dates, with beliefs that need not be
alike: only what they add up to matters.
"""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.theory.deadlines import agreement_date


def backwards(deadline, discount, beliefs):
    """Give the first date at which what both expect of going on leaves something to agree on."""
    agreed, expected = deadline, np.zeros(2)
    for date in reversed(range(deadline + 1)):
        going_on = discount * expected
        if going_on.sum() <= 1:
            agreed = date
            expected = beliefs * (1 - going_on[::-1]) + (1 - beliefs) * going_on
        else:
            expected = going_on
    return agreed


def longest_wait(discount, optimism):
    dates = np.arange(101)
    return dates[agreement_date(dates, discount, optimism) == dates].max()


def test_they_wait_for_a_near_deadline_and_not_for_a_distant_one():
    dates = agreement_date(np.array([0, 1, 2, 4, 5, 6, 7, 50]), 0.95, 0.3)
    assert dates.tolist() == [0, 1, 2, 4, 5, 0, 0, 0]
    assert agreement_date(5, 0.95, 0.3) == 5


@pytest.mark.parametrize(
    ("discount", "optimism", "dates"), [(0.95, 0.3, 5), (0.9, 0.5, 3), (0.98, 0.2, 9)]
)
def test_the_longest_wait(discount, optimism, dates):
    assert longest_wait(discount, optimism) == dates


@given(st.integers(0, 23), st.floats(0.5, 0.99), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_backward_induction_agrees(deadline, discount, optimism, skew):
    assume(abs(discount**deadline * (1 + optimism) - 1) > 1e-9)
    first = optimism + skew * (1 - optimism)
    beliefs = np.array([first, 1 + optimism - first])
    assert agreement_date(deadline, discount, optimism) == backwards(deadline, discount, beliefs)


def test_two_who_agree_on_their_chances_settle_at_once():
    assert (agreement_date(np.arange(7), 0.99, 0.0) == 0).all()


def test_two_who_are_sure_of_the_last_word_wait_until_half_is_lost():
    assert agreement_date(np.array([6, 7]), 0.9, 1.0).tolist() == [6, 0]


def test_at_a_tie_they_agree():
    assert agreement_date(1, 0.8, 0.25) == backwards(1, 0.8, np.array([0.625, 0.625])) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 0.9, 0.3), "deadline is -1"),
        ((np.array([5, -1]), 0.9, 0.3), r"deadline is \[ 5 -1\]"),
        ((5, 1.0, 0.3), "discount is 1.0"),
        ((5, 0.0, 0.3), "discount is 0.0"),
        ((5, 0.9, -0.1), "optimism is -0.1"),
        ((5, 0.9, 1.1), "optimism is 1.1"),
    ],
)
def test_what_no_two_beliefs_can_be_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        agreement_date(*arguments)
