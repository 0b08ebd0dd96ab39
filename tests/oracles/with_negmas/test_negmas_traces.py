"""Three talks that NegMAS once played, stored, so that they can be compared without NegMAS."""

import tomllib
from pathlib import Path

import pytest

from sim.cases.loading import with_values
from sim.interop import import_scenario
from sim.negotiators.agents import Coalition, Governor

TESTS = Path(__file__).parents[2]
STORED = tomllib.loads((TESTS / "oracles" / "data" / "negmas_traces.toml").read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "talks", STORED["talks"], ids=lambda t: f"{t['governor']}-{t['coalition']}"
)
def test_our_table_plays_the_stored_talks_offer_by_offer(talks, our_table, by_the_rules_of_negmas):
    played = our_table(
        with_values(
            import_scenario(TESTS / "interop" / "data" / "negmas"), {"talks.selection": "cheapest"}
        ),
        talks["rounds"],
        by_the_rules_of_negmas(Governor, talks["governor"]),
        by_the_rules_of_negmas(Coalition, talks["coalition"]),
    )
    assert [list(offer) for offer in played.offers] == talks["offers"]
    if "agreement" in talks:
        assert list(played.agreement) == talks["agreement"]
    assert (played.round, played.acceptor) == (talks.get("round"), talks.get("acceptor"))
