"""Aspirations fall from everything to the reservation value, in every world by its own clock."""

import numpy as np
import pytest

from sim.negotiators.history import NO_OFFER
from sim.negotiators.tactics.clock import aspiration, exponential_concession, polynomial_concession
from sim.negotiators.tactics.patience import discounted
from sim.preferences.valuation import Valuation

BETA = np.array([0.2, 1.0, 5.0])
FIRST = np.array([0.1, 0.0, 0.3])


def test_seven_worlds_may_share_the_time_and_differ_in_how_they_use_it():
    found = polynomial_concession(0.25, BETA, FIRST)
    assert found == pytest.approx([0.1 + 0.9 * 0.25**5, 0.25, 0.3 + 0.7 * 0.25**0.2])
    found = exponential_concession(0.25, BETA, np.array([0.1, 0.5, 0.3]))
    assert found == pytest.approx([0.1 ** (0.75**0.2), 0.5**0.75, 0.3 ** (0.75**5)])


def test_after_the_deadline_there_is_nothing_left_to_give():
    assert polynomial_concession(1.5, BETA, FIRST).tolist() == [1, 1, 1]
    assert exponential_concession(1.5, BETA, np.array([0.1, 0.5, 0.3])).tolist() == [1, 1, 1]


def test_the_aspiration_is_the_share_not_yet_given_of_what_lies_above_the_reservation_value():
    found = aspiration(np.array([0.0, 0.5, 1.0, 0.25]), np.array([0.4, 0.4, 0.4, 1.2]))
    assert found == pytest.approx([1, 0.7, 0.4, 1.05])


def test_what_waiting_costs_is_taken_from_what_lies_above_the_reservation_value(situation):
    worths = Valuation.plain(np.array([[0.0, 1.0]]))
    known = {"governor.discount_factor": 0.9, "talks.breakdown": 0.2}
    before = situation(
        None, worths, worths, [[NO_OFFER] * 3], turn=2, reservation=0.3, parameters=known
    )
    # .72 of the .5 above the reservation value of .3
    assert discounted(np.array([0.8]), before) == pytest.approx(0.3 + 0.72 * 0.5)
    assert discounted(np.array([0.3]), before) == pytest.approx(0.3)
