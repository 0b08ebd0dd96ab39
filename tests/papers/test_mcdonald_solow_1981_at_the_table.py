"""McDonald and Solow (1981) in a file: the firm and its union that are shipped come out at the closed form.

Profit and rent are formulas of the file; `solve` looks at every wage and every number of jobs. The closed
form lies on the grid, or at most a level from what is found.
"""

import numpy as np
import pytest

import sim
from oracles.union_wages import contract_curve, efficient_bargain

FIRM = "firm-and-union"
MARKET = (
    40.0,
    0.2,
    20.0,
)  # what the first job brings in, by how much less the next, wage elsewhere
WAGE, JOBS = 0.5, 2.5  # from one level to the next


def market(first_job, slope, elsewhere):
    return {"values.first_job": first_job, "values.slope": slope, "values.elsewhere": elsewhere}


def test_the_bargain_of_equals_is_the_closed_form():
    assert sim.solve(FIRM).nash.package == {"wage": 25.0, "employment": 100.0}
    assert efficient_bargain(*MARKET, 0.5) == (25.0, 100.0)


@pytest.mark.parametrize("power", [0.2, 0.4, 0.6, 0.9])
def test_power_moves_the_wage_and_not_the_jobs(power):
    found = sim.solve(FIRM).nash_weighted(1 - power).package
    assert found == {"wage": 20 + 10 * power, "employment": 100.0}
    assert efficient_bargain(*MARKET, power) == pytest.approx((found["wage"], 100.0))


@pytest.mark.parametrize(
    "changed", [(36.0, 0.2, 20.0), (40.0, 0.25, 22.0), (39.0, 0.17, 21.0), (38.0, 0.3, 23.5)]
)
def test_other_markets_come_out_at_it_too(changed):
    found = sim.solve(FIRM, set=market(*changed)).nash.package
    exact = efficient_bargain(*changed, 0.5)
    assert found["wage"] == pytest.approx(exact.wage, abs=2 * WAGE)
    assert found["employment"] == pytest.approx(exact.employment, abs=JOBS)


def test_what_nobody_improves_on_has_as_many_jobs_as_at_the_wage_elsewhere():
    solution = sim.solve(FIRM)
    both = solution.pareto[solution.pareto["zopa"]]
    wages = np.arange(20, 30.5, WAGE)
    on_the_curve = both[both["employment"] == 100]
    assert set(wages) == set(on_the_curve["wage"])
    assert contract_curve(wages, *MARKET) == pytest.approx(np.full(len(wages), 100.0))
    surplus = both["governor"] + both["coalition"]
    assert surplus.max() == 1000  # what there is to share, all of it on the curve
    assert (surplus[on_the_curve.index] == 1000).all()
    assert (
        both["employment"].between(100 - 20, 100 + 20).all()
    )  # others: between two levels of the wage
