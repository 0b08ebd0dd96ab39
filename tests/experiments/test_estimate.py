"""What a run takes is counted beforehand, held against the machine, and told."""

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiments.design.experiment import load_experiment, parse_experiment
from sim.experiments.design.tournament import experiments_of, load_tournament
from sim.experiments.running import estimate
from sim.experiments.running.estimate import hold_run, hold_workers, need_of, need_of_tournament
from sim.experiments.running.plan import plan
from sim.experiments.running.runner import run_experiment
from sim.inputs import machine
from sim.inputs.machine import LargeRequest
from sim.inputs.problems import InputError, RunError

SMALL = {"name": "a", "question": "?", "scenario": "mini-ct", "replications": 7, "seed": 1}


def experiment(**differs):
    """Give a small experiment that differs in some keys."""
    return parse_experiment(SMALL | differs, "a")


def test_rows_on_disk_grow_with_replications_and_memory_hardly_does():
    few, many = (need_of(experiment(replications=n)) for n in (1_000_000, 100_000_000))
    assert many.worlds == 100 * few.worlds
    assert many.parts == pytest.approx(100 * few.parts, rel=0.1)
    assert many.seconds > 50 * few.seconds
    assert many.disk > 50 * few.disk
    assert many.memory < 1.1 * few.memory


@pytest.mark.parametrize("replications", [7, 20_000, 1_000_000])
def test_parts_are_about_as_many_as_the_plan_has(replications):
    asked = experiment(
        replications=replications, sweep={"governor.beta": [0.1, 0.2, 0.4, 0.7, 1.0]}
    )
    parts = sum(1 for _ in plan(asked))
    assert need_of(asked).parts == pytest.approx(parts, rel=0.3, abs=1)


def test_fewer_rows_kept_take_less_room():
    rows = [need_of(experiment(replications=10**6, keep=k)).disk for k in ("worlds", "summary")]
    assert rows[1] < rows[0] / 5


@pytest.mark.parametrize("name", ["layoff_threat", "logrolling"])
def test_what_is_predicted_for_the_disk_is_about_what_it_takes(name, tmp_path):
    asked = load_experiment(name, {"replications": 20})
    run_experiment(asked, tmp_path / "out")
    taken = sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert 0.25 < need_of(asked).disk / taken < 4


def test_a_tournament_takes_what_its_games_take(tmp_path):
    file = tmp_path / "t.toml"
    entrants = "".join(f"[entrants.{name}]\nbeta = 0.{name[1]}\n" for name in ("e1", "e2", "e3"))
    games = '[[game]]\nscenario = "mini-ct"\n[[game]]\nscenario = "sebac-2011"\n'
    file.write_text(f'name = "t"\nquestion = "?"\nreplications = 5\nseed = 1\n{games}{entrants}')
    loaded = load_tournament(file)
    need = need_of_tournament(loaded)
    games = [need_of(each) for each in experiments_of(loaded)]
    assert need.worlds == sum(game.worlds for game in games) == 2 * 9 * 5
    assert need.seconds == pytest.approx(sum(game.seconds for game in games))
    assert need.memory == max(game.memory for game in games)


def test_a_run_for_which_the_disk_is_too_small_is_refused_before_anything_is_written(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(machine, "free_disk", lambda folder: 10**8)
    folder = tmp_path / "out"
    said = "a: 1 design point x 1,000,000,000 replications: takes about .* on disk, and 100 MB are free"
    with pytest.raises(RunError, match=said):
        run_experiment(experiment(replications=10**9), folder)
    assert not folder.exists()
    hold_run(experiment(), folder)


def test_what_the_folder_holds_already_is_room_that_there_is(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "free_disk", lambda folder: 10**8)
    asked = experiment(replications=10**9)
    monkeypatch.setattr(estimate, "_size_of", lambda folder, enough: need_of(asked).disk)
    hold_run(asked, tmp_path)


def test_a_run_that_may_stop_early_is_refused_only_for_its_first_round(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "free_disk", lambda folder: 10**8)
    rule = {"until": "halfwidth", "of": "agreed", "at_most": 0.01, "max": 10**9}
    hold_run(experiment(replications=rule | {"first": 500}), tmp_path)
    with pytest.raises(RunError, match="are free in"):
        hold_run(experiment(replications=rule | {"first": 10**9}), tmp_path)


def test_a_run_for_which_there_is_too_little_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "free_memory", lambda: 10**7)
    asked = experiment(scenario="sebac-2011", replications=10**6)
    with pytest.raises(InputError, match="takes about .* of memory, and 10 MB are free"):
        hold_run(asked, tmp_path / "out")


def test_a_run_of_years_is_refused_but_on_a_cluster(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "free_memory", lambda: 10**15)
    monkeypatch.setattr(machine, "free_disk", lambda folder: 10**18)
    asked = experiment(replications=10**14)
    with pytest.raises(InputError, match="takes about .* years; ask for fewer"):
        hold_run(asked, tmp_path)
    hold_run(asked, tmp_path, cluster="tcp://there:8786")


def test_what_takes_long_is_told_when_it_begins(tmp_path, monkeypatch):
    monkeypatch.setattr(estimate, "A_RUN", 7200.0)  # as if to start took two hours
    with pytest.warns(
        LargeRequest, match=r"^a: 1 design point x 7 replications: takes about 2\.0 h$"
    ):
        run_experiment(experiment(), tmp_path / "out")
    told = CliRunner().invoke(
        app,
        ["run", "logrolling", "--replications", "2", "--no-figures", "--out", str(tmp_path / "o")],
    )
    assert told.exit_code == 0
    assert "note: logrolling: 4 design points x 2 replications: takes about 2.0 h" in told.stderr
    assert "2.0 h" not in told.stdout


def test_more_processes_than_go_into_memory_are_refused(monkeypatch):
    monkeypatch.setattr(machine, "free_memory", lambda: 2 * 10**9)
    monkeypatch.setattr(estimate, "free_memory", lambda: 2 * 10**9)
    hold_workers(1)
    with pytest.raises(InputError, match=r"^workers = 1,000,000: as many processes take .*; use "):
        hold_workers(10**6)


def test_check_tells_worlds_time_memory_and_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["check", "layoff_threat"])
    assert told.exit_code == 0
    for size in (
        "25,000 worlds; about",
        " s on one core, ",
        " MB of memory a process, ",
        "on disk",
    ):
        assert size in told.stdout
    monkeypatch.setattr(machine, "free_disk", lambda folder: 0)
    monkeypatch.setattr(machine, "UNASKED", 0)
    refused = CliRunner().invoke(app, ["check", "layoff_threat"])
    assert refused.exit_code == 2
    assert "error: layoff_threat: not on this machine: layoff_threat: 25 design" in refused.stderr
