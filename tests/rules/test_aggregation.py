"""Leaders add members up as utilitarians, for the median, for the worst off, or for the pivot."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.preferences.aggregation import Coalition, mean, median, pivot
from sim.preferences.aggregation import min_ as worst_off
from sim.preferences.member import Gain

WORLDS, UNIONS, PACKAGES, MEMBERS = 7, 5, 3, 11
WEIGHTS = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
MILITANCY = np.array([[0.3, -0.2, 0.1, 0.0, 0.4]])
RULES = (mean, median, worst_off, pivot)
NUMBERS = st.integers(-9, 9).map(float)


def coalition(mildness=MILITANCY, unions_required=3, weight_required=0.5, weights=WEIGHTS):
    return Coalition(
        weights, mildness, np.atleast_1d(unions_required), np.atleast_1d(float(weight_required))
    )


def by_union(gain):
    """Give the gains of each union of an array (worlds, unions, packages, members)."""
    every = np.arange(gain.shape[2])
    return [Gain(((1, gain[:, union], every),)) for union in range(gain.shape[1])]


def value(rule, gain, known):
    table, shift = rule(by_union(gain), known)
    return table + shift[:, None]


# One world, five unions, one package, three members.
GAIN = np.array(
    [[1.0, 2.0, 9.0], [0.0, 4.0, 5.0], [3.0, 3.0, 3.0], [-2.0, 0.0, 8.0], [1.0, 1.0, 7.0]]
)
BY_HAND = GAIN[None, :, None, :]
ALIKE = GAIN[None, :1, None, :]


def test_utilitarian_leaders_weigh_means_and_militancy_by_size():
    shift = 0.4 * 0.3 - 0.25 * 0.2 + 0.2 * 0.1 + 0.05 * 0.4
    weighted = 0.4 * 4 + 0.25 * 3 + 0.2 * 3 + 0.1 * 2 + 0.05 * 3
    assert value(mean, BY_HAND, coalition()) == pytest.approx(np.array([[weighted + shift]]))
    assert value(mean, ALIKE, coalition()) == pytest.approx(np.array([[4 + shift]]))


def test_leaders_for_the_median_take_the_median_stratum_and_the_median_union():
    # Support of the middle stratum 2, 4, 3, 0, 1 and mildness .3, -.2, .1, 0, .4.
    assert value(median, BY_HAND, coalition()) == pytest.approx(np.array([[2.3]]))
    assert value(median, ALIKE, coalition()) == pytest.approx(np.array([[2 + 0.1]]))
    unsorted = np.array([[5.0, 1.0, 3.0]])[None, :, None, :]
    assert value(median, unsorted, coalition(np.zeros((1, 5)))) == 1
    even = np.array([[5.0, 1.0, 3.0, 7.0]])[None, :, None, :]
    assert value(median, even, coalition(np.zeros((1, 5)))) == 3


def test_leaders_for_the_worst_off_take_the_lowest_stratum_and_the_most_militant_union():
    # The lowest 1, 0, 3, -2, 1 and mildness .3, -.2, .1, 0, .4: union 3 is worst off.
    assert value(worst_off, BY_HAND, coalition()) == pytest.approx(np.array([[-2.0]]))
    assert value(worst_off, ALIKE, coalition()) == pytest.approx(np.array([[1 - 0.2]]))


@pytest.mark.parametrize(
    ("unions", "weight", "union"),
    [
        # Mildest first: 4 (.05 of the members), 0 (.45), 2 (.65), 3 (.75), 1 (1).
        (1, 0.0, 4),
        (1, 0.05, 4),
        (1, 0.05 + 1e-10, 4),
        (1, 0.05 + 1e-8, 0),
        (2, 0.0, 0),
        (0, 0.0, 4),
        (0, 0.45, 0),
        (0, 0.46, 2),
        (3, 0.45, 2),
        (3, 0.66, 3),
        (4, 0.45, 3),
        (5, 0.0, 1),
        (0, 1.0, 1),
        (6, 0.0, 1),
    ],
)
def test_the_pivot_is_the_union_whose_yes_completes_the_quota(unions, weight, union):
    known = coalition(unions_required=unions, weight_required=weight)
    assert value(pivot, ALIKE, known) == pytest.approx(np.array([[2 + MILITANCY[0, union]]]))


def test_when_unions_differ_the_pivot_is_sought_anew_for_each_package():
    # Medians 2, 4, 3, 0, 1; with mildness 2.3, 3.8, 3.1, 0, 1.4: order 1, 2, 0, 4, 3.
    for unions, weight, support in [(1, 0.0, 3.8), (2, 0.0, 3.1), (1, 0.46, 2.3), (5, 0.0, 0.0)]:
        known = coalition(unions_required=unions, weight_required=weight)
        assert value(pivot, BY_HAND, known) == pytest.approx(np.array([[support]]))
    two = np.concatenate([BY_HAND, -BY_HAND], axis=2)
    known = coalition(unions_required=1, weight_required=0.0)
    assert value(pivot, two, known) == pytest.approx(np.array([[3.8, 0.0]]))
    # The second package has -1.7, -4.2, -2.9, 0, -.6: order 3 (.1), 4 (.15), 0 (.55).
    known = coalition(unions_required=0, weight_required=0.3)
    assert value(pivot, two, known) == pytest.approx(np.array([[3.1, -1.7]]))


def test_where_no_quota_is_reached_the_pivot_is_the_last_union_also_beside_other_worlds():
    known = coalition(MILITANCY.repeat(2, axis=0), unions_required=[1, 6], weight_required=0.0)
    assert value(pivot, ALIKE, known) == pytest.approx(np.array([[2.4], [1.8]]))


def test_the_member_of_the_pivotal_union_who_counts_is_the_median_in_gain_not_in_seniority():
    unsorted = np.array([[5.0, 1.0, 3.0]])[None, :, None, :]
    assert value(pivot, unsorted, coalition(np.zeros((1, 5)))) == 3


@pytest.mark.parametrize("rule", RULES)
@given(
    gain=arrays(float, (1, 1, PACKAGES, MEMBERS), elements=NUMBERS),
    mildness=arrays(float, (WORLDS, UNIONS), elements=NUMBERS),
    unions=st.integers(0, 6),
    weight=st.floats(0, 1),
)
def test_unions_that_are_alike_are_worth_the_same_listed_once_or_one_by_one(
    rule, gain, mildness, unions, weight
):
    known = coalition(mildness, unions, weight)
    table, _ = rule(by_union(gain), known)
    assert table.shape == (1, PACKAGES)
    one_by_one = np.repeat(gain, UNIONS, axis=1)
    assert value(rule, gain, known) == pytest.approx(value(rule, one_by_one, known), abs=1e-9)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=10)
@given(
    gain=arrays(float, (WORLDS, UNIONS, PACKAGES, MEMBERS), elements=NUMBERS),
    mildness=arrays(float, (WORLDS, UNIONS), elements=NUMBERS),
    unions=arrays(int, WORLDS, elements=st.integers(0, 6)),
    weight=arrays(float, WORLDS, elements=st.floats(0, 1)),
)
def test_worlds_add_up_as_each_would_alone(rule, gain, mildness, unions, weight):
    together = value(rule, gain, Coalition(WEIGHTS, mildness, unions, weight))
    for w in range(WORLDS):
        here = slice(w, w + 1)
        known = Coalition(WEIGHTS, mildness[here], unions[here], weight[here])
        assert together[w].tolist() == value(rule, gain[here], known)[0].tolist()


@pytest.mark.parametrize("rule", RULES)
@given(gain=arrays(float, (1, UNIONS, PACKAGES, MEMBERS), elements=NUMBERS), more=st.floats(-2, 2))
def test_what_every_member_gains_leaders_gain(rule, gain, more):
    before, after = value(rule, gain, coalition()), value(rule, gain + more, coalition())
    assert after == pytest.approx(before + more, abs=1e-9)


@given(gain=arrays(float, (1, UNIONS, PACKAGES, MEMBERS), elements=NUMBERS))
def test_the_pivot_likes_a_package_no_more_when_the_quota_rises(gain):
    supports = [
        value(pivot, gain, coalition(unions_required=k, weight_required=q))
        for k, q in [(0, 0.0), (2, 0.3), (3, 0.5), (4, 0.8), (5, 1.0)]
    ]
    assert all((low >= high).all() for low, high in pairwise(supports))
    assert (supports[-1] >= value(worst_off, gain, coalition())).all()
