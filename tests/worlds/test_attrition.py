"""Theories of delay played at the table: who gives in, when, and how often nobody does.

On the pie a demand is a share of what there is to divide, so that the theories must come out but for
the turns: a side gives in at its first turn after its time has come, and at its last chance at the
latest unless it never does. Given that, every world is told exactly from its draws; and over many
worlds the closed forms hold, within the sampling error and a delay of up to two turns.
"""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sim
from oracles.strikes import Strike
from sim.arrays.streams import Stream, uniforms
from sim.negotiators.agents import Coalition
from sim.negotiators.history import NO_OFFER
from sim.negotiators.tactics.attrition import Demands
from sim.play.outcome import Outcome, play
from sim.theory.attrition import CrisisBargaining, ReputationalBargaining
from sim.theory.commitment import committed_share
from sim.theory.deadlines import agreement_date, missed_deadline_probability

pytestmark = pytest.mark.slow

ZONE = 1 / 3  # what there is to gain from an agreement on the pie, in the utility of either side
CELL = 1 / 2000  # a step of the pie's levels, of that
SEED = 2000
STANDOFFS = (
    "war_of_attrition",
    "audience_standoff",
    "deadline_chicken",
    "optimistic",
    "commitment",
)
STRIKE = {"coalition.tactic": "on_strike", "governor.tactic": "sits_out_a_strike"}


def sides(name, governor, coalition):
    return {f"governor.{name}": governor, f"coalition.{name}": coalition}


def talks(tactic, worlds=1, case="split-the-pie", **values):
    plain = sides("tactic", tactic, tactic) | {"talks.first_proposer": "random"}
    return play(sim.BargainingModel(case, worlds, set=plain | values, rng=SEED))


def shares(model):
    """Give what each side has of the pie, in rows of worlds; 0 without an agreement."""
    package = np.maximum(model.agreement, 0)
    worlds = np.arange(len(package))
    each = [side.valuation.of(package, worlds) / ZONE for side in (model.governor, model.coalition)]
    agreed = model.agreement != NO_OFFER
    return np.where(agreed[:, None], np.stack(each, axis=-1), 0.0)


def resolve(model):
    streams = (Stream.GOVERNOR_RESOLVE, Stream.COALITION_RESOLVE)
    return np.hstack([uniforms(SEED, stream, model.batch.numbers) for stream in streams])


def assert_told_by(model, demands, time, at_last):
    """Check every world against the times at which its sides give in, or would at their last turn."""
    rounds, first = model.batch.rounds, model.batch.governor_first
    begins = np.stack([~first, first], axis=-1).astype(int)
    last = rounds - 1 + (rounds - 1 - begins) % 2
    turn = begins + 2 * np.ceil(np.maximum(time - begins, 0) / 2)
    turn = np.where(turn <= last, turn, np.where(at_last(last), last, np.inf))
    ends = turn.min(-1)
    assert (model.agreement == NO_OFFER).tolist() == np.isinf(ends).tolist()
    agreed = np.isfinite(ends)
    assert model.agreed_round[agreed].tolist() == np.maximum(ends, 1)[agreed].tolist()
    lost = (turn == ends[:, None])[agreed]
    left = 1 - np.array(demands)[::-1]
    assert shares(model)[agreed] == pytest.approx(np.where(lost, left, demands), abs=CELL)


def share_of(mask):
    """Give the share of worlds and three standard errors of it."""
    share = mask.mean()
    return share, 3 * math.sqrt(max(share * (1 - share), 1 / len(mask)) / len(mask))


# ---------------------------------------------------------------------------- Abreu and Gul (2000)

WARS = {
    "the governor is thought the more obstinate": ((0.6, 0.6), (0.99, 0.99), (0.2, 0.1)),
    "the governor asks for more": ((0.7, 0.6), (0.99, 0.99), (0.1, 0.1)),
    "the governor is the less patient": ((0.6, 0.6), (0.98, 0.99), (0.1, 0.1)),
}


