"""Seniority: who earns more feels a premium less, and who was hired early has more pension at stake."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import InputError, load_scenario, with_values
from sim.mechanisms.seniority import pension_stake, relative_pay
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play
from sim.worlds.batch import Batch
from sim.worlds.settings import Settings

FIFTHS = (np.arange(5) + 0.5) / 5
STATED = load_scenario("connecticut-2011").seniority.model_dump()


def stakes(one_share, two_share, one, two, seniority=FIFTHS):
    return pension_stake(seniority, *(np.array([x]) for x in (one_share, two_share, one, two)))[0]


# ----------------------------------------------------------------------------------- the rules


def test_pay_is_a_straight_line_through_the_mean():
    """From 0.7 to 1.3 of the mean: the middles of five slices are a tenth inside."""
    pay = relative_pay(FIFTHS, np.array([0.6]))
    assert pay == pytest.approx(np.array([[0.76, 0.88, 1.0, 1.12, 1.24]]))


def test_each_world_has_its_own_spread_of_pay():
    pay = relative_pay(FIFTHS, np.array([0.0, 0.5, 1.0]))
    assert pay[:, 0] == pytest.approx([1, 0.8, 0.6])
    assert pay[:, -1] == pytest.approx([1, 1.2, 1.4])


def test_a_fifth_in_tier_one_and_two_in_tier_two_by_hand():
    """Stakes of 1, 1, 2, 2, 4 have a mean of 2."""
    assert stakes(0.2, 0.4, 4.0, 2.0) == pytest.approx([0.5, 0.5, 1, 1, 2])


def test_a_slice_in_which_tiers_meet_has_the_mean_of_its_members():
    """The oldest tenth in tier one, the next tenth in tier two: the top slice is half and half."""
    assert stakes(0.1, 0.1, 3.0, 2.0) == pytest.approx(np.array([1, 1, 1, 1, 2.5]) / 1.3)


def test_each_world_has_its_own_tiers():
    cases = [(0.2, 0.4, 4.0, 2.0), (0.1, 0.1, 3.0, 2.0), (0.0, 0.7, 9.0, 0.5)]
    together = pension_stake(FIFTHS, *np.array(cases).T)
    assert together == pytest.approx(np.array([stakes(*case) for case in cases]))


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 4), st.floats(0, 4), st.floats(0, 1.9))
def test_the_mean_member_earns_and_has_at_stake_one(one_share, two_share, one, two, spread):
    slices = (np.arange(101) + 0.5) / 101
    if one_share + two_share < 1 or one + two > 0:
        assert stakes(one_share, two_share, one, two, slices).mean() == pytest.approx(1)
    assert relative_pay(slices, np.array([spread])).mean() == pytest.approx(1)
    assert (relative_pay(slices, np.array([spread])) > 0).all()


def test_a_higher_stake_of_a_tier_is_more_for_it_and_less_for_the_others():
    before, after = stakes(0.2, 0.4, 1.5, 1.2), stakes(0.2, 0.4, 2.0, 1.2)
    assert np.sign(after - before).tolist() == [-1, -1, -1, -1, 1]
    after = stakes(0.2, 0.4, 1.5, 1.5)
    assert np.sign(after - before).tolist() == [-1, -1, 1, 1, -1]


# -------------------------------------------------------------------------------- the members


def members(sebac, **values):
    on = {f"seniority.{name}": value for name, value in ({"on": True} | values).items()}
    batch = Batch(Settings([with_values(sebac, on)]), np.arange(1), seed=0)
    return batch.agenda, batch.electorate.members[0]


def gains(case, **levels):
    agenda, member = case
    package = np.array([[agenda.find(**levels)]])
    return member.gain(agenda, package, np.array([0.5]), np.array([4742.0]))[0, 0]


def test_the_lower_paid_lose_more_from_the_same_premium_and_no_more_from_a_freeze(sebac):
    flat, steep = members(sebac), members(sebac, pay_by_seniority=0.6)
    lost = gains(steep, health=1.0) - gains(flat, health=1.0)
    assert lost[0] < 0 < lost[-1]
    assert gains(steep, wages=1.0) == pytest.approx(gains(flat, wages=1.0))
    assert gains(steep, pensions=1.0) == pytest.approx(gains(flat, pensions=1.0))


def test_the_older_tiers_lose_more_from_pension_cuts_and_no_more_from_health(sebac):
    flat = members(sebac)
    tiers = members(
        sebac, tier_one_share=0.08, tier_two_share=0.4, tier_one_stake=1.5, tier_two_stake=1.2
    )
    lost = gains(tiers, pensions=1.0) - gains(flat, pensions=1.0)
    assert lost[0] > 0 > lost[60]
    assert lost[60] > lost[-1]
    assert gains(tiers, health=1.0) == pytest.approx(gains(flat, health=1.0))


# --------------------------------------------------------------------------------- whole worlds


def test_off_its_values_change_nothing(base_case, alone, assert_same_worlds):
    assert_same_worlds(base_case, alone("seniority", **(STATED | {"on": False})))


def test_on_with_the_values_of_no_effect_it_changes_nothing_but_rounding(base_case, alone):
    flat = alone("seniority").frame()["yes_share_1"]
    assert flat.to_numpy() == pytest.approx(base_case.frame()["yes_share_1"], nan_ok=True)


@pytest.mark.slow
def test_in_the_full_case_it_can_be_switched_off(assert_same_worlds):
    off = negotiate("connecticut-2011", 53, seed=3, set={"seniority.on": False})
    other = {"seniority.on": False, "seniority.pay_by_seniority": 1.5}
    assert_same_worlds(off, negotiate("connecticut-2011", 53, seed=3, set=other))


@pytest.mark.parametrize(
    ("values", "measure", "sign"),
    [
        ({"pay_by_seniority": 0.6}, "yes_share_2", +1),
        (
            {"tier_one_share": 0.08, "tier_two_share": 0.4, "tier_one_stake": 1.5},
            "pensions",
            -1,
        ),
        (STATED, "savings", -1),
    ],
)
def test_seniority_moves_the_deal_and_the_ballot(base_case, alone, moved, values, measure, sign):
    assert moved(measure, base_case, alone("seniority", **values)) == sign


def test_worlds_with_pay_and_tiers_of_their_own_are_what_each_is_alone(each_alone):
    between = {"pay_by_seniority": (0.0, 1.0), "tier_one_share": (0.0, 0.3)}
    each_alone("seniority", between | {"tier_one_stake": (1.0, 3.0), "tier_two_share": (0.2, 0.6)})


def test_tiers_of_more_than_all_members_are_refused(sebac):
    with pytest.raises(InputError, match=r"tier_two_share = 0.6.*must be at most 0.5"):
        with_values(sebac, {"seniority.tier_one_share": 0.5, "seniority.tier_two_share": 0.6})
    with_values(sebac, {"seniority.tier_one_share": 0.5, "seniority.tier_two_share": 0.5})


# ---------------------------------------------------------------------------- layoffs by agency


@pytest.fixture(scope="module")
def exposed(sebac, edited):
    """Give the base case with a largest union that runs twice the average risk."""
    return edited(sebac, {("union", 0, "layoff_exposure"): 2.0})


def test_the_weight_says_how_much_of_the_exposure_counts(exposed):
    def exposure(weight):
        case = with_values(exposed, {"unions.exposure_weight": weight})
        batch = Batch(Settings([case]), np.arange(1), seed=0)
        return [batch.electorate.members[union].layoff_exposure[0] for union in (0, 1)]

    assert exposure(1.0) == [2, 1]
    assert exposure(0.25) == [1.25, 1]
    assert exposure(0.0) == [1, 1]


def test_without_weight_no_union_is_more_exposed_than_another(exposed, base_case):
    alike = negotiate(exposed, 1009, seed=2011, set={"unions.exposure_weight": 0.0}).frame()
    before = base_case.frame()["yes_share_1"]
    assert alike["yes_share_1"].to_numpy() == pytest.approx(before, nan_ok=True)


def test_worlds_may_differ_in_how_much_exposure_counts(exposed, assert_same_bits):
    cases = [with_values(exposed, {"unions.exposure_weight": x}) for x in (0.0, 0.5, 1.0)]
    together = Outcome([play(BargainingModel(cases, 3, rng=5))]).frame()
    for world, case in enumerate(cases):
        alone = negotiate(case, seed=5, first_world=world).frame()
        assert_same_bits(together.iloc[[world]], alone)


def test_the_full_case_has_the_unions_of_the_base_case_and_tells_them_apart_by_exposure(sebac):
    full = load_scenario("connecticut-2011")
    facts = [(union.name, union.members, union.source) for union in sebac.union]
    assert [(union.name, union.members, union.source) for union in full.union] == facts
    risks = np.array([union.layoff_exposure for union in full.union])
    sizes = np.array([union.members for union in full.union])
    assert (risks * sizes).sum() / sizes.sum() == pytest.approx(1, abs=0.02)
    assert full.union[risks.argmax()].name == "CEUI"


@pytest.mark.slow
def test_unions_that_run_more_risk_vote_yes_more_often():
    ballots = negotiate("connecticut-2011", 1009, seed=2011).ballots().query("ballot == 1")
    flat = {"unions.exposure_weight": 0.0}
    before = negotiate("connecticut-2011", 1009, seed=2011, set=flat).ballots().query("ballot == 1")
    change = ballots["yes_share"].groupby(ballots["union"]).mean()
    change -= before["yes_share"].groupby(before["union"]).mean()
    assert change["CEUI"] > 0.005
    assert change["CSU-AAUP"] < -0.005


# ------------------------------------------------------------------- the votes of juniors and seniors


TOLD = {"seniority.votes_told": True}
VOTES = ("yes_juniors", "yes_seniors", "junior_lead")


def test_the_halves_of_three_slices_share_the_middle_one(sebac):
    """Hardly any noise, and a threat that only juniors fear: one half is all for it, half of the other."""
    values = TOLD | {
        "members.strata": 3,
        "members.noise": 1e-6,
        "members.layoff_loss": 1.0,
        "threat.bumping": 0.0,
        "threat.layoffs": 24_000,
        "threat.credibility_members": 1.0,
        "information.misperceived_cost": 0.0,
        "unions.militancy_sd": 0.0,
        "unions.common_shock_sd": 0.0,
    }
    found = negotiate(sebac, 5, seed=1, set=values).frame().dropna(subset="yes_share_1")
    assert found["yes_share_1"].to_numpy() == pytest.approx(2 / 3)
    assert found["yes_juniors_1"].to_numpy() == pytest.approx(1)
    assert found["yes_seniors_1"].to_numpy() == pytest.approx(1 / 2)
    assert found["junior_lead_1"].to_numpy() == pytest.approx(1 / 2)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["sebac-2011", "connecticut-2011"])
def test_to_tell_votes_apart_changes_none_of_them(scenario):
    plain, told = (negotiate(scenario, 60, seed=3, set=set_).frame() for set_ in ({}, TOLD))
    assert [name for name in told if name not in plain] == [
        f"{v}_{n}" for n in (1, 2) for v in VOTES
    ]
    assert told[list(plain)].equals(plain)


@pytest.mark.parametrize("turnout", [False, True])
def test_the_votes_of_both_halves_make_those_of_all(sebac, turnout):
    """With 1001 slices the one in the middle hardly counts; where fewer opponents vote, more are for it."""
    values = TOLD | {"members.strata": 1001, "turnout.on": turnout}
    values |= {"turnout.supporters_first": 0.9, "turnout.opponents_first": 0.5}
    found = negotiate(sebac, 40, seed=3, set=values).frame().dropna(subset="yes_share_1")
    juniors, seniors, everybody = (
        found[name].to_numpy() for name in ("yes_juniors_1", "yes_seniors_1", "yes_share_1")
    )
    if turnout:  # back to the shares in favour, of which the mean can be taken
        juniors, seniors, everybody = (
            y / (y + 1.8 * (1 - y)) for y in (juniors, seniors, everybody)
        )
    assert len(found) > 30
    assert (juniors + seniors) / 2 == pytest.approx(everybody, abs=1e-3)


def test_where_there_was_no_ballot_nothing_is_told(sebac):
    found = negotiate(sebac, 60, seed=3, set=TOLD).frame()
    second = found[[f"{name}_2" for name in VOTES]].isna()
    assert second.eq(found["yes_share_2"].isna(), axis=0).all(axis=None)
    assert second.any(axis=None)
