"""The page of promises: each has tests that exist, and the last campaign was whole and found nothing."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
CAMPAIGN = PAGE.partition("## The last campaign")[2].partition("\n## ")[0]
PROMISES = [
    line
    for line in PAGE.splitlines()
    if line.startswith("| ") and line not in CAMPAIGN and not line.startswith("| promise")
]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda line: line[2:50])
def test_every_promise_names_tests_that_exist(promise):
    _, _, kept_by = promise.strip("| ").rpartition(" | ")
    tests = re.findall(r"\[(\w+)\]\(\.\./(tests/[\w/]+\.py)\)", kept_by)
    assert tests
    for name, path in tests:
        assert Path(path).stem == name
        assert "def test_" in (ROOT / path).read_text("utf-8")


def test_the_counts_are_of_a_whole_campaign_that_found_nothing():
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in CAMPAIGN.splitlines()]
    counts = {
        row[0]: [int(cell.replace(",", "")) for cell in row[1:]]
        for row in rows
        if len(row) == 5 and row[1][:1].isdigit()
    }
    for tried, told, carried_on, found in counts.values():
        assert tried == told + carried_on + found
        assert found == 0
    assert counts["kills"][0] >= 60
    assert counts["spoiled bytes"][0] >= 5_000


def test_security_points_to_the_promises():
    assert "(docs/promises.md)" in (ROOT / "SECURITY.md").read_text("utf-8")
