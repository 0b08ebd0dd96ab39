"""Zeng and Sycara (1998): the other side's offers tell what it would settle for.

Each reservation value that it may have is a hypothesis that predicts its offers; an offer near what
a hypothesis predicts makes it more likely, by Bayes' rule with normal errors. Here a side with the
reservation value r asks for 1 - (1 - r) t ** (1 / beta) at time t, the deadline being 1.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario
from sim.negotiators.history import NO_OFFER
from sim.negotiators.opponent_model import RESERVATIONS, reservation_of_other
from sim.negotiators.tactics import bayesian
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation
from sim.theory.learning import normal_posterior, posterior, predicted_utility

TWO = np.array([0.4, 0.6])
EVEN = np.array([0.5, 0.5])
NOTHING = np.zeros(2)
SEEN = ((0.25, 0.86), (0.5, 0.69), (0.75, 0.56))
WORTHS = st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=7)
AGENDA = Agenda.of(load_scenario("mini-ct"))
# A pie in hundredths: package k leaves the other side k of them. No tactic looks at the agenda.
THEIRS = np.linspace(0, 1, 101)[None]
ROUNDS = 12


def squares(seen, beta=1.0):
    """Add up how far offers are from what each hypothesis expects, squared."""
    misses = [worth - predicted_utility(TWO, time, beta) for time, worth in seen]
    return np.square(misses).sum(0)


@pytest.fixture(scope="session")
def side(situation):
    """Give a function that puts a side before the other's offers, in hundredths, at turns 0, 2, ..."""

    def put(offers, turn=None, reservation=0.0, error=0.02, best=1.0, **own):
        offers = np.asarray(offers)
        record = np.full((*offers.shape[:-1], ROUNDS + 1), NO_OFFER)
        record[..., 0 : 2 * offers.shape[-1] : 2] = offers
        habits = {
            "beta": 1.0,
            "first_concession": 0.0,
            "assumed_beta": 1.0,
            "learning_error": error,
        }
        return situation(
            AGENDA,
            Valuation.plain(best - THEIRS),
            Valuation.plain(THEIRS),
            record,
            turn=2 * offers.shape[-1] - 1 if turn is None else turn,
            rounds=ROUNDS,
            reservation=reservation,
            parameters={f"governor.{name}": value for name, value in (habits | own).items()},
        )

    return put


def path(reservation, offers=5, beta=1.0):
    """List the offers of a side with this reservation value, in hundredths."""
    times = 2 * np.arange(offers) / ROUNDS
    return np.rint(100 * (1 - (1 - reservation) * times ** (1 / beta))).astype(int)


def test_a_belief_after_one_two_and_three_offers():
    beliefs = [posterior(EVEN, squares(SEEN[:n]), 0.05)[0] for n in (1, 2, 3)]
    assert beliefs == pytest.approx([0.574443, 0.937027, 0.998641], abs=1e-6)


def test_a_normal_belief_after_three_offers():
    found = normal_posterior(0.5, 0.1, np.array([0.42, 0.46, 0.44]), 0.05)
    assert found == pytest.approx((0.444615, 0.027735), abs=1e-6)


def test_a_fine_grid_believes_what_the_normal_formula_says():
    grid = np.linspace(-0.5, 1.5, 4001)
    prior = np.exp(-(((grid - 0.5) / 0.1) ** 2) / 2)
    misses = [seen - grid for seen in (0.42, 0.46, 0.44)]
    belief = posterior(prior, np.square(misses).sum(0), 0.05)
    mean = (belief * grid).sum()
    spread = np.sqrt((belief * (grid - mean) ** 2).sum())
    assert (mean, spread) == pytest.approx((0.4446154, 0.0277350), abs=1e-6)


@given(WORTHS, st.floats(0.05, 2.0))
def test_what_is_learned_at_once_is_what_is_learned_one_by_one(worths, error):
    missed = np.square([worth - TWO for worth in worths])
    one_by_one = EVEN
    for square in missed:
        one_by_one = posterior(one_by_one, square, error)
    at_once = posterior(EVEN, missed.sum(0), error)
    assert at_once == pytest.approx(one_by_one, abs=1e-9)
    assert at_once.sum() == pytest.approx(1, abs=1e-12)


def test_without_an_observation_a_belief_stays():
    assert posterior(EVEN, NOTHING, 0.05).tolist() == [0.5, 0.5]


def test_a_belief_survives_what_it_thought_impossible():
    surprise = np.square(1000 - TWO)
    assert posterior(EVEN, surprise, 0.01).tolist() == [0, 1]
    assert posterior(np.array([1.0, 0.0]), surprise, 0.01).tolist() == [1, 0]


