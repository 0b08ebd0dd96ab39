"""A sweep over scenarios: whole cases held against each other, with what only some of them have missing."""

import pandas as pd
import pytest

import sim
from sim.experiments.design.experiment import load_experiment
from sim.experiments.running.runner import run_experiment
from sim.experiments.statistics.summary import with_derived
from sim.inputs.problems import InputError

GAME = """
extends = "mini-ct"
without = { issue = ["tax_share"] }
name = "game"
title = "A game about a pension"
[[issue]]
name = "pension"
title = "Pension"
unit = "steps"
levels = [0, 1, 2]
governor = [0, 15, 35]
coalition = [30, 10, 0]
source = "made up"
"""
SWEPT = """
name = "cases"
question = "What differs between two games?"
scenario = "mini-ct"
replications = 7
seed = 3
[sweep]
scenario = ["mini-ct", "game.toml"]
"governor.beta" = [0.1, 1.0]
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    (folder / "game.toml").write_text(GAME, "utf-8")
    (folder / "cases.toml").write_text(SWEPT, "utf-8")
    return folder


@pytest.fixture(scope="module")
def results(files):
    run_experiment(load_experiment(files / "cases.toml"), files / "out")
    return sim.load_results(files / "out")


def test_each_scenario_is_crossed_with_the_rest_and_labelled_by_its_name(files):
    experiment = load_experiment(files / "cases.toml")
    assert [tuple(point.labels.values()) for point in experiment.points] == [
        ("mini-ct", 0.1),
        ("mini-ct", 1.0),
        ("game", 0.1),
        ("game", 1.0),
    ]
    assert [point.scenario.name for point in experiment.points] == ["mini-ct"] * 2 + ["game"] * 2
    assert all(p.scenario.governor.beta == p.swept["governor.beta"] for p in experiment.points)


def test_what_a_scenario_does_not_have_is_missing(results):
    worlds = results.worlds
    of_game = worlds["scenario"] == "game"
    assert worlds.loc[of_game, "tax_share"].isna().all()
    assert worlds.loc[~of_game, "pension"].isna().all()
    assert worlds.loc[of_game, "pension"].notna().all()
    summary = results.summary.set_index("point")
    assert summary["pension_n"].tolist() == [0, 0, 7, 7]


def test_each_point_plays_as_its_scenario_does_alone(results, files, assert_same_bits):
    alone = sim.negotiate(files / "game.toml", 7, seed=3, set={"governor.beta": 1.0}).frame()
    swept = results.worlds[results.worlds["point"] == 3].reset_index(drop=True)
    names = [name for name in alone if name not in ("proposer", "status")]
    assert_same_bits(
        swept[names].astype("float64"), alone[names].reset_index(drop=True).astype("float64")
    )


def test_the_folder_holds_all_scenarios_and_is_whole(results, files):
    assert not sim.verify(results, 28).problems
    (files / "game.toml").rename(files / "gone.toml")
    try:
        again = sim.load_results(files / "out").experiment
    finally:
        (files / "gone.toml").rename(files / "game.toml")
    assert [p.scenario for p in again.points] == [p.scenario for p in results.experiment.points]


def test_it_is_compared_and_selected_like_anything_that_is_varied(results):
    table = sim.paired_differences(results, "utility_governor")
    assert table["scenario"].tolist() == ["mini-ct"] * 2 + ["game"] * 2
    assert set(sim.factorial(results, "utility_governor")["factor"]) == {
        "scenario",
        "governor.beta",
    }
    some = results.where({"scenario": "game"})
    assert some.experiment.scenario.name == "game"
    assert list(some.experiment.points[0].labels) == ["governor.beta"]
    assert set(some.worlds["point"]) == {2, 3}


def test_reports_and_figures_tell_the_cases_apart(results, tmp_path):
    from sim.show.figures.draw import draw_all

    assert {path.stem for path in draw_all(results, force=True)} >= {"summary-ratified", "package"}
    page = sim.write_report(results, tmp_path / "report.html").read_text("utf-8")
    assert "A game about a pension (game)" in page
    assert "the whole case" in page


def test_realised_savings_are_as_each_scenario_says_and_nothing_where_nothing_was_ratified():
    """Where it does not say how much comes true, all of it does."""
    worlds = pd.DataFrame(
        {
            "status": ["ratified_first", "rejected", "ratified_first", "rejected"],
            "ratified": [True, False, True, False],
            "savings": [100.0, 100.0, 200.0, 200.0],
            "savings_realised": [None, None, 150.0, None],
            "yes_share_1": 0.5,
        }
    )
    assert with_derived(worlds)["savings_realised"].tolist() == [100.0, 0.0, 150.0, 0.0]


def test_scenarios_of_other_mechanisms_are_counted_where_they_have_a_measure(tmp_path):
    path = tmp_path / "two.toml"
    path.write_text(
        SWEPT.replace('"mini-ct"\nrep', '"sebac-2011"\nrep')
        .replace('["mini-ct", "game.toml"]', '["sebac-2011", "connecticut-2011"]')
        .replace('"governor.beta" = [0.1, 1.0]', ""),
        "utf-8",
    )
    run_experiment(load_experiment(path), tmp_path / "out")
    found = sim.load_results(tmp_path / "out")
    assert not sim.verify(found, 14).problems
    first, second = found.summary.to_dict("records")
    assert first["savings_realised"] == pytest.approx(first["savings"])  # all of them are ratified
    assert (first["reopened_n"], second["reopened_n"]) == (0, 7)


@pytest.mark.parametrize(
    ("swept", "sentence"),
    [
        ('"mini-ct"', "must be scenarios, by name or path"),
        ('["mini-ct", "mini-cat"]', 'did you mean "mini-ct"'),
        ('["mini-ct", "sebac-2011"]', "have the same"),
        ('["mini-ct", "mini-ct.toml"]', "no such file"),
        ('["mini-ct", "same.toml"]', '2 of them are called "mini-ct"'),
    ],
)
def test_what_cannot_be_swept_is_told(files, swept, sentence):
    (files / "same.toml").write_text('extends = "mini-ct"\n', "utf-8")
    path = files / "wrong.toml"
    path.write_text(SWEPT.replace('["mini-ct", "game.toml"]', swept), "utf-8")
    with pytest.raises(InputError) as refused:
        load_experiment(path)
    assert any("sweep.scenario" in each and sentence in each for each in refused.value.problems)


def test_a_setting_is_checked_against_every_scenario(files):
    path = files / "wrong.toml"
    path.write_text(SWEPT.replace("[0.1, 1.0]", "[0.1, -1.0]"), "utf-8")
    with pytest.raises(InputError) as refused:
        load_experiment(path)
    assert len(refused.value.problems) == 1  # once, though it is wrong in both
