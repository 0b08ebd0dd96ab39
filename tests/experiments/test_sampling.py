"""Samples: what each design promises of the unit cube, and what reaches the design points."""

import sys

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from sim.cases.schema import TwoLevelGame
from sim.experiments.design import experiment as design_module
from sim.experiments.design import unit_cube
from sim.experiments.design.distributions import Categorical, Normal, Uniform
from sim.experiments.design.experiment import load_experiment
from sim.experiments.design.factors import Factor, extremes, factor
from sim.experiments.design.sampling import Sample, draw, one_at_a_time
from sim.experiments.running.results import load_results
from sim.experiments.running.runner import run_experiment
from sim.experiments.running.verify import verify
from sim.inputs.parameter import ends, parameters
from sim.inputs.problems import InputError
from sim.show.figures.draw import draw as draw_figures

DESIGNS = ("latin_hypercube", "sobol", "random", "saltelli", "morris", "one_at_a_time")


def rng(seed=5):
    return np.random.default_rng(seed)


@pytest.fixture
def sampled(tmp_path):
    """Give a function that loads an experiment with a table [sample], written as TOML."""

    def load(sample, before="", **overrides):
        path = tmp_path / "sampled.toml"
        path.write_text(
            'name = "sampled"\nquestion = "What matters?"\nscenario = "sebac-2011"\n'
            f"replications = 3\nseed = 11\n{before}\n[sample]\n{sample}",
            "utf-8",
        )
        return load_experiment(path, overrides)

    return load


def problems_of(load, *args, **overrides):
    with pytest.raises(InputError) as told:
        load(*args, **overrides)
    return told.value.problems


OVER = """
[sample.over]
"threat.layoffs" = { uniform = [0, 12000] }
"calendar.rounds" = { uniform = [4, 9] }
"members.noise" = "plausible"
"""


# The unit cube


@pytest.mark.parametrize(("points", "factors"), [(1, 3), (7, 3), (13, 5)])
def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_factor(points, factors):
    cube = unit_cube.latin_hypercube(points, factors, rng())
    assert cube.shape == (points, factors)
    for column in cube.T:
        assert sorted(np.floor(column * points)) == list(range(points))


def test_the_columns_of_a_latin_hypercube_are_shuffled_apart():
    cube = unit_cube.latin_hypercube(101, 3, rng())
    assert np.abs(np.corrcoef(cube.T) - np.eye(3)).max() < 0.3


@pytest.mark.parametrize(("rows", "columns"), [(1, 32), (2, 16), (4, 8), (8, 4), (32, 1)])
def test_sobol_points_are_a_net_every_box_of_the_right_area_holds_one(rows, columns):
    cube = unit_cube.sobol(32, 2, rng())
    boxes = {(int(x * rows), int(y * columns)) for x, y in cube}
    assert len(boxes) == 32


def test_unscrambled_sobol_points_are_those_of_the_literature(monkeypatch):
    monkeypatch.setattr(
        qmc,
        "Sobol",
        lambda d, scramble, _make=qmc.Sobol, **_: _make(d, scramble=False),
    )
    first = [[0, 0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75]]
    assert unit_cube.sobol(4, 2, rng()).tolist() == first


@pytest.mark.parametrize("second_order", [False, True])
def test_saltelli_takes_one_factor_at_a_time_from_the_partner_of_each_base_point(second_order):
    rows = 2 * 3 + 2 if second_order else 3 + 2
    cube = unit_cube.saltelli(8, 3, rng(), second_order=second_order)
    assert cube.shape == (8 * rows, 3)
    for block in cube.reshape(8, rows, 3):
        a, b = block[0], block[-1]
        assert np.all(a != b)
        for moved in range(3):
            expected = np.where(np.arange(3) == moved, b, a)
            np.testing.assert_array_equal(block[1 + moved], expected)
            if second_order:
                expected = np.where(np.arange(3) == moved, a, b)
                np.testing.assert_array_equal(block[4 + moved], expected)


def test_the_base_points_of_saltelli_are_a_latin_hypercube():
    cube = unit_cube.saltelli(16, 3, rng())
    for column in cube.reshape(16, 5, 3)[:, 0].T:
        assert sorted(np.floor(column * 16)) == list(range(16))


