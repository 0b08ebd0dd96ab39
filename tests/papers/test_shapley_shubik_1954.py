"""Shapley and Shubik (1954): power is how often a bloc is the pivot when any order is as likely.

In some order the blocs say yes one after the other; the pivot is the one whose yes makes a losing
coalition a winning one.
"""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.voting import pivot, shapley_shubik

# Members of the 15 unions of the SEBAC coalition in 2011, in tens, AFSCME first.
SEBAC = np.array([1560, 770, 680, 450, 390, 320, 270, 170, 110, 90, 80, 75, 25, 20, 6])
BLOCS = st.lists(st.integers(0, 11), min_size=5, max_size=5).filter(any)
QUOTAS = st.sampled_from([0.0, 0.2, 0.5, 0.55, 2 / 3, 0.8, 1.0])


def test_the_security_council_of_1954():
    """Five vetoes among eleven members, seven yes needed: the great powers have .987 together."""
    sizes = np.array([5] * 5 + [1] * 6)  # 27 of 31 holds all five vetoes and two of the others
    power = shapley_shubik(sizes, 7, 27 / 31)
    assert power[:5].sum() == pytest.approx(0.987, abs=5e-4)
    assert power.sum() == pytest.approx(1, abs=1e-12)


def test_under_the_bylaws_of_1996_each_small_union_counts_as_much_as_a_large_one():
    # The 14th to say yes is the pivot, unless AFSCME is the 15th and last: then it is.
    power = shapley_shubik(SEBAC, 14, 0.8)
    assert power == pytest.approx([2 / 15] + [13 / 15 / 14] * 14, abs=1e-12)


@given(BLOCS, st.integers(0, 5), QUOTAS)
def test_power_is_the_share_of_orders_in_which_a_bloc_is_the_pivot(sizes, required, quota):
    sizes = np.array(sizes)
    orders = list(permutations(range(5)))
    pivots = []
    for order in orders:
        support = np.empty(5)
        support[list(order)] = -np.arange(5.0)
        pivots.append(pivot(support, sizes, required, quota))
    if required == 0 and quota == 0:
        return  # nobody is needed: there is no losing coalition to turn
    expected = np.bincount(pivots, minlength=5) / len(orders)
    assert shapley_shubik(sizes, required, quota) == pytest.approx(expected, abs=1e-12)


@given(BLOCS, st.integers(1, 6), QUOTAS, st.permutations(range(5)))
def test_the_pivot_completes_the_quota_and_those_before_it_do_not(sizes, required, quota, order):
    def passes(coalition):
        members = sum(sizes[bloc] for bloc in coalition)
        return len(coalition) >= required and members >= quota * sum(sizes) - 1e-9

    support = np.empty(5)
    support[order] = -np.arange(5.0)
    found = pivot(support, np.array(sizes), required, quota)
    if found is None:
        assert not passes(order)
    else:
        place = order.index(found)
        assert passes(order[: place + 1])
        assert not passes(order[:place])


def test_of_equals_the_first_is_asked_first():
    assert pivot(np.zeros(3), np.array([1, 1, 1]), 2, 0.0) == 1


def test_a_threshold_that_nobody_reaches_has_no_pivot():
    assert pivot(np.zeros(3), np.array([1, 1, 1]), 4, 0.0) is None
    with pytest.raises(ValueError, match="not even all unions"):
        shapley_shubik(np.array([1, 1, 1]), 4, 0.0)
