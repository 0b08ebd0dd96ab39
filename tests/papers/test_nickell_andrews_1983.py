"""Nickell and Andrews (1983): the union bargains over the wage, the employer chooses employment.

With linear demand for labour the wage is alternative + power x (intercept - alternative) / 2,
checked against the largest Nash product of a fine grid of wages.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.union_wages import labour_demand, right_to_manage

POWERS = st.floats(0.05, 1.0)
MARKETS = st.tuples(st.floats(5.0, 13.0), st.floats(0.5, 3.0), st.floats(0.0, 4.0))


def profit(wage, employment, intercept, slope):
    return intercept * employment - slope * employment**2 / 2 - wage * employment


@pytest.mark.parametrize(
    ("power", "wage", "employment"), [(0.0, 4.0, 6.0), (0.5, 5.5, 4.5), (1.0, 7.0, 3.0)]
)
def test_more_power_means_higher_wages_and_fewer_jobs(power, wage, employment):
    found = right_to_manage(10.0, 1.0, 4.0, power)
    assert found == pytest.approx((wage, employment), abs=1e-5)


@given(MARKETS, st.floats(0.0, 5.0))
def test_the_employer_hires_until_another_job_costs_what_it_brings(market, wage):
    intercept, slope, _ = market
    employment = labour_demand(wage, intercept, slope)
    nearby = profit(wage, employment + np.array([-0.01, 0.01]), intercept, slope)
    assert (nearby < profit(wage, employment, intercept, slope)).all()


@given(MARKETS, POWERS)
def test_no_wage_of_a_grid_has_a_larger_nash_product(market, power):
    intercept, slope, alternative = market
    wages = np.linspace(alternative, intercept, 10_002)[1:-1]
    employment = (intercept - wages) / slope
    rent = employment * (wages - alternative)
    product = rent**power * profit(wages, employment, intercept, slope) ** (1 - power)
    found = right_to_manage(intercept, slope, alternative, power)
    assert found.wage == pytest.approx(wages[product.argmax()], abs=2e-3)
    assert found.employment == pytest.approx(labour_demand(found.wage, intercept, slope))


def test_the_monopoly_union_sets_the_wage_alone():
    wages = np.linspace(4, 10, 60_001)
    best = wages[((wages - 4) * (10 - wages) / 2).argmax()]
    assert right_to_manage(10.0, 2.0, 4.0, 1.0) == pytest.approx((best, (10 - best) / 2))


def test_many_powers_at_once():
    found = right_to_manage(10.0, 1.0, 4.0, np.array([0.0, 0.5, 1.0]))
    assert found.wage.tolist() == [4, 5.5, 7]
    assert found.employment.tolist() == [6, 4.5, 3]


def test_a_job_that_brings_no_more_than_the_alternative_is_not_filled():
    assert right_to_manage(10.0, 1.0, 10.0, 0.5) == (10, 0)


def test_what_is_no_bargain_is_refused():
    for power in (-0.1, 1.1):
        with pytest.raises(ValueError, match=f"union_power is {power}"):
            right_to_manage(10.0, 1.0, 4.0, power)
    with pytest.raises(ValueError, match=r"union_power is \[0\.5 1\.1\]"):
        right_to_manage(10.0, 1.0, 4.0, np.array([0.5, 1.1]))
    with pytest.raises(ValueError, match=r"alternative_wage is 11\.0: above 10\.0"):
        right_to_manage(10.0, 1.0, 11.0, 0.5)
