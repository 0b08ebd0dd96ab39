"""Our table with NegMAS's rules plays NegMAS's talks: each offer, the agreement, its round, who accepts."""

import itertools

import pytest

from sim.negotiators.agents import Coalition, Governor

TACTICS = {
    "boulware": "BoulwareTBNegotiator",
    "linear": "LinearTBNegotiator",
    "conceder": "ConcederTBNegotiator",
}
PAIRS = list(itertools.product(TACTICS, repeat=2))
ROUNDS = [1, 3, 7, 20, 53]
DOMAINS = 500


@pytest.mark.oracles
@pytest.mark.slow
@pytest.mark.parametrize("pair", range(len(PAIRS)), ids=["-".join(pair) for pair in PAIRS])
def test_the_same_talks_in_500_drawn_games(
    pair, domains, our_table, their_table, by_the_rules_of_negmas
):
    negotiators = pytest.importorskip("negmas.sao.negotiators")
    governor, coalition = PAIRS[pair]
    ends = set()
    for number in range(pair, DOMAINS, len(PAIRS)):
        scenario, rounds = domains(number), ROUNDS[number % len(ROUNDS)]
        ours = our_table(
            scenario,
            rounds,
            by_the_rules_of_negmas(Governor, governor),
            by_the_rules_of_negmas(Coalition, coalition),
        )
        seats = (getattr(negotiators, TACTICS[tactic])() for tactic in (governor, coalition))
        assert ours == their_table(scenario, rounds, *seats), f"domain {number}, {rounds} rounds"
        ends.add(ours.acceptor)
    assert {"governor", "coalition"} <= ends
