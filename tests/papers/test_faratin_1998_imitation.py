"""Faratin, Sierra and Jennings (1998): tactics that answer the other side's offers in kind.

Relative tit for tat gives way in the proportion in which the other side did, absolute tit for tat by as
much, averaged tit for tat in the proportion of several steps together. A seller who goes from 20 to 18
brings a buyer who offered 10 to 10 x 20 / 18 = 11.11, or to 10 + (20 - 18) = 12. At the table a side
counts what both sides' offers are worth to itself. Tactics can be mixed by weight.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario
from sim.negotiators.history import NO_OFFER
from sim.negotiators.tactics import (
    absolute_tit_for_tat,
    averaged_tit_for_tat,
    mixed,
    relative_tit_for_tat,
    time_dependent,
)
from sim.negotiators.tactics.imitation import by_as_much, in_proportion
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation

AGENDA = Agenda.of(load_scenario("mini-ct"))
LEVELS = 37  # package p is worth p / 36 - 0.25 to oneself: packages 0 to 9 are no better than none
OWN = Valuation.plain((np.arange(LEVELS) / (LEVELS - 1) - 0.25)[None])
OTHER = Valuation.plain(np.zeros((1, LEVELS)))
BEST = 0.75
HABITS = {
    "governor.beta": 1.0,
    "governor.first_concession": 0.0,
    "governor.imitation_lag": 1,
    "governor.imitation_window": 2,
    "governor.imitation_noise": 0.0,
    "governor.mixed_with": "relative_tit_for_tat",
    "governor.mixed_weight": 0.5,
}
IMITATING = (relative_tit_for_tat, absolute_tit_for_tat, averaged_tit_for_tat)
WORTHS = st.floats(-0.9, 1.0)


@pytest.fixture(scope="session")
def asks(situation):
    """Give a function that has a tactic look at offers, the other side's at even turns, at turn 7."""

    def aspiration(tactic, offers, reservation=0.0, uniform=0.0, **habits):
        offers = np.atleast_2d(offers)
        known = HABITS | {f"governor.{name}": value for name, value in habits.items()}
        seen = situation(
            AGENDA,
            OWN,
            OTHER,
            offers,
            turn=offers.shape[-1],
            rounds=14,
            reservation=reservation,
            parameters=known,
            uniform=uniform,
        )
        return tactic(seen)

    return aspiration


# Theirs are worth 1/18, 1/9, 5/36 and 2/9 at turns 0, 2, 4 and 6; one's own last offer 5/9.
OFFERS = [11, 36, 13, 30, 14, 29, 17]


def worth(package):
    return package / 36 - 0.25


def test_the_example_of_the_buyer_and_the_seller():
    ten, twenty, eighteen = (np.array([x]) for x in (10.0, 20.0, 18.0))
    assert in_proportion(ten, twenty, eighteen)[0] == pytest.approx(11.1111, abs=1e-4)
    assert by_as_much(ten, twenty, eighteen, np.zeros(1))[0] == 12
    assert by_as_much(ten, twenty, eighteen, np.ones(1))[0] == 11


def test_the_more_the_other_side_gave_the_less_one_asks_for(asks):
    assert asks(relative_tit_for_tat, OFFERS) == pytest.approx(worth(29) * worth(14) / worth(17))
    assert asks(absolute_tit_for_tat, OFFERS) == pytest.approx(worth(29) - 3 / 36)
    assert asks(averaged_tit_for_tat, OFFERS) == pytest.approx(worth(29) * worth(13) / worth(17))


@pytest.mark.parametrize(("lag", "steps"), [(1, (14, 17)), (2, (13, 14)), (3, (11, 13))])
def test_the_lag_tells_which_step_is_imitated(asks, lag, steps):
    before, after = map(worth, steps)
    found = asks(relative_tit_for_tat, OFFERS, imitation_lag=lag)
    assert found == pytest.approx(worth(29) * before / after)
    found = asks(absolute_tit_for_tat, OFFERS, imitation_lag=lag)
    assert found == pytest.approx(worth(29) - (after - before))


@pytest.mark.parametrize(("window", "before"), [(1, 14), (2, 13), (3, 11)])
def test_the_window_tells_over_how_many_steps_is_measured(asks, window, before):
    found = asks(averaged_tit_for_tat, OFFERS, imitation_window=window)
    assert found == pytest.approx(worth(29) * worth(before) / worth(17))


def test_the_noise_is_the_most_that_is_given_on_top(asks):
    for uniform in (0.0, 0.5, 0.99):
        found = asks(absolute_tit_for_tat, OFFERS, imitation_noise=0.2, uniform=uniform)
        assert found == pytest.approx(worth(29) - 3 / 36 - 0.2 * uniform)


