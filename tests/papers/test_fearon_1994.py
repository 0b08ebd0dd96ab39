"""Fearon (1994): who has the stronger audience at home is less likely to back down.

Solved here for audience costs a * t and payoffs of war that are uniform. The equilibrium is checked
by a leader's indifference when to back down, and by who is left at the horizon: exactly those who
would rather fight. The chances of backing down are checked by numerical integration and by drawing
disputes from the inverse of the distribution.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from sim.theory.attrition import CrisisBargaining

COSTS = st.tuples(st.floats(0.01, 3.0), st.floats(0.01, 3.0))
SCALES = st.floats(0.2, 5.0)


def dispute(costs, prize=1.0, cost_of_war=1.0):
    return CrisisBargaining(np.array(costs), prize, cost_of_war)


@pytest.mark.parametrize(
    ("costs", "horizon", "at_once", "war"),
    [
        ((0.1, 0.1), 6.180340, (0, 0), 0.381966),
        ((0.2, 0.1), 3.660254, (0, 0.366025), 0.267949),
        ((0.4, 0.1), 2.071068, (0, 0.621320), 0.171573),
    ],
)
def test_the_equilibrium(costs, horizon, at_once, war):
    found = dispute(costs)
    assert found.horizon == pytest.approx([horizon], abs=1e-6)
    assert found.backs_down_at_once == pytest.approx(at_once, abs=1e-6)
    assert found.war == pytest.approx(war, abs=1e-6)


@pytest.mark.parametrize(
    ("costs", "chances"),
    [((0.1, 0.1), (0.3092, 0.3092)), ((0.2, 0.1), (0.131, 0.6017)), ((0.4, 0.1), (0.0484, 0.7801))],
)
def test_who_backs_down(costs, chances):
    found = dispute(costs)
    assert found.backs_down == pytest.approx(chances, abs=0.002)
    times = found.backing_down_time(np.random.default_rng(1994).random((200_003, 2)))
    first, second = times.T
    drawn = np.mean([first < second, second < first, np.isinf(first) & np.isinf(second)], axis=1)
    assert drawn == pytest.approx([*found.backs_down, found.war], abs=0.003)


@given(COSTS, SCALES, SCALES)
def test_one_backs_down_or_both_fight(costs, prize, cost_of_war):
    found = dispute(costs, prize, cost_of_war)
    assert found.backs_down.sum() + found.war == pytest.approx(1, abs=1e-9)


@given(COSTS, SCALES, SCALES)
def test_the_chance_of_backing_down_is_the_integral_of_its_density(costs, prize, cost_of_war):
    found = dispute(costs, prize, cost_of_war)

    def density(time):
        left = 1 - found.backed_down_by(time)
        return found.hazards(time)[0] * left.prod()

    later, _ = quad(density, 0, found.horizon[0], epsabs=1e-11)
    expected = found.backs_down_at_once[0] + later
    assert found.backs_down[0] == pytest.approx(expected, abs=1e-8)


@given(COSTS, SCALES, SCALES)
def test_the_stronger_audience_backs_down_less(costs, prize, cost_of_war):
    found = dispute(sorted(costs), prize, cost_of_war)
    assert found.backs_down[1] <= found.backs_down[0] + 1e-12
    assert found.backs_down_at_once[1] == 0


@given(COSTS, SCALES, SCALES)
def test_a_leader_is_indifferent_when_to_back_down(costs, prize, cost_of_war):
    found = dispute(costs, prize, cost_of_war)
    times = np.linspace(0, 1, 7)[:, None] * found.horizon
    gone = found.backed_down_by(times)[:, ::-1]
    payoffs = gone * prize - (1 - gone) * found.audience_costs * times
    at_start = found.backs_down_at_once[::-1] * prize
    assert np.abs(payoffs - at_start).max() < 1e-9


@given(COSTS, SCALES, SCALES)
def test_at_the_horizon_those_are_left_who_would_rather_fight(costs, prize, cost_of_war):
    found = dispute(costs, prize, cost_of_war)
    rather_fight = found.audience_costs * found.horizon / cost_of_war
    assert 1 - found.backed_down_by(found.horizon) == pytest.approx(rather_fight, abs=1e-9)
    assert 1 - found.backed_down_by(2 * found.horizon) == pytest.approx(rather_fight, abs=1e-9)
    assert found.fights == pytest.approx(rather_fight)
    assert found.fights.max() <= 1


@given(COSTS, SCALES, st.tuples(*[st.floats(0.0, 0.999)] * 2))
def test_the_time_of_backing_down_inverts_its_distribution(costs, prize, uniforms):
    found, uniforms = dispute(costs, prize), np.array(uniforms)
    times = found.backing_down_time(uniforms)
    never = uniforms > 1 - found.fights
    assert (np.isinf(times) == never).all()
    reached = np.where(never, uniforms, found.backed_down_by(times))
    assert reached == pytest.approx(np.maximum(uniforms, found.backs_down_at_once), abs=1e-9)


def test_with_the_same_chance_of_fighting_for_all_the_sign_would_be_the_opposite():
    """Lock-in must follow from the cost: with two fixed types the stronger audience gives in."""
    costs, chance_of_fighting, prize = np.array([0.2, 0.1]), 0.2, 1.0
    horizon = min(prize * (1 / chance_of_fighting - 1) / costs)
    left_after_start = chance_of_fighting * (1 + costs[::-1] * horizon / prize)
    assert 1 - left_after_start == pytest.approx([0.4, 0.0], abs=1e-12)
    at_once = dispute(costs, prize).backs_down_at_once
    assert at_once == pytest.approx([0.0, 0.366025], abs=1e-6)


def test_many_disputes_at_once_as_each_would_be_alone():
    cases = np.array([(0.1, 0.1), (0.2, 0.1), (0.1, 0.4), (0.3, 0.2), (1.0, 0.1)])
    many = dispute(cases)
    uniforms = np.random.default_rng(5).random((5, 2))
    assert many.backs_down.shape == (5, 2)
    assert many.war.shape == (5,)
    for number, costs in enumerate(cases):
        alone = dispute(costs)
        assert (many.backs_down[number] == alone.backs_down).all()
        drawn = alone.backing_down_time(uniforms[number])
        assert (many.backing_down_time(uniforms)[number] == drawn).all()


@pytest.mark.parametrize(
    ("costs", "prize", "cost_of_war", "message"),
    [
        ((0.1, 0.0), 1.0, 1.0, r"audience_costs is \[0\.1 0\. \]"),
        ((0.1, 0.1), 0.0, 1.0, r"prize is 0\.0"),
        ((0.1, 0.1), 1.0, -1.0, r"cost_of_war is -1\.0"),
    ],
)
def test_what_is_free_or_worthless_is_refused(costs, prize, cost_of_war, message):
    with pytest.raises(ValueError, match=message):
        dispute(costs, prize, cost_of_war)
