"""What members are asked, what they believe, and what moves them, world by world."""

import numpy as np
import pytest

from sim.cases.loading import with_values
from sim.mechanisms import Mechanism
from sim.preferences import information
from sim.preferences.forecast import union_shocks
from sim.preferences.member import MemberUtility
from sim.worlds.batch import make_batch
from sim.worlds.settings import Settings

WORLDS = 7
EVERYWHERE = np.arange(WORLDS)
PACKAGE = np.arange(WORLDS) * 100
SECRECY = np.linspace(0.1, 0.9, WORLDS)


@pytest.fixture
def batch(sebac):
    """Give a function that makes seven worlds of the base case with these values."""

    def make(**values):
        stated = {name.replace("__", "."): value for name, value in values.items()}
        settings = Settings([with_values(sebac, stated)])
        return make_batch(settings, EVERYWHERE, seed=3)

    return make


def ballots(batch):
    asked = batch.ballots
    return [
        asked.ask(asked.voting(which, EVERYWHERE, PACKAGE, SECRECY))
        for which in ("first", "second")
    ]


def test_members_stand_in_the_middle_of_their_slices_of_seniority(batch):
    assert batch(members__strata=4).electorate.members[0].seniority.tolist() == [
        0.125,
        0.375,
        0.625,
        0.875,
    ]


def test_what_all_members_imagine_and_wait_for_is_taken_from_the_common_shock(batch):
    imagined = {"information__misperceived_cost": 0.05, "information__outreach_second": 0.75}
    waiting = {"holding_out__on": True, "holding_out__chance": 0.5, "holding_out__better_by": 0.06}
    these = batch(**imagined, **waiting, information__outreach_first=0.2)
    first, second = ballots(these)
    assert first.shift == pytest.approx(these.electorate.common_shock - 0.05 * SECRECY * 0.8 - 0.03)
    assert second.shift == pytest.approx(these.electorate.common_shock - 0.05 * SECRECY * 0.25)
    assert ballots(batch(**imagined))[1].shift.tolist() == second.shift.tolist()


def test_what_was_given_before_is_resented_on_every_ballot(batch):
    plain, tired = (
        batch(fatigue__on=on, fatigue__given_before=500.0, fatigue__resentment=0.08)
        for on in (False, True)
    )
    for before, after in zip(ballots(plain), ballots(tired), strict=True):
        assert after.shift == pytest.approx(before.shift - 0.04)
        wages = tired.ballots.on_wages(after)
        assert wages.shift == pytest.approx(tired.electorate.common_shock - 0.04)


def test_a_threat_beyond_what_plan_b_needs_is_believed_less(batch):
    doubted, believed = batch(threat__size_doubt=0.7), batch(threat__size_doubt=0.0)
    for before, after in zip(ballots(believed), ballots(doubted), strict=True):
        left = information.size_credibility(before.threat, believed.plan_b_layoffs, np.array([0.7]))
        assert left[0] < 1
        assert after.belief == pytest.approx(before.belief * left)
        assert after.threat.tolist() == before.threat.tolist()


def test_members_are_asked_of_the_coalitions_terms_where_units_vote_on_their_wages(batch):
    together, apart = batch(), batch(unit_ballot__on=True)
    asked = {False: MemberUtility.gain, True: MemberUtility.gain_on_coalition_ballot}
    for on, these in ((False, together), (True, apart)):
        informed = these.ballots.informed(EVERYWHERE, PACKAGE)
        for ballot in (*ballots(these), informed):
            assert ballot.ballot_utility is asked[on]
    first, _ = ballots(apart)
    assert apart.ballots.on_wages(first).ballot_utility is MemberUtility.gain_on_unit_ballot


def test_the_informed_know_the_text_and_believe_the_threat_as_leaders_do(batch):
    these = batch(information__misperceived_cost=0.05, threat__credibility_leaders=0.7)
    informed = these.ballots.informed(EVERYWHERE, PACKAGE)
    assert informed.shift.tolist() == these.electorate.common_shock.tolist()
    assert informed.belief == pytest.approx(
        np.broadcast_to(these.leaders_belief, WORLDS), abs=1e-15
    )


def test_leaders_look_at_shocks_about_what_unions_are_expected_to_be(batch, sebac):
    these = batch()
    ballot = these.ballots.informed(EVERYWHERE, PACKAGE)
    forecast = these.ballots.forecast(ballot, sebac.unions, bias=0.03)
    assert forecast.mildness == pytest.approx(these.electorate.mildness[0] + 0.03)
    spread = sebac.unions.militancy_sd, sebac.unions.common_shock_sd
    assert forecast.shocks.tolist() == union_shocks(len(sebac.union), *spread).tolist()
    assert forecast.weights is these.electorate.weights


def test_rumours_and_the_word_of_leaders_add_up(batch):
    rumours = {
        "rumours__on": True,
        "rumours__seed": 0.2,
        "rumours__strength": 1.5,
        "information__misperceived_cost": 0.05,
    }
    word = {
        "recommendation__on": True,
        "recommendation__first": 0.03,
        "recommendation__second": 0.05,
    }
    none, one, other, both = (
        ballots(batch(**values)) for values in ({}, rumours, word, rumours | word)
    )
    for which in (0, 1):
        assert none[which].shifts_by_union is None
        apart = one[which].shifts_by_union + other[which].shifts_by_union
        assert both[which].shifts_by_union == pytest.approx(apart, abs=1e-15)
        assert np.abs(one[which].shifts_by_union).max() > 0.001
        assert np.abs(other[which].shifts_by_union).max() > 0.001


class Rain(Mechanism):
    """A made-up mechanism beside the shipped ones."""

    def turnout(self, voting):
        return np.array([0.5]), np.array([0.9])

    def units(self, mildness):
        return []


def with_rain(batch):
    batch.mechanisms.append(Rain(batch.settings, batch.draws, batch.settings.weights))
    return batch


def test_where_two_mechanisms_keep_members_at_home_their_shares_are_multiplied(batch):
    stated = {"turnout__supporters_first": 0.8, "turnout__opponents_first": 0.6}
    first, _ = ballots(with_rain(batch(turnout__on=True, **stated)))
    supporters, opponents = first.turnout
    assert (supporters.tolist(), opponents.tolist()) == ([0.4], pytest.approx([0.54]))


def test_two_mechanisms_that_tell_units_apart_are_refused(batch):
    both = with_rain(batch(unit_ballot__on=True))
    with pytest.raises(ValueError, match="2 mechanisms that are on say which units there are"):
        both.electorate.units  # noqa: B018
