"""Distributions by inverse cdf: the quantiles of scipy.stats, and sentences for what cannot be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.design.distributions import (
    Beta,
    Categorical,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
    ends,
    middles,
    truncated,
)
from sim.experiments.design.written import AS_WRITTEN, as_distribution
from sim.inputs.problems import InputError

SHARES = np.array([0.001, 0.1, 0.25, 0.5, 0.6, 0.9, 0.999])

THEORY = [
    ({"uniform": [2, 12]}, stats.uniform(2, 10)),
    ({"triangular": [0.0, 0.15, 1.0]}, stats.triang(0.15, 0, 1)),
    ({"triangular": [2, 2, 5]}, stats.triang(0, 2, 3)),
    ({"triangular": [2, 5, 5]}, stats.triang(1, 2, 3)),
    ({"normal": {"mean": 3, "sd": 2}}, stats.norm(3, 2)),
    ({"normal": {"mean": 3, "sd": 2, "low": 2, "high": 4}}, stats.truncnorm(-0.5, 0.5, 3, 2)),
    ({"normal": {"mean": 3, "sd": 2, "low": 2}}, stats.truncnorm(-0.5, np.inf, 3, 2)),
    ({"lognormal": {"median": 0.1, "sd": 0.3}}, stats.lognorm(0.3, scale=0.1)),
    ({"beta": {"a": 2, "b": 5}}, stats.beta(2, 5)),
    ({"beta": {"a": 2, "b": 5, "low": 1, "high": 4}}, stats.beta(2, 5, 1, 3)),
]


@pytest.mark.parametrize(("written", "theory"), THEORY, ids=[str(written) for written, _ in THEORY])
def test_at_is_the_quantile_function_of_scipy(written, theory):
    np.testing.assert_allclose(as_distribution(written).at(SHARES), theory.ppf(SHARES), rtol=1e-9)


def test_a_truncated_lognormal_has_the_quantiles_of_what_is_left():
    whole = stats.lognorm(0.5, scale=2.0)
    cut = as_distribution({"lognormal": {"median": 2, "sd": 0.5, "low": 1, "high": 3}})
    share = whole.cdf(1) + SHARES * (whole.cdf(3) - whole.cdf(1))
    np.testing.assert_allclose(cut.at(SHARES), whole.ppf(share), rtol=1e-9)


EVERY_KIND = [
    Uniform(-3, 7),
    Triangular(-3, 1, 7),
    Normal(2, 4, -3, 7),
    Lognormal(2, 0.7, 1, 7),
    Beta(0.5, 3, -3, 7),
    Categorical((-3, 1, 5, 7)),
]


@pytest.mark.slow
@pytest.mark.parametrize("distribution", EVERY_KIND, ids=lambda d: type(d).__name__)
@given(shares=st.lists(st.floats(0, 1), min_size=2, max_size=11))
def test_at_rises_and_stays_between_the_ends(distribution, shares):
    values = distribution.at(np.sort(shares))
    assert np.all(np.diff(values) >= 0)
    assert np.all((values >= min(ends(distribution))) & (values <= max(ends(distribution))))


def test_a_choice_gives_each_value_the_same_share_in_the_order_given():
    choice = as_distribution({"choice": ["b", "a", "c"]})
    assert choice.at(np.array([0.0, 0.33, 0.34, 0.66, 0.67, 1.0])).tolist() == list("bbaacc")
    assert ends(choice) == ["b", "a", "c"]


def test_the_middles_of_slices_are_worked_by_hand():
    assert middles(5).tolist() == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])


def test_truncation_takes_the_tighter_end_and_leaves_bounded_distributions_alone():
    assert truncated(Normal(1, 1, low=0.5), 0, 2) == Normal(1, 1, 0.5, 2)
    assert truncated(Normal(1, 1, low=0.5, high=1.5), 1, 2) == Normal(1, 1, 1, 1.5)
    assert truncated(Lognormal(1, 1), 0, 2) == Lognormal(1, 1, 0, 2)
    assert truncated(Uniform(3, 5), 0, 4) == Uniform(3, 5)


def test_ends_are_told_where_there_are_any():
    assert ends(Normal(1, 1)) == []
    assert ends(Normal(1, 1, high=3)) == [3]
    assert ends(Triangular(0, 1, 2)) == [0, 2]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (5, ["5 is not a distribution", "uniform"]),
        ({"uniform": [0, 1], "normal": {}}, ["not a distribution"]),
        ({"unifrom": [0, 1]}, ['"unifrom"', 'did you mean "uniform"', *AS_WRITTEN]),
        ({"uniform": [0, 1, 2]}, ["uniform = [0, 1, 2]", "[low, high]"]),
        ({"uniform": {"low": 0, "high": 1}}, ["uniform = {", "[low, high]"]),
        ({"uniform": [1, 1]}, ["low = 1", "must be below high = 1"]),
        ({"uniform": ["a", 1]}, ['low = "a"', "finite number"]),
        ({"uniform": [0, True]}, ["high = true", "finite number"]),
        ({"uniform": [0, float("inf")]}, ["high = inf", "finite number"]),
        ({"uniform": [float("nan"), 1]}, ["low = nan", "finite number"]),
        ({"uniform": [0, 10**400]}, ["high = 1000", "finite number"]),
        ({"triangular": [0, 1]}, ["triangular = [0, 1]", "[low, mode, high]"]),
        ({"triangular": [0, 2, 1]}, ["mode = 2", "from low = 0 to high = 1"]),
        ({"triangular": [0, -1, 1]}, ["mode = -1", "from low = 0 to high = 1"]),
        ({"normal": [0, 1]}, ["normal = [0, 1]", "mean", "sd"]),
        ({"normal": {"mean": 0}}, ["sd: is missing", "mean = 0.0"]),
        ({"normal": {"mean": 0, "sd": 0}}, ["sd = 0", "above 0"]),
        ({"normal": {"mean": 0, "sd": 1, "hihg": 1}}, ["hihg", 'did you mean "high"']),
        ({"normal": {"mean": 0, "sd": 1, "low": 1, "high": 1}}, ["low = 1", "below high = 1"]),
        ({"normal": {"mean": 0, "sd": 1, "low": 9}}, ["hardly anything", "9"]),
        ({"lognormal": {"median": 0, "sd": 1}}, ["median = 0", "above 0"]),
        ({"lognormal": {"median": 1, "sd": -1}}, ["sd = -1", "above 0"]),
        ({"lognormal": {"median": 1, "sd": 1, "low": -2, "high": 0}}, ["high = 0", "above 0"]),
        ({"lognormal": {"median": 1, "sd": 0.1, "low": 9}}, ["hardly anything", "9"]),
        ({"beta": {"a": 0, "b": 1}}, ["a = 0", "above 0"]),
        ({"beta": {"a": 1, "b": -1}}, ["b = -1", "above 0"]),
        ({"beta": {"a": 1, "b": 1, "low": 2}}, ["low = 2", "below high = 1"]),
        ({"choice": []}, ["empty list"]),
        ({"choice": 3}, ["choice = 3", "choice = ["]),
        ({"choice": [1, 2, 1]}, ["[1, 2, 1]", "repeats"]),
        ({"choice": [1, [2]]}, ["[1, [2]]", "lists or tables"]),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_in_one_sentence(written, words):
    with pytest.raises(InputError) as told:
        as_distribution(written)
    assert len(told.value.problems) == 1
    for word in words:
        assert word in told.value.problems[0]


def test_all_that_is_wrong_with_a_distribution_is_told_at_once():
    with pytest.raises(InputError) as told:
        as_distribution({"normal": {"mean": "x", "hihg": 1}})
    assert len(told.value.problems) == 3
    with pytest.raises(InputError) as told:
        Beta(0, 0, 1, 1)
    assert len(told.value.problems) == 3
