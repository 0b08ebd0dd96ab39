"""Nothing is lost: a run killed again and again ends bit for bit as one that was left alone."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from sim.experiments.design.experiment import load_experiment
from sim.experiments.running.plan import plan
from sim.experiments.running.provenance import provenance
from sim.experiments.running.results import load_results
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.verify import verify
from sim.experiments.running.workers import play_as_here
from sim.inputs.problems import RunError

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
from sim.experiments.running import plan
from sim.inputs.problems import RunError
from sim.experiments.running.runner import run_experiment
if __name__ == "__main__":
    experiment, out, workers, part, cluster = sys.argv[1:]
    plan.WORLDS_AT_ONCE = 2048
    plan.WORLDS_A_PART = int(part)
    try:
        run_experiment(experiment, out, workers=int(workers), cluster=cluster or None)
    except RunError as error:
        sys.exit(str(error))
"""
ROOT = str(Path(__file__).parents[2])
HERE = os.environ | {"PYTHONPATH": ROOT}
SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGINT] if os.name == "posix" else []
by_signal = pytest.mark.skipif(os.name != "posix", reason="kills processes by signal")


@pytest.fixture(scope="module", autouse=True)
def small_parts():
    """The cut into models that the script has, so that checksums can be compared."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.experiments.running.plan.WORLDS_AT_ONCE", 2048)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A call that gives the results of a run that was left alone, in parts of some size."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "long.toml").write_text(EXPERIMENT, "utf-8")

    @cache
    def in_parts_of(worlds):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("sim.experiments.running.plan.WORLDS_A_PART", worlds)
            return run_experiment(folder / "long.toml", folder / str(worlds))

    return in_parts_of


@pytest.fixture
def start(tmp_path):
    """A call that starts the run in a process group of its own, into the folder `out`."""
    experiment, script = tmp_path / "long.toml", tmp_path / "run.py"
    experiment.write_text(EXPERIMENT, "utf-8")
    script.write_text(SCRIPT, "utf-8")

    def begun(workers, part, cluster=""):
        words = [script, experiment, tmp_path / "out", workers, part, cluster]
        return subprocess.Popen(
            [sys.executable, *map(str, words)],
            start_new_session=True,
            stderr=subprocess.PIPE,
            text=True,
            env=HERE,
        )

    return begun


def same_as(whole, folder):
    out = load_results(folder)
    assert out.manifest["sha256"] == whole.manifest["sha256"]
    assert not verify(out, worlds=20).problems


@pytest.mark.slow
@by_signal
@pytest.mark.parametrize(("workers", "part"), [(1, 2048), (2, 4096), (4, 2048)])
def test_kills_at_random_moments_change_nothing(tmp_path, whole, start, workers, part):
    """All processes at once, as in a power cut, or by Ctrl-C; 20 times, and then to the end.

    On a fast machine the run may end before that; then it has survived, and another one is killed.
    """
    moment = random.Random(workers)
    kills = 0
    while kills < 20:
        process = start(workers, part)
        _wait_for_work(process, tmp_path / "out")
        time.sleep(moment.uniform(0, 0.05))
        if process.poll() is not None:
            assert process.returncode == 0, process.stderr.read()
            same_as(whole(part), tmp_path / "out")
            shutil.rmtree(tmp_path / "out")
            continue
        os.killpg(process.pid, moment.choice(SIGNALS))
        process.communicate()
        kills += 1
    assert start(workers, part).wait() == 0
    same_as(whole(part), tmp_path / "out")


@pytest.mark.slow
@by_signal
def test_a_killed_worker_stops_the_run_with_what_to_do_and_loses_nothing(tmp_path, whole, start):
    moment = random.Random(7)
    for _ in range(4):
        process = start(2, 2048)
        _wait_for_work(process, tmp_path / "out")
        os.kill(moment.choice(_workers_of(process)), signal.SIGKILL)
        told = process.communicate()[1]
        assert process.returncode == 1
        assert "a worker process died; what is done is kept" in told
        assert "Traceback" not in told
    assert start(2, 2048).wait() == 0
    same_as(whole(2048), tmp_path / "out")


@pytest.mark.slow
@by_signal
def test_workers_end_when_the_process_that_started_them_is_killed(tmp_path, start):
    process = start(2, 2048)
    _wait_for_work(process, tmp_path / "out")
    workers = _workers_of(process)
    assert len(workers) == 2
    process.kill()
    process.wait()
    until = time.monotonic() + 20
    while any(map(_lives, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(_lives, workers))


def _workers_of(process):
    told = subprocess.run(
        ["pgrep", "-P", str(process.pid), "-f", "spawn_main"], capture_output=True, text=True
    )
    return [int(pid) for pid in told.stdout.split()]


def _lives(pid):
    """Whether a process runs; one that has ended and that nobody has asked for is a zombie."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(told.stdout.strip()) and not told.stdout.startswith("Z")


