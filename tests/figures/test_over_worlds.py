"""Figures over many worlds and settings: what is drawn is what the tables hold."""

import numpy as np
import pandas as pd
import pytest

from sim.experiments.analysis.one_by_one import swings
from sim.experiments.design.file import FigureRequest
from sim.experiments.statistics.summary import with_derived
from sim.inputs.problems import InputError
from sim.show.figures.package import by_issue, package
from sim.show.figures.phase import ENDS, phase
from sim.show.figures.results import grouped, some_settings
from sim.show.figures.savings import savings
from sim.show.figures.settlement_time import settlement_time
from sim.show.figures.sources import FIGURES
from sim.show.figures.tornado import tornado


def settled(rounds, group="a", deadline=12):
    """Make up worlds that settled in these rounds, or never."""
    table = pd.DataFrame({"round": pd.array(rounds, dtype="Int32")})
    return table.assign(group=group, deadline=deadline)


def test_each_round_has_its_share_and_an_impasse_a_bar_of_its_own(assert_legible):
    worlds = settled([11, 11, 11, 12, 2, 2, None, None])
    drawing = settlement_time(worlds, "", "When?")
    [axes] = drawing.axes
    bars = {round(bar.get_x() + bar.get_width() / 2, 6): bar.get_height() for bar in axes.patches}
    assert bars[11] == 3 / 8
    assert bars[12] == 1 / 8
    assert bars[2] == 2 / 8
    [impasse] = [bar for bar in axes.patches if bar.get_hatch()]
    assert impasse.get_height() == 2 / 8
    assert impasse.get_x() > 12.5
    [deadline] = axes.lines
    assert deadline.get_xdata()[0] == 12
    assert "8 worlds" in drawing.get_label()
    assert "67\u00a0% came in the last tenth" in drawing.get_label()  # of 6 agreements 4
    assert_legible(drawing)


@pytest.mark.slow
def test_many_rounds_share_bars_and_settings_have_panels(assert_legible):
    groups = [settled([900, 950, None], f"setting {n}", 1000) for n in range(5)]
    drawing = settlement_time(pd.concat(groups), " 7 more values are left out.")
    assert len([axes for axes in drawing.axes if axes.get_visible()]) == 5
    heights = [bar.get_height() for bar in drawing.axes[0].patches if not bar.get_hatch()]
    assert len(heights) <= 42
    assert sum(heights) == pytest.approx(2 / 3)
    assert "7 more values are left out" in drawing.get_label()
    assert_legible(drawing)
    with pytest.raises(ValueError, match="nothing was agreed"):
        settlement_time(settled([None, None]))


def test_savings_are_counted_agreed_and_realised_with_the_record_if_there_is_one(assert_legible):
    worlds = pd.DataFrame({"group": "a", "savings": [1600.0, 1600.0, 800.0, np.nan]})
    worlds["savings_realised"] = [1600.0, 0.0, 0.0, 0.0]
    drawing = savings(worlds, 1601.9, "", "How much?")
    realised, agreed = (shape.get_data() for shape in drawing.axes[0].patches)
    assert realised.values.sum() == pytest.approx(1.0)
    assert realised.values[0] == 3 / 4
    assert agreed.values.sum() == pytest.approx(3 / 4)
    assert drawing.axes[0].lines[0].get_xdata()[0] == 1601.9
    for words in (
        "$1,333M on average",
        "$400M on average",
        "over the 3 with an agreement; 1 have none",
        "$1,602M",
    ):
        assert words in drawing.get_label()
    assert not savings(worlds).axes[0].lines
    assert_legible(drawing)


@pytest.mark.slow
def test_the_record_stands_beside_the_case_of_2011_only(grid, play):
    assert FIGURES["savings"].figure(grid, FigureRequest(name="savings")).axes[0].lines
    renamed = play(scenario="sebac-2011")
    object.__setattr__(renamed.experiment.scenario, "record", None)
    assert not FIGURES["savings"].figure(renamed, FigureRequest(name="savings")).axes[0].lines


def test_a_bar_of_the_package_is_the_savings_of_its_issues(grid, assert_legible):
    table, note = by_issue(grid)
    saved = table.groupby("name", sort=False)["value"].sum()
    assert (
        note == " All are at threat.bumping = 0."
    )  # the nearest to the scenario's own that was played
    alike = grid.summary.query("`threat.bumping` == 0")
    assert saved.to_numpy() == pytest.approx(alike["savings"].to_numpy())
    rests_on = table.drop_duplicates("name")["n"].tolist()
    assert rests_on == (alike["n"] * alike["agreed"]).round().tolist()
    drawing = package(table, note, "What?")
    [axes] = drawing.axes
    ends = [bars[0].get_x() + bars[0].get_width() for bars in axes.containers]
    assert ends[-1] == pytest.approx(saved.iloc[0])
    hatches = {bars[0].get_hatch() for bars in axes.containers}
    assert len(hatches) == len(axes.containers) == 3
    assert "All are at threat.bumping" in drawing.get_label()
    assert_legible(drawing)


