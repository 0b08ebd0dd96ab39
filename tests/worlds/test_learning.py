"""Who learns at the table answers what the other side shows, and gains from it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cases.loading import as_document, load_scenario, parse_scenario, with_values
from sim.negotiators.agents import Coalition, Governor
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play

pytestmark = pytest.mark.slow

UNTEACHABLE = 1000.0  # with so large a learning error no offer means anything
# Packages of mini-ct: all that the coalition wants, then without job security or with a wage freeze.
EVERYTHING, NO_SECURITY, FREEZE = (0, 0, 1, 1), (0, 0, 0, 1), (2, 0, 1, 1)
LEARNING = [{"governor.tactic": "bayesian"}, {"talks.selection": "learned"}]
BY_THE_CLOCK = [{}, {"governor.tactic": "exponential"}, {"talks.selection": "random"}]


def refuse(party, history):
    return np.zeros(len(history.worlds), dtype=bool)


class SaysNo(Governor):
    accepts = refuse


def answers(second, **values):
    """Let the coalition ask for everything, then for this, then again: the governor's offers."""

    class Scripted(Coalition):
        accepts = refuse

        def propose(self, history):
            levels = second if history.turn == 2 else EVERYTHING
            names = ("wages", "health", "job_security", "tax_share")
            package = self.model.batch.agenda.find(**dict(zip(names, levels, strict=True)))
            return np.full(len(history.worlds), package)

    habits = {"governor.first_concession": 0.05, "governor.beta": 1.0, "governor.assumed_beta": 0.5}
    case = with_values(load_scenario("mini-ct"), habits | {"talks.first_proposer": "coalition"})
    model = BargainingModel(with_values(case, values), rng=0, governor=SaysNo, coalition=Scripted)
    return play(model).offers[0, 1::2].tolist()


@pytest.mark.parametrize("values", LEARNING, ids=str)
def test_who_learns_answers_another_offer_with_another_offer(values):
    one, other = answers(NO_SECURITY, **values), answers(FREEZE, **values)
    assert one[0] == other[0]
    assert one[1:] != other[1:]


@pytest.mark.parametrize("values", BY_THE_CLOCK, ids=str)
def test_who_looks_at_the_clock_does_not(values):
    assert answers(NO_SECURITY, **values) == answers(FREEZE, **values)


@pytest.mark.parametrize("values", LEARNING, ids=str)
def test_who_cannot_be_taught_does_not_either(values):
    one, other = (
        answers(second, **values, **{"governor.learning_error": UNTEACHABLE})
        for second in (NO_SECURITY, FREEZE)
    )
    assert one == other


def random_game(rng, issues=4, levels=5, rounds=12):
    """Draw a scorable game in which the two sides want opposite things and weigh them differently."""
    document = as_document(load_scenario("mini-ct"))
    steps = np.linspace(0, 100, levels)
    document["issue"] = [
        {
            "name": f"issue_{i}",
            "title": "",
            "unit": "",
            "levels": list(range(levels)),
            "governor": (governor * steps).tolist(),
            "coalition": (coalition * steps[::-1]).tolist(),
        }
        for i, (governor, coalition) in enumerate(rng.dirichlet(np.ones(issues), 2).T)
    ]
    document |= {"batna": [20.0, 20.0], "calendar": {"rounds": rounds}}
    document["talks"] = {"first_proposer": "coalition", "selection": "learned"}
    document["governor"] = document["coalition"] = {"beta": 1.0}
    return parse_scenario(document, "random game")


def governors_offers(game, error):
    values = {"governor.learning_error": error, "coalition.learning_error": UNTEACHABLE}
    offers = sim.negotiate(game, set=values).offers()
    return offers[offers["proposer"] == "governor"].set_index("round")["utility_coalition"]


def test_to_learn_the_weights_gives_the_other_side_more_at_the_same_aspiration():
    rng = np.random.default_rng(2008)
    more = []
    for _ in range(37):
        game = random_game(rng)
        learned, guessed = (governors_offers(game, error) for error in (0.1, UNTEACHABLE))
        more.append((learned - guessed).mean())  # over turns at which both make an offer
    assert np.mean(more) > 1.96 * np.std(more, ddof=1) / np.sqrt(len(more))


