"""McKelvey and Palfrey (1998): at every move of the talks the better choice is likelier, not certain.

In their agent quantal response each move is a logit choice by what it promises, given that the other
side's moves are, too. An answer weighs the offer against what one aspires to; an offer weighs what
it is worth by the probability of a yes. With the precision 0 both are coins; as it grows they become
the best reply.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays.logit import logistic
from sim.cases.loading import load_scenario
from sim.negotiators import acceptance
from sim.negotiators import bidding as selection
from sim.negotiators.history import NO_OFFER, OfferHistory
from sim.play.model import BargainingModel
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation
from sim.theory.learning import choice_probabilities

AGENDA = Agenda.of(load_scenario("mini-ct"))
OWN = np.array([[0.1, 0.9, 0.7, 0.6, 0.4, 0.4]])
OTHER = np.array([[0.9, 0.0, 0.5, 0.1, 0.8, 0.2]])
ALL = OWN.shape[-1]
EVENLY = (np.arange(1009) + 0.5) / 1009
UTILITIES = st.lists(st.floats(-1.0, 1.0), min_size=2, max_size=7).map(np.array)


@pytest.fixture(scope="session")
def before(situation):
    """Give a function that puts a side before an offer, in one world for each uniform draw."""

    def put(offer, precision, uniform=EVENLY, own=OWN, other=OTHER, reservation=0.0):
        uniform = np.atleast_1d(uniform)
        return situation(
            AGENDA,
            Valuation.plain(own),
            Valuation.plain(other),
            np.broadcast_to(offer, uniform.shape)[:, None],
            turn=1,
            reservation=reservation,
            parameters={"talks.precision": precision},
            uniform=uniform,
        )

    return put


def frequencies(packages):
    return np.bincount(packages, minlength=ALL) / len(packages)


# ------------------------------------------------------------------------------------ the choice


def test_a_small_advantage_makes_an_option_somewhat_more_likely():
    assert choice_probabilities(np.array([0.30, 0.25]), 10.0)[0] == pytest.approx(
        0.622459, abs=1e-6
    )


@given(UTILITIES)
def test_without_precision_all_options_are_equally_likely(utility):
    assert choice_probabilities(utility, 0.0) == pytest.approx(1 / len(utility))


def test_with_boundless_precision_only_the_best_are_chosen():
    utility = np.array([0.3, -9.0, 0.5, 0.5, -np.inf])
    assert choice_probabilities(utility, 1e9).tolist() == [0, 0, 0.5, 0.5, 0]


@given(UTILITIES, st.floats(0.0, 20.0))
def test_the_odds_of_two_options_are_the_exponential_of_their_difference(utility, precision):
    chances = choice_probabilities(utility, precision)
    assert chances.sum() == pytest.approx(1)
    odds = np.exp(precision * (utility[0] - utility[1]))
    assert chances[0] == pytest.approx(odds * chances[1], rel=1e-9)


@given(UTILITIES, st.floats(0.0, 20.0), st.integers(1, 5))
def test_options_that_are_not_there_change_no_bit(utility, precision, more):
    longer = np.append(utility, np.full(more, -np.inf))
    chances = choice_probabilities(longer, precision)
    assert chances[: len(utility)].tobytes() == choice_probabilities(utility, precision).tobytes()
    assert not chances[len(utility) :].any()


def test_a_negative_precision_is_refused():
    with pytest.raises(ValueError, match="precision is -1"):
        choice_probabilities(np.zeros(2), -1.0)


# ------------------------------------------------------------------------------------ the answer


@pytest.mark.parametrize(
    ("offer", "precision", "chance"),
    [
        (3, 10.0, 0.622459),
        (4, 10.0, 0.182426),
        (3, 0.0, 0.5),
        (4, 0.0, 0.5),
        (3, 1e6, 1),
        (4, 1e6, 0),
    ],
)
def test_a_yes_is_the_likelier_the_more_the_offer_is_worth(before, offer, precision, chance):
    # The offers are worth 0.05 more and 0.15 less than what one aspires to.
    yes = acceptance.logit(before(offer, precision), np.array([0.55]))
    assert yes.mean() == pytest.approx(chance, abs=1e-3)
    assert (np.diff(yes.astype(int)) <= 0).all()


@pytest.mark.parametrize("precision", [0.0, 5.0])
def test_no_mistake_is_so_large_that_one_could_not_bear_it(before, precision):
    offers = {offer: before(offer, precision, reservation=0.5) for offer in (*range(ALL), NO_OFFER)}
    said_yes = {offer for offer, seen in offers.items() if acceptance.logit(seen, np.ones(1)).any()}
    assert said_yes == {1, 2, 3}


# ------------------------------------------------------------------------------------- the offer


@pytest.mark.parametrize("count", range(1, ALL + 1))
def test_an_offer_is_drawn_by_what_it_promises(before, count):
    # The other side last offered what is worth 0.8 to it.
    drawn = frequencies(selection.logit(before(4, 5.0), np.full(len(EVENLY), count)))
    promises = OWN[0] * logistic(5.0 * (OTHER[0] - 0.8))
    odds = np.exp(5.0 * promises)
    odds[np.argsort(-OWN[0], kind="stable")[count:]] = 0
    assert drawn == pytest.approx(odds / odds.sum(), abs=2e-3)


def test_before_its_first_offer_the_other_side_is_thought_to_hold_out_for_its_best(before):
    nothing, best = (
        selection.logit(before(offer, 5.0), np.full(1009, ALL)) for offer in (NO_OFFER, 0)
    )
    assert nothing.tolist() == best.tolist()


def test_without_precision_any_candidate_is_offered(before):
    drawn = frequencies(selection.logit(before(4, 0.0), np.full(len(EVENLY), 3)))
    assert drawn == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3, 0, 0], abs=1e-3)


def test_with_boundless_precision_the_best_that_will_be_taken_is_offered(before):
    # Worth 0.5 to the other side or more are packages 0, 2 and 4, of which 2 is best for oneself.
    other = np.array([[0.9, 0.0, 0.51, 0.1, 0.8, 0.5]])
    drawn = selection.logit(before(5, 1e6, other=other), np.full(len(EVENLY), ALL))
    assert (drawn == 2).all()


def test_uniform_draws_at_their_ends_draws_what_has_a_chance(before):
    least, most = 0.0, 1 - 2.0**-53
    other = np.array([[0.9, 0.0, 0.51, 0.1, 0.8, 0.5]])
    sure = before(5, 1e6, uniform=[least, most], other=other)
    assert selection.logit(sure, np.array([ALL, ALL])).tolist() == [2, 2]
    # Chances may add up to a little less than 1.
    unsure = before(4, np.linspace(0, 9, 211), uniform=np.full(211, most))
    assert set(selection.logit(unsure, np.full(211, 4)).tolist()) == {4}


def test_more_worlds_than_are_weighed_together_choose_as_each_would_alone(before):
    rng = np.random.default_rng(5)
    offers, count = rng.integers(NO_OFFER, ALL, 131), rng.integers(1, ALL + 1, 131)
    precision, uniform = rng.uniform(0, 60, 131), rng.random(131)
    own, other = rng.random((131, ALL)), rng.random((131, ALL))
    together = selection.logit(before(offers, precision, uniform, own, other), count)
    alone = [
        selection.logit(
            before(offers[w], precision[w], uniform[w], own[w : w + 1], other[w : w + 1]),
            count[w : w + 1],
        )
        for w in range(131)
    ]
    assert together.tolist() == np.concatenate(alone).tolist()


def test_who_says_no_has_not_drawn_his_offer_with_it():
    # With one draw for both, a no would leave only high draws for the offer that follows it.
    model = BargainingModel("mini-ct", 4001, rng=5)
    history = OfferHistory(1, 12, model.offers, np.arange(4001), np.ones(4001))
    drawn = []

    def note(situation, aspiration):
        drawn.append(situation.uniform())
        return np.zeros(4001, dtype=bool)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acceptance, "ac_next", note)
        model.governor.accepts(history)
    drawn.append(model.governor.situation(history).uniform())
    assert abs(np.corrcoef(drawn)[0, 1]) < 4 / np.sqrt(4001)
