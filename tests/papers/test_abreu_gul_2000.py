"""Abreu and Gul (2000): a little obstinacy turns bargaining into a war of attrition.

The equilibrium is checked by what makes it one: given how the other side concedes, a side that is
free to choose expects the same from conceding at any time before the horizon. Probabilities, delay
and payoffs are then checked by drawing wars from the inverse of the distribution.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.attrition import ReputationalBargaining

ALIKE = ((0.6, 0.6), (0.05, 0.05), (0.1, 0.1))
OBSTINATE = ((0.6, 0.6), (0.05, 0.05), (0.2, 0.1))
GREEDY = ((0.7, 0.6), (0.05, 0.05), (0.1, 0.1))
IMPATIENT = ((0.6, 0.6), (0.10, 0.05), (0.1, 0.1))

DEMANDS = st.tuples(st.floats(0.55, 0.95), st.floats(0.55, 0.95))
RATES = st.tuples(st.floats(0.02, 0.5), st.floats(0.02, 0.5))
OBSTINACY = st.tuples(st.floats(0.01, 0.9), st.floats(0.01, 0.9))


def war(demands, rates, obstinate):
    return ReputationalBargaining(np.array(demands), np.array(rates), np.array(obstinate))


@pytest.mark.parametrize(
    ("case", "hazards", "horizon", "at_once", "payoffs"),
    [
        (ALIKE, (0.1, 0.1), 23.025851, (0, 0), (0.4, 0.4)),
        (OBSTINATE, (0.1, 0.1), 16.094379, (0, 0.5), (0.5, 0.4)),
        (GREEDY, (0.05, 0.066667), 34.538776, (0.437659, 0), (0.4, 0.431298)),
        (IMPATIENT, (0.1, 0.2), 11.512925, (0.683772, 0), (0.4, 0.536754)),
    ],
)
def test_the_equilibrium(case, hazards, horizon, at_once, payoffs):
    found = war(*case)
    assert found.hazards == pytest.approx(hazards, abs=1e-6)
    assert found.horizon == pytest.approx([horizon], abs=1e-6)
    assert found.concedes_at_once == pytest.approx(at_once, abs=1e-6)
    assert found.payoffs == pytest.approx(payoffs, abs=1e-6)


@pytest.mark.parametrize(("case", "delay"), [(ALIKE, 4.767416), (OBSTINATE, 2.120523)])
def test_the_mean_delay(case, delay):
    assert war(*case).mean_delay == pytest.approx(delay, abs=1e-5)


def test_no_agreement_takes_two_obstinate_sides():
    assert war(*OBSTINATE).no_agreement == pytest.approx(0.02, abs=1e-12)


@given(DEMANDS, RATES, OBSTINACY)
def test_a_free_side_is_indifferent_when_to_concede(demands, rates, obstinate):
    found = war(demands, rates, obstinate)
    times = np.linspace(0, 1, 20_001)[:, None] * found.horizon
    gone = found.conceded_by(times)[:, ::-1]
    middles = (times[1:] + times[:-1]) / 2
    won = np.cumsum(np.exp(-found.rates * middles) * np.diff(gone, axis=0), axis=0)
    if_won = found.demands * (gone[0] + np.concatenate([[[0, 0]], won]))
    conceded = (1 - found.demands[::-1]) * np.exp(-found.rates * times) * (1 - gone)
    assert np.abs(if_won + conceded - found.payoffs).max() < 1e-6


@given(DEMANDS, RATES, OBSTINACY)
def test_at_most_one_side_concedes_at_once_and_at_the_horizon_only_the_obstinate_are_left(
    demands, rates, obstinate
):
    found = war(demands, rates, obstinate)
    at_once = found.concedes_at_once
    assert at_once.min() == 0
    assert at_once.max() < 1
    assert found.conceded_by(0.0) == pytest.approx(at_once, abs=1e-12)
    at_horizon = 1 - np.array(obstinate)
    assert found.conceded_by(found.horizon) == pytest.approx(at_horizon, abs=1e-12)
    assert found.conceded_by(2 * found.horizon) == pytest.approx(at_horizon, abs=1e-12)


@given(DEMANDS, RATES, OBSTINACY, st.tuples(*[st.floats(0.0, 0.999)] * 2))
def test_the_time_of_concession_inverts_its_distribution(demands, rates, obstinate, uniforms):
    found, uniforms = war(demands, rates, obstinate), np.array(uniforms)
    times = found.concession_time(uniforms)
    never = uniforms > 1 - found.obstinate
    assert (np.isinf(times) == never).all()
    reached = np.where(never, uniforms, found.conceded_by(times))
    assert reached == pytest.approx(np.maximum(uniforms, found.concedes_at_once), abs=1e-9)
    assert (times[uniforms < found.concedes_at_once] == 0).all()


@pytest.mark.parametrize("case", [OBSTINATE, GREEDY, IMPATIENT])
def test_drawn_wars_end_as_computed(case):
    found = war(*case)
    times = found.concession_time(np.random.default_rng(2000).random((200_003, 2)))
    ends = times.min(-1)
    agreed = np.isfinite(ends)
    assert 1 - agreed.mean() == pytest.approx(found.no_agreement, abs=0.002)
    assert ends[agreed].mean() == pytest.approx(found.mean_delay, rel=0.01)


def test_greed_impatience_and_a_name_for_giving_in_are_weakness():
    assert war(*ALIKE).concedes_at_once.tolist() == [0, 0]
    for weak in (GREEDY, IMPATIENT, ((0.6, 0.6), (0.05, 0.05), (0.05, 0.1))):
        assert war(*weak).concedes_at_once[0] > 0
        assert war(*weak).payoffs[0] == pytest.approx(0.4)
        assert war(*weak).payoffs[1] > 0.4


@given(DEMANDS, RATES, OBSTINACY)
def test_the_order_of_the_sides_does_not_matter(demands, rates, obstinate):
    one, other = war(demands, rates, obstinate), war(demands[::-1], rates[::-1], obstinate[::-1])
    assert (one.payoffs == other.payoffs[::-1]).all()
    assert one.mean_delay == pytest.approx(other.mean_delay, rel=1e-12)


def test_many_wars_at_once_as_each_would_be_alone():
    cases = [ALIKE, OBSTINATE, GREEDY, IMPATIENT, ALIKE, GREEDY, OBSTINATE]
    many = war(*zip(*cases, strict=True))
    uniforms = np.random.default_rng(7).random((7, 2))
    assert many.payoffs.shape == (7, 2)
    assert many.mean_delay.shape == many.no_agreement.shape == (7,)
    for number, case in enumerate(cases):
        alone = war(*case)
        assert (many.payoffs[number] == alone.payoffs).all()
        assert many.mean_delay[number] == alone.mean_delay
        drawn = alone.concession_time(uniforms[number])
        assert (many.concession_time(uniforms)[number] == drawn).all()


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (((0.5, 0.5), (0.1, 0.1), (0.1, 0.1)), r"demands are \[0\.5 0\.5\]"),
        (((0.6, 1.0), (0.1, 0.1), (0.1, 0.1)), r"demands are \[0\.6 1\. \]"),
        (((0.6, 0.6), (0.1, 0.0), (0.1, 0.1)), r"rates are \[0\.1 0\. \]"),
        (((0.6, 0.6), (0.1, 0.1), (0.1, 0.0)), r"obstinate is \[0\.1 0\. \]"),
        (((0.6, 0.6), (0.1, 0.1), (1.0, 0.1)), r"obstinate is \[1\.  0\.1\]"),
    ],
)
def test_what_is_no_war_of_attrition_is_refused(case, message):
    with pytest.raises(ValueError, match=message):
        war(*case)
