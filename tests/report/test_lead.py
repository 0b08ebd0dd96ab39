"""A report answers its question first: in at most five sentences, honest for each kind of design."""

import re
from itertools import islice

import pytest

from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.runner import run_experiment
from sim.show.report.answer import measures_told
from sim.show.report.differences import differences
from sim.show.report.lead import MOST_SENTENCES, lead
from sim.show.report.page import rendered
from sim.show.report.pictures import pictures
from sim.show.titles import title_of

BASE = {
    "name": "asked",
    "question": "How large must a threat be before a majority ratifies?",
    "scenario": "sebac-2011",
    "replications": 60,
    "seed": 11,
    "set": {"ratification.second_vote": False},
}
GRID = {"sweep": {"threat.layoffs": [0, 7500], "threat.bumping": [0.0, 0.4]}}
OVER = {"threat.layoffs": {"uniform": [0, 12_000]}, "governor.beta": {"uniform": [0.05, 1.0]}}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    def run(**changes):
        document = {k: v for k, v in (BASE | changes).items() if v is not None}
        experiment = parse_experiment(document, "asked")
        return run_experiment(experiment, tmp_path_factory.mktemp("asked") / "out")

    return run


@pytest.fixture(scope="module")
def grid(played):
    return played(**GRID)


def first(results):
    measures = measures_told(results)
    compared = differences(results, [each.name for each in measures[:5]])
    return lead(results, measures[0], compared)


@pytest.mark.slow
def test_a_grid_says_whether_it_is_more_than_half_where_it_is_most_and_along_what(grid):
    said = first(grid)
    summary = grid.summary
    assert (summary["ratified_high"] < 0.5).all()
    assert said.sentences[0].endswith("in none of the 4 settings tried as much as half.")
    top = summary.loc[summary["ratified"].idxmax()]
    assert re.match(
        rf"The most is {100 * top['ratified']:.0f}\s% \(\d+ to \d+\s%\), at layoffs announced for the "
        r"case of failure = 7,500, how unpredictable it is who is laid off = 0\.4",
        said.sentences[1],
    )
    of_none = summary[summary["threat.layoffs"] == 0]["ratified"]
    assert f"0: {100 * of_none.max():.1f}" in said.sentences[2]
    assert said.design.startswith("4 settings: every combination of layoffs announced")
    assert "Each number rests on 60 negotiations" in said.rests_on[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, r"^Share of negotiations ratified in the end: \d+\s% \("),
        ({"set": {}}, r"ratified on the second ballot"),
        (
            {"arms": {"as it was": {}, "twice": {"threat.layoffs": 9484}}},
            r"the most first: “.*Held against “as it was”: “twice” ",
        ),
        (
            {"arms": {"a": {}, "b": {"information.secrecy": 0.0}}} | GRID,
            r"It moves most with the arm .*“a”: .*“b”: ",
        ),
        (
            {"sample": {"design": "sobol", "points": 8, "over": OVER}, "replications": 5},
            r"in the middle of 8 draws .*chance included.*more than half at so many of them",
        ),
        (
            {
                "arms": {"a": {}, "b": {"information.secrecy": 0.0}},
                "sample": {"design": "random", "points": 5, "over": OVER},
            },
            r"in the middle of 5 draws.*“a” .*; “b” .*Surely apart from “a” at",
        ),
        (
            {"sample": {"design": "one_at_a_time", "levels": 3, "over": OVER}},
            r"Where all parameters stand, the share .*by itself moves it from",
        ),
        ({"scenario": "mini-ct", "set": {}}, r"^Share of negotiations that reached an agreement"),
    ],
)
def test_each_design_has_its_own_answer(played, changes, told):
    said = first(played(**changes))
    assert 1 <= len(said.sentences) <= MOST_SENTENCES
    assert re.search(told, " ".join(said.sentences), re.S), said.sentences
    assert not re.search(r"\bnan\b|[a-z_]+\.[a-z_]+ = ", " ".join(said.sentences))


@pytest.mark.slow
def test_claims_made_before_the_run_come_first(played):
    claim = {
        "id": "H1",
        "claim": "A larger threat is ratified more often",
        "source": "assumption",
        "measure": "ratified",
        "predicted": "up",
    }
    said = first(played(sweep={"threat.layoffs": [0, 12_000]}, hypothesis=[claim]))
    assert said.sentences[0].startswith("Of 1 claim made before the run: 1 ")


@pytest.mark.slow
def test_what_only_some_worlds_have_comes_after_its_twin_and_says_how_many_are_left_out(played):
    rules = {"talks.breakdown": 0.05, "ratification.second_vote": False}
    results = played(set=rules, figure=[{"name": "summary", "measure": "savings"}], **GRID)
    names = [each.name for each in measures_told(results)]
    assert names[:2] == ["savings_realised", "savings"]
    told = lead(results, measures_told(results)[1], None).rests_on
    left = int((results.summary["n"] - results.summary["savings_n"]).sum())
    assert left > 0
    assert f"{left:,} of 240 negotiations are left out, and which they are is not chance" in told[1]


@pytest.mark.slow
def test_the_answer_and_its_figure_stand_before_any_list_and_lists_fold(grid):
    page = rendered(grid, islice(pictures(grid), 1))
    answer = page[page.index('id="answer-title"') : page.index('<section id="design"')]
    assert answer.index("as much as half") < answer.index("<figure") < answer.index("<ul>")
    assert answer.index("<figure") < answer.index("Design.") < answer.index("What it rests on.")
    for at in (found.start() for found in re.finditer("<ul>", answer)):
        assert answer.count("<details", 0, at) == answer.count("</details>", 0, at) + 1
    assert "outcome_map" in answer
    assert "ratified in the end" in answer


def test_titles_are_told_in_place_of_keys():
    assert title_of("threat.layoffs") == "layoffs announced for the case of failure"
    assert title_of("governor.beta") == "governor: concession exponent"
    assert title_of("members.convexity") != title_of("members.noise")
    assert title_of("arm") == "arm"
