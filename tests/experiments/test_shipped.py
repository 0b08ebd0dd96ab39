"""A name is looked for in the folder experiments that is here, and then among those that ship."""

from pathlib import Path

import pytest

from sim.experiments.design.calibration import load_calibration
from sim.experiments.design.shipped import (
    SHIPPED,
    experiment_files,
    experiment_folder,
    find_experiment,
)
from sim.experiments.design.tournament import load_tournament
from sim.experiments.design.waiting import read_waiting
from sim.inputs.problems import InputError


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_shipped_ones_are_found_from_anywhere():
    assert find_experiment("layoff_threat") == SHIPPED / "layoff_threat.toml"
    assert find_experiment("logrolling") == SHIPPED / "lessons" / "logrolling.toml"
    assert load_tournament("all_tactics").name == "all_tactics"
    assert load_calibration("june_2011").name == "june_2011"
    assert read_waiting(experiment_folder("hypotheses")) == read_waiting(SHIPPED / "hypotheses")


def test_a_local_one_of_the_same_name_goes_first(tmp_path):
    mine = Path("experiments") / "thesis" / "layoff_threat.toml"
    mine.parent.mkdir(parents=True)
    mine.touch()
    files = experiment_files()
    assert next(iter(files)) == "layoff_threat"
    assert files["layoff_threat"] == mine
    assert files["deadline"] == SHIPPED / "deadline.toml"
    assert experiment_folder("thesis") == mine.parent
    assert experiment_folder("hypotheses") == SHIPPED / "hypotheses"


@pytest.mark.parametrize(
    ("find", "name", "meant"),
    [
        (find_experiment, "layof_threat", "layoff_threat"),
        (load_tournament, "all_tactic", "all_tactics"),
        (load_calibration, "jun_2011", "june_2011"),
    ],
)
def test_a_name_that_is_misspelt_is_told_with_the_nearest(find, name, meant):
    with pytest.raises(InputError, match=f'is called "{name}" .did you mean "{meant}"'):
        find(name)
