"""Each kind of the campaign (`make attack`), in a few tries."""

import random
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from campaign import ROOMS, TRIES
from system_calls import STRACE, watch
from tally import COLUMNS, Tally
from writers import WRITERS

HERE = Path(__file__).parent
FEW = {"kills": 2, "disk": 2, "strangers": 4, "spoiled": 120, "sizes": 4, "markup": 3}


@pytest.mark.parametrize("room", ["spoiled", "sizes", "markup"])
def test_a_few_tries_of_a_kind_find_nothing(room):
    tally, kind = Tally(), import_module(room)
    kind.attack(tally, random.Random(2011), FEW[room])
    tried, told, carried_on, found = tally.row(kind.KIND)
    assert tried >= FEW[room]
    assert tried == told + carried_on + found
    assert tally.found == []


@pytest.mark.skipif(STRACE is None, reason="needs strace")
def test_a_command_that_is_watched_tells_its_system_calls_and_what_is_always_the_same(tmp_path):
    watched = watch(WRITERS[0], tmp_path)
    assert {"openat", "write", "fsync", "rename", "mkdir"} <= set(watched.calls)
    assert {"out/summary.csv", "out/worlds/part-000000.parquet"} <= watched.steady
    assert "out/manifest.json" not in watched.steady  # it has the date
    assert "out" in watched.paths


@pytest.mark.parametrize("room", ["kills", "disk", "strangers"])
def test_the_campaign_prints_counts_by_kind_and_ends_with_1_only_if_something_was_found(room):
    words = ["--only", room, f"--{room}", str(FEW[room]), "--seed", "3"]
    done = subprocess.run(
        [sys.executable, HERE / "campaign.py", *words], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    heading = next(line for line in done.stdout.splitlines() if line.startswith("| kind"))
    assert [cell.strip() for cell in heading.strip("|").split("|")] == ["kind", *COLUMNS]


def test_the_whole_campaign_has_what_it_promises():
    assert set(TRIES) == set(ROOMS) == set(FEW)
    assert TRIES["kills"] >= 60
    assert TRIES["spoiled"] >= 5_000


def test_a_finding_is_counted_and_told():
    tally = Tally()
    tally.add("kills", "a", False)
    tally.add("kills", "b", True)
    tally.add("kills", "c", False, "a file is gone")
    assert tally.row("kills") == (3, 1, 1, 1)
    assert tally.found == [("kills", "c", "a file is gone")]
    assert "| kills |" in tally.table(["kills"])


def test_without_strace_the_campaign_says_so(monkeypatch):
    kills = import_module("kills")
    monkeypatch.setattr(kills, "STRACE", None)
    assert "strace is not on this machine" in kills.sentence()
