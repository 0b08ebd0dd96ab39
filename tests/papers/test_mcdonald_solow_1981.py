"""McDonald and Solow (1981): bargaining over wage and employment at once wastes nothing.

Efficient contracts are where the union's indifference curves touch the employer's lines of equal
profit. The bargain is checked against the largest Nash product over wages and employment, the curve
against all contracts of the same profit.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.union_wages import contract_curve, efficient_bargain, right_to_manage

MARKETS = st.tuples(st.floats(5.0, 13.0), st.floats(0.5, 3.0), st.floats(0.0, 4.0))


def profit(wage, employment, intercept, slope):
    return intercept * employment - slope * employment**2 / 2 - wage * employment


@pytest.mark.parametrize(("power", "wage"), [(0.0, 4.0), (0.5, 5.5), (1.0, 7.0)])
def test_power_moves_the_wage_and_not_the_jobs(power, wage):
    assert efficient_bargain(10.0, 1.0, 4.0, power) == pytest.approx((wage, 6.0), abs=1e-5)


@pytest.mark.parametrize("power", [0.2, 0.5, 0.9])
def test_no_contract_of_a_grid_has_a_larger_nash_product(power):
    wages, jobs = np.linspace(4, 10, 1201)[:, np.newaxis], np.linspace(0.01, 10, 1000)
    product = (jobs * (wages - 4)) ** power * np.maximum(profit(wages, jobs, 10, 1), 0) ** (
        1 - power
    )
    wage, job = np.unravel_index(product.argmax(), product.shape)
    assert efficient_bargain(10.0, 1.0, 4.0, power) == pytest.approx(
        (wages[wage, 0], jobs[job]), abs=0.01
    )


@given(MARKETS, st.floats(0.01, 1.0))
def test_it_is_the_wage_of_the_right_to_manage_with_more_jobs(market, power):
    efficient, managed = efficient_bargain(*market, power), right_to_manage(*market, power)
    assert efficient.wage == managed.wage
    assert efficient.employment > managed.employment


@given(MARKETS, st.floats(0.0, 1.0))
def test_the_union_gets_its_share_of_the_surplus(market, power):
    intercept, slope, alternative = market
    wage, employment = efficient_bargain(*market, power)
    rent = employment * (wage - alternative)
    surplus = rent + profit(wage, employment, intercept, slope)
    assert rent == pytest.approx(power * surplus, abs=1e-9)


@pytest.mark.parametrize("risk_aversion", [0.0, 0.2, 0.7])
@pytest.mark.parametrize("wage", [4.5, 5.5, 6.5])
def test_on_the_curve_the_union_prefers_no_contract_of_equal_profit(risk_aversion, wage):
    def utility(wages):
        premium = wages - 4.0
        return premium if risk_aversion == 0 else -np.expm1(-risk_aversion * premium)

    jobs = contract_curve(wage, 10.0, 1.0, 4.0, risk_aversion)
    others = jobs + np.linspace(-1, 1, 2001)
    wages_of_equal_profit = 10 - others / 2 - profit(wage, jobs, 10, 1) / others
    best = (others * utility(wages_of_equal_profit)).argmax()
    assert others[best] == pytest.approx(jobs, abs=0.001)


def test_the_curve_is_vertical_without_risk_aversion_and_leans_to_more_jobs_with_it():
    wages = np.array([4.0, 5.0, 6.0])
    assert contract_curve(wages, 10.0, 1.0, 4.0) == pytest.approx([6, 6, 6], abs=1e-12)
    assert contract_curve(wages, 10.0, 1.0, 4.0, 0.5) == pytest.approx(
        [6, 5 + np.expm1(0.5) / 0.5, 4 + np.expm1(1.0) / 0.5], abs=1e-12
    )
    slopes = np.diff(contract_curve(wages, 10.0, 1.0, 4.0, 0.5))
    assert (slopes > 0).all()


def test_what_is_no_bargain_is_refused():
    with pytest.raises(ValueError, match=r"union_power is 1\.1"):
        efficient_bargain(10.0, 1.0, 4.0, 1.1)
    with pytest.raises(ValueError, match=r"alternative_wage is \[ 4\. 11\.\]"):
        efficient_bargain(10.0, 1.0, np.array([4.0, 11.0]), 0.5)
