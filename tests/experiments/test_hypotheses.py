"""Hypotheses are written before the run, checked as files, and told however they come out."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cases.loading import load_scenario
from sim.cli import app
from sim.experiments.analysis.hypotheses import run_hypotheses
from sim.experiments.analysis.verdicts import verdict
from sim.experiments.design.claims import Hypothesis, compared
from sim.experiments.design.experiment import load_experiment
from sim.experiments.design.waiting import read_waiting
from sim.experiments.statistics.paired import Difference
from sim.inputs.problems import InputError

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "experiments" / "hypotheses"
FILES = sorted(FOLDER.glob("h*.toml"))
THREAT = """
name = "h99_threat"
question = "Does a larger threat bring a larger deal?"
scenario = "sebac-2011"
replications = 50
seed = 3

[sweep]
"threat.layoffs" = [0, 4742]

[arms.closed]
"information.rule" = "closed_door"

[arms."closed as well"]
"information.rule" = "closed_door"

[[hypothesis]]
id = "H90"
claim = "A larger threat brings larger savings."
source = "Schelling 1960"
measure = "savings"
predicted = "up"
at = { arm = "closed" }

[[hypothesis]]
id = "H90"
claim = "A larger threat brings smaller savings (it does not)."
source = "none"
measure = "savings"
predicted = "down"
at = { arm = "closed" }

[[hypothesis]]
id = "H91a"
claim = "Two names for one thing differ in nothing."
source = "none"
measure = "yes_share_1"
predicted = "none"
along = "arm"
at = { "threat.layoffs" = 0 }

