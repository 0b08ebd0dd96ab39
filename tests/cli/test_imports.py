"""A command loads only the libraries that it needs, as most of the time of a quick one goes there."""

import subprocess
import sys

import pytest

HEAVY = ("distributed", "matplotlib", "mesa", "networkx", "pandas", "pyarrow", "rich", "scipy")
CALL = """
import sys
from sim.cli import app
try:
    app(sys.argv[1:])
finally:
    print(*(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


def loaded(*words):
    """Of the heavy libraries those that a call of the command has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", CALL, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout
    return {name for name in done.stderr.split() if name in HEAVY}


@pytest.mark.parametrize(
    "words",
    [
        ("describe", "threat.layoffs"),
        ("describe", "layoff_threat"),
        ("list", "experiments"),
        ("list", "parameters"),
        ("check", "h16_one_audience"),
    ],
)
def test_what_there_is_and_whether_it_is_good_is_told_without_any_heavy_library(words):
    assert loaded(*words) == set()


@pytest.mark.slow
def test_a_finished_run_is_shown_again_without_what_plays_or_draws(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    loaded("run", "layoff_threat", "--replications", "2")
    for again in (("run", "layoff_threat", "--replications", "2"), ("show", "layoff_threat")):
        assert loaded(*again) <= {"pandas", "pyarrow", "rich"}
    assert "matplotlib" not in loaded("replay", "layoff_threat")
