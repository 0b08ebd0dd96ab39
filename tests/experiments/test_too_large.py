"""Far too much is asked for at every door, with little memory: each answer is a sentence, at once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource")  # limits of memory are set as on Linux

SCRIPT = Path(__file__).with_name("too_large.py")
MEMORY = 4 * 10**9  # bytes of addresses, of which an idle process has about half
SECONDS = 3.0  # of this process; on an idle machine hardly any takes one


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """What was typed, exit code, seconds, the last line, a traceback, and whether anything was written."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(MEMORY)],
        cwd=tmp_path_factory.mktemp("doors"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    first, *rest = (json.loads(line) for line in done.stdout.splitlines())
    assert first[1] == 0
    return rest


def test_no_door_ends_in_a_traceback_or_takes_long(asked):
    assert len(asked) > 50
    assert [line for line in asked if line[4]] == []
    assert [line for line in asked if line[2] > SECONDS] == []


def test_what_is_far_too_large_is_refused_in_a_sentence_before_anything_is_written(asked):
    answered = {"run --workers", "verify", "enough"}
    for words, code, _, last, _, wrote in asked:
        kind = "run --workers" if "--workers" in words else words[0]
        if kind in answered:
            assert code == 0, (words, last)
        else:
            assert code in (1, 2), (words, last)
            assert last.startswith("error: "), (words, last)
        assert not wrote, words


def test_a_refusal_says_how_large_it_is_and_what_to_do(asked):
    said = {" ".join(words): last for words, _, _, last, _, _ in asked}
    few = said["run 10^12 replications.toml --out out"]
    assert "1 design point x 1,000,000,000,000 replications: takes about" in few
    assert "are free" in few
    assert "ask for fewer" in few
    assert (
        "the design has 1,000,000,000 points; the most is 100,000"
        in (said["check a grid of 10^9 points.toml"])
    )
    assert (
        "1,000,000,000 steps: a range has 100,000 at the most"
        in (said["check a sweep of 10^9 steps.toml"])
    )
