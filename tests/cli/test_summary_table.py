"""The summary on a terminal: every n, bounds of uneven intervals, and the main measure always."""

import numpy as np
import pandas as pd
import pytest

from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.runner import run_experiment
from sim.show.console import print_summary
from sim.show.summary_table import Column, columns_that_fit

LONG = "an arm with a name that runs on and on until no terminal has room for more than itself"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    document = {
        "name": "narrow",
        "question": "What?",
        "scenario": "sebac-2011",
        "replications": 40,
        "seed": 5,
        "sweep": {"threat.layoffs": [0, 12_000], "information.secrecy": [0.33, 1.0]},
        "arms": {LONG: {"ratification.second_vote": False}, "two ballots": {}},
    }
    return run_experiment(parse_experiment(document, "narrow"), tmp_path_factory.mktemp("n") / "o")


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 60, 80, 100, 160, 300])
def test_what_was_ratified_is_never_dropped_or_cut(results, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    print_summary(results)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= columns
    words = " ".join(shown.split())
    assert "ratified" in words and "in the" in words
    for row in results.summary.to_dict("records"):
        assert f"{100 * row['ratified']:.1f}" in words
        assert f"{100 * row['ratified_low']:.1f}, {100 * row['ratified_high']:.1f}]" in words
    assert ("no room for" in words) == (columns < 300)


def summary(**columns):
    n = len(next(iter(columns.values()))[0])
    table = pd.DataFrame({"point": range(n), "n": 300})
    for name, (mean, low, high, own) in columns.items():
        for end, values in (("", mean), ("_low", low), ("_high", high), ("_n", own)):
            table[name + end] = np.asarray(values, dtype=float)
    return table


def shown(table, room=300):
    label = Column("point", [str(number) for number in table["point"]], words=True)
    return {column.title: column.cells for column in columns_that_fit(table, [label], room).columns}


def test_a_mean_of_three_worlds_says_so_and_is_marked():
    found = shown(
        summary(
            ratified=([0.5, 0.5], [0.44, 0.44], [0.56, 0.56], [300, 300]),
            yes_share_2=([0.657, 0.7], [0.55, 0.69], [0.764, 0.71], [3, 300]),
        )
    )
    assert found["n"] == ["3*", "300"]
    assert found["yes on\nsecond\nballot, %"][0].startswith("65.7")


def test_an_interval_that_is_uneven_or_touches_what_is_possible_is_told_by_its_ends():
    rate = summary(ratified=([1.0, 0.5], [0.987, 0.44], [1.0, 0.56], [300, 300]))
    assert next(iter(list(shown(rate).values())[1:])) == [
        "100.0 [98.7, 100.0]",
        "50.0 [44.0, 56.0]",
    ]
    even = summary(round=([11.0, 10.0], [10.5, 9.2], [11.5, 10.8], [300, 300]))
    assert shown(even)["round\nagreed"] == ["11.0 ±0.5", "10.0 ±0.8"]
    at_most_one = summary(nash_ratio=([0.99], [0.98], [1.0], [300]))
    assert shown(at_most_one)["Nash\nratio"] == ["0.99 [0.98, 1.00]"]


def test_an_interval_is_not_shown_as_none_where_there_is_one():
    narrow = summary(round=([11.0], [10.98], [11.02], [300]))
    assert shown(narrow)["round\nagreed"] == ["11.00 ±0.02"]


def test_dollars_of_a_school_district_are_no_zeros():
    small = summary(savings=([4.18], [4.09], [4.27], [300]))
    assert shown(small)["savings\nagreed,\n$M"] == ["4.18 ±0.09"]


def test_what_is_over_all_worlds_comes_before_what_only_some_have():
    both = summary(
        savings=([1600.0], [1590.0], [1610.0], [200]),
        savings_realised=([1000.0], [900.0], [1100.0], [300]),
    )
    titles = list(shown(both))
    assert titles.index("savings\nrealised,\n$M") < titles.index("savings\nagreed,\n$M")