@pytest.mark.parametrize("tactic", IMITATING)
def test_what_the_other_side_takes_back_one_takes_back_but_never_beyond_the_best(asks, tactic):
    assert asks(tactic, [17, 36, 17, 33, 17, 29, 16]) > worth(29)
    assert asks(tactic, [30, 36, 30, 33, 30, 29, 10]) == BEST


@pytest.mark.parametrize("tactic", IMITATING)
def test_one_never_asks_for_less_than_the_reservation_value(asks, tactic):
    generous = [12, 36, 12, 36, 12, 29, 35]
    assert asks(tactic, generous, reservation=0.5) == 0.5


@pytest.mark.parametrize("tactic", IMITATING)
@pytest.mark.parametrize(
    "offers",
    [[], [11], [11, NO_OFFER, 20], [NO_OFFER, 36, NO_OFFER, 36, NO_OFFER, 36, 17]],
    ids=str,
)
def test_with_nothing_to_compare_one_asks_for_the_best(asks, tactic, offers):
    assert asks(tactic, np.array([offers], dtype=int), imitation_noise=0.3, uniform=0.9) == BEST


@pytest.mark.parametrize("tactic", [relative_tit_for_tat, averaged_tit_for_tat])
@pytest.mark.parametrize("steps", [(3, 9), (9, 17), (17, 9), (9, 3)])
def test_no_proportion_is_taken_of_what_is_no_better_than_no_agreement(asks, tactic, steps):
    before, after = steps
    assert asks(tactic, [before, 36, before, 33, before, 29, after]) == pytest.approx(worth(29))


def test_gains_below_no_agreement_are_gains_by_as_much(asks):
    assert asks(absolute_tit_for_tat, [0, 36, 0, 33, 3, 29, 8]) == pytest.approx(worth(29) - 5 / 36)


@given(last=st.floats(0, 1), before=WORTHS, after=WORTHS)
def test_one_gives_way_exactly_when_the_other_side_does(last, before, after):
    one, two, three = (np.array([x]) for x in (last, before, after))
    assert (by_as_much(one, two, three, np.zeros(1))[0] <= last) or after < before
    ratio = in_proportion(one, two, three)[0]
    rounding = 1e-15
    assert (ratio <= last + rounding) if after >= before else (ratio >= last - rounding)


@given(last=st.floats(0.01, 1), before=st.floats(0.01, 1), after=st.floats(0.01, 1))
def test_a_step_there_and_back_leaves_the_ask_where_it_was(last, before, after):
    one, two, three = (np.array([x]) for x in (last, before, after))
    assert in_proportion(in_proportion(one, two, three), three, two) == pytest.approx(one)
    nothing = np.zeros(1)
    there = by_as_much(one, two, three, nothing)
    assert by_as_much(there, three, two, nothing) == pytest.approx(one)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("tactic", IMITATING)
def test_a_mixture_asks_for_the_weighted_mean(asks, tactic, weight):
    alone, clock = asks(tactic, OFFERS), asks(time_dependent, OFFERS)
    assert clock == 0.5
    found = asks(mixed, OFFERS, mixed_with=tactic.__name__, mixed_weight=weight)
    assert found == pytest.approx(weight * alone + (1 - weight) * clock)


@pytest.mark.slow
@pytest.mark.parametrize("tactic", [*IMITATING, mixed])
@given(data=st.data())
def test_seven_worlds_ask_at_once_for_what_each_would_alone(asks, tactic, data):
    worlds, turns = 7, data.draw(st.sampled_from([1, 4, 7]))
    packages = st.lists(st.integers(NO_OFFER, LEVELS - 1), min_size=turns, max_size=turns)
    offers = np.array(data.draw(st.lists(packages, min_size=worlds, max_size=worlds)))
    habits = {
        "imitation_lag": [1, 2, 3, 1, 2, 3, 1],
        "imitation_window": [2, 1, 1, 2, 3, 1, 2],
        "imitation_noise": [0.0, 0.1, 0.2, 0.3, 0.0, 0.1, 0.2],
        "mixed_weight": [0.0, 0.3, 0.5, 0.5, 0.7, 0.9, 1.0],
        "mixed_with": [tactic.__name__ for tactic in (*IMITATING, *IMITATING, IMITATING[0])],
    }
    together = asks(tactic, offers, uniform=0.5, **habits)
    alone = [
        asks(tactic, offers[w], uniform=0.5, **{name: each[w] for name, each in habits.items()})[0]
        for w in range(worlds)
    ]
    assert together.tolist() == alone
