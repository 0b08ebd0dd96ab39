"""Ground rules are bargained first: which rule comes of it, and when each side wants which."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import sim
from sim.cases.loading import as_document, load_scenario, parse_scenario, with_values
from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.verify import verify
from sim.experiments.statistics.paired import measured
from sim.inputs.problems import InputError
from sim.mechanisms.ground_rules import agreed, favourite
from sim.play.model import BargainingModel
from sim.play.prenegotiation import Option, bargain
from sim.show.story import tell_story
from sim.worlds.settings import same_shape

GOVERNOR = "information.audience_cost_governor"
COALITION = "information.audience_cost_coalition"
ON = {"ground_rules.on": True}
CLOSED, OPEN, LEAKY = Option("closed_door", 12), Option("open_door", 12), Option("leaky", 12)
UTILITIES = arrays.arrays(float, 5, elements=st.floats(-1, 1))


def chosen(governor, coalition):
    table = sim.ground_rules("sebac-2011", set={GOVERNOR: governor, COALITION: coalition})
    return {name: table[table[name]]["rule"].item() for name in table.columns[-3:]}


def over(utilities):
    """Give a kind of model whose talks are over, and what they are worth to the two sides."""

    def kind(scenario, worlds, rng):
        governor, coalition = utilities(scenario)
        return SimpleNamespace(
            running=False, governor=governor, coalition=coalition, final_utility=np.atleast_1d
        )

    return kind


@pytest.fixture(scope="module")
def three_deadlines():
    """Load the base case with ground rules on, and two deadlines besides its own."""
    document = as_document(load_scenario("sebac-2011"))
    document["ground_rules"] = {"on": True, "deadlines": [7, 23], "pilot_worlds": 11}
    return parse_scenario(document, "three deadlines")


# ------------------------------------------------------------------------------ the rules, by hand


def test_both_must_gain_and_the_largest_product_of_gains_is_agreed():
    governor = np.array([0.2, 0.9, 0.55, 0.4, 0.6])
    coalition = np.array([0.3, 0.2, 0.6, 0.8, 0.4])
    # gains: (.7, -.1) not for the coalition; .35 x .3 = .105; .2 x .5 = .10, a larger sum; .4 x .1 = .04
    assert agreed(governor, coalition) == 2
    assert favourite(governor) == 1
    assert favourite(coalition) == 3


def test_two_losses_are_no_gain():
    assert agreed(np.array([0.5, 0.1, 0.6]), np.array([0.5, 0.1, 0.6])) == 2
    assert agreed(np.array([0.5, 0.1]), np.array([0.5, 0.1])) == 0


def test_what_only_ties_with_no_rules_is_neither_wanted_nor_agreed():
    tie = np.array([0.5, 0.5 + 1e-12])
    better = np.array([0.5, 0.7])
    assert favourite(tie) == 0
    assert agreed(tie, better) == agreed(better, tie) == 0
    assert agreed(better, better) == favourite(better) == 1


@given(UTILITIES, UTILITIES)
def test_nobody_is_worse_off_than_without_rules_and_no_better_product_is_passed_over(one, other):
    option = agreed(one, other)
    assert one[option] >= one[0]
    assert other[option] >= other[0]
    both = (one > one[0] + 1e-9) & (other > other[0] + 1e-9)
    products = ((one - one[0]) * (other - other[0]))[both]
    assert (option != 0) == both.any()
    if both.any():
        assert (one[option] - one[0]) * (other[option] - other[0]) == products.max()


@given(UTILITIES, st.floats(0.1, 5), st.floats(-3, 3))
def test_the_choice_does_not_depend_on_the_scale_of_utility(expected, scale, shift):
    whole = np.round(expected, 3)  # so that no difference is near the tie
    other = whole[::-1].copy()
    assert agreed(whole, other) == agreed(whole * scale + shift, other)
    assert favourite(whole) == favourite(whole * scale + shift)


def test_a_side_looks_at_what_it_believes_of_the_others_audience_cost(sebac):
    seen = []

    def pilot(scenario):
        information = scenario.information
        seen.append((information.audience_cost_governor, information.audience_cost_coalition))
        assert not scenario.ground_rules.on
        return information.secrecy, 1 - information.secrecy

    values = ON | {"ground_rules.governor_believes": 0.0, "ground_rules.coalition_believes": 2.0}
    bargained = bargain(with_values(sebac, values | {GOVERNOR: 0.7, COALITION: 0.3}), over(pilot))
    assert seen == [(0.7, 0.0)] * 3 + [(1.4, 0.3)] * 3
    assert bargained.options == (OPEN, CLOSED, LEAKY)
    assert bargained.to_governor.tolist() == [0, 1, 1]
    assert bargained.to_coalition.tolist() == [1, 0, 0]
    assert (bargained.governor_wanted, bargained.coalition_wanted) == (CLOSED, OPEN)
    assert bargained.chosen == OPEN


def test_the_options_are_every_rule_with_every_deadline_after_what_holds_without(three_deadlines):
    bargained = bargain(three_deadlines, over(lambda scenario: (scenario.calendar.rounds, 1.0)))
    assert bargained.options[0] == OPEN
    assert len(bargained.options) == 7
    assert {option.rounds for option in bargained.options} == {7, 12, 23}
    assert bargained.governor_wanted.rounds == 23
    closed = with_values(three_deadlines, {"ground_rules.without_rules": "closed_door"})
    assert bargain(closed, over(lambda scenario: (1.0, 1.0))).chosen == CLOSED


# ------------------------------------------------------------------------- what emerges, at the table


@pytest.mark.slow
def test_the_coalition_wants_open_doors_until_its_own_audience_would_break_the_talks():
    """A side that can tie its hands in public gains by it, as long as there is a deal to be had."""
    wants = [chosen(1.0, cost)["coalition_wanted"] for cost in (0.0, 0.5, 2.0)]
    assert wants == ["closed_door", "open_door", "closed_door"]


@pytest.mark.slow
def test_so_does_the_governor():
    wants = [chosen(cost, 0.2)["governor_wanted"] for cost in (0.0, 2.0, 10.0)]
    assert wants == ["closed_door", "open_door", "closed_door"]


def test_a_side_that_alone_is_watched_wants_open_doors_and_the_other_closed_ones():
    """One-sided commitment is leverage (Leventoglu and Tarar 2005)."""
    governor, leaders = chosen(2.0, 0.0), chosen(0.0, 1.0)
    assert (governor["governor_wanted"], governor["coalition_wanted"]) == (
        "open_door",
        "closed_door",
    )
    assert (leaders["governor_wanted"], leaders["coalition_wanted"]) == ("closed_door", "open_door")


@pytest.mark.slow
def test_closed_doors_are_agreed_only_where_both_have_much_to_lose_in_public():
    assert chosen(0.0, 2.0)["chosen"] == chosen(2.0, 0.0)["chosen"] == "open_door"
    assert chosen(0.5, 0.5)["chosen"] == "open_door"
    assert chosen(2.0, 2.0)["chosen"] == "closed_door"


@pytest.mark.slow
def test_a_side_that_does_not_count_on_the_others_audience_wants_other_rules():
    values = {GOVERNOR: 1.5, COALITION: 1.5}
    knows = sim.ground_rules("sebac-2011", set=values)
    naive = sim.ground_rules("sebac-2011", set=values | {"ground_rules.governor_believes": 0.0})
    assert knows[knows["governor_wanted"]]["rule"].item() == "closed_door"
    assert naive[naive["governor_wanted"]]["rule"].item() == "open_door"
    assert naive[naive["chosen"]]["rule"].item() == "open_door"
    assert naive["coalition"].tolist() == knows["coalition"].tolist()


def test_in_the_full_case_closed_doors_are_agreed_as_on_2_march_2011():
    outcome = sim.negotiate("connecticut-2011", 2, seed=3)
    assert outcome.scenario.information.rule == "closed_door"
    assert outcome.frame()["secrecy_rule"].eq("closed_door").all()


# ------------------------------------------------------------------------------ in the model


def test_off_is_the_scenario_without_the_table(sebac, assert_same_bits):
    table = {"ground_rules.without_rules": "leaky", "ground_rules.pilot_worlds": 7}
    plain, off = (sim.negotiate(sebac, 211, seed=5, set=values) for values in ({}, table))
    assert_same_bits(plain.frame(), off.frame())
    assert_same_bits(plain.offers(), off.offers())


@pytest.mark.slow
def test_off_is_the_full_case_without_the_table(assert_same_bits):
    full = load_scenario("connecticut-2011")
    document = as_document(full)
    del document["ground_rules"]
    without = sim.negotiate(parse_scenario(document, "without"), 53, seed=5)
    off = sim.negotiate(full, 53, seed=5, set={"ground_rules.on": False})
    assert_same_bits(without.frame(), off.frame())


def test_worlds_are_those_of_the_scenario_under_the_rules_agreed_on(sebac, assert_same_bits):
    costs = {GOVERNOR: 2.0, COALITION: 0.5}
    bargained = sim.negotiate(sebac, 31, seed=7, set=ON | costs)
    rules = {"information.rule": "leaky", "calendar.rounds": 12}
    given_them = sim.negotiate(sebac, 31, seed=7, set=costs | rules).frame()
    assert_same_bits(bargained.frame()[given_them.columns], given_them)
    assert bargained.scenario.information.rule == "leaky"


def test_on_alone_it_moves_savings_beyond_their_interval(sebac):
    """With a watched coalition the doors stay open, and the deal is dearer for the governor."""
    costs = {GOVERNOR: 0.0, COALITION: 1.0}
    off, on = (sim.negotiate(sebac, 2000, seed=2011, set=costs | s).frame() for s in ({}, ON))
    both = off["agreed"] & on["agreed"]
    difference = (on["savings"] - off["savings"])[both]
    half = 1.96 * difference.std() / np.sqrt(both.sum())
    assert difference.mean() + half < 0
    assert on["secrecy_rule"].eq("open_door").all()


@pytest.mark.slow
def test_the_agreed_deadline_holds_and_the_columns_tell_it(three_deadlines):
    values = {GOVERNOR: 2.0, COALITION: 2.0}
    outcome = sim.negotiate(three_deadlines, 5, seed=3, set=values)
    table = sim.ground_rules(three_deadlines, set=values)
    rounds = table[table["chosen"]]["rounds"].item()
    assert outcome.scenario.calendar.rounds == rounds != 12
    frame = outcome.frame()
    assert frame["deadline"].eq(rounds).all()
    assert frame["round"].le(rounds).all()
    assert frame["closed_doors"].all()
    assert frame["governor_wanted_closed"].eq(frame["governor_wanted"] == "closed_door").all()
    late = measured(frame, three_deadlines)["late_if_agreed"]
    assert late.eq(frame["round"] >= 0.9 * rounds).all()


@pytest.mark.slow
def test_a_world_is_the_same_alone_and_among_others(three_deadlines, assert_same_bits):
    together = sim.negotiate(three_deadlines, 13, seed=3, first_world=41)
    alone = sim.negotiate(three_deadlines, seed=3, first_world=47)
    assert_same_bits(together.frame().loc[[47]], alone.frame())


def test_the_options_are_tried_with_the_kind_of_model_that_is_played(sebac):
    class Silent(BargainingModel):
        def step(self):
            self.talking[:] = False
            super().step()

    model = Silent(with_values(sebac, ON | {GOVERNOR: 2.0, COALITION: 2.0}))
    assert model.ground_rules[0].to_governor.tolist() == [0, 0, 0]
    assert model.batch.settings.scenario.information.rule == "open_door"


def test_worlds_whose_parties_bargain_over_rules_share_a_model_only_if_they_share_all(sebac):
    one, other = (with_values(sebac, ON | {"governor.beta": beta}) for beta in (0.1, 0.2))
    assert same_shape(one, with_values(sebac, ON))
    assert not same_shape(one, other)
    off = [with_values(case, {"ground_rules.on": False}) for case in (one, other)]
    assert same_shape(*off)


def test_the_story_tells_the_rules_first(three_deadlines):
    told = tell_story(sim.negotiate(three_deadlines, set={GOVERNOR: 2.0, COALITION: 2.0}))
    assert "Ground rules: closed door, " in told
    assert "The governor wanted closed door, the union leaders closed door." in told
    assert "Ground rules" not in tell_story(sim.negotiate("sebac-2011"))


@pytest.mark.slow
def test_a_run_replays_bit_for_bit(tmp_path):
    document = {
        "name": "rules",
        "question": "Which?",
        "scenario": "sebac-2011",
        "replications": 5,
        "seed": 3,
        "set": {"ground_rules.pilot_worlds": 11},
        "sweep": {"ground_rules.on": [True, False], GOVERNOR: [0.0, 2.0]},
        "arms": {"watched": {COALITION: 2.0}},
    }
    results = run_experiment(parse_experiment(document, "rules"), tmp_path / "rules")
    assert verify(results, worlds=20).problems == ()
    summary = results.summary.set_index(["ground_rules.on", GOVERNOR])["closed_doors"]
    assert summary.loc[True].tolist() == [0.0, 1.0]
    assert summary.loc[False].isna().all()


# ------------------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("tables", "place"),
    [
        ({"set": {"information.rule": "open_door"}}, 'set."information.rule"'),
        ({"sweep": {"information.secrecy": [0.0, 1.0]}}, 'sweep."information.secrecy"'),
        ({"arms": {"open": {"information.rule": "open_door"}}}, 'arms.open."information.rule"'),
    ],
)
def test_a_rule_that_is_bargained_over_cannot_also_be_set(tables, place):
    plain = {"name": "x", "question": "?", "scenario": "connecticut-2011", "replications": 1}
    with pytest.raises(InputError) as refused:
        parse_experiment(plain | {"seed": 1} | tables, "x")
    assert [p for p in refused.value.problems if f"{place}: the parties bargain over it" in p]


def test_a_rule_may_be_set_where_nothing_is_bargained_over():
    plain = {"name": "x", "question": "?", "scenario": "connecticut-2011", "replications": 1}
    arms = {"as it was": {}, "open": {"information.rule": "open_door", "ground_rules.on": False}}
    assert len(parse_experiment(plain | {"seed": 1, "arms": arms}, "x").points) == 2
    assert parse_experiment(plain | {"seed": 1, "set": arms["open"]}, "x").points


def test_a_belief_beyond_what_an_audience_cost_can_be_is_refused(sebac):
    values = {GOVERNOR: 500.0, "ground_rules.coalition_believes": 3.0}
    with pytest.raises(
        InputError, match="ground_rules.coalition_believes = 3.*1500; the most is 1000"
    ):
        with_values(sebac, values)
    assert with_values(sebac, values | {"ground_rules.coalition_believes": 2.0})
