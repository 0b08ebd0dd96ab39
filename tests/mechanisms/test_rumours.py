"""Rumours: they go round while there is no text, faster behind closed doors, and outreach puts them right."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario, with_values
from sim.mechanisms import Rumours
from sim.mechanisms.rumours import Contagion, after_outreach, after_talk, seeds
from sim.play.outcome import negotiate
from sim.show.story import tell_story
from sim.worlds.batch import Batch
from sim.worlds.settings import Settings

SHARE = st.floats(0.001, 0.999)
AS_IN_2011 = {
    "speed": 0.3,
    "speed_with_summary": 0.5,
    "correction": 0.1,
    "days_to_summary": 4.0,
    "days_to_text": 14.0,
    "days_to_ballot": 38.0,
    "days_to_second_ballot": 27.0,
}
SEEDS = np.array([[0.05, 0.1, 0.2]])
STATED = load_scenario("connecticut-2011").rumours.model_dump()


def one(x):
    return np.array([x])


def contagion(**values):
    return Contagion(**{name: one(value) for name, value in (AS_IN_2011 | values).items()})


def first(secrecy=1.0, outreach=0.0, believing=SEEDS, **values):
    return contagion(**values).at_first_ballot(believing, one(secrecy), one(outreach))


# ------------------------------------------------------------------------------------ the rules


def test_a_fifth_who_tell_others_ln_16_times_are_four_fifths():
    """The odds of 1 to 4 times 16 are 4 to 1."""
    assert after_talk(np.array([[0.2]]), one(math.log(16))) == pytest.approx(np.array([[0.8]]))


def test_the_closed_form_is_what_small_steps_of_the_epidemic_come_to():
    share = steps = 0.03
    for _ in range(100_000):
        steps += 0.4 * steps * (1 - steps) * 10 / 100_000
    assert after_talk(np.array([[share]]), one(0.4 * 10))[0, 0] == pytest.approx(steps, abs=1e-4)


@given(SHARE, st.floats(0, 5), st.floats(0, 5))
def test_two_spells_of_talk_are_one_of_their_sum(share, now, later):
    apart = after_talk(after_talk(np.array([[share]]), one(now)), one(later))
    assert apart[0, 0] == pytest.approx(after_talk(np.array([[share]]), one(now + later))[0, 0])


def test_what_nobody_believes_is_not_spread_and_what_all_believe_stays():
    both = np.array([[0.0, 1.0]])
    assert after_talk(both, one(3000.0)).tolist() == [[0.0, 1.0]]
    assert after_talk(both, one(0.0)).tolist() == [[0.0, 1.0]]


def test_outreach_of_ln_4_leaves_a_quarter_of_those_who_were_wrong():
    left = after_outreach(np.array([[0.8, 0.4]]), one(math.log(4)))
    assert left == pytest.approx(np.array([[0.2, 0.1]]))


def test_seeds_are_the_median_times_a_factor_of_the_odds():
    """Odds of 1 to 19 times e and over e."""
    drawn = seeds(one(0.05), one(1.0), np.array([[0.0, 1.0, -1.0]]))[0]
    assert drawn[0] == pytest.approx(0.05)
    assert drawn[1] / (1 - drawn[1]) == pytest.approx(math.e / 19)
    assert drawn[2] / (1 - drawn[2]) == pytest.approx(1 / 19 / math.e)


def test_each_world_has_its_own_median_spread_talk_and_outreach():
    normal = np.full((5, 3), 0.7)
    told = seeds(np.linspace(0.1, 0.5, 5), np.linspace(0, 1, 5), normal)
    alone = [seeds(one(0.1 + 0.1 * w), one(0.25 * w), normal[:1])[0] for w in range(5)]
    assert told == pytest.approx(np.array(alone))
    for rule in (after_talk, after_outreach):
        together = rule(told, np.linspace(0, 2, 5))
        apart = [rule(told[w : w + 1], one(0.5 * w))[0] for w in range(5)]
        assert together == pytest.approx(np.array(apart))


# --------------------------------------------------------------------------- the days of 2011


def test_four_days_of_full_speed_ten_of_half_and_then_outreach_until_the_ballot():
    """0.3 x (4 + 0.5 x 10) = 2.7 of talk; then 24 days at 0.1 x 0.5 = 1.2 of outreach."""
    expected = after_outreach(after_talk(SEEDS, one(2.7)), one(1.2))
    assert first(1.0, 0.5) == pytest.approx(expected)


def test_half_the_secrecy_is_half_the_speed():
    assert first(0.5) == pytest.approx(after_talk(SEEDS, one(1.35)))
    assert first(0.0) == pytest.approx(SEEDS)


def test_a_text_at_once_leaves_no_time_to_talk():
    assert first(days_to_text=0.0) == pytest.approx(SEEDS)


def test_a_text_that_comes_before_the_summary_makes_the_summary_no_news():
    assert first(days_to_text=2.0) == pytest.approx(after_talk(SEEDS, one(0.3 * 2)))


def test_a_text_that_comes_after_the_ballot_is_too_late_for_it():
    late = first(1.0, 1.0, days_to_text=60.0)
    assert late == pytest.approx(after_talk(SEEDS, one(0.3 * (4 + 0.5 * 34))))
    assert late == pytest.approx(first(1.0, 1.0, days_to_text=99.0))


def test_a_summary_too_late_for_the_ballot_does_not_matter():
    never = first(days_to_summary=90.0, days_to_text=99.0)
    assert never == pytest.approx(after_talk(SEEDS, one(0.3 * 38)))


def test_before_the_second_ballot_27_days_of_outreach_are_left():
    second = contagion().at_second_ballot(SEEDS, one(0.8))
    assert second == pytest.approx(SEEDS * math.exp(-0.1 * 0.8 * 27))


LAWS = {  # what is changed from 2011 with half-open doors and some outreach, and the sign of belief
    "speed": (0.4, +1),
    "speed_with_summary": (0.7, +1),
    "correction": (0.2, -1),
    "days_to_summary": (8.0, +1),
    "days_to_text": (20.0, +1),
    "days_to_ballot": (45.0, -1),
    "secrecy": (0.7, +1),
    "outreach": (0.6, -1),
    "believing": (SEEDS * 1.5, +1),
}


@pytest.mark.parametrize(("name", "change"), LAWS.items())
def test_belief_moves_the_way_it_should(name, change):
    value, sign = change
    before = first(secrecy=0.5, outreach=0.3)
    after = first(**({"secrecy": 0.5, "outreach": 0.3} | {name: value}))
    assert (sign * (after - before) > 0).all()


def test_some_of_the_worlds_have_their_own_days():
    many = Contagion(**{name: np.linspace(1, 2, 5) * v for name, v in AS_IN_2011.items()})
    some = dataclasses.astuple(many.of(np.array([3, 1])))
    assert [x.tolist() for x in some] == [
        (np.linspace(1, 2, 5) * v)[[3, 1]].tolist() for v in AS_IN_2011.values()
    ]
    assert contagion().of(np.array([3, 1])).speed.tolist() == [0.3]


# --------------------------------------------------------------------------------- whole worlds


@pytest.fixture(scope="module")
def as_stated(alone):
    """Play the base case with the rumours of the full case."""
    return alone("rumours", **STATED)


def test_off_its_values_change_nothing(base_case, alone, assert_same_worlds):
    assert_same_worlds(base_case, alone("rumours", **(STATED | {"on": False})))


@pytest.mark.slow
def test_in_the_full_case_it_can_be_switched_off(assert_same_worlds):
    off = negotiate("connecticut-2011", 53, seed=3, set={"rumours.on": False})
    assert "rumour_1" not in off.frame()
    other = {"rumours.on": False, "rumours.seed": 0.9}
    assert_same_worlds(off, negotiate("connecticut-2011", 53, seed=3, set=other))


def test_a_rumour_nobody_starts_is_as_if_there_were_nothing_to_misperceive(
    alone, assert_same_bits, moved, base_case
):
    nobody = alone("rumours", **(STATED | {"seed": 0.0}))
    informed = negotiate("sebac-2011", 1009, seed=2011, set={"information.misperceived_cost": 0.0})
    assert nobody.frame()[["rumour_1", "rumour_2"]].max().tolist() == [0, 0]
    rumours = ["rumour_1", "rumour_2"]
    assert_same_bits(nobody.frame().drop(columns=rumours), informed.frame())
    assert moved("yes_share_1", base_case, nobody) == 1


def test_what_all_believe_at_the_strength_of_one_is_the_misperception_of_the_base_case(
    alone, base_case
):
    """With seed 1 and no time for outreach everybody imagines the whole misperceived cost."""
    everybody = alone("rumours", seed=1.0, strength=1.0).frame()
    assert everybody["rumour_1"].dropna().to_numpy() == pytest.approx(1)
    before = base_case.frame()["yes_share_1"]
    assert everybody["yes_share_1"].to_numpy() == pytest.approx(before, nan_ok=True)


def test_as_stated_the_mean_cost_imagined_is_about_that_of_the_base_case(as_stated):
    rumours = as_stated.frame()[["rumour_1", "rumour_2"]].mean()
    assert STATED["strength"] * rumours["rumour_1"] == pytest.approx(1.0, abs=0.05)
    assert STATED["strength"] * rumours["rumour_2"] == pytest.approx(0.2, abs=0.01)


def test_a_ballot_that_was_not_held_has_no_rumour(as_stated):
    told = as_stated.frame()
    for number in (1, 2):
        missing = told[f"yes_share_{number}"].isna()
        assert told[f"rumour_{number}"].isna().equals(missing)


def test_the_share_told_is_of_members_not_of_unions(sebac):
    stated = {f"rumours.{name}": value for name, value in STATED.items()}
    batch = Batch(Settings([with_values(sebac, stated)]), np.arange(7), seed=1)
    told = negotiate("sebac-2011", 7, seed=1, set=stated).frame()["rumour_1"]
    sizes = np.array([union.members for union in sebac.union])
    voting = batch.ballots.voting("first", np.arange(7), np.zeros(7, dtype=int), np.ones(7))
    believing = batch.mechanism(Rumours).believing(voting) * sizes
    assert told.to_numpy() == pytest.approx(believing.sum(-1) / sizes.sum())


def test_unions_differ_more_than_in_the_base_case(as_stated, base_case):
    """Some heard much of the rumour and some little."""
    spread = [
        outcome.ballots().query("ballot == 1").groupby("world")["yes_share"].std()
        for outcome in (base_case, as_stated)
    ]
    wider = spread[1] - spread[0]
    assert wider.mean() > 1.96 * wider.std(ddof=1) / math.sqrt(len(wider))


@pytest.mark.parametrize(
    ("change", "ballot", "sign"),
    [
        ({"days_to_text": 28.0}, 1, -1),
        ({"days_to_text": 0.0}, 1, +1),
        ({"days_to_second_ballot": 60.0}, 2, +1),
        ({"strength": 3.0}, 1, -1),
        ({"seed_sd": 0.0}, 1, 0),
    ],
)
def test_rumours_move_the_ballot(as_stated, alone, moved, change, ballot, sign):
    changed = alone("rumours", **(STATED | change))
    assert moved(f"yes_share_{ballot}", as_stated, changed) == sign


def test_behind_doors_that_are_less_closed_fewer_believe_and_leaks_count(alone):
    def believing(**information):
        stated = {f"rumours.{name}": value for name, value in STATED.items()}
        stated |= {f"information.{name}": value for name, value in information.items()}
        return negotiate("sebac-2011", 53, seed=1, set=stated).frame()["rumour_1"].mean()

    half = believing(secrecy=0.5)
    assert half < believing(secrecy=1.0)
    assert believing(secrecy=1.0, leak_hazard=1.0, secrecy_after_leak=0.5) == pytest.approx(half)
    assert believing(outreach_first=0.5) < believing(outreach_first=0.1)


def test_worlds_with_rumours_of_their_own_are_what_each_is_alone(each_alone):
    each_alone(
        "rumours",
        {
            "strength": (0.5, 2.0),
            "seed": (0.0, 0.2),
            "seed_sd": (0.0, 1.0),
            "speed": (0.1, 0.4),
            "days_to_text": (0.0, 50.0),
            "days_to_ballot": (20.0, 40.0),
        },
    )


def test_the_story_says_how_many_believe_it(alone):
    story = tell_story(alone("rumours", 1, **STATED))
    assert story.count("of the members believe a rumour of what the deal costs them.") == 2
    assert "campaign puts those right who believe the rumour, with outreach of 80%." in story
