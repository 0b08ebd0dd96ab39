"""Grossman (1983): under layoff by seniority a threat moves the junior members and nobody else.

Strict inverse seniority makes the share of yes votes equal to the share of members threatened,
whatever the size of the concession, so only a threat to more than half carries a majority. What
moves more members is uncertainty about who would go.
"""

import numpy as np
import pytest

from sim.theory.seniority import yes_share_strict, yes_share_uncentred

BELIEF, LOSS, CONCESSION = 1.0, 0.6, 0.04


@pytest.mark.parametrize(
    ("bumping", "share"),
    [(0.0001, 0.144264), (0.05, 0.275953), (0.10, 0.407906), (0.15, 0.539858)],
)
def test_uncertainty_about_who_goes_moves_more_votes(bumping, share):
    found = yes_share_uncentred(0.144, bumping, BELIEF, LOSS, CONCESSION)
    assert found == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("threat", [0.05, 0.10, 0.20, 0.40, 0.489, 0.533, 0.70])
@pytest.mark.parametrize("concession", [0.001, 0.04, 0.3, 0.599])
def test_under_strict_seniority_the_yes_share_is_the_share_threatened(threat, concession):
    assert yes_share_strict(threat, BELIEF, LOSS, concession) == threat
    assert yes_share_uncentred(threat, 0.0, BELIEF, LOSS, concession) == threat
    nearly = yes_share_uncentred(threat, 1e-7, BELIEF, LOSS, concession)
    assert nearly == pytest.approx(threat, abs=1e-6)


@pytest.mark.parametrize("bumping", [0.05, 0.15, 0.4])
@pytest.mark.parametrize("belief", [0.3, 0.9])
@pytest.mark.parametrize("concession", [0.04, 0.2, 0.5])
def test_the_closed_form_agrees_with_a_count_of_members(bumping, belief, concession):
    seniority = (np.arange(100_003) + 0.5) / 100_003
    risk = 1 / (1 + np.exp((seniority - 0.144) / bumping))
    counted = (concession <= belief * risk * LOSS).mean()
    found = yes_share_uncentred(0.144, bumping, belief, LOSS, concession)
    assert found == pytest.approx(counted, abs=1e-5)


def test_a_concession_worth_more_than_the_job_is_refused_by_all():
    for bumping in (0.0, 0.1):
        assert yes_share_uncentred(0.144, bumping, 0.5, LOSS, 0.301) == 0
    assert yes_share_strict(0.144, 0.5, LOSS, 0.301) == 0


def test_a_concession_worth_exactly_the_job_is_accepted_by_those_who_surely_lose_it():
    assert yes_share_strict(0.144, 0.5, LOSS, 0.3) == 0.144
    assert yes_share_uncentred(0.144, 0.0, 0.5, LOSS, 0.3) == 0.144
    assert yes_share_uncentred(0.144, 0.1, 0.5, LOSS, 0.3) == 0


def test_shares_stay_between_none_and_all():
    assert yes_share_uncentred(0.9, 0.4, BELIEF, LOSS, CONCESSION) == 1
    assert yes_share_strict(1.3, BELIEF, LOSS, CONCESSION) == 1


def test_a_curve_of_threats_at_once():
    threats = np.array([0.0, 0.05, 0.105, 0.2, 0.4])
    shares = yes_share_uncentred(threats, 0.05, BELIEF, LOSS, CONCESSION)
    assert shares == pytest.approx(threats + 0.05 * np.log(14), abs=1e-12)


def test_what_the_formula_does_not_cover_is_refused():
    with pytest.raises(ValueError, match=r"bumping is -0\.1"):
        yes_share_uncentred(0.144, -0.1, BELIEF, LOSS, CONCESSION)
    with pytest.raises(ValueError, match=r"bumping is \[-0\.1  0\.1\]"):
        yes_share_uncentred(0.144, np.array([-0.1, 0.1]), BELIEF, LOSS, CONCESSION)
    with pytest.raises(ValueError, match=r"concession is \[0\.04 0\.  \]"):
        yes_share_uncentred(0.144, 0.1, BELIEF, LOSS, np.array([0.04, 0.0]))
    with pytest.raises(ValueError, match=r"concession is 0\.0"):
        yes_share_uncentred(0.144, 0.1, BELIEF, LOSS, 0.0)
    with pytest.raises(ValueError, match=r"concession is -0\.1"):
        yes_share_strict(0.144, BELIEF, LOSS, -0.1)
