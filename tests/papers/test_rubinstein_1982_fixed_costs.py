"""Rubinstein (1982) with fixed bargaining costs: the side to whom a turn costs less takes it all.

Without an end the side with the lower cost has the whole pie if it offers first, and else all but its own
cost of a turn. With a deadline the shares follow from the last offer backwards, worked
out here on a pie that can be cut anywhere.
"""

import numpy as np
import pytest

import sim
from sim.theory.backward_induction import equilibrium

PIE = "split-the-pie"
ZONE = 0.2  # points between what the two sides have without an agreement: 0.4 each of 1
SPAN = 0.6  # points of all the pie above no agreement, which is a utility of 1
PIECE = 1e-4  # of the pie


def shares(rounds, costs):
    """What the mover at each turn keeps of a pie of 1, when a turn costs the sides so much."""
    keeps = [0.0] * (rounds + 1)
    ahead = [0.0, 0.0]  # what each side has if the next turn comes to its offer
    for turn in reversed(range(rounds)):
        mover, other = turn % 2, 1 - turn % 2
        wants = max(ahead[other] - costs[other], 0.0)
        keeps[turn] = 1 - wants
        ahead = [0.0, 0.0]
        ahead[mover], ahead[other] = keeps[turn], wants
    return keeps


def play(governor, coalition, rounds, first="governor"):
    return (
        sim.negotiate(
            PIE,
            set={
                "calendar.rounds": rounds,
                "talks.first_proposer": first,
                "governor.tactic": "subgame_perfect",
                "coalition.tactic": "subgame_perfect",
                "delay.on": True,
                "delay.governor": governor * ZONE,
                "delay.coalition": coalition * ZONE,
            },
        )
        .frame()
        .iloc[0]
    )


@pytest.mark.parametrize("rounds", [1, 2, 7, 40])
@pytest.mark.parametrize("costs", [(0.02, 0.05), (0.05, 0.02), (0.03, 0.03)])
def test_with_a_deadline_the_shares_are_those_of_backward_induction(rounds, costs):
    world = play(*costs, rounds)
    share = (0.6 - world["share"]) / ZONE
    assert share == pytest.approx(shares(rounds, costs)[0], abs=rounds * PIECE / ZONE)
    assert (world["round"], world["proposer"]) == (1, "governor")


def test_the_cheaper_side_takes_it_all_and_leaves_its_own_cost_where_it_answers():
    offers_first, answers = play(0.02, 0.05, 400), play(0.02, 0.05, 400, first="coalition")
    assert (0.6 - offers_first["share"]) / ZONE == pytest.approx(1.0, abs=0.03)
    assert (0.6 - answers["share"]) / ZONE == pytest.approx(1 - 0.02, abs=0.03)


def test_what_is_had_is_less_the_turn_before_it():
    world = play(0.02, 0.05, 7)
    paid = [0.02 * ZONE, 0.05 * ZONE]
    assert [world["cost_of_delay_governor"], world["cost_of_delay_coalition"]] == pytest.approx(
        paid
    )
    had = [(0.6 - world["share"] - paid[0]) / SPAN, (world["share"] - 0.4 - paid[1]) / SPAN]
    assert [world["utility_governor"], world["utility_coalition"]] == pytest.approx(had)


def test_a_turn_without_cost_is_as_if_nothing_was_said_of_it():
    rng = np.random.default_rng(7)
    first, second = rng.random((3, 11)), rng.random((1, 11))
    talks = {
        "disagreement": (np.array([0.2]), np.array([0.1, 0.2, 0.3])),
        "discount": (np.array([0.9]), np.array([0.8])),
        "breakdown": np.array([0.05]),
        "rounds": 5,
    }
    plain = equilibrium(first, second, **talks)
    free = equilibrium(first, second, **talks, cost=(np.zeros((6, 1)), np.zeros((6, 3))))
    assert plain.package.tolist() == free.package.tolist()
    assert plain.continuation.tolist() == free.continuation.tolist()
