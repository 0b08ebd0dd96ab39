"""The machine's faults are not the model's: a run that hits one stops or gets by, and journals no failure."""

import errno
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiments.running.results import load_results
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.verify import verify
from sim.inputs.problems import InputError, RunError
from sim.play.model import BargainingModel


def by_memory():
    raise MemoryError


def by_files():
    raise OSError(errno.EMFILE, "Too many open files")


def by_a_library():
    raise ImportError("libscipy.so: cannot map its segments")


def by_what_it_led_to():
    try:
        raise MemoryError("no room for 3 GB")
    except MemoryError:
        raise ValueError("arrays of unlike shapes") from None


FAULTS = {
    "MemoryError": by_memory,
    "OSError: .*Too many open files": by_files,
    "ImportError": by_a_library,
    "MemoryError: no room for 3 GB": by_what_it_led_to,
}


@pytest.fixture
def faults(monkeypatch):
    """A call that lets models raise where a condition on their worlds holds; gives the context to end it."""

    def from_now_on(fault, condition):
        class Faulty(BargainingModel):
            def __init__(self, case, worlds, *args, first_world, **kwargs):
                if condition(np.atleast_1d(first_world)):
                    fault()
                super().__init__(case, worlds, *args, first_world=first_world, **kwargs)

        monkeypatch.setattr("sim.play.model.BargainingModel", Faulty)

    return from_now_on


@pytest.fixture
def one_point_a_part(monkeypatch):
    monkeypatch.setattr("sim.experiments.running.plan.WORLDS_A_PART", 7)


@pytest.mark.parametrize("fault", FAULTS.values())
def test_what_is_too_much_at_once_is_played_in_halves_and_changes_no_bit(
    small, once, tmp_path, faults, fault
):
    faults(fault, lambda numbers: len(numbers) > 2)
    halved = run_experiment(small, tmp_path / "out")
    assert halved.failures == []
    assert halved.manifest["sha256"] == once.manifest["sha256"]