def test_to_learn_what_leaders_can_live_with_brings_more_than_not_to():
    learning = {"governor.tactic": "bayesian", "governor.assumed_beta": 0.3}
    found = {
        error: sim.negotiate(
            worlds=2000,
            seed=1998,
            set=learning
            | {
                "governor.learning_error": error,
                "information.secrecy": 0.5,
                "information.audience_cost_coalition": 3.0,
                "ratification.unions_required": 0,
                "ratification.weight_required": 0.0,
            },
        ).frame()
        for error in (0.1, UNTEACHABLE)
    }
    more = found[0.1]["utility_governor"] - found[UNTEACHABLE]["utility_governor"]
    assert more.mean() > 1.96 * more.std(ddof=1) / np.sqrt(len(more))
    assert found[0.1]["agreed"].mean() > found[UNTEACHABLE]["agreed"].mean() + 0.1


def test_with_boundless_precision_answers_are_those_of_ac_next(assert_same_bits):
    sure = {"talks.acceptance": "logit", "talks.precision": 1e6, "governor.learning_error": 0.1}
    plain, logit = (sim.negotiate(worlds=499, seed=3, set=values) for values in ({}, sure))
    assert_same_bits(plain.frame(), logit.frame())
    assert_same_bits(plain.offers(), logit.offers())


@pytest.mark.parametrize("number", range(7))
def test_at_the_deadline_one_who_learns_takes_what_it_can_live_with(number):
    # The coalition never moves from a package worth little to the governor, and has the last word
    # but one.
    class Stubborn(Coalition):
        accepts = refuse

        def propose(self, history):
            package = self.model.batch.agenda.find(wages=2, health=1, job_security=1, tax_share=1)
            return np.full(len(history.worlds), package)

    values = {"governor.tactic": "bayesian", "talks.first_proposer": "governor"}
    case = with_values(load_scenario("mini-ct"), values)
    model = play(BargainingModel(case, rng=number, coalition=Stubborn))
    assert model.agreed_round.tolist() == [12]


class Thorough(Coalition):
    """Thinks its earlier turns over before it moves, a world at a time and the last world first."""

    def accepts(self, history):
        for world in range(len(history.worlds) - 1, -1, -1):
            for turn in range(history.turn, -1, -4):
                self.propose(replace(history, turn=turn).of(np.array([world])))
        return super().accepts(history)


KEPT = [
    {"coalition.tactic": "bayesian"},
    {"talks.selection": "learned"},
    {"talks.rejection_commits": True},
    {"talks.acceptance": "ac_combi_best", "talks.acceptance_from": 0.2},
]


@pytest.mark.parametrize("values", KEPT, ids=str)
def test_what_is_kept_of_the_offers_is_the_same_in_whatever_order_a_side_thinks(
    assert_same_bits, values
):
    talks = values | {"talks.first_proposer": "random"}
    plain, thorough = (
        play(BargainingModel("sebac-2011", 11, set=talks, rng=6, coalition=side))
        for side in (Coalition, Thorough)
    )
    assert_same_bits(Outcome([plain]).frame(), Outcome([thorough]).frame())
    assert plain.offers.tolist() == thorough.offers.tolist()


OWN_HABITS = [
    {"governor.assumed_beta": 0.3, "governor.learning_error": 0.05, "talks.precision": 5.0},
    {"governor.assumed_beta": 1.0, "coalition.learning_error": 0.3, "talks.precision": 50.0},
    {"coalition.assumed_beta": 0.1, "talks.self_serving_bias": 0.3, "talks.precision": 0.0},
    {"coalition.leaders_error_sd": 0.05, "threat.layoffs": 9000.0, "fiscal.gap": 2100.0},
    {"information.secrecy": 0.5, "information.audience_cost_coalition": 1.0},
    {"governor.beta": 0.5, "coalition.beta": 1.5},
    {},
]
CHOICES = [
    {"governor.tactic": "bayesian", "coalition.tactic": "bayesian"},
    {"talks.selection": "learned"},
    {"talks.selection": "logit", "talks.acceptance": "logit"},
]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_seven_worlds_that_learn_play_together_as_each_does_alone(assert_same_bits, choice):
    cases = [with_values(load_scenario("sebac-2011"), choice | own) for own in OWN_HABITS]
    together = Outcome([play(BargainingModel(cases, 7, rng=7, first_world=3))])
    alone = [sim.negotiate(case, seed=7, first_world=3 + w) for w, case in enumerate(cases)]
    assert_same_bits(together.frame(), pd.concat([one.frame() for one in alone]))
    offers = pd.concat([one.offers() for one in alone], ignore_index=True)
    assert_same_bits(together.offers(), offers)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_world_that_learns_is_the_same_alone_and_among_hundreds(assert_same_bits, choice):
    many = sim.negotiate(worlds=211, seed=11, set=choice, first_world=97)
    for world in (97, 161, 307):
        alone = sim.negotiate(seed=11, set=choice, first_world=world)
        assert_same_bits(many.frame().loc[[world]], alone.frame())
