"""Public opinion: what the public sees of the talks and their end, and what that is worth to the governor."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario, with_values
from sim.mechanisms.public import (
    REACTIONS,
    News,
    PublicSettings,
    Reactions,
    moderate,
    moved,
    town_halls_at,
)
from sim.negotiators.agents import Coalition, Governor, Public
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play
from sim.show.story import tell_story
from sim.worlds.batch import Batch
from sim.worlds.settings import Settings

WORLDS = 7
ON = {"public.on": True}
FELT = ON | {
    "public.approval": 0.467,
    "public.weight": 1.0,
    "public.deal_bonus": 0.02,
    "public.tax_cost": 0.1,
    "public.layoff_cost": 0.3,
    "public.failure_blame": 0.04,
    "public.blaming_governor": 0.75,
}
REACTION = Reactions(
    town_hall_effect=np.array([0.001]),
    refusal_cost=np.array([0.02]),
    refusal_credit=np.array([0.03]),
    leak_cost=np.array([0.005]),
    deal_bonus=np.array([0.04]),
    failure_blame=np.array([0.1]),
    blaming_governor=np.array([0.75]),
    tax_cost=np.array([0.2]),
    layoff_cost=np.array([0.5]),
)


# ------------------------------------------------------------------------------------------ rules


@pytest.mark.parametrize(
    ("news", "change"),
    [
        ({}, 0.0),
        ({"town_halls": 2}, 0.002),
        ({"refused_by_governor": 0.5}, -0.01),
        ({"refused_by_unions": 0.5}, 0.015),
        ({"leaked": 0.4}, -0.002),
        ({"ratified": 1}, 0.04),
        ({"ratified": 1, "taxes": 0.15}, 0.04 - 0.03),
        ({"ratified": 1, "laid_off": 0.1}, 0.04 - 0.05),
        ({"failed": 1, "laid_off": 0.1}, -0.1 * (0.75 - 0.25) - 0.05),
    ],
)
def test_each_piece_of_news_moves_approval_by_its_own_weight(news, change):
    assert REACTION.change(News(**news)) == pytest.approx([change], abs=1e-15)


def test_a_failure_blamed_on_both_alike_costs_nothing_and_on_the_unions_it_pays():
    shares = np.array([0.0, 0.25, 0.5, 1.0])
    change = replace(REACTION, blaming_governor=shares).change(News(failed=1.0))
    assert change == pytest.approx([0.1, 0.05, 0.0, -0.1], abs=1e-15)


def test_the_reactions_are_parameters_of_the_table():
    assert set(REACTIONS) == {field.name for field in fields(Reactions)}
    assert set(REACTIONS) < set(PublicSettings.model_fields)


def test_approval_stays_a_share():
    approval = np.array([0.2, 0.5, 0.9])
    assert moved(approval, np.array([-0.3, 0.2, 0.3])) == pytest.approx([0.0, 0.7, 1.0])


@given(st.integers(0, 60), st.integers(1, 60))
def test_meetings_are_spread_evenly_and_none_is_lost(planned, rounds):
    held = [town_halls_at(turn, rounds, np.array([planned]))[0] for turn in range(rounds + 1)]
    assert sum(held) == planned
    assert max(held) - min(held) <= 1


def test_fourteen_meetings_on_thirteen_turns():
    held = [int(town_halls_at(turn, 12, np.array([14]))[0]) for turn in range(13)]
    assert held == [1] * 12 + [2]


def test_an_offer_is_moderate_between_two_shares_of_the_gap_and_at_both_of_them():
    saved = np.array([0.49, 0.5, 0.7, 0.85, 0.86])
    told = moderate(saved, np.array([0.5]), np.array([0.85]))
    assert told.tolist() == [False, True, True, True, False]


# ------------------------------------------------------------------- what approval is worth to him


def table(values):
    scenario = with_values(load_scenario("sebac-2011"), values)
    batch = Batch(Settings([scenario]), np.arange(1), seed=0)
    return batch, batch.governor.table[0]


def test_a_package_is_worth_the_approval_it_brings_over_plan_b():
    batch, with_opinion = table(FELT)
    _, without = table({})
    deal = batch.agenda.find(
        wages=1.0, health=0.5, pensions=0.5, tax_share=0.05, negotiated_layoffs=1000.0
    )
    laid_off = batch.plan_b_layoffs[0] / 45000
    plan_b = -0.04 * (0.75 - 0.25) - 0.3 * laid_off
    gained = 0.02 - 0.1 * 0.05 - 0.3 * 1000 / 45000 - plan_b
    # His best package has neither taxes nor layoffs; it is worth what it was.
    scale = without.max() / (without.max() + 0.02 - plan_b)
    assert with_opinion[deal] == pytest.approx((without[deal] + gained) * scale, abs=1e-12)
    assert with_opinion.max() == pytest.approx(without.max())
    assert laid_off == pytest.approx(0.10522, abs=1e-4)


def test_an_approval_that_is_worth_nothing_changes_no_bit_of_the_table():
    assert table(FELT | {"public.weight": 0.0})[1].tobytes() == table({})[1].tobytes()


def test_where_all_blame_the_unions_an_agreement_may_be_worth_less_than_it_saves():
    pays = FELT | {"public.blaming_governor": 0.0, "public.failure_blame": 0.5}
    batch, on = table(pays)
    _, off = table({})
    deal = batch.agenda.find(wages=0.25)
    assert on[deal] < 0 < off[deal]
    assert on.max() == pytest.approx(off.max())


def test_where_a_failure_pays_more_than_any_agreement_he_wants_none():
    pays = FELT | {"public.blaming_governor": 0.0, "public.failure_blame": 1.0}
    batch, on = table(pays | {"public.weight": 2.0})
    _, off = table({})
    laid_off = batch.plan_b_layoffs[0] / 45000
    gained = 2 * (0.02 - 1.0 + 0.3 * laid_off)
    assert on.max() == pytest.approx(off.max() + gained)
    assert on.max() < 0


def test_approval_weighs_on_packages_with_taxes_and_layoffs():
    batch, on = table(FELT | {"public.tax_cost": 1.0, "public.layoff_cost": 2.0})
    _, off = table({})
    fell = off - on
    find = batch.agenda.find
    assert fell[find(tax_share=0.1)] > fell[find(tax_share=0.0)]
    assert fell[find(negotiated_layoffs=2500.0)] > fell[find(negotiated_layoffs=0.0)]


# ------------------------------------------------------------------------------- watching the talks


class Offers:
    """Make the offers of a list, one a turn, and refuse everything."""

    script = ()

    def propose(self, history):
        return np.full(len(history.worlds), self.script[history.turn % len(self.script)])

    def accepts(self, history):
        return np.zeros(len(history.worlds), dtype=bool)


def watched(script, values):
    """Approval after each turn of talks in which the governor begins and nobody ever accepts."""
    governor = type("ScriptedGovernor", (Offers, Governor), {"script": script})
    coalition = type("ScriptedCoalition", (Offers, Coalition), {"script": script})
    model = BargainingModel(
        "sebac-2011",
        WORLDS,
        set=FELT | {"talks.first_proposer": "governor"} | values,
        rng=5,
        governor=governor,
        coalition=coalition,
    )
    path = []
    while model.running:
        model.step()
        path.append((model.approval.copy(), model.secrecy.copy()))
    return model, path[:-1]


REFUSALS = {
    "public.moderate_from": 0.5,
    "public.moderate_to": 0.85,
    "public.refusal_cost": 0.02,
    "public.refusal_credit": 0.01,
    "calendar.rounds": 5,
}
OPEN = {"information.rule": "open_door"}


@pytest.fixture(scope="module")
def packages():
    """Give a moderate package, another, and one that is not moderate."""
    find = Batch(Settings([load_scenario("sebac-2011")]), np.arange(1), 0).agenda.find
    one = find(wages=1.0, health=0.75, pensions=0.75)
    other = find(wages=1.0, health=0.5, pensions=0.5)
    return one, other, find(wages=1.0, health=1.0, pensions=1.0)


def test_who_refuses_a_moderate_offer_in_view_of_the_public_is_blamed_once_for_it(packages):
    one, other, extreme = packages
    # Governor: one, one, extreme. Coalition: other, other, one.
    _, path = watched((one, other, one, other, extreme, one), REFUSALS | OPEN)
    changes = np.diff([0.467, *(approval[0] for approval, _ in path)])
    assert changes == pytest.approx([0.0, 0.01, -0.02, 0.0, 0.0], abs=1e-12)


def test_a_half_closed_door_hides_half_of_it_and_a_closed_one_all(packages):
    one, other, _ = packages
    half = {"information.secrecy": 0.5}
    _, path = watched((one, other), REFUSALS | half)
    assert path[-1][0] == pytest.approx(np.full(WORLDS, 0.467 + 0.5 * (0.01 - 0.02)))
    _, path = watched((one, other), REFUSALS | {"information.secrecy": 1.0})
    assert (path[-1][0] == 0.467).all()


def test_a_leak_shows_what_was_refused_before_and_costs_by_itself(packages):
    one, other, _ = packages
    leaky = {"information.leak_hazard": 0.3, "public.leak_cost": 0.1}
    _, path = watched((one, other), REFUSALS | leaky)
    refused = np.array([0.0, 0.01, 0.01 - 0.02, -0.01, -0.01])
    for balance, (approval, secrecy) in zip(refused, path, strict=True):
        assert approval == pytest.approx(0.467 + (1 - secrecy) * (balance - 0.1), abs=1e-12)
    leaked_at = [tuple(secrecy < 1) for _, secrecy in path]
    assert len(set(leaked_at)) > 2
    assert all((before[1] >= after[1]).all() for before, after in pairwise(path))


def test_town_halls_are_held_as_long_as_the_talks_go_on(packages):
    meetings = {"public.town_halls": 12, "public.town_hall_effect": 0.001, "calendar.rounds": 5}
    _, path = watched((packages[2],), meetings)
    assert [approval[0] for approval, _ in path] == pytest.approx(
        [0.469, 0.471, 0.473, 0.475, 0.477]
    )
    values = ON | meetings | {"public.approval": 0.4, "calendar.rounds": 12}
    frame = negotiate(worlds=WORLDS, seed=4, set=values).frame()
    at = frame["approval_at_agreement"].to_numpy()
    turns = frame["round"].to_numpy(dtype=int)
    assert at == pytest.approx(0.4 + 0.001 * (12 * turns // 13), abs=1e-12)


# ------------------------------------------------------------------------------------ the verdict


def test_the_public_judges_how_it_ended():
    values = FELT | {"ratification.second_vote": False, "governor.tax_pledge": 0.1}
    values |= {"governor.cost_of_taxes": 1.0, "members.fairness": 0.4}
    frame = negotiate(worlds=401, seed=8, set=values).frame()
    final = frame["ratified"].to_numpy()
    taxes = frame["tax_share"].to_numpy()
    # What is moved at the talks is nothing here: no town halls, no refusals.
    assert 0 < final.sum() < 401
    assert len(set(taxes[final])) > 1
    after_deal = 0.467 + 0.02 - 0.1 * taxes - 0.3 * frame["layoffs"] / 45000
    after_failure = 0.467 - 0.04 * (0.75 - 0.25) - 0.3 * 4742 / 45000
    expected = np.where(final, after_deal, after_failure)
    assert frame["approval"].to_numpy() == pytest.approx(expected, abs=1e-12)
    assert (frame["approval_at_agreement"] == 0.467).all()


@pytest.mark.slow
def test_the_public_judges_the_layoffs_that_are_carried_out():
    values = {"ratification.second_vote": False, "legislature.effect_of_approval": 0.0}
    values |= {"public.weight": 0.0}
    frames = [
        negotiate("connecticut-2011", 23, seed=8, set=values | {"public.layoff_cost": cost}).frame()
        for cost in (1.0, 0.0)
    ]
    assert (frames[0]["layoffs"] == frames[1]["layoffs"]).all()
    assert frames[0]["layoffs"].nunique() > 1
    fell = (frames[1]["approval"] - frames[0]["approval"]).to_numpy()
    assert fell == pytest.approx(frames[0]["layoffs"].to_numpy() / 45000, abs=1e-9)


@pytest.mark.slow
def test_the_legislature_knows_of_a_failure_before_it_votes():
    values = {"ratification.second_vote": False, "public.failure_blame": 1.0}
    values |= {"legislature.effect_of_approval": 100.0}
    passed = [
        negotiate("connecticut-2011", 101, seed=8, set=values | {"public.blaming_governor": share})
        .frame()["budget_passed"]
        .mean()
        for share in (0.1, 0.9)
    ]
    assert passed[0] > passed[1]


def test_approval_at_the_agreement_is_missing_without_one():
    values = FELT | {"governor.tactic": "obstinate", "coalition.tactic": "obstinate"}
    frame = negotiate(worlds=WORLDS, seed=8, set=values).frame()
    assert not frame["agreed"].any()
    assert frame["approval_at_agreement"].isna().all()
    assert frame["approval"].notna().all()
    assert (frame["utility_governor"] == 0).all()


def test_another_public_may_judge_otherwise():
    class Fond(Public):
        def judges(self, approval, news):
            return np.ones_like(approval)

    model = play(BargainingModel(worlds=WORLDS, set=FELT, rng=1, public=Fond))
    assert (Outcome([model]).frame()["approval"] == 1).all()


# ------------------------------------------------------------------------------- off, and on alone


def test_without_the_switch_nothing_is_changed(assert_same_bits):
    plain = negotiate(worlds=23, seed=9)
    off = negotiate(worlds=23, seed=9, set=FELT | {"public.on": False})
    assert_same_bits(plain.frame(), off.frame())
    assert_same_bits(plain.offers(), off.offers())
    assert "approval" not in off.frame()
    assert "approve" not in tell_story(off)


def test_what_the_public_thinks_moves_the_talks_only_if_the_governor_cares(assert_same_bits):
    plain = negotiate(worlds=23, seed=9)
    watched_only = negotiate(worlds=23, seed=9, set=FELT | {"public.weight": 0.0})
    assert_same_bits(plain.offers(), watched_only.offers())
    kept = watched_only.frame().drop(columns=["approval", "approval_at_agreement"])
    assert_same_bits(plain.frame(), kept)
    assert "46.7%" in tell_story(watched_only)


FINE = {"calendar.rounds": 60}  # with 12 rounds the last offers are too far apart for small stakes


def paired(measure, values, worlds=2000):
    """The mean of the paired differences, and half of its 95 % interval."""
    frames = [negotiate(worlds=worlds, seed=2011, set=FINE | v).frame() for v in ({}, values)]
    before, after = (frame[measure].to_numpy(dtype=float) for frame in frames)
    difference = (after - before)[np.isfinite(after - before)]
    return difference.mean(), 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))


@pytest.mark.slow
def test_on_its_own_a_governor_who_fears_the_public_settles_for_less():
    settled, half = paired("savings", FELT)
    assert settled + half < 0
    sooner, half = paired("round", FELT)
    assert sooner + half < 0


def test_where_the_public_blames_the_unions_he_settles_for_more():
    blame = {"public.blaming_governor": 0.0, "public.failure_blame": 0.2}
    mean, half = paired("savings", FELT | blame)
    assert mean - half > 0


def test_a_world_does_not_know_who_else_is_watched(assert_same_bits):
    values = FELT | REFUSALS | {"information.rule": "leaky", "talks.breakdown": 0.05}
    values |= {"public.town_halls": 14, "public.town_hall_effect": 0.001, "calendar.rounds": 12}
    whole = negotiate(worlds=23, seed=3, set=values).frame()
    parts = [negotiate(worlds=1, seed=3, set=values, first_world=w).frame() for w in (0, 7, 22)]
    for part in parts:
        assert_same_bits(whole.loc[part.index].reset_index(), part.reset_index())
    assert whole["approval"].nunique() > 3


def test_an_offer_that_was_never_made_is_not_refused():
    quiet = {
        "information.audience_cost_governor": 50.0,
        "information.audience_cost_coalition": 50.0,
    }
    values = FELT | REFUSALS | OPEN | quiet | {"public.moderate_from": 0.0}
    model = play(BargainingModel(worlds=WORLDS, set=values, rng=1))
    made = (model.offers != NO_OFFER).any(0)
    frame = Outcome([model]).frame()
    assert np.isfinite(frame["approval"]).all()
    assert made[0] or (frame["approval"] < 0.467).all()
