"""Tarar (2001): constituents on both sides, and Schelling's (1960) conjecture that tied hands pay.

Two negotiators alternate offers within the shares that both sides' constituents ratify. The closed
form is checked against backward induction from a deadline far away.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.two_levels import ratifiable_share

PATIENCE = st.floats(0.5, 0.97)
CONSTRAINTS = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)).filter(
    lambda both: sum(both) <= 1
)


def share_with_a_distant_deadline(discount_factor, least_governor, least_coalition):
    share = least_coalition
    for _ in range(1000):
        asked = min(1 - least_governor, 1 - discount_factor * (1 - share))
        share = max(least_coalition, discount_factor * asked)
    return share


@pytest.mark.parametrize(
    ("least_coalition", "least_governor", "share"),
    [
        (0.0, 0.0, 0.487179),
        (0.3, 0.0, 0.487179),
        (0.6, 0.0, 0.6),
        (0.8, 0.0, 0.8),
        (0.0, 0.6, 0.38),
        (0.45, 0.5, 0.475),
    ],
)
def test_a_constraint_that_binds_helps_the_side_that_it_binds(
    least_coalition, least_governor, share
):
    found = ratifiable_share(0.95, least_governor, least_coalition)
    assert found == pytest.approx(share, abs=1e-6)


@given(PATIENCE, CONSTRAINTS)
def test_backward_induction_from_a_distant_deadline_agrees(discount_factor, constraints):
    expected = share_with_a_distant_deadline(discount_factor, *constraints)
    assert ratifiable_share(discount_factor, *constraints) == pytest.approx(expected, abs=1e-9)


@given(CONSTRAINTS)
def test_without_delay_the_split_is_equal_as_far_as_both_sides_ratify_it(constraints):
    least_governor, least_coalition = constraints
    share = ratifiable_share(1.0, least_governor, least_coalition)
    assert share == np.clip(0.5, least_coalition, 1 - least_governor)
    assert share == pytest.approx(1 - ratifiable_share(1.0, least_coalition, least_governor))


@given(PATIENCE, st.floats(0.0, 0.5))
def test_a_slack_constraint_changes_nothing(discount_factor, slack):
    free = ratifiable_share(discount_factor, 0.0, 0.0)
    assert ratifiable_share(discount_factor, 0.0, slack * free) == free
    assert ratifiable_share(discount_factor, slack * free, 0.0) == free


def test_many_constraints_at_once():
    found = ratifiable_share(0.95, np.array([[0.0], [0.6]]), np.array([0.0, 0.3, 0.4]))
    expected = np.array([[0.487179, 0.487179, 0.487179], [0.38, 0.38, 0.4]])
    assert found == pytest.approx(expected, abs=1e-6)


def test_constituents_who_together_insist_on_more_than_the_pie_are_refused():
    with pytest.raises(ValueError, match=r"least_governor is 0\.5.*least_coalition is 0\.6"):
        ratifiable_share(0.95, 0.5, 0.6)
    with pytest.raises(ValueError, match=r"least_coalition is \[0\.1 0\.9\]"):
        ratifiable_share(0.95, 0.5, np.array([0.1, 0.9]))
