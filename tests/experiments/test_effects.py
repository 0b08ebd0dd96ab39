"""Design points are compared world by world: with one of them, and by the factors of a grid."""

import numpy as np
import pytest
from scipy import stats

import sim
from sim.experiments.analysis.effects import (
    factorial,
    paired_differences,
    remarks,
    variance_shares,
)
from sim.experiments.running.runner import run_experiment
from sim.inputs.problems import InputError


def test_each_point_differs_from_the_base_by_the_mean_of_its_pairs(small, tmp_path):
    results = run_experiment(small, tmp_path / "out", overrides={"replications": 53})
    found = paired_differences(results, "yes_share_1", base=1).set_index("point")
    worlds = results.worlds.set_index(["point", "replication"])["yes_share_1"]
    assert found.loc[1, "difference"] == 0
    for point in range(6):
        apart = (worlds[point] - worlds[1]).dropna()
        assert found.loc[point, "difference"] == pytest.approx(apart.mean())
        assert found.loc[point, "pairs"] == len(apart)
    assert found.loc[4, "low"] > 0  # open doors let members see what leaders see
    assert found["arm"].tolist() == ["closed"] * 3 + ["open"] * 3


@pytest.mark.slow
def test_what_cannot_be_compared_is_said(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    with pytest.raises(InputError, match="there are points 0 to 5"):
        paired_differences(results, "savings", base=9)
    with pytest.raises(InputError, match='did you mean "savings"'):
        paired_differences(results, "saving")
    apart = run_experiment(small, tmp_path / "apart", overrides={"random_numbers": "independent"})
    with pytest.raises(InputError, match="differences are paired"):
        paired_differences(apart, "savings")


@pytest.fixture
def known(small, tmp_path):
    """Give the results of 2 arms x 3 threats x 7 replications, with savings as if from a formula."""

    def measured(formula):
        results = run_experiment(small, tmp_path / "out")
        worlds = results.worlds
        arm = (worlds["point"] // 3).to_numpy()
        threat = (worlds["point"] % 3).to_numpy()
        savings = formula(arm, threat, worlds["replication"].to_numpy())
        results._worlds = worlds.assign(savings=savings)
        return results

    return measured


ARM = np.array([-5.0, 5.0])
THREAT = np.array([-3.0, 1.0, 2.0])
BOTH = np.array([[1.0, 0.0, -1.0], [-1.0, 0.0, 1.0]])


def test_effects_of_a_grid_are_those_it_was_made_of(known):
    results = known(lambda a, t, r: 100 + ARM[a] + THREAT[t] + BOTH[a, t] + r)
    table = factorial(results, "savings")
    arm, threat, both = (
        table[(table["factor"] == factor) & (table["other"] == other)]
        for factor, other in (("arm", ""), ("threat.layoffs", ""), ("arm", "threat.layoffs"))
    )
    assert arm["level"].tolist() == ["closed", "open"]
    assert arm["effect"].tolist() == pytest.approx(ARM)
    assert arm["mean"].tolist() == pytest.approx(103 + ARM)  # replications 0 to 6 add 3
    assert threat["effect"].tolist() == pytest.approx(THREAT)
    assert both["effect"].tolist() == pytest.approx(BOTH.ravel())
    assert both["other_level"].tolist() == [0, 4742, 12000] * 2
    assert len(arm) + len(threat) + len(both) == len(table)
    assert table["low"].tolist() == pytest.approx(
        table["high"]
    )  # what r adds is the same everywhere


def test_shares_of_the_variation_are_those_of_the_sums_of_squares(known):
    table = variance_shares(known(lambda a, t, r: ARM[a] + THREAT[t] + BOTH[a, t] + r), "savings")
    squares = np.array([25.0, 14 / 3, 4 / 6])
    assert table["factor"].tolist() == ["arm", "threat.layoffs", "arm"]
    assert table["other"].tolist() == ["", "", "threat.layoffs"]
    assert table["share"].tolist() == pytest.approx(squares / squares.sum())


def test_intervals_of_effects_are_those_of_the_paired_contrast(known):
    results = known(lambda a, t, r: a * np.sin(r) + t)
    first, second = factorial(results, "savings").iloc[:2].to_dict("records")
    apart = np.sin(np.arange(7)) / 2  # from the mean of both arms, replication by replication
    low, high = stats.t.interval(0.95, 6, loc=apart.mean(), scale=stats.sem(apart))
    assert (second["effect"], second["low"], second["high"]) == pytest.approx(
        (apart.mean(), low, high)
    )
    assert (first["low"], first["high"]) == pytest.approx((-high, -low))


def test_three_factors_leave_a_rest_and_shares_sum_to_one(small, tmp_path):
    third = '[sweep]\n"threat.bumping" = [0.0, 0.3]'
    small.write_text(small.read_text("utf-8").replace("[sweep]", third), "utf-8")
    results = run_experiment(small, tmp_path / "out")
    table = variance_shares(results, "yes_share_1")
    assert len(table) == 3 + 3 + 1
    assert table["factor"].iloc[-1] == "three or more"
    assert table["share"].sum() == pytest.approx(1)
    assert (table["share"] >= 0).all()


def test_replications_without_the_measure_at_every_point_do_not_count(known):
    def some_missing(arm, threat, replication):
        return np.where((arm == 1) & (replication == 4), np.nan, 10.0 * arm + replication)

    table = factorial(known(some_missing), "savings")
    assert set(table["replications"]) == {6}
    assert set(table["left_out"]) == {1}
    assert table["mean"].iloc[0] == pytest.approx((0 + 1 + 2 + 3 + 5 + 6) / 6)
    nowhere = known(lambda a, t, r: np.where(a == r % 2, np.nan, 1.0))
    with pytest.raises(InputError, match='no replication has "savings" at all 6 points'):
        factorial(nowhere, "savings")


def test_a_measure_that_never_moves_is_explained_by_nothing(known):
    still = known(lambda a, t, r: np.full(len(a), 0.1))
    assert variance_shares(still, "savings")["share"].tolist() == [0, 0, 0]
    effects, shares = factorial(still, "savings"), variance_shares(still, "savings")
    assert effects["effect"].tolist() == pytest.approx([0] * 11)
    for table in (effects, shares, paired_differences(still, "savings")):
        assert any("is the same at all points" in said for said in remarks(still, "savings", table))


def test_one_replication_has_effects_and_no_intervals(small, tmp_path):
    results = run_experiment(small, tmp_path / "out", overrides={"replications": 1})
    table = factorial(results, "yes_share_1")
    assert table["effect"].notna().all()
    assert table[["low", "high"]].isna().all(axis=None)


def test_effects_want_a_grid(small, tmp_path):
    head = small.read_text("utf-8").split("[sweep]")[0]
    for name, design in (
        (
            "sample",
            '[sample]\ndesign = "random"\npoints = 3\nover = { "members.noise" = "plausible" }',
        ),
        ("one", '[sweep]\n"threat.layoffs" = [0]'),
    ):
        small.write_text(f"{head}\n{design}", "utf-8")
        results = run_experiment(small, tmp_path / name)
        with pytest.raises(InputError, match="effects are read from a grid"):
            factorial(results, "ratified")


@pytest.mark.parametrize(("old", "new"), sim._RENAMED.items())
def test_a_name_of_the_version_before_still_works_and_tells_the_new_one(old, new):
    with pytest.warns(DeprecationWarning, match=rf"sim\.{old} is now called sim\.{new}"):
        assert getattr(sim, old) is getattr(sim, new)
