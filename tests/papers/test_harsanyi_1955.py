"""Harsanyi (1955): the utilitarian choice is the largest sum of utilities, whoever gets them.

Among packages that both sides prefer to no agreement. The zeros of utility do not matter, the units
do.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import continuous_frontier
from sim.theory.solutions import utilitarian, zopa

POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=23)


def test_utilitarian_on_mini_ct(mini_ct, mini_ct_packages):
    governor, coalition, batnas = mini_ct
    best = utilitarian(governor, coalition, batnas)
    assert mini_ct_packages[best] == (2, 2, 1, 1)
    assert (governor[best], coalition[best]) == (85, 50)
    others = np.delete(governor, best), np.delete(coalition, best)
    second = utilitarian(*others, batnas)
    assert others[0][second] + others[1][second] == 130


def test_another_unit_of_utility_moves_the_choice(rescaled_mini_ct, mini_ct_packages):
    assert mini_ct_packages[utilitarian(*rescaled_mini_ct)] == (2, 0, 1, 1)


@pytest.mark.parametrize("disagreement", [(0.0, 0.0), (0.2, 0.5)])
def test_no_agreement_moves_the_choice_only_by_ruling_packages_out(curve, parabola, disagreement):
    chosen = continuous_frontier.utilitarian(curve, disagreement)
    assert chosen == pytest.approx((1 / 4, 15 / 8), abs=1e-6)
    assert continuous_frontier.utilitarian(curve, (0.4, 0.0)) == pytest.approx((0.4, 1.68))
    assert continuous_frontier.utilitarian(curve, (0.0, 1.92)) == pytest.approx((0.2, 1.92))
    best = utilitarian(*parabola, disagreement)
    assert [worth[best] for worth in parabola] == pytest.approx(chosen, abs=1e-4)


@given(POINTS, st.integers(0, 31), st.integers(0, 31))
def test_no_package_of_the_zopa_has_a_larger_sum(points, batna_governor, batna_coalition):
    governor, coalition = np.array(points, dtype=float).T
    batnas = float(batna_governor), float(batna_coalition)
    best = utilitarian(governor, coalition, batnas)
    if best is not None:
        agreeable = zopa(governor, coalition, batnas)
        assert best == np.where(agreeable, governor + coalition, -1).argmax()
