"""`bargain solve`: what theory would choose, with a picture."""

import pytest
from typer.testing import CliRunner

from sim.cli import app


@pytest.fixture
def bargain(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.mark.slow
def test_a_scenario_is_solved_and_drawn(bargain, tmp_path):
    done = bargain("solve", "sebac-2011", "--set", "ratification.unions_required=8")
    assert done.exit_code == 0, done.stderr
    for word in ("kalai smorodinsky", "1,779 in the ZOPA", "AFSCME Council 4", "win-set"):
        assert word in done.stdout
    assert (tmp_path / "results" / "solve" / "sebac-2011.png").stat().st_size > 10_000


@pytest.mark.slow
def test_of_pooled_votes_the_win_set_is_told_and_no_unions_power(bargain):
    done = bargain("solve", "sebac-2011", "--set", "ratification.weighting=pooled")
    assert done.exit_code == 0, done.stderr
    assert "win-set" in done.stdout
    assert "ratified" in done.stdout
    assert "power of the unions" not in done.stdout
    assert "AFSCME" not in done.stdout


def test_a_textbook_game_has_no_ballot_to_tell_of(bargain):
    done = bargain("solve", "mini-ct")
    assert done.exit_code == 0, done.stderr
    assert "price of disagreement 55.6%" in done.stdout
    assert "ballot" not in done.stdout


def test_a_wrong_name_is_told(bargain):
    done = bargain("solve", "mini_ct")
    assert done.exit_code == 2
    assert "mini-ct" in done.stderr
