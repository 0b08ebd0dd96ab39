"""Romer and Rosenthal (1978): who sets the agenda gains from how bad a rejection would be.

A setter makes one take-it-or-leave-it proposal. The pivotal voter accepts what is no further from
its own ideal than the reversion, the policy that a rejection leaves in force.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.setter import setter_proposal

POSITIONS = st.integers(-19, 19)


@pytest.mark.parametrize(("reversion", "proposal"), [(0.4, 0.4), (0.3, 0.5), (0.1, 0.7)])
def test_the_worse_the_reversion_the_more_the_setter_gets(reversion, proposal):
    assert setter_proposal(0.4, 1.0, reversion) == pytest.approx(proposal, abs=1e-12)


def test_a_modest_setter_gets_its_ideal():
    assert setter_proposal(0.4, 0.6, 0.1) == 0.6
    assert setter_proposal(0.4, 0.2, 0.1) == 0.2


def test_a_setter_who_wants_less_meets_the_mirror_image():
    assert setter_proposal(-0.4, -1.0, -0.1) == pytest.approx(-0.7, abs=1e-12)
    assert setter_proposal(0.4, -1.0, 0.3) == pytest.approx(0.3, abs=1e-12)


@given(POSITIONS, POSITIONS, POSITIONS)
def test_of_what_the_pivot_accepts_the_setter_likes_its_proposal_best(pivot, ideal, reversion):
    proposal = setter_proposal(float(pivot), float(ideal), float(reversion))
    acceptable = [x for x in range(-60, 61) if abs(x - pivot) <= abs(reversion - pivot)]
    assert proposal == min(acceptable, key=lambda x: abs(x - ideal))


def test_many_reversions_at_once():
    proposals = setter_proposal(0.4, 0.9, np.array([0.4, 0.3, 0.1, -0.2, 0.6]))
    assert proposals == pytest.approx([0.4, 0.5, 0.7, 0.9, 0.6], abs=1e-12)
