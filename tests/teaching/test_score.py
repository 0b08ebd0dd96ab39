"""A class's deals are worth what theory says they are, and are drawn where they belong."""

import itertools

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cases.loading import load_scenario
from sim.cli import app
from sim.play.outcome import negotiate
from sim.show.figures.class_deals import class_deals
from sim.teaching.kit.deals import Deal
from sim.teaching.kit.paper import on_paper
from sim.teaching.kit.score import Scores, score
from sim.worlds.solution import solve

MINI = on_paper(load_scenario("mini-ct"))
NASH = {"wages": 2, "health": 0, "job_security": 1, "tax_share": 1}
INSIDE = {"wages": 1, "health": 1, "job_security": 1, "tax_share": 1}


@pytest.fixture(scope="module")
def mini():
    packages = [MINI.agenda.find(**NASH), MINI.agenda.find(**INSIDE), None]
    deals = [Deal(str(n), package, 5, None) for n, package in enumerate(packages, start=1)]
    return Scores(MINI, tuple(deals))


@pytest.fixture(scope="module")
def sebac():
    paper = on_paper(load_scenario("sebac-2011"))
    package = paper.agenda.find(wages=1, health=0.75, pensions=0.75, job_security=1)
    return Scores(paper, (Deal("Malloy", package, 11, False), Deal("B", None, None, None)))


def test_the_nash_solution_scores_full(mini):
    nash = mini.table.iloc[0]
    assert (nash["points_governor"], nash["points_coalition"]) == (50, 80)
    assert (nash["governor"], nash["coalition"]) == solve("mini-ct").nash.utilities
    assert nash["nash_ratio"] == 1
    assert nash["pareto_distance"] == 0
    assert nash["better_for_both"] == 0


def test_a_deal_inside_by_hand(mini):
    """15 + 15 + 0 + 0 and 15 + 10 + 40 + 10 points; the product of gains is 5 x 40 of 25 x 45."""
    inside = mini.table.iloc[1]
    assert (inside["governor"], inside["coalition"]) == (30, 75)
    assert inside["nash_ratio"] == pytest.approx(200 / 1125)
    assert inside["pareto_distance"] == pytest.approx(np.hypot(10, 10))  # to (20, 85)
    table = solve("mini-ct").packages
    better = (table["governor"] >= 30) & (table["coalition"] >= 75)
    assert inside["better_for_both"] == better.sum() - 1 > 0


def test_an_impasse_is_worth_no_agreement(mini):
    impasse = mini.table.iloc[2]
    assert not impasse["agreed"]
    assert (impasse["governor"], impasse["coalition"]) == (25, 35)
    assert impasse["nash_ratio"] == 0
    assert pd.isna(impasse["wages"])
    assert mini.table["ratification"].isna().all()


@pytest.mark.slow
def test_a_two_level_deal_has_the_utilities_and_chances_that_solve_gives(sebac):
    solution, deal = solve("sebac-2011"), sebac.table.iloc[0]
    number = solution.agenda.find(wages=1, health=0.75, pensions=0.75, job_security=1)
    row = solution.packages.iloc[number]
    assert (deal["governor"], deal["coalition"]) == (row["governor"], row["coalition"])
    assert deal["ratification"] == solution.ratification[number]
    assert (deal["points_governor"], deal["points_coalition"]) == (73, 61)
    product = row["governor"] * row["coalition"]
    assert deal["nash_ratio"] == pytest.approx(product / np.prod(solution.nash.utilities))
    assert bool(deal["ratified"]) is False
    assert pd.isna(sebac.table["ratified"][1])


def test_the_agents_are_those_of_one_batch(mini):
    worlds = negotiate("mini-ct", 500, seed=2011).frame()
    assert mini.agents["share"].sum() == pytest.approx(worlds["agreed"].mean())
    table = solve("mini-ct").packages
    most = mini.agents.sort_values("share").iloc[-1]
    often = worlds[list(MINI.agenda.names)].value_counts().idxmax()
    number = MINI.agenda.find(**dict(zip(MINI.agenda.names, often, strict=True)))
    assert (most["governor"], most["coalition"]) == tuple(
        table.loc[number, ["governor", "coalition"]]
    )


