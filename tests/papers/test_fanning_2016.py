"""Fanning (2016): obstinate types let deadlines pass; here, the last instant by itself.

Both sides have posted a demand of more than half. The chance of conceding is checked by what makes
it an equilibrium: a side that is free to choose is indifferent, or all that are free concede.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.deadlines import concession_at_deadline, missed_deadline_probability


@pytest.mark.parametrize(("demand", "missed"), [(0.6, 0.04), (0.75, 0.25), (0.9, 0.64)])
def test_the_more_extreme_the_demands_the_more_deadlines_are_missed(demand, missed):
    assert missed_deadline_probability(demand, 0.1) == pytest.approx(missed, abs=1e-12)
    assert missed_deadline_probability(1.0, 0.1) == 1


@given(st.floats(0.501, 1.0), st.floats(0.0, 1.0))
def test_nobody_who_is_free_to_choose_would_choose_otherwise(demand, obstinate):
    concedes = concession_at_deadline(demand, obstinate)
    if_concede = concedes / 2 + (1 - concedes) * (1 - demand)
    if_hold = concedes * demand
    everyone_free_concedes = concedes == 1 - obstinate
    assert 0 <= concedes <= 1 - obstinate
    assert if_concede >= if_hold - 1e-12
    assert everyone_free_concedes or if_concede == pytest.approx(if_hold, abs=1e-12)


def test_beyond_what_the_demands_explain_obstinacy_alone_decides():
    obstinate = np.array([0.0, 0.2, 0.5, 0.7, 1.0])
    missed = missed_deadline_probability(0.75, obstinate)
    assert missed == pytest.approx([0.25, 0.25, 0.25, 0.49, 1.0], abs=1e-12)


@pytest.mark.parametrize(
    ("demand", "obstinate", "message"),
    [
        (0.5, 0.1, "demand is 0.5"),
        (1.1, 0.1, "demand is 1.1"),
        (0.6, -0.1, "obstinate is -0.1"),
        (0.6, 1.1, "obstinate is 1.1"),
    ],
)
def test_what_is_no_conflict_or_no_probability_is_refused(demand, obstinate, message):
    with pytest.raises(ValueError, match=message):
        missed_deadline_probability(demand, obstinate)
