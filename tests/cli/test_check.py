"""`bargain check`: a scenario explained back in plain words, to see whether it says what was meant."""

import re

import pytest
from typer.testing import CliRunner

from sim.cli import app

DOUBTED = """
extends = "sebac-2011"
name = "doubted"
[governor]
resource = 4.0
[threat]
layoffs = 40000
size_doubt = 0.5
"""


@pytest.fixture
def bargain(tmp_path, monkeypatch):
    """Call the command in an empty folder; gives what it said, spaces made one."""

    def call(*words, code=0):
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == code, done.output
        return re.sub(r"\s+", " ", done.output)

    return call


def test_a_case_with_a_ballot_is_explained(bargain):
    told = bargain("check", "sebac-2011")
    for words in (
        "who the governor, and a coalition of 15 unions with 50,160 members: AFSCME Council 4 15,600",
        "tax_share: Further tax on the wealthy (0, 0.05, 0.1, 0.15; share of the gap)",
        "never both negotiated_layoffs and job_security",
        "14 of 15 unions with 80% of the weight (unions counted whole)",
        "alone can block: AFSCME Council 4",
        "10 of 15 leaders may change the bylaws to 8 of 15 unions with 50%",
        "the gap of $2,000M is closed without the unions (Plan B): about 4,735 layoffs",
        "1,779 of 2,000 packages are better for both sides than no agreement (the ZOPA)",
        "more likely than not pass the first ballot (its win-set)",
        "of 200 worlds, with 95 % intervals (seed 1):",
        "is ratified on the second",
        "the full ask saves $1,940M, 97% of the gap and $43,111 an employee",
        "members are said to feel it as 14.2% of a year's pay",
        "members believe it with 50% and leaders with 90%",
    ):
        assert words in told
    assert "warning" not in told
    assert "inherited" not in told


def test_a_textbook_game_is_explained(bargain):
    told = bargain("check", "mini-ct")
    for words in (
        "who the governor (the side called governor) and the union leaders (called coalition)",
        "wages: Wage freeze (0, 1, 2; years)",
        "the governor gets 25 points and the union leaders 35",
        "17 of 36 packages are better for both sides",
        "100% (98% to 100%) ends in an agreement",
    ):
        assert words in told
    assert "ballot" not in told


def test_what_a_file_does_not_show_is_told(bargain, tmp_path):
    (tmp_path / "doubted.toml").write_text(DOUBTED, "utf-8")
    told = bargain("check", "doubted.toml")
    assert "note title, description: not stated, so as in what this file extends" in told
    assert "warning threat.size_doubt = 0.5 leaves 2.4% of the belief in the threat" in told
    assert "8.4 times what Plan B would itself lay off (4,735)" in told
    assert "governor.resource = 4.0: has no effect" in told
    count = int(re.search(r"inherited (\d+) values that act are those of sebac-2011", told)[1])
    everything = bargain("check", "doubted.toml", "--all")
    assert everything.count("(sebac-2011)") == count
    assert "members.noise = 0.065: spread of reasons the model does not see." in everything
    assert "coalition.resource = " not in everything  # which does nothing here


def test_several_files_are_explained_only_if_that_is_asked_for(bargain):
    assert "in theory" not in bargain("check", "mini-ct", "split-the-pie")
    assert "in theory" not in bargain("check", "mini-ct", "--no-explain")
    told = bargain("check", "mini-ct", "split-the-pie", "--explain")
    assert told.count("in theory") == 2


def test_a_base_is_told_as_one(bargain):
    assert "two-level: is a base to be extended, and no case" in bargain("check", "two-level")
    bargain("solve", "two-level", code=2)


def test_lists_that_have_both_kinds_are_noted(bargain, tmp_path):
    entry = '[[union]]\nname = "Troopers"\nmembers = 10\nsource = "made up"\n'
    members = "coalition = { members = 50170 }\n"
    (tmp_path / "m.toml").write_text(f'extends = "sebac-2011"\n{members}{entry}', "utf-8")
    assert "union: no entry here has a name of the base, so the list has these 1" in bargain(
        "check", "m.toml"
    )
