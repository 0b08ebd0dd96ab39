"""Ashenfelter and Johnson (1969): a strike teaches the members what their leaders knew before.

Members' claims decay during a strike, and the employer chooses how long to wait for that. The
closed form is checked against a search over durations, and the present value by adding up profits.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from oracles.strikes import Strike

MODEST, HOPEFUL, RICH = (1.3, 0.25), (1.3, 0.40), (1.6, 0.25)
CLAIMS = st.floats(0.02, 0.9)
DECAYS, RATES = st.floats(0.1, 3.0), st.floats(0.02, 0.5)


def strike(revenue, initial_increase, decay=0.8, rate=0.1, wage=1.0):
    return Strike(revenue, wage, initial_increase, 0.02, decay, rate)


@pytest.mark.parametrize(
    ("case", "duration"), [(MODEST, 2.500643), (HOPEFUL, 3.128258), (RICH, 1.590345)]
)
def test_the_length_of_a_strike(case, duration):
    assert strike(*case).duration == pytest.approx(duration, abs=1e-5)


def test_the_increase_it_ends_with_is_the_one_that_would_have_avoided_it():
    for case in (MODEST, HOPEFUL):
        found = strike(*case)
        assert found.tolerable_increase == pytest.approx(0.051111, abs=1e-6)
        assert found.acceptable_increase(found.duration) == pytest.approx(0.051111, abs=1e-6)
    assert strike(1.3, 0.0511).duration == 0
    assert strike(1.3, 0.0512).duration > 0


@given(st.floats(1.05, 3.0), CLAIMS, DECAYS, RATES, st.floats(0.5, 1.0))
def test_no_other_length_is_worth_more_to_the_employer(revenue, claim, decay, rate, wage):
    found = strike(revenue, claim, decay, rate, wage)
    best = found.present_value(found.duration)
    assert (found.present_value(np.linspace(0, 60, 6007)) <= best + 1e-12).all()


@given(st.floats(1.05, 3.0), CLAIMS, DECAYS, RATES, st.floats(0.0, 7.0))
def test_the_present_value_adds_up_the_profits_after_the_strike(
    revenue, claim, decay, rate, duration
):
    found = strike(revenue, claim, decay, rate)
    profit = revenue - (1 + 0.02 + (claim - 0.02) * np.exp(-decay * duration))
    added, _ = quad(lambda time: np.exp(-rate * time), duration, duration + 40 / rate)
    assert found.present_value(duration) == pytest.approx(profit * added, rel=1e-6, abs=1e-9)


@given(CLAIMS, CLAIMS, DECAYS, RATES)
def test_higher_hopes_mean_a_longer_strike_and_the_same_settlement(one, other, decay, rate):
    low, high = (strike(1.3, claim, decay, rate) for claim in sorted((one, other)))
    assert low.duration <= high.duration
    assert low.tolerable_increase == high.tolerable_increase


def test_a_more_profitable_or_impatient_employer_settles_sooner_and_for_more():
    for eager in (strike(1.6, 0.25), strike(1.3, 0.25, rate=0.2)):
        assert eager.duration < strike(*MODEST).duration
        assert eager.tolerable_increase > strike(*MODEST).tolerable_increase


def test_many_strikes_at_once():
    found = strike(np.array([1.3, 1.3, 1.6]), np.array([0.25, 0.40, 0.25]))
    assert found.duration == pytest.approx([2.500643, 3.128258, 1.590345], abs=1e-5)
    assert found.present_value(found.duration).shape == (3,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.3, 0.0, 0.25, 0.02, 0.8, 0.1), "wage is 0.0"),
        ((1.3, 1.0, 0.25, 0.02, 0.0, 0.1), "decay is 0.0"),
        ((1.3, 1.0, 0.25, 0.02, 0.8, -0.1), "rate is -0.1"),
        ((1.3, 1.0, 0.01, 0.02, 0.8, 0.1), "initial_increase is 0.01"),
        ((1.3, 1.0, np.array([0.25, 0.01]), 0.02, 0.8, 0.1), "initial_increase is"),
        ((1.02, 1.0, 0.25, 0.02, 0.8, 0.1), "revenue is 1.02"),
    ],
)
def test_a_strike_that_has_no_end_or_no_sense_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Strike(*arguments)
