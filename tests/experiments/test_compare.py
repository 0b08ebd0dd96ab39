"""Differences between design points are paired by replication, and say how many pairs they rest on."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.cases.loading import load_scenario
from sim.experiments.statistics.paired import (
    by_point,
    contrast,
    measured,
    paired_difference,
    trend,
)
from sim.play.measures import measures_of
from sim.play.outcome import negotiate


def worlds(values, measure="savings"):
    return pd.DataFrame({"replication": range(len(values)), measure: values})


def test_the_interval_is_that_of_the_paired_t_test():
    rng = np.random.default_rng(5)
    before = rng.normal(10, 3, 61)
    after = before + rng.normal(0.4, 1, 61)
    found = paired_difference(worlds(before), worlds(after), "savings")
    apart = after - before
    low, high = stats.t.interval(0.95, 60, loc=apart.mean(), scale=stats.sem(apart))
    assert (found.estimate, found.low, found.high) == pytest.approx((apart.mean(), low, high))
    assert found.pairs == 61
    z = (found.high - found.low) / 2 / stats.t.ppf(0.975, 60)
    assert found.estimate / z == pytest.approx(stats.ttest_rel(after, before).statistic)


def test_a_worked_case():
    found = paired_difference(worlds([1.0, 2.0, 3.0]), worlds([2.0, 4.0, 6.0]), "savings")
    half = 4.302653 * 1.0 / np.sqrt(3)  # of 2 degrees of freedom
    assert found.estimate == 2.0
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half), abs=1e-6)


def test_rates_are_paired_too():
    before, after = [False] * 40 + [True] * 10, [False] * 30 + [True] * 20
    found = paired_difference(worlds(before, "ratified"), worlds(after, "ratified"), "ratified")
    assert found.estimate == pytest.approx(0.2)
    assert found.high - found.low < 2 * 1.96 * np.sqrt(0.2 * 0.8 / 50 + 0.4 * 0.6 / 50)


def test_pairs_are_matched_by_replication_and_not_by_order():
    before = worlds([1.0, 2.0, 3.0])
    after = worlds([1.5, 2.5, 3.5]).iloc[[2, 0, 1]]
    found = paired_difference(before, after, "savings")
    assert (found.estimate, found.low, found.high) == (0.5, 0.5, 0.5)


def test_replications_without_the_measure_at_both_points_are_left_out_and_counted_out():
    before, after = worlds([1.0, np.nan, 3.0, 4.0]), worlds([2.0, 100.0, np.nan, 5.0])
    found = paired_difference(before, after, "savings")
    assert (found.estimate, found.pairs, found.left_out) == (1.0, 2, 2)
    nothing = paired_difference(worlds([np.nan, 1.0]), worlds([1.0, np.nan]), "savings")
    assert nothing.pairs == 0
    assert np.isnan(nothing.estimate)
    assert not nothing.exactly_none


def test_counts_with_missing_values_are_numbers_like_others():
    before = worlds(pd.array([1, None, 3], dtype="Int32"), "round")
    after = worlds(pd.array([2, 5, 4], dtype="Int32"), "round")
    assert paired_difference(before, after, "round").estimate == 1.0


def test_one_pair_has_an_estimate_and_no_interval():
    found = paired_difference(worlds([1.0]), worlds([3.0]), "savings")
    assert found.estimate == 2.0
    assert np.isnan(found.low)


def test_identical_worlds_differ_by_exactly_none():
    same = worlds([1.0, 2.0])
    found = paired_difference(same, same, "savings")
    assert (found.estimate, found.low, found.high) == (0, 0, 0)
    assert found.exactly_none
    cancelling = paired_difference(same, worlds([2.0, 1.0]), "savings")
    assert cancelling.estimate == 0
    assert not cancelling.exactly_none


def test_a_contrast_is_a_difference_of_differences():
    points = [worlds(values) for values in ([1.0, 1.0], [4.0, 6.0], [2.0, 2.0], [3.0, 3.0])]
    found = contrast(list(zip((-1.0, 1.0, 1.0, -1.0), points, strict=True)), "savings")
    assert found.estimate == (3 + 5) / 2 - 1


def test_a_trend_tells_first_against_last_and_which_steps_agree():
    up = trend([worlds([1.0, 1.0]), worlds([2.0, 3.0]), worlds([5.0, 5.0])], "savings")
    assert up.total.estimate == 4.0
    assert [step.estimate for step in up.steps] == [1.5, 2.5]
    assert up.every_step_agrees
    hump = trend([worlds([1.0]), worlds([4.0]), worlds([3.0]), worlds([3.0])], "savings")
    assert hump.total.estimate == 2.0
    assert hump.steps_agreeing == 1  # the last step has no sign
    assert not hump.every_step_agrees


def test_measures_given_agreement_are_missing_without_one():
    biased = {"talks.self_serving_bias": 1.1, "calendar.rounds": 12}
    outcome = negotiate(worlds=60, seed=1, set=biased)
    frame = measured(outcome.frame(), outcome.scenario)
    agreed = frame["agreed"]
    assert 0 < agreed.sum() < 60
    for name in ("ratified_if_agreed", "late_if_agreed"):
        assert frame.loc[~agreed, name].isna().all()
        assert frame.loc[agreed, name].notna().all()
    late = frame.loc[agreed, "round"] >= 10.8
    assert (frame.loc[agreed, "late_if_agreed"] == late.astype(float)).all()


def test_every_column_of_numbers_can_be_compared():
    names = measures_of(load_scenario("sebac-2011"))
    assert {"agreed", "savings", "savings_realised", "job_security", "rejected"} <= set(names)
    assert not {"status", "proposer"} & set(names)
    assert "savings" not in measures_of(load_scenario("split-the-pie"))


@pytest.mark.parametrize("with_deadlines", [False, True])
def test_points_cut_together_have_what_each_has_by_itself(with_deadlines):
    early = {"governor.beta": 4.0, "coalition.beta": 4.0}
    settings = {0: {"calendar.rounds": 12}, 1: early | {"calendar.rounds": 40}, 2: {}}
    outcomes = {
        number: negotiate("sebac-2011", 17, seed=2, set=values)
        for number, values in settings.items()
    }
    frames = [outcome.frame().assign(point=number) for number, outcome in outcomes.items()]
    together = pd.concat(frames[:2], ignore_index=True)
    if with_deadlines:
        together["deadline"] = pd.Series([5, None] * 17, dtype="Int64")
    scenarios = {number: outcome.scenario for number, outcome in outcomes.items()}
    found = by_point(together, scenarios)
    assert list(found) == [0, 1, 2]
    for number in (0, 1):
        alone = measured(together[together["point"] == number], scenarios[number])
        pd.testing.assert_frame_equal(found[number], alone)
    late = pd.concat(found.values())["late_if_agreed"]
    assert set(late.dropna()) == {0.0, 1.0}
    assert found[2].empty  # all of its worlds failed
    assert list(found[2]) == list(found[0])
