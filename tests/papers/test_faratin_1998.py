"""Faratin, Sierra and Jennings (1998): concession tactics that depend on time.

A tactic is the share alpha(t) of the way from its best to its reservation value that a side has
given at time t, the deadline being 1. Polynomial: alpha = k + (1 - k) t^(1 / beta). Exponential:
alpha = exp((1 - t)^beta ln k). Both start at the first concession k and have given everything at
the deadline; beta < 1 gives way late (Boulware), beta > 1 early (Conceder). A tactic that depends on a
resource, of which so much is left, has given alpha = k + (1 - k) exp(-left).

Two sides with the same polynomial tactic and a ZOPA of width Z settle at about (1 + Z)^-beta.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario, with_values
from sim.negotiators.tactics.clock import (
    aspiration,
    exponential_concession,
    polynomial_concession,
    resource_concession,
)
from sim.play.model import BargainingModel
from sim.play.outcome import play
from sim.theory.concession import crossing_time

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
TACTICS = (polynomial_concession, exponential_concession)
BETAS = st.floats(0.05, 7.0)
FIRST = st.floats(0.01, 0.5)
TIMES = st.floats(0.0, 1.0)


def given_away(tactic, time, beta, first_concession):
    return tactic(time, np.array([beta]), np.array([first_concession]))[0]


@pytest.mark.parametrize(
    ("beta", "shares"),
    [
        (0.2, (0.1, 0.100879, 0.128125, 0.313574, 1)),
        (1.0, (0.1, 0.325, 0.55, 0.775, 1)),
        (5.0, (0.1, 0.782072, 0.883496, 0.949679, 1)),
    ],
)
def test_polynomial_concession(beta, shares):
    found = [given_away(polynomial_concession, time, beta, 0.1) for time in QUARTERS]
    assert found == pytest.approx(shares, abs=1e-6)


@pytest.mark.parametrize(
    ("beta", "shares"),
    [
        (0.2, (0.1, 0.11374, 0.134725, 0.174639, 1)),
        (1.0, (0.1, 0.177828, 0.316228, 0.562341, 1)),
        (5.0, (0.1, 0.579022, 0.930572, 0.997754, 1)),
    ],
)
def test_exponential_concession(beta, shares):
    found = [given_away(exponential_concession, time, beta, 0.1) for time in QUARTERS]
    assert found == pytest.approx(shares, abs=1e-5)


@pytest.mark.parametrize("tactic", TACTICS)
@given(beta=BETAS, first=FIRST)
def test_a_tactic_starts_at_the_first_concession_and_ends_with_everything(tactic, beta, first):
    assert given_away(tactic, 0.0, beta, first) == pytest.approx(first, rel=1e-12)
    assert given_away(tactic, 1.0, beta, first) == 1
    assert given_away(tactic, 1.7, beta, first) == 1


@pytest.mark.parametrize("tactic", TACTICS)
@given(beta=BETAS, first=FIRST, one=TIMES, other=TIMES)
def test_what_was_given_is_never_taken_back(tactic, beta, first, one, other):
    early, late = sorted((one, other))
    assert given_away(tactic, early, beta, first) <= given_away(tactic, late, beta, first) + 1e-15


@pytest.mark.parametrize("tactic", TACTICS)
@given(first=FIRST, time=st.floats(0.05, 0.95))
def test_a_boulware_has_given_less_than_a_conceder_at_any_time(tactic, first, time):
    tough, even, soft = (given_away(tactic, time, beta, first) for beta in (0.3, 1.0, 3.0))
    assert tough < even < soft


def resource_given(left, first_concession):
    return resource_concession(np.array([left]), np.array([first_concession]))[0]


def test_resource_concession():
    found = [resource_given(left, 0.1) for left in (np.inf, 2.0, 1.0, 0.0)]
    assert found == pytest.approx([0.1, 0.221802, 0.431092, 1], abs=1e-6)


@given(first=FIRST, time=TIMES)
def test_a_resource_used_up_evenly_is_an_exponential_clock(first, time):
    left = -np.log(first) * (1 - time)
    clock = given_away(exponential_concession, time, 1.0, first)
    assert resource_given(left, 0.0) == pytest.approx(clock, rel=1e-12)


def test_nobody_asks_for_less_than_the_reservation_value():
    reservation = np.array([0.3])
    levels = [aspiration(np.array([given]), reservation)[0] for given in (0.0, 0.25, 1.0)]
    assert levels == pytest.approx([1, 0.825, 0.3], abs=1e-15)


@pytest.mark.slow
def test_two_equal_sides_split_the_pie_when_their_offers_cross():
    rounds, shares = settle(load_scenario("split-the-pie"), (0.2, 1.0, 5.0))
    assert rounds.tolist() == [965, 834, 403]
    assert shares == pytest.approx([0.4995, 0.5002, 0.5000], abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("zone", [0.02, 0.5])
def test_alternating_offers_cross_within_two_turns_of_continuous_ones(edited, zone):
    least, betas = round((1 - zone) / 2, 12), (0.2, 0.5, 1.0, 2.0, 5.0)
    rounds, shares = settle(with_batna(edited, least), betas)
    continuous = np.array([crossing_time(zone, beta) for beta in betas])
    assert (np.abs(rounds - 400 * continuous) <= 2).all()
    assert shares == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("deadline", [10, 50, 300, pytest.param(1500, marks=pytest.mark.slow)])
def test_the_share_of_the_time_used_converges_to_that_of_continuous_offers(deadline):
    scenario = with_values(load_scenario("split-the-pie"), {"calendar.rounds": deadline})
    rounds, _ = settle(scenario, (1.0,))
    assert abs(rounds[0] / deadline - crossing_time(0.2, 1.0)) <= 2 / deadline


@pytest.mark.slow
@pytest.mark.parametrize("least", [0.51, 0.5])
def test_the_deadline_passes_without_a_zopa_or_with_one_that_only_the_last_offer_reaches(
    edited, least
):
    rounds, _ = settle(with_batna(edited, least), (0.2, 1.0, 5.0))
    assert rounds.tolist() == [-1, -1, -1]


@pytest.mark.slow
def test_the_tougher_side_gets_more():
    scenario = load_scenario("split-the-pie")
    rounds, shares = settle(scenario, (0.2, 5.0), against=(5.0, 0.2))
    assert shares == pytest.approx([0.40912, 0.59088], abs=0.002)
    assert (np.abs(rounds - 926.275) <= 2).all()


def with_batna(edited, least):
    """Split the pie in 400 turns, each side with this much of it in case of no deal."""
    values = {("batna",): [least, least], ("calendar", "rounds"): 400}
    return edited(load_scenario("split-the-pie"), values)


def settle(scenario, betas, against=None):
    """Play a world for each of the governor's exponents: rounds and the coalition's shares."""
    worlds = [
        with_values(scenario, {"governor.beta": governor, "coalition.beta": coalition})
        for governor, coalition in zip(betas, against or betas, strict=True)
    ]
    model = play(BargainingModel(worlds, len(worlds), rng=0))
    return model.agreed_round, model.batch.agenda.levels_on("share", model.agreement)
