"""Effects, boxes and running means: what is drawn is what the tables hold."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from sim.show.figures.effects import effects
from sim.show.figures.precision import precision
from sim.show.figures.prim_boxes import prim_boxes

DOORS, THREATS = ["closed doors", "open doors"], [0, 2500, 12_000]


def grid(*, share=0.2):
    """Make up the effects of two factors, and what they explain."""
    rows = [("arm", door, "", "", mean) for door, mean in zip(DOORS, (0.3, 0.7), strict=True)]
    rows += [("threat.layoffs", threat, "", "", 0.5) for threat in THREATS]
    rows += [
        ("arm", door, "threat.layoffs", threat, 0.1 * number)
        for number, (door, threat) in enumerate(product(DOORS, THREATS))
    ]
    levels = pd.DataFrame(rows, columns=["factor", "level", "other", "other_level", "mean"])
    levels["effect"] = levels["mean"] - 0.5
    levels["low"], levels["high"] = levels["effect"] - 0.02, levels["effect"] + 0.02
    names = [("arm", ""), ("threat.layoffs", ""), ("arm", "threat.layoffs")]
    shares = pd.DataFrame(names, columns=["factor", "other"])
    return levels.assign(replications=300), shares.assign(share=[0.8 - share, 0.2, share])


def test_each_factor_has_a_panel_with_its_means_and_intervals():
    drawing = effects(*grid(), "ratified", "Do doors matter?")
    arm, threat, both = drawing.axes
    assert [axes.get_xlabel() for axes in drawing.axes] == [
        "arm",
        "threat.layoffs",
        "threat.layoffs",
    ]
    assert [label.get_text() for label in arm.get_xticklabels()] == DOORS
    (means,) = [line for line in arm.lines if line.get_marker() == "o"]
    assert means.get_ydata().tolist() == [0.3, 0.7]
    bars = [segment[:, 1].tolist() for segment in arm.collections[0].get_segments()]
    assert np.array(bars) == pytest.approx(np.array([[0.28, 0.32], [0.68, 0.72]]))
    (means,) = [line for line in threat.lines if line.get_marker() == "o"]
    assert means.get_xdata().tolist() == THREATS
    assert arm.get_ylim() == threat.get_ylim() == both.get_ylim()
    assert arm.get_title("left") == "explains 60\u00a0%"
    assert "300 replications" in drawing.get_label()


def test_an_interaction_has_a_line_a_level_of_the_factor_with_fewer():
    both = effects(*grid(), "ratified").axes[-1]
    assert [line.get_label() for line in both.lines] == DOORS
    assert both.lines[1].get_xdata().tolist() == THREATS
    assert both.lines[1].get_ydata().tolist() == pytest.approx([0.3, 0.4, 0.5])
    assert both.get_title("left") == "together 20\u00a0% more"
    weak = effects(*grid(share=0.001), "ratified")
    assert len([axes for axes in weak.axes if axes.get_visible()]) == 2
    assert "parallel" not in weak.get_label()


def test_one_factor_has_one_panel_and_nothing_to_share():
    levels, shares = (table[table["other"] == ""] for table in grid())
    drawing = effects(levels[:2], shares[:1], "ratified")
    (axes,) = drawing.axes
    assert axes.get_title("left") == ""
    assert "Explains" not in drawing.get_label()


def test_more_factors_or_lines_than_one_can_read_are_refused():
    levels, shares = grid()
    many = [levels[:1].assign(factor=f"factor {number}") for number in range(7)]
    with pytest.raises(ValueError, match="7 factors are too many to read; 6 is the most"):
        effects(pd.concat(many), shares, "ratified")
    rows = [levels.iloc[[5]].assign(level=a, other_level=b) for a, b in product(range(9), range(9))]
    with pytest.raises(ValueError, match="9 lines are too many to read; 8 is the most"):
        effects(pd.concat([levels[:5], *rows]), shares, "ratified")


def box(**changes):
    """Make up a box with limits on a number and on a word."""
    row = {"box": 1, "coverage": 0.6, "density": 0.83, "mass": 0.27, "parameter": "threat.layoffs"}
    row |= {"least": 0.0, "low": 3000.0, "high": 12_000.0, "greatest": 12_000.0, "values": np.nan}
    row |= {"quasi_p_low": 0.002, "quasi_p_high": np.nan}
    word = row | {"parameter": "information.rule", "values": "leaky, open_door"}
    word |= dict.fromkeys(("least", "low", "high", "greatest"), np.nan)
    return pd.DataFrame([row | changes, word])


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_a_box_is_drawn_over_the_range_of_each_parameter():
    drawing = prim_boxes(box(), "ratified", "above 0.5", "Where does it pass?")
    (axes,) = drawing.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["information.rule", "threat.layoffs"]
    whole, part = (bars.get_segments()[0][:, 0].tolist() for bars in axes.collections)
    assert (whole, part) == ([0, 1], [0.25, 1])
    assert {"only leaky, open_door", "0", "12,000", "3,000  (p = 0.002)"} == set(texts(axes))
    assert axes.get_title("left").startswith(
        "Box 1: holds 60\u00a0% of the points sought; 83\u00a0%"
    )
    assert 'mean of "ratified" is above 0.5' in drawing.get_label()


def test_both_limits_of_a_parameter_are_named_side_by_side():
    (axes,) = prim_boxes(box(high=6000.0, quasi_p_high=0.03), "ratified").axes
    assert axes.collections[1].get_segments()[0][:, 0].tolist() == [0.25, 0.5]
    sides = {text.get_text(): text.get_ha() for text in axes.texts}
    assert sides["3,000  (p = 0.002)"] == "right"
    assert sides["6,000  (p = 0.03)"] == "left"


def test_each_box_of_each_arm_has_a_panel():
    table = pd.concat([box().assign(arm="open"), box(box=2)[:1].assign(arm="open")])
    drawing = prim_boxes(pd.concat([table, box().assign(arm="closed")]), "ratified")
    titles = [axes.get_title("left").split(":")[0] for axes in drawing.axes]
    assert titles == ["open, box 1", "open, box 2", "closed, box 1"]
    with pytest.raises(ValueError, match="42 rows are too many to read; 40 is the most"):
        prim_boxes(pd.concat([box()] * 21), "ratified")


def means(points):
    """Make up the running means of some points."""
    n = np.arange(10, 54)
    tables = [
        pd.DataFrame({"point": point, "threat.layoffs": 2500 * point, "replications": n})
        for point in points
    ]
    table = pd.concat(tables).assign(mean=0.5)
    half = 1 / np.sqrt(table["replications"])
    return table.assign(low=0.5 - half, high=0.5 + half)


def test_running_means_are_drawn_with_their_bands_and_the_width_that_is_wanted():
    drawing = precision(means([4, 0, 2]), "ratified", 0.05)
    shown = [axes for axes in drawing.axes if axes.get_visible()]
    assert [axes.get_title("left").split(":")[0] for axes in shown] == [
        "point 4",
        "point 0",
        "point 2",
    ]
    assert "threat.layoffs = 10000" in shown[0].get_title("left")
    mean, *wanted = shown[0].lines
    assert mean.get_xdata().tolist() == list(range(10, 54))
    assert [line.get_ydata()[0] for line in wanted] == [0.45, 0.55]
    band = shown[0].collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(0.5 - 1 / np.sqrt(10))
    assert "0.05 either way" in drawing.get_label()


def test_without_a_wanted_width_there_is_no_line_to_reach():
    drawing = precision(means([1]), "ratified")
    (axes,) = drawing.axes
    assert len(axes.lines) == 1
    assert "dashed" not in drawing.get_label()
