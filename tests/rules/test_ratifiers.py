"""Ratifiers besides union members: what makes a referendum, a chamber, a board pass a package."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences.ratifiers import (
    Board,
    Chamber,
    Ratifier,
    Voters,
    nearer,
    passes,
    seats_required,
    tastes_of_seats,
)

SHARES = st.floats(0.5, 1)
GAINS = st.floats(-3, 3)


@pytest.mark.parametrize(
    ("seats", "required", "least"),
    [(100, 0.5, 51), (101, 0.5, 51), (100, 2 / 3, 67), (3, 2 / 3, 2), (7, 1.0, 7), (1, 0.5, 1)],
)
def test_the_least_number_of_seats(seats: int, required: float, least: int):
    assert seats_required(seats, required) == least


def test_just_half_is_no_majority():
    assert passes(np.array([0.5, 0.51, 2 / 3]), 0.5).tolist() == [False, True, True]
    assert passes(np.array([0.5, 2 / 3]), 2 / 3).tolist() == [False, True]


@given(SHARES, SHARES, GAINS, st.floats(0.01, 1), st.floats(0, 1))
def test_who_asks_for_more_passes_less(one, other, gain, spread, mood_sd):
    """Win-sets are nested in quotas, whoever votes."""
    low, high = sorted((one, other))
    gains = np.array([gain])
    for body in (
        lambda required: Voters(required, spread),
        lambda required: Chamber(required, tastes_of_seats(9, spread)),
        lambda required: Board(required, 9, spread),
    ):
        assert body(high).chance(gains, mood_sd) <= body(low).chance(gains, mood_sd) + 1e-12


@given(GAINS, GAINS, SHARES, st.floats(0.01, 1), st.floats(0, 1), st.booleans())
def test_who_gains_more_is_likelier_to_agree(one, other, required, spread, mood_sd, casting):
    gains = np.sort([one, other])
    for body in (
        Voters(required, spread),
        Chamber(required, tastes_of_seats(8, spread), casting),
        Board(required, 8, spread, casting),
    ):
        less, more = body.chance(gains, mood_sd)
        assert less <= more + 1e-12
        assert 0 <= less <= 1


@pytest.mark.parametrize("casting", [False, True])
@pytest.mark.parametrize("seats", [4, 5])
@pytest.mark.parametrize("required", [0.5, 0.75, 1.0])
@pytest.mark.parametrize("gain", [-0.1, 0.03, 0.2])
def test_chances_are_the_frequencies_of_votes(gain, required, seats, casting):
    draws = np.random.default_rng(1)
    n, mood_sd = 40_000, 0.2
    tastes = draws.standard_normal((n, seats))
    moods = gain + mood_sd * draws.standard_normal(n)
    package = np.zeros(n, dtype=int)
    for body in (
        Voters(required, 0.3),
        Chamber(required, tastes_of_seats(seats, 0.3), casting),
        Board(required, seats, 0.3, casting),
    ):
        yes = body.yes_share(moods, package, tastes)
        often = passes(yes, required).mean()
        [chance] = body.chance(np.array([gain]), mood_sd)
        assert often == pytest.approx(chance, abs=4 * np.sqrt(0.25 / n) + 0.003)


@pytest.mark.parametrize("required", [0.5, 2 / 3, 1.0])
def test_voters_who_all_feel_alike_vote_as_one(required):
    """Also where all of them must be for it."""
    voters, gains = Voters(required, 0.0), np.array([-0.1, 0.1])
    assert passes(voters.yes_share(gains, np.zeros(2, dtype=int)), required).tolist() == [
        False,
        True,
    ]
    assert voters.chance(gains, 0.0).tolist() == [0.0, 1.0]


def test_a_chair_decides_where_votes_are_equal():
    two = Chamber(0.5, np.array([[-1.0, 1.2]]))
    chaired = Chamber(0.5, np.array([[-1.0, 1.2]]), casting_vote=True)
    gain, package = np.array([0.0]), np.zeros(1, dtype=int)
    assert not passes(two.yes_share(gain, package), 0.5)
    assert passes(chaired.yes_share(gain, package), 0.5)  # whose taste is between theirs: 0.1
    assert two.chance(gain, 0.0) == 0
    assert chaired.chance(gain, 0.0) == 1


@given(
    st.lists(st.integers(-20, 20), min_size=3, max_size=9).filter(lambda x: len(x) % 2 == 1),
    st.integers(-20, 20),
    st.integers(-20, 20),
)
def test_the_median_member_decides_on_a_line(ideal, package, status_quo):
    """Black (1948): by majority, what the median prefers to the status quo passes, and nothing else."""
    tastes = nearer(np.array([float(package)]), status_quo, np.array(ideal, dtype=float))
    chamber = Chamber(0.5, tastes)
    yes = chamber.yes_share(np.zeros(1), np.zeros(1, dtype=int))
    median = np.median(ideal)
    prefers = abs(package - median) < abs(status_quo - median)
    assert passes(yes, 0.5).tolist() == [prefers]


def test_two_chambers_must_both_agree():
    """They share the mood, so that the harder to win decides."""
    milder = Chamber(0.5, tastes_of_seats(51, 0.1))
    harder = Chamber(2 / 3, tastes_of_seats(51, 0.1))
    bodies = {"lower": milder, "upper": harder}
    both = Ratifier(0.2, bodies, dict.fromkeys(bodies, 0.0))
    gains = np.linspace(-0.5, 0.5, 11)
    assert both.chance(gains).tolist() == harder.chance(gains, 0.2).tolist()
