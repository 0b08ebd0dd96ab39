"""What people know and believe follows from doors, leaks, notices and meetings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences.information import (
    after_notices,
    after_rejections,
    leaks,
    members_belief,
    misperception,
    reservation,
    size_credibility,
)

SHARES = st.floats(0.0, 1.0)
WORLDS = 7


def one(*numbers):
    return [np.array([number], dtype=float) for number in numbers]


def test_talks_leak_when_the_draw_is_below_the_hazard():
    uniform = np.array([0.0, 0.0999, 0.1, 0.5])
    assert leaks(*one(1, 0.1, 0.25), uniform).tolist() == [0.25, 0.25, 1, 1]
    assert leaks(*one(1, 0, 0.25), uniform).tolist() == [1, 1, 1, 1]
    assert leaks(*one(1, 1, 0.25), uniform).tolist() == [0.25, 0.25, 0.25, 0.25]


def test_a_leak_never_makes_talks_more_secret():
    secrecy = np.array([0.1, 0.25, 0.4])
    assert leaks(secrecy, *one(1, 0.25), np.zeros(3)).tolist() == [0.1, 0.25, 0.25]


def test_behind_closed_doors_a_negotiator_can_accept_anything():
    assert reservation(*one(3, 1, 0)) == 0


def test_in_full_view_retreat_costs_what_the_audience_makes_it_cost():
    assert reservation(*one(0.5, 0, 0)) == pytest.approx(1 / 3)
    assert reservation(*one(3, 0, 0)) == pytest.approx(3 / 4)
    assert reservation(*one(2, 0.75, 0)) == pytest.approx(1 / 3)


def test_half_of_the_gap_between_ideas_of_fairness_comes_on_top():
    assert reservation(*one(0, 0, 0.3)) == pytest.approx(0.15)
    assert reservation(*one(0.5, 0, 0.3)) == pytest.approx(1 / 3 + 0.15)


@given(st.floats(0, 3), SHARES)
def test_at_the_reservation_value_the_retreat_costs_as_much_as_the_offer_is_worth(cost, secrecy):
    # From a public demand of 1: the offer u is worth as much as A (1 - u).
    least = reservation(*one(cost, secrecy, 0))[0]
    assert least == pytest.approx(cost * (1 - secrecy) * (1 - least), abs=1e-12)


def test_who_has_rejected_an_offer_can_accept_no_less():
    rejected = np.array([0.3, -np.inf, 0.6])
    assert after_rejections(np.array([0.1, 0.2, 0.5]), rejected).tolist() == [0.3, 0.2, 0.6]


def test_members_believe_what_leaders_do_the_more_the_opener_the_doors():
    secrecy = np.array([1.0, 0.75, 0.5, 0.0])
    assert members_belief(*one(0.5, 0.9), secrecy) == pytest.approx([0.5, 0.6, 0.7, 0.9])
    assert members_belief(*one(0.9, 0.5), secrecy) == pytest.approx([0.9, 0.8, 0.7, 0.5])


def test_secrecy_breeds_misperception_and_outreach_dispels_it():
    assert misperception(*one(0.04, 1, 0)) == pytest.approx(0.04)
    assert misperception(*one(0.04, 0.5, 0)) == pytest.approx(0.02)
    assert misperception(*one(0.04, 1, 0.8)) == pytest.approx(0.008)
    assert misperception(*one(0.04, 0.5, 0.25)) == pytest.approx(0.015)
    assert misperception(*one(0.04, 0, 0)) == 0
    assert misperception(*one(0.04, 1, 1)) == 0


def test_notices_move_belief_by_bayes_rule():
    found = after_notices(*one(0.3, 0.5), np.array([0, 1, 2, 3, 4]))
    assert found == pytest.approx([0.3, 0.461538, 0.631579, 0.774194, 0.872727], abs=1e-6)


def test_worlds_that_believe_nothing_or_everything_stay_so_beside_others():
    found = after_notices(np.array([0.0, 0.5, 1.0]), *one(0.0), np.array([2]))
    assert found.tolist() == [0, 1, 1]


def test_a_size_above_the_optimum_is_doubted_and_one_below_is_not():
    left = size_credibility(np.array([50.0, 100.0, 150.0, 300.0]), *one(100, 0.8))
    assert left == pytest.approx([1, 1, np.exp(-0.4), np.exp(-1.6)])


@given(st.data())
def test_worlds_do_not_mix(data):
    def column(low, high):
        values = st.lists(st.floats(low, high), min_size=WORLDS, max_size=WORLDS)
        return np.array(data.draw(values))

    rules = {
        leaks: [column(0, 1), column(0, 1), column(0, 1), column(0, 1)],
        reservation: [column(0, 3), column(0, 1), column(0, 1)],
        members_belief: [column(0, 1), column(0, 1), column(0, 1)],
        misperception: [column(0, 1), column(0, 1), column(0, 1)],
        after_notices: [column(0, 1), column(0, 1), column(0, 7)],
        size_credibility: [column(0, 3), column(0.1, 3), column(0, 3)],
    }
    for rule, arguments in rules.items():
        together = rule(*arguments)
        alone = [rule(*(a[w : w + 1] for a in arguments))[0] for w in range(WORLDS)]
        assert together.tolist() == alone
