"""Some points of results, chosen by what was varied: the same numbers, and nothing that is not there."""

import pickle

import pandas as pd
import pytest

import sim
from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.runner import run_experiment
from sim.inputs.problems import InputError

DOCUMENT = {
    "name": "chosen",
    "question": "What if?",
    "scenario": "sebac-2011",
    "replications": 19,
    "seed": 7,
    "sweep": {"threat.layoffs": [0, 4742, 12_000], "information.secrecy": [0.0, 1.0]},
    "arms": {
        "threat [low]": {"ratification.second_vote": False},
        "two = both": {"ratification.second_vote": True},
    },
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    experiment = parse_experiment(DOCUMENT, "chosen")
    return run_experiment(experiment, tmp_path_factory.mktemp("chosen") / "out")


def test_points_that_are_left_keep_their_numbers_and_their_numbers_of_worlds(results):
    some = results.where({"arm": "two = both", "threat.layoffs": [0, "12000"]})
    assert some.summary["point"].tolist() == [6, 7, 10, 11]
    assert [point.number for point in some.experiment.points] == [6, 7, 10, 11]
    kept = results.summary[results.summary["point"].isin([6, 7, 10, 11])]
    columns = [name for name in some.summary if name not in some.experiment.points[0].labels]
    pd.testing.assert_frame_equal(some.summary[columns], kept[columns].reset_index(drop=True))
    assert set(some.worlds["point"]) == {6, 7, 10, 11}
    assert len(some.worlds) == 4 * 19


def test_what_all_have_in_common_is_set_and_no_longer_varied(results):
    some = results.where({"arm": "two = both", "information.secrecy": 1})
    assert list(some.experiment.points[0].labels) == ["threat.layoffs"]
    assert some.experiment.file.set["information.secrecy"] == 1.0
    assert some.experiment.file.set["ratification.second_vote"] is True
    assert not some.experiment.file.arms
    assert "(where arm = two = both and information.secrecy = 1)" in some.experiment.file.question
    assert "arm" not in some.summary


@pytest.mark.slow
def test_differences_and_effects_are_those_of_these_points_alone(results):
    some = results.where({"arm": "threat [low]"})
    table = sim.paired_differences(some, "ratified")
    whole = sim.paired_differences(results, "ratified")[:6]
    assert table["difference"].tolist() == whole["difference"].tolist()
    assert "arm" not in set(sim.factorial(some, "ratified")["factor"])
    assert "base = 1" not in str(table)
    assert sim.paired_differences(some, "ratified", base=4)["point"].tolist() == list(range(6))
    assert some.replay(4, 3).frame().equals(results.replay(4, 3).frame())
    assert pickle.loads(pickle.dumps(some)).summary.equals(some.summary)


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ({"threat.layofs": 0}, "where threat.layofs: is not varied .did you mean"),
        ({"governor.beta": 0.1}, "there are arm, threat.layoffs, information.secrecy"),
        ({"threat.layoffs": 1}, "no point has that value; there are 0, 4742, 12000"),
        ({"threat.layoffs": "many"}, "there are 0, 4742, 12000"),
        ({"arm": "threat low"}, "did you mean .threat \\[low\\]"),
        ({"threat.layoffs": []}, "no point is where"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(results, conditions, told):
    with pytest.raises(InputError, match=told):
        results.where(conditions)


def test_no_condition_leaves_all(results):
    assert results.where({}) is results
