"""Muthoo (1996): the more it would cost to revoke a demand, the larger the share.

Each side demands a share; then they bargain (Nash 1950) over what they get, and taking x less than
demanded costs k x. The closed form is checked by playing all demands of a grid against each other.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.commitment import committed_share

COSTS = st.floats(0.0, 9.0)


def payoffs(demand, other_demand, cost, other_cost, shares):
    """What each gets if the Nash product over a grid of shares decides; demands broadcast."""
    own = shares - cost * np.maximum(demand - shares, 0)
    other = (1 - shares) - other_cost * np.maximum(other_demand - (1 - shares), 0)
    product = np.maximum(own, 0) * np.maximum(other, 0)
    chosen = product.argmax(-1)[..., np.newaxis]
    return tuple(
        np.take_along_axis(np.broadcast_to(worth, product.shape), chosen, -1)[..., 0]
        for worth in (own, other)
    )


@pytest.mark.parametrize(
    ("own_cost", "other_cost", "share"),
    [(0.5, 0.5, 0.5), (1.0, 0.25, 0.615385), (2.0, 0.5, 0.666667), (0.25, 1.0, 0.384615)],
)
def test_the_side_that_would_pay_more_gets_more(own_cost, other_cost, share):
    assert committed_share(own_cost, other_cost) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    ("costs", "steps"), [((1.0, 0.25), 26), ((2.0, 0.5), 27), ((0.5, 0.5), 26)]
)
def test_of_all_demands_of_a_grid_only_these_are_best_against_each_other(costs, steps):
    demands = np.linspace(0, 1, steps + 1)
    shares = np.linspace(0, 1, 20 * steps + 1)
    own, other = payoffs(demands[:, None, None], demands[:, None], *costs, shares)
    best = (own >= own.max(0) - 1e-9) & (other >= other.max(1, keepdims=True) - 1e-9)
    (one,), (two,) = np.nonzero(best)
    assert demands[one] == pytest.approx(committed_share(*costs), abs=0.001)
    assert demands[two] == pytest.approx(committed_share(*reversed(costs)), abs=0.001)


@given(COSTS, COSTS)
def test_the_demands_fit_together_so_that_nobody_retreats(own_cost, other_cost):
    both = committed_share(own_cost, other_cost) + committed_share(other_cost, own_cost)
    assert both == pytest.approx(1, rel=1e-12)


@given(COSTS, COSTS, st.floats(0.01, 3.0))
def test_the_share_rises_with_the_own_cost_and_falls_with_the_other(own_cost, other_cost, more):
    share = committed_share(own_cost, other_cost)
    assert committed_share(own_cost + more, other_cost) > share
    assert committed_share(own_cost, other_cost + more) < share


def test_many_costs_at_once():
    found = committed_share(np.array([0.5, 1.0, 2.0]), np.array([0.5, 0.25, 0.5]))
    assert found == pytest.approx([0.5, 0.615385, 0.666667], abs=1e-6)


def test_a_negative_cost_is_refused():
    with pytest.raises(ValueError, match=r"own_cost is -0\.1"):
        committed_share(-0.1, 0.5)
    with pytest.raises(ValueError, match=r"other_cost is \[ 0\.5 -0\.1\]"):
        committed_share(0.5, np.array([0.5, -0.1]))
