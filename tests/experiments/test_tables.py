"""Design points from a table of one's own: CSV or Parquet."""

import pandas as pd
import pytest

from sim.experiments.design.experiment import load_experiment, parse_experiment
from sim.experiments.design.resolved import resolved
from sim.experiments.running.files import encoded
from sim.inputs.problems import InputError

HEAD = """
name = "tabled"
question = "What happens at these points?"
scenario = "sebac-2011"
replications = 2
seed = 11
"""
CSV = "threat.layoffs, calendar.rounds,information.rule\n0,4,leaky\n4742.5,12.0,open_door\n7,9,leaky\n"
ARMS = """
[arms.low]
"members.fairness" = 0.1

[arms.high]
"members.fairness" = 0.4
"""


@pytest.fixture
def tabled(tmp_path):
    """Give a function that loads an experiment over points.csv in the same folder."""

    def load(csv=CSV, more="", file="points.csv"):
        (tmp_path / "points.csv").write_text(csv, "utf-8")
        path = tmp_path / "tabled.toml"
        path.write_text(f'{HEAD}[table]\nfile = "{file}"\n{more}', "utf-8")
        return load_experiment(path)

    return load


def problems_of(load, *args, **kwargs):
    with pytest.raises(InputError) as told:
        load(*args, **kwargs)
    return told.value.problems


def test_each_row_is_a_point_found_beside_the_experiment_file(tabled):
    points = tabled().points
    assert [p.labels for p in points] == [
        {"threat.layoffs": 0, "calendar.rounds": 4, "information.rule": "leaky"},
        {"threat.layoffs": 4742.5, "calendar.rounds": 12, "information.rule": "open_door"},
        {"threat.layoffs": 7, "calendar.rounds": 9, "information.rule": "leaky"},
    ]
    assert points[1].scenario.threat.layoffs == 4742.5
    assert points[1].scenario.information.secrecy == 0.0
    assert all(type(p.swept["calendar.rounds"]) is int for p in points)


def test_parquet_and_csv_are_the_same_points(tabled, tmp_path):
    points = tabled().points
    frame = pd.DataFrame([p.swept for p in points])
    frame.to_parquet(tmp_path / "points.parquet")
    again = tabled(file="points.parquet").points
    assert again == points


def test_a_column_arm_is_a_label(tabled):
    points = tabled("arm,threat.layoffs\nmild,100\n2011,4742\n").points
    assert [p.arm for p in points] == ["mild", "2011"]
    assert [p.scenario.threat.layoffs for p in points] == [100, 4742]


def test_a_column_arm_names_an_arm_where_there_are_any(tabled):
    points = tabled("arm,threat.layoffs\nhigh,1\nlow,2\nhigh,3\n", ARMS).points
    assert [(p.arm, p.swept["threat.layoffs"]) for p in points] == [
        ("high", 1),
        ("low", 2),
        ("high", 3),
    ]
    assert [p.scenario.members.fairness for p in points] == [0.4, 0.1, 0.4]


def test_without_a_column_arm_every_arm_gets_every_row(tabled):
    points = tabled("threat.layoffs\n1\n2\n", ARMS).points
    assert [(p.arm, p.swept["threat.layoffs"]) for p in points] == [
        ("low", 1),
        ("low", 2),
        ("high", 1),
        ("high", 2),
    ]
    assert [p.scenario.members.fairness for p in points] == [0.1, 0.1, 0.4, 0.4]


@pytest.mark.parametrize("csv", [CSV, "arm,threat.layoffs\nhigh,1\nlow,2.5\nhigh,3\n"])
@pytest.mark.parametrize("more", ["", ARMS])
def test_what_a_results_folder_keeps_loads_as_the_same_points(tabled, tmp_path, csv, more):
    experiment = tabled(csv, more)
    folder = tmp_path / "results"
    folder.mkdir()
    document, scenario = resolved(experiment)
    (folder / "points.parquet").write_bytes(encoded(experiment.points_table()))
    again = parse_experiment(document | {"scenario": "sebac-2011"}, "experiment.toml", folder)
    assert again.points == experiment.points
    assert resolved(again) == (document, scenario)


