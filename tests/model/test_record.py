"""The record as data, and the record beside the model."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cases.record import load_record, own_record, record_of
from sim.inputs.problems import InputError
from sim.play.fit import compare, crps, observed, out_of_sample, targets, worlds_beside
from sim.show.report.limits import limits, not_identified

RECORD = load_record("connecticut-2011")


def test_every_number_of_the_record_has_a_source():
    for told in (*RECORD.moment, *RECORD.vote):
        assert "http" in told.source or told.source.startswith("derived: "), told


@pytest.mark.parametrize("name", ["sebac-2011", "connecticut-2011"])
def test_the_agreement_is_a_package_that_saves_about_what_was_scored(name):
    scenario = sim.load_scenario(name)
    assert all(RECORD.agreement[issue.name] in issue.levels for issue in scenario.issue)
    saved = sum(d * RECORD.agreement[issue] for issue, d in scenario.fiscal.savings.items())
    scored = next(moment for moment in RECORD.moment if moment.name == "savings")
    assert abs(saved - scored.value) < 10


def test_the_counts_give_the_shares_of_the_record():
    aims = targets(RECORD)
    assert aims["AFSCME Council 4 on ballot 1"][0] == pytest.approx(0.45, abs=5e-4)
    assert aims["State Police on wages"][0] == pytest.approx(0.158, abs=5e-4)
    assert aims["yes_share_1"][0] == pytest.approx(21415 / (21415 + 15988), abs=1e-4)
    assert aims["yes_share_2"][0] == pytest.approx(26161 / (26161 + 9620), abs=1e-4)


def test_a_comparison_tells_how_single_worlds_spread_and_where_the_record_lies():
    worlds = pd.DataFrame({name: np.full(101, np.nan) for name in targets(RECORD)})
    worlds["yes_share_1"] = np.linspace(0.3, 0.5, 101)
    worlds["unions_yes_1"] = np.arange(101) % 15 + 1.0
    told = compare(worlds, RECORD).table.set_index("moment")
    yes, unions, absent = (told.loc[name] for name in ("yes_share_1", "unions_yes_1", "units_yes"))
    assert (yes["low"], yes["high"]) == pytest.approx((0.31, 0.49))
    assert yes["rank"] == 1
    assert yes["inside"] is False
    assert unions["inside"] is True
    assert unions["rank"] == pytest.approx(
        ((worlds.unions_yes_1 < 11) + 0.5 * (worlds.unions_yes_1 == 11)).mean()
    )
    assert absent["worlds"] == 0
    assert absent["inside"] is None


def test_what_a_world_says_is_what_its_rows_say():
    outcome = sim.negotiate("sebac-2011", 31, seed=5)
    told, worlds, ballots = observed(outcome, RECORD), outcome.frame(), outcome.ballots()
    assert (told["savings"] == worlds["savings"]).all()
    assert (told["time"] == worlds["round"].astype(float) / 12).all()
    afscme = ballots[(ballots.union == "AFSCME Council 4") & (ballots.ballot == 1)]
    assert (told["AFSCME Council 4 on ballot 1"] == afscme.set_index("world").yes_share).all()


def test_draws_are_played_in_turn(tmp_path):
    path = tmp_path / "draws.csv"
    path.write_text("ratification.second_vote,threat.layoffs\nFalse,0\nTrue,4742\n", "utf-8")
    told = compare(worlds_beside("sebac-2011", worlds=40, seed=1, draws=path), RECORD).table
    assert told.set_index("moment").loc["savings", "worlds"] == 40
    assert 1 <= told.set_index("moment").loc["yes_share_2", "worlds"] <= 20


def test_only_a_scenario_of_the_case_is_held_against_its_record(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "sebac-2011"\nname = "mine"\n', "utf-8")
    with pytest.raises(InputError, match="mine: names no record of what happened;"):
        worlds_beside(path, worlds=2)
    with pytest.raises(InputError, match='and "connecticut-2011" is of another case'):
        worlds_beside(path, "connecticut-2011", worlds=2)
    with pytest.raises(
        InputError, match='its record is "connecticut-2011"; what happened in another'
    ):
        worlds_beside("sebac-2011", "vermont-2015", worlds=2)
    path.write_text('extends = "sebac-2011"\nrecord = "connecticut-2011"\n', "utf-8")
    assert own_record(sim.load_scenario(path)) == RECORD
    assert record_of(sim.load_scenario("mini-ct")) is None


def test_a_report_of_another_case_says_nothing_of_connecticut(tmp_path):
    ours, theirs = sim.load_scenario("sebac-2011"), {"extends": "sebac-2011", "name": "mine"}
    told = " ".join(limits(sim.load_scenario(theirs)))
    assert "Connecticut" not in told
    assert "No record of what happened is held against these numbers." in told
    assert "chosen by hand on these numbers" in " ".join(limits(ours))
    assert not_identified(sim.load_scenario(theirs)) == []
    assert not_identified(ours) == RECORD.not_identified


def test_a_record_that_is_none_says_what_there_is():
    with pytest.raises(InputError, match='did you mean "connecticut-2011"'):
        load_record("connecticut-2012")


def test_a_record_of_ones_own_is_a_file_and_its_mistakes_are_sentences(tmp_path):
    path = tmp_path / "mine.toml"
    vote = 'voters = "Teachers"\nballot = 1\nyes = 30\nno = 10\nsource = "made up"\n'
    path.write_text(
        f'case = "mine"\nagreement = {{}}\nnot_identified = []\nmoment = []\n[[vote]]\n{vote}',
        "utf-8",
    )
    assert load_record(str(path)).vote[0].yes_share == 0.75
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(path.read_text("utf-8").replace("yes = 30", "yes = -1"), "utf-8")
    with pytest.raises(InputError, match=r"wrong.toml: vote.*yes = -1"):
        load_record(str(wrong))


def test_a_score_is_the_distance_of_a_sure_forecast_and_less_for_one_that_is_rightly_unsure():
    assert crps(np.full(5, 0.7), 0.4) == pytest.approx(0.3)
    pairs = np.abs(np.subtract.outer([0.2, 0.6, 0.7], [0.2, 0.6, 0.7])).mean()
    assert crps(np.array([0.6, 0.2, 0.7]), 0.5) == pytest.approx((0.1 + 0.3 + 0.2) / 3 - pairs / 2)


def test_what_is_held_out_is_scored_beside_what_was_known():
    names = list(targets(RECORD))
    sure = pd.DataFrame({name: np.full(11, 0.6) for name in names})
    scores = out_of_sample(sure, RECORD, 2).set_index("voters")
    assert scores.loc["CEUI", "model"] == pytest.approx(abs(0.6 - 2383 / 3194))
    assert scores.loc["CEUI", "persists"] == pytest.approx(2383 / 3194 - 1498 / 3190)
    assert scores.loc["A&R", "persists"] == scores.loc["A&R", "mean"]
    assert scores.loc["A&R", "mean"] == pytest.approx(1604 / 2291 - 0.5726)
    assert scores.loc["mean score", "model"] == pytest.approx(scores["model"][:-1].mean())
    assert "AFSCME Council 4" not in scores.index
    assert "AFSCME Council 4" in out_of_sample(sure, RECORD, 1)["voters"].to_numpy()
