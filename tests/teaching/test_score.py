"""A class's deals are worth what theory says they are, and are drawn where they belong."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cases.loading import as_document, load_scenario, parse_scenario, shipped_scenarios
from sim.cli import app
from sim.play.outcome import negotiate
from sim.show.figures.class_deals import class_deals
from sim.teaching.kit.contents import make_kit
from sim.teaching.kit.deals import Deal
from sim.teaching.kit.files import write_kit
from sim.teaching.kit.pages import pages
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


@pytest.mark.slow
def test_a_two_level_deal_is_held_against_the_points_that_were_played(sebac):
    """73 and 61 points, of 25 and 20 without an agreement; the largest product is of 66 and 70."""
    deal, game = sebac.table.iloc[0], sebac.paper.solved
    assert (deal["points_governor"], deal["points_coalition"]) == (73, 61)
    assert game.nash.utilities == (66, 70)
    assert deal["nash_ratio"] == pytest.approx((48 * 41) / (41 * 50))
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
    drawn = class_deals(MINI.solved, mini.table, mini.agents)
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
    axes = class_deals(MINI.solved, scores.table, scores.agents).axes[0]
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
    drawn = class_deals(paper.solved, scores.table, scores.agents)
    drawn.draw_without_rendering()
    panel = drawn.axes[0].get_window_extent()
    boxes = [text.get_bbox_patch().get_window_extent() for text in drawn.axes[0].texts]
    assert len(boxes) > 15
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    assert all(panel.x0 <= box.x0 and box.x1 <= panel.x1 for box in boxes)
    assert all(panel.y0 <= box.y0 and box.y1 <= panel.y1 for box in boxes)


@pytest.fixture(scope="module", params=shipped_scenarios())
def full(request):
    """A shipped scenario: tables that agreed on each efficient package of its kit, and on some others."""
    paper = on_paper(load_scenario(request.param))
    efficient = np.flatnonzero(paper.solved.packages["pareto"])
    numbers = np.union1d(efficient, np.arange(0, len(paper.agenda), 1 + len(paper.agenda) // 100))
    return Scores(paper, tuple(Deal(str(n), int(n), None, None) for n in numbers))


@pytest.mark.slow
def test_what_is_best_on_the_sheets_is_not_shown_short_of_the_frontier(full):
    game, table = full.paper.solved, full.table.set_index("table")
    pareto = game.packages["pareto"][[deal.package for deal in full.deals]].tolist()
    assert sum(pareto) == len(game.pareto)
    assert (table["pareto_distance"] == 0).tolist() == pareto
    assert (table["better_for_both"] == 0).tolist() == pareto
    assert table["nash_ratio"][str(game.nash.number)] == table["nash_ratio"].max() == 1


@pytest.mark.slow
def test_the_points_of_the_score_are_those_of_the_sheets_and_of_the_game(full, tmp_path):
    kit = make_kit(full.paper.scenario)
    write_kit(kit, tmp_path)
    solution = solve(tmp_path / "game.toml")
    packages = [deal.package for deal in full.deals]
    for role, side in zip(kit.roles, ("governor", "coalition"), strict=False):
        points = full.table[f"points_{side}"]
        np.testing.assert_allclose(points, role.points.total(full.paper.agenda)[packages])
        np.testing.assert_allclose(points, solution.packages[side][packages])
    assert full.paper.solved.disagreement == solution.disagreement


@pytest.mark.slow
def test_the_frontier_of_the_picture_is_that_of_the_sheets(full):
    few = Scores(full.paper, full.deals[:3])
    axes = class_deals(full.paper.solved, few.table, few.agents).axes[0]
    line = next(line for line in axes.lines if line.get_label() == "Pareto frontier")
    frontier = full.paper.solved.pareto[["governor", "coalition"]].to_numpy()
    assert {tuple(at) for at in line.get_xydata()} == {tuple(at) for at in frontier}
    assert axes.get_xlabel() == "worth to the governor (points)"


@pytest.mark.slow
def test_agents_and_class_that_agree_alike_stand_at_one_place(full):
    paper = full.paper
    on_sheets = {int(number): package for package, number in enumerate(paper.numbers)}
    assert 0 < full.agents["share"].sum() <= 1
    for number, *at in full.agents[["governor", "coalition"]].itertuples():
        if number in on_sheets:
            own = paper.solved.packages.loc[on_sheets[number], ["governor", "coalition"]]
            assert at == pytest.approx(own.tolist())


@pytest.mark.slow
def test_how_the_points_differ_from_the_scenario_is_said_once():
    """34 packages of the sheets of sebac-2011 are efficient in the ZOPA, half of them in the scenario too."""
    paper = on_paper(load_scenario("sebac-2011"))
    game, model = paper.solved.packages, paper.modelled.packages.iloc[paper.numbers]
    efficient = (game["pareto"] & game["zopa"]).to_numpy()
    both = efficient & model["pareto"].to_numpy()
    assert (efficient.sum(), both.sum()) == (34, 17)
    words = paper.against_the_model.words
    assert "17 of the 34 packages" in words
    assert "Kalai-Smorodinsky, egalitarian and largest sum would choose others" in words
    assert MINI.against_the_model.words == ""
    debrief = next(
        text for name, text in pages(make_kit("sebac-2011")).items() if "debrief" in name
    )
    assert debrief.count("17 of the 34 packages") == 1
    scores = Scores(paper, (Deal("1", 0, None, None),))
    caption = class_deals(paper.solved, scores.table, scores.agents, words).get_label()
    assert caption.count("17 of the 34 packages") == 1


def test_sums_of_points_that_differ_in_their_last_bits_are_equal():
    """0.1 + 0.2 is more than 0.3 to a computer."""
    document = as_document(load_scenario("mini-ct")) | {"batna": [0.0, 0.0]}
    document["issue"] = document["issue"][:2]
    for number, issue in enumerate(document["issue"]):
        issue["levels"] = [0, 1, 2, 3]
        issue["governor"] = [0.1 * (number + 1) * level for level in range(4)]
        issue["coalition"] = [0.1 * (number + 1) * (3 - level) for level in range(4)]
    paper = on_paper(parse_scenario(document, "tenths"))
    scores = Scores(paper, tuple(Deal(str(n), n, None, None) for n in range(16)))
    assert (scores.table["better_for_both"] == 0).all()


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


def test_no_score_is_cut_off_on_a_narrow_terminal(bargain, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert bargain("kit", "sebac-2011").exit_code == 0
    said = bargain("score", "results/kit/sebac-2011/deals_example.csv").stdout
    assert "\u2026" not in said
    first = next(line for line in said.splitlines() if " 66 " in line)
    assert re.findall(r"[\w.%]+", first) == [
        "1",
        "12",
        "66",
        "70",
        "0",
        "0.0",
        "1.00",
        "42",
        "%",
        "yes",
    ]
    assert "17 of the 34 packages" in " ".join(said.split())


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
