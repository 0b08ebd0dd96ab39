"""Counterfactuals over draws, and arms against the record."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cases.record import load_record
from sim.experiments.analysis.counterfactual import by_arm
from sim.experiments.design.experiment import parse_experiment
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.runner import run_experiment
from sim.inputs.problems import InputError
from sim.play.fit import compare, from_columns, targets
from sim.show.figures.counterfactuals import counterfactuals
from sim.show.figures.draw import draw
from sim.show.figures.record import record

RECORD = load_record("connecticut-2011")


def experiment(**changes):
    document = {
        "name": "arms",
        "question": "What would one change have done?",
        "scenario": "sebac-2011",
        "replications": 13,
        "seed": 3,
        "arms": {
            "as it was": {"ratification.second_vote": True},
            "one ballot": {"ratification.second_vote": False},
        },
        "sample": {
            "design": "random",
            "points": 5,
            "over": {"members.noise": {"uniform": [0.05, 0.1]}},
        },
    }
    document |= changes
    return parse_experiment({k: v for k, v in document.items() if v is not None}, "arms")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return run_experiment(experiment(), tmp_path_factory.mktemp("arms") / "out")


@pytest.mark.slow
def test_an_arm_is_the_spread_over_draws_and_differs_from_the_first_at_the_same_draw(results):
    table = by_arm(results).set_index(["measure", "arm"])
    summary = results.summary
    once = summary[summary["arm"] == "one ballot"]["ratified"].to_numpy()
    both = summary[summary["arm"] == "as it was"]["ratified"].to_numpy()
    told = table.loc[("ratified", "one ballot")]
    assert told["draws"] == 5
    assert told["median"] == np.median(once)
    assert told["low"] == pytest.approx(np.quantile(once, 0.05))
    assert told["difference"] == np.median(once - both)
    assert told["difference_high"] == pytest.approx(np.quantile(once - both, 0.95))
    first = table.loc["yes_share_1"]
    assert (first["difference"] == 0).all()


def test_counterfactuals_have_a_panel_a_measure_and_the_first_arm_on_top(results):
    drawn = counterfactuals(by_arm(results), "13", "What would one change have done?")
    assert len(drawn.axes) == 5
    labels = [text.get_text() for text in drawn.axes[0].get_yticklabels()]
    assert labels == ["as it was", "one ballot"]
    assert drawn.axes[0].yaxis_inverted()
    assert "5 draws" in drawn.get_label()
    assert '"as it was"' in drawn.get_label()


def test_the_record_stands_above_the_arms_and_shades_what_lies_within():
    worlds = pd.DataFrame({name: np.full(41, np.nan) for name in targets(RECORD)})
    worlds["yes_share_1"], worlds["unions_yes_1"] = np.linspace(0.5, 0.6, 41), 3.0
    drawn = record({"an arm": compare(worlds, RECORD).table}, "Which facts?")
    axes = drawn.axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["0.57", "11.0", "0.55", "3.0"]
    weights = [text.get_weight() for text in axes.texts]
    assert weights == ["bold", "bold", "bold", "normal"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["the record", "an arm"]


def test_columns_of_worlds_tell_the_moments_but_not_single_unions():
    outcome = sim.negotiate("sebac-2011", 17, seed=5)
    told = from_columns(outcome.frame(), 12, RECORD)
    assert (told["savings"] == outcome.frame()["savings"]).all()
    assert told["CEUI on ballot 1"].isna().all()


@pytest.mark.slow
def test_both_are_drawn_by_name(results):
    for name in ("ladder", "record"):
        (path,) = draw(results, FigureRequest(name=name))
        assert path.name == f"{name}.png"
        assert path.stat().st_size > 10_000


@pytest.mark.slow
def test_counterfactuals_without_arms_names_figures_that_can(tmp_path):
    alone = run_experiment(experiment(arms=None), tmp_path / "alone")
    with pytest.raises(InputError, match="fewer than two; these results can show talks") as refused:
        draw(alone, FigureRequest(name="ladder"))
    named = str(refused.value).split("can show ")[1].replace(" and ", ", ").split(", ")
    assert "ladder" not in named
    for name in named:
        assert draw(alone, FigureRequest(name=name))[0].stat().st_size > 10_000
