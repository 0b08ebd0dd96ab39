"""Members who expect something better to follow a No lean to No, on the first ballot only."""

import numpy as np
import pytest

import sim
from sim.mechanisms.holding_out import value_of_waiting

WAITS = {"holding_out.on": True, "holding_out.chance": 0.5, "holding_out.better_by": 0.06}


def test_what_may_follow_is_worth_its_chance_times_how_much_better_it_is():
    found = value_of_waiting(np.array([0.0, 0.5, 1.0]), np.array([0.06]))
    assert found == pytest.approx([0.0, 0.03, 0.06])


def test_it_is_a_lean_to_no_of_that_size_on_the_first_ballot():
    """As much as a cost that members imagine and that outreach removes before the second ballot."""
    imagined = {
        "information.misperceived_cost": 0.04 + 0.03,
        "information.outreach_second": 1 - 0.008 / 0.07,
    }
    waits = sim.negotiate("sebac-2011", 211, seed=5, set=WAITS).frame()
    as_much = sim.negotiate("sebac-2011", 211, seed=5, set=imagined).frame()
    np.testing.assert_allclose(waits["yes_share_1"], as_much["yes_share_1"], atol=1e-12)
    np.testing.assert_allclose(waits["yes_share_2"], as_much["yes_share_2"], atol=1e-12)


def test_on_its_own_it_moves_the_first_ballot_beyond_its_interval():
    base = sim.negotiate("sebac-2011", 1013, seed=3).frame().yes_share_1
    waits = sim.negotiate("sebac-2011", 1013, seed=3, set=WAITS).frame().yes_share_1
    difference = base - waits
    assert difference.mean() - 1.96 * difference.sem() > 0.05


def test_off_it_changes_no_bit(assert_same_bits):
    off = {**WAITS, "holding_out.on": False}
    plain, with_table = (sim.negotiate("sebac-2011", 211, seed=5, set=x) for x in ({}, off))
    assert_same_bits(plain.frame(), with_table.frame())
