"""Parts are entered and written in batches, with few syncs, and whatever stops that leaves whole files."""

import os
import tracemalloc
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.experiments.running.files import PART_FOLDERS
from sim.experiments.running.journal import Journal, Played
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.workers import AHEAD, play_as_here
from sim.inputs.problems import RunError
from sim.outputs import files
from sim.outputs.files import UNFINISHED, write_aside


def played(number):
    return Played(number, 7, dict.fromkeys(PART_FOLDERS, b"whole %d" % number))


def parts(*numbers):
    return [played(number) for number in range(*numbers)]


@pytest.fixture
def folder(tmp_path):
    for name in PART_FOLDERS:
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def calls(monkeypatch):
    """The syncs and renames so far: a list that grows."""
    made = []

    def renamed(path, target, replace=Path.replace):
        made.append("rename")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", lambda file: made.append("sync"))
    monkeypatch.setattr(Path, "replace", renamed)
    return made


@pytest.mark.parametrize("size", [1, 5, 23])
def test_a_batch_takes_a_sync_of_the_journal_and_of_each_file_then_of_each_folder(
    folder, calls, size
):
    journal = Journal(folder)
    journal.keep([played(0)])
    calls.clear()
    journal.keep(parts(1, 1 + size))
    written = size * len(PART_FOLDERS)
    assert calls == ["sync"] * (1 + written) + ["rename"] * written + ["sync"] * len(PART_FOLDERS)
    assert all(Journal(folder).sound(part) for part in range(1 + size))


def test_the_journal_has_a_batch_before_a_file_of_it_is_there(folder, monkeypatch):
    entered = []

    def watched(path, content, write=write_aside):
        entered.append(Journal(folder).known.keys())
        write(path, content)

    monkeypatch.setattr(files, "write_aside", watched)
    Journal(folder).keep(parts(5))
    names = {f"{name}/part-{part:06d}.parquet" for name in PART_FOLDERS for part in range(5)}
    assert len(entered) == len(names)
    assert all(known == names for known in entered)


@pytest.mark.parametrize("call", ["write_aside", "sync_folder"])
def test_a_batch_that_fails_leaves_whole_files_that_are_known(folder, monkeypatch, call):
    calls, real = [], getattr(files, call)

    def full(*given):
        calls.append(given)
        if len(calls) in (2, 3):
            raise OSError(28, "No space left on device")
        real(*given)

    journal = Journal(folder)
    with monkeypatch.context() as patched:
        patched.setattr(files, call, full)
        with pytest.raises(OSError, match="No space"):
            journal.keep(parts(5))
    assert not list(folder.rglob(f"*{UNFINISHED}"))
    for path in folder.rglob("*.parquet"):
        name = path.relative_to(folder).as_posix()
        assert files.checksum(path) in Journal(folder).known[name]
    journal.keep(parts(5))
    assert all(Journal(folder).sound(part) for part in range(5))
    assert not (folder / "set_aside").exists()


def test_what_is_not_ours_in_the_place_of_a_part_is_moved_aside(folder):
    (folder / "moments" / "part-000003.parquet").write_text("years of work")
    with pytest.warns(files.MovedAside):
        Journal(folder).keep(parts(5))
    aside = folder / "set_aside" / "moments" / "part-000003.parquet"
    assert aside.read_text() == "years of work"
    assert Journal(folder).sound(3)


def test_a_line_after_a_torn_one_is_read(folder):
    Journal(folder).keep(parts(3))
    journal = folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-5])
    Journal(folder).keep([played(3)])
    found = Journal(folder)
    assert [found.sound(part) for part in range(4)] == [True, True, False, True]
    assert not found.intact


def test_the_journal_is_not_read_again_for_each_batch(folder):
    journal = Journal(folder)
    with (folder / "journal.jsonl").open("wb") as file:
        file.seek(50_000_000)
        file.write(b"\n")
    tracemalloc.start()
    journal.keep(parts(3))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000


class Together(Executor):
    """Plays a part when it is given, so that several are back before anything is written."""

    def submit(self, call, *given):
        future = Future()
        try:
            future.set_result(call(*given))
        except RunError as error:
            future.set_exception(error)
        return future


@pytest.fixture
def together(monkeypatch):
    @contextmanager
    def executor(*asked):
        yield Together(), 1

    monkeypatch.setattr("sim.experiments.running.workers.executor", executor)
    monkeypatch.setattr("sim.experiments.running.plan.WORLDS_A_PART", 7)


def test_parts_that_come_back_together_are_written_together(small, in_parts, tmp_path, together):
    told = []
    found = run_experiment(small, tmp_path / "out", progress=told.append)
    assert found.manifest["sha256"] == in_parts.manifest["sha256"]
    assert told == [0, 7 * AHEAD, 7 * AHEAD]


def test_a_part_that_cannot_be_played_takes_no_other_of_its_batch_with_it(
    small, in_parts, tmp_path, together, monkeypatch
):
    def faulty(part, here, play=play_as_here):
        if part.number == 1:
            raise RunError("the machine could not play it")
        return play(part, here)

    with monkeypatch.context() as patched:
        patched.setattr("sim.experiments.running.workers.play_as_here", faulty)
        with pytest.raises(RunError, match="could not play it"):
            run_experiment(small, tmp_path / "out")
    assert [Journal(tmp_path / "out").sound(part) for part in range(AHEAD)] == [True, False, True]
    found = run_experiment(small, tmp_path / "out")
    assert found.manifest["sha256"] == in_parts.manifest["sha256"]
