"""A cost of delay, and of a strike, by the turn: what it takes, from when, and what sides make of it."""

import numpy as np
import pytest

import sim
from sim.cases.loading import load_scenario, with_values
from sim.mechanisms.delay import turns_that_cost
from sim.negotiators.history import NO_OFFER
from sim.play.measures import measures_of

STRIKE = {"strike.on": True, "strike.governor": 4.0, "strike.coalition": 2.0, "strike.begins": 3}
DELAY = {"delay.on": True, "delay.governor": 1.0, "delay.coalition": 0.5}
PRICES = {name: value for name, value in (STRIKE | DELAY).items() if not name.endswith(".on")}
NEVER = {"governor.tactic": "obstinate", "coalition.tactic": "obstinate"}
SPANS = {
    "governor": 100 - 25,
    "coalition": 100 - 35,
}  # points of mini-ct: the best less no agreement


def play(worlds=53, **values):
    return sim.negotiate("mini-ct", worlds, seed=3, set=values)


def test_only_turns_from_the_one_with_which_it_begins_cost_something():
    turns = np.array([0, 2, 3, 4, 9])
    assert turns_that_cost(turns, np.array([3])).tolist() == [0, 0, 0, 1, 6]
    assert turns_that_cost(turns, np.array([0, 1, 3, 5, 7])).tolist() == [0, 1, 0, 0, 2]


def test_off_its_values_change_no_bit():
    plain, priced = play().frame(), play(**PRICES).frame()
    assert priced.equals(plain)
    assert play().offers().equals(play(**PRICES).offers())


def test_a_strike_that_costs_nothing_changes_nothing_but_that_it_is_counted():
    free = play(**{"strike.on": True, "strike.begins": 3}).frame()
    plain = play().frame()
    assert free[list(plain)].equals(plain)
    assert free["strike_rounds"].tolist() == np.maximum(plain["round"] - 3, 0).tolist()


def test_an_agreement_is_worth_its_points_less_the_turns_before_it():
    outcome = play(**STRIKE, **DELAY)
    frame, gross = outcome.frame(), sim.solve("mini-ct")
    assert frame["agreed"].all()
    for side in SPANS:
        points = [
            gross.packages[side][gross.agenda.find(**{n: row[n] for n in gross.agenda.names})]
            for row in frame.to_dict("records")
        ]
        batna = gross.disagreement[["governor", "coalition"].index(side)]
        delay = DELAY[f"delay.{side}"] * frame["round"]
        strike = STRIKE[f"strike.{side}"] * frame["strike_rounds"]
        assert frame[f"cost_of_delay_{side}"].tolist() == delay.tolist()
        assert frame[f"cost_of_strike_{side}"].tolist() == strike.tolist()
        worth = (np.array(points) - batna - delay - strike) / SPANS[side]
        assert frame[f"utility_{side}"].to_numpy(float) == pytest.approx(worth.to_numpy(float))


def test_without_an_agreement_every_turn_is_lost():
    frame = play(**STRIKE, **DELAY, **NEVER).frame()
    assert (frame["status"] == "impasse").all()
    assert (frame["strike_rounds"] == 13 - 3).all()  # turns 0 to 12, the first three at work
    assert (frame["cost_of_delay_governor"] == 13).all()
    assert frame["utility_governor"].to_numpy() == pytest.approx(-(13 + 4 * 10) / 75)
    assert frame["utility_coalition"].to_numpy() == pytest.approx(-(6.5 + 2 * 10) / 65)


def test_talks_that_break_down_cost_no_more_turns():
    broken = play(211, **STRIKE, **NEVER, **{"talks.breakdown": 0.15})
    frame, offers = broken.frame(), broken.offers()
    last = offers.groupby("world")["round"].max()
    assert frame["strike_rounds"].tolist() == np.maximum(last + 1 - 3, 0).tolist()
    assert frame["strike_rounds"].nunique() > 5


def test_who_loses_by_waiting_takes_less_sooner():
    rounds = [
        play(**{"strike.on": True, "strike.governor": cost, "strike.coalition": cost})
        .frame()["round"]
        .mean()
        for cost in (0.0, 10.0, 20.0, 40.0)
    ]
    assert rounds == sorted(rounds, reverse=True)
    assert rounds[0] > rounds[-1] + 1


def test_no_side_signs_for_less_than_no_agreement_however_dear_the_strike():
    dear = {"strike.on": True, "strike.governor": 500.0, "strike.coalition": 500.0}
    for tactic in ("time_dependent", "subgame_perfect", "zeuthen"):
        outcome = play(**dear, **{"governor.tactic": tactic, "coalition.tactic": tactic})
        game, frame = sim.solve("mini-ct"), outcome.frame()
        agreed = frame[frame["agreed"]]
        assert len(agreed)
        numbers = [
            game.agenda.find(**{name: row[name] for name in game.agenda.names})
            for row in agreed.to_dict("records")
        ]
        assert game.packages["zopa"][numbers].all()


def test_claims_come_down_from_the_turn_on_which_work_stops():
    claims = {}
    for begins in (0, 10):
        set_ = {
            "strike.begins": begins,
            "strike.governor": 0.0,
            "talks.first_proposer": "coalition",
        }
        offers = sim.negotiate("strike", set=set_, seed=1).offers()
        claims[begins] = offers[offers["proposer"] == "coalition"].set_index("round")["raise"]
    late, at_once = claims[10], claims[0]
    assert late.loc[:10].nunique() == 1
    assert at_once.loc[:10].is_monotonic_decreasing
    assert late.loc[20] == at_once.loc[10]


def test_worlds_that_differ_in_what_time_costs_play_as_they_would_alone():
    scenario = with_values(load_scenario("mini-ct"), STRIKE)
    varied = [(begins, cost) for begins in (0, 3, 7) for cost in (0.0, 3.0, 9.0)]
    cases = [
        with_values(scenario, {"strike.begins": begins, "strike.governor": cost})
        for begins, cost in varied
    ]
    model = sim.BargainingModel(cases, len(cases), rng=3)
    model.run_model()
    for world, case in enumerate(cases):
        alone = sim.BargainingModel(case, 1, rng=3, first_world=world)
        alone.run_model()
        assert model.offers[world].tolist() == alone.offers[0].tolist()
        for party in ("governor", "coalition"):
            together = model.final_utility(getattr(model, party))[world]
            assert together == alone.final_utility(getattr(alone, party))[0]
    assert (model.offers[:, -1] == NO_OFFER).any()


def test_its_columns_are_there_where_it_is_on():
    assert "strike_rounds" not in measures_of(load_scenario("mini-ct"))
    frame = play(**STRIKE).frame()
    assert {"strike_rounds", "cost_of_strike_governor"} <= set(frame)
    assert "cost_of_delay_governor" not in frame


def test_the_story_tells_of_the_strike_and_what_it_cost():
    told = sim.tell_story(sim.negotiate("strike", seed=1))
    assert "There were 14 rounds of strike." in told
    assert "The strike has cost the governor 42 points and the union leaders 28." in told
