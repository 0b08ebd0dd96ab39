"""Kalai (1977), Proportional Solutions: equal gains, where utilities can be compared one for one.

On a finite set the smaller of the two gains is made as large as possible. If more packages become
available, neither side's guaranteed gain falls; in return the unit of utility matters.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import continuous_frontier
from sim.theory.solutions import egalitarian

POINTS = st.lists(st.tuples(st.integers(7, 60), st.integers(11, 60)), min_size=1, max_size=23)
UNITS = st.sampled_from([2.0**-40, 1.0, 3.0, 7.0])
SHIFTS = st.integers(-19, 19)


def smaller_gain(governor, coalition, disagreement):
    return np.minimum(governor - disagreement[0], coalition - disagreement[1])


def test_egalitarian_on_mini_ct(mini_ct, mini_ct_packages):
    governor, coalition, batnas = mini_ct
    best = egalitarian(governor, coalition, batnas)
    assert mini_ct_packages[best] == (2, 0, 1, 0)
    assert (governor[best], coalition[best]) == (55, 70)
    assert smaller_gain(*mini_ct)[best] == 30


def test_the_runner_up_on_mini_ct(mini_ct):
    governor, coalition, batnas = mini_ct
    best = egalitarian(*mini_ct)
    others = np.delete(governor, best), np.delete(coalition, best), batnas
    assert smaller_gain(*others)[egalitarian(*others)] == 25


def test_another_unit_of_utility_moves_the_choice(rescaled_mini_ct, mini_ct_packages):
    # A published worksheet of this game has (2, 1, 1, 0) here: it ties at the same smaller gain of 45, comes
    # first, and gives the governor 15 points less; the larger sum of gains decides for (2, 2, 1, 1).
    best = egalitarian(*rescaled_mini_ct)
    assert mini_ct_packages[best] == (2, 2, 1, 1)
    tied = mini_ct_packages.index((2, 1, 1, 0))
    assert smaller_gain(*rescaled_mini_ct)[[tied, best]].tolist() == [45, 45]


@pytest.mark.parametrize(
    ("disagreement", "expected", "close"),
    [
        ((0.0, 0.0), ((17**0.5 - 1) / 4, (17**0.5 - 1) / 4), 1e-6),
        ((0.2, 0.5), (0.705249, 1.005249), 1e-5),
    ],
)
def test_equal_gains_on_a_curved_frontier(curve, parabola, disagreement, expected, close):
    chosen = continuous_frontier.egalitarian(curve, disagreement)
    assert chosen == pytest.approx(expected, abs=close)
    best = egalitarian(*parabola, disagreement)
    assert [worth[best] for worth in parabola] == pytest.approx(expected, abs=4e-4)


def test_where_one_side_is_ahead_all_along_the_choice_is_nearest_to_equal_gains():
    line = continuous_frontier.Frontier(lambda governor: 10 - governor, 2.0, 7.0)
    assert continuous_frontier.egalitarian(line, (-9.0, 0.0)) == (2.0, 8.0)
    assert continuous_frontier.egalitarian(line, (2.0, -9.0)) == (7.0, 3.0)


def test_a_tie_goes_to_the_larger_sum_of_gains():
    governor, coalition = np.array([3.0, 4.0, 7.0]), np.array([6.0, 4.0, 4.0])
    assert egalitarian(governor, coalition, (0.0, 1.0)) == 2
    assert egalitarian(np.array([3.0, 8.0, 2.0]), np.array([9.0, 3.0, 9.0]), (0.0, 0.0)) == 0


@given(POINTS, POINTS)
def test_more_packages_never_lower_the_guaranteed_gain(few, more):
    disagreement = (7.0, 11.0)
    small = *np.array(few, dtype=float).T, disagreement
    large = *np.array(few + more, dtype=float).T, disagreement
    gain_small = smaller_gain(*small)[egalitarian(*small)]
    gain_large = smaller_gain(*large)[egalitarian(*large)]
    assert gain_large >= gain_small


@given(POINTS, UNITS, SHIFTS, SHIFTS)
def test_one_unit_for_both_and_any_zeros_leave_the_choice_alone(points, unit, zero_g, zero_c):
    governor, coalition = np.array(points, dtype=float).T
    moved = 7.0 * unit + zero_g, 11.0 * unit + zero_c
    expected = egalitarian(governor, coalition, (7.0, 11.0))
    assert egalitarian(governor * unit + zero_g, coalition * unit + zero_c, moved) == expected