def test_morris_moves_each_factor_once_a_trajectory_by_half_its_range():
    cube = unit_cube.morris(7, 5, rng(), levels=4)
    assert cube.shape == (7 * 6, 5)
    assert set(np.unique(cube)) == {0.125, 0.375, 0.625, 0.875}
    for trajectory in cube.reshape(7, 6, 5):
        steps = np.diff(trajectory, axis=0)
        assert sorted(np.argmax(np.abs(steps), axis=1)) == list(range(5))
        assert np.all(np.sort(np.abs(steps), axis=1) == [0, 0, 0, 0, 0.5])


def test_the_seed_is_what_two_samples_differ_by():
    for make in (unit_cube.latin_hypercube, unit_cube.sobol, unit_cube.saltelli, unit_cube.morris):
        np.testing.assert_array_equal(make(8, 3, rng(5)), make(8, 3, rng(5)))
        assert np.any(make(8, 3, rng(5)) != make(8, 3, rng(6)))


def test_without_salib_one_sentence_says_what_to_install(monkeypatch, sampled):
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    for design in ("saltelli", "morris"):
        (told,) = problems_of(sampled, f'design = "{design}"\npoints = 4\n{OVER}')
        assert "needs SALib" in told
        assert 'pip install "union-bargaining[sensitivity]"' in told
        assert "sampled.toml" in told


# Factors


def test_whole_numbers_are_the_nearest_allowed_ones():
    rounds = Factor("calendar.rounds", Uniform(3.6, 6.4), whole=True)
    values = rounds.at(np.array([0.0, 0.3, 0.4, 0.6, 0.7, 1.0]))
    assert values == [4, 4, 5, 5, 6, 6]
    assert all(type(value) is int for value in values)
    assert extremes(rounds) == [4, 6]
    assert Factor("x", Uniform(4, 9), whole=True).levels(5) == [5, 6, 7, 8, 9]
    assert Factor("x", Uniform(3.4, 6.6), whole=True).at(np.array([0.0, 1.0])) == [4, 6]


def test_a_range_around_one_whole_number_is_that_number(sebac):
    assert (
        factor("calendar.rounds", {"uniform": [4.5, 5.5]}, sebac).at(np.linspace(0, 1, 5))
        == [5] * 5
    )


def test_the_edge_of_the_cube_is_a_finite_value():
    assert np.all(np.isfinite(Factor("x", Normal(0, 1)).at(np.array([0.0, 1.0]))))


def test_levels_are_quantiles_told_once_and_of_a_choice_all_its_values():
    assert Factor("x", Uniform(0, 10)).levels(5) == pytest.approx([1, 3, 5, 7, 9])
    assert Factor("x", Uniform(0, 2), whole=True).levels(7) == [0, 1, 2]
    assert Factor("x", Categorical(("b", "a", "c"))).levels(2) == ["b", "a", "c"]


def test_every_plausible_range_can_be_sampled_and_stays_within_it(sebac):
    found = 0
    for name, field in parameters(TwoLevelGame).items():
        plausible = field.json_schema_extra["parameter"]["plausible"]
        if plausible is None:
            continue
        low, *_, high = factor(name, "plausible", sebac).at(np.linspace(0, 1, 11))
        assert (low, high) == pytest.approx(plausible, abs=1e-9)
        found += 1
    assert found > 30


@pytest.mark.parametrize("name", ["members.fairness", "governor.beta", "talks.acceptance_from"])
def test_a_normal_is_cut_off_at_the_hard_bounds_of_the_schema(sebac, name):
    low, high = ends(parameters(TwoLevelGame)[name])
    wide = factor(name, {"normal": {"mean": 0.5, "sd": 1e4}}, sebac)
    values = wide.at(np.linspace(0, 1, 103))
    assert low <= min(values) < max(values) <= high
    assert max(values) > 0.9 * high


def test_the_bound_that_a_parameter_must_be_above_is_not_one_of_its_ends():
    assert ends(parameters(TwoLevelGame)["governor.beta"]) == (5e-324, 1000)
    assert ends(parameters(TwoLevelGame)["members.fairness"]) == (0, 100)
    assert ends(parameters(TwoLevelGame)["threat.layoffs"]) == (0, np.inf)
    assert ends(parameters(TwoLevelGame)["coalition.leaders_bias"]) == (-10, 10)


