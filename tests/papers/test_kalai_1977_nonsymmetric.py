"""Kalai (1977), Nonsymmetric Nash Solutions: bargaining power as an exponent on a side's gain.

The governor's power theta lies between 0 and 1; one half is Nash's solution. Between 0 and 1 the
choice moves along the frontier towards the side with more power.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import continuous_frontier
from sim.theory.solutions import nash, weighted_nash_product

POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=23)


@pytest.mark.parametrize(
    ("weight", "package", "value"),
    [(0.25, (2, 0, 1, 1), 38.85), (0.5, (2, 0, 1, 1), 33.54), (0.75, (2, 2, 1, 1), 42.43)],
)
def test_power_on_mini_ct(mini_ct, mini_ct_packages, weight, package, value):
    best = nash(*mini_ct, weight)
    assert mini_ct_packages[best] == package
    assert weighted_nash_product(*mini_ct, weight)[best] == pytest.approx(value, abs=0.005)


@pytest.mark.parametrize(("weight", "governors"), [(0.3, 0.420084), (0.7, 0.733799)])
def test_power_on_a_curved_frontier(curve, parabola, weight, governors):
    chosen = continuous_frontier.nash(curve, (0.0, 0.0), weight)
    square = weight / (2 - weight)
    assert chosen == pytest.approx((np.sqrt(square), 2 * (1 - square)), abs=1e-6)
    assert chosen[0] == pytest.approx(governors, abs=1e-6)
    governor, _ = parabola
    assert governor[nash(*parabola, (0.0, 0.0), weight)] == pytest.approx(governors, abs=1e-4)


@given(POINTS, st.sampled_from([0.125, 0.25, 0.375]))
def test_power_belongs_to_a_side_not_to_an_argument(points, weight):
    governor, coalition = np.array(points, dtype=float).T
    mirrored = nash(coalition, governor, (11.0, 7.0), 1 - weight)
    assert nash(governor, coalition, (7.0, 11.0), weight) == mirrored


@given(POINTS)
def test_more_power_never_gains_less(points):
    governor, coalition = np.array(points, dtype=float).T
    chosen = [nash(governor, coalition, (0.0, 0.0), weight) for weight in (0.2, 0.4, 0.6, 0.8)]
    gains = governor[chosen]
    # With no package that both gain from, every product is 0 and power has nothing to work on.
    assert (np.diff(gains) >= 0).all() or not (governor * coalition).any()


@pytest.mark.parametrize("weight", [-0.5, 0.0, 1.0, 1.5])
def test_power_beyond_all_or_nothing_is_refused(mini_ct, curve, weight):
    with pytest.raises(ValueError, match=f"weight is {weight}"):
        nash(*mini_ct, weight)
    with pytest.raises(ValueError, match=f"weight is {weight}"):
        continuous_frontier.nash(curve, (0.0, 0.0), weight)
