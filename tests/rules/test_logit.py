"""The average choice of a group is read off an expansion, and equals the sum over its members."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays.logit import Expansion, average_logistic, logistic

GROUPS, MEMBERS, ASKED = 5, 11, 23


def directly(reasons, group, shift):
    return logistic(reasons[group] + shift[:, None]).mean(-1)


@pytest.fixture
def crowd():
    random = np.random.default_rng(7)
    return (
        random.normal(0, 2, (GROUPS, MEMBERS)),
        random.integers(0, GROUPS, ASKED),
        random.normal(0, 3, ASKED),
    )


def test_the_logistic_is_right_at_both_ends():
    z = np.array([-1e4, -1.0, 0.0, 1.0, 1e4])
    with np.errstate(all="raise", under="ignore"):
        assert logistic(z) == pytest.approx([0, 0.268941, 0.5, 0.731059, 1], abs=1e-6)


def test_an_infinite_mood_settles_it_for_everybody(crowd):
    reasons, _, _ = crowd
    shift = np.array([-np.inf, np.inf, -1e300, 1e300])
    found = average_logistic(reasons, np.arange(4), shift)
    assert found == pytest.approx([0, 1, 0, 1], abs=1e-15)


@given(seed=st.integers(0, 10_000), spread=st.sampled_from([0.0, 0.3, 2.0, 30.0, 1e5, 1e9]))
def test_the_average_is_the_mean_over_the_members_to_rounding(seed, spread):
    random = np.random.default_rng(seed)
    reasons = random.normal(0, 1, (GROUPS, MEMBERS)) * spread
    group, shift = random.integers(0, GROUPS, ASKED), random.normal(0, 1, ASKED) * max(spread, 1)
    found = average_logistic(reasons, group, shift)
    assert found == pytest.approx(directly(reasons, group, shift), abs=2e-14)


def test_halfway_between_two_nodes_is_no_less_exact():
    shift = np.arange(-6, 6, 0.125)
    reasons, group = np.linspace(-1, 1, MEMBERS)[None], np.zeros(len(shift), dtype=int)
    found = average_logistic(reasons, group, shift)
    assert found == pytest.approx(directly(reasons, group, shift), abs=2e-14)


def test_a_mood_gives_the_same_bits_whoever_else_is_asked(crowd):
    reasons, group, shift = crowd
    together = average_logistic(reasons, group, shift)
    for i in range(ASKED):
        assert average_logistic(reasons, group[[i]], shift[[i]])[0] == together[i]


def test_what_was_worked_out_for_one_serves_the_next_with_the_same_bits(crowd):
    reasons, group, shift = crowd
    expansion = Expansion(reasons)
    for asked in (slice(0, 7), slice(5, 23), slice(0, 23)):
        found = expansion.at(group[asked], shift[asked])
        assert found.tobytes() == average_logistic(reasons, group[asked], shift[asked]).tobytes()


def test_a_node_is_worked_out_once(crowd, monkeypatch):
    reasons, group, shift = crowd
    expansion = Expansion(reasons)
    expansion.at(group, shift)
    monkeypatch.setattr("sim.arrays.logit._taylor_terms", None)
    assert expansion.at(group[::-1], shift[::-1]) == pytest.approx(
        directly(reasons, group, shift)[::-1], abs=2e-14
    )


def test_a_milder_mood_never_loses_a_vote(crowd):
    reasons, _, _ = crowd
    shift = np.linspace(-9, 9, 4001)
    share = average_logistic(reasons, np.full(len(shift), 2), shift)
    assert (np.diff(share) > 0).all()


def test_nobody_asked_is_nothing_answered(crowd):
    empty = np.zeros(0, dtype=int)
    assert average_logistic(crowd[0], empty, np.zeros(0)).shape == (0,)
