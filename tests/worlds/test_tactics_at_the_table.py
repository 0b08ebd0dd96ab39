"""What tactics look at, once there is another side: the clock, its offers, or nothing at all."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim import acceptance, selection, tactics
from sim.agents import Coalition, Governor
from sim.model import BargainingModel
from sim.outcome import Outcome, play
from sim.parameter import choices
from sim.scenario import load_scenario, with_values
from sim.schema import parameters

BY_THE_CLOCK = ("time_dependent", "exponential", "resource_dependent", "obstinate")
IMITATING = ("relative_tit_for_tat", "absolute_tit_for_tat", "averaged_tit_for_tat")
REACTIVE = (*IMITATING, "mixed", "zeuthen")
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
# Packages of mini-ct, worth 50, 65 and 85 points to the governor.
FIFTY, SIXTY_FIVE, EIGHTY_FIVE = (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)


def governors_offers(tactic, theirs, **values):
    """Let the coalition make these offers at turns 0, 2, 4, ...: the governor's, after each of them."""

    class Scripted(Coalition):
        def propose(self, table):
            levels = theirs[min(table.turn // 2, len(theirs) - 1)]
            names = ("wages", "health", "job_security", "tax_share")
            package = self.model.batch.agenda.find(**dict(zip(names, levels, strict=True)))
            return np.full(len(table.worlds), package)

        def accepts(self, table):
            return np.zeros(len(table.worlds), dtype=bool)

    class SaysNo(Governor):
        def accepts(self, table):
            return np.zeros(len(table.worlds), dtype=bool)

    habits = HABITS | {"governor.tactic": tactic, "governor.beta": 1.0}
    case = with_values(load_scenario("mini-ct"), habits | {"talks.first_proposer": "coalition"})
    model = BargainingModel(with_values(case, values), rng=0, governor=SaysNo, coalition=Scripted)
    return play(model).offers[0, 1::2].tolist()


@pytest.mark.parametrize("tactic", REACTIVE)
def test_a_reactive_tactic_answers_another_offer_with_another_offer(tactic):
    little = governors_offers(tactic, [FIFTY, SIXTY_FIVE])
    much = governors_offers(tactic, [FIFTY, EIGHTY_FIVE])
    assert little[:1] == much[:1]
    assert little != much


@pytest.mark.parametrize("tactic", BY_THE_CLOCK)
def test_a_tactic_by_the_clock_does_not(tactic):
    offers = [
        governors_offers(tactic, theirs) for theirs in ([FIFTY, SIXTY_FIVE], [FIFTY, EIGHTY_FIVE])
    ]
    assert offers[0] == offers[1]


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
    for name in choices(parameters()[rule]):
        assert callable(getattr(RULES[rule], name))
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