# Design points


@pytest.mark.parametrize(
    ("options", "points"),
    [
        ('"latin_hypercube"\npoints = 7', 7),
        ('"sobol"\npoints = 8', 8),
        ('"random"\npoints = 7', 7),
        ('"saltelli"\npoints = 4', 4 * 5),
        ('"saltelli"\npoints = 4\nsecond_order = true', 4 * 8),
        ('"morris"\npoints = 7', 7 * 4),
        ('"morris"\npoints = 7\nlevels = 6', 7 * 4),
        ('"one_at_a_time"\nlevels = 3', 1 + 3 * 3),
        ('"one_at_a_time"', 1 + 3 * 5),
    ],
)
def test_a_design_has_as_many_points_as_it_says_within_bounds_the_same_each_time(
    sampled, options, points
):
    experiment = sampled(f"design = {options}\n{OVER}")
    assert len(experiment.points) == experiment.file.sample.size == points
    for point in experiment.points:
        assert list(point.labels) == ["threat.layoffs", "calendar.rounds", "members.noise"]
        assert 0 <= point.scenario.threat.layoffs == point.swept["threat.layoffs"] <= 12000
        assert point.scenario.calendar.rounds in range(4, 13)
        assert type(point.swept["calendar.rounds"]) is int
        assert 0.02 <= point.scenario.members.noise <= 0.2
    again = sampled(f"design = {options}\n{OVER}")
    assert [p.swept for p in again.points] == [p.swept for p in experiment.points]


def test_the_seed_is_the_experiments_unless_the_sample_has_its_own(sampled):
    def first(options, **overrides):
        text = f'design = "random"\npoints = 2\n{options}\n{OVER}'
        return sampled(text, **overrides).points[0].swept["threat.layoffs"]

    assert first("", seed=12) != first("")
    assert first("seed = 3", seed=12) == first("seed = 3") == first("", seed=3)


def test_arms_get_the_same_sample(sampled):
    arms = '[arms.closed]\n"information.secrecy" = 1.0\n[arms.open]\n"information.secrecy" = 0.0'
    points = sampled(f'design = "latin_hypercube"\npoints = 5\n{OVER}', arms).points
    assert [p.arm for p in points] == ["closed"] * 5 + ["open"] * 5
    assert [p.number for p in points] == list(range(10))
    assert [p.swept for p in points[:5]] == [p.swept for p in points[5:]]
    assert {p.scenario.information.secrecy for p in points[5:]} == {0.0}


def test_one_at_a_time_starts_from_the_scenario_after_set_and_moves_one_factor(sampled):
    text = f'design = "one_at_a_time"\nlevels = 3\n{OVER}'
    points = [p.swept for p in sampled(text, '[set]\n"members.noise" = 0.11\n').points]
    base = {"threat.layoffs": 4742, "calendar.rounds": 12, "members.noise": 0.11}
    assert points[0] == base
    moved = [{key: p[key] for key in p if p[key] != base[key]} for p in points[1:]]
    assert [m.get("threat.layoffs") for m in moved[:3]] == pytest.approx([2000, 6000, 10000])
    assert [m.get("calendar.rounds") for m in moved[3:6]] == [5, 7, 8]
    # the middle of 0.02 to 0.2 is the base itself, which is not told twice
    assert [m.get("members.noise") for m in moved[6:]] == pytest.approx([0.05, 0.17])
    assert all(len(m) == 1 for m in moved)


def test_one_at_a_time_by_hand():
    factors = [Factor("a", Uniform(0, 4)), Factor("b", Categorical(("x", "y")))]
    assert one_at_a_time(factors, {"a": 9.0, "b": "y"}, 2) == [
        {"a": 9.0, "b": "y"},
        {"a": 1.0, "b": "y"},
        {"a": 3.0, "b": "y"},
        {"a": 9.0, "b": "x"},
    ]


def test_a_choice_samples_words_and_truth_values(sampled):
    over = '[sample.over]\n"talks.selection" = { choice = ["similar", "random"] }\n'
    over += '"ratification.second_vote" = { choice = [true, false] }'
    points = sampled(f'design = "random"\npoints = 23\n{over}').points
    assert {p.scenario.talks.selection for p in points} == {"similar", "random"}
    assert {p.scenario.ratification.second_vote for p in points} == {True, False}