def _wait_for_work(process, folder):
    """Wait until the run has added to its journal, so that kills fall in the middle of the work."""
    journal = folder / "journal.jsonl"
    before = journal.stat().st_size if journal.exists() else 0
    while process.poll() is None:
        if journal.exists() and journal.stat().st_size > before:
            return
        time.sleep(0.01)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers on this machine: its address, it, and the workers."""
    pytest.importorskip("distributed")
    scheduler = _dask("scheduler", tmp_path, "--port", "0", "--scheduler-file", "dask.json")
    while not (tmp_path / "dask.json").exists():
        assert scheduler.poll() is None
        time.sleep(0.05)
    address = json.loads((tmp_path / "dask.json").read_text())["address"]
    alone = ["--no-nanny", "--nthreads", "1", "--death-timeout", "20"]
    workers = [_dask("worker", tmp_path, address, *alone) for _ in range(2)]
    yield address, scheduler, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def _dask(kind, folder, *words):
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words, "--no-dashboard"]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL, env=HERE)


@pytest.mark.slow
@by_signal
def test_a_cluster_whose_client_worker_and_scheduler_are_killed_gives_the_same_folder(
    tmp_path, whole, start, cluster
):
    address, scheduler, workers = cluster
    for _ in range(3):
        process = start(1, 2048, address)
        _wait_for_work(process, tmp_path / "out")
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    process = start(1, 2048, address)
    _wait_for_work(process, tmp_path / "out")
    workers[0].kill()  # the other one does its work
    time.sleep(0.5)
    assert process.poll() is None
    scheduler.kill()
    told = process.communicate(timeout=90)[1]
    assert process.returncode == 1
    assert "went away" in told
    assert "the same command carries on" in told
    assert "Traceback" not in told
    assert start(1, 2048).wait() == 0
    same_as(whole(2048), tmp_path / "out")


@pytest.mark.slow
@by_signal
def test_a_cluster_finishes_without_a_worker_that_was_killed(tmp_path, whole, start, cluster):
    process = start(1, 4096, cluster[0])
    _wait_for_work(process, tmp_path / "out")
    cluster[2][1].kill()
    assert process.wait(timeout=120) == 0
    same_as(whole(4096), tmp_path / "out")


@pytest.mark.slow
def test_workers_of_another_version_are_refused_whenever_they_join(tmp_path, monkeypatch, cluster):
    experiment = tmp_path / "long.toml"
    experiment.write_text(EXPERIMENT, "utf-8")
    elsewhere = dict(provenance(), version="9.9.9")
    monkeypatch.setattr("sim.experiments.running.workers.provenance", lambda: elsewhere)
    with pytest.raises(RunError, match=r"the worker at .* its code is .*9\.9\.9"):
        run_experiment(experiment, tmp_path / "out", cluster=cluster[0])


def test_a_worker_of_other_code_plays_nothing(tmp_path):
    experiment = tmp_path / "long.toml"
    experiment.write_text(EXPERIMENT, "utf-8")
    part = next(plan(load_experiment(experiment)))
    here = provenance() | {"packages": provenance()["packages"] | {"numpy": "1.0"}}
    with pytest.raises(RunError, match=r"its numpy is .*, and 1\.0 here"):
        play_as_here(part, here)


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_said(tmp_path):
    pytest.importorskip("dask.distributed")
    experiment = tmp_path / "long.toml"
    experiment.write_text(EXPERIMENT, "utf-8")
    with pytest.raises(RunError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        run_experiment(experiment, tmp_path / "out", cluster="tcp://127.0.0.1:9")
