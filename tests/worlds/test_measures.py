"""Every column of numbers that an outcome has is a measure with words, a unit, and worlds it exists in."""

import pytest

from sim.cases.loading import shipped_scenarios
from sim.experiments.statistics.paired import measured
from sim.play.measures import (
    ACCEPTED,
    AGREED,
    ALWAYS,
    AWARDED,
    FAILED,
    FIRST,
    MEASURES,
    RATIFIED,
    SECOND,
    measures_of,
)
from sim.play.outcome import negotiate

pytestmark = pytest.mark.slow

OFF = {"mediation.on": True, "arbitration.on": True, "seniority.votes_told": True}  # as shipped
WORLDS = 23


def column_frames():
    """The worlds of every shipped scenario, and of the full case with what it leaves off."""
    cases = [(name, {}) for name in shipped_scenarios()]
    cases += [
        ("strike", {"delay.on": True}),
        ("connecticut-2011", OFF),
        ("connecticut-2011", {"governor.tactic": "obstinate"}),
    ]
    for name, values in cases:
        outcome = negotiate(name, WORLDS, seed=5, set=values)
        yield outcome.scenario, measured(outcome.frame(), outcome.scenario)


@pytest.fixture(scope="module")
def frames():
    return list(column_frames())


def numbers(scenario, frame):
    """The columns of numbers but the levels of issues."""
    found = frame.select_dtypes(["number", "bool", "boolean"])
    return found.drop(columns=[issue.name for issue in scenario.issue]).columns


def test_the_table_has_the_measures_that_scenarios_make_and_no_other(frames):
    made = {name for scenario, frame in frames for name in numbers(scenario, frame)}
    votes = {name for scenario, _ in frames for each in scenario.ratifier for name in each.columns}
    assert made - votes == set(MEASURES)


def test_the_measures_of_a_scenario_are_its_columns(frames):
    for scenario, frame in frames:
        issues = [issue.name for issue in scenario.issue]
        assert set(measures_of(scenario)) == {*numbers(scenario, frame), *issues}


def test_what_is_not_a_number_is_one_of_a_few_words(frames):
    words = {"status", "proposer", "secrecy_rule", "governor_wanted", "coalition_wanted"}
    for scenario, frame in frames:
        issues = {issue.name for issue in scenario.issue}
        assert set(frame) - set(numbers(scenario, frame)) - issues <= words


def test_a_measure_exists_in_the_worlds_that_it_says(frames):
    for _, frame in frames:
        there = frame.notna()
        always, never = there["agreed"], frame["agreed"].isna()
        award, mediated = (frame.get(name, never).astype(bool) for name in ("awarded", "mediated"))
        worlds = {
            ALWAYS: always,
            AGREED: frame["agreed"],
            ACCEPTED: frame["agreed"] & ~mediated,
            FIRST: there.get("yes_share_1", never),
            SECOND: there.get("yes_share_2", never),
            RATIFIED: frame["ratified"],
            FAILED: ~(frame["ratified"] | award),
            AWARDED: award,
        }
        for name, measure in MEASURES.items():
            if name in frame:
                assert (there[name] == worlds[measure.exists]).all(), name


def test_rates_are_counted_yes_or_no(frames):
    for _, frame in frames:
        for name, measure in MEASURES.items():
            if name in frame and measure.rate:
                assert set(frame[name].dropna().astype(float)) <= {0.0, 1.0}


def test_a_unit_shows_shares_dollars_and_plain_numbers():
    shown = {
        ("ratified", 0.583): "58\u00a0%",
        ("savings", 1601.9): "$1,602M",
        ("utility_governor", -0.5): "−0.50",
        ("layoffs", 4742.3): "4,742",
        ("round", 11.06): "11.1",
    }
    for (name, value), text in shown.items():
        assert MEASURES[name].unit.show(value) == text
