"""Baarslag, Hindriks and Jonker (2014): when to say yes to the standing offer.

AC_next takes an offer that is at least as good as what one would ask for next. AC_combi does that
too, and late in the talks it also settles for the best offer of late: of a window that reaches back
as long as the time that is left, because nothing better can be expected in it (MAX^W); for the average
of that window (AVG^W); or for the best offer so far (MAX^T). AC_const takes a fixed level, AC_time
anything once it is late. Nothing below the reservation value is ever taken.
"""

import numpy as np
import pytest

from sim.cases.loading import load_scenario, with_values
from sim.negotiators.acceptance import (
    ac_combi,
    ac_combi_average,
    ac_combi_best,
    ac_const,
    ac_next,
    ac_time,
)
from sim.negotiators.agents import Coalition, Governor
from sim.negotiators.history import NO_OFFER
from sim.play.model import BargainingModel
from sim.play.outcome import play
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation

AGENDA = Agenda.of(load_scenario("mini-ct"))
COMBINED = (ac_combi, ac_combi_average, ac_combi_best)
EVERY_RULE = (ac_next, *COMBINED, ac_const, ac_time)


@pytest.fixture
def says_yes(situation):
    """Give a function that has a rule answer an offer of this worth after a better or worse one."""

    def answer(
        rule, offer, aspiration=0.7, reservation=0.2, before=0.4, late=True, a=1.0, b=0.0, level=0.6
    ):
        worths = np.array([[-np.inf if worth is None else worth for worth in (before, offer)]])
        seen = situation(
            AGENDA,
            Valuation.plain(worths),
            Valuation.plain(worths),
            [0, NO_OFFER, NO_OFFER if offer is None else 1],
            turn=3,
            rounds=7,
            reservation=reservation,
            parameters={
                "talks.acceptance_scale": a,
                "talks.acceptance_shift": b,
                "talks.acceptance_level": level,
                "talks.acceptance_from": 3 / 7 if late else 0.5,
            },
        )
        return bool(rule(seen, np.array([aspiration]))[0])

    return answer


@pytest.mark.parametrize("rule", [ac_next, *COMBINED])
@pytest.mark.parametrize(
    ("offer", "yes"), [(0.71, True), (0.7, True), (0.7 - 1e-13, True), (0.7 - 1e-11, False)]
)
def test_what_one_would_ask_for_next_is_good_enough(says_yes, rule, offer, yes):
    assert says_yes(rule, offer, before=0.9) is yes


@pytest.mark.parametrize(
    ("a", "b", "least"), [(1.4, 0.0, 0.5), (1.0, 0.2, 0.5), (2.0, 0.1, 0.3), (0.875, 0.0, 0.8)]
)
def test_an_offer_may_be_scaled_and_raised_before_it_is_compared(says_yes, a, b, least):
    assert says_yes(ac_next, least + 1e-9, a=a, b=b)
    assert not says_yes(ac_next, least - 1e-9, a=a, b=b)


@pytest.mark.parametrize("rule", COMBINED)
@pytest.mark.parametrize(
    ("offer", "yes"), [(0.41, True), (0.4, True), (0.4 - 1e-13, True), (0.4 - 1e-11, False)]
)
def test_late_in_the_talks_the_best_offer_of_late_will_do(says_yes, rule, offer, yes):
    assert says_yes(rule, offer) is yes
    assert not says_yes(rule, offer, late=False)
    assert not says_yes(ac_next, offer)


@pytest.mark.parametrize(("offer", "yes"), [(0.6, True), (0.6 - 1e-13, True), (0.6 - 1e-11, False)])
def test_a_constant_level_will_do_early_and_late(says_yes, offer, yes):
    assert says_yes(ac_const, offer) is yes
    assert says_yes(ac_const, offer, late=False) is yes


def test_once_it_is_late_anything_will_do_and_before_that_nothing(says_yes):
    assert says_yes(ac_time, 0.2, before=0.9)
    assert not says_yes(ac_time, 0.9, late=False)


@pytest.mark.parametrize("rule", EVERY_RULE)
@pytest.mark.parametrize(("offer", "yes"), [(0.2, True), (0.2 - 1e-13, True), (0.2 - 1e-11, False)])
def test_nothing_below_the_reservation_value_will_do(says_yes, rule, offer, yes):
    assert says_yes(rule, offer, before=0.1, b=0.6, level=0.1) is yes


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_where_nothing_was_offered_there_is_nothing_to_accept(says_yes, rule):
    assert not says_yes(rule, None, reservation=-np.inf, before=None)


@pytest.mark.parametrize("rule", COMBINED)
def test_a_first_offer_is_the_best_and_the_average_of_late(says_yes, rule):
    assert says_yes(rule, 0.3, before=None)


