"""Replications go on until an interval is narrow enough, point by point, or to the maximum."""

import pandas as pd
import pytest

from sim.experiments.design.experiment import load_experiment
from sim.experiments.design.replications import Until, rounds
from sim.experiments.running.runner import run_experiment
from sim.experiments.statistics.paired import halfwidth, paired_difference
from sim.inputs.problems import InputError


def until(small, rule):
    text = small.read_text("utf-8")
    small.write_text(text.replace("replications = 7", f"replications = {rule}"), "utf-8")
    return small


def stopped(results):
    return pd.read_csv(results.folder / "replications.csv").set_index("point")


def test_rounds_double_up_to_the_maximum():
    rule = Until(until="halfwidth", of="ratified", at_most=0.1, first=30, max=200)
    assert list(rounds(rule)) == [(0, 30), (30, 60), (60, 120), (120, 200)]
    assert list(rounds(7)) == [(0, 7)]


@pytest.fixture(scope="module")
def narrowed(run_small):
    """Give the results of replications until the savings are known to 20."""
    rule = {"until": "halfwidth", "of": "savings", "at_most": 20.0, "first": 20, "max": 160}
    return run_small(replications=rule)


@pytest.mark.slow
def test_each_point_stops_when_its_own_interval_is_narrow_enough(narrowed):
    told, summary = stopped(narrowed), narrowed.summary.set_index("point")
    half = (summary["savings_high"] - summary["savings_low"]) / 2
    assert told["halfwidth"].tolist() == pytest.approx(half.tolist(), rel=1e-9)
    assert (told["replications"] == summary["n"]).all()
    assert set(told["replications"]) <= {20, 40, 80, 160}
    assert len(set(told["replications"])) > 1
    for row in told.itertuples():
        if row.stopped == "narrow enough":
            assert row.halfwidth <= 20
        else:
            assert (row.stopped, row.replications) == ("at the maximum", 160)
            assert row.halfwidth > 20


@pytest.mark.slow
def test_its_worlds_are_the_first_ones_of_a_longer_run(small, narrowed, tmp_path):
    longer = run_experiment(small, tmp_path / "long", overrides={"replications": 160}).worlds
    worlds = narrowed.worlds.sort_values(["point", "replication"], ignore_index=True)
    keys = worlds[["point", "replication"]]
    pd.testing.assert_frame_equal(worlds, keys.merge(longer, how="left"), check_exact=True)


@pytest.mark.slow
def test_a_run_that_broke_off_decides_the_same(small, tmp_path, monkeypatch):
    rule = '{ until = "halfwidth", of = "yes_share_1", at_most = 0.006, first = 20, max = 320 }'
    path = until(small, rule)
    monkeypatch.setattr("sim.experiments.running.plan.WORLDS_A_PART", 40)
    whole = run_experiment(path, tmp_path / "whole")
    calls = []

    def break_off(done):
        calls.append(done)
        if len(calls) == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_experiment(path, tmp_path / "out", progress=break_off)
    again = run_experiment(path, tmp_path / "out")
    assert again.manifest["sha256"] == whole.manifest["sha256"]
    assert stopped(again).equals(stopped(whole))


@pytest.mark.slow
def test_the_difference_from_a_base_arm_may_decide(small, tmp_path):
    rule = (
        '{ until = "halfwidth", of = "yes_share_1", at_most = 0.008, first = 20, max = 320, '
        'versus = "closed" }'
    )
    results = run_experiment(until(small, rule), tmp_path / "out")
    told, worlds = stopped(results), results.worlds
    for point in (3, 4, 5):
        base, other = worlds[worlds["point"] == point - 3], worlds[worlds["point"] == point]
        found = paired_difference(base, other, "yes_share_1")
        assert told.loc[point, "halfwidth"] == pytest.approx((found.high - found.low) / 2)
        assert len(base) >= len(other)
        narrow = told.loc[point, "halfwidth"] <= 0.008
        assert told.loc[point, "stopped"] == ("narrow enough" if narrow else "at the maximum")


