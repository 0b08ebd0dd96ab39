"""The same command a second time: what is missing is made, and what a person did since is kept."""

import pytest
from typer.testing import CliRunner

from sim.cli import app

SMALL = """
name = "small"
question = "Does a larger threat bring a larger deal?"
scenario = "sebac-2011"
replications = 3
seed = 11
sweep = { "threat.layoffs" = [0, 12000] }
"""


@pytest.fixture
def bargain(tmp_path, monkeypatch):
    """Call the command in a folder with an experiment and notes of one's own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    (tmp_path / "notes.md").write_text("my notes", "utf-8")
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def everything(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_that_was_killed_before_its_figures_draws_them(bargain, tmp_path):
    assert bargain("run", "small.toml", "--out", "o").exit_code == 0
    figures = tmp_path / "o" / "figures"
    drawn = {path: path.read_bytes() for path in figures.glob("*.*g")}
    assert len(drawn) >= 4
    for gone in ([figures / "talks.png"], list(figures.glob("*.svg")), list(figures.iterdir())):
        for path in gone:
            path.unlink()
        (tmp_path / "o" / "manifest.json").unlink()
        again = bargain("run", "small.toml", "--out", "o")
        assert "nothing was run" in again.stdout
        assert {path: path.read_bytes() for path in figures.glob("*.*g")} == drawn


def test_the_deals_of_a_class_are_kept(bargain, tmp_path):
    assert bargain("kit", "split-the-pie", "--out", "kit").exit_code == 0
    assert bargain("kit", "split-the-pie", "--out", "kit").exit_code == 0
    deals = tmp_path / "kit" / "deals.csv"
    filled = deals.read_text() + "1,yes,3,0.5\n"
    deals.write_text(filled)
    again = bargain("kit", "split-the-pie", "--out", "kit")
    assert (again.exit_code, deals.read_text()) == (2, filled)
    assert "deals.csv: is there already" in again.stderr
    assert bargain("kit", "split-the-pie", "--out", "kit", "--force").exit_code == 0
    assert deals.read_text() != filled


@pytest.mark.parametrize("more", [(), ("--restart",), ("--restart", "--force")])
def test_a_study_with_an_experiment_in_it_is_no_results_folder(bargain, tmp_path, more):
    before = everything(tmp_path)
    done = bargain("run", "small.toml", "--out", ".", *more)
    assert done.exit_code == 2
    assert "holds the experiment file itself" in done.stderr
    assert "--restart" not in done.stderr
    assert everything(tmp_path) == before
