"""Hindriks and Tykhonov (2008): the other side's offers tell which issues matter to it.

Each way to weigh the issues is a hypothesis under which an offer at time t should be worth about what
a side asks that gives way at a known pace. A side that has given little of the way cannot have given
up an issue that weighs much. Known is which way it wants each issue to go.
"""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.negotiators.bidding import learned, tradeoff
from sim.negotiators.history import NO_OFFER
from sim.negotiators.opponent_model import wishes_of_other
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation
from sim.theory.learning import (
    expected_weights,
    possible_weights,
    posterior,
    predicted_utility,
    utility_by_weights,
)

# Three issues with five levels each; package (a, b, c) has the number 25 a + 5 b + c.
LEVELS = (0.0, 1.0, 2.0, 3.0, 4.0)
AGENDA = Agenda(
    names=("pay", "jobs", "taxes"),
    titles=("Pay", "Jobs", "Taxes"),
    units=("", "", ""),
    levels=(LEVELS,) * 3,
    similarity=("squared",) * 3,
    similarity_weights=(1.0,) * 3,
)
ALL = len(AGENDA)
HEIGHTS = AGENDA.packages / 4
# The other side wants less pay, more jobs and fewer taxes; oneself the contrary, each alike.
TOWARDS = np.array([-1, 1, -1])
SATISFACTION = np.where(TOWARDS > 0, HEIGHTS, 1 - HEIGHTS)
OWN = -(HEIGHTS * TOWARDS).sum(-1)[None]
SIMPLEX = st.lists(st.floats(0.05, 1.0), min_size=3, max_size=3).map(
    lambda x: np.array(x) / np.sum(x)
)


@pytest.fixture(scope="session")
def before(situation):
    """Give a function that puts a side before the other's offers at turns 0, 2, 4, ..."""

    def put(offers, weights, *, error=0.1, beta=1.0, own=OWN, worlds=None):
        offers = np.atleast_2d(offers)
        record = np.full((len(offers), 12), NO_OFFER)
        record[:, 0 : 2 * offers.shape[-1] : 2] = offers
        theirs = (SATISFACTION * np.asarray(weights)).sum(-1)[None]
        return situation(
            AGENDA,
            Valuation.plain(own),
            Valuation.plain(theirs),
            record,
            turn=2 * offers.shape[-1] - 1,
            parameters={"governor.assumed_beta": beta, "governor.learning_error": error},
            worlds=worlds,
        )

    return put


def offers_of(weights, count, beta=1.0):
    """List what a side with these weights offers that asks for 1 - t ** (1 / beta) / 2 at time t."""
    theirs = (SATISFACTION * weights).sum(-1)
    asks = 1 - (2 * np.arange(count) / 12) ** (1 / beta) / 2
    return [int(np.where(theirs >= ask - 1e-9, OWN[0], -np.inf).argmax()) for ask in asks]


@pytest.mark.parametrize(("issues", "parts"), [(1, 5), (2, 5), (3, 7), (6, 5)])
def test_every_way_to_deal_out_the_weight_is_a_hypothesis(issues, parts):
    weights = possible_weights(issues, parts)
    assert len(np.unique(weights, axis=0)) == len(weights) == comb(issues + parts - 1, parts)
    assert weights.sum(-1) == pytest.approx(1)
    assert weights.min() >= 0
    assert weights.mean(0) == pytest.approx(1 / issues)


def test_there_is_an_issue_and_a_part_at_least():
    for issues, parts in ((0, 5), (3, 0)):
        with pytest.raises(ValueError, match=f"issues is {issues} and parts is {parts}"):
            possible_weights(issues, parts)


def test_a_package_is_worth_the_weighted_sum_of_its_values():
    values, weights = np.array([[1.0, 0.5], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.2, 0.8]])
    assert utility_by_weights(values, weights) == pytest.approx(np.array([[1, 0.6], [0, 0.8]]))
    belief = np.array([[0.5, 0.5], [0.0, 1.0]])
    assert expected_weights(belief, weights) == pytest.approx(np.array([[0.6, 0.4], [0.2, 0.8]]))


@given(SIMPLEX, st.integers(0, 2**32))
def test_what_a_package_is_worth_on_average_is_its_worth_at_the_average_weights(values, seed):
    weights = possible_weights(3)
    belief = np.random.default_rng(seed).dirichlet(np.ones(len(weights)))
    average = (belief * utility_by_weights(values, weights)).sum()
    assert (values * expected_weights(belief, weights)).sum() == pytest.approx(average)


@pytest.mark.parametrize("truth", [3, 11, 17])
def test_offers_that_one_hypothesis_explains_and_no_other_make_it_certain(truth):
    weights = possible_weights(3)
    values = np.random.default_rng(1).dirichlet(np.ones(3), 13)
    misses = [utility_by_weights(v, weights) - (v * weights[truth]).sum() for v in values]
    squares = np.square(misses).sum(0)
    belief = posterior(np.full(len(weights), 1 / len(weights)), squares, 0.005)
    assert belief[truth] > 0.999


