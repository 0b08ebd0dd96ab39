"""A small experiment to change in every possible way."""

import os
from collections.abc import Sequence

import pytest

from sim.cases.schema import value_of
from sim.experiments.running.runner import run_experiment
from sim.play.model import BargainingModel

SMALL = """
name = "small"
question = "Does a larger threat bring a larger deal?"
scenario = "sebac-2011"
replications = 7
seed = 11

[sweep]
"threat.layoffs" = [0, 4742, 12000]

[arms.closed]
"information.rule" = "closed_door"

[arms.open]
"information.rule" = "open_door"
"""


@pytest.fixture(scope="session", autouse=True)
def no_wait_for_the_disk():
    """Let files be on their way to the disk: tests kill processes, and cut no power."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda file: None)
        yield


@pytest.fixture(scope="session")
def run_small(tmp_path_factory):
    """Give a function that runs the small experiment, with some keys of its file replaced."""

    def run(**overrides):
        folder = tmp_path_factory.mktemp("shared")
        (folder / "small.toml").write_text(SMALL, "utf-8")
        return run_experiment(folder / "small.toml", folder / "out", overrides=overrides)

    return run


@pytest.fixture(scope="session")
def once(run_small):
    """Give the results of the small experiment, which are not to be touched."""
    return run_small()


@pytest.fixture(scope="session")
def in_parts(run_small):
    """Give the same in six parts, one a design point."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.experiments.running.plan.WORLDS_A_PART", 7)
        return run_small()


@pytest.fixture
def small(tmp_path):
    """A file of 2 arms x 3 threats x 7 replications."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    return path


@pytest.fixture
def fail_where(monkeypatch):
    """A call that lets all worlds fail whose scenario has some values."""

    def from_now_on(values):
        class Fragile(BargainingModel):
            def __init__(self, case, *args, **kwargs):
                for one in case if isinstance(case, Sequence) else [case]:
                    if all(value_of(one, key) == value for key, value in values.items()):
                        raise ArithmeticError("the sky fell")
                super().__init__(case, *args, **kwargs)

        monkeypatch.setattr("sim.play.model.BargainingModel", Fragile)

    return from_now_on
