"""Cases that single flips of a rule slipped through before (see tests/mutants.md)."""

import numpy as np
import pytest

import sim
from oracles.blame import expected_after_acceptance, expected_after_refusal
from oracles.strikes import Strike
from oracles.tradeoff import trade_off
from sim.negotiators.history import NO_OFFER
from sim.negotiators.opponent_model import _wants_more, heights_of_levels
from sim.negotiators.situation import Ranking
from sim.negotiators.tactics.attrition import _patience, deadline_chicken, optimistic
from sim.negotiators.tactics.imitation import by_as_much
from sim.negotiators.tactics.learning import RESERVATIONS, _best_asks
from sim.play.outcome import play
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation
from sim.theory.continuous_frontier import Frontier, egalitarian, ideal
from sim.theory.learning import choice_probabilities, possible_weights, posterior
from sim.theory.seniority import yes_share_strict
from sim.theory.two_levels import offer_under_doubt
from sim.theory.voting import pass_probability_exact

pytestmark = pytest.mark.slow

CHICKEN = {"demand": 0.8, "obstinacy": 0.0}
AGENDA = Agenda(("pay",), ("",), ("",), ((0.0, 0.5, 1.0),), ("squared",), (1.0,))
SHIFTED = Valuation(np.array([[1.0, 0.6, 0.2]]), np.array([0.1, 0.3]), np.array([1.1, 1.3]))


def test_the_risk_that_talks_break_down_is_impatience(situation):
    known = {
        "talks.breakdown": 0.2,
        "governor.discount_factor": 0.9,
        "coalition.discount_factor": 0.5,
    }
    before = situation(AGENDA, SHIFTED, SHIFTED, [[NO_OFFER] * 5], turn=0, parameters=known)
    assert _patience(before) == pytest.approx(np.array([[0.72, 0.4]]))


def test_the_optimistic_who_need_not_wait_settle_at_the_first_turn():
    settle = {
        "governor.tactic": "optimistic",
        "coalition.tactic": "optimistic",
        "governor.optimism": 0.0,
        "coalition.optimism": 0.0,
        "governor.discount_factor": 0.9,
        "coalition.discount_factor": 0.9,
        "calendar.rounds": 7,
    }
    model = play(sim.BargainingModel("split-the-pie", 11, set=settle, rng=1))
    assert (model.agreement != NO_OFFER).all()
    assert (model.agreed_round <= 1).all()


def test_the_optimistic_ask_for_what_is_left_them_at_their_first_turn_where_fair_shares_do_not_fit(
    situation,
):
    own = Valuation.plain(np.array([[1.0, 0.6, 0.2, 0.0]]))
    other = Valuation.plain(np.array([[0.0, 0.3, 0.6, 1.0]]))
    known = {"talks.breakdown": 0.0}
    for side in ("governor", "coalition"):
        known |= {f"{side}.optimism": 0.0, f"{side}.discount_factor": 0.5, f"{side}.demand": 1.0}
    first = situation(AGENDA, own, other, [[NO_OFFER] * 5], turn=0, rounds=5, parameters=known)
    assert optimistic(first) == pytest.approx(0.2)  # both halves want more: 0.6 beside 0.6


def test_who_plays_chicken_where_every_package_harms_the_other_side_still_has_an_ask(situation):
    own = Valuation.plain(np.array([[0.5, 0.2]]))
    other = Valuation.plain(np.array([[-0.3, -0.1]]))
    known = {f"{s}.{name}": x for s in ("governor", "coalition") for name, x in CHICKEN.items()}
    last = situation(AGENDA, own, other, [[NO_OFFER] * 5], turn=4, rounds=5, parameters=known)
    assert deadline_chicken(last) == pytest.approx(0.2)


@pytest.mark.filterwarnings("error")  # of a logarithm of nothing
def test_a_war_of_attrition_that_surely_breaks_down_begins_with_the_demand():
    sure = {"talks.breakdown": 1.0, "governor.obstinacy": 0.5, "coalition.obstinacy": 0.5}
    sure |= {f"{side}.tactic": "war_of_attrition" for side in ("governor", "coalition")}
    asks = sim.negotiate("split-the-pie", 5, seed=1, set=sure).aspirations()["aspiration"]
    assert len(asks) == 5
    assert np.isfinite(asks).all()


def test_packages_are_worth_their_entry_with_shift_and_scale():
    packages = np.array([[0, 2], [1, 1]])
    utility = SHIFTED.of_each(packages, np.array([0, 1]))
    assert utility == pytest.approx(np.array([[1.0, 0.3 / 1.1], [0.9 / 1.3, 0.9 / 1.3]]))


