"""Groseclose and McCarty (2001): an offer may be meant to be refused, so that the other looks extreme.

Both negotiators know what the coalition needs, the public does not. The condition is checked by
trying all offers of a grid.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.blame import expected_after_acceptance, expected_after_refusal, refusal_pays

OFFERS = np.linspace(0, 1, 10_001)
SHARES = st.floats(0.0, 1.0)
RANGES = st.tuples(SHARES, SHARES).map(sorted)


def governor_has(least, fallback, weight, lowest, highest, secrecy):
    """What the governor has of every offer: its share of the pie and its gain in approval."""
    accepted = least <= OFFERS
    before = (lowest + highest) / 2
    after = np.where(
        accepted,
        expected_after_acceptance(OFFERS, lowest, highest),
        expected_after_refusal(OFFERS, lowest, highest),
    )
    return np.where(accepted, 1 - OFFERS, fallback) + weight * (1 - secrecy) * (after - before)


def test_what_the_public_learns_is_bayes_rule():
    needs = np.random.default_rng(2001).uniform(0.2, 0.8, 1_000_003)
    for offer in (0.3, 0.5, 0.7):
        refused, accepted = needs[needs > offer], needs[needs <= offer]
        assert expected_after_refusal(offer, 0.2, 0.8) == pytest.approx(refused.mean(), abs=1e-3)
        assert expected_after_acceptance(offer, 0.2, 0.8) == pytest.approx(
            accepted.mean(), abs=1e-3
        )


@given(RANGES)
def test_an_offer_that_all_or_none_would_refuse_teaches_nothing(bounds):
    lowest, highest = bounds
    for offer in (lowest - 0.1, lowest):
        assert expected_after_refusal(offer, *bounds) == (lowest + highest) / 2
    for offer in (highest, highest + 0.1):
        assert expected_after_acceptance(offer, *bounds) == (lowest + highest) / 2


@pytest.mark.parametrize("least", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("weight", [0.0, 0.4, 1.0, 2.0])
@pytest.mark.parametrize("secrecy", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("surplus", [0.02, 0.16, 0.22])
def test_of_all_offers_the_best_is_refused_exactly_if_refusal_pays(least, weight, secrecy, surplus):
    payoffs = governor_has(least, 1 - least - surplus, weight, 0.2, 0.8, secrecy)
    refused = OFFERS[payoffs.argmax()] < least
    assert refused == refusal_pays(surplus, weight, 0.2, 0.8, secrecy)


def test_blame_pays_more_the_less_the_public_knows_and_the_more_it_sees():
    assert refusal_pays(0.2, 1.0, 0.2, 0.8, np.array([0.0, 0.3, 0.4, 1.0])).tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert refusal_pays(0.2, 1.0, 0.5, np.array([0.5, 0.8, 0.91, 1.0]), 0.0).tolist() == [
        False,
        False,
        True,
        True,
    ]


@given(SHARES, st.floats(0.0, 2.0), SHARES)
def test_a_public_that_knows_what_the_coalition_needs_cannot_be_played_to(surplus, weight, need):
    assert not refusal_pays(surplus, weight, need, need, 0.0)


def test_what_the_derivation_does_not_cover_is_refused():
    for weight in (-0.1, 2.1):
        with pytest.raises(ValueError, match=f"approval_weight is {weight}"):
            refusal_pays(0.1, weight, 0.2, 0.8, 0.0)
    with pytest.raises(ValueError, match=r"approval_weight is \[1\.  2\.1\]"):
        refusal_pays(0.1, np.array([1.0, 2.1]), 0.2, 0.8, 0.0)
    with pytest.raises(ValueError, match=r"lowest is \[0\.2 0\.9\] and highest is 0\.8"):
        refusal_pays(0.1, 1.0, np.array([0.2, 0.9]), 0.8, 0.0)
    for call in (
        lambda: refusal_pays(0.1, 1.0, 0.8, 0.2, 0.0),
        lambda: expected_after_refusal(0.5, 0.8, 0.2),
        lambda: expected_after_acceptance(0.5, 0.8, 0.2),
    ):
        with pytest.raises(ValueError, match=r"lowest is 0\.8 and highest is 0\.2"):
            call()
