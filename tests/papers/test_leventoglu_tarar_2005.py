"""Leventoglu and Tarar (2005): a public demand gives leverage; two of them are a prisoner's dilemma.

What a single demand wins is checked by backward induction from a distant deadline: the two
alternate offers, and settling below its demand costs the first side a lump sum.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences.information import reservation
from sim.theory.commitment import deal_exists, public_demand_payoffs, sure_demand

COSTS = st.floats(0.01, 0.33)


def payoffs_after_a_demand(demand, cost, discount_factor=0.999, rounds=20_000):
    """What the side with the demand and the other have, many rounds before the deadline."""

    def settled(share):
        return share - cost * (share < demand), 1 - share

    own, other = 0.0, 0.0
    for _ in range(rounds):
        waiting = discount_factor * own, discount_factor * other
        cheapest = waiting[0] if waiting[0] > demand else min(demand, waiting[0] + cost)
        own, other = max(settled(cheapest), waiting, key=lambda both: both[1])
        waiting = discount_factor * own, discount_factor * other
        own, other = max(settled(1 - waiting[1]), waiting)
    return own, other


@pytest.mark.parametrize(("cost", "demand"), [(0.1, 0.55), (0.2, 0.6), (0.3, 0.65)])
def test_up_to_one_plus_cost_over_two_a_single_demand_is_met(cost, demand):
    assert sure_demand(cost) == pytest.approx(demand, abs=1e-12)
    met = demand - 0.005
    assert payoffs_after_a_demand(met, cost) == pytest.approx((met, 1 - met), abs=0.002)


@pytest.mark.parametrize("cost", [0.1, 0.2, 0.3])
def test_a_larger_demand_is_given_up_at_a_price(cost):
    found = payoffs_after_a_demand(sure_demand(cost) + 0.01, cost)
    assert found == pytest.approx(((1 - cost) / 2, (1 - cost) / 2), abs=0.002)


def test_no_demand_is_larger_than_the_pie():
    assert sure_demand(np.array([0.9, 1.0, 1.5])).tolist() == [0.95, 1, 1]


def test_silence_one_demand_and_two():
    payoffs = public_demand_payoffs(0.2)
    assert payoffs == pytest.approx(np.array([[0.5, 0.4], [0.6, 0.4]]), abs=1e-12)


@given(COSTS)
def test_demanding_is_never_worse_yet_both_lose_by_it(cost):
    (silent, yields), (presses, clash) = public_demand_payoffs(cost)
    assert presses > silent
    assert clash == pytest.approx(yields, abs=1e-12)
    assert clash == pytest.approx(silent - cost / 2, abs=1e-12)
    # One demand moves shares and wastes nothing; of two, one is given up, and its cost is lost.
    assert presses + yields == pytest.approx(1, abs=1e-12)
    assert 2 * clash == pytest.approx(1 - cost, abs=1e-12)


def test_a_demand_that_costs_nothing_to_give_up_changes_nothing():
    assert public_demand_payoffs(0.0).tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_at_the_largest_cost_giving_way_is_worth_as_little_as_no_agreement():
    cost = 1 / 3
    assert 1 - sure_demand(cost) - cost == pytest.approx(0, abs=1e-12)
    assert public_demand_payoffs(cost)[1, 1] == pytest.approx(sure_demand(cost) / 2, abs=1e-12)


@pytest.mark.parametrize(
    ("governor", "coalition", "secrecy", "exists"),
    [
        (1.5, 1.5, 0.0, False),
        (2.0, 0.5, 0.0, True),
        (2.0, 0.51, 0.0, False),
        (1.5, 1.5, 0.5, True),
        (9.0, 1.0, 0.5, False),
        (9.0, 9.0, 1.0, True),
        (9.0, 0.0, 0.0, True),
    ],
)
def test_a_deal_exists_if_the_product_of_the_audience_costs_is_at_most_one(
    governor, coalition, secrecy, exists
):
    assert deal_exists(governor, coalition, secrecy) == exists


@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.0, 1.0))
def test_a_deal_exists_where_the_reservations_of_the_model_leave_room(governor, coalition, secrecy):
    least = [
        reservation(np.array([cost]), np.array([secrecy]), np.zeros(1))[0]
        for cost in (governor, coalition)
    ]
    if abs(sum(least) - 1) > 1e-9:
        assert deal_exists(governor, coalition, secrecy) == (sum(least) < 1)


def test_many_degrees_of_secrecy_at_once():
    found = deal_exists(1.5, 1.5, np.array([0.0, 0.3, 0.4, 1.0]))
    assert found.tolist() == [False, False, True, True]


def test_costs_out_of_range_are_refused():
    with pytest.raises(ValueError, match=r"cost is -0\.1"):
        sure_demand(-0.1)
    for cost in (-0.1, 0.34):
        with pytest.raises(ValueError, match=f"cost is {cost}"):
            public_demand_payoffs(cost)
    with pytest.raises(ValueError, match=r"audience_cost_governor is -1\.0"):
        deal_exists(-1.0, 0.5, 0.0)
    with pytest.raises(ValueError, match=r"audience_cost_coalition is \[ 1\. -1\.\]"):
        deal_exists(0.5, np.array([1.0, -1.0]), 0.0)
