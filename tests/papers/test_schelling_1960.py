"""Schelling (1960): a threat counts as far as it is believed that it would be carried out.

Belief grows when the one who threatens does what a bluffer might not. With every notice of layoff
rho becomes rho / (rho + (1 - rho) b) by Bayes' rule, where b is the likelihood that a bluffer would
have issued it too. Belief falls when the threat is larger than what would serve him: above the
optimum exp(-d (threat / optimum - 1)) of it is left, so that the threat expected is largest at
max(1, 1 / d) times the optimum.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences.information import after_notices, size_credibility

CHANCES = st.floats(0.01, 0.99)
OPTIMUM = 0.105


def believed(belief, bluff, notices):
    return after_notices(np.array([belief]), np.array([bluff]), np.array([notices]))[0]


def test_every_notice_makes_the_threat_more_credible():
    beliefs = [believed(0.3, 0.5, n) for n in range(5)]
    assert beliefs == pytest.approx([0.3, 0.461538, 0.631579, 0.774194, 0.872727], abs=1e-6)


@given(CHANCES, CHANCES, st.integers(0, 7), st.integers(0, 7))
def test_notices_one_by_one_move_belief_as_far_as_all_at_once(belief, bluff, first, then):
    assert believed(believed(belief, bluff, first), bluff, then) == pytest.approx(
        believed(belief, bluff, first + then), rel=1e-9
    )


@given(CHANCES, st.integers(0, 7))
def test_a_notice_that_any_bluffer_would_send_says_nothing(belief, notices):
    assert believed(belief, 1.0, notices) == pytest.approx(belief, rel=1e-12)


@given(CHANCES, st.integers(1, 7))
def test_a_notice_that_no_bluffer_would_send_settles_it(belief, notices):
    assert believed(belief, 0.0, notices) == 1


@given(st.floats(0.0, 1.0), st.integers(0, 7))
def test_a_threat_nobody_believes_cannot_be_revived(bluff, notices):
    assert believed(0.0, bluff, notices) == 0
    assert believed(1.0, bluff, notices) == 1


@pytest.mark.parametrize(("doubt", "peak"), [(0.25, 0.42), (0.5, 0.21), (1.0, 0.105), (2.0, 0.105)])
def test_the_threat_expected_peaks_at_the_optimum_or_at_one_over_doubt_times_it(doubt, peak):
    threats = np.linspace(0, 1, 10_001)
    left = size_credibility(threats, np.array([OPTIMUM]), np.array([doubt]))
    assert threats[(left * threats).argmax()] == pytest.approx(peak, abs=1e-4)


def test_up_to_the_optimum_size_does_not_cost_belief():
    threats = OPTIMUM * np.array([0.0, 0.5, 1.0, 2.0, 3.0])
    left = size_credibility(threats, np.array([OPTIMUM]), np.array([0.7]))
    assert left == pytest.approx([1, 1, 1, np.exp(-0.7), np.exp(-1.4)], rel=1e-12)


@given(st.floats(0.0, 7.0))
def test_without_doubt_any_size_is_believed(threat):
    assert size_credibility(np.array([threat]), np.array([OPTIMUM]), np.zeros(1)) == 1
