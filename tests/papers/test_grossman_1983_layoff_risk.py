"""Grossman (1983): who is laid off depends on seniority, and how predictably on bumping.

The risk falls with seniority as a logistic whose mean over all members is exactly the share that is
laid off. Its width is the bumping of the contract: without any, the most junior go and nobody else.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.preferences.member import STRICT_SENIORITY, layoff_risk

SHARES = st.floats(0.001, 0.999)
WIDTHS = st.floats(0.01, 2.0)


def risk(seniority, share, bumping):
    return layoff_risk(np.atleast_1d(seniority), np.array([share]), np.array([bumping]))


@pytest.mark.parametrize(
    ("share", "bumping", "most_junior", "median"),
    [
        (0.105, 0.15, 0.504056, 0.034989),
        (0.144, 0.15, 0.617893, 0.054541),
        (0.105, 0.05, 0.877544, 0.000325),
    ],
)
def test_juniors_bear_the_risk_and_bumping_spreads_it(share, bumping, most_junior, median):
    assert risk([0.0, 0.5], share, bumping) == pytest.approx([most_junior, median], abs=1e-6)


@pytest.mark.parametrize(
    ("share", "bumping", "middle"),
    [(0.105, 0.15, 0.002434), (0.144, 0.15, 0.072092), (0.105, 0.05, 0.098469)],
)
def test_the_member_in_the_middle_of_the_curve_goes_with_one_chance_in_two(share, bumping, middle):
    assert risk(middle, share, bumping) == pytest.approx(0.5, abs=1e-5)


@given(SHARES, WIDTHS)
def test_the_mean_risk_is_exactly_the_share_laid_off(share, bumping):
    members = (np.arange(100_003) + 0.5) / 100_003
    assert risk(members, share, bumping).mean() == pytest.approx(share, abs=1e-8)


@given(SHARES, WIDTHS, st.floats(0, 1), st.floats(0, 1))
def test_risk_falls_with_seniority(share, bumping, one, other):
    junior, senior = sorted((one, other))
    assert risk(junior, share, bumping) >= risk(senior, share, bumping)


@given(SHARES, SHARES, WIDTHS, st.floats(0, 1))
def test_more_layoffs_raise_the_risk_of_all(one, other, bumping, seniority):
    few, many = sorted((one, other))
    assert risk(seniority, few, bumping) <= risk(seniority, many, bumping) + 1e-12


@given(SHARES, WIDTHS, st.floats(0, 1))
def test_to_be_kept_is_the_mirror_image_of_being_laid_off(share, bumping, seniority):
    kept = 1 - risk(1 - seniority, 1 - share, bumping)
    assert risk(seniority, share, bumping) == pytest.approx(kept, abs=1e-9)


@pytest.mark.parametrize("bumping", [0.0, STRICT_SENIORITY / 2])
def test_without_bumping_exactly_the_most_junior_go(bumping):
    seniority = np.array([0.0, 0.1, 0.1049, 0.105, 0.1051, 0.9, 1.0])
    assert risk(seniority, 0.105, bumping).tolist() == [1, 1, 1, 0, 0, 0, 0]


def test_strict_seniority_is_the_limit_of_little_bumping():
    seniority = np.array([0.0, 0.09, 0.104, 0.106, 0.12, 1.0])
    strict = risk(seniority, 0.105, 0.0)
    for bumping in (1e-4, 2 * STRICT_SENIORITY, STRICT_SENIORITY):
        assert risk(seniority, 0.105, bumping) == pytest.approx(strict, abs=1e-4)


@pytest.mark.parametrize("bumping", [0.0, 1e-3, 0.15, 3.0, 100.0])
def test_nobody_goes_when_none_are_laid_off_and_everybody_when_all_are(bumping):
    seniority = np.linspace(0, 1, 11)
    with np.errstate(all="raise", under="ignore"):
        assert (risk(seniority, 0.0, bumping) == 0).all()
        assert (risk(seniority, -0.1, bumping) == 0).all()
        assert (risk(seniority, 1.0, bumping) == 1).all()
        assert (risk(seniority, 1.7, bumping) == 1).all()


def test_boundless_bumping_is_a_lottery():
    assert risk(np.linspace(0, 1, 11), 0.105, 100.0) == pytest.approx(0.105, abs=1e-3)
