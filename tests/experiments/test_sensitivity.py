"""Sensitivity is read off the samples made for it, and agrees with what is known exactly."""

import numpy as np
import pytest

pytest.importorskip("SALib")

from sim.experiments.analysis.sensitivity import of_values, remarks, sensitivity
from sim.experiments.design.sampling import Sample, unit_cube
from sim.experiments.running.runner import run_experiment
from sim.inputs.problems import InputError
from sim.show.figures.intervals import sensitivity as drawn

SEED = 7
OVER = dict.fromkeys(("members.noise", "members.fairness", "threat.layoffs"), "plausible")


def ishigami(cube, a=7.0, b=0.1):
    """Ishigami and Homma's function, whose indices are known in closed form."""
    x = np.pi * (2 * cube - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_a_known_function_are_those_of_its_closed_form(second_order):
    sample = Sample(design="saltelli", points=2048, second_order=second_order, over=OVER)
    found = of_values(sample, SEED, ishigami(unit_cube(sample, SEED)))
    if second_order:
        pairs, found = found[found["second"].notna()], found[found["second"].isna()]
        noise, fairness, layoffs = OVER
        assert pairs[["parameter", "other"]].to_numpy().tolist() == [
            [noise, fairness],
            [noise, layoffs],
            [fairness, layoffs],
        ]
        assert pairs["second"].tolist() == pytest.approx([0, 0.2437, 0], abs=0.06)
        assert pairs["second_low"].iloc[1] > 0
    else:
        assert "second" not in found
    assert found["parameter"].tolist() == list(OVER)
    assert found["first"].tolist() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.04)
    assert found["total"].tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.04)
    assert (found["first_low"] < found["first"]).iloc[:2].all()
    assert (found["total"] < found["total_high"]).all()
    assert found[["first_low", "total_high"]].stack().between(0, 1).all()  # no index is outside


def test_morris_finds_the_slope_of_a_straight_line_and_no_spread():
    sample = Sample(design="morris", points=11, over=OVER)
    cube = unit_cube(sample, SEED)
    grid = (cube * 4 - 0.5) / 3
    found = of_values(sample, SEED, grid @ np.array([5.0, -3.0, 0.0]))
    assert found["mu"].tolist() == pytest.approx([5, -3, 0])
    assert found["mu_star"].tolist() == pytest.approx([5, 3, 0])
    assert found["sigma"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.parametrize("value", [1.0, 0.1 + 0.2])
def test_a_measure_that_never_moves_depends_on_nothing_and_that_is_said(value):
    sample = Sample(design="saltelli", points=4, over=OVER)
    values = np.full(20, value)
    values[3] = 0.3 if value < 1 else 1.0  # but for rounding the same
    found = of_values(sample, SEED, values)
    assert found[["first", "total"]].to_numpy().tolist() == [[0, 0]] * 3
    (said,) = remarks("savings", found)
    assert said.startswith("The mean of savings is the same at all points")


def test_an_index_that_no_true_one_could_be_is_called_too_small_a_sample():
    sample = Sample(design="saltelli", points=8, over=OVER)
    found = of_values(sample, SEED, ishigami(unit_cube(sample, SEED)))
    assert not found["first"].between(0, 1).all() or (found["first"] > found["total"]).any()
    assert (
        found[[f"{k}_{end}" for k in ("first", "total") for end in ("low", "high")]]
        .apply(lambda column: column.between(0, 1).all())
        .all()
    )
    said = " ".join(remarks("savings", found))
    assert "the sample is too small to tell" in said
    large = Sample(design="saltelli", points=1024, over=OVER)
    found = of_values(large, SEED, ishigami(unit_cube(large, SEED))).assign(first=[0.3, 0.4, 0.0])
    assert remarks("savings", found) == []


def test_pairs_are_drawn_below_the_parameters():
    sample = Sample(design="saltelli", points=64, second_order=True, over=OVER)
    table = of_values(sample, SEED, ishigami(unit_cube(sample, SEED)))
    (axes,) = drawn(table, "savings").axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert sorted(names[3:]) == sorted(OVER)
    assert names[2] == "members.noise with threat.layoffs"
    told = [text.get_text() for text in axes.get_legend().get_texts()]
    assert told[-1] == "a pair, only together (second order)"


def test_pairs_of_a_measure_that_never_moves_explain_nothing():
    sample = Sample(design="saltelli", points=4, second_order=True, over=OVER)
    assert of_values(sample, SEED, np.ones(32))["second"].dropna().tolist() == [0, 0, 0]


def test_a_parameter_without_effect_has_index_zero_and_one_with_effect_has_not(small, tmp_path):
    head = small.read_text("utf-8").split("[sweep]")[0]
    small.write_text(
        head
        + """
[sample]
design = "saltelli"
points = 8
[sample.over]
"governor.beta" = { uniform = [0.05, 0.5] }
"ratification.weight_required" = { uniform = [0.5, 0.8] }
""",
        "utf-8",
    )
    results = run_experiment(small, tmp_path / "out")
    found = sensitivity(results, "savings").set_index("parameter")
    assert found.loc["ratification.weight_required", "total"] == pytest.approx(0, abs=1e-12)
    assert found.loc["governor.beta", "total"] > 0.5
    with pytest.raises(InputError, match='did you mean "savings"'):
        sensitivity(results, "saving")


def test_another_design_is_told_what_is_needed(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    with pytest.raises(InputError, match="saltelli or morris, which this experiment does not have"):
        sensitivity(results, "savings")
