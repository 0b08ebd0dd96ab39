"""Condorcet (1785): the probability that a quota is met if voters decide independently.

The number of yes votes is binomial. With many voters the probability is close to 0 or 1, so what
makes a large ballot uncertain is what its voters have in common.
"""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.voting import pass_probability_exact


@pytest.mark.parametrize(
    ("voters", "yes", "quota", "probability"),
    [
        (100, 0.57, 0.5, 0.934546),
        (100, 0.57, 0.6, 0.308145),
        (1000, 0.82, 0.8, 0.952753),
        (13, 0.5, 0.0, 1.0),
        (13, 0.5, 1.01, 0.0),
        (13, 1.0, 1.0, 1.0),
        (13, 0.0, 0.01, 0.0),
    ],
)
def test_the_upper_tail_of_the_binomial(voters, yes, quota, probability):
    assert pass_probability_exact(voters, yes, quota) == pytest.approx(probability, abs=1e-6)


def test_exactly_half_passes_at_a_quota_of_one_half():
    assert pass_probability_exact(2, 0.5, 0.5) == pytest.approx(3 / 4)
    assert pass_probability_exact(3, 0.5, 0.5) == pytest.approx(1 / 2)


@given(st.integers(1, 97), st.integers(0, 100), st.sampled_from([0.3, 0.5, 0.71]))
def test_a_quota_in_percent_needs_the_votes_it_says(voters, percent, yes):
    # .07 * 100 is 7.000000000000001 in binary, yet 7 votes of 100 are 7 percent.
    needed = -(-percent * voters // 100)
    p = Fraction(str(yes))
    tail = sum(comb(voters, k) * p**k * (1 - p) ** (voters - k) for k in range(needed, voters + 1))
    assert pass_probability_exact(voters, yes, percent / 100) == pytest.approx(float(tail))


def test_seven_percent_of_a_hundred_is_seven_votes():
    at_least_seven = 1 - sum(comb(100, k) * 0.07**k * 0.93 ** (100 - k) for k in range(7))
    assert pass_probability_exact(100, 0.07, 0.07) == pytest.approx(at_least_seven)


def test_a_majority_of_many_is_surer_than_a_majority_of_few():
    likely = [pass_probability_exact(voters, 0.57, 0.5) for voters in (3, 11, 101, 1009)]
    unlikely = [pass_probability_exact(voters, 0.43, 0.5) for voters in (3, 11, 101, 1009)]
    assert likely == sorted(likely)
    assert unlikely == sorted(unlikely, reverse=True)


@pytest.mark.parametrize("yes", [-0.1, 1.1])
def test_what_is_no_probability_is_refused(yes):
    with pytest.raises(ValueError, match=f"yes is {yes}"):
        pass_probability_exact(13, yes, 0.5)
