"""Banzhaf (1965), Weighted Voting Doesn't Work: power is how often a vote decides, not its weight.

If every other voting bloc tosses a coin, a bloc's power is the probability that its own vote turns
a losing coalition into a winning one.
"""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.voting import banzhaf

# Members of the 15 unions of the SEBAC coalition in 2011, in tens, AFSCME first.
SEBAC = np.array([1560, 770, 680, 450, 390, 320, 270, 170, 110, 90, 80, 75, 25, 20, 6])


def test_power_under_the_amended_bylaws():
    power = banzhaf(SEBAC, 8, 0.5)
    assert power[:2] == pytest.approx([0.4840, 0.2195], abs=5e-5)
    assert (np.diff(power) < 0).all()


def test_a_veto_player_decides_whenever_any_winning_coalition_forms():
    # 14 of 15 and .80: of the 15 winning coalitions, AFSCME can break all; each other union breaks
    # those that need it to make 14, which are all but the grand coalition and the one without it.
    assert (banzhaf(SEBAC, 14, 0.8) * 2**14).tolist() == [15] + 14 * [13]


def test_large_weights_can_leave_the_smaller_ones_without_any_power():
    # Of six blocs with 30 votes, any two of the first three have a majority.
    assert banzhaf(np.array([9, 9, 7, 3, 1, 1]), 0, 16 / 30).tolist() == [0.5, 0.5, 0.5, 0, 0, 0]


@pytest.mark.parametrize("unions_required", [1, 5, 7, 11])
def test_of_equal_blocs_each_decides_when_one_vote_is_missing(unions_required):
    expected = comb(10, unions_required - 1) / 2**10
    power = banzhaf(np.full(11, 3), unions_required, 0.0)
    assert power == pytest.approx(np.full(11, expected), abs=1e-15)


@given(
    st.lists(st.integers(0, 11), min_size=5, max_size=5).filter(any),
    st.integers(0, 6),
    st.sampled_from([0.0, 0.2, 0.5, 0.55, 2 / 3, 0.8, 1.0]),
)
def test_power_agrees_with_listing_all_ballots(sizes, unions_required, weight_required):
    def passes(ballot):
        members = sum(size for size, vote in zip(sizes, ballot, strict=True) if vote)
        enough = members >= weight_required * sum(sizes) - 1e-9
        return sum(ballot) >= unions_required and enough

    def decides(union, ballot):
        with_it, without_it = list(ballot), list(ballot)
        with_it[union], without_it[union] = 1, 0
        return passes(with_it) and not passes(without_it)

    every_ballot = list(product((0, 1), repeat=5))
    expected = [np.mean([decides(union, b) for b in every_ballot]) for union in range(5)]
    assert banzhaf(np.array(sizes), unions_required, weight_required).tolist() == expected


def test_unions_without_members_are_refused():
    with pytest.raises(ValueError, match=r"sizes are \[0, 0\]"):
        banzhaf(np.array([0, 0]), 1, 0.5)
