"""What tactics look at, once there is another side: the clock, its offers, or nothing at all."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cases.loading import load_scenario, with_values
from sim.cases.schema import TwoLevelGame
from sim.inputs.parameter import choices, parameters, rule_named
from sim.negotiators import acceptance, tactics
from sim.negotiators import bidding as selection
from sim.negotiators.agents import Coalition, Governor
from sim.negotiators.situation import OTHER_SIDE
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play

pytestmark = pytest.mark.slow

BY_THE_CLOCK = ("time_dependent", "exponential", "resource_dependent", "obstinate")
IMITATING = ("relative_tit_for_tat", "absolute_tit_for_tat", "averaged_tit_for_tat")
REACTIVE = (*IMITATING, "mixed", "zeuthen", "bayesian")
STANDOFFS = (
    "war_of_attrition",
    "audience_standoff",
    "deadline_chicken",
    "commitment",
    "optimistic",
    "on_strike",
    "sits_out_a_strike",
)
RULES = {
    "governor.tactic": tactics,
    "coalition.tactic": tactics,
    "talks.selection": selection,
    "talks.acceptance": acceptance,
}
HABITS = {
    "governor.first_concession": 0.01,
    "coalition.first_concession": 0.01,
    "governor.mixed_weight": 0.9,
    "coalition.mixed_weight": 0.9,
    "talks.acceptance_from": 0.5,
    "talks.acceptance_level": 0.4,
}
# What the other side offers, first and then, where it adds little or much: packages of mini-ct, worth
# 50, 55 and 85 points to the governor, or 50, 50 and 95 to the coalition.
OFFERS = {
    "governor": [(2, 0, 1, 1), (2, 0, 1, 0), (2, 2, 1, 1)],
    "coalition": [(2, 2, 1, 1), (2, 2, 1, 1), (1, 0, 1, 1)],
}
ISSUES = ("wages", "health", "job_security", "tax_share")
SEATS = {"governor": Governor, "coalition": Coalition}


def own_offers(side, tactic, theirs, **values):
    """Let the other side make these offers at turns 0, 2, 4, ...: one's own, after each of them."""
    other = OTHER_SIDE[side]

    class Scripted(SEATS[other]):
        def propose(self, history):
            levels = theirs[min(history.turn // 2, len(theirs) - 1)]
            package = self.model.batch.agenda.find(**dict(zip(ISSUES, levels, strict=True)))
            return np.full(len(history.worlds), package)

        def accepts(self, history):
            return np.zeros(len(history.worlds), dtype=bool)

    class SaysNo(SEATS[side]):
        def accepts(self, history):
            return np.zeros(len(history.worlds), dtype=bool)

    habits = HABITS | {f"{side}.tactic": tactic, f"{side}.beta": 1.0, "talks.first_proposer": other}
    case = with_values(load_scenario("mini-ct"), habits | values)
    model = BargainingModel(case, rng=0, **{side: SaysNo, other: Scripted})
    return play(model).offers[0, 1::2].tolist()


def answers(side, tactic, **values):
    """What one offers after little was added to a first offer, and after much was."""
    first, little, much = OFFERS[side]
    return [own_offers(side, tactic, [first, second], **values) for second in (little, much)]


@pytest.mark.parametrize("side", SEATS)
@pytest.mark.parametrize("tactic", REACTIVE)
def test_a_tactic_that_listens_answers_another_offer_with_another_offer(side, tactic):
    little, much = answers(side, tactic, **{f"{side}.learning_error": 0.02})
    assert little[:1] == much[:1]
    assert little != much


@pytest.mark.parametrize("side", SEATS)
def test_offers_chosen_on_what_was_learned_answer_another_offer_with_another_one(side):
    little, much = answers(side, "time_dependent", **{"talks.selection": "learned"})
    assert little[:1] == much[:1]
    assert little != much


@pytest.mark.parametrize("side", SEATS)
@pytest.mark.parametrize("tactic", (*BY_THE_CLOCK, *STANDOFFS, "subgame_perfect"))
def test_a_tactic_by_the_clock_and_one_who_holds_out_do_not(side, tactic):
    demand = {f"{side}.demand": 0.8, f"{side}.discount_factor": 0.95, f"{side}.claim_decay": 0.1}
    little, much = answers(side, tactic, **demand)
    assert little == much


def test_between_them_these_are_all_the_tactics():
    known = {*BY_THE_CLOCK, *REACTIVE, *STANDOFFS, "subgame_perfect"}
    assert known == set(choices(parameters(TwoLevelGame)["governor.tactic"]))


@pytest.mark.parametrize("tactic", IMITATING)
def test_two_sides_who_only_imitate_never_begin_to_give_way(tactic):
    outcome = sim.negotiate("mini-ct", set={"governor.tactic": tactic, "coalition.tactic": tactic})
    assert not outcome.frame()["agreed"].any()
    worths = outcome.offers().groupby("proposer")[["utility_governor", "utility_coalition"]]
    assert worths.nunique().eq(1).all(axis=None)


def test_an_obstinate_side_repeats_its_demand_and_gets_it_from_one_that_gives_way():
    demand = {"governor.tactic": "obstinate", "governor.first_concession": 0.75}
    outcome = sim.negotiate("split-the-pie", set=demand)
    offers = outcome.offers()
    asked = offers.loc[offers["proposer"] == "governor", "utility_governor"]
    assert asked.to_numpy() == pytest.approx(0.25, abs=1e-9)
    assert outcome.frame()["utility_governor"].to_numpy() == pytest.approx(0.25, abs=1e-3)


def test_a_side_with_more_to_hold_out_with_holds_out_longer():
    rounds = [
        sim.negotiate(
            "split-the-pie",
            set={"governor.tactic": "resource_dependent", "governor.resource": resource},
        )
        .frame()["round"]
        .iloc[0]
        for resource in (1.0, 3.0, 10.0)
    ]
    assert rounds == sorted(set(rounds))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_a_scenario_file_may_name_is_there(rule):
    for name in choices(parameters(TwoLevelGame)[rule]):
        assert callable(rule_named(RULES[rule], name))
        assert sim.negotiate("mini-ct", set=HABITS | {rule: name}).offers()["round"].min() == 0


OWN_HABITS = [
    {"imitation_lag": 1, "imitation_window": 3, "mixed_with": "absolute_tit_for_tat"},
    {"imitation_lag": 2, "imitation_window": 1, "mixed_with": "obstinate"},
    {"imitation_lag": 3, "imitation_window": 2, "mixed_with": "resource_dependent"},
    {"imitation_noise": 0.2, "mixed_weight": 0.9, "resource": 2.0, "discount_factor": 0.9},
    {"imitation_noise": 0.1, "mixed_weight": 0.1, "resource": 9.0, "first_concession": 0.2},
]
NEW_CHOICES = [
    *(("governor.tactic", name) for name in ("resource_dependent", "obstinate", *REACTIVE)),
    ("talks.selection", "cheapest"),
    *(
        ("talks.acceptance", f"ac_{name}")
        for name in ("combi_average", "combi_best", "const", "time")
    ),
]


@pytest.mark.parametrize("choice", NEW_CHOICES, ids=lambda choice: choice[1])
def test_worlds_with_habits_of_their_own_play_together_as_each_does_alone(assert_same_bits, choice):
    base = with_values(load_scenario("sebac-2011"), HABITS | dict([choice]))
    cases = [
        with_values(base, {f"governor.{name}": value for name, value in own.items()})
        for own in OWN_HABITS
    ]
    together = Outcome([play(BargainingModel(cases, len(cases), rng=7, first_world=3))])
    alone = [sim.negotiate(case, seed=7, first_world=3 + w) for w, case in enumerate(cases)]
    for table in ("frame", "offers"):
        one, other = getattr(together, table)(), [getattr(each, table)() for each in alone]
        assert_same_bits(one, pd.concat(other, ignore_index=table == "offers"))
