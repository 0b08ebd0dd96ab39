"""The recommendation: a leader's word moves the members, for the deal or against it."""

import numpy as np
import pytest

from sim.inputs.problems import InputError
from sim.mechanisms.recommendation import shifts_by_union, stands
from sim.play.outcome import negotiate
from sim.show.story import tell_story

AS_STATED = {"first": 0.01, "second": 0.02, "opposing": 0.1, "silent_below": 0.25}
WORTH = np.array([0.1, 0.25, 0.5])


# ----------------------------------------------------------------------------------- the rules


def test_leaders_recommend_what_is_worth_enough_and_say_nothing_of_the_rest():
    said = stands(WORTH, np.array([0.25]), np.array([0.0]), np.zeros((3, 2)))
    assert said.tolist() == [[0, 0], [1, 1], [1, 1]]


def test_a_leader_opposes_with_the_chance_given_whatever_it_is_worth():
    uniform = np.array([[0.09, 0.1]] * 3)
    said = stands(WORTH, np.array([0.25]), np.array([0.1]), uniform)
    assert said.tolist() == [[-1, 0], [-1, 1], [-1, 1]]


def test_each_world_has_its_own_chance_and_its_own_idea_of_enough():
    uniform = np.full((3, 2), 0.4)
    said = stands(WORTH, np.array([0.05, 0.3, 0.3]), np.array([0.0, 0.0, 0.5]), uniform)
    assert said.tolist() == [[1, 1], [0, 0], [-1, -1]]


def test_the_word_of_a_leader_is_worth_its_weight_for_and_against():
    moved = shifts_by_union(np.array([[1.0, 0.0, -1.0]] * 2), np.array([0.01, 0.03]))
    assert moved.tolist() == [[0.01, 0, -0.01], [0.03, 0, -0.03]]


# --------------------------------------------------------------------------------- whole worlds


def test_off_its_values_change_nothing(base_case, alone, assert_same_worlds):
    assert_same_worlds(base_case, alone("recommendation", on=False, **AS_STATED))


def test_on_with_the_values_of_no_effect_it_changes_nothing(base_case, alone, assert_same_bits):
    told = alone("recommendation").frame()
    assert_same_bits(base_case.frame(), told.drop(columns=["recommended", "advised_against"]))


@pytest.mark.slow
def test_in_the_full_case_it_can_be_switched_off(assert_same_worlds):
    off = negotiate("connecticut-2011", 53, seed=3, set={"recommendation.on": False})
    assert "recommended" not in off.frame()
    other = {"recommendation.on": False, "recommendation.first": 0.5}
    assert_same_worlds(off, negotiate("connecticut-2011", 53, seed=3, set=other))


@pytest.mark.parametrize(
    ("values", "ballot", "sign"),
    [
        ({"first": 0.01}, 1, +1),
        ({"second": 0.01}, 1, 0),
        ({"second": 0.01}, 2, +1),
        ({"first": 0.01, "opposing": 1.0}, 1, -1),
        ({"second": 0.01, "opposing": 1.0}, 2, -1),
        ({"first": 0.01, "silent_below": 1.0}, 1, 0),
    ],
)
def test_a_word_moves_the_ballot_it_is_said_before(base_case, alone, moved, values, ballot, sign):
    outcome = alone("recommendation", **values)
    assert moved(f"yes_share_{ballot}", base_case, outcome) == sign


def test_only_unions_whose_leader_opposes_turn_against(base_case, alone):
    """What a union votes moves up by the same word where its leader is for it, down where against."""
    before, after = (
        outcome.ballots().query("ballot == 1").reset_index(drop=True)
        for outcome in (base_case, alone("recommendation", first=0.01, opposing=0.1))
    )
    change = after["yes_share"] - before["yes_share"]
    assert (change != 0).all()
    assert (change < 0).mean() == pytest.approx(0.1, abs=0.01)


def test_the_columns_are_shares_of_members_and_missing_without_an_agreement(alone):
    told = alone("recommendation", **AS_STATED).frame()
    assert (told["recommended"] + told["advised_against"]).dropna().to_numpy() == pytest.approx(1)
    assert told["advised_against"].mean() == pytest.approx(0.1, abs=0.015)
    silent = alone("recommendation", **(AS_STATED | {"silent_below": 1.0})).frame()
    assert silent["recommended"].max() == 0
    assert silent["advised_against"].equals(told["advised_against"])
    # Members who block everything are told nothing: there is no agreement to speak of.
    stated = {"recommendation.on": True, "talks.breakdown": 1.0}
    assert negotiate("sebac-2011", 7, seed=1, set=stated).frame()["recommended"].isna().all()


def test_worlds_with_leaders_of_their_own_are_what_each_is_alone(each_alone):
    between = {"first": (0.0, 0.03), "opposing": (0.0, 0.9), "silent_below": (0.3, 0.6)}
    each_alone("recommendation", between)


def test_the_story_says_what_leaders_recommend(alone):
    divided = tell_story(alone("recommendation", 1, first=0.01, opposing=0.5))
    assert "of the members recommend voting Yes." in divided
    assert "of the members recommend voting No." in divided
    united = tell_story(alone("recommendation", 1, first=0.01))
    assert "The leaders of 100.0% of the members recommend voting Yes." in united
    assert "recommend voting No." not in united


def advised(advice: str, **values: float) -> dict:
    """Connecticut's largest union, whose leader always says the same, in a case where leaders speak."""
    return {
        "extends": "sebac-2011",
        "recommendation": {"on": True, "first": 0.05, "second": 0.05, **values},
        "union": [{"name": "AFSCME Council 4", "advises": advice}],
    }


def test_a_leader_may_always_say_the_same():
    """Its own members move, and nobody else's."""
    by_rule, always_no = (
        negotiate(advised(advice), 40, seed=1).ballots().query("ballot == 1").reset_index(drop=True)
        for advice in ("rule", "no")
    )
    own = by_rule["union"] == "AFSCME Council 4"
    assert (always_no.loc[own, "yes_share"] < by_rule.loc[own, "yes_share"]).all()
    assert always_no[~own].equals(by_rule[~own])


def test_always_yes_is_not_drawn():
    """Where every other leader opposes, the one who always says yes does not."""
    frame = negotiate(advised("yes", opposing=1.0), 20, seed=1).frame()
    share = 15600 / 50160
    assert frame["recommended"].to_numpy() == pytest.approx(share)
    assert frame["advised_against"].to_numpy() == pytest.approx(1 - share)


def test_advice_that_nobody_hears_is_refused():
    unheard = advised("no") | {"recommendation": {"on": False}}
    with pytest.raises(InputError, match='"AFSCME Council 4": advises = "no": is heard only where'):
        negotiate(unheard)