def test_the_picture_shows_all_packages_and_each_deal_at_its_place(mini):
    drawn = class_deals(MINI.modelled, mini.table, mini.agents)
    axes = drawn.axes[0]
    packages = axes.collections[0].get_offsets()
    assert len(packages) == 36
    pins = {text.get_text(): tuple(text.xy) for text in axes.texts}
    assert pins == {"1": (50, 80), "2": (30, 75), "3": (25, 35)}
    assert drawn.get_label().startswith(
        "3 tables, 2 with an agreement, of which 1 on the Pareto frontier."
    )


def test_tables_with_one_deal_share_a_pin_and_long_names_become_numbers():
    package = MINI.agenda.find(**NASH)
    names = ("red team", "blue team", "green team")
    scores = Scores(MINI, tuple(Deal(name, package, None, None) for name in names))
    axes = class_deals(MINI.modelled, scores.table, scores.agents).axes[0]
    assert [text.get_text() for text in axes.texts] == ["1, 2, 3"]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend[-3:] == ["1  red team", "2  blue team", "3  green team"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_no_two_pins_of_a_full_class_overlap(seed):
    """24 tables on the better packages of sebac-2011, which lie close together."""
    paper = on_paper(load_scenario("sebac-2011"))
    table = paper.solved.packages
    good = np.flatnonzero((table["governor"] > 50) & (table["coalition"] > 50))
    chosen = np.random.default_rng(seed).choice(good, 24)
    scores = Scores(paper, tuple(Deal(str(n), int(p), None, None) for n, p in enumerate(chosen)))
    drawn = class_deals(paper.modelled, scores.table, scores.agents)
    drawn.draw_without_rendering()
    panel = drawn.axes[0].get_window_extent()
    boxes = [text.get_bbox_patch().get_window_extent() for text in drawn.axes[0].texts]
    assert len(boxes) > 15
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    assert all(panel.x0 <= box.x0 and box.x1 <= panel.x1 for box in boxes)
    assert all(panel.y0 <= box.y0 and box.y1 <= panel.y1 for box in boxes)


@pytest.fixture
def bargain(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_the_deals_of_a_kit_are_scored_from_the_command_line(bargain, tmp_path):
    assert bargain("kit", "mini-ct").exit_code == 0
    done = bargain("score", "results/kit/mini-ct/deals_example.csv", "--scenario", "mini-ct")
    assert done.exit_code == 0, done.output
    assert "figure   results/score/class_deals.png" in done.stdout
    written = pd.read_csv(tmp_path / "results" / "score" / "scores.csv")
    assert written["nash_ratio"].tolist()[::2] == [1, 0]
    assert written["table"].tolist() == [1, 2, 3]
    assert (tmp_path / "results" / "score" / "class_deals.svg").exists()


def test_bad_deals_are_told_and_nothing_is_written(bargain, tmp_path):
    (tmp_path / "deals.csv").write_text(
        "table,wages,health,job_security,tax_share\n1,3,0,0,0\n2,0,9,0,0\n"
    )
    done = bargain("score", "deals.csv", "--scenario", "mini-ct")
    assert done.exit_code == 2
    assert "error: deals.csv: row 2: wages = 3: must be 0, 1 or 2; the nearest is 2" in done.stderr
    assert "row 3: health = 9" in done.stderr
    assert not (tmp_path / "results").exists()


def test_a_scenario_is_taken_by_name_or_as_it_is(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text("table,wages,health,job_security,tax_share\n1,2,0,1,1\n")
    by_name, as_it_is = score(path, "mini-ct"), score(path, load_scenario("mini-ct"))
    pd.testing.assert_frame_equal(by_name.table, as_it_is.table)
