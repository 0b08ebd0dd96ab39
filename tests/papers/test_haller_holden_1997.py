"""Haller and Holden (1997): a supermajority can raise a group's share, and can reject a good deal.

With normal reservations a quota q needs an offer of mean + sd * z(q). It is a reservation that the
group's negotiator cannot go below. If the mood of all members shifts before they vote, the stricter
quota rejects the same offer more often.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.two_levels import (
    offer_for_quota,
    pass_probability_after_shock,
    ratifiable_share,
)

QUOTAS = st.floats(0.02, 0.98)


@pytest.mark.parametrize(
    ("quota", "needed"), [(0.5, 0.4), (2 / 3, 0.443073), (0.8, 0.484162), (0.3, 0.347560)]
)
def test_the_larger_the_quota_the_larger_the_offer_it_takes(quota, needed):
    assert offer_for_quota(0.4, 0.1, quota) == pytest.approx(needed, abs=1e-6)


@pytest.mark.parametrize(
    ("mean", "quota", "share"), [(0.4, 0.8, 0.5), (0.48, 0.5, 0.5), (0.48, 0.8, 0.564162)]
)
def test_a_supermajority_raises_the_share_once_it_needs_more_than_an_equal_split(
    mean, quota, share
):
    needed = offer_for_quota(mean, 0.1, quota)
    assert ratifiable_share(1.0, 0.0, needed) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(("quota", "probability"), [(0.5, 0.725747), (0.8, 0.139350)])
def test_the_same_offer_fails_more_often_under_the_stricter_quota(quota, probability):
    found = pass_probability_after_shock(0.43, offer_for_quota(0.4, 0.1, quota), 0.05)
    assert found == pytest.approx(probability, abs=1e-6)


def test_ballots_counted_after_simulated_shifts_of_mood_agree():
    generator = np.random.default_rng(1997)
    reservations = np.sort(generator.normal(0.4, 0.1, 1_000_003))
    shifts = generator.normal(0.0, 0.05, 100_003)
    for quota in (0.5, 2 / 3, 0.8):
        pivot = reservations[int(np.ceil(quota * reservations.size)) - 1]
        found = pass_probability_after_shock(0.43, offer_for_quota(0.4, 0.1, quota), 0.05)
        assert found == pytest.approx((pivot + shifts <= 0.43).mean(), abs=0.01)


@given(QUOTAS, st.floats(-1.0, 1.0), st.floats(0.01, 1.0))
def test_an_offer_that_just_meets_the_quota_passes_every_other_time(quota, mean, shock):
    needed = offer_for_quota(mean, 0.1, quota)
    assert pass_probability_after_shock(needed, needed, shock) == 0.5


def test_what_is_no_quota_or_no_shock_is_refused():
    with pytest.raises(ValueError, match=r"quota is 1\.0"):
        offer_for_quota(0.4, 0.1, 1.0)
    with pytest.raises(ValueError, match=r"quota is \[0\.  0\.5\]"):
        offer_for_quota(0.4, 0.1, np.array([0.0, 0.5]))
    with pytest.raises(ValueError, match=r"shock is 0\.0"):
        pass_probability_after_shock(0.4, 0.4, 0.0)
    with pytest.raises(ValueError, match=r"shock is \[0\.1 0\. \]"):
        pass_probability_after_shock(0.4, 0.4, np.array([0.1, 0.0]))
