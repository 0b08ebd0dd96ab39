"""A region that is a box is found as that box, and only its limits are named."""

import sys
import warnings

import matplotlib
import numpy as np
import pandas as pd
import pytest

from sim.experiments.analysis.discovery import discover, prim_boxes, remarks
from sim.experiments.running.runner import run_experiment
from sim.inputs.problems import InputError

pytestmark = pytest.mark.slow

POINTS = 397


@pytest.fixture
def values():
    """Draw points of five parameters: two numbers, a whole number, a word and a switch."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "threat": rng.uniform(0, 12_000, POINTS),
            "bumping": rng.uniform(0, 0.4, POINTS),
            "rounds": rng.integers(4, 30, POINTS),
            "rule": rng.choice(["closed", "leaky", "open"], POINTS),
            "second": rng.random(POINTS) < 0.5,
        }
    )


def test_a_box_is_found_with_its_limits_and_no_others(values):
    sought = (values["threat"] < 5000) & (values["rounds"] >= 12)
    table = prim_boxes(values, sought.to_numpy()).set_index("parameter")
    assert set(table.index) == {"threat", "rounds"}
    assert table.loc["threat", "high"] == pytest.approx(5000, rel=0.05)
    assert table.loc["threat", "low"] == table.loc["threat", "least"] == values["threat"].min()
    assert table.loc["rounds", "low"] == 12
    assert table.loc["rounds", "high"] == table.loc["rounds", "greatest"] == 29
    assert (table["coverage"] > 0.9).all()
    assert (table["density"] > 0.95).all()
    assert table.loc["threat", "quasi_p_high"] < 1e-6
    assert np.isnan(table.loc["threat", "quasi_p_low"])


def test_coverage_density_and_mass_are_counted_in_the_box(values):
    rng = np.random.default_rng(6)
    sought = ((values["bumping"] > 0.2) ^ (rng.random(POINTS) < 0.1)).to_numpy()
    (row,) = prim_boxes(values, sought, density=0.85).to_dict("records")
    inside = (values["bumping"] >= row["low"]) & (values["bumping"] <= row["high"])
    assert row["coverage"] == pytest.approx((inside & sought).sum() / sought.sum())
    assert row["density"] == pytest.approx(sought[inside].mean())
    assert row["mass"] == pytest.approx(inside.mean())


def test_the_quasi_p_value_is_the_binomial_tail_of_a_worked_case():
    sought = np.array([True] * 6 + [False] * 6)
    (row,) = prim_boxes(pd.DataFrame({"x": np.arange(12.0)}), sought).to_dict("records")
    assert (row["least"], row["low"], row["high"], row["greatest"]) == (0, 0, 5, 11)
    assert row["quasi_p_high"] == pytest.approx(0.5**6)


def test_a_limit_that_may_be_chance_makes_no_box_denser(values):
    rng = np.random.default_rng(8)
    likely = 0.9 * (values["threat"] < 5000) * (1 - values["bumping"])
    sought = (rng.random(POINTS) < likely).to_numpy()
    assert prim_boxes(values, sought, density=0.7)["parameter"].tolist() == ["threat"]
    with pytest.raises(InputError, match="the densest has 0.79"):  # but for a word whose p is 0.18
        prim_boxes(values, sought, density=0.8)


def test_words_and_switches_are_left_out_one_by_one(values):
    sought = (values["rule"] != "open") & values["second"]
    table = prim_boxes(values, sought.to_numpy()).set_index("parameter")
    assert set(table.loc["rule", "values"].split(", ")) == {"closed", "leaky"}
    assert table.loc["second", "values"] == "True"
    assert (table["coverage"] == 1).all()
    assert (table["density"] == 1).all()


def test_what_is_outside_the_first_box_may_be_in_a_second(values):
    large, late = values["threat"] > 8000, values["rounds"] > 24
    table = prim_boxes(values, (large | late).to_numpy(), density=0.95)
    assert table["box"].tolist() == [1, 2]
    assert table["parameter"].tolist() == ["threat", "rounds"]
    assert table["coverage"].sum() > 0.95


def test_no_point_every_point_or_no_box_is_said(values):
    for none_or_all, word in (
        (np.zeros(POINTS, bool), "none"),
        (np.ones(POINTS, bool), "every one"),
    ):
        with pytest.raises(InputError, match=f"{word} of the 397 points is on that side"):
            prim_boxes(values, none_or_all)
    by_chance = np.random.default_rng(7).random(POINTS) < 0.3
    with pytest.raises(InputError, match=r"density = 0\.9: no box is as dense .* the densest has"):
        prim_boxes(values, by_chance, density=0.9)
    with pytest.raises(InputError, match="which all points together have already"):
        prim_boxes(values, by_chance, density=0.2)


def test_what_the_library_needs_and_what_it_may_not_do(values, monkeypatch, capfd):
    sought = (values["threat"] < 5000).to_numpy()
    style = dict(matplotlib.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prim_boxes(values, sought)
    assert dict(matplotlib.rcParams) == style
    assert capfd.readouterr() == ("", "")
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    with pytest.raises(InputError, match=r"need ema_workbench.*\"union-bargaining\[discovery\]\""):
        prim_boxes(values, sought)


SAMPLE = """
[sample]
design = "latin_hypercube"
points = 128
[sample.over]
"threat.layoffs" = { uniform = [0, 12000] }
"threat.bumping" = { uniform = [0, 0.4] }

