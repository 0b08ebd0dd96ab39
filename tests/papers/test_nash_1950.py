"""Nash (1950), The Bargaining Problem: the package with the largest product of the two gains.

Nash asks a fair solution for four things: that nothing better for both is left, that it treats the
two sides alike, that the units and zeros of utility do not matter, and that removing packages that
were not chosen changes nothing. Only the product of the gains over no agreement does all four.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import continuous_frontier
from sim.theory.solutions import nash, nash_product, weighted_nash_product, zopa

POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=23)
BATNAS = st.tuples(st.integers(0, 31), st.integers(0, 31))
SCALES = st.sampled_from([2.0**-20, 1.0, 3.0, 7.0])
SHIFTS = st.integers(-19, 19)


def problem(points, batnas):
    governor, coalition = np.array(points, dtype=float).T
    return governor, coalition, (float(batnas[0]), float(batnas[1]))


def test_nash_on_mini_ct(mini_ct, mini_ct_packages):
    governor, coalition, batnas = mini_ct
    best = nash(governor, coalition, batnas)
    assert mini_ct_packages[best] == (2, 0, 1, 1)
    assert (governor[best], coalition[best]) == (50, 80)
    assert nash_product(governor, coalition, batnas)[best] == 1125


def test_the_runner_up_on_mini_ct(mini_ct):
    governor, coalition, batnas = mini_ct
    best = nash(governor, coalition, batnas)
    governor, coalition = np.delete(governor, best), np.delete(coalition, best)
    second = nash(governor, coalition, batnas)
    assert (governor[second], coalition[second]) == (55, 70)
    assert nash_product(governor, coalition, batnas)[second] == 1050


def test_another_unit_of_utility_leaves_the_package_alone(rescaled_mini_ct, mini_ct_packages):
    assert mini_ct_packages[nash(*rescaled_mini_ct)] == (2, 0, 1, 1)


def test_nash_on_a_curved_frontier(curve):
    chosen = continuous_frontier.nash(curve, (0.0, 0.0))
    assert chosen == pytest.approx((1 / np.sqrt(3), 4 / 3), abs=1e-6)
    assert chosen == pytest.approx((0.577350, 1.333333), abs=1e-6)


def test_what_no_agreement_is_worth_moves_the_choice(curve):
    chosen = continuous_frontier.nash(curve, (0.2, 0.5))
    assert chosen == pytest.approx((0.571092, 1.347708), abs=1e-5)


@pytest.mark.parametrize("disagreement", [(0.0, 0.0), (0.2, 0.5)])
def test_packages_laid_close_on_the_frontier_bring_the_same_choice(parabola, curve, disagreement):
    best = nash(*parabola, disagreement)
    chosen = continuous_frontier.nash(curve, disagreement)
    assert [worth[best] for worth in parabola] == pytest.approx(chosen, abs=3e-4)


def test_losses_of_both_sides_are_no_success():
    governor, coalition = np.array([1.0, 7.0, 7.0]), np.array([1.0, 7.0, 1.0])
    assert nash_product(governor, coalition, (5.0, 4.0)).tolist() == [0, 6, 0]
    weighted = weighted_nash_product(governor, coalition, (5.0, 4.0), 0.5)
    assert weighted == pytest.approx([0, np.sqrt(6), 0])


@given(POINTS, BATNAS)
def test_no_package_of_the_zopa_has_a_larger_product(points, batnas):
    governor, coalition, disagreement = problem(points, batnas)
    best = nash(governor, coalition, disagreement)
    if best is not None:
        product = (governor - disagreement[0]) * (coalition - disagreement[1])
        assert product[best] == product[zopa(governor, coalition, disagreement)].max()


@given(POINTS, BATNAS, SCALES, SHIFTS, SCALES, SHIFTS)
def test_axiom_units_and_zeros_of_utility_do_not_matter(points, batnas, a, b, c, d):
    governor, coalition, (without_governor, without_coalition) = problem(points, batnas)
    moved = without_governor * a + b, without_coalition * c + d
    expected = nash(governor, coalition, (without_governor, without_coalition))
    assert nash(governor * a + b, coalition * c + d, moved) == expected


@given(POINTS, BATNAS)
def test_axiom_the_sides_are_treated_alike(points, batnas):
    governor, coalition, disagreement = problem(points, batnas)
    expected = nash(governor, coalition, disagreement)
    assert nash(coalition, governor, disagreement[::-1]) == expected


@given(POINTS, BATNAS, st.randoms(use_true_random=False))
def test_axiom_packages_that_were_not_chosen_do_not_matter(points, batnas, random):
    governor, coalition, disagreement = problem(points, batnas)
    best = nash(governor, coalition, disagreement)
    kept = np.array([package == best or random.random() < 0.5 for package in range(len(points))])
    remaining = nash(governor[kept], coalition[kept], disagreement)
    assert remaining == (None if best is None else int(kept[:best].sum()))
