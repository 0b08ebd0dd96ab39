"""Rows with intervals: what is drawn is what the table holds, and the words say how to read it."""

import numpy as np
import pandas as pd
import pytest

from sim.show.figures.intervals import differences, sensitivity, summary


def apart(points):
    return pd.DataFrame(
        {
            "point": range(points),
            "threat.layoffs": [2500.0 * point for point in range(points)],
            "difference": [0.1 * point for point in range(points)],
            "low": [0.08 * point for point in range(points)],
            "high": [0.12 * point for point in range(points)],
            "pairs": 400,
        }
    )


def test_each_point_is_a_row_with_its_difference_and_interval():
    drawing = differences(apart(5), "ratified", "Does it help?")
    (axes,) = drawing.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[1] == "threat.layoffs = 2,500"
    (points,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert points.get_xdata().tolist() == apart(5)["difference"].tolist()
    bars = [segment[:, 0].tolist() for segment in axes.collections[0].get_segments()]
    assert bars == apart(5)[["low", "high"]].to_numpy().tolist()
    assert "from threat.layoffs = 0" in drawing.get_label()
    assert "400 pairs" in drawing.get_label()


def test_the_parameter_that_matters_most_is_on_top():
    table = pd.DataFrame({"parameter": ["a", "b", "c"], "first": [0.1, 0.6, 0.0]})
    table["total"] = [0.2, 0.8, 0.1]
    for name in ("first", "total"):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.05, table[name] + 0.05
    (axes,) = sensitivity(table, "savings").axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["c", "a", "b"]
    assert len(axes.collections) == 2
    assert axes.get_legend() is not None


def test_morris_screening_is_one_series():
    table = pd.DataFrame({"parameter": ["a", "b"], "mu_star": [0.3, 0.1], "mu": [0.3, -0.1]})
    table["mu_star_low"], table["mu_star_high"] = 0.05, 0.4
    drawing = sensitivity(table, "savings")
    assert "Morris" in drawing.get_label()
    assert len(drawing.axes[0].collections) == 1


def test_as_many_rows_as_one_can_read_are_legible_and_more_are_refused(assert_legible):
    with pytest.raises(ValueError, match="60 rows are too many to read; 40 is the most"):
        differences(apart(60), "ratified")
    assert_legible(differences(apart(40), "ratified"))


def points(n):
    table = pd.DataFrame({"point": range(n), "n": 30, "threat.layoffs": np.arange(n) * 2500.0})
    return table.assign(savings=np.arange(n) + 1600.0, savings_low=1590.0, savings_high=1700.0)


@pytest.mark.slow
def test_each_design_point_has_a_row_with_its_mean_and_interval_the_first_at_the_top():
    (axes,) = summary(points(3), ["threat.layoffs"], "savings", "Does it?").axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["threat.layoffs = 5,000", "threat.layoffs = 2,500", "threat.layoffs = 0"]
    (means,) = axes.lines  # and no line at zero, which would squeeze them together
    assert means.get_xdata().tolist() == [1602, 1601, 1600]
    bars = [segment[:, 0].tolist() for segment in axes.collections[0].get_segments()]
    assert bars == [[1590, 1700]] * 3


def test_a_point_that_has_no_such_world_is_left_out_and_told():
    drawing = summary(
        points(5).assign(savings=[1.0, np.nan, 2, 3, 4]), ["threat.layoffs"], "savings"
    )
    assert len(drawing.axes[0].get_yticklabels()) == 4
    assert "1 of 5 points are not shown" in drawing.get_label()
    with pytest.raises(ValueError, match="no point has"):
        summary(points(2).assign(savings=np.nan), ["threat.layoffs"], "savings")


def test_a_long_name_tells_what_differs_from_the_first_point():
    keys = [f"members.a_long_name_{number}" for number in range(4)]
    table = points(3).assign(**dict.fromkeys(keys, 0.5))
    table.loc[2, keys[1]] = 0.7
    (axes,) = summary(table, ["threat.layoffs", *keys], "savings").axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    two = f"threat.layoffs = 5,000, {keys[1]} = 0.7"
    assert names == [two, "threat.layoffs = 2,500", "the first point"]
    table = table.assign(**{key: [0.1, 0.2, 0.3] for key in keys})
    with pytest.raises(ValueError, match="points differ in up to 5 parameters"):
        summary(table, ["threat.layoffs", *keys], "savings")


def test_more_points_than_one_can_read_are_refused():
    with pytest.raises(ValueError, match="41 points are too many to read; 40 is the most"):
        summary(points(41), ["threat.layoffs"], "savings")
    with pytest.raises(ValueError, match='did you mean "savings"'):
        summary(points(3), ["threat.layoffs"], "saving")
