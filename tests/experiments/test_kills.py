"""Nothing is lost: a run killed again and again ends bit for bit as one that was left alone."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from sim.experiments import runner
from sim.experiments.runner import run_experiment
from sim.experiments.store import load_results
from sim.experiments.verify import verify

EXPERIMENT = """
name = "long"
question = "Does it survive?"
scenario = "sebac-2011"
replications = 30720
seed = 5

[sweep]
"threat.layoffs" = [0, 2500, 4742, 7500, 12000]
"threat.bumping" = [0.0, 0.15]
"""
# The same run in a process of its own, in parts small enough to be hit in the middle of many.
SCRIPT = """
import sys
from sim.experiments import runner
if __name__ == "__main__":
    runner.WORLDS_AT_ONCE = 2048
    runner.plan.__defaults__ = (None, None, 0, 2048)
    runner.run_experiment(sys.argv[1], sys.argv[2], workers=int(sys.argv[3]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills process groups by signal")
@pytest.mark.parametrize(("workers", "kills"), [(1, 5), (2, 20)])
def test_kills_at_random_moments_change_nothing(tmp_path, monkeypatch, workers, kills):
    experiment, script = tmp_path / "long.toml", tmp_path / "run.py"
    experiment.write_text(EXPERIMENT, "utf-8")
    script.write_text(SCRIPT, "utf-8")
    monkeypatch.setattr(runner, "WORLDS_AT_ONCE", 2048)
    monkeypatch.setattr(runner.plan, "__defaults__", (None, None, 0, 2048))
    whole = run_experiment(experiment, tmp_path / "whole")
    moment = random.Random(workers)
    command = [sys.executable, str(script), str(experiment), str(tmp_path / "out"), str(workers)]
    killed = 0
    while killed < kills:
        process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        _wait_for_work(process, tmp_path / "out")
        time.sleep(moment.uniform(0, 0.05))
        if process.poll() is None:
            os.killpg(process.pid, moment.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT]))
            process.wait()
            killed += 1
        elif (tmp_path / "out" / "manifest.json").exists():
            break
    run_experiment(experiment, tmp_path / "out")
    out = load_results(tmp_path / "out")
    assert killed == kills  # 150 parts are more than as many runs can finish
    assert out.manifest["sha256"] == whole.manifest["sha256"]
    assert (out.folder / "summary.csv").read_bytes() == (whole.folder / "summary.csv").read_bytes()
    assert not verify(out, worlds=20).problems


def _wait_for_work(process, folder):
    """Wait until the run has added to its journal, so that kills fall in the middle of the work."""
    journal = folder / "journal.jsonl"
    before = journal.stat().st_size if journal.exists() else 0
    while process.poll() is None:
        if journal.exists() and journal.stat().st_size > before:
            return
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="finds the worker by pgrep")
def test_a_killed_worker_stops_the_run_with_what_to_do_and_loses_nothing(tmp_path, monkeypatch):
    experiment = tmp_path / "long.toml"
    experiment.write_text(EXPERIMENT, "utf-8")
    monkeypatch.setattr(runner.plan, "__defaults__", (None, None, 0, 4096))
    whole = run_experiment(experiment, tmp_path / "whole")
    told = []

    def kill_a_worker(done):
        told.append(done)
        if len(told) == 3:
            children = subprocess.run(
                ["pgrep", "-P", str(os.getpid()), "-f", "spawn_main"],
                capture_output=True,
                text=True,
            ).stdout.split()
            os.kill(int(children[-1]), signal.SIGKILL)

    with pytest.raises(runner.RunError, match="a worker process died; what is done is kept"):
        run_experiment(experiment, tmp_path / "out", workers=2, progress=kill_a_worker)
    again = run_experiment(experiment, tmp_path / "out")
    assert again.manifest["sha256"] == whole.manifest["sha256"]


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_folder(tmp_path, monkeypatch):
    distributed = pytest.importorskip("dask.distributed")
    experiment = tmp_path / "long.toml"
    experiment.write_text(EXPERIMENT, "utf-8")
    monkeypatch.setattr(runner.plan, "__defaults__", (None, None, 0, 16384))
    here = run_experiment(experiment, tmp_path / "here")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        there = run_experiment(experiment, tmp_path / "there", cluster=cluster.scheduler_address)
    assert there.manifest["sha256"] == here.manifest["sha256"]


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_said(tmp_path):
    pytest.importorskip("dask.distributed")
    experiment = tmp_path / "long.toml"
    experiment.write_text(EXPERIMENT, "utf-8")
    with pytest.raises(runner.RunError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        run_experiment(experiment, tmp_path / "out", cluster="tcp://127.0.0.1:9")
