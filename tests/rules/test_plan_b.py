"""Plan B: instruments are used until each hurts the same (derived here, by Lagrange's condition).

With political costs k x^2 / 2 of closing a share x of the gap by an instrument, the cheapest plan
uses each in inverse proportion to its k, and costs gap^2 / (2 (1/kC + 1/kL + 1/kT)). Plan B of May
2011 was 455 of layoffs to 545 of cuts: layoffs hurt 1.2 times as much as cuts.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences.fiscal import plan_b

COSTS = st.floats(0.2, 10.0)
GAPS = st.floats(0.1, 3.0)


def test_cuts_layoffs_and_taxes_share_the_gap_in_inverse_proportion_to_their_cost():
    plan = plan_b(1.0, 1.0, 1.2, 4.0)
    assert (plan.cuts, plan.layoffs, plan.taxes) == pytest.approx((0.48, 0.40, 0.12), abs=1e-12)
    assert plan.cost == pytest.approx(0.24, abs=1e-12)


def test_without_new_taxes_plan_b_is_the_split_announced_in_may_2011():
    plan = plan_b(1.0, 1.0, 1.2)
    assert (plan.cuts, plan.layoffs) == pytest.approx((0.545455, 0.454545), abs=1e-6)
    assert plan.taxes == 0
    assert plan.cost == pytest.approx(0.272727, abs=1e-6)
    as_announced = plan_b(1000.0, 455.0, 545.0)
    assert (as_announced.layoffs, as_announced.cuts) == pytest.approx((455, 545), abs=1e-9)


@given(GAPS, COSTS, COSTS, COSTS)
def test_the_plan_closes_the_gap_and_costs_what_its_parts_cost(gap, cuts, layoffs, taxes):
    plan = plan_b(gap, cuts, layoffs, taxes)
    assert plan.cuts + plan.layoffs + plan.taxes == pytest.approx(gap, rel=1e-12)
    parts = cuts * plan.cuts**2 + layoffs * plan.layoffs**2 + taxes * plan.taxes**2
    assert plan.cost == pytest.approx(parts / 2, rel=1e-12)


@given(GAPS, COSTS, COSTS, COSTS)
def test_no_instrument_is_worth_exchanging_for_another(gap, cuts, layoffs, taxes):
    plan = plan_b(gap, cuts, layoffs, taxes)
    marginal = [cuts * plan.cuts, layoffs * plan.layoffs, taxes * plan.taxes]
    assert marginal == pytest.approx([marginal[0]] * 3, rel=1e-12)
    nearby = gap * np.array([[1, -1, 0], [-1, 1, 0], [0, 1, -1], [1, 0, -1]]) / 17
    other = nearby + np.array([plan.cuts, plan.layoffs, plan.taxes])
    assert (plan.cost < (other**2 * [cuts, layoffs, taxes]).sum(-1) / 2).all()


def test_many_gaps_are_closed_at_once_as_each_would_be_alone():
    gaps, costs = np.array([[0.3, 0.7, 1.1]]), np.array([[1.0], [2.0]])
    plan = plan_b(gaps, costs, 1.2)
    assert plan.cost.shape == (2, 3)
    for i, cost in enumerate([1.0, 2.0]):
        for j, gap in enumerate([0.3, 0.7, 1.1]):
            alone = plan_b(gap, cost, 1.2)
            assert [part[i, j] for part in plan[:2]] == pytest.approx(alone[:2], rel=1e-15)
            assert plan.cost[i, j] == pytest.approx(alone.cost, rel=1e-15)
