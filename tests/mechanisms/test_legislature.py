"""The legislature passes the budget or not, and what it blocks makes failure dearer than foreseen."""

import numpy as np
import pytest

from sim.cases.loading import load_scenario, with_values
from sim.mechanisms.legislature import (
    CERTAIN,
    MOST_CHANGES_OF_LAW,
    Support,
    cost_of_cuts_left,
    laws_asked_for,
    share_refused,
)
from sim.mechanisms.plan_b import MEANS, PLEDGES
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play

FAILS = {"ratification.unions_required": 16, "ratification.second_vote": False}
PLAN = {"plan_b.on": True, "plan_b.cap_aid": 280.0, "plan_b.cost_of_aid": 7.5}
REQUESTS = {
    "legislature.on": True,
    "legislature.lean_on_requests": -0.5,
    "legislature.changes_of_law": 4,
    "legislature.cuts_by_law": 0.13,
    "legislature.consent_to_aid": True,
}
NOTHING = {"legislature.lean_on_requests": -CERTAIN}


def support(approval=0.0, taxes=0.0, layoffs=0.0):
    return Support(*(np.array([x]) for x in (approval, taxes, layoffs)))


def chance(effects, lean=0.0, approval=0.5, taxes=0.0, layoffs=0.0):
    told = (np.array([float(x)]) for x in (lean, approval, taxes, layoffs))
    return effects.chance(*told)[0]


# ------------------------------------------------------------------------------------ by hand


def test_the_chance_of_a_yes_is_a_logistic_of_what_moves_legislators():
    effects = support(4.0, 0.5, 0.1)
    odds = 3.0 + 4 * (0.38 - 0.5) - 0.5 * 0.3 - 0.1 * 4.4
    found = chance(effects, lean=3.0, approval=0.38, taxes=300, layoffs=4400)
    assert found == pytest.approx(1 / (1 + np.exp(-odds)))


def test_half_of_the_public_behind_him_neither_helps_nor_hurts():
    assert chance(support(4.0)) == 0.5
    assert chance(support(4.0), approval=0.51) > 0.5 > chance(support(4.0), approval=0.49)


def test_taxes_and_layoffs_cost_support():
    assert chance(support(taxes=1.0), taxes=100) < chance(support(taxes=1.0)) == 0.5
    assert chance(support(layoffs=1.0), layoffs=100) < chance(support(layoffs=1.0)) == 0.5


def test_a_legislature_that_is_certain_never_says_no():
    assert chance(support(), lean=CERTAIN) == 1
    assert chance(support(), lean=-CERTAIN) < 1e-17


def test_with_part_of_the_cuts_refused_the_others_cost_more():
    cost = cost_of_cuts_left(np.array([2.0]), np.array([0.2]), np.array([0.0, 0.5, 1.0]))
    assert cost == pytest.approx([2, 2 / 0.9, 2 / 0.8])


def test_cuts_of_two_kinds_cost_what_cuts_of_one_kind_do_until_one_is_refused():
    """Items with curvatures 4 and 4/3 together have one of 1; without the first 4/3 is left."""
    assert 1 / (1 / 4 + 3 / 4) == 1
    left = cost_of_cuts_left(np.ones(1), np.array([0.25]), np.ones(1))
    assert left[0] == pytest.approx(4 / 3)


def test_the_share_refused_is_of_the_requests_made():
    shares = share_refused(np.array([4, 4, 0, 5, 1]), np.array([1, 4, 0, 0, 0]))
    assert shares.tolist() == [0.75, 0, 0, 1, 1]


def test_as_many_changes_of_law_are_asked_for_as_the_scenario_says():
    asked = laws_asked_for(np.array([0, 4, MOST_CHANGES_OF_LAW]))
    assert asked.shape == (3, 11)
    assert asked.sum(-1).tolist() == [0, 4, 11]
    assert asked[1, :4].all()


# ------------------------------------------------------------------------------- in the worlds


def failing(values, worlds=11):
    return negotiate("sebac-2011", worlds, seed=3, set=FAILS | PLAN | REQUESTS | values).frame()