def test_draw_follows_the_distribution_in_every_column(sebac):
    over = {"members.fairness": {"normal": {"mean": 0.5, "sd": 0.1}}, "threat.notices": "plausible"}
    sample = Sample(design="sobol", points=1024, over=over)
    fairness = [point["members.fairness"] for point in draw(sample, sebac, 5)]
    assert np.mean(fairness) == pytest.approx(0.5, abs=0.002)
    assert np.std(fairness) == pytest.approx(0.1, abs=0.002)
    notices = [point["threat.notices"] for point in draw(sample, sebac, 5)]
    assert set(notices) == set(range(9))
    assert np.mean(notices) == pytest.approx(4, abs=0.02)


@pytest.mark.slow
def test_a_sample_is_run_and_read_back_with_its_values_as_columns(sampled, tmp_path):
    over = (
        '[sample.over]\n"calendar.rounds" = { choice = [2, 4, 6] }\n"members.noise" = "plausible"'
    )
    experiment = sampled(f'design = "morris"\npoints = 1\n{over}', replications=2)
    results = run_experiment(experiment, tmp_path / "out", workers=1)
    swept = [dict(point.swept) for point in experiment.points]
    assert results.points.drop(columns="point").to_dict("records") == swept
    assert results.summary["calendar.rounds"].tolist() == [s["calendar.rounds"] for s in swept]
    assert results.experiment.points == experiment.points
    assert [path.name for path in draw_figures(results)] == ["talks.png", "summary-ratified.png"]


