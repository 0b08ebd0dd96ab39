"""A tournament: every entrant meets every other and itself, in both seats, with the same draws."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cases.schema import TwoLevelGame
from sim.cli import app
from sim.experiments.design.tournament import TournamentFile, experiments_of, load_tournament
from sim.experiments.running.tournament import run_tournament
from sim.inputs.parameter import choices, parameters
from sim.inputs.problems import InputError
from sim.show.figures.tournament import tournament as drawn

WORDS = """
name = "three"
question = "Who does best?"
replications = 12
seed = 5

[[game]]
scenario = "mini-ct"
set = { "calendar.rounds" = 20 }

[[game]]
scenario = "split-the-pie"
set = { "calendar.rounds" = 30 }

[entrants]
tough = { beta = 0.2 }
soft = { beta = 5.0 }
never = { tactic = "obstinate" }
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("tournament") / "three.toml"
    path.write_text(WORDS, "utf-8")
    return path


@pytest.fixture(scope="module")
def played(file, tmp_path_factory):
    return run_tournament(load_tournament(file), tmp_path_factory.mktemp("out"))


def test_every_pair_meets_in_both_seats_of_every_game(played):
    pairs = played.matrix[["game", "governor", "coalition"]]
    assert len(pairs) == len(pairs.drop_duplicates()) == 2 * 3 * 3


def test_a_cell_is_what_the_pair_gets_when_it_plays_alone(played):
    alone = sim.negotiate(
        "mini-ct",
        12,
        seed=5,
        set={"calendar.rounds": 20, "governor.beta": 0.2, "coalition.beta": 5.0},
    ).frame()
    cell = played.matrix.query(
        "game == 'mini-ct' and governor == 'tough' and coalition == 'soft'"
    ).iloc[0]
    assert cell["utility_governor"] == pytest.approx(alone["utility_governor"].mean(), abs=1e-12)
    assert cell["utility_coalition"] == pytest.approx(alone["utility_coalition"].mean(), abs=1e-12)
    assert cell["agreed"] == alone["agreed"].mean()


def test_the_score_is_the_mean_over_games_seats_and_opponents(played):
    matrix, ranking = played.matrix, played.ranking.set_index("entrant")
    for entrant in ("tough", "soft", "never"):
        as_governor = matrix.loc[matrix["governor"] == entrant, "utility_governor"].mean()
        as_coalition = matrix.loc[matrix["coalition"] == entrant, "utility_coalition"].mean()
        row = ranking.loc[entrant]
        assert row["as_governor"] == pytest.approx(as_governor, abs=1e-12)
        assert row["as_coalition"] == pytest.approx(as_coalition, abs=1e-12)
        assert row["score"] == pytest.approx((as_governor + as_coalition) / 2, abs=1e-12)
        assert row["low"] <= row["score"] <= row["high"]
    assert played.ranking["score"].is_monotonic_decreasing


def test_toughness_pays_against_softness_and_never_giving_way_does_not(played):
    assert played.ranking["entrant"].tolist() == ["tough", "soft", "never"]
    assert played.ranking["agreed"].iloc[0] == pytest.approx(
        played.matrix.loc[
            (played.matrix[["governor", "coalition"]] == "tough").any(axis=1), "agreed"
        ].mean()
    )


@pytest.mark.slow
def test_the_tables_are_kept_and_a_second_call_plays_nothing_again(file, tmp_path, monkeypatch):
    loaded = load_tournament(file)
    first = run_tournament(loaded, tmp_path)
    assert pd.read_csv(tmp_path / "matrix.csv").shape == first.matrix.shape

    def refuse(*_):
        raise AssertionError("a complete game was played again")

    monkeypatch.setattr("sim.experiments.running.workers.play_part", refuse)
    again = run_tournament(loaded, tmp_path)
    pd.testing.assert_frame_equal(again.ranking, first.ranking)


def test_the_figure_shows_each_cell_and_each_score(played):
    left, right = drawn(played).axes[:2]
    shown = np.array([float(text.get_text()) for text in left.texts]).reshape(3, 3)
    matrix = played.matrix
    tough_soft = (
        matrix.query("governor == 'tough' and coalition == 'soft'")["utility_governor"].mean()
        + matrix.query("coalition == 'tough' and governor == 'soft'")["utility_coalition"].mean()
    ) / 2
    assert shown[0, 1] == pytest.approx(tough_soft, abs=0.0051)
    assert right.get_lines()[0].get_xdata() == pytest.approx(played.ranking["score"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("tactic = ", "tactics = "), "entrants.never: mini-ct has no parameter called"),
        (("beta = 0.2", "beta = -1"), "must be"),
        (('"mini-ct"', '"mini-st"'), "mini-ct"),
        (("replications = 12", "replications = 1"), "replications"),
    ],
)
def test_a_wrong_file_is_told_in_sentences(tmp_path, change, told):
    path = tmp_path / "wrong.toml"
    path.write_text(WORDS.replace(*change), "utf-8")
    with pytest.raises(InputError, match=r"wrong\.toml") as caught:
        load_tournament(path)
    assert any(told in problem for problem in caught.value.problems), caught.value.problems


@pytest.mark.slow
def test_the_shipped_tournament_has_all_tactics():
    known = choices(parameters(TwoLevelGame)["governor.tactic"])
    shipped = load_tournament("experiments/tournaments/all_tactics.toml")
    assert {entrant["tactic"] for entrant in shipped.entrants.values()} == set(known)
    assert isinstance(shipped, TournamentFile)
    assert len(experiments_of(shipped)) == 3


@pytest.mark.slow
def test_the_command_prints_the_ranking_and_draws(file, tmp_path):
    done = CliRunner().invoke(app, ["tournament", str(file), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.stderr
    assert "tough" in done.stdout
    assert (tmp_path / "out" / "tournament.png").stat().st_size > 10_000
