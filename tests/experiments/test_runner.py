"""A run becomes a folder: the same data however it was cut, carried on, or spread over processes."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.experiments import runner
from sim.experiments.design import load_experiment
from sim.experiments.runner import plan, run_experiment
from sim.experiments.store import RunError, load_results
from sim.experiments.summary import summarise, wilson
from sim.outcome import negotiate
from sim.problems import InputError


def same(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_every_world_is_a_row_with_its_point_replication_and_labels(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    worlds = results.worlds
    assert list(worlds.columns[:4]) == ["point", "replication", "arm", "threat.layoffs"]
    assert len(worlds) == 42
    assert worlds.groupby("point")["replication"].apply(list).map(len).tolist() == [7] * 6
    point = worlds[worlds["point"] == 4]
    settings = {"information.rule": "open_door", "threat.layoffs": 4742}
    alone = negotiate("sebac-2011", 7, seed=11, set=settings).frame().reset_index(drop=True)
    same(point[alone.columns].reset_index(drop=True), alone)


def test_what_is_absent_is_null_in_the_file_and_never_zero(small, tmp_path):
    overrides = {"set": {"talks.self_serving_bias": 3.0}}
    results = run_experiment(small, tmp_path / "out", overrides=overrides)
    table = pq.read_table(results.part_paths()[0])
    for column in ("round", "proposer", "wages", "savings", "taxes", "yes_share_1", "unions_yes_2"):
        assert table[column].null_count == len(table), column
    assert not any(table["agreed"].to_pylist())
    assert not any(table["ratified"].to_pylist())
    assert set(table["status"].to_pylist()) == {"impasse"}


def test_the_cut_into_parts_does_not_change_the_data(small, tmp_path, monkeypatch):
    whole = run_experiment(small, tmp_path / "whole")
    monkeypatch.setattr(runner, "WORLDS_AT_ONCE", 3)
    monkeypatch.setattr(runner.plan, "__defaults__", (5,))
    cut = run_experiment(small, tmp_path / "cut")
    assert len(cut.part_paths()) > len(whole.part_paths()) == 1
    same(cut.worlds, whole.worlds)
    pd.testing.assert_frame_equal(cut.summary, whole.summary, rtol=1e-12)


def test_a_plan_covers_every_replication_once_in_bounded_parts(small):
    experiment = load_experiment(small, {"replications": 10_000})
    seen = set()
    for part in plan(experiment):
        assert part.worlds <= runner.WORLDS_A_PART
        for piece in part.slices:
            seen |= {(piece.point.number, piece.first_replication + i) for i in range(piece.worlds)}
    assert len(seen) == 60_000


@pytest.mark.slow
def test_several_processes_give_the_same_folder(small, tmp_path):
    one = run_experiment(small, tmp_path / "one")
    two = run_experiment(small, tmp_path / "two", workers=2)
    same(one.worlds, two.worlds)
    assert one.manifest["parts_sha256"] == two.manifest["parts_sha256"]


def test_a_run_that_broke_off_is_carried_on(small, tmp_path, monkeypatch):
    whole = run_experiment(small, tmp_path / "whole")
    monkeypatch.setattr(runner.plan, "__defaults__", (7,))
    calls = []

    def stop_at_the_third(done):
        calls.append(done)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_experiment(small, tmp_path / "out", progress=stop_at_the_third)
    assert not (tmp_path / "out" / "manifest.json").exists()
    with pytest.raises(InputError, match="not a finished results folder"):
        load_results(tmp_path / "out")
    kept = len(list((tmp_path / "out" / "worlds").glob("*.parquet")))
    assert kept == 2
    carried_on = run_experiment(small, tmp_path / "out")
    same(carried_on.worlds, whole.worlds)


def test_a_complete_run_is_not_run_again_unless_asked(small, tmp_path):
    run_experiment(small, tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    run_experiment(small, tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
    run_experiment(small, tmp_path / "out", restart=True)
    assert (tmp_path / "out" / "manifest.json").read_bytes() != before


def test_another_experiment_into_the_folder_is_refused_and_changes_nothing(small, tmp_path):
    run_experiment(small, tmp_path / "out")
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    with pytest.raises(InputError, match="replications is 7 there and 8 here"):
        run_experiment(small, tmp_path / "out", overrides={"replications": 8})
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == before


def test_a_folder_with_other_things_is_left_alone(small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    for restart in (False, True):
        with pytest.raises(InputError, match="holds something else than results"):
            run_experiment(small, tmp_path / "mine", restart=restart)
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_written_is_said(small, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be written"):
        run_experiment(small, tmp_path / "file" / "out")


def test_any_world_replays_bit_for_bit(small, tmp_path):
    results = run_experiment(small, tmp_path / "out", overrides={"random_numbers": "independent"})
    replayed = results.replay(4, 5).frame().reset_index(drop=True)
    worlds = results.worlds
    row = worlds[(worlds["point"] == 4) & (worlds["replication"] == 5)]
    same(row[replayed.columns].reset_index(drop=True), replayed)
    with pytest.raises(InputError, match="points 0 to 5"):
        results.replay(6, 0)
    with pytest.raises(InputError, match="replications 0 to 6"):
        results.replay(0, 7)


def test_the_manifest_says_who_made_it_with_what(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["worlds"] == 42
    assert manifest["seed"] == 11
    assert manifest["packages"]["numpy"] == np.__version__
    assert manifest["streams"]["militancy"] == 1
    assert set(manifest["parts_sha256"]) == {p.name for p in results.part_paths()}


def test_a_results_folder_stands_on_its_own(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    again = run_experiment(tmp_path / "out" / "experiment.toml", tmp_path / "again")
    same(again.worlds, results.worlds)


def test_the_summary_is_that_of_the_worlds(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    worlds, summary = results.worlds, results.summary.set_index("point")
    by_point = worlds.groupby("point")
    assert (summary["n"] == 7).all()
    np.testing.assert_allclose(summary["savings"], by_point["savings"].mean())
    half = 1.959963984540054 * by_point["savings"].std() / np.sqrt(by_point["savings"].count())
    np.testing.assert_allclose(summary["savings_high"] - summary["savings"], half, rtol=1e-9)
    np.testing.assert_allclose(summary["agreed"], by_point["agreed"].mean())
    realised = worlds["savings"].where(worlds["ratified"], 0).fillna(0).groupby(worlds["point"])
    np.testing.assert_allclose(summary["savings_realised"], realised.mean())


def test_a_summary_merged_from_parts_is_that_of_the_whole(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    worlds = results.worlds
    parts = [worlds.iloc[:5], worlds.iloc[5:6], worlds.iloc[6:40], worlds.iloc[40:]]
    merged = summarise(results.points, parts)
    pd.testing.assert_frame_equal(merged, summarise(results.points, [worlds]), rtol=1e-12)


def test_wilson_intervals_are_right_at_the_ends_and_in_the_middle():
    """Newcombe (1998) gives 81 of 263 as .2553 to .3662, and 0 of 20 as 0 to .1611."""
    low, high = wilson(pd.Series([81.0, 0.0, 20.0]), pd.Series([263.0, 20.0, 20.0]))
    np.testing.assert_allclose(low, [0.2553, 0.0, 0.8389], atol=5e-5)
    np.testing.assert_allclose(high, [0.3662, 0.1611, 1.0], atol=5e-5)