def test_a_side_is_expected_to_give_way_from_one_to_its_reservation_value():
    assert predicted_utility(TWO, 0.0, 0.3).tolist() == [1, 1]
    assert predicted_utility(TWO, 1.0, 0.3) == pytest.approx(TWO)
    worlds = predicted_utility(TWO, 0.25, np.array([0.5, 2.0]))
    assert worlds == pytest.approx(np.array([[1 - 0.6 / 16, 1 - 0.4 / 16], [0.7, 0.8]]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: posterior(EVEN, NOTHING, 0.0), r"error is 0\.0"),
        (lambda: posterior(EVEN, NOTHING, np.array([0.1, -0.2])), "error is"),
        (lambda: normal_posterior(0.5, 0.0, TWO, 0.1), r"sd is 0\.0"),
        (lambda: normal_posterior(0.5, 0.1, TWO, -1.0), r"error is -1\.0"),
        (lambda: predicted_utility(TWO, 0.5, 0.0), r"beta is 0\.0"),
    ],
)
def test_what_no_spread_or_pace_can_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ---------------------------------------------------------------------------------- at the table


def test_an_offer_that_was_not_made_teaches_nothing(side):
    offers = [[90, NO_OFFER, 71, NO_OFFER]]
    misses = [
        worth - predicted_utility(RESERVATIONS, time, 1.0)
        for time, worth in ((0.0, 0.9), (4 / ROUNDS, 0.71))
    ]
    taught = posterior(np.full((1, 21), 1 / 21), np.square(misses).sum(0)[None], 0.02)
    assert reservation_of_other(side(offers)).tolist() == taught.tolist()


@given(st.lists(st.tuples(st.integers(0, 6), st.sets(st.integers(0, 6), min_size=1)), max_size=9))
def test_a_belief_that_is_kept_is_the_one_formed_at_once_in_whatever_order_it_is_asked_for(
    side, asked
):
    offers = np.random.default_rng(1998).integers(NO_OFFER, 101, (7, 6))
    kept = side(offers)
    for moves, some in asked:
        worlds = np.array(sorted(some))
        history = replace(
            kept.history, turn=2 * moves + 1, worlds=worlds, secrecy=np.ones(len(some))
        )
        at_once = reservation_of_other(side(offers[worlds], turn=2 * moves + 1))
        assert reservation_of_other(replace(kept, history=history)).tolist() == at_once.tolist()


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("truth", [0.0, 0.25, 0.6, 1.0])
def test_a_side_that_gives_way_as_expected_is_found_out(side, truth, beta):
    belief = reservation_of_other(side([path(truth, beta=beta)], assumed_beta=beta))[0]
    assert (belief * RESERVATIONS).sum() == pytest.approx(truth, abs=0.03)


def test_who_gives_way_sooner_than_expected_seems_to_need_less(side):
    found = [
        (reservation_of_other(side([path(0.5)], assumed_beta=beta))[0] * RESERVATIONS).sum()
        for beta in (0.5, 1.0, 2.0)
    ]
    assert found[0] < found[1] < found[2]


@pytest.mark.parametrize("truth", [0.2, 0.6])
def test_the_last_offer_that_can_be_answered_leaves_the_other_side_what_it_needs(side, truth):
    ask = bayesian(side([path(truth, offers=6)], error=0.005))[0]
    assert ask == pytest.approx(1 - truth, abs=1e-9)


def test_before_it_has_learned_a_side_weighs_what_it_asks_against_the_chance_of_a_yes(side):
    # Asking for 1 - r is met with the probability that the other side needs at most r.
    (ask,) = bayesian(side([[NO_OFFER] * 6], reservation=0.32))
    gains = (1 - RESERVATIONS - 0.32) * np.arange(1, 22) / 21
    assert ask == pytest.approx(1 - RESERVATIONS[gains.argmax()])


def test_the_ask_comes_down_by_the_clock_of_the_answer(side):
    asks = [bayesian(side([path(0.4, offers=n)], error=0.001))[0] for n in (2, 3, 4, 5)]
    answered = 2 * np.arange(2, 6) / ROUNDS
    assert asks == pytest.approx(1 - 0.4 * answered, abs=1e-9)


def test_where_nothing_is_good_enough_for_both_a_side_holds_on_to_what_it_needs(side):
    # Even if the other side needs nothing, it leaves oneself no more than 0.4.
    asks = [bayesian(side([path(0.0)], reservation=least, best=0.4))[0] for least in (0.5, 0.6)]
    assert asks == pytest.approx([0.5 + 0.5 / 6, 0.6 + 0.4 / 6])


@pytest.mark.parametrize("reservation", [0.0, 0.3, 0.7])
def test_a_side_never_asks_for_less_than_it_needs_and_at_the_deadline_for_no_more(
    side, reservation
):
    for truth in (0.0, 0.5, 1.0):
        asks = [
            bayesian(side([path(truth, n)], reservation=reservation))[0] for n in (1, 2, 3, 4, 5)
        ]
        assert min(asks) >= reservation
        assert bayesian(side([path(truth, 6)], turn=ROUNDS, reservation=reservation)) == [
            reservation
        ]


def test_seven_worlds_learn_at_once_as_each_would_alone(side):
    truths, betas = np.linspace(0, 0.9, 7), np.linspace(0.4, 1.6, 7)
    offers = np.array([path(truth) for truth in truths])
    offers[3, 1] = NO_OFFER
    together = bayesian(side(offers, assumed_beta=betas))
    alone = [bayesian(side([row], assumed_beta=b))[0] for row, b in zip(offers, betas, strict=True)]
    assert together.tolist() == alone