def war(demands, patience, obstinate, worlds=5003, **values):
    values = sides("demand", *demands) | sides("obstinacy", *obstinate) | values
    return talks("war_of_attrition", worlds, **values | sides("discount_factor", *patience))


def theory_of(demands, patience, obstinate):
    return ReputationalBargaining(np.array(demands), -np.log(patience), np.array(obstinate))


@pytest.mark.parametrize("case", WARS.values(), ids=WARS.keys())
@pytest.mark.parametrize("rounds", [2, 23, 24])
def test_every_war_of_attrition_is_told_by_its_draws(case, rounds):
    model = war(*case, worlds=1009, **{"calendar.rounds": rounds})
    time = theory_of(*case).concession_time(resolve(model))
    assert_told_by(model, case[0], time, lambda last: np.isfinite(time))


@pytest.mark.parametrize("case", WARS.values(), ids=WARS.keys())
def test_wars_of_attrition_end_as_the_closed_form_has_it(case):
    model = war(*case, **{"calendar.rounds": 400})
    theory, agreed = theory_of(*case), model.agreement != NO_OFFER
    nobody, error = share_of(~agreed)
    assert nobody == pytest.approx(theory.no_agreement, abs=error)
    delay = model.agreed_round[agreed]
    error = 3 * stats.sem(delay)
    assert theory.mean_delay - error < delay.mean() < theory.mean_delay + 2 + error
    gained = shares(model)
    for side, weak in enumerate(theory.concedes_at_once > 0):
        at_once, error = share_of(agreed & (model.agreed_round == 1) & (gained[:, side] < 0.5))
        slowly = theory.conceded_by(1.0)[side]
        assert theory.concedes_at_once[side] - error < at_once < slowly + error
        assert weak == (at_once > 0.1)


def test_a_side_that_is_free_to_choose_has_what_the_closed_form_promises():
    case = WARS["the governor is thought the more obstinate"]
    model = war(*case, **{"calendar.rounds": 400})
    worth = shares(model) * 0.99 ** model.agreed_round[:, None]
    free = resolve(model) < 1 - np.array(case[2])
    for side, promised in enumerate(theory_of(*case).payoffs):
        mine = worth[free[:, side], side]
        reach = 3 * stats.sem(mine)
        assert promised * 0.99**2 - reach < mine.mean() < promised + reach


@pytest.mark.parametrize("rounds", [1, 2, 12, 101])
def test_without_an_agreement_both_sides_were_obstinate_however_short_the_talks(rounds):
    model = war((0.8, 0.7), (0.9, 0.9), (0.5, 0.4), worlds=1009, **{"calendar.rounds": rounds})
    obstinate = resolve(model) >= 1 - np.array([0.5, 0.4])
    assert (model.agreement == NO_OFFER).tolist() == obstinate.all(-1).tolist()


def test_demands_that_leave_room_for_each_other_are_no_war():
    model = war((0.4, 0.5), (0.99, 0.99), (0.9, 0.9), worlds=211)
    assert (model.agreed_round == 1).all()


def test_only_what_giving_in_brings_against_what_it_loses_makes_the_standoff():
    demands = np.array([[0.6, 0.7], [0.9, 0.8], [0.55, 0.5]])
    won, conceded = demands, 1 - demands[:, ::-1]
    assert Demands(won, conceded).as_shares == pytest.approx(demands)
    assert Demands(3 * won, 3 * conceded).as_shares == pytest.approx(demands)
    scale = np.array([0.2, 5.0])
    assert Demands(scale * won, scale * conceded).as_shares == pytest.approx(demands)


# ----------------------------------------------------------------------------------- Fearon (1994)

DEMANDS, COSTS = (0.75, 0.7), (0.002, 0.001)


def before_audiences(costs, worlds=5003, **values):
    values = sides("demand", *DEMANDS) | sides("audience_cost_growth", *costs) | values
    return talks("audience_standoff", worlds, **values)


