"""Dertouzos and Pencavel (1981): a union that weighs wages against jobs, the Stone-Geary way.

The closed form is checked against the best wage of a fine grid on the demand for labour.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.union_wages import right_to_manage, stone_geary_union


@pytest.mark.parametrize(("weight", "wage"), [(0.3, 5.5), (0.5, 6.5), (0.7, 7.5)])
def test_the_more_wages_weigh_the_higher_the_wage(weight, wage):
    found = stone_geary_union(10.0, 1.0, 4.0, 1.0, weight)
    assert found == pytest.approx((wage, 10 - wage), abs=1e-5)


@given(st.floats(0.05, 0.95), st.floats(0.5, 2.0), st.floats(0.0, 3.0), st.floats(0.0, 2.0))
def test_no_wage_of_a_grid_is_better(weight, slope, least_wage, least_jobs):
    wages = np.linspace(least_wage, 10 - slope * least_jobs, 10_002)[1:-1]
    spare_jobs = (10 - wages) / slope - least_jobs
    utility = (wages - least_wage) ** weight * spare_jobs ** (1 - weight)
    found = stone_geary_union(10.0, slope, least_wage, least_jobs, weight)
    assert found.wage == pytest.approx(wages[utility.argmax()], abs=2e-3)
    assert found.employment == pytest.approx((10 - found.wage) / slope)


def test_one_that_maximises_rents_is_the_monopoly_union():
    rents = stone_geary_union(10.0, 2.0, 4.0, 0.0, 0.5)
    assert rents == pytest.approx(right_to_manage(10.0, 2.0, 4.0, 1.0))


def test_without_room_the_union_has_its_minima():
    assert stone_geary_union(10.0, 1.0, 4.0, 6.0, 0.5) == (4, 6)


def test_what_demand_cannot_meet_is_refused():
    with pytest.raises(ValueError, match=r"wage_weight is 1\.1"):
        stone_geary_union(10.0, 1.0, 4.0, 1.0, 1.1)
    with pytest.raises(ValueError, match=r"least_wage is 4\.0 and least_employment is 6\.1"):
        stone_geary_union(10.0, 1.0, 4.0, 6.1, 0.5)
    with pytest.raises(ValueError, match=r"least_wage is \[4\.  9\.1\]"):
        stone_geary_union(10.0, 1.0, np.array([4.0, 9.1]), 1.0, 0.5)
