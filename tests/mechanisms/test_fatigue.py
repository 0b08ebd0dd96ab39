"""Fatigue: members who gave before lean to No, by how much they gave and how much they resent it."""

import numpy as np
import pytest

from sim.mechanisms.fatigue import lean_to_no
from sim.play.outcome import negotiate

AS_STATED = {"given_before": 750.0, "resentment": 0.02}


def test_750_million_at_2_percent_of_pay_per_1000_is_one_and_a_half_percent():
    assert lean_to_no(np.array([750.0]), np.array([0.02])) == pytest.approx([0.015])


def test_each_world_has_what_it_gave_and_how_it_resents_it():
    given, resentment = np.array([0.0, 500.0, 2000.0]), np.array([0.5, 0.02, 0.01])
    assert lean_to_no(given, resentment) == pytest.approx([0, 0.01, 0.02])


def test_off_its_values_change_nothing(base_case, alone, assert_same_worlds):
    assert_same_worlds(base_case, alone("fatigue", on=False, **AS_STATED))


@pytest.mark.parametrize("nothing", [{"resentment": 0.02}, {"given_before": 750.0}])
def test_nothing_given_or_nothing_resented_changes_nothing(
    base_case, alone, assert_same_worlds, nothing
):
    assert_same_worlds(base_case, alone("fatigue", **nothing))


@pytest.mark.slow
def test_in_the_full_case_it_can_be_switched_off(assert_same_worlds):
    off = negotiate("connecticut-2011", 53, seed=3, set={"fatigue.on": False})
    other = {"fatigue.on": False, "fatigue.resentment": 0.5}
    assert_same_worlds(off, negotiate("connecticut-2011", 53, seed=3, set=other))


def test_it_is_the_same_as_a_common_mood_that_much_worse(alone):
    """On ballots after the same talks: what all imagine besides does the same."""
    tired = alone("fatigue", **AS_STATED).frame()
    worse = {"information.misperceived_cost": 0.04 + 0.015}
    imagined = negotiate("sebac-2011", 1009, seed=2011, set=worse).frame()
    assert tired["yes_share_1"].to_numpy() == pytest.approx(imagined["yes_share_1"], nan_ok=True)


@pytest.mark.parametrize("ballot", [1, 2])
def test_it_costs_yes_votes_on_both_ballots(base_case, alone, moved, ballot):
    tired = alone("fatigue", **AS_STATED)
    assert moved(f"yes_share_{ballot}", base_case, tired) == -1
    more = alone("fatigue", **(AS_STATED | {"given_before": 1500.0}))
    assert moved(f"yes_share_{ballot}", tired, more) == -1


def test_it_leaves_the_talks_alone(base_case, alone):
    """Leaders do not count it: they agree on what they would have agreed on."""
    tired = alone("fatigue", **AS_STATED)
    assert tired.offers().equals(base_case.offers())


def test_worlds_with_a_past_of_their_own_are_what_each_is_alone(each_alone):
    each_alone("fatigue", {"given_before": (0.0, 2000.0), "resentment": (0.01, 0.05)})