def dispute(costs, secrecy=0.0):
    stake = (sum(DEMANDS) - 1) * ZONE
    at_risk = (1 - np.array(DEMANDS)[::-1]) * ZONE
    return CrisisBargaining(np.array(costs) * (1 - secrecy) / stake, 1.0, at_risk / stake)


@pytest.mark.parametrize("rounds", [7, 40, 151])
@pytest.mark.parametrize("secrecy", [0.0, 0.5])
def test_every_dispute_before_audiences_is_told_by_its_draws(rounds, secrecy):
    values = {"calendar.rounds": rounds, "information.secrecy": secrecy}
    model = before_audiences(COSTS, 1009, **values)
    theory, drawn = dispute(COSTS, secrecy), resolve(model)
    fights_for = (1 - drawn) * theory.cost_of_war / theory.audience_costs
    time = theory.backing_down_time(drawn)
    assert_told_by(model, DEMANDS, time, lambda last: fights_for > last)


def test_the_stronger_audience_backs_down_less_as_the_closed_form_has_it():
    model = before_audiences(COSTS, **{"information.secrecy": 0.0, "calendar.rounds": 400})
    theory, gained = dispute(COSTS), shares(model)
    for side, chance in enumerate(theory.backs_down):
        backed_down, error = share_of((gained[:, side] > 0) & (gained[:, side] < 0.5))
        slack = theory.hazards(0.0).sum()  # who would be first may be second by a turn
        assert backed_down == pytest.approx(chance, abs=error + slack)
    nobody, error = share_of(model.agreement == NO_OFFER)
    assert nobody == pytest.approx(theory.war, abs=error)
    assert theory.backs_down[0] < theory.backs_down[1] - 0.2


def test_behind_closed_doors_nobody_pays_for_backing_down_and_all_do_in_the_end():
    model = before_audiences(COSTS, 1009, **{"information.secrecy": 1.0, "calendar.rounds": 50})
    assert (model.agreement != NO_OFFER).mean() > 0.999


# ---------------------------------------------------------------------------------- Fanning (2016)


@pytest.mark.parametrize(
    ("demand", "obstinate"), [(0.6, 0.1), (0.75, 0.1), (0.9, 0.1), (0.75, 0.7)]
)
def test_deadlines_are_missed_as_often_as_the_demands_are_far_apart(demand, obstinate):
    values = sides("demand", demand, demand) | sides("obstinacy", obstinate, obstinate)
    model = talks("deadline_chicken", 10_007, **values, **{"calendar.rounds": 12})
    missed, error = share_of(model.agreement == NO_OFFER)
    assert missed == pytest.approx(missed_deadline_probability(demand, obstinate), abs=error)
    assert set(model.agreed_round[model.agreement != NO_OFFER]) == {11, 12}
    gives_in = resolve(model) < 1 - math.sqrt(missed_deadline_probability(demand, obstinate))
    never = np.full((10_007, 2), np.inf)
    assert_told_by(model, (demand, demand), never, lambda last: gives_in)


def test_a_side_gives_in_as_often_as_leaves_the_other_one_indifferent():
    """The coalition has 0.6, 0.2 or halfway 0.4 of the pie, the governor 0.8, 0.4 or halfway 0.6."""
    model = talks("deadline_chicken", 1009, **sides("demand", 0.8, 0.6), **{"calendar.rounds": 12})
    # m x halfway + (1 - m) x the least = m x the most, for each of the two
    chances = np.array([0.2 / (0.6 + 0.2 - 0.4), 0.4 / (0.8 + 0.4 - 0.6)])
    gives_in = resolve(model) < chances
    assert_told_by(model, (0.8, 0.6), np.full((1009, 2), np.inf), lambda last: gives_in)


# ----------------------------------------------------------------------------------- Muthoo (1996)


