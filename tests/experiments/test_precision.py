"""How many replications are enough is worked out from those there are, and is what it takes."""

import numpy as np
import pytest

from sim.experiments.analysis.precision import (
    needed_for_mean,
    needed_for_rate,
    precision,
    running,
    verdict,
)
from sim.experiments.running.results import load_results
from sim.experiments.running.runner import run_experiment
from sim.experiments.statistics.intervals import wilson
from sim.inputs.problems import InputError


@pytest.fixture(scope="module")
def results_of_53(run_small):
    return run_small(replications=53).folder


@pytest.fixture
def results(results_of_53):
    return load_results(results_of_53)


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("at_most", [0.499, 0.3, 0.1, 0.01])
def test_a_rate_needs_the_first_n_whose_wilson_interval_is_narrow_enough(rate, at_most):
    def half(n):
        low, high = wilson(rate * n, n)
        return (high - low) / 2

    (n,) = needed_for_rate(np.array([rate]), at_most)
    assert half(n) <= at_most
    assert n == 1 or half(n - 1) > at_most


def test_a_rate_near_one_half_needs_what_the_textbook_says():
    assert needed_for_rate(np.array([0.5]), 0.01).tolist() == [9600]  # 9,604 by the normal interval
    assert needed_for_rate(np.array([0.2, np.nan]), 0.5).tolist() == pytest.approx(
        [1, np.nan], nan_ok=True
    )


def test_half_the_width_takes_four_times_the_replications():
    n, half = np.array([100.0, 100.0, 100.0]), np.array([8.0, 2.0, 0.0])
    assert needed_for_mean(n, half, 4.0).tolist() == [400, 25, 2]


@pytest.mark.slow
def test_points_are_in_order_with_the_interval_of_the_summary(results):
    table = precision(results, "savings", at_most=5)
    summary = results.summary.set_index("point")
    assert table["mean"].is_monotonic_decreasing
    for row in table.itertuples():
        assert row.mean == summary.loc[row.point, "savings"]
        half = (summary.loc[row.point, "savings_high"] - row.mean).item()
        assert row.halfwidth == pytest.approx(half)
        assert row.needed == np.ceil(53 * (half / 5) ** 2)
    assert "needed" not in precision(results, "savings")


def test_pairs_decide_the_order_where_intervals_by_themselves_do_not(results):
    rng = np.random.default_rng(1)
    common = rng.normal(0, 100, 53)
    worlds = results.worlds
    worlds["savings"] = 1500.0 - worlds["point"] + common[worlds["replication"]]
    worlds.loc[worlds["point"] == 5, "savings"] += 1  # as point 4 in every world
    worlds.loc[worlds["point"] == 1, "savings"] += rng.normal(0, 50, 53)
    results._worlds = worlds
    results._summary = results.summary.assign(savings=[1500.0, 1499, 1498, 1497, 1496, 1496])
    table = precision(results, "savings")
    assert table["point"].tolist() == [0, 1, 2, 3, 4, 5]
    assert table["above_next"].tolist() == ["not yet", "not yet", "yes", "yes", "the same", ""]
    told = (
        "Of 5 pairs of neighbours in this order 2 are apart, 1 the same in every pair of worlds, 2"
    )
    assert told in verdict(table)


def test_without_pairs_only_intervals_decide(small, tmp_path):
    for name, overrides in (
        ("apart", {"random_numbers": "independent"}),
        ("few", {"keep": "summary"}),
    ):
        results = run_experiment(small, tmp_path / name, overrides=overrides)
        results._summary = results.summary.assign(
            savings=[60.0, 50, 40, 30, 20, 10],
            savings_low=[56.0, 46, 36, 22, 12, 2],
            savings_high=[64.0, 54, 44, 38, 28, 18],
        )
        order = precision(results, "savings")["above_next"].tolist()
        assert order == [
            "yes",
            "yes",
            "yes",
            "not yet",
            "not yet",
            "",
        ]  # 4, 4: 5.7; 4, 8: 8.9; 8, 8: 11.3


def test_the_verdict_names_the_point_that_needs_most(results):
    summary = results.summary
    summary["ratified_low"], summary["ratified_high"] = 0.45, 0.55
    summary["ratified"] = [0.5, 0.5, 0.5, 0.5, 0.5, 0.1]
    results._summary = summary
    told = verdict(precision(results, "ratified", 0.04), 0.04)
    assert told.startswith(
        "Not enough: the interval is wider than ±0.04 at 6 of 6 points. Point 0 needs"
    )
    assert "needs most: 597 replications; it has 53." in told
    assert verdict(precision(results, "ratified", 0.06), 0.06).startswith(
        "Enough: the interval is ±0.06 or narrower at each of 6 points."
    )
    assert verdict(precision(results, "ratified")).startswith(
        "The widest interval of 6 points is ±0.05"
    )


def test_points_without_an_interval_are_not_enough(results):
    results._summary = results.summary.assign(savings_low=np.nan, savings_high=np.nan)
    table = precision(results, "savings", 10)
    assert table["needed"].isna().all()
    assert "None of these has an interval yet." in verdict(table, 10)


def test_a_running_mean_ends_where_the_summary_is(results):
    for measure in ("ratified_first", "savings"):
        table = running(results, measure, points=3)
        summary = results.summary.set_index("point")
        ends = table.groupby("point", sort=False).last()
        assert len(ends) == 3
        for point, end in ends.iterrows():
            for column, name in (("mean", ""), ("low", "_low"), ("high", "_high")):
                assert end[column] == pytest.approx(summary.loc[point, f"{measure}{name}"])
        first = table.iloc[0]
        worlds = results.worlds.query("point == @first.point and replication < 10")
        values = worlds["savings"] if measure == "savings" else worlds["status"] == "ratified_first"
        assert first["replications"] == 10
        assert first["mean"] == pytest.approx(values.mean())


def test_what_cannot_be_told_is_said(results, small, tmp_path):
    with pytest.raises(InputError, match="at_most = 0: must be a number above 0"):
        precision(results, "savings", 0)
    with pytest.raises(InputError, match='did you mean "savings"'):
        precision(results, "saving")
    few = run_experiment(small, tmp_path / "few", overrides={"keep": "summary"})
    with pytest.raises(InputError, match='keep = "summary": a running mean is of all worlds'):
        running(few, "savings")
    one = run_experiment(small, tmp_path / "one", overrides={"replications": 1})
    with pytest.raises(InputError, match='no point has two worlds with "savings"'):
        running(one, "savings")
