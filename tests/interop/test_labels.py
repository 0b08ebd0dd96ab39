"""Levels with labels: words wherever a person reads, numbers in tables and files."""

import pytest

from sim.cases.loading import parse_scenario
from sim.inputs.problems import InputError
from sim.play.outcome import negotiate
from sim.preferences.agenda import Agenda
from sim.show.console import print_solution
from sim.show.figures.bargaining_set import bargaining_set
from sim.show.figures.talks import talks
from sim.show.report.words import measured
from sim.show.story import tell_story
from sim.teaching.kit.deals import level_of
from sim.teaching.kit.paper import on_paper, printed_issues
from sim.worlds.solution import solve


def document(*issues):
    """A game over issues with labels, each of which the sides see as opposites."""
    return {
        "name": "labelled",
        "title": "A game with words",
        "description": "Made up.",
        "source": "made up",
        "utility": "points",
        "batna": [0.0, 0.0],
        "calendar": {"rounds": 4},
        "governor": {"beta": 1.0},
        "coalition": {"beta": 1.0},
        "issue": [
            {
                "name": name,
                "title": name.title(),
                "unit": "none",
                "levels": [float(number) for number, _ in enumerate(labels)],
                "labels": list(labels),
                "governor": [float(number) for number, _ in enumerate(labels)],
                "coalition": [float(-number + len(labels)) for number, _ in enumerate(labels)],
            }
            for name, labels in issues
        ],
    }


HOURS, PAY = ("hours", ("no", "yes")), ("pay", ("low", "middling", "high"))


@pytest.fixture
def labelled():
    return parse_scenario(document(HOURS, PAY), "labelled")


def test_a_level_is_called_by_its_label_or_its_number(labelled, edited):
    assert [issue.label_of(1.0) for issue in labelled.issue] == ["yes", "middling"]
    numbers = edited(
        labelled,
        {("issue", 0): {k: v for k, v in document(HOURS)["issue"][0].items() if k != "labels"}},
    )
    assert numbers.issue[0].label_of(0.5) == "0.5"
    assert Agenda.of(labelled).in_words(4) == {"hours": "yes", "pay": "middling"}
    assert Agenda.of(numbers).in_words(4) == {"hours": "1", "pay": "middling"}


def test_stories_solutions_and_figures_have_words_and_tables_numbers(labelled, capsys):
    outcome, solution = negotiate(labelled, seed=1), solve(labelled)
    story = tell_story(outcome)
    assert "hours: yes and pay: high" in story
    assert "hours 1" not in story
    print_solution(solution)
    printed = capsys.readouterr().out
    assert "middling" in printed or "high" in printed
    assert solution.nash.words == Agenda.of(labelled).in_words(solution.nash.number)
    key = " ".join(
        text.get_text()
        for axes in bargaining_set(solution).axes
        for text in axes.get_legend().get_texts()
    )
    assert f"pay {solution.nash.words['pay']}" in key
    assert set(outcome.offers()["hours"]) <= {0.0, 1.0}
    assert solution.packages["pay"].max() == 2.0


def test_a_report_says_what_the_numbers_mean(labelled):
    assert measured("hours", labelled).words == "mean level agreed of hours (0 = no, 1 = yes)"
    assert labelled.issue[1].scale == "0 = low, 1 = middling, 2 = high"


def test_one_issue_with_labels_is_drawn_with_its_words_on_the_axis():
    scenario = parse_scenario(document(PAY), "labelled")
    axes = talks(negotiate(scenario, seed=1)).axes
    ticks = [text.get_text() for text in axes[0].get_yticklabels()]
    assert ticks == ["low", "middling", "high"]


def test_a_kit_prints_the_words_and_takes_them(labelled):
    hours, pay = printed_issues(on_paper(labelled))
    assert (hours.labels, hours.marks, hours.unit) == (("no", "yes"), ("no", "yes"), "")
    assert pay.labels == ("low", "middling", "high")
    assert level_of(pay, "Middling") == 1.0


def test_a_kit_with_fewer_levels_keeps_the_words_that_belong_to_them():
    many = ("size", tuple("abcdefghijklmnopqrstuvwxyz"))
    [size, _] = printed_issues(on_paper(parse_scenario(document(many, PAY), "labelled")))
    assert len(size.levels) < 26
    assert size.labels == tuple(many[1][int(level)] for level in size.levels)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["no"], "issue.hours.labels: has 1 labels for 2 levels; give one for each"),
        (["no", "no"], r"issue.hours.labels = \[.*\]: repeats a label"),
        (["no", " "], "must be words; one is empty"),
        (["no", 1], "issue.hours.labels.*: must be text"),
    ],
)
def test_labels_must_be_words_one_a_level_and_differ(labels, said):
    wrong = document(HOURS, PAY)
    wrong["issue"][0]["labels"] = labels
    with pytest.raises(InputError, match=said):
        parse_scenario(wrong, "labelled")
