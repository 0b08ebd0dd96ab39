"""What this program writes is whole, and never stands where something stood that it had not written."""

import os
import shutil
import subprocess
import sys

import pytest

from sim.inputs.problems import InputError, RunError
from sim.outputs import files
from sim.outputs.files import MovedAside, is_ours, recorded, refuse_others, write_files


@pytest.fixture
def written(tmp_path):
    """A folder into which two files were written."""
    contents = {tmp_path / "out" / "a.csv": b"1\n", tmp_path / "out" / "b.csv": b"2\n"}
    write_files(contents)
    return tmp_path / "out"


def rewritten(folder):
    return {folder / "a.csv": b"3\n", folder / "b.csv": b"4\n"}


def test_what_is_ours_is_written_over(written):
    assert is_ours(written / "a.csv")
    write_files(rewritten(written))
    assert (written / "a.csv").read_bytes() == b"3\n"
    assert sorted(p.name for p in written.iterdir()) == [".bargain.json", "a.csv", "b.csv"]


def by_a_byte(path):
    path.write_bytes(path.read_bytes() + b"\n")


def by_a_folder(path):
    path.unlink()
    path.mkdir()
    (path / "thesis.txt").write_text("years of work")


def by_a_link(path):
    path.unlink()
    (path.parent / "mine.csv").write_text("mine")
    path.symlink_to(path.parent / "mine.csv")


def by_a_link_to_nothing(path):
    path.unlink()
    path.symlink_to(path.parent / "nowhere")


@pytest.mark.parametrize("replaced", [by_a_byte, by_a_folder, by_a_link, by_a_link_to_nothing])
def test_what_is_not_ours_is_refused_before_anything_is_written(written, replaced):
    replaced(written / "b.csv")
    for call in (
        lambda: write_files(rewritten(written)),
        lambda: refuse_others(rewritten(written)),
    ):
        with pytest.raises(InputError, match=r"b\.csv: is there already.*--force") as told:
            call()
        assert len(told.value.problems) == 1
    assert (written / "a.csv").read_bytes() == b"1\n"
    assert not is_ours(written / "b.csv")


@pytest.mark.parametrize("replaced", [by_a_byte, by_a_link, by_a_link_to_nothing])
def test_force_replaces_it(written, replaced):
    replaced(written / "b.csv")
    write_files(rewritten(written), force=True)
    assert (written / "b.csv").read_bytes() == b"4\n"
    assert not (written / "b.csv").is_symlink()
    assert not (written / "mine.csv").exists() or (written / "mine.csv").read_text() == "mine"


def test_force_removes_no_folder(written):
    by_a_folder(written / "b.csv")
    with pytest.raises(RunError, match=r"b\.csv: cannot be written"):
        write_files(rewritten(written), force=True)
    assert (written / "b.csv" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("replaced", [by_a_byte, by_a_folder, by_a_link, by_a_link_to_nothing])
def test_within_a_run_it_is_moved_aside_and_said(written, replaced):
    replaced(written / "b.csv")
    for number, name in enumerate(("b.csv", "b.csv.2"), start=1):
        with pytest.warns(MovedAside, match=r"b\.csv: was not what this program wrote there"):
            write_files({written / "b.csv": b"%d" % number}, within=written)
        assert (written / "b.csv").read_bytes() == b"%d" % number
        assert os.path.lexists(written / "set_aside" / name)
        (written / "b.csv").write_text("edited again")


def test_a_name_makes_nothing_ours(tmp_path):
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(InputError, match="is not what this program wrote"):
        write_files({tmp_path / "a.csv": b"1\n"})
    (tmp_path / "a.csv").write_bytes(b"1\n")  # the same bytes: there is nothing to write
    write_files({tmp_path / "a.csv": b"1\n"})
    assert not recorded(tmp_path)


@pytest.mark.parametrize("content", ["mine", "[]", '{"written": 3}', "\x00", "[" * 100_000])
def test_a_record_that_is_not_ours_is_left_alone(tmp_path, content):
    (tmp_path / ".bargain.json").write_text(content)
    with pytest.raises(InputError, match="is not a record of this program"):
        write_files({tmp_path / "a.csv": b"1\n"})
    assert (tmp_path / ".bargain.json").read_text() == content
    assert not (tmp_path / "a.csv").exists()


def test_a_disk_that_is_full_leaves_no_piece_of_a_file(written, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "fsync", full)
        with pytest.raises(RunError, match=r"cannot be written \(No space left on device\)"):
            write_files(rewritten(written))
    assert (written / "a.csv").read_bytes() == b"1\n"
    assert sorted(p.name for p in written.iterdir()) == [".bargain.json", "a.csv", "b.csv"]
    write_files(rewritten(written))


def test_a_place_that_cannot_be_a_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RunError, match="cannot be written"):
        write_files({tmp_path / "file" / "a.csv": b"1\n"})


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_between_record_and_file_leaves_a_file_that_is_known(tmp_path, when):
    script = f"""
import os, sys
from pathlib import Path
from sim.outputs import files
write, folder = files.write_whole, Path(sys.argv[1])
files.write_files({{folder / "a.csv": b"1"}})
def dies(path, content):
    if {when!r} == "after":
        write(path, content)
    if path.name == "a.csv":
        os._exit(9)
    write(path, content)
files.write_whole = dies
files.write_files({{folder / "a.csv": b"2"}})
"""
    assert subprocess.run([sys.executable, "-c", script, tmp_path], check=False).returncode == 9
    assert (tmp_path / "a.csv").read_bytes() == (b"1" if when == "before" else b"2")
    write_files({tmp_path / "a.csv": b"3"})
    assert (tmp_path / "a.csv").read_bytes() == b"3"


def test_a_folder_that_was_copied_keeps_its_record(written, tmp_path):
    write_files(rewritten(shutil.copytree(written, tmp_path / "copy")))
