"""The wheel alone is the whole program: all that the README shows works from an empty folder."""

import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BUILD = "from hatchling.build import build_wheel; print(build_wheel({!r}))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-c", BUILD.format(str(out))]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=True)
    return out / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Call Python in an empty folder, with what is in the wheel and not with this copy of the project."""
    site, empty = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("empty")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)

    def python(*words):
        environment = os.environ | {"PYTHONPATH": str(site), "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, *words], cwd=empty, env=environment, capture_output=True, text=True
        )

    python.site, python.folder = site, empty
    return python


def ways_in():
    """Cut the README's section into blocks with their languages."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.split("\n## Three ways in")[1].split("\n## ")[0]
    return re.findall(r"^```(\w*)\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


def test_every_way_into_it_works_from_an_empty_folder(installed):
    for language, text in ways_in():
        if language == "toml":
            name = re.search(r'^name = "(.*)"', text, re.MULTILINE)[1]
            (installed.folder / f"{name}.toml").write_text(text, "utf-8")
        calls = [["-c", text]] if language == "python" else []
        if language == "sh":
            calls = [["-m", "sim", *shlex.split(line)[1:]] for line in text.splitlines()]
        for call in calls:
            done = installed(*call)
            assert done.returncode == 0, f"{call}\n{done.stderr}"


@pytest.mark.parametrize(
    "call",
    [
        "run layoff_threat --replications 20",
        "run logrolling --no-figures --replications 20",
        "list experiments",
        "list tournaments",
        "describe h04_layoff_threat",
        "check counterfactuals",
        "hypotheses --only H4 --replications 20",
        "tournament all_tactics --help",
        "kit mini-ct",
    ],
)
def test_what_ships_is_found_by_name(installed, call):
    done = installed("-m", "sim", *shlex.split(call))
    assert done.returncode == 0, done.stderr


def test_tournaments_calibrations_and_lessons_are_there(installed):
    done = installed(
        "-c",
        "import sim\n"
        "from sim.experiments.design.shipped import experiment_files, experiment_folder\n"
        "from sim.teaching.lessons import lesson_1, lesson_8\n"
        "print(sim.__file__)\n"
        "print(*experiment_files('tournaments'), *experiment_files('calibration'))\n"
        "print(experiment_folder('hypotheses'))",
    )
    assert done.returncode == 0, done.stderr
    home, names, folder = done.stdout.splitlines()
    assert Path(home).is_relative_to(installed.site)
    assert set(names.split()) >= {"all_tactics", "record_of_2011"}
    assert Path(folder).is_relative_to(installed.site)


def test_the_wheel_says_that_it_is_typed_and_holds_no_tests(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    assert "sim/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]
    shipped = {name for name in names if name.startswith("sim/experiments/shipped/")}
    here = [path for path in (ROOT / "experiments").rglob("*") if path.is_file()]
    assert len(shipped) == len(here)
