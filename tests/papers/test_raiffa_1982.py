"""Raiffa (1982), The Art and Science of Negotiation: BATNA, ZOPA, the frontier, what is left on it.

The mini-CT scorable game has 36 packages: 17 are no worse for either side than walking away, 10 are
such that nobody can do better without the other doing worse, and 5 are both.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import continuous_frontier
from sim.theory.solutions import (
    egalitarian,
    kalai_smorodinsky,
    nash,
    pareto,
    price_of_disagreement,
    utilitarian,
    zopa,
)

SOLUTIONS = [nash, kalai_smorodinsky, egalitarian, utilitarian]
POINTS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 13)), min_size=1, max_size=23)


def test_the_zopa_holds_what_both_sides_prefer_to_their_batna(mini_ct):
    assert zopa(*mini_ct).sum() == 17


def test_a_package_worth_exactly_the_batna_is_in_the_zopa():
    governor, coalition = np.array([3.0, 3.0, 2.0, 9.0, 4.0]), np.array([5.0, 4.0, 9.0, 5.0, 6.0])
    assert zopa(governor, coalition, (3.0, 5.0)).tolist() == [True, False, False, True, True]


def test_the_frontier_of_mini_ct(mini_ct):
    governor, coalition, batnas = mini_ct
    frontier = pareto(governor, coalition)
    assert frontier.sum() == 10
    assert (frontier & zopa(governor, coalition, batnas)).sum() == 5


def test_equal_packages_share_the_frontier_and_half_better_ones_push_the_others_off():
    governor = np.array([1.0, 2.0, 2.0, 2.0, 1.0, 0.0, 2.0])
    coalition = np.array([4.0, 3.0, 3.0, 1.0, 3.0, 4.0, -np.inf])
    assert pareto(governor, coalition).tolist() == [True, True, True, False, False, False, False]


@given(POINTS)
def test_the_frontier_is_what_no_package_weakly_improves_on(points):
    def improves(s, r):
        return s[0] >= r[0] and s[1] >= r[1] and s != r

    expected = [not any(improves(s, r) for s in points) for r in points]
    governor, coalition = np.array(points, dtype=float).T
    assert pareto(governor, coalition).tolist() == expected


TENTHS = st.lists(
    st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=4, max_size=4
)  # of a point: what each level of each issue is worth


def summed(tables, order):
    """What each package is worth as tenths of a point, and in points added up issue by issue."""
    packages = np.indices([3] * len(tables)).reshape(len(tables), -1)
    tenths = np.sum([np.array(t)[p] for t, p in zip(tables, packages, strict=True)], axis=0)
    points = np.zeros(packages.shape[1])
    for issue in order:
        points = points + np.array(tables[issue])[packages[issue]] / 10
    return tenths.astype(float), points


def test_a_sum_of_points_is_the_same_in_any_order_of_its_terms():
    governor = np.array([0.1 + 0.2, 0.3, 0.3, 0.6])  # 0.1 + 0.2 is 0.30000000000000004
    coalition = np.array([0.5, 0.5, 0.7 + 0.1, 0.3])  # 0.7 + 0.1 is 0.7999999999999999
    assert pareto(governor, coalition).tolist() == [False, False, True, True]
    assert pareto(governor[:2], coalition[:2]).tolist() == [True, True]
    assert zopa(governor, coalition, (0.3, 0.8)).tolist() == [False, False, True, False]
    assert zopa(governor, coalition, (0.1 + 0.2, 0.5)).tolist() == [True, True, True, False]


@given(own=TENTHS, other=TENTHS, order=st.permutations(range(4)), batna=st.integers(0, 9))
def test_the_frontier_of_sums_is_that_of_whole_numbers_in_any_order_of_issues(
    own, other, order, batna
):
    (governor, coalition), (of_governor, of_coalition) = zip(
        *(summed(tables, order) for tables in (own, other)), strict=True
    )
    frontier = pareto(governor, coalition)
    assert pareto(of_governor, of_coalition).tolist() == frontier.tolist()
    large = 1e6 * of_governor, 1e6 * of_coalition  # in another unit it is the same
    assert pareto(*large).tolist() == frontier.tolist()
    inside = zopa(governor, coalition, (batna, batna))
    assert zopa(of_governor, of_coalition, (batna / 10, batna / 10)).tolist() == inside.tolist()
    for solution in SOLUTIONS:
        exact = solution(governor, coalition, (batna, batna))
        assert solution(of_governor, of_coalition, (batna / 10, batna / 10)) == exact


def test_no_packages_have_no_frontier():
    assert pareto(np.empty(0), np.empty(0)).size == 0


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 8), min_size=1, max_size=7))
def test_each_set_of_packages_has_a_frontier_of_its_own(sets):
    together = np.array(sets, dtype=float).reshape(-1, 2, 4)
    found = pareto(together[:, 0], together[:, 1])
    assert found.tolist() == [pareto(*one).tolist() for one in together]


@pytest.mark.parametrize("solution", SOLUTIONS)
def test_without_a_zopa_there_is_nothing_to_choose(solution):
    governor, coalition = np.array([0.0, 2.0, 4.0]), np.array([5.0, 3.0, 1.0])
    assert solution(governor, coalition, (3.0, 2.0)) is None
    assert solution(governor, coalition, (2.0, 3.0)) == 1


@pytest.mark.parametrize("solution", SOLUTIONS)
@given(points=POINTS, batna_governor=st.integers(0, 7), batna_coalition=st.integers(0, 7))
def test_every_solution_is_in_the_zopa_and_on_the_frontier(
    solution, points, batna_governor, batna_coalition
):
    governor, coalition = np.array(points, dtype=float).T
    batnas = float(batna_governor), float(batna_coalition)
    best = solution(governor, coalition, batnas)
    agreeable = zopa(governor, coalition, batnas)
    assert (best is None) == (not agreeable.any())
    if best is not None:
        assert isinstance(best, int)
        assert agreeable[best]
        assert pareto(governor, coalition)[best]


@pytest.mark.parametrize("solution", SOLUTIONS)
def test_of_equal_packages_the_first_in_enumeration_order_is_chosen(solution):
    governor, coalition = np.array([0.0, 6.0, 6.0, 6.0, 0.0]), np.array([9.0, 6.0, 6.0, 6.0, 0.0])
    assert solution(governor, coalition, (0.0, 0.0)) == 1


@pytest.mark.parametrize("solution", SOLUTIONS)
def test_when_only_one_side_can_gain_it_gains_all_it_can(solution):
    governor, coalition = np.array([2.0, 5.0, 5.0, 5.0, 4.0]), np.array([9.0, 3.0, 7.0, 7.0, 8.0])
    assert solution(governor, coalition, (5.0, 1.0)) == 2
    assert solution(coalition, governor, (1.0, 5.0)) == 2


def test_walking_away_from_mini_ct_loses_five_ninths_of_the_best_joint_value(mini_ct):
    assert price_of_disagreement(*mini_ct) == pytest.approx(1 - 60 / 135, abs=1e-12)
    assert price_of_disagreement(*mini_ct) == pytest.approx(0.5556, abs=5e-5)


def test_the_share_lost_does_not_depend_on_the_unit():
    governor, coalition = np.array([0.125, 0.25, 0.5]), np.array([0.5, 0.375, 0.0])
    assert price_of_disagreement(governor, coalition, (0.125, 0.125)) == pytest.approx(0.6)
    assert price_of_disagreement(64 * governor, 64 * coalition, (8.0, 8.0)) == pytest.approx(0.6)


def test_without_a_zopa_walking_away_loses_nothing():
    governor, coalition = np.array([9.0, 1.0]), np.array([1.0, 9.0])
    assert price_of_disagreement(governor, coalition, (2.0, 2.0)) == 0
    assert price_of_disagreement(governor, coalition, (9.0, 1.0)) == 0
    assert price_of_disagreement(governor - 10, coalition - 10, (-1.0, -9.0)) == 0


def test_a_share_of_a_negative_joint_value_is_refused():
    with pytest.raises(ValueError, match=r"-2\.0.*lower zero"):
        price_of_disagreement(np.array([-1.0]), np.array([-1.0]), (-2.0, -3.0))
    with pytest.raises(ValueError, match=r"0\.0.*lower zero"):
        price_of_disagreement(np.array([1.0]), np.array([-1.0]), (-2.0, -3.0))


@pytest.mark.parametrize("disagreement", [(1.5, 0.0), (0.5, 1.6)])
def test_without_a_zopa_nothing_on_a_curve_can_be_chosen(curve, disagreement):
    for solution in SOLUTIONS:
        with pytest.raises(ValueError, match="no point of the frontier is as good for both"):
            getattr(continuous_frontier, solution.__name__)(curve, disagreement)
