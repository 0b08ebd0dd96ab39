"""Intervals by worked cases, and sketches that know their own error."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.statistics import sketch
from sim.experiments.statistics.intervals import of_contrast, of_mean, of_median, wilson
from sim.experiments.statistics.summary import (
    digest,
    own_n,
    summarise,
    with_counts,
    with_derived,
)
from sim.play.measures import MEASURES, possible

SHARES = st.floats(0, 1, allow_subnormal=False)


def worlds(points):
    """A table of worlds that agreed, one list of savings a point; none is an impasse."""
    rows = [(p, r, value) for p, values in enumerate(points) for r, value in enumerate(values)]
    table = pd.DataFrame(rows, columns=["point", "replication", "savings"])
    agreed = table["savings"].notna()
    status = np.where(agreed, "ratified_first", "impasse")
    return table.assign(agreed=agreed, ratified=agreed, status=status, yes_share_1=1.0)


def cut(table, pieces):
    """A table in pieces, of one after the other."""
    at = np.linspace(0, len(table), pieces + 1).astype(int)
    return [table.iloc[a:b] for a, b in pairwise(at)]


def summed_up(table, pieces=1, **more):
    parts = [digest(part) for part in cut(table, pieces)]
    points = pd.DataFrame({"point": sorted(table["point"].unique())})
    return summarise(points, *zip(*parts, strict=True), **more)


def test_the_median_of_six_values_has_their_ends_as_interval_and_that_of_five_has_none():
    """Of 6 values all are on one side of the median in 2 / 64 of all samples, of 5 in 2 / 32."""
    assert of_median(np.array([1, 5, 6, 8, 9, 10, 25, 100])).tolist() == [-1, -1, 0, 0, 1, 1, 7, 39]


def test_a_mean_of_three_is_as_unsure_as_student_says():
    low, high = of_mean(np.array([3.0, 1.0]), np.array([2.0, 2.0]), np.array([2.0, 0.0]))
    half = 4.302653 / np.sqrt(3)
    assert (low[0], high[0]) == pytest.approx((2 - half, 2 + half), abs=1e-6)
    assert np.isnan(low[1])


def test_the_mean_of_yes_and_no_is_a_rate():
    n, yes = np.array([400.0]), np.array([391.0])
    mean = yes / n
    between = of_mean(n, mean, n * mean * (1 - mean), 0.0, 1.0)
    assert np.concatenate(between) == pytest.approx(np.concatenate(wilson(yes, n)), abs=2e-4)


@given(st.lists(SHARES, min_size=2, max_size=29))
def test_the_mean_of_a_share_stays_a_share_and_inside_its_interval(shares):
    values = np.array(shares)
    n, mean = np.array([float(len(values))]), np.array([values.mean()])
    low, high = of_mean(n, mean, np.array([np.square(values - mean).sum()]), 0.0, 1.0)
    assert 0 <= low[0] <= mean[0] <= high[0] <= 1


def test_worlds_that_are_all_at_the_end_leave_room_for_others():
    table = worlds([[1600.0] * 300])
    found = summed_up(table).iloc[0]
    assert (found["yes_share_1"], found["yes_share_1_high"]) == (1, 1)
    assert 0.98 < found["yes_share_1_low"] < 1
    assert found["yes_share_1_median"] == 1


def test_pairs_that_never_differ_leave_room_for_some_that_do():
    low, high = of_contrast(np.zeros(50), yes_or_no=True)
    assert (low, high) == pytest.approx((-1.959964 * np.sqrt(2) / 52, 1.959964 * np.sqrt(2) / 52))
    assert of_contrast(np.zeros(50)) == (0, 0)


def test_every_measure_has_its_own_n_beside_its_interval(sebac):
    table = worlds([[1.0, 2.0, np.nan, np.nan], [np.nan] * 4])
    found = summed_up(table)
    assert found["savings_n"].tolist() == [2, 0]
    assert found["savings_realised_n"].tolist() == [4, 4]
    assert found["n"].tolist() == [4, 4]
    columns = list(found)
    assert columns.index("savings_n") == columns.index("savings_high") + 1
    assert own_n(found, "savings_median").tolist() == [2, 0]


def test_a_summary_of_before_gets_the_n_of_its_moments():
    table = worlds([[1.0, 2.0, np.nan, np.nan], [np.nan] * 4])
    found = summed_up(table)
    before = found.drop(columns=[name for name in found if name.endswith("_n")])
    moments, _ = digest(table)
    pd.testing.assert_frame_equal(with_counts(before, lambda: [moments]), found)


def test_what_a_few_worlds_save_is_not_less_than_nothing(sebac):
    table = worlds([[1600.0] + [np.nan] * 29])
    low = summed_up(table)["savings_realised_low"].iloc[0]
    bounded = summed_up(table, scenarios=[sebac]).iloc[0]
    assert low < 0 == bounded["savings_realised_low"]
    assert bounded["savings_realised_high"] == pytest.approx(
        summed_up(table)["savings_realised_high"]
    )


def test_no_mean_leaves_what_its_scenario_has(sebac):
    table = worlds([[1600.0] * 9]).assign(unions_yes_1=[15.0] * 8 + [14.0])
    found = summed_up(table, scenarios=[sebac]).iloc[0]
    assert found["unions_yes_1_low"] < found["unions_yes_1"] < found["unions_yes_1_high"] < 15
    unbounded = summed_up(table).iloc[0]
    assert unbounded["unions_yes_1_high"] > 15
    assert possible("round", sebac) == (0, sebac.calendar.rounds)
    assert possible("junior_lead_1") == (-1, 1)
    assert possible("savings_realised", sebac) == (0, np.inf)
    assert possible("savings_realised") == (-np.inf, np.inf)
    for measure in MEASURES.values():
        low, high = possible(measure.name, sebac)
        assert low < high


# Sketches.


def random_points(count, size, kind):
    rng = np.random.default_rng(count)
    scale = rng.uniform(0.5, 2000, (count, 1))
    if kind == "counts":
        return rng.binomial(15, 0.9, (count, size)).astype(float)
    return scale * rng.normal(1, 0.01, (count, size))


@pytest.mark.parametrize("kind", ["counts", "close together"])
@pytest.mark.parametrize("size", [3, 300, sketch.FEW, sketch.FEW + 1, 3001])
def test_a_median_is_that_of_the_worlds_or_within_what_the_sketch_says(kind, size):
    points = random_points(3, size, kind)
    found = summed_up(worlds(points))
    exact = np.median(points, axis=1)
    if kind == "counts" or size <= sketch.FEW:
        assert found["savings_median"].tolist() == exact.tolist()
    else:
        np.testing.assert_allclose(found["savings_median"], exact, rtol=sketch.ACCURACY)
    outside = of_median(np.array([size]))[0]
    if outside < 0:
        assert found["savings_median_low"].isna().all()
        return
    ordered = np.sort(points, axis=1)
    assert (found["savings_median_low"] <= ordered[:, outside]).all()
    assert (ordered[:, -1 - outside] <= found["savings_median_high"]).all()
    assert (found["savings_median_low"] >= ordered[:, 0]).all()
    assert (found["savings_median_high"] <= ordered[:, -1]).all()


def test_where_the_worlds_were_kept_the_median_is_theirs():
    points = random_points(5, 2003, "close together")
    table = worlds(points)

    def kept(columns):
        return [part[[name for name in part if name in columns]] for part in cut(table, 4)]

    found = summed_up(table, 3, worlds=kept)
    ordered = np.sort(points, axis=1)
    outside = of_median(np.array([2003]))[0]
    assert found["savings_median"].tolist() == ordered[:, 1001].tolist()
    assert found["savings_median_low"].tolist() == ordered[:, outside].tolist()
    assert found["savings_median_high"].tolist() == ordered[:, -1 - outside].tolist()
    realised = with_derived(table).groupby("point")["savings_realised"].median()
    assert found["savings_realised_median"].tolist() == realised.tolist()
    without, half = summed_up(table, 3), table.iloc[::2]
    pd.testing.assert_frame_equal(summed_up(table, 3, worlds=lambda columns: [half]), without)


@pytest.mark.parametrize("size", [5, sketch.FEW + 2])
def test_a_sketch_does_not_depend_on_how_it_came_together(size):
    rng = np.random.default_rng(size)
    values = np.concatenate(
        [rng.normal(0, 3, size), -rng.gamma(2, size=size), np.zeros(3), [1e-12]]
    )
    table = worlds([values, values[::-1]])
    shuffled = table.sample(frac=1, random_state=1)
    columns = [name for name in summed_up(table) if "_median" in name]
    whole = summed_up(table)[columns]
    for pieces in (2, 7):
        pd.testing.assert_frame_equal(summed_up(shuffled, pieces)[columns], whole)


def test_a_sketch_of_before_tells_its_buckets_alone():
    values = np.random.default_rng(4).normal(1600, 40, 401)
    table = worlds([values])
    moments, _ = digest(table)
    found, count = np.unique(sketch.keys(values), return_counts=True)
    before = pd.DataFrame({"point": 0, "measure": "savings", "key": found, "count": count})
    points = pd.DataFrame({"point": [0]})
    told = summarise(points, [moments], [before]).iloc[0]
    exact = np.median(values)
    assert told["savings_median"] == pytest.approx(exact, rel=sketch.ACCURACY)
    assert told["savings_median_low"] < exact < told["savings_median_high"]
    looked_up = summarise(points, [moments], [before], worlds=lambda columns: [table]).iloc[0]
    assert looked_up["savings_median"] == exact


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=40))
def test_each_value_is_within_its_bucket(values):
    values = np.array(values)
    low, high = sketch.bounds(sketch.keys(values))
    slack = 1e-12 * np.abs(values)
    assert (low <= values + slack).all()
    assert (values - slack <= high).all()