def test_a_table_that_changed_since_is_another_experiment(tabled, tmp_path):
    before, _ = resolved(tabled())
    after, _ = resolved(tabled(CSV.replace("7,9", "7,8")))
    assert before["table"]["sha256"] != after["table"]["sha256"]
    labelled, relabelled = (f"arm,threat.layoffs\n{arm},1\n" for arm in "ab")
    assert resolved(tabled(labelled))[0]["table"] != resolved(tabled(relabelled))[0]["table"]
    more = f'sha256 = "{before["table"]["sha256"]}"'
    assert len(tabled(CSV, more).points) == 3
    (told,) = problems_of(tabled, CSV.replace("7,9", "7,8"), more)
    assert "points.csv" in told
    assert "does not hold the points it held" in told


@pytest.mark.parametrize(
    ("csv", "words"),
    [
        ("threat.layofs\n1\n", ['"threat.layofs"', 'did you mean "threat.layoffs"']),
        ("arms,threat.layoffs\na,1\n", ['"arms"', 'did you mean "arm"']),
        ("arm\na\n", ["no column named as a parameter"]),
        ("threat.layoffs\n", ["has no rows"]),
        ("", ["is not a table", "Empty"]),
        ("threat.layoffs,threat.layoffs\n1,2\n", ['"threat.layoffs" is there 2 times']),
        ("threat.layoffs,threat.bumping\n1,2,3\n", ["is not a table", "Expected 2 columns"]),
        ("threat.layoffs,threat.bumping\n1,0\n2,\n", ["row 2", '"threat.bumping" is empty']),
        ("threat.layoffs\n1\n-2\n", ["row 2 of points.csv", "threat.layoffs = -2", "from 0"]),
        ("calendar.rounds\n8\n8.5\n", ["row 2", "calendar.rounds = 8.5", "whole number"]),
        ("threat.layoffs\nmany\n", ["row 1", '"many"', "a number from 0"]),
    ],
)
def test_what_is_wrong_with_a_table_is_told_in_one_line(tabled, csv, words):
    problems = problems_of(tabled, csv)
    assert len(problems) == 1, problems
    for word in ["tabled.toml", "points.csv", *words]:
        assert word in problems[0]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("pionts.csv", ["pionts.csv", "there is no such file"]),
        ("points.xlsx", ["points.xlsx", "must end in .csv or .parquet"]),
        ("points.parquet", ["points.parquet", "is not a table"]),
        ("folder.csv", ["folder.csv"]),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tabled, tmp_path, file, words):
    (tmp_path / "points.parquet").write_text("not Parquet", "utf-8")
    (tmp_path / "folder.csv").mkdir()
    (told,) = problems_of(tabled, file=file)
    for word in ["tabled.toml: table:", *words]:
        assert word in told


def test_an_unknown_arm_and_an_arm_that_the_table_would_overrule_are_told(tabled):
    (told,) = problems_of(tabled, "arm,threat.layoffs\nhihg,1\n", ARMS)
    assert 'row 1: there is no [arms.hihg] (did you mean "high"?)' in told
    problems = problems_of(tabled, "members.fairness\n0.3\n", ARMS)
    assert len(problems) == 2
    assert 'arms.low."members.fairness": is also listed in the table' in problems[0]


def test_a_table_does_not_go_with_a_sweep(tabled):
    (told,) = problems_of(tabled, more='[sweep]\n"members.fairness" = [0.1, 0.2]')
    assert "[sweep] and [table]: do not go together" in told


def test_where_many_rows_are_wrong_the_first_ones_are_told(tabled):
    problems = problems_of(tabled, "threat.layoffs\n" + "-1\n" * 37)
    assert len(problems) == 11
    assert "27 more" in problems[-1]