[[hypothesis]]
id = "H91b"
claim = "The effect is as large under one name as under the other."
source = "none"
measure = "savings"
predicted = "any"
at = { arm = "closed" }
more_than_at = { arm = "closed as well" }
"""
WAITING = """
[[waiting]]
id = "H92"
claim = "Something else."
source = "none"
predicted = "up"
reason = "it is not there yet"
"""


@pytest.fixture
def folder(tmp_path):
    """Give a folder experiments/hypotheses of one file and one hypothesis that waits."""
    made = tmp_path / "experiments" / "hypotheses"
    made.mkdir(parents=True)
    (made / "h99_threat.toml").write_text(THREAT, "utf-8")
    (made / "waiting.toml").write_text(WAITING, "utf-8")
    return made


def problems_of(folder, old, new):
    path = folder / "h99_threat.toml"
    assert old in THREAT
    path.write_text(THREAT.replace(old, new), "utf-8")
    with pytest.raises(InputError) as told:
        load_experiment(path)
    return [problem.removeprefix(f"{path}: ") for problem in told.value.problems]


# ------------------------------------------------------------------------------------ the verdict


@pytest.mark.parametrize(
    ("predicted", "low", "high", "said"),
    [
        ("up", 0.1, 0.3, "as predicted"),
        ("up", -0.3, -0.1, "against the prediction"),
        ("up", -0.1, 0.1, "not distinguishable"),
        ("down", -0.3, -0.1, "as predicted"),
        ("down", 0.1, 0.3, "against the prediction"),
        ("down", -0.1, 0.1, "not distinguishable"),
        ("up", 0.0, 0.2, "not distinguishable"),
        ("up", float("nan"), float("nan"), "not distinguishable"),
        ("none", -0.1, 0.1, "against the prediction"),
        ("any", 0.1, 0.3, "reported"),
    ],
)
def test_the_sign_counts_when_the_interval_leaves_out_zero(predicted, low, high, said):
    difference = Difference((low + high) / 2, low, high, 50, False)
    assert verdict(predicted, difference) == said


def test_no_effect_means_that_no_world_differs():
    nowhere = Difference(0.0, 0.0, 0.0, 50, True)
    assert verdict("none", nowhere) == "exactly none"
    assert verdict("up", nowhere) == "not distinguishable"
    unpaired = Difference(*[float("nan")] * 3, 0, False)
    assert verdict("none", unpaired) == "not distinguishable"


# ----------------------------------------------------------------------- which points are compared

LABELS = [{"arm": arm, "x": x} for arm in ("low", "high") for x in (1, 2, 3)]


def claim(**keys):
    given = {"id": "H1", "claim": "c", "source": "s", "measure": "m", "predicted": "up"} | keys
    return Hypothesis.model_validate(given)


@pytest.mark.parametrize(
    ("keys", "points", "other"),
    [
        ({"at": {"arm": "low"}}, (0, 1, 2), ()),
        ({"at": {"arm": "high"}, "from": 3, "to": 1}, (5, 4, 3), ()),
        ({"at": {"arm": "high"}, "from": 2}, (4, 5), ()),
        ({"along": "arm", "at": {"x": 2}}, (1, 4), ()),
        ({"at": {"x": 3}, "from": "high", "to": "low"}, (5, 2), ()),
        ({"at": {"arm": "low"}, "more_than_at": {"arm": "high"}}, (0, 1, 2), (3, 4, 5)),
    ],
)
def test_the_points_from_the_first_to_the_last(keys, points, other):
    found = compared(claim(**keys), LABELS)
    assert (found.points, found.other) == (points, other)


def test_arms_that_are_named_have_no_arms_on_the_way():
    arms = [{"arm": name} for name in "abc"]
    assert compared(claim(), arms).points == (0, 1, 2)
    assert compared(claim(**{"from": "a", "to": "c"}), arms).points == (0, 2)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'measure = "yes_share_1"',
            'measure = "yes_shares_1"',
            'hypothesis H91a: measure = "yes_shares_1": is not measured (did you mean "yes_share_1"?)',
        ),
        (
            'at = { arm = "closed" }\nmore_than_at',
            'at = { arm = "closd" }\nmore_than_at',
            'hypothesis H91b: at.arm = "closd": is no arm here (did you mean "closed"?)',
        ),
        (
            '{ "threat.layoffs" = 0 }',
            '{ "threat.layoffs" = 1 }',
            "hypothesis H91a: at.threat.layoffs = 1: is no value of threat.layoffs here",
        ),
        (
            'along = "arm"',
            'along = "arms"',
            'hypothesis H91a: along = "arms": is not varied here (did you mean "arm"?)',
        ),
        (
            'along = "arm"\nat = { "threat.layoffs" = 0 }',
            "",
            "hypothesis H91a: this experiment varies arm, threat.layoffs; say along which",
        ),
        (
            'along = "arm"\nat = { "threat.layoffs" = 0 }',
            'along = "arm"',
            'hypothesis H91a: at: "threat.layoffs" is missing',
        ),
        (
            'along = "arm"',
            'along = "arm"\nto = "closed"',
            'hypothesis H91a: from and to are both "closed"; name two points',
        ),
        (
            'predicted = "none"',
            'predicted = "more"',
            "hypothesis[2].predicted = \"more\": must be 'up', 'down', 'none' or 'any'",
        ),
        (
            'along = "arm"',
            'along = "arm"\nform = "closed"',
            'hypothesis[2].form: is not a known key (did you mean "from"?)',
        ),
        (
            "seed = 3",
            'seed = 3\nrandom_numbers = "independent"',
            'random_numbers = "independent": hypotheses compare points replication by replication',
        ),
        (
            "seed = 3",
            'seed = 3\nkeep = "sample"',
            'keep = "sample": hypotheses compare points world by world; must be "worlds"',
        ),
    ],
)
def test_what_is_wrong_with_a_hypothesis_is_one_sentence(folder, old, new, sentence):
    (problem,) = problems_of(folder, old, new)
    assert problem.startswith(sentence)


# ------------------------------------------------------------------------------------- the command


@pytest.fixture
def bargain(folder, monkeypatch):
    """Call the command where the folder of hypotheses is."""
    monkeypatch.chdir(folder.parents[1])
    return lambda *words: CliRunner().invoke(app, ["hypotheses", *map(str, words)])


@pytest.mark.slow
def test_every_claim_is_run_and_told_and_written(bargain, tmp_path):
    done = bargain()
    assert done.exit_code == 0, done.stderr
    assert "H90, H91a, H91b: Does a larger threat" in done.stderr
    for word in ("as predicted", "against the prediction", "exactly none", "reported", "waiting:"):
        assert word in done.stdout
    table = pd.read_csv(tmp_path / "results" / "hypotheses" / "verdicts.csv", index_col="id")
    assert list(table.index) == ["H90", "H90", "H91a", "H91b", "H92"]
    told = ["as predicted", "against the prediction", "exactly none", "reported"]
    assert list(table["verdict"]) == [*told, "waiting: it is not there yet"]
    assert (table.loc["H90", "estimate"] > 100).all()
    assert (table.loc[["H91a", "H91b"], "estimate"] == 0).all()
    assert (table["pairs"].dropna() == 50).all()
    assert table["savings_realised_to"].notna().sum() == 4


@pytest.mark.slow
def test_a_second_call_runs_nothing_again_and_restart_does(bargain, tmp_path):
    manifest = tmp_path / "here" / "h99_threat" / "manifest.json"
    bargain("--out", "here")
    first = manifest.stat().st_mtime_ns
    bargain("--out", "here")
    assert manifest.stat().st_mtime_ns == first
    bargain("--out", "here", "--restart")
    assert manifest.stat().st_mtime_ns > first


def test_one_hypothesis_and_other_replications(bargain, tmp_path):
    done = bargain("--only", "H91", "--replications", "7")
    assert done.exit_code == 0, done.stderr
    table = pd.read_csv(tmp_path / "results" / "hypotheses" / "verdicts.csv")
    assert list(table["id"]) == ["H91a", "H91b"]
    assert set(table["pairs"]) == {7}
    wrong = bargain("--only", "H93")
    assert wrong.exit_code == 2
    assert 'no hypothesis is called "H93"' in wrong.stderr


def test_where_there_are_no_hypotheses_it_says_so(tmp_path):
    with pytest.raises(InputError, match="none: there is no such folder"):
        run_hypotheses(tmp_path / "none")


@pytest.mark.slow
def test_a_hypothesis_may_start_from_the_one_point_of_another_file(folder, tmp_path):
    text = THREAT.split("[sweep]")[0]
    (folder / "h98_base.toml").write_text(text.replace("h99_threat", "h98_base"), "utf-8")
    start = 'along = "arm"\nfrom_experiment = "h98_base"'
    path = folder / "h99_threat.toml"
    path.write_text(THREAT.replace('along = "arm"', start).replace("= 0 }", "= 4742 }"), "utf-8")
    table = run_hypotheses(folder, tmp_path / "out", only=["H91a"])
    assert table["from"].item() == "h98_base"
    assert table["verdict"].item() == "exactly none"
    other = text.replace("h99_threat", "h98_base").replace("seed = 3", "seed = 4")
    (folder / "h98_base.toml").write_text(other, "utf-8")
    with pytest.raises(InputError, match="must have one point, and the seed and replications"):
        run_hypotheses(folder, tmp_path / "out", only=["H91a"])


# --------------------------------------------------------------------------- the files of the project


@pytest.fixture(scope="module")
def experiments():
    return {path: load_experiment(path) for path in FILES}


def test_each_of_the_28_hypotheses_has_a_file_or_a_reason_to_wait(experiments):
    claims = [entry for found in experiments.values() for entry in found.file.hypothesis]
    here = {re.match(r"H\d+", entry.id)[0] for entry in claims}
    waiting = {entry.id for entry in read_waiting(FOLDER)}
    assert here | waiting == {f"H{number}" for number in range(1, 29)}
    assert {"H7a", "H7b"} <= {entry.id for entry in claims}


def test_a_file_is_named_after_its_hypothesis_and_has_one_ballot_unless_it_is_about_two(
    experiments,
):
    for path, experiment in experiments.items():
        number = re.match(r"h0?(\d+[ab]?)_", path.stem)[1]
        assert {entry.id for entry in experiment.file.hypothesis} <= {f"H{number}"}, path
        ballots = {point.scenario.ratification.second_vote for point in experiment.points}
        assert ballots == {number in ("8", "20", "25")}, path


def test_a_file_without_a_hypothesis_is_where_another_starts_from():
    tables = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FILES}
    starts = {
        entry.get("from_experiment")
        for table in tables.values()
        for entry in table.get("hypothesis", [])
    }
    assert {name for name, table in tables.items() if "hypothesis" not in table} == starts - {None}


def test_the_scenario_with_the_largest_union_split_differs_in_nothing_else():
    whole = load_scenario("sebac-2011")
    split = load_scenario(FOLDER / "sebac-2011-split-afscme.toml")
    sizes = [union.members for union in split.union]
    assert sizes[0] + sizes[-1] == whole.union[0].members
    assert split.union[1:-1] == whole.union[1:]
    assert split.ratification == whole.ratification
    assert max(sizes) / sum(sizes) < 1 - whole.ratification.weight_required


def test_the_scenario_with_one_package_puts_about_that_of_2011_to_the_members():
    fixed = load_scenario(FOLDER / "sebac-2011-fixed-package.toml")
    levels = {issue.name: issue.levels for issue in fixed.issue}
    assert levels == {
        "wages": [1.0],
        "health": [0.75],
        "pensions": [0.75],
        "tax_share": [0.15],
        "negotiated_layoffs": [0.0],
        "job_security": [1.0],
    }
    assert fixed.members == load_scenario("sebac-2011").members


def test_every_source_is_in_the_references(experiments):
    bibliography = (ROOT / "REFERENCES.bib").read_text("utf-8")
    works = re.split(r"^@", bibliography, flags=re.MULTILINE)
    claims = [entry for found in experiments.values() for entry in found.file.hypothesis]
    for entry in [*claims, *read_waiting(FOLDER)]:
        for author, year in re.findall(r"([A-Z][a-z]+) ((?:19|20)\d\d)", entry.source):
            if author not in ("June",):
                assert any(author in work and year in work for work in works), entry.source


@pytest.mark.slow
def test_the_page_tells_what_the_command_tells(tmp_path):
    table = run_hypotheses(FOLDER, tmp_path)
    page = (FOLDER / "README.md").read_text("utf-8")
    shown = [line.split(" | ") for line in page.splitlines() if line.startswith("| H")]
    told = [(cells[0].strip("| "), cells[1], cells[-1].strip("| ")) for cells in shown]
    assert told == list(zip(table["id"], table["claim"], table["verdict"], strict=True))