def test_where_everything_is_granted_failure_is_what_he_foresaw(assert_same_bits):
    granted = failing({"legislature.lean_on_requests": CERTAIN})
    told = ["budget_passed", "requests_made", "requests_blocked"]
    assert_same_bits(granted.drop(columns=told), failing({"legislature.on": False}))
    assert (granted["utility_governor"] == 0).all()
    assert granted["budget_passed"].all()
    assert (granted["requests_made"] == 5).all()
    assert (granted["requests_blocked"] == 0).all()


def test_where_nothing_is_granted_the_rest_of_plan_b_closes_the_gap_at_a_price():
    blocked = failing(NOTHING)
    foreseen, left = 1 / (1 + 1 / 1.2 + 1 / 7.5), 1 / (0.87 + 1 / 1.2)
    assert (blocked["requests_blocked"] == 5).all()
    assert (blocked["plan_b_aid"] == 0).all()
    columns = [f"plan_b_{means}" for means in MEANS]
    assert blocked[columns].sum(axis=1).to_numpy() == pytest.approx(2000)
    assert blocked["plan_b_layoffs"].to_numpy() == pytest.approx(2000 * left / 1.2)
    assert blocked["utility_governor"].to_numpy() == pytest.approx(1 - left / foreseen)


def test_the_more_is_blocked_the_more_failure_costs():
    worlds = failing({}, 200)
    worth = worlds.groupby("requests_blocked")["utility_governor"].max()
    assert len(worth) >= 4
    assert worth.is_monotonic_decreasing
    assert worlds["utility_governor"].max() <= 0


def test_a_request_is_granted_with_the_probability_that_the_legislature_supports_it():
    worlds = failing({}, 2000)
    granted = 1 - worlds["requests_blocked"].mean() / 5
    expected = 1 / (1 + np.exp(0.5))
    half = 1.96 * np.sqrt(expected * (1 - expected) / (5 * 2000))
    assert granted == pytest.approx(expected, abs=1.5 * half)


def test_a_legislature_that_passes_no_budget_grants_nothing():
    worlds = failing(
        {"legislature.lean_on_budget": -CERTAIN, "legislature.lean_on_requests": CERTAIN}
    )
    assert not worlds["budget_passed"].any()
    assert (worlds["requests_blocked"] == 5).all()


@pytest.mark.parametrize(
    ("effect", "high", "low"),
    [
        ("effect_of_layoffs", 0.1, 1.0),
        ("effect_of_taxes", 0.5, 5.0),
    ],
)
def test_plan_b_itself_costs_support(effect, high, low):
    taxes = {"plan_b.pledge_no_new_taxes": False, "plan_b.cap_taxes": 300.0}
    budget = taxes | {"legislature.lean_on_budget": 1.0}
    few, many = (
        failing(budget | {f"legislature.{effect}": size}, 500)["budget_passed"].mean()
        for size in (high, low)
    )
    assert many < few - 0.1


def test_only_what_is_on_the_menu_is_asked_for():
    consents = {f"legislature.consent_to_{means}": True for means in PLEDGES}
    caps = {f"plan_b.cap_{means}": 100.0 for means in PLEDGES}
    assert (failing(consents | caps)["requests_made"] == 5).all()
    lifted = {f"plan_b.{pledge}": False for pledge in PLEDGES.values()}
    assert (failing(consents | caps | lifted)["requests_made"] == 9).all()
    assert (failing(lifted | consents)["requests_made"] == 5).all()


@pytest.mark.parametrize("means", [*PLEDGES, "aid"])
def test_what_needs_no_consent_cannot_be_blocked(means):
    free = {f"plan_b.cap_{m}": 100.0 for m in (*PLEDGES, "aid")}
    free |= {f"plan_b.{pledge}": False for pledge in PLEDGES.values()} | NOTHING
    consents = {f"legislature.consent_to_{m}": True for m in (*PLEDGES, "aid")}
    without = failing(free | consents | {f"legislature.consent_to_{means}": False})
    used = {m: (without[f"plan_b_{m}"] > 0).any() for m in (*PLEDGES, "aid")}
    assert [m for m, found in used.items() if found] == [means]


def test_an_agreement_in_force_asks_for_nothing_but_the_budget():
    worlds = negotiate("sebac-2011", 50, seed=3, set=PLAN | REQUESTS | NOTHING).frame()
    assert worlds["ratified"].all()
    assert worlds[["requests_made", "requests_blocked"]].isna().all(axis=None)
    assert worlds["budget_passed"].all()
    assert (worlds["utility_governor"] > 0).all()


