"""Ashenfelter and Johnson (1969) at the table: a strike is as long as it saves the firm more than it costs.

Members' claims decay on strike. Where a turn costs the firm a fixed amount, it waits until the claim comes
down by no more than that a turn: excess x decay x exp(-decay x turns) = cost. Here turns are whole, and a
side moves at every second one.
"""

import numpy as np
import pytest

import sim

MOST = 200.0  # cents an hour that there are to share
DEMAND, LEAST, DECAY, COST = 0.9, 0.3, 0.1, 3.0  # of the shipped strike


def turns(demand=DEMAND, decay=DECAY, cost=COST):
    """The turns of strike that are best for the firm, if it could choose any number."""
    return max(np.log((demand - LEAST) * MOST * decay / cost) / decay, 0.0)


def claim(struck, demand=DEMAND, decay=DECAY):
    return MOST * (LEAST + (demand - LEAST) * np.exp(-decay * struck))


def strike(**values):
    return sim.negotiate("strike", set=values).frame().iloc[0]


def test_the_shipped_strike_is_as_long_as_the_closed_form():
    world = strike()
    assert turns() == pytest.approx(13.86, abs=0.01)
    assert world["strike_rounds"] == pytest.approx(turns(), abs=1)
    assert world["raise"] == pytest.approx(claim(turns()), abs=1.5 * COST)


@pytest.mark.parametrize("demand", [0.6, 0.75, 0.9])
@pytest.mark.parametrize("decay", [0.07, 0.1, 0.15])
@pytest.mark.parametrize("cost", [2.0, 3.0, 5.0])
def test_other_strikes_are_too(demand, decay, cost):
    values = {"coalition.demand": demand, "coalition.claim_decay": decay, "strike.governor": cost}
    world, expected = strike(**values, **{"strike.coalition": 0.0}), turns(demand, decay, cost)
    assert world["strike_rounds"] == pytest.approx(expected, abs=3)
    assert world["cost_of_strike_governor"] == cost * world["strike_rounds"]


def test_higher_hopes_mean_a_longer_strike_and_about_the_same_raise():
    modest, hopeful = (strike(**{"coalition.demand": demand}) for demand in (0.6, 0.9))
    assert hopeful["strike_rounds"] > modest["strike_rounds"]
    assert hopeful["raise"] == pytest.approx(modest["raise"], abs=2 * COST)


def test_the_dearer_a_turn_is_to_the_firm_the_sooner_it_pays():
    lengths = [
        strike(**{"strike.governor": cost})["strike_rounds"] for cost in (0.5, 1.0, 3.0, 9.0)
    ]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]