def commit(edited, costs, secrecy=0.0, seats=("commitment", "commitment"), **values):
    """Play for a pie of which no agreement leaves nothing, so that a demand of all of it is worth 1."""
    pie = edited(sim.load_scenario("split-the-pie"), {("batna",): [0.0, 0.0]})
    values |= sides("tactic", *seats) | {"calendar.rounds": 12, "information.secrecy": secrecy}
    values |= {f"information.{name}": cost for name, cost in sides_of("audience_cost", costs)}
    model = talks("commitment", 7, case=pie, **values)
    return model, shares(model) * ZONE


def sides_of(name, values):
    return zip((f"{name}_governor", f"{name}_coalition"), values, strict=True)


@pytest.mark.parametrize("secrecy", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("costs", [(0.5, 0.5), (1.0, 0.25), (0.25, 1.0), (2.0, 0.4), (0.0, 3.0)])
def test_two_who_demand_in_public_settle_at_once_as_what_retreat_would_cost_them(
    edited, costs, secrecy
):
    model, shared = commit(edited, costs, secrecy)
    exposed = np.array(costs) * (1 - secrecy)
    assert (model.agreed_round == 1).all()
    closed_form = committed_share(exposed, exposed[::-1])
    assert shared == pytest.approx(np.tile(closed_form, (7, 1)), abs=2e-4)


@pytest.mark.parametrize("side", [0, 1])
def test_the_share_rises_with_the_own_cost_of_retreat_also_against_one_who_gives_way(edited, side):
    seats = ["time_dependent", "time_dependent"]
    seats[side] = "commitment"
    found = []
    for cost in (0.0, 0.3, 0.6, 1.2):
        costs = [0.4, 0.4]
        costs[side] = cost
        found.append(commit(edited, costs, seats=seats)[1][:, side].mean())
    assert found == sorted(set(found))
    expected = committed_share(np.array([0.0, 0.3, 0.6, 1.2]), 0.4)
    assert (np.array(found) >= expected - 2e-4).all()


def test_where_retreat_would_cost_both_too_much_even_fitting_demands_find_no_agreement(edited):
    """At a product of the costs above 1 what is left to a side is less than its audience forgives."""
    agreed = [
        (commit(edited, costs)[0].agreement != NO_OFFER).all() for costs in ((2, 0.4), (2, 0.6))
    ]
    assert agreed == [True, False]


def test_a_leak_after_the_demands_were_made_does_not_change_them(edited):
    never = {"talks.acceptance": "ac_const", "talks.acceptance_level": 1.0}
    leaks = {"information.leak_hazard": 0.3, "information.secrecy_after_leak": 0.0}
    offers = commit(edited, (0.2, 0.7), 0.9, **never, **leaks)[0].offers
    for first in (0, 1):
        assert (offers[:, first::2] == offers[:, [first]]).all()
    assert len(set(offers[:, 0])) > 2  # in some worlds the talks leaked before the first demand


# ----------------------------------------------------------------------------------- Yildiz (2004)


@pytest.mark.parametrize(("patience", "optimism"), [(0.95, 0.3), (0.9, 0.5), (0.98, 0.2)])
def test_optimists_wait_for_a_near_deadline_and_settle_before_a_distant_one(patience, optimism):
    for dates in (1, 2, 3, 4, 5, 6, 9, 10, 50):
        rounds = dates + 1  # an offer at date t is answered at turn t + 1
        values = sides("discount_factor", patience, patience) | {"calendar.rounds": rounds}
        values |= {"governor.optimism": optimism / 3, "coalition.optimism": 2 * optimism / 3}
        model = talks("optimistic", 7, **values)
        date = agreement_date(dates, patience, optimism)
        assert (model.agreed_round == date + 1).all()
        if date == 0:
            chances = 0.5 + optimism * np.array([1 / 3, 2 / 3])
            assert shares(model) == pytest.approx(
                np.tile(chances / chances.sum(), (7, 1)), abs=CELL
            )


def test_of_optimists_who_differ_in_patience_the_patient_one_may_be_enough():
    values = sides("optimism", 0.5, 0.5) | {"calendar.rounds": 4}
    for patience, ends in (((0.7, 0.7), 1), ((0.5, 0.99), 4), ((0.5, 0.95), 1)):
        assert (sum(factor**3 for factor in patience) > 1) == (ends == 4)
        model = talks("optimistic", 7, **values, **sides("discount_factor", *patience))
        assert (model.agreed_round == ends).all()


def test_who_makes_the_last_offer_has_everything():
    model = talks("optimistic", 7, **sides("optimism", 0.1, 0.1), **{"calendar.rounds": 4})
    first = model.batch.governor_first
    assert (model.agreed_round == 4).all()
    assert shares(model)[:, 0] == pytest.approx(np.where(first, 0.0, 1.0), abs=CELL)


# ------------------------------------------------------------------- Ashenfelter and Johnson (1969)


@pytest.mark.parametrize("claim", [0.75, 0.9, 0.3])
@pytest.mark.parametrize("first", ["governor", "coalition"])
@pytest.mark.parametrize("rate", [0.025, 0.05])
def test_a_strike_is_as_long_as_the_closed_form_has_it(claim, first, rate):
    decay, least = 0.2, 0.06
    values = STRIKE | {
        "talks.first_proposer": first,
        "coalition.demand": claim,
        "coalition.least_demand": least,
        "coalition.claim_decay": decay,
        "governor.discount_factor": math.exp(-rate),
    }
    model = talks("on_strike", **values)
    # A wage of 1, and a revenue that leaves the whole zone if nothing is added to it.
    theory = Strike(1 + ZONE, 1.0, claim * ZONE, least * ZONE, decay, rate)
    assert -1 < model.agreed_round[0] - theory.duration < 2
    settled = shares(model)[0, 1] * ZONE
    soon, late = (theory.acceptable_increase(theory.duration + turns) for turns in (-1, 1))
    assert late <= settled <= soon


def test_members_on_strike_ask_for_less_with_each_turn_and_never_for_less_than_they_must(situation):
    batch = sim.BargainingModel("split-the-pie").batch
    known = {"coalition.demand": 0.8, "coalition.least_demand": 0.2, "coalition.claim_decay": 0.1}
    for turn, share in ((0, 0.8), (5, 0.2 + 0.6 * math.exp(-0.5)), (1000, 0.2)):
        for reservation in (0.0, 0.25):
            before = situation(
                batch.agenda,
                batch.coalition,
                batch.governor,
                np.full((1, 1001), NO_OFFER),
                turn=turn,
                rounds=1000,
                side="coalition",
                reservation=reservation,
                parameters=known,
            )
            asked = sim.negotiators.tactics.on_strike(before)
            assert asked == pytest.approx([max(share * ZONE, reservation)], abs=1e-4)


# ------------------------------------------------------------------- Fershtman and Seidmann (1993)


def test_nobody_takes_less_than_it_has_rejected():
    values = {"talks.rejection_commits": True, "talks.selection": "random"}
    case = sim.load_scenario("sebac-2011")
    model = play(sim.BargainingModel(case, 500, set=values, rng=SEED))
    first = model.batch.governor_first
    took = 0
    for world in np.flatnonzero(model.agreement != NO_OFFER):
        turn = model.agreed_round[world]
        side = model.governor if first[world] == (turn % 2 == 0) else model.coalition
        rejected = model.offers[world, turn - 3 :: -2] if turn >= 3 else np.array([], dtype=int)
        worth = side.valuation.of(rejected, np.full(len(rejected), world))
        taken = side.valuation.of(model.agreement[[world]], np.array([world]))
        assert (worth <= taken + 1e-12).all()
        took += len(rejected) > 0
    assert took > 100


def test_rejecting_an_offer_raises_what_one_can_accept_to_it():
    class OffersLess(Coalition):
        """Offers the governor the shares 0.5, 0.3, 0.3 ... of the pie, less than he asks for."""

        def propose(self, history):
            share = 0.5 if history.turn == 0 else 0.3
            agenda = self.model.batch.agenda
            level = 0.6 - 0.2 * share  # the governor is left with 0.4 if the coalition has 0.6
            return np.full(len(history.worlds), agenda.find(share=round(level, 4)))

        def accepts(self, history):
            return np.zeros(len(history.worlds), dtype=bool)

    values = {"talks.first_proposer": "coalition", "calendar.rounds": 7}
    agreed = []
    for commits in (False, True):
        model = sim.BargainingModel(
            "split-the-pie",
            set=values | {"talks.rejection_commits": commits, "governor.beta": 0.05},
            rng=0,
            coalition=OffersLess,
        )
        agreed.append(bool(play(model).agreement[0] != NO_OFFER))
    assert agreed == [True, False]


@pytest.mark.parametrize(("governor", "coalition"), [(1.0, 1.0), (0.3, 3.0)])
def test_where_rejecting_commits_they_agree_at_the_deadline_or_not_at_all(governor, coalition):
    values = sides("beta", governor, coalition) | {"calendar.rounds": 23}
    rounds = [
        talks("time_dependent", 7, **values, **{"talks.rejection_commits": commits}).agreed_round
        for commits in (False, True)
    ]
    assert (rounds[0] < 23).all()
    assert set(rounds[1]) in ({23}, {23, -1})


# --------------------------------------------------------------------------------- a world is a world

HABITS = (
    {"demand": 0.9, "obstinacy": 0.2, "discount_factor": 0.95, "audience_cost_growth": 0.01},
    {"demand": 0.7, "obstinacy": 0.0, "discount_factor": 1.0, "optimism": 0.4},
    {"demand": 0.6, "obstinacy": 0.6, "discount_factor": 0.8, "claim_decay": 0.2},
    {"demand": 1.0, "obstinacy": 1.0, "discount_factor": 0.9, "least_demand": 0.3},
    {"demand": 0.8, "obstinacy": 0.3, "claim_decay": 0.05, "audience_cost_growth": 0.05},
    {"demand": 0.0, "optimism": 0.1},
    {},
)


@pytest.mark.parametrize("tactics", [*((name, name) for name in STANDOFFS), tuple(STRIKE.values())])
def test_worlds_with_habits_of_their_own_play_together_as_each_does_alone(
    assert_same_bits, tactics
):
    values = sides("tactic", *tactics[::-1]) | {
        "information.secrecy": 0.5,
        "information.leak_hazard": 0.1,
        "talks.breakdown": 0.02,
        "talks.rejection_commits": True,
    }
    base = sim.with_values(sim.load_scenario("sebac-2011"), values)
    cases = [
        sim.with_values(base, {f"{side}.{name}": value for name, value in own.items()})
        for own, side in zip(HABITS, ["governor", "coalition"] * 4, strict=False)
    ]
    together = Outcome([play(sim.BargainingModel(cases, 7, rng=7, first_world=3))])
    alone = [sim.negotiate(case, seed=7, first_world=3 + w) for w, case in enumerate(cases)]
    for table in ("frame", "offers"):
        one, other = getattr(together, table)(), [getattr(each, table)() for each in alone]
        assert_same_bits(one, pd.concat(other, ignore_index=table == "offers"))


@pytest.mark.parametrize("tactic", [*STANDOFFS, *STRIKE.values()])
def test_a_standoff_can_be_played_with_anyone_over_many_issues(tactic):
    for side in ("governor", "coalition"):
        values = {f"{side}.tactic": tactic, f"{side}.demand": 0.8}
        frame = sim.negotiate("mini-ct", 50, seed=1, set=values).frame()
        assert frame.loc[frame["agreed"], f"utility_{side}"].min() >= 0
