"""The mechanism that docs/how-to/extend.md adds by example, added to a copy of the program."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "extend.md"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def extended(tmp_path):
    """A copy of the program with the four files of the page."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    room, listed, scenario, test = (text for _, text in BLOCK.findall(PAGE.read_text("utf-8")))
    (tmp_path / "sim/mechanisms/strike_fund.py").write_text(room, "utf-8")
    names = tmp_path / "sim/mechanisms/__init__.py"
    text = names.read_text("utf-8")
    imported, entry = (line for line in listed.splitlines() if line)
    text = text.replace("\n\n# In the order", f"\n{imported}\n\n# In the order", 1)
    names.write_text(re.sub(r"\n\)\n$", f"\n{entry}\n)\n", text), "utf-8")
    for block in (scenario, test):
        name = block.splitlines()[0].removeprefix("# ")
        (tmp_path / Path(name).name).write_text(block, "utf-8")
    return tmp_path


def run(folder, *command):
    environment = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_made_up_mechanism_touches_four_files_and_works(extended):
    run(extended, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_strike_fund.py")
    described = run(extended, "-m", "sim", "describe", "strike_fund.months")
    assert "how long the fund lasts" in described
    checked = run(extended, "-m", "sim", "check", "strike-fund.toml")
    assert "strike-fund" in checked