@pytest.mark.slow
def test_a_rate_that_differs_in_no_pair_yet_is_not_narrow_at_once(small, tmp_path):
    """Where both arms agree in each of 20 or 40 pairs, they need not in 95 of 100."""
    rule = (
        '{ until = "halfwidth", of = "agreed", at_most = 0.05, first = 20, max = 80, '
        'versus = "closed" }'
    )
    told = stopped(run_experiment(until(small, rule), tmp_path / "out"))
    assert told.loc[3:, "replications"].tolist() == [80, 80, 80]
    none_differs = told[told["halfwidth"].between(0.0001, 1.9600 * 2**0.5 / 82)]
    assert none_differs["stopped"].tolist() == ["narrow enough"] * len(none_differs)
    assert len(none_differs) > 0


def pairs(both, up, down):
    """Worlds of two points in which a rate is the same in some pairs, and higher or lower in others."""
    before = pd.DataFrame({"ratified": [True] * both + [False] * up + [True] * down})
    after = pd.DataFrame({"ratified": [True] * both + [True] * up + [False] * down})
    return [frame.assign(replication=range(len(frame))) for frame in (before, after)]


def test_half_the_interval_of_paired_rates_is_that_of_bonett_and_price():
    """With 20 pairs, 3 up and 1 down: (4 + 2 - (4 - 2)^2 / 22) / 22^2."""
    expected = 1.959964 * ((6 - 4 / 22) / 22**2) ** 0.5
    assert halfwidth(*pairs(16, 3, 1), "ratified") == pytest.approx(expected, rel=1e-6)
    usual = paired_difference(*pairs(3000, 500, 300), "ratified")
    many = halfwidth(*pairs(3000, 500, 300), "ratified")
    assert many == pytest.approx((usual.high - usual.low) / 2, rel=0.01)


VERSUS = ', versus = "closed"'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fails", "versus", "failed"),
    [
        ({"threat.layoffs": 12000, "information.secrecy": 0.0}, "", [5]),
        ({"threat.layoffs": 12000, "information.secrecy": 0.0}, VERSUS, [5]),
        ({"threat.layoffs": 12000, "information.secrecy": 1.0}, VERSUS, [2, 5]),
    ],
)
def test_a_point_whose_worlds_all_fail_is_stopped_and_named(
    small, tmp_path, fail_where, fails, versus, failed
):
    fail_where(fails)
    rule = f'{{ until = "halfwidth", of = "savings", at_most = 9.0, first = 5, max = 10{versus} }}'
    results = run_experiment(until(small, rule), tmp_path / "out")
    told = stopped(results)
    assert told.index[told["stopped"] == "all failed"].tolist() == failed
    assert told.loc[failed, "halfwidth"].isna().all()
    assert len(results.failures) == 5  # there is no second round of what fails


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('{ until = "halfwidth", of = "late_if_agreed", at_most = 0.1, max = 900 }', ["versus"]),
        (
            '{ until = "halfwidth", of = "saving", at_most = 1.0, max = 9 }',
            ["first = 500", "max = 9"],
        ),
        ('{ until = "halfwidth", of = "saving", at_most = 1.0, max = 900 }', ['"savings"']),
        ('{ until = "halfwidth", of = "savings", at_most = 0, max = 900 }', ["at_most = 0"]),
        ('{ until = "halfwidth", of = "savings", at_mst = 1.0, max = 900 }', ['"at_most"']),
        (
            '{ until = "halfwidth", of = "savings", at_most = 1, max = 900, versus = "shut" }',
            ['versus = "shut"', "closed, open"],
        ),
        ("[7]", ["replications = [7]", "a whole number"]),
    ],
)
def test_a_wrong_rule_is_told_in_one_line(small, rule, words):
    with pytest.raises(InputError) as told:
        load_experiment(until(small, rule))
    assert len(told.value.problems) == 1, told.value.problems
    for word in words:
        assert word in told.value.problems[0]
