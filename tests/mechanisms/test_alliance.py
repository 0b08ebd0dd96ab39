"""The alliance of the campaign: what is left of it, and what that is worth to either side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario, with_values
from sim.mechanisms.alliance import expected_without, kept
from sim.play.outcome import negotiate
from sim.show.story import tell_story
from sim.worlds.batch import Batch
from sim.worlds.settings import Settings

ON = {
    "alliance.on": True,
    "alliance.worth_to_governor": 0.1,
    "alliance.worth_to_leaders": 0.02,
    "alliance.loss_by_layoffs": 5.0,
    "alliance.loss_by_ask": 0.5,
}
SHARES = st.floats(0.0, 1.0)


# ------------------------------------------------------------------------------------------ rules


def left(laid_off, conceded, by_layoffs, by_ask):
    return kept(*(np.array([x]) for x in (laid_off, conceded, by_layoffs, by_ask)))[0]


def test_layoffs_and_concessions_each_cost_their_share():
    assert left(0.0, 0.0, 5.0, 0.5) == 1
    assert left(0.1, 0.0, 5.0, 0.5) == pytest.approx(0.5)
    assert left(0.0, 0.8, 5.0, 0.5) == pytest.approx(0.6)
    assert left(0.1, 0.8, 5.0, 0.5) == pytest.approx(0.1)
    assert left(0.3, 0.8, 5.0, 0.5) == 0


@given(SHARES, SHARES, st.floats(0.0, 20.0), SHARES)
def test_what_is_left_is_a_share_and_more_layoffs_never_leave_more(laid_off, conceded, a, b):
    assert 0 <= left(laid_off, conceded, a, b) <= 1
    assert left(laid_off / 2, conceded, a, b) >= left(laid_off, conceded, a, b)
    assert left(laid_off, conceded / 2, a, b) >= left(laid_off, conceded, a, b)


def test_leaders_expect_to_lose_it_as_far_as_they_believe_the_threat():
    expected = expected_without(np.array([0.4]), np.array([0.0, 0.5, 1.0]))
    assert expected == pytest.approx([1.0, 0.7, 0.4])


# ---------------------------------------------------------------------------------- what it is worth


def batch_of(values):
    scenario = with_values(load_scenario("sebac-2011"), values)
    return Batch(Settings([scenario]), np.arange(1), seed=0)


def test_a_package_is_worth_the_alliance_it_leaves_beyond_plan_b_to_the_governor():
    batch, without = batch_of(ON), batch_of({}).governor.table[0]
    deal = batch.agenda.find(wages=1.0, health=0.5, pensions=0.5, negotiated_layoffs=1000.0)
    saved = (590 + 445 + 230) / 2000
    plan_b = 1 - 5 * batch.plan_b_layoffs[0] / 45000
    gained = 0.1 * ((1 - 5 * 1000 / 45000 - 0.5 * saved) - plan_b)
    # His best package is the full ask with and without the alliance; it is worth what it was.
    full = batch.agenda.find(wages=1.0, health=1.0, pensions=1.0)
    scale = without[full] / (without[full] + 0.1 * (1 - 0.5 * 0.97 - plan_b))
    assert without.argmax() == batch.governor.table[0].argmax() == full
    assert batch.governor.table[0, deal] == pytest.approx(
        (without[deal] + gained) * scale, abs=1e-12
    )


def test_a_package_is_worth_the_access_it_leaves_beyond_a_no_to_leaders():
    batch, plain = batch_of(ON), batch_of({}).coalition
    deal = batch.agenda.find(wages=1.0, health=0.5, pensions=0.5, job_security=1.0)
    saved = (590 + 445 + 230) / 2000
    after_a_no = 1 - 0.9 * 5 * 4742 / 45000
    gained = 0.02 * ((1 - 0.5 * saved) - after_a_no)
    assert batch.coalition.table[0, deal] == pytest.approx(plain.table[0, deal] + gained, abs=1e-12)
    assert batch.coalition.shift == plain.shift


def test_an_alliance_that_is_worth_nothing_changes_no_bit():
    nothing = ON | {"alliance.worth_to_governor": 0.0, "alliance.worth_to_leaders": 0.0}
    batch, plain = batch_of(nothing), batch_of({})
    assert batch.governor.table.tobytes() == plain.governor.table.tobytes()
    assert (batch.coalition.table == plain.coalition.table).all()


def test_members_do_not_vote_by_it(put_to_members, assert_same_bits):
    packages = [100, 900, 1900]
    plain = put_to_members("sebac-2011", packages)
    allied = put_to_members("sebac-2011", packages, ON)
    assert_same_bits(plain.ballots(), allied.ballots())


def test_unlike_unions_have_leaders_who_want_access_too(edited):
    unlike = edited(load_scenario("sebac-2011"), {("union", 0, "wage_pain"): 0.05})
    values = {"coalition.aggregation": "pivot"}
    tables = [
        Batch(Settings([with_values(unlike, values | on)]), np.arange(5), 0).coalition.table
        for on in (ON, {})
    ]
    batch = batch_of(ON)
    gained = (tables[0] - tables[1])[3]
    assert gained == pytest.approx(batch.coalition.table[0] - batch_of({}).coalition.table[0])


# ----------------------------------------------------------------------------------- what is left


def test_what_is_left_follows_from_how_it_ended():
    values = ON | {"ratification.second_vote": False, "information.misperceived_cost": 0.0}
    frame = negotiate(worlds=101, seed=3, set=values).frame()
    final = frame["ratified"].to_numpy()
    assert 0 < final.sum() < 101
    after_deal = 1 - 5 * frame["layoffs"] / 45000 - 0.5 * frame["savings"] / 2000
    expected = np.where(final, after_deal, 1 - 5 * 4742 / 45000)
    assert frame["alliance_kept"].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_without_the_switch_nothing_is_changed(assert_same_bits):
    plain = negotiate(worlds=23, seed=9)
    off = negotiate(worlds=23, seed=9, set=ON | {"alliance.on": False})
    assert_same_bits(plain.frame(), off.frame())
    assert "alliance_kept" not in off.frame()
    assert "alliance" not in tell_story(off)
    assert "Of the alliance" in tell_story(negotiate(seed=9, set=ON))


# --------------------------------------------------------------------------------------- on alone


def paired(measure, values, worlds=2000):
    """The mean of the paired differences, and half of its 95 % interval."""
    fine = {"calendar.rounds": 60}
    frames = [negotiate(worlds=worlds, seed=2011, set=fine | v).frame() for v in ({}, values)]
    before, after = (frame[measure].to_numpy(dtype=float) for frame in frames)
    difference = (after - before)[np.isfinite(after - before)]
    return difference.mean(), 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))


def test_on_its_own_leaders_who_want_access_sign_what_members_like_less():
    values = ON | {"alliance.worth_to_governor": 0.0, "alliance.loss_by_ask": 0.0}
    signed, half = paired("savings", values)
    assert signed - half > 0
    voted, half = paired("yes_share_1", values)
    assert voted + half < 0


def test_on_its_own_a_governor_who_wants_to_keep_his_allies_settles_for_less():
    mean, half = paired("savings", ON | {"alliance.worth_to_leaders": 0.0})
    assert mean + half < 0


def test_a_world_does_not_know_who_else_is_running(assert_same_bits):
    whole = negotiate(worlds=23, seed=3, set=ON).frame()
    parts = [negotiate(worlds=1, seed=3, set=ON, first_world=w).frame() for w in (0, 7, 22)]
    for part in parts:
        assert_same_bits(whole.loc[part.index].reset_index(), part.reset_index())