def test_before_the_first_offer_all_issues_weigh_the_same(before):
    wishes = wishes_of_other(before([NO_OFFER, NO_OFFER], (0.7, 0.2, 0.1)))
    assert wishes == pytest.approx(TOWARDS[None] / 3)


def test_an_issue_given_up_early_weighs_little(before):
    # Jobs at their lowest, in the first third of the time: the rest is as the other side wants it.
    given_up = AGENDA.find(pay=0, jobs=0, taxes=0)
    everything = AGENDA.find(pay=0, jobs=4, taxes=0)
    wishes = wishes_of_other(before([everything, given_up, given_up], (0.4, 0.2, 0.4)))[0]
    assert wishes[1] < 0.2
    assert -wishes[[0, 2]] == pytest.approx((1 - wishes[1]) / 2)


def test_a_hand_worked_belief(before):
    # One package seen at time 2/12, when a share of 1/12 should have been given: half of pay.
    half = AGENDA.find(pay=2, jobs=4, taxes=0)
    weights = possible_weights(3)
    odds = np.exp(-((1 - weights[:, 0] / 2 - 11 / 12) ** 2) / (2 * 0.1**2))
    expected = (weights * (odds / odds.sum())[:, None]).sum(0) * TOWARDS
    assert wishes_of_other(before([NO_OFFER, half], (0.4, 0.2, 0.4)))[0] == pytest.approx(expected)
    assert predicted_utility(np.array([0.5]), 2 / 12, 1.0) == pytest.approx(11 / 12)


def test_after_five_offers_the_weights_are_better_known_than_before(before):
    nearer = []
    for weights in np.random.default_rng(2008).dirichlet(np.ones(3), 97):
        found = wishes_of_other(before(offers_of(weights, 5), weights))[0] * TOWARDS
        nearer.append(np.abs(1 / 3 - weights).sum() - np.abs(found - weights).sum())
    reach = 1.96 * np.std(nearer, ddof=1) / np.sqrt(97)
    assert np.mean(nearer) - reach > 0.2


@given(SIMPLEX, st.integers(1, ALL), st.floats(0.1, 3.0))
def test_one_who_has_learned_offers_the_candidate_best_by_what_it_learned(
    before, weights, count, beta
):
    seen = before(offers_of(weights, 4), weights, beta=beta)
    gain = (HEIGHTS * wishes_of_other(seen)[0]).sum(-1)
    in_order = sorted(range(ALL), key=lambda package: (-OWN[0, package], package))[:count]
    best = max(gain[in_order])
    assert int(learned(seen, np.array([count]))[0]) == next(
        package for package in in_order if gain[package] >= best - 1e-9
    )


def test_with_the_right_weights_it_is_the_trade_off(before):
    weights = np.array([0.6, 0.4, 0.0])
    seen = before(offers_of(weights, 6), weights, error=0.01)
    trades = [int(tradeoff(seen, np.array([n]))[0]) for n in (10, 30, 60)]
    assert [int(learned(seen, np.array([n]))[0]) for n in (10, 30, 60)] == trades


def test_what_the_other_side_really_wants_makes_no_difference_but_for_the_direction(before):
    offers = offers_of(np.array([0.6, 0.3, 0.1]), 5)
    chosen = [
        learned(before(offers, weights), np.array([40])).tolist()
        for weights in ((0.6, 0.3, 0.1), (0.1, 0.1, 0.8), (0.3, 0.4, 0.3))
    ]
    assert chosen[0] == chosen[1] == chosen[2]


def test_an_issue_with_one_level_is_no_obstacle(situation):
    fixed = Agenda(
        ("pay", "name"), ("", ""), ("", ""), ((0.0, 1.0), (3.0,)), ("squared",) * 2, (1.0,) * 2
    )
    sides = Valuation.plain(np.array([[1.0, 0.9]])), Valuation.plain(np.array([[0.0, 1.0]]))
    habits = {"governor.assumed_beta": 1.0, "governor.learning_error": 0.1}
    seen = situation(fixed, *sides, [1], turn=1, parameters=habits)
    assert learned(seen, np.array([2])).tolist() == [1]


def test_more_worlds_than_are_weighed_together_choose_as_each_would_alone(before):
    rng = np.random.default_rng(3)
    offers = rng.integers(0, ALL, (131, 3))
    offers[7, 1] = NO_OFFER
    count = rng.integers(1, ALL, 131)
    error, beta = rng.uniform(0.02, 0.3, 131), rng.uniform(0.3, 3, 131)
    together = learned(before(offers, (0.5, 0.3, 0.2), error=error, beta=beta), count)
    alone = [
        learned(before(offers[w], (0.5, 0.3, 0.2), error=error[w], beta=beta[w]), count[w : w + 1])
        for w in range(131)
    ]
    assert together.tolist() == np.concatenate(alone).tolist()
