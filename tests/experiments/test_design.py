"""An experiment file becomes design points, or sentences that say what is wrong with it."""

import tomllib

import pytest
import tomli_w

from sim.experiments.design.experiment import load_experiment, parse_experiment
from sim.experiments.design.resolved import resolved
from sim.inputs.problems import InputError


def problems_of(path, **overrides):
    with pytest.raises(InputError) as told:
        load_experiment(path, overrides)
    return told.value.problems


def edited(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_arms_are_crossed_with_the_grid_last_key_fastest(small):
    points = load_experiment(small).points
    assert [(p.number, p.arm, p.swept["threat.layoffs"]) for p in points] == [
        (0, "closed", 0),
        (1, "closed", 4742),
        (2, "closed", 12000),
        (3, "open", 0),
        (4, "open", 4742),
        (5, "open", 12000),
    ]
    assert points[4].scenario.information.secrecy == 0.0
    assert points[4].scenario.threat.layoffs == 4742


def test_a_range_is_its_values_and_whole_numbers_stay_whole(small):
    edited(
        small,
        '"threat.layoffs" = [0, 4742, 12000]',
        '"calendar.rounds" = { from = 4, to = 12, steps = 3 }',
    )
    rounds = [p.scenario.calendar.rounds for p in load_experiment(small).points[:3]]
    assert rounds == [4, 8, 12]
    assert all(isinstance(r, int) for r in rounds)


def test_the_order_of_the_points_outlives_being_written_to_a_results_folder(small):
    edited(
        small,
        '"threat.layoffs" =',
        '"calendar.rounds" = { from = 4, to = 8, steps = 3 }\n"threat.layoffs" =',
    )
    experiment = load_experiment(small)
    document = tomllib.loads(tomli_w.dumps(resolved(experiment)[0]))
    again = parse_experiment(document | {"scenario": "sebac-2011"}, "experiment.toml")
    assert again.points == experiment.points


def test_without_sweep_or_arms_there_is_one_point(small):
    text = small.read_text("utf-8").split("[sweep]")[0]
    small.write_text(text, "utf-8")
    (point,) = load_experiment(small).points
    assert point.labels == {}


def test_set_applies_to_every_point_and_the_call_overrules_the_file(small):
    edited(small, "[sweep]", '[set]\n"calendar.rounds" = 20\n\n[sweep]')
    assert {p.scenario.calendar.rounds for p in load_experiment(small).points} == {20}
    called = load_experiment(small, {"set": {"calendar.rounds": 9}, "replications": 3})
    assert {p.scenario.calendar.rounds for p in called.points} == {9}
    assert called.worlds == 18


def test_common_random_numbers_share_draws_and_independent_ones_do_not(small):
    common = load_experiment(small)
    assert [common.first_world(p, 5) for p in common.points] == [5] * 6
    apart = load_experiment(small, {"random_numbers": "independent"})
    assert [apart.first_world(p, 5) for p in apart.points] == [5, 12, 19, 26, 33, 40]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("replications", "replicatons", ["replicatons", 'did you mean "replications"']),
        (
            "replications = 7",
            "replications = 0",
            ["replications = 0", "a number from 1"],
        ),
        ("replications = 7", 'replications = "7"', ["replications", '"7"', "a whole number"]),
        ("seed = 11", "seed = -1", ["seed = -1"]),
        ('scenario = "sebac-2011"', 'scenario = "sebac-2012"', ["sebac-2012", "sebac-2011"]),
        ("threat.layoffs", "threat.layofs", ["threat.layofs", 'did you mean "threat.layoffs"']),
        ("[0, 4742, 12000]", "[]", ['sweep."threat.layoffs"', "empty list"]),
        ("[0, 4742, 12000]", "[0, 0]", ['sweep."threat.layoffs"', "repeats a value"]),
        ("[0, 4742, 12000]", "5", ['sweep."threat.layoffs"', "not a list"]),
        ("[0, 4742, 12000]", "{ from = 0, steps = 3 }", ["a range is written"]),
        ("[0, 4742, 12000]", "[0, -1]", ["threat.layoffs = -1", "a number from 0"]),
        ("[0, 4742, 12000]", '["many"]', ["threat.layoffs", '"many"', "a number from 0"]),
        ("closed_door", "shut_door", ["information.rule", "shut_door", '"closed_door"']),
        ('"information.rule" = "open_door"', '"threat.layoffs" = 1', ["arms.open", "also swept"]),
        (
            "[arms.open]",
            "[[figure]]\nname = 'talks'\nx = 'nothing'\n[arms.open]",
            ["figure.x", "nothing"],
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line_that_names_file_key_and_value(small, old, new, words):
    problems = problems_of(edited(small, old, new))
    assert len(problems) == 1, problems
    for word in [str(small), *words]:
        assert word in problems[0]


def test_all_problems_are_told_at_once(small):
    edited(small, "replications = 7", "replications = 0")
    edited(small, "[0, 4742, 12000]", "[-1, -2]")
    edited(small, '"closed_door"', '"shut"')
    assert len(problems_of(small)) == 4


def test_a_file_that_is_not_toml_and_one_that_is_not_there_are_named(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ", "utf-8")
    assert f"{broken}: is not a TOML file" in problems_of(broken)[0]
    assert "there is no such file" in problems_of(tmp_path / "absent.toml")[0]
