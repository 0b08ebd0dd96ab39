"""McKelvey and Palfrey (1995): better choices are more likely, not certain (quantal response).

A member who gains g from a Yes votes Yes with probability 1 / (1 + exp(-lambda g)), where lambda is
how sharply she tells good from bad and 1 / lambda the noise of our members. At lambda 0 she flips a
coin; as lambda grows she becomes the member of the textbook, who always takes the better side.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays.logit import logistic

GAINS = st.floats(-3.0, 3.0)


def chance_of_yes(gain):
    return logistic(np.array([gain]))[0]


def test_a_small_gain_makes_a_yes_somewhat_more_likely_than_not():
    assert chance_of_yes(10 * (0.30 - 0.25)) == pytest.approx(0.622459, abs=1e-6)


def test_without_any_sharpness_the_vote_is_a_coin():
    assert chance_of_yes(0.0) == 0.5


@given(GAINS)
def test_yes_and_no_are_mirror_images(gain):
    assert chance_of_yes(gain) == pytest.approx(1 - chance_of_yes(-gain), abs=1e-15)


@given(GAINS, GAINS)
def test_a_larger_gain_is_never_less_likely_to_win_a_yes(one, other):
    low, high = sorted((one, other))
    assert chance_of_yes(low) <= chance_of_yes(high)
    if high - low > 1e-3:
        assert chance_of_yes(low) < chance_of_yes(high)


@given(GAINS)
def test_the_odds_of_a_yes_are_the_exponential_of_the_gain(gain):
    chance = chance_of_yes(gain)
    assert chance / (1 - chance) == pytest.approx(np.exp(gain), rel=1e-9)


def test_in_the_limit_of_no_noise_the_better_side_is_taken_for_certain():
    gains = np.array([-1e-3, 1e-3, -1e9, 1e9])
    with np.errstate(all="raise", under="ignore"):
        assert logistic(gains / 1e-9).tolist() == [0, 1, 0, 1]