[arms.first]
[arms.second]
"""


@pytest.fixture
def sampled(small, tmp_path):
    """Give the results of 2 arms x 128 points: one ratifies below 6,000 layoffs, the other above."""
    head = small.read_text("utf-8").split("[sweep]")[0].replace("= 7", "= 1")
    small.write_text(head + SAMPLE, "utf-8")
    results = run_experiment(small, tmp_path / "out")
    few = results.summary["threat.layoffs"] < 6000
    ratified = np.where(few == (results.summary["arm"] == "first"), 0.9, 0.1)
    results._summary = results.summary.assign(ratified=ratified)
    return results


def test_each_arm_has_its_own_boxes(sampled):
    table = discover(sampled, "ratified", above=0.5).set_index("arm")
    assert set(table["parameter"]) == {"threat.layoffs"}
    assert table.loc["first", "high"] == pytest.approx(6000, abs=300)
    assert table.loc["second", "low"] == pytest.approx(6000, abs=300)
    other = discover(sampled, "ratified", below=0.5).set_index("arm")
    assert other.loc["first", "low"] == table.loc["second", "low"]


def test_an_arm_without_a_box_is_told_and_the_others_are_answered(sampled):
    known = sampled.summary
    sampled._summary = known.assign(
        ratified=known["ratified"].where(known["arm"] == "first", 0.9), savings_n=0
    )
    table = discover(sampled, "ratified", above=0.5)
    assert set(table["arm"]) == {"first"}
    assert (table["n"] == 128).all()
    assert (table["left_out"] == 0).all()
    said = remarks(sampled, "ratified", table)
    assert said[0].startswith("In arm second there is no box")
    sampled._summary = known.assign(ratified=0.9)
    with pytest.raises(InputError, match="arm first: every one of the 128 points"):
        discover(sampled, "ratified", above=0.5)


def test_what_cannot_be_sought_is_said(sampled, small, tmp_path):
    with pytest.raises(InputError, match="as below or as above, and not both"):
        discover(sampled, "ratified")
    with pytest.raises(InputError, match="as below or as above, and not both"):
        discover(sampled, "ratified", below=0.5, above=0.5)
    with pytest.raises(InputError, match='did you mean "ratified"'):
        discover(sampled, "ratifid", below=0.5)
    sampled._summary.loc[3, "savings"] = np.nan
    with pytest.raises(InputError, match='1 points have no "savings"'):
        discover(sampled, "savings", below=1500)
    head = small.read_text("utf-8").split("[sample]")[0]
    small.write_text(f'{head}[sweep]\n"threat.layoffs" = [0, 1]', "utf-8")
    with pytest.raises(InputError, match="latin_hypercube, sobol or random, which this experiment"):
        discover(run_experiment(small, tmp_path / "grid"), "ratified", below=0.5)