@pytest.mark.parametrize(
    ("rule", "yes"),
    [(ac_combi, [False, False, True]), (ac_combi_average, [False, True, True])],
)
def test_of_late_is_of_late_in_each_world(situation, rule, yes):
    # What stands is worth .5: after .9 and .9, after .9 and .1, and after nothing at all.
    worths = Valuation.plain(np.array([[0.9, 0.5, 0.1]]))
    seen = situation(
        AGENDA,
        worths,
        worths,
        [[0, NO_OFFER, 0, NO_OFFER, 1], [0, NO_OFFER, 2, NO_OFFER, 1], [NO_OFFER] * 4 + [1]],
        turn=5,
        rounds=11,
        reservation=0.2,
        parameters={
            "talks.acceptance_scale": 1.0,
            "talks.acceptance_shift": 0.0,
            "talks.acceptance_from": 0.4,
        },
    )
    assert rule(seen, np.array([1.0])).tolist() == yes


# Packages of mini-ct, worth 45, 30, 25, 15 and 5 points to the coalition above its batna, of 65.
GREAT, GOOD, FAIR, POOR, MEAN = (0, 1, 1, 1), (1, 1, 1, 0), (2, 1, 1, 1), (2, 2, 1, 1), (2, 2, 1, 0)


def round_of_agreement(offers, **values):
    """Let the governor make these offers at turns 0, 2, 4, ... and the other side never concede."""

    class Scripted(Governor):
        def propose(self, history):
            levels = offers[min(history.turn // 2, len(offers) - 1)]
            names = ("wages", "health", "job_security", "tax_share")
            package = self.model.batch.agenda.find(**dict(zip(names, levels, strict=True)))
            return np.full(len(history.worlds), package)

        def accepts(self, history):
            return np.zeros(len(history.worlds), dtype=bool)

    class AsksForEverything(Coalition):
        def aspiration(self, history):
            return np.ones(1)

    scenario = with_values(
        load_scenario("mini-ct"),
        {
            "calendar.rounds": 12,
            "talks.first_proposer": "governor",
            "talks.acceptance": "ac_combi",
            "talks.acceptance_from": 0.5,
        }
        | values,
    )
    model = BargainingModel(scenario, rng=0, governor=Scripted, coalition=AsksForEverything)
    return int(play(model).agreed_round[0])


def test_an_offer_that_was_bettered_before_the_window_is_the_best_of_late():
    # At turn 7 five turns are left, so the window holds the offers of turns 2, 4 and 6, not turn 0.
    assert round_of_agreement([GREAT, POOR, POOR, FAIR]) == 7


def test_an_offer_that_was_bettered_within_the_window_is_not():
    # At turn 7 that of turn 2 was better; at turn 9 (three left) that of turn 6; at turn 11 the
    # window holds only the offer that stands.
    assert round_of_agreement([GREAT, GOOD, POOR, FAIR, POOR, MEAN]) == 11


def test_the_window_holds_as_many_offers_as_the_other_side_can_still_make():
    # At turn 7 of 11 the other side can still move at turns 8 and 10: the window holds the offers of
    # turns 4 and 6. At turn 7 of 12 it can at 8, 10 and 12, and that of turn 2 is in it too.
    offers = [GREAT, GOOD, POOR, FAIR]
    assert round_of_agreement(offers, **{"calendar.rounds": 11}) == 7
    assert round_of_agreement(offers, **{"calendar.rounds": 12}) == 9


def test_the_average_of_the_window_is_sooner_reached_than_its_best():
    # At turn 7 the window holds GOOD, POOR and FAIR: FAIR is above their average.
    average = {"talks.acceptance": "ac_combi_average"}
    assert round_of_agreement([GREAT, GOOD, POOR, FAIR, POOR, MEAN], **average) == 7
    # GOOD twice lifts it; at turn 9 the window holds FAIR twice.
    assert round_of_agreement([GREAT, GOOD, GOOD, FAIR], **average) == 9


def test_the_best_offer_so_far_may_stand_before_any_window():
    best = {"talks.acceptance": "ac_combi_best"}
    assert round_of_agreement([GREAT, POOR, POOR, FAIR], **best) == -1
    assert round_of_agreement([FAIR, POOR, POOR, POOR, FAIR], **best) == 9


def test_it_is_not_late_before_its_time():
    assert round_of_agreement([POOR, POOR, GOOD]) == 7
    assert round_of_agreement([POOR, POOR, GOOD], **{"talks.acceptance_from": 5 / 12}) == 5
    assert round_of_agreement([POOR, POOR, GOOD], **{"talks.acceptance_from": 1.0}) == -1


def test_ac_next_goes_on_asking_for_everything():
    assert round_of_agreement([FAIR], **{"talks.acceptance": "ac_next"}) == -1


def test_even_late_the_reservation_value_is_kept():
    # MEAN is worth 5 of 65: more than a reservation of .05, less than one of .1.
    assert round_of_agreement([MEAN], **{"talks.self_serving_bias": 0.1}) == 7
    assert round_of_agreement([MEAN], **{"talks.self_serving_bias": 0.2}) == -1