def test_a_textbook_game_is_in_points_of_both_sides(textbook, assert_legible):
    table, _ = by_issue(textbook)
    assert set(table["whose"]) == {"governor", "coalition"}
    late = textbook.worlds[textbook.worlds["point"] == 0]
    points = {0.0: 0, 1.0: 15, 2.0: 50}
    told = table.query("name == 'late' and whose == 'governor' and issue == 'wages'")["value"]
    assert told.iloc[0] == pytest.approx(late["wages"].map(points).mean())
    drawing = package(table)
    assert len(drawing.axes) == 2
    assert_legible(drawing)


def ended(*shares):
    """Make up a grid of two keys, with these shares of second ballots; the others are rejected."""
    places = [(x, y) for y in (0.0, 0.5) for x in (1, 2, 3)]
    table = pd.DataFrame(places, columns=["along", "up"]).assign(n=100, ratified_first=0.0)
    table["ratified_second"] = shares
    return table.assign(rejected=1 - table["ratified_second"], impasse=0.0, agreed=1.0)


def test_the_commonest_end_gives_a_cell_its_colour_and_each_region_its_name(assert_legible):
    drawing = phase(ended(1.0, 0.9, 0.2, 0.7, 0.6, 0.0), "along", "up", "How does it end?")
    [axes] = drawing.axes
    names = [text.get_text().replace("\n", " ") for text in axes.texts]
    assert names == ["ratified on the second ballot", "rejected"]
    [mixed] = [line for line in axes.lines if line.get_label() == "mixed"]
    assert len(mixed.get_xdata()) == 1  # .6, less than two thirds
    assert 1 < mixed.get_xdata()[0] < 2
    assert "second ballot in 4, rejected in 2" in drawing.get_label()
    assert "1 mixed" in drawing.get_label()
    keys = [text.get_text().replace("\n", " ") for text in axes.get_legend().get_texts()]
    assert keys == [ENDS["ratified_second"].words, "rejected", "mixed"]
    assert_legible(drawing)


def test_a_smaller_share_is_paler():
    [axes] = phase(ended(1.0, 0.9, 0.8, 0.7, 0.6, 0.55), "along", "up").axes
    cells = [patch for patch in axes.patches if not patch.get_hatch()]
    brightness = [sum(cell.get_facecolor()[:3]) for cell in cells]
    assert brightness == sorted(brightness)
    assert len(set(brightness)) == 6


@pytest.mark.slow
def test_swings_are_of_one_parameter_while_the_other_stands(one_at_a_time, grid):
    table = swings(one_at_a_time, "savings").set_index("parameter")
    summary = one_at_a_time.summary
    own = summary.loc[0]
    moved = summary[summary["governor.beta"] == own["governor.beta"]]
    row = table.loc["threat.layoffs"]
    assert row["least_mean"] == moved["savings"].min()
    assert row["greatest_mean"] == moved["savings"].max()
    assert row["base"] == own["savings"]
    assert table["own"].all()
    table = swings(grid, "ratified_first").set_index("parameter")
    own = grid.summary[grid.summary["threat.bumping"] == table.loc["threat.bumping", "held"]]
    row = table.loc["threat.layoffs"]
    assert row["least_mean"] == own["ratified_first"].min()
    assert row["held"] == 4742


def test_the_widest_swing_is_on_top(one_at_a_time, assert_legible):
    table = swings(one_at_a_time, "savings")
    drawing = tornado(table, "savings", "What matters?")
    [axes] = drawing.axes
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == sorted(widths, reverse=True)
    assert axes.yaxis_inverted()
    assert axes.patches[0].get_x() == table["least_mean"].iloc[0]
    texts = [text.get_text() for text in axes.texts]
    assert len(texts) == 2 * len(table)
    assert table["parameter"].iloc[0] in drawing.get_label()
    assert_legible(drawing)
    with pytest.raises(InputError, match='"saving": is not measured .did you mean "savings"'):
        swings(one_at_a_time, "saving")


def test_of_many_settings_some_are_shown_at_even_distances(grid):
    shown = some_settings(grid, 2)
    assert [points[0].number for points in shown.settings.values()] == [0, 4]
    assert "Left out: 1 more value of threat.layoffs." in shown.note


def test_draws_of_a_sample_are_shown_together(play):
    over = {"threat.layoffs": {"uniform": [0, 12_000]}}
    sample = {"design": "random", "points": 7, "over": over}
    results = play(sample=sample, replications=11)
    worlds, note = grouped(results)
    assert set(worlds["group"]) == {"all draws"}
    assert len(worlds) == 77
    assert note == " Worlds of 7 draws of the sampled parameters are thrown together."
    assert "savings_realised" in with_derived(worlds)