def test_the_best_asks_are_in_ones_own_utility():
    other = Valuation.plain(np.array([[0.0, 0.5, 1.0]]))
    asks = _best_asks(Ranking(AGENDA, SHIFTED, other), 2)
    least = np.searchsorted(RESERVATIONS, 0.5)
    assert asks[:, 0] == pytest.approx([1.0, 1.0])
    assert asks[:, least] == pytest.approx([0.7 / 1.1, 0.9 / 1.3])


def test_the_height_of_a_level_is_that_on_its_own_issue():
    names = ("first", "second")
    squared, weights = ("squared",) * 2, (1.0,) * 2
    agenda = Agenda(names, names, names, ((2.0, 4.0), (10.0, 10.5)), squared, weights)
    assert heights_of_levels(agenda).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_whether_more_is_wanted_of_an_issue_is_told_by_its_own_levels():
    names = ("even", "skewed")
    linear, weights = ("linear",) * 2, (1.0,) * 2
    agenda = Agenda(names, names, names, ((0.0, 1.0), (0.0, 0.1, 1.0)), linear, weights)
    wanted = Valuation.plain(10 + heights_of_levels(agenda)[None, :, 1])
    assert _wants_more(Ranking(agenda, wanted, wanted)).tolist() == [[False, True]]


def test_an_ask_stays_where_an_offer_to_measure_by_was_never_made():
    never, made = -np.inf, 0.3
    before, after = np.array([never, made, never]), np.array([made, never, never])
    ask = by_as_much(np.full(3, 0.8), before, after, np.full(3, 0.05))
    assert ask.tolist() == [0.8] * 3


@pytest.mark.parametrize(
    ("formula", "given", "expected"),
    [
        (offer_under_doubt, (0.6, 0.7, 0.9), 0.6),  # (1 - 0.9 + 0.6) / 2 lies below
        (offer_under_doubt, (0.1, 0.2, 0.0), 0.2),
        (expected_after_refusal, (0.9, 0.2, 0.6), 0.6),
        (expected_after_acceptance, (0.1, 0.2, 0.6), 0.2),
        (yes_share_strict, (-0.2, 1.0, 1.0, 0.5), 0.0),
        (pass_probability_exact, (4, 0.9, 1.5), 0.0),  # 6 votes of 4 voters
    ],
)
def test_what_lies_beyond_an_end_is_taken_as_the_end(formula, given, expected):
    assert formula(*given) == pytest.approx(expected)


def test_a_frontier_all_of_which_is_better_than_no_agreement_for_the_coalition_ends_with_the_governor():
    line = Frontier(lambda governor: 1 - governor, least=0.0, most=1.0)
    assert ideal(line, (0.0, -0.5)) == (1.0, 1.0)


@pytest.mark.parametrize(("least", "most", "chosen"), [(0.7, 1.0, 0.7), (0.0, 0.3, 0.3)])
def test_where_one_side_gains_more_all_along_equality_is_at_the_nearest_end(least, most, chosen):
    line = Frontier(lambda governor: 1 - governor, least, most)
    assert egalitarian(line, (0.0, 0.0)) == pytest.approx((chosen, 1 - chosen))


def test_a_single_part_of_the_weight_lies_on_one_issue():
    assert possible_weights(2, parts=1).tolist() == [[1, 0], [0, 1]]


def test_each_world_weighs_its_options_and_hypotheses_by_themselves():
    """However much better or likelier all of those of another world are."""
    half = 1 / (1 + np.exp(-1))
    expected = [[1 - half, half]] * 2
    chances = choice_probabilities(np.array([[0.0, 1.0], [5000.0, 5001.0]]), 1.0)
    assert chances == pytest.approx(np.array(expected))
    squares = 2 * np.array([[2.0, 1.0], [5001.0, 5000.0]])
    assert posterior(np.full((2, 2), 0.5), squares, 1.0) == pytest.approx(np.array(expected))


def test_one_may_hold_out_for_everything():
    weights = np.array([0.75, 0.25])
    package, _ = trade_off(weights, 1.0, np.array([0.2, 0.1]), np.array([0.5, 0.5]))
    assert package == pytest.approx([1.0, 1.0])


def test_a_firm_that_no_strike_would_end_is_told_what_revenue_it_needs():
    with pytest.raises(ValueError, match=r"revenue is 10\.0: .* least increase, 11\.0,"):
        Strike(
            wage=10.0, revenue=10.0, initial_increase=0.2, least_increase=0.1, decay=0.1, rate=0.1
        )