def test_approval_sways_the_legislature():
    def passed(approval):
        values = FAILS | REQUESTS | {"legislature.lean_on_budget": 0.0}
        values |= {"legislature.effect_of_approval": 10.0}
        model = BargainingModel("sebac-2011", 500, set=values, rng=3)
        model.approval = np.full(500, approval)
        return Outcome([play(model)]).frame()["budget_passed"].mean()

    assert passed(0.8) > 0.9 > 0.6 > passed(0.5) > 0.4 > 0.1 > passed(0.2)


def test_without_plan_bs_table_it_may_block_cuts_by_law(sebac):
    values = FAILS | REQUESTS | NOTHING
    blocked = negotiate(sebac, 5, seed=3, set=values).frame()
    foreseen, left = 1 / (1 + 1 / 1.2), 1 / (0.87 + 1 / 1.2)
    assert (blocked["requests_made"] == 4).all()
    assert blocked["utility_governor"].to_numpy() == pytest.approx(1 - left / foreseen)
    assert (blocked["layoffs"] == 4742).all()


def test_on_its_own_it_moves_the_governors_worth_beyond_its_interval(sebac):
    off, on = (
        negotiate(sebac, 500, seed=3, set=FAILS | REQUESTS | {"legislature.on": on}).frame()
        for on in (False, True)
    )
    difference = on["utility_governor"] - off["utility_governor"]
    assert difference.mean() + 1.96 * difference.std() / np.sqrt(500) < -0.02


def test_a_world_fares_the_same_alone_and_beside_others(assert_same_bits, sebac):
    values = FAILS | PLAN | REQUESTS
    together = negotiate(sebac, 13, seed=3, set=values).frame()
    for world in (0, 5, 12):
        alone = negotiate(sebac, 1, seed=3, set=values, first_world=world).frame()
        assert_same_bits(alone, together.loc[[world]])


def test_worlds_with_values_of_their_own_fare_as_they_do_alone(assert_same_bits, sebac):
    own = [
        FAILS
        | PLAN
        | REQUESTS
        | {"legislature.changes_of_law": laws, "legislature.cuts_by_law": by}
        for laws, by in ((0, 0.1), (4, 0.2), (11, 0.9))
    ]
    scenarios = [with_values(sebac, values) for values in own]
    together = Outcome([play(BargainingModel(scenarios, 3, rng=3))]).frame()
    for world, scenario in enumerate(scenarios):
        alone = negotiate(scenario, 1, seed=3, first_world=world).frame()
        assert_same_bits(alone, together.loc[[world]])


def test_off_its_values_change_nothing(sebac, assert_same_bits):
    values = REQUESTS | NOTHING | {"legislature.on": False}
    assert_same_bits(
        negotiate(sebac, 37, seed=3, set=values).frame(), negotiate(sebac, 37, seed=3).frame()
    )


@pytest.mark.slow
def test_off_in_the_full_case_is_the_full_case_without_its_table(assert_same_bits):
    full = load_scenario("connecticut-2011")
    without = full.model_copy(update={"legislature": type(full.legislature)()})
    assert_same_bits(
        negotiate(full, 37, seed=3, set={"legislature.on": False}).frame(),
        negotiate(without, 37, seed=3).frame(),
    )


@pytest.mark.slow
def test_in_the_full_case_four_of_five_requests_are_blocked_at_the_approval_of_june_2011():
    model = BargainingModel("connecticut-2011", 2000, set=FAILS, rng=3)
    model.approval = np.full(2000, 0.38)
    worlds = Outcome([play(model)]).frame()
    assert (worlds["requests_made"] == 5).all()
    assert worlds["requests_blocked"].mean() == pytest.approx(4.1, abs=0.2)


def test_the_story_tells_what_closed_the_gap_and_what_was_blocked():
    from sim.show.story import tell_story

    told = tell_story(negotiate("sebac-2011", 1, seed=3, set=FAILS | PLAN | REQUESTS | NOTHING))
    assert "$2,000M are closed by cuts $1,0" in told
    assert "The legislature passes the budget and blocks 5 of 5 requests." in told
    agreed = tell_story(negotiate("sebac-2011", 1, seed=3, set=PLAN | REQUESTS))
    assert "The legislature passes the budget." in agreed
    assert "closed by" not in agreed
