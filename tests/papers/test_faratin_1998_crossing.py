"""Faratin, Sierra and Jennings (1998): when two concession tactics meet, and who gives more.

A side whose exponent is beta has conceded alpha(t) = t ** (1 / beta) of the way to its reservation
at time t, the deadline being 1. With equal exponents the offers meet at (1 + Z) ** -beta, where Z
is the width of the ZOPA, and at the price R_G / (1 + Z), where R_G is the most the governor grants:
the exponent settles when, not how much. With unequal exponents the tougher side gains.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.concession import crossing, crossing_time

BETAS = st.floats(0.05, 7.0)
SHARES = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("beta", "time"),
    [(0.2, 0.964193), (0.5, 0.912871), (1.0, 0.833333), (2.0, 0.694444), (5.0, 0.401878)],
)
def test_with_equal_exponents_the_exponent_sets_the_time(beta, time):
    assert crossing_time(0.2, beta) == pytest.approx(time, abs=1e-6)
    assert crossing(0.6, 0.4, beta, beta) == pytest.approx((time, 0.5), abs=1e-6)


def test_the_tougher_side_gains():
    time, share = crossing(0.6, 0.4, 0.2, 5.0)
    assert (time, share) == pytest.approx((0.926275, 0.409120), abs=1e-5)
    time, share = crossing(0.6, 0.4, 5.0, 0.2)
    assert (time, share) == pytest.approx((0.926275, 0.590880), abs=1e-5)


def test_without_a_zopa_the_offers_never_meet():
    assert crossing(0.4, 0.6, 1.0, 1.0) is None
    assert crossing(0.4, 0.4 + 1e-12, 0.2, 5.0) is None


@given(SHARES, BETAS, BETAS)
def test_a_zopa_of_one_point_is_reached_at_the_deadline(share, beta_governor, beta_coalition):
    meeting = crossing(share, share, beta_governor, beta_coalition)
    assert meeting == pytest.approx((1.0, share), abs=1e-9)


@given(SHARES, SHARES, BETAS)
def test_the_solver_agrees_with_the_closed_form(one, other, beta):
    least, most = sorted((one, other))
    time, share = crossing(most, least, beta, beta)
    assert time == pytest.approx(crossing_time(most - least, beta), abs=1e-9)
    assert share == pytest.approx(most / (1 + most - least), abs=1e-9)


@given(SHARES, SHARES, BETAS, BETAS)
def test_both_offers_are_the_same_where_they_meet(one, other, beta_governor, beta_coalition):
    least, most = sorted((one, other))
    time, share = crossing(most, least, beta_governor, beta_coalition)
    assert share == pytest.approx(most * time ** (1 / beta_governor), abs=1e-9)
    assert share == pytest.approx(1 - (1 - least) * time ** (1 / beta_coalition), abs=1e-9)
    assert least - 1e-9 <= share <= most + 1e-9


@given(SHARES, SHARES, BETAS, BETAS)
def test_the_two_sides_are_mirror_images(one, other, beta_governor, beta_coalition):
    least, most = sorted((one, other))
    time, share = crossing(most, least, beta_governor, beta_coalition)
    mirrored = crossing(1 - least, 1 - most, beta_coalition, beta_governor)
    assert mirrored == pytest.approx((time, 1 - share), abs=1e-7)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.1, 0.4, 1.0, 1.0), "reservation_governor is 1.1"),
        ((0.6, -0.1, 1.0, 1.0), "reservation_coalition is -0.1"),
        ((0.6, 0.4, 0.0, 1.0), "beta_governor is 0.0"),
        ((0.6, 0.4, 1.0, -2.0), "beta_coalition is -2.0"),
    ],
)
def test_what_no_tactic_can_have_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        crossing(*arguments)


def test_the_closed_form_refuses_what_it_does_not_cover():
    assert crossing_time(0.0, 3.0) == 1
    with pytest.raises(ValueError, match=r"zone is -0\.2"):
        crossing_time(-0.2, 1.0)
    with pytest.raises(ValueError, match=r"beta is 0\.0"):
        crossing_time(0.2, 0.0)
