"""What becomes of a command whose streams are full or closed, that is interrupted, or told of a backend."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "sim"]
SHELL = f'PYTHONPATH="{ROOT}" "{sys.executable}" -m sim'
TOLD = ("Traceback", "Exception ignored", "Error:")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="of POSIX streams and signals")


def shell(line, folder, **environment):
    """Call a line of a shell in a folder."""
    done = subprocess.run(
        ["bash", "-c", line.replace("bargain", SHELL)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
        timeout=120,
    )
    assert not any(word in done.stderr for word in TOLD), done.stderr
    return done


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "words",
    ["list parameters", "list scenarios", "ledger", "--help", "check mini-ct", "solve mini-ct"],
)
def test_a_full_output_is_code_1_and_one_line(words, tmp_path):
    done = shell(f"bargain {words} > /dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_that_nobody_can_read_how_it_goes_stops_no_run(tmp_path):
    line = "bargain run deadline --replications 2 --out r --no-figures 2> /dev/full"
    assert shell(line, tmp_path).returncode == 0
    assert (tmp_path / "r" / "manifest.json").is_file()


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_are_as_if_nobody_looked(closed, tmp_path):
    line = f"bargain run deadline --replications 2 --out r {closed}"
    assert shell(line, tmp_path).returncode == 0
    assert (tmp_path / "r" / "figures" / "talks.png").is_file()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert shell(f"bargain ledger {closed}", tmp_path).returncode == 0
    assert shell(f"bargain check nothing {closed}", tmp_path).returncode == 2
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.parametrize("words", ["list parameters", "ledger", "solve mini-ct"])
def test_a_pipe_that_nobody_reads_is_left_quietly(words, tmp_path):
    done = shell(f"bargain {words} | true; echo ${{PIPESTATUS[0]}}", tmp_path)
    assert done.stdout.strip() in ("0", "141")  # 0 where all of it went into the pipe before
    assert done.stderr == ""


@pytest.mark.parametrize("backend", ["nope", "module://nope", "Qt5Agg", ""])
def test_a_backend_for_windows_is_of_no_concern(backend, tmp_path):
    done = shell("bargain solve mini-ct --out s", tmp_path, MPLBACKEND=backend)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "s" / "mini-ct.png").is_file()


INTERRUPTED = """
import os, signal, sys
sys.argv = ["bargain", *sys.argv[2:]]
import sim.cli
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
def begins(frame, *event):  # the time runs from the first line of the program's own
    if frame.f_code is sim.cli.main.__code__:
        sys.setprofile(None)
        signal.setitimer(signal.ITIMER_REAL, {after})
sys.setprofile(begins)
sim.cli.main()
"""


@pytest.mark.parametrize("after", [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0])
def test_an_interrupt_at_any_moment_is_code_130_without_a_traceback(after, tmp_path):
    """From the first line of the program's own on; before it Python itself speaks."""
    words = ["run", "deadline", "--replications", "100", "--out", str(tmp_path / "r")]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED.format(after=after), "-", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    assert not any(word in done.stderr for word in TOLD), done.stderr


def test_an_interrupt_of_workers_is_quiet_too(tmp_path):
    words = ["run", "deadline", "--replications", "300000", "--workers", "2", "--out", "r"]
    started = subprocess.Popen(
        [*COMMAND, *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        started.communicate(timeout=4)
    os.killpg(started.pid, signal.SIGINT)
    _, told = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "interrupted; what is done is kept. To carry on: python -m sim run deadline" in told
    assert not any(word in told for word in TOLD), told


def test_a_command_in_a_folder_that_is_gone_says_so(tmp_path):
    (tmp_path / "gone").mkdir()
    done = shell("cd gone && rmdir ../gone && bargain run deadline --replications 2", tmp_path)
    assert done.returncode in (1, 2)
    assert done.stderr.startswith("error: ")
