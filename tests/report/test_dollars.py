"""Dollars keep three significant digits wherever they are shown, by one function."""

import re
from pathlib import Path

import pytest

import sim
from sim.cases.loading import as_document, parse_scenario
from sim.play.measures import DOLLARS, dollars, millions
from sim.show.figures.talks import talks
from sim.show.report.words import measured

ROOT = Path(__file__).parents[2]
THOUSANDTH = 0.003  # of the money of 2011: a school district


@pytest.fixture(scope="module")
def district():
    """The base case with a gap of $6M in place of $2,000M, and of all else as much less."""
    document = as_document(sim.load_scenario("sebac-2011"))
    fiscal = document["fiscal"]
    fiscal["gap"] *= THOUSANDTH
    fiscal["savings"] = {name: value * THOUSANDTH for name, value in fiscal["savings"].items()}
    return parse_scenario(document, "district")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1601.9, "$1,602M"),
        (4.18, "$4.18M"),
        (4.184, "$4.18M"),
        (41.84, "$41.8M"),
        (0.0417, "$0.0417M"),
        (0.4, "$0.4M"),
        (6.0, "$6M"),
        (412.5, "$413M"),
        (99.96, "$100M"),
        (0.0, "$0M"),
        (-3.5, "\u2212$3.5M"),
        (-1e-13, "$0M"),
        (2e17, "$200,000,000,000,000,000M"),
    ],
)
def test_dollars_keep_three_significant_digits(value, shown):
    assert dollars(value) == DOLLARS.show(value) == shown


def test_amounts_of_a_ledger_keep_them_too():
    assert [millions(value, 1) for value in (1601.94, 4.18, 0.04, 5.0)] == [
        "1,601.9",
        "4.18",
        "0.04",
        "5.0",
    ]


@pytest.mark.slow
def test_a_school_district_is_told_in_its_own_dollars_in_story_figure_and_report(district):
    outcome = sim.negotiate(district, seed=3)
    story = sim.tell_story(outcome)
    saved = [float(text) for text in re.findall(r"\[\$([\d.]+)M; ", story)]
    by_side = outcome.offers().groupby("proposer")["savings"]
    moved = by_side.shift() != outcome.offers()["savings"]
    assert saved == pytest.approx(outcome.offers()["savings"][moved], rel=5e-3, abs=1e-12)
    assert "$6M" in " ".join(text.get_text() for text in talks(outcome).axes[0].texts)
    savings = measured("savings", district)
    assert savings.told(4.18, 4.09, 4.27) == "$4.18M ($4.09M to $4.27M)"
    assert savings.value(4.18) == "$4.18M"
    assert savings.told(4.18, 4.18, 4.18) == "$4.18M (in every world that has it)"


def test_no_other_place_writes_dollars_for_itself():
    own = re.compile(r"\$\{[^}]*\}M|\"\$\"|'\$'")
    for path in (ROOT / "sim").rglob("*.py"):
        found = own.findall(path.read_text("utf-8"))
        allowed = path.name == "measures.py" or not found or path.parts[-2] == "lessons"
        assert allowed or all('"$"' in each for each in found), path