@pytest.mark.parametrize(("words", "fault"), FAULTS.items())
def test_a_fault_that_stays_stops_the_run_which_is_carried_on_as_if_it_had_not_been(
    small, in_parts, tmp_path, faults, one_point_a_part, monkeypatch, words, fault
):
    played = []
    faults(fault, lambda numbers: len(played) > 2 and 4 in numbers)
    with pytest.raises(RunError, match=rf"point 2, replication 4 \({words}") as told:
        run_experiment(small, tmp_path / "out", progress=played.append)
    assert "the same command carries on" in str(told.value)
    entries = (tmp_path / "out" / "journal.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["part"] for line in entries] == [0, 1]
    assert [json.loads(line)["failures"] for line in entries] == [[], []]
    assert len(list((tmp_path / "out" / "worlds").iterdir())) == 2
    monkeypatch.setattr("sim.play.model.BargainingModel", BargainingModel)
    carried_on = run_experiment(small, tmp_path / "out")
    assert carried_on.manifest["sha256"] == in_parts.manifest["sha256"]


@pytest.mark.parametrize("name", ["digest", "encoded"])
def test_a_fault_after_the_worlds_were_played_journals_nothing_either(
    small, once, tmp_path, monkeypatch, name
):
    with monkeypatch.context() as patched:
        patched.setattr(f"sim.experiments.running.parts.{name}", lambda table: by_memory())
        with pytest.raises(RunError, match="MemoryError"):
            run_experiment(small, tmp_path / "out")
    assert run_experiment(small, tmp_path / "out").manifest["sha256"] == once.manifest["sha256"]


def test_memory_that_runs_out_as_the_run_ends_is_a_sentence(small, once, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("sim.experiments.running.journal.summarise", lambda *_, **__: by_memory())
        with pytest.raises(RunError, match="memory ran out; what is done is kept"):
            run_experiment(small, tmp_path / "out")
    assert run_experiment(small, tmp_path / "out").manifest["sha256"] == once.manifest["sha256"]


IN_LITTLE_MEMORY = """
import gc, os, resource, signal, sys
from sim.experiments.design.experiment import load_experiment
from sim.experiments.running.parts import play_part
from sim.experiments.running.plan import plan
from sim.inputs.problems import RunError
from sim.outputs.files import checksum_of

few, many = (next(plan(load_experiment(sys.argv[1], {"replications": n}))) for n in (7, 9000))
play_part(few)  # imports what there is to import
gc.collect()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
most = resource.getrlimit(resource.RLIMIT_AS)[1]

def outcome():
    try:
        played = play_part(many)
    except RunError as error:
        return "stopped" if "the same command carries on" in str(error) else str(error)
    return f"{len(played.failures)} failed" if played.failures else checksum_of(played.files["worlds"])

for more in [*range(0, 40_000_000, 4_000_000), 300_000_000]:
    if os.fork() == 0:  # a library may end it, which journals nothing either
        signal.alarm(100)
        resource.setrlimit(resource.RLIMIT_AS, (used + more, most))
        said = outcome()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        print(said, flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space of a process")
def test_a_part_in_little_memory_is_whole_or_stops_and_no_world_is_said_to_have_failed(small):
    text = small.read_text("utf-8").split("[sweep]")[0]
    small.write_text(text, "utf-8")
    call = [sys.executable, "-c", IN_LITTLE_MEMORY, str(small)]
    told = subprocess.run(call, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    said = told.stdout.splitlines()
    assert re.fullmatch("[0-9a-f]{64}", said[-1])  # the last had enough
    assert set(said) <= {said[-1], "stopped"}


@pytest.mark.parametrize("error", [ArithmeticError, RecursionError, RuntimeError])
def test_a_fault_of_the_model_is_a_failure_and_can_be_tried_again(
    small, in_parts, tmp_path, faults, one_point_a_part, monkeypatch, error
):
    def fault():
        raise error("the sky fell")

    faults(fault, lambda numbers: 4 in numbers)
    broken = run_experiment(small, tmp_path / "out")
    assert len(broken.failures) == 6
    monkeypatch.setattr("sim.play.model.BargainingModel", BargainingModel)
    played = []
    run_experiment(small, tmp_path / "out", progress=played.append)
    assert played == []
    again = run_experiment(small, tmp_path / "out", retry=True, progress=played.append)
    assert sum(played) == 42
    assert again.failures == []
    assert again.manifest["sha256"] == in_parts.manifest["sha256"]
    assert again.digest == in_parts.digest
    assert verify(load_results(tmp_path / "out"), worlds=2).problems == ()


def test_only_the_parts_with_failures_are_tried_again_and_from_the_command_line(
    small, in_parts, tmp_path, fail_where, one_point_a_part, monkeypatch
):
    fail_where({"threat.layoffs": 4742, "information.secrecy": 0.0})
    call = ["run", str(small), "--out", str(tmp_path / "out"), "--no-figures", "--quiet"]
    first = CliRunner().invoke(app, call)
    assert first.exit_code == 1
    assert "--retry plays those parts again" in first.output
    monkeypatch.setattr("sim.play.model.BargainingModel", BargainingModel)
    assert CliRunner().invoke(app, [*call, "--retry"]).exit_code == 0
    lines = (tmp_path / "out" / "journal.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["part"] for line in lines] == [0, 1, 2, 3, 4, 5, 4]
    found = load_results(tmp_path / "out")
    assert found.manifest["sha256"] == in_parts.manifest["sha256"]


def test_parts_whose_rounds_hang_on_each_other_are_not_tried_again_alone(small, tmp_path):
    rule = {"until": "halfwidth", "of": "ratified", "at_most": 0.3, "first": 3, "max": 6}
    with pytest.raises(InputError, match="retry: the rounds of this experiment depend"):
        run_experiment(small, tmp_path / "out", retry=True, overrides={"replications": rule})
