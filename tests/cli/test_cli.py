"""What people type, what they read, and the exit code."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parents[2]

SMALL = """
name = "small"
question = "Does a larger threat bring a larger deal?"
scenario = "sebac-2011"
replications = 20
seed = 11

[sweep]
"threat.layoffs" = [0, 12000]
"threat.bumping" = [0.0, 0.3]
"""


@pytest.fixture
def bargain(tmp_path, monkeypatch):
    """Call the command in an empty folder."""

    def call(*arguments, folder=tmp_path):
        monkeypatch.chdir(folder)
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return call


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    return path


def test_run_plays_one_world_of_a_scenario_and_says_how_to_make_an_experiment(bargain, tmp_path):
    (tmp_path / "my case.toml").write_text('extends = "mini-ct"\nname = "my-case"\n', "utf-8")
    done = bargain("run", "my case.toml", "--seed", "3", "--set", "calendar.rounds=6")
    assert done.exit_code == 0, done.stderr
    assert "The talks (rounds 0 to 6" in done.stdout
    lines = done.stdout.split("my-case_experiment.toml:\n\n")[1].split("\nnext ")[0]
    assert 'scenario = "my case.toml"' in lines
    assert not (tmp_path / "results").exists()
    (tmp_path / "my-case_experiment.toml").write_text(lines.replace("1000", "5"), "utf-8")
    many = bargain("run", "my-case_experiment.toml", "--no-figures", "--quiet")
    assert many.exit_code == 0, many.stderr
    refused = bargain("run", "mini-ct", "--replications", "0", "--restart")
    assert refused.exit_code == 2
    assert "one world is played; --replications and --restart can be given" in refused.stderr


def test_run_writes_data_figures_and_says_where_and_what_next(bargain, small, tmp_path):
    done = bargain("run", small)
    assert done.exit_code == 0, done.stderr
    for word in ("80 worlds", "ratified", "summary.csv", "figures", "bargain replay"):
        assert word in done.stdout
    out = tmp_path / "results" / "small"
    made = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert {
        "experiment.toml",
        "scenario.toml",
        "points.parquet",
        "summary.csv",
        "manifest.json",
        "failures.jsonl",
        str(Path("worlds", "part-000000.parquet")),
        str(Path("figures", "talks.png")),
        str(Path("figures", "talks.svg")),
        str(Path("figures", "outcome_map-ratified.png")),
    } <= made
    again = bargain("run", small)
    assert again.exit_code == 0
    assert "is complete" in again.stdout


@pytest.mark.slow
def test_show_plot_and_replay_read_the_folder(bargain, small):
    bargain("run", small, "--no-figures", "--quiet")
    shown = bargain("show", "results/small")
    assert shown.exit_code == 0
    assert "threat" in shown.stdout
    drawn = bargain("plot", "small", "--figure", "outcome_map", "--measure", "savings")
    assert drawn.exit_code == 0, drawn.stderr
    assert "outcome_map-savings.png" in drawn.stdout
    told = bargain("replay", "small", "--point", "3", "--replication", "19")
    assert told.exit_code == 0, told.stderr
    for word in ("round    0", "The first ballot", "to the governor"):
        assert word in told.stdout


@pytest.mark.slow
def test_the_answers_of_a_grid_are_printed_and_drawn(bargain, small):
    bargain("run", small, "--no-figures", "--quiet")
    told = bargain("effects", "small", "--measure", "savings")
    assert told.exit_code == 0, told.stderr
    assert "threat.layoffs" in told.stdout
    assert "share of the variation" in told.stdout
    told = bargain("enough", "small", "--measure", "savings", "--at-most", "5")
    assert told.exit_code == 0, told.stderr
    assert "Not enough: the interval is wider than ±5 at 4 of 4 points." in told.stdout
    for figure, *options in (["effects"], ["enough", "--at-most", "5"]):
        drawn = bargain("plot", "small", "--figure", figure, "--measure", "savings", *options)
        assert drawn.exit_code == 0, drawn.stderr
        assert f"{figure}-savings.png" in drawn.stdout


@pytest.mark.slow
def test_boxes_of_a_sample_are_printed_and_drawn(bargain, small):
    head = SMALL.split("[sweep]")[0].replace("= 20", "= 2")
    sample = '[sample]\ndesign = "sobol"\npoints = 64\nover = { "governor.beta" = "plausible" }\n'
    small.write_text(head + sample, "utf-8")
    bargain("run", small, "--no-figures", "--quiet")
    sought = ["small", "--measure", "savings", "--above", "900"]
    told = bargain("discover", *sought)
    assert told.exit_code == 0, told.stderr
    assert "governor.beta" in told.stdout
    drawn = bargain("plot", *sought, "--figure", "boxes", "--density", "0.7")
    assert drawn.exit_code == 0, drawn.stderr
    assert "boxes-savings.png" in drawn.stdout
    for command in (["discover", "small"], ["plot", "small", "--figure", "boxes"]):
        refused = bargain(*command)
        assert refused.exit_code == 2
        assert "as below or as above" in refused.stderr


@pytest.mark.slow
def test_settings_of_the_call_reach_every_point(bargain, small, tmp_path):
    done = bargain("run", small, "--set", "talks.self_serving_bias=3.0", "--replications", "5")
    assert done.exit_code == 0, done.stderr
    text = (tmp_path / "results" / "small" / "experiment.toml").read_text("utf-8")
    assert "self_serving_bias" in text
    assert "replications = 5" in text


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run", "smal"], "no experiment is called"),
        (["run", "absent.toml"], "no such file"),
        (["run", "small.toml", "--set", "threat.layofs=1"], 'did you mean "threat.layoffs"'),
        (["run", "small.toml", "--set", "threat.layoffs"], "KEY=VALUE"),
        (["run", "small.toml", "--set", "calendar.rounds=many"], "calendar.rounds"),
        (["run", "small.toml", "--replications", "0"], "replications = 0"),
        (["check", "sebac-2012"], "sebac-2011"),
        (["show", "nothing"], "no such results folder"),
        (["replay", "nothing"], "no such results folder"),
        (["list", "scenario"], 'did you mean "scenarios"'),
        (["describe", "threat.layofs"], 'did you mean "threat.layoffs"'),
    ],
)
def test_wrong_input_is_one_clear_line_code_2_and_nothing_written(
    bargain, small, tmp_path, arguments, word
):
    done = bargain(*arguments)
    assert done.exit_code == 2, done.stdout + done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()


def test_an_output_folder_that_cannot_be_written_is_code_1(bargain, small, tmp_path):
    (tmp_path / "blocked").write_text("")
    done = bargain("run", small, "--out", tmp_path / "blocked" / "out")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
    assert "--out" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_figure_that_the_results_cannot_show_is_refused(bargain, small):
    bargain("run", small, "--no-figures", "--quiet")
    for arguments, word in [
        (["--figure", "pie"], "no figure is called"),
        (["--figure", "outcome_map", "--measure", "happiness"], "happiness"),
        (["--figure", "outcome_map", "--x", "members.noise"], "members.noise"),
        (["--figure", "talks", "--all"], "name one figure, or ask for all"),
    ]:
        done = bargain("plot", "small", *arguments)
        assert done.exit_code == 2
        assert word in done.stderr
        assert "Traceback" not in done.stderr


def test_every_shipped_file_is_checked_listed_and_described(bargain):
    scenarios = ["mini-ct", "sebac-2011", "split-the-pie"]
    assert bargain("check", *scenarios, folder=ROOT).exit_code == 0
    for what in ("scenarios", "experiments", "tactics", "figures", "parameters"):
        listed = bargain("list", what, folder=ROOT)
        assert listed.exit_code == 0
        assert len(listed.stdout.splitlines()) >= 2
    for name in [*scenarios, "layoff_threat", "pivot", "talks", "threat", "governor.beta"]:
        described = bargain("describe", name, folder=ROOT)
        assert described.exit_code == 0, described.stderr
        assert len(described.stdout) > 40


def test_check_tells_all_problems_of_all_files(bargain, small, tmp_path):
    (tmp_path / "other.toml").write_text("name = ", "utf-8")
    small.write_text(SMALL.replace("[0.0, 0.3]", "[-1.0]").replace("= 20", "= 0"), "utf-8")
    done = bargain("check", small, tmp_path / "other.toml", "mini-ct")
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 3
    assert "mini-ct: a good scenario" in done.stdout


def test_the_command_is_also_a_module_and_speaks_on_its_own(tmp_path):
    command = [sys.executable, "-m", "sim", "check", "mini-ct", "nothing.toml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout.startswith("mini-ct: a good scenario: 36 packages")
    assert done.stderr == "error: nothing.toml: there is no such file\n"


def test_help_and_import_stay_light():
    """Neither may pull in the heavy libraries: that is what keeps them under half a second."""
    heavy = "{'numpy', 'pandas', 'mesa', 'matplotlib', 'scipy', 'pyarrow'}"
    for code in ("import sim", "import sim.cli"):
        probe = f"import sys\n{code}\nprint(sorted({heavy} & set(sys.modules)))"
        out = subprocess.run(
            [sys.executable, "-c", probe], capture_output=True, text=True, check=True
        )
        assert out.stdout.strip() == "[]"
