"""Turnout: only the votes cast are counted, and who stays at home tips them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms.turnout import share_of_votes_cast, share_who_voted
from sim.play.outcome import negotiate
from sim.preferences.bylaws import Bylaws, count
from sim.show.story import tell_story

SHARE = st.floats(0.01, 1)
WEIGHTS = np.array([0.5, 0.3, 0.2])


def arrays(*values):
    return (np.array([value]) for value in values)


# ----------------------------------------------------------------------------------- the rules


def test_of_60_in_favour_and_40_against_half_and_all_go_and_30_of_70_votes_are_yes():
    assert share_of_votes_cast(*arrays(0.6, 0.5, 1.0)) == pytest.approx(30 / 70)
    assert share_of_votes_cast(*arrays(0.6, 1.0, 0.5)) == pytest.approx(60 / 80)


def test_30_yes_and_40_no_are_70_voters_of_100():
    yes = np.full((1, 3), 30 / 70)
    assert share_who_voted(yes, *arrays(0.5, 1.0)) == pytest.approx(np.full((1, 3), 0.7))


def test_each_union_of_each_world_has_a_turnout_of_its_own():
    yes = np.linspace(0, 1, 10).reshape(5, 2)
    supporters, opponents = np.linspace(0.5, 0.9, 5), np.linspace(0.8, 0.4, 5)
    voted = share_who_voted(yes, supporters, opponents)
    assert voted[0, 0] == pytest.approx(opponents[0])
    assert voted[4, 1] == pytest.approx(supporters[4])


@given(st.floats(0, 1), SHARE, SHARE)
def test_the_voters_are_those_who_voted_yes_and_those_who_voted_no(in_favour, s, o):
    yes = share_of_votes_cast(*arrays(in_favour, s, o))
    voted = share_who_voted(yes[:, None], *arrays(s, o))
    assert voted[0, 0] == pytest.approx(in_favour * s + (1 - in_favour) * o)


@given(st.floats(0, 1), SHARE)
def test_a_turnout_that_is_the_same_on_both_sides_changes_no_share(in_favour, turnout):
    cast = share_of_votes_cast(*arrays(in_favour, turnout, turnout))
    assert cast[0] == pytest.approx(in_favour)


@given(st.floats(0.05, 0.95), st.floats(0.1, 0.9), SHARE)
def test_more_supporters_at_the_ballot_are_more_yes_and_more_opponents_less(in_favour, less, other):
    def cast(s, o):
        return share_of_votes_cast(*arrays(in_favour, s, o))[0]

    assert cast(less + 0.1, other) > cast(less, other)
    assert cast(other, less + 0.1) < cast(other, less)


# -------------------------------------------------------------------------------- the count


def test_pooled_votes_are_weighed_by_how_many_were_cast():
    """A union of half the members of whom a tenth vote counts for little: 0.05, 0.3 and 0.2 are cast."""
    yes, voted = np.array([[1.0, 0.0, 0.5]]), np.array([[0.1, 1.0, 1.0]])
    rule = Bylaws(np.array([1]), np.array([0.5]), np.array(["pooled"]))
    counted = count(np.array([0]), yes, WEIGHTS, rule, voted)
    assert counted.turnout == pytest.approx(0.55)
    assert counted.yes_share == pytest.approx((0.05 + 0.1) / 0.55)
    assert counted.weight_yes == counted.yes_share
    assert not counted.ratified[0]
    assert count(np.array([0]), yes, WEIGHTS, rule).ratified[0]


def test_a_union_casts_its_whole_membership_however_few_voted():
    yes, voted = np.array([[0.6, 0.4, 0.4]]), np.array([[0.1, 1.0, 1.0]])
    rule = Bylaws(np.array([1]), np.array([0.5]), np.array(["unit"]))
    assert count(np.array([0]), yes, WEIGHTS, rule, voted).weight_yes == 0.5


# --------------------------------------------------------------------------------- whole worlds


def test_off_its_values_change_nothing(base_case, alone, assert_same_worlds):
    assert_same_worlds(base_case, alone("turnout", on=False, supporters_first=0.3))


@pytest.mark.slow
def test_in_the_full_case_it_can_be_switched_off(assert_same_worlds):
    off = negotiate("connecticut-2011", 53, seed=3, set={"turnout.on": False})
    assert "turnout_1" not in off.frame()
    other = {"turnout.on": False, "turnout.opponents_first": 0.2}
    assert_same_worlds(off, negotiate("connecticut-2011", 53, seed=3, set=other))


def test_equal_turnout_shows_in_its_own_columns_only(base_case, alone):
    same = alone("turnout", supporters_first=0.83, opponents_first=0.83).frame()
    before = base_case.frame()
    assert same["turnout_1"].dropna().to_numpy() == pytest.approx(0.83)
    assert same["turnout_1"].isna().equals(before["yes_share_1"].isna())
    assert same["turnout_2"].isna().equals(before["yes_share_2"].isna())
    assert same["yes_share_1"].to_numpy() == pytest.approx(before["yes_share_1"], nan_ok=True)
    assert same["unions_yes_1"].equals(before["unions_yes_1"])


@pytest.mark.parametrize(
    ("ballot", "stays", "sign"),
    [
        (1, {"supporters_first": 0.8}, -1),
        (1, {"opponents_first": 0.8}, +1),
        (2, {"supporters_second": 0.8}, -1),
        (2, {"opponents_second": 0.8}, +1),
    ],
)
def test_whoever_stays_at_home_is_missed_on_that_ballot(
    base_case, alone, moved, ballot, stays, sign
):
    outcome = alone("turnout", **stays)
    assert moved(f"yes_share_{ballot}", base_case, outcome) == sign
    assert moved(f"unions_yes_{ballot}", base_case, outcome) == sign
    assert (outcome.frame()[f"turnout_{ballot}"].dropna() < 1).all()


def test_worlds_with_a_turnout_of_their_own_are_what_each_is_alone(each_alone):
    each_alone("turnout", {"supporters_first": (0.6, 0.9), "opponents_second": (0.5, 1.0)})


def test_the_story_says_how_many_voted(alone):
    assert "  83.0% of the members vote." in tell_story(
        alone("turnout", 1, supporters_first=0.83, opponents_first=0.83)
    )
