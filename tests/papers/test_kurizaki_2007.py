"""Kurizaki (2007): a private threat is believed less, but costs the target less to give in to.

The target compares what it pays by conceding with the loss that it expects if it resists.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.commitment import loss_that_moves

CHANCES = st.floats(0.05, 1.0)
AMOUNTS = st.floats(0.1, 5.0)


def test_a_loss_that_moves_the_target_by_hand():
    assert loss_that_moves(3.0, 0.5) == pytest.approx(6)
    assert loss_that_moves(3.0, 0.75, 1.5) == pytest.approx(6)


@given(AMOUNTS, CHANCES, AMOUNTS)
def test_at_that_loss_resisting_costs_as_much_as_conceding(stake, credibility, humiliation):
    loss = loss_that_moves(stake, credibility, humiliation)
    assert credibility * loss == pytest.approx(stake + humiliation, rel=1e-12)


@pytest.mark.parametrize(("public", "publicity_helps"), [(0.45, True), (0.35, False)])
def test_publicity_helps_if_it_raises_credibility_by_more_than_the_cost_of_conceding(
    public, publicity_helps
):
    # Conceding in public costs 4 thirds of what it costs in private; .4 is 4 thirds of .3.
    found = loss_that_moves(3.0, public, 1.0) < loss_that_moves(3.0, 0.3)
    assert found == publicity_helps
    assert loss_that_moves(3.0, 0.4, 1.0) == pytest.approx(loss_that_moves(3.0, 0.3))


def test_a_credibility_that_is_no_positive_probability_is_refused():
    for credibility in (0.0, 1.1):
        with pytest.raises(ValueError, match=f"credibility is {credibility}"):
            loss_that_moves(3.0, credibility)
    with pytest.raises(ValueError, match=r"credibility is \[0\.5 0\. \]"):
        loss_that_moves(3.0, np.array([0.5, 0.0]))
