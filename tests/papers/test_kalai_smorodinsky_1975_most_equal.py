"""Kalai and Smorodinsky (1975) read the other way on a finite set: relative gains as equal as can be.

On a convex set the largest smaller gain and the most equal gains are one point. On a finite set the
most equal of the efficient packages may leave the smaller gain smaller.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.solutions import (
    kalai_smorodinsky,
    kalai_smorodinsky_most_equal,
    pareto,
    zopa,
)

POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=23)
BATNAS = st.tuples(st.integers(0, 31), st.integers(0, 31))
SCALES = st.sampled_from([2.0**-20, 1.0, 3.0, 7.0])
SHIFTS = st.integers(-19, 19)


def test_the_two_readings_differ():
    # Relative gains (1, 0), (.8, .5), (.45, .6), (0, 1): smaller ones .5 and .45, apart by .3 and .15.
    governor, coalition = np.array([20.0, 16.0, 9.0, 0.0]), np.array([0.0, 5.0, 6.0, 10.0])
    assert kalai_smorodinsky(governor, coalition, (0.0, 0.0)) == 1
    assert kalai_smorodinsky_most_equal(governor, coalition, (0.0, 0.0)) == 2


def test_hopes_beyond_the_zopa_count():
    # The governor's 20 is out of reach: it leaves the coalition below its point of no agreement.
    governor, coalition = np.array([20.0, 10.0, 8.0, 5.0]), np.array([-1.0, 5.0, 8.0, 10.0])
    assert kalai_smorodinsky_most_equal(governor, coalition, (0.0, 0.0)) == 1
    assert kalai_smorodinsky_most_equal(governor[1:], coalition[1:], (0.0, 0.0)) == 1


def test_a_tie_goes_to_the_larger_sum_of_relative_gains():
    # Relative gains (1, 0), (.6, .4), (.5, .7), (0, 1): apart by .2 twice.
    governor, coalition = np.array([10.0, 6.0, 5.0, 0.0]), np.array([0.0, 4.0, 7.0, 10.0])
    assert kalai_smorodinsky_most_equal(governor, coalition, (0.0, 0.0)) == 2


def test_both_readings_agree_on_a_curved_frontier(parabola):
    best = kalai_smorodinsky_most_equal(*parabola, (0.0, 0.0))
    assert best == kalai_smorodinsky(*parabola, (0.0, 0.0))


@given(POINTS, BATNAS, SCALES, SHIFTS, SCALES, SHIFTS)
def test_axiom_units_and_zeros_of_utility_do_not_matter(points, batnas, a, b, c, d):
    governor, coalition = np.array(points, dtype=float).T
    expected = kalai_smorodinsky_most_equal(governor, coalition, tuple(map(float, batnas)))
    moved = float(batnas[0] * a + b), float(batnas[1] * c + d)
    assert kalai_smorodinsky_most_equal(governor * a + b, coalition * c + d, moved) == expected


@given(POINTS, BATNAS)
def test_the_solution_is_in_the_zopa_and_on_the_frontier(points, batnas):
    governor, coalition = np.array(points, dtype=float).T
    game = governor, coalition, tuple(map(float, batnas))
    best = kalai_smorodinsky_most_equal(*game)
    assert (best is None) == (not zopa(*game).any())
    if best is not None:
        assert (zopa(*game) & pareto(governor, coalition))[best]