# What is wrong, in one sentence each


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"random"', '"radnom"', ['sample.design = "radnom"', "latin_hypercube", "one_at_a_time"]),
        ("points = 7", "", ["sample.points: is missing", '"random" needs it']),
        ("points = 7", "points = 0", ["sample.points = 0", "from 1"]),
        ("points = 7", "points = 7\npionts = 7", ["sample.pionts", 'did you mean "points"']),
        ("points = 7", "points = 7\nlevels = 3", ["sample.levels", "not used", '"random"']),
        ("points = 7", "points = 7\nsecond_order = false", ["sample.second_order", "not used"]),
        ("points = 7", "points = 7\nseed = -1", ["sample.seed = -1"]),
        ('"random"\npoints', '"one_at_a_time"\npoints', ["sample.points", "is not used"]),
        ('"random"', '"sobol"', ["sample.points = 7", "power of two", "4 or 8"]),
        ('"random"', '"saltelli"', ["sample.points = 7", "power of two"]),
        ('"random"', '"morris"\nlevels = 5', ["sample.levels = 5", "even"]),
        ("points = 7", "points = 100_001", ["100,001 points", "100,000"]),
        ("threat.layoffs", "threat.layofs", ["layofs", 'did you mean "threat.layoffs"']),
        ("uniform = [0,", "unifrom = [0,", ['over."threat.layoffs"', 'did you mean "uniform"']),
        ("[0, 12000]", "[0]", ['over."threat.layoffs"', "[low, high]"]),
        ("[0, 12000]", "[12000, 0]", ['over."threat.layoffs"', "low = 12000", "below high = 0"]),
        ("[0, 12000]", "[-1, 12000]", ['over."threat.layoffs"', "-1: must be a number from 0"]),
        ("[0, 12000]", "[0, 1e6]", ["threat.layoffs = 1000000.0", "workforce = 45000"]),
        ("[4, 9]", "[4.2, 4.8]", ['over."calendar.rounds"', "holds no whole number"]),
        (
            "{ uniform = [4, 9] }",
            "{ choice = [4, 4.5] }",
            ["calendar.rounds = 4.5", "whole number"],
        ),
        (
            '"calendar.rounds" = { uniform = [4, 9] }',
            '"members.strata" = "plausible"',
            ['over."members.strata"', "has no plausible range"],
        ),
        ("calendar.rounds", "talks.selection", ["talks.selection", '"tradeoff" or', "choice"]),
        ("calendar.rounds", "ratification.second_vote", ["must be true or false", "choice"]),
        ('"plausible"', '"plausibel"', ['"plausibel" is not a distribution', '"plausible"']),
        (
            '"plausible"',
            "{ normal = { mean = 0.1, sd = 0.01, low = 0, high = 0.2 } }",
            ['over."members.noise"', "0: must be a number above 0 to 10"],
        ),
        (
            '"plausible"',
            "{ normal = { mean = -9, sd = 0.01 } }",
            ['over."members.noise"', "hardly anything", "10"],
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line_that_names_file_key_and_value(sampled, old, new, words):
    text = f'design = "random"\npoints = 7\n{OVER}'
    assert old in text
    problems = problems_of(sampled, text.replace(old, new))
    assert len(problems) == 1, problems
    for word in ["sampled.toml", *words]:
        assert word in problems[0]


def test_a_sample_over_nothing_is_told(sampled):
    (told,) = problems_of(sampled, 'design = "random"\npoints = 7\n[sample.over]')
    assert "sample.over: names no parameter" in told


def test_a_sample_does_not_go_with_a_sweep_nor_with_an_arm_that_sets_the_same_key(sampled):
    text = f'design = "random"\npoints = 7\n{OVER}'
    (told,) = problems_of(sampled, text, '[sweep]\n"members.fairness" = [0.1, 0.2]')
    assert "[sweep] and [sample]: do not go together" in told
    (told,) = problems_of(sampled, text, '[arms.one]\n"threat.layoffs" = 3')
    assert 'arms.one."threat.layoffs": is also sampled' in told


def test_a_rule_that_is_sampled_is_not_overruled_unnoticed(sampled):
    over = '[sample.over]\n"information.rule" = { choice = ["leaky", "open_door"] }'
    text = f'design = "random"\npoints = 7\n{over}'
    (told,) = problems_of(sampled, text, '[set]\n"information.leak_hazard" = 0.2')
    assert "would overrule the information.rule that is sampled" in told


def test_all_problems_are_told_at_once(sampled):
    text = f'design = "sobol"\npoints = 7\nlevels = 2\n{OVER}'
    text = text.replace("[0, 12000]", "[2, 1]").replace('"plausible"', "{ choice = [-1, -2] }")
    assert len(problems_of(sampled, text)) == 5


def test_where_many_points_are_wrong_the_first_ones_are_told(sampled):
    over = '[sample.over]\n"threat.layoffs" = { normal = { mean = 60000, sd = 10 } }'
    problems = problems_of(sampled, f'design = "random"\npoints = 37\n{over}')
    assert len(problems) == 11
    assert "point 0: threat.layoffs" in problems[0]
    assert "27 more" in problems[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "design",
    ["latin_hypercube", "one_at_a_time", pytest.param("saltelli", marks=pytest.mark.slow)],
)
def test_results_are_read_from_their_points_and_not_drawn_again(
    sampled, tmp_path, monkeypatch, design
):
    """As another SciPy might draw others, and SALib might be missing."""
    points = "" if design == "one_at_a_time" else "\npoints = 4"
    path = sampled(f'design = "{design}"{points}\n{OVER}')
    results = run_experiment(path, tmp_path / "out", overrides={"replications": 2})

    def other(*arguments):
        raise AssertionError("drawn again")

    with monkeypatch.context() as patched:
        patched.setattr(design_module, "draw", other)
        again = load_results(results.folder)
        assert again.experiment.points == results.experiment.points
        assert not verify(again, worlds=3).problems
        repeated = run_experiment(results.folder, tmp_path / "again")
        assert repeated.manifest["sha256"] == results.manifest["sha256"]
        assert run_experiment(results.folder, results.folder).manifest == results.manifest
    other_seed = load_experiment(results.folder, {"seed": 999})
    if design != "one_at_a_time":
        assert other_seed.points != results.experiment.points


def test_points_of_results_that_are_not_those_drawn_are_refused(sampled, tmp_path):
    path = sampled(f'design = "random"\npoints = 4\n{OVER}')
    results = run_experiment(path, tmp_path / "out", overrides={"replications": 1})
    file = results.folder / "points.parquet"
    good = pd.read_parquet(file)
    for points, words in [
        (good.iloc[::-1], "does not hold the points it held"),
        (good.drop(columns=good.columns[-1]), "not what the sample is over"),
    ]:
        points.to_parquet(file)
        with pytest.raises(InputError, match=words):
            load_experiment(results.folder)
