"""The cases of the library go through every door of the program from files alone."""

import pytest
from typer.testing import CliRunner

from sim.cli import app

CASES = {  # what is swept
    "firm-and-union": ("values.elsewhere", [15.0, 20.0]),
    "strike": ("strike.governor", [1.0, 3.0]),
    "treaty": ("ratifier.north.required", [0.5, 0.8]),
    "school-district": ("threat.layoffs", [10, 30]),
}

EXPERIMENT = """
name = "asked"
question = "What does it change?"
scenario = "mine.toml"
replications = 11
seed = 1
[sweep]
"{}" = {}
"""


@pytest.fixture
def bargain(tmp_path, monkeypatch):
    """Give a function that types a command in a folder of its own, and gives what it prints."""
    monkeypatch.chdir(tmp_path)

    def typed(*command):
        done = CliRunner().invoke(app, list(command))
        assert done.exit_code == 0, done.output
        return done.output

    return typed


@pytest.mark.parametrize("case", CASES)
def test_a_case_goes_through_every_door(case, bargain, tmp_path):
    (tmp_path / "mine.toml").write_text(f'extends = "{case}"\nname = "mine"\n', "utf-8")
    (tmp_path / "asked.toml").write_text(EXPERIMENT.format(*CASES[case]), "utf-8")
    assert "a good scenario" in bargain("check", "mine.toml")
    assert "2 design points" in bargain("check", "asked.toml")
    assert "nash" in bargain("solve", "mine.toml")
    assert "22 worlds" in bargain("run", "asked.toml")
    assert "drew" in bargain("plot", "results/asked", "--figure", "bargaining_set")
    assert "wrote" in bargain("report", "results/asked")
    assert ": yes, a tentative agreement" in bargain("replay", "results/asked", "--point", "1")
    assert "play the same bit for bit" in bargain("verify", "results/asked")
    assert "kit.html" in bargain("kit", "mine.toml")
    deals = "results/kit/mine/deals_example.csv"
    assert "Nash" in bargain("score", deals, "--scenario", "mine.toml")
    assert bargain("describe", case)
