"""Kalai and Smorodinsky (1975): each side gets the same share of the most it could have hoped for.

On a finite set the shares can rarely be equal, so the smaller of them is made as large as possible.
What a side could have hoped for is its best package in the ZOPA: 90 and 80 points in mini-CT.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import continuous_frontier
from sim.theory.solutions import kalai_smorodinsky, zopa

POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=23)
BATNAS = st.tuples(st.integers(0, 31), st.integers(0, 31))
SCALES = st.sampled_from([2.0**-20, 1.0, 3.0, 7.0])
SHIFTS = st.integers(-19, 19)


def smaller_relative_gain(governor, coalition, disagreement):
    agreeable = zopa(governor, coalition, disagreement)
    ideal_governor, ideal_coalition = governor[agreeable].max(), coalition[agreeable].max()
    return np.minimum(
        (governor - disagreement[0]) / (ideal_governor - disagreement[0]),
        (coalition - disagreement[1]) / (ideal_coalition - disagreement[1]),
    )


def test_kalai_smorodinsky_on_mini_ct(mini_ct, mini_ct_packages):
    governor, coalition, batnas = mini_ct
    best = kalai_smorodinsky(governor, coalition, batnas)
    assert mini_ct_packages[best] == (2, 1, 1, 1)
    assert (governor[best], coalition[best]) == (65, 60)
    assert smaller_relative_gain(*mini_ct)[best] == pytest.approx(0.5556, abs=5e-5)


def test_the_runner_up_on_mini_ct(mini_ct):
    governor, coalition, batnas = mini_ct
    agreeable = zopa(*mini_ct)
    assert (governor[agreeable].max(), coalition[agreeable].max()) == (90, 80)
    best = kalai_smorodinsky(*mini_ct)
    others = np.delete(governor, best), np.delete(coalition, best), batnas
    second = kalai_smorodinsky(*others)
    assert smaller_relative_gain(*others)[second] == pytest.approx(0.4615, abs=5e-5)


def test_another_unit_of_utility_leaves_the_package_alone(rescaled_mini_ct, mini_ct_packages):
    assert mini_ct_packages[kalai_smorodinsky(*rescaled_mini_ct)] == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("disagreement", "hoped_for", "expected", "close"),
    [
        ((0.0, 0.0), (1.0, 2.0), ((5**0.5 - 1) / 2, 5**0.5 - 1), 1e-6),
        ((0.2, 0.5), (0.866025, 1.92), (0.583817, 1.318317), 1e-5),
    ],
)
def test_kalai_smorodinsky_on_a_curved_frontier(
    curve, parabola, disagreement, hoped_for, expected, close
):
    assert continuous_frontier.ideal(curve, disagreement) == pytest.approx(hoped_for, abs=close)
    chosen = continuous_frontier.kalai_smorodinsky(curve, disagreement)
    assert chosen == pytest.approx(expected, abs=close)
    governor, _ = parabola
    best = kalai_smorodinsky(*parabola, disagreement)
    assert governor[best] == pytest.approx(expected[0], abs=1e-4)


def test_hopes_beyond_the_zopa_do_not_count():
    governor, coalition = np.array([10.0, 6.0, 5.0, 2.0]), np.array([2.0, 5.0, 6.0, 10.0])
    out_of_reach = np.append(governor, 99.0), np.append(coalition, 0.0)
    assert kalai_smorodinsky(governor, coalition, (2.0, 2.0)) == 1
    assert kalai_smorodinsky(*out_of_reach, (2.0, 2.0)) == 1


def test_a_tie_goes_to_the_larger_sum_of_relative_gains():
    # Relative gains (1, 0), (.8, .5), (.5, .9), (0, 1): in points the second has the larger sum.
    governor, coalition = np.array([100.0, 80.0, 50.0, 0.0]), np.array([0.0, 5.0, 9.0, 10.0])
    assert kalai_smorodinsky(governor, coalition, (0.0, 0.0)) == 2


@given(POINTS, BATNAS, SCALES, SHIFTS, SCALES, SHIFTS)
def test_axiom_units_and_zeros_of_utility_do_not_matter(points, batnas, a, b, c, d):
    governor, coalition = np.array(points, dtype=float).T
    expected = kalai_smorodinsky(governor, coalition, (float(batnas[0]), float(batnas[1])))
    moved = float(batnas[0] * a + b), float(batnas[1] * c + d)
    assert kalai_smorodinsky(governor * a + b, coalition * c + d, moved) == expected


@given(POINTS, BATNAS)
def test_no_package_has_a_larger_smaller_relative_gain(points, batnas):
    governor, coalition = np.array(points, dtype=float).T
    disagreement = float(batnas[0]), float(batnas[1])
    best = kalai_smorodinsky(governor, coalition, disagreement)
    agreeable = zopa(governor, coalition, disagreement)
    both_can_gain = (agreeable & (governor > batnas[0])).any() and (
        agreeable & (coalition > batnas[1])
    ).any()
    if both_can_gain:
        smaller = smaller_relative_gain(governor, coalition, disagreement)
        assert smaller[best] == pytest.approx(smaller[agreeable].max(), abs=1e-12)
