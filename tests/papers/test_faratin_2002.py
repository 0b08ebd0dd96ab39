"""Faratin, Sierra and Jennings (2002): which package to offer among those that are good enough.

Before giving way a side can look for a trade-off: of all packages that reach its aspiration, offer
the one that the other side likes best, or the one most similar to what it last asked for. A third
rule draws any of the cheapest tenth, as a yardstick. A fourth looks at oneself only, as tactics on one
issue do (Faratin, Sierra and Jennings 1998): it offers the cheapest.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.tradeoff import trade_off
from sim.negotiators.bidding import cheapest, random_, similar, tradeoff
from sim.negotiators.history import NO_OFFER
from sim.negotiators.situation import Ranking
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation

# Two issues: packages 0 to 5 are (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1).
AGENDA = Agenda(
    names=("pay", "jobs"),
    titles=("Pay", "Jobs"),
    units=("", ""),
    levels=((0.0, 1.0, 2.0), (0.0, 1.0)),
    similarity=("squared", "absolute"),
    similarity_weights=(1.0, 3.0),
)
OWN = np.array([[0.0, 3.0, 4.0, 7.0, 8.0, 11.0]])
OTHER = np.array([[10.0, 9.0, 6.0, 5.0, 4.0, 1.0]])
ALL = len(AGENDA)
UTILITIES = st.lists(st.integers(0, 7), min_size=ALL, max_size=ALL)


@pytest.fixture(scope="session")
def choose(situation):
    """Give a function that has a rule choose among the first candidates, in one world."""

    def chosen(
        rule, candidates, received=NO_OFFER, uniform=0.0, own=OWN, other=OTHER, agenda=AGENDA
    ):
        sides = Valuation.plain(own), Valuation.plain(other)
        seen = situation(agenda, *sides, [received], turn=1, uniform=uniform)
        return int(rule(seen, np.array([candidates]))[0])

    return chosen


def ranked(own):
    return Ranking(AGENDA, Valuation.plain(own), Valuation.plain(OTHER))


def test_packages_are_ranked_from_best_to_worst_and_equals_by_number():
    assert ranked(OWN).order.tolist() == [[5, 4, 3, 2, 1, 0]]
    assert ranked(OWN * 0).order.tolist() == [[0, 1, 2, 3, 4, 5]]


@pytest.mark.parametrize(
    ("level", "count"), [(12.0, 1), (11.0, 1), (10.9, 1), (8.0, 2), (7.5, 2), (0.0, 6), (-1.0, 6)]
)
def test_candidates_reach_the_aspiration_and_the_best_always_is_one(level, count):
    assert ranked(OWN).at_least(np.array([level]), np.array([0])).tolist() == [count]


def test_a_trade_off_gives_the_other_side_the_most_that_the_aspiration_allows(choose):
    other = np.array([[9.0, 1.0, 2.0, 8.0, 5.0, 6.0]])
    chosen = [choose(tradeoff, candidates, other=other) for candidates in range(1, ALL + 1)]
    assert chosen == [5, 5, 3, 3, 3, 0]


def test_of_trade_offs_as_good_for_the_other_side_the_best_for_oneself_is_offered(choose):
    nearly = np.array([[0.0, 0.0, 6.0 + 1e-10, 6.0, 0.0, 0.0]])
    clearly = np.array([[0.0, 0.0, 6.0 + 1e-8, 6.0, 0.0, 0.0]])
    assert choose(tradeoff, ALL, other=nearly) == 3
    assert choose(tradeoff, ALL, other=clearly) == 2


def test_of_equals_for_both_the_first_in_order_is_offered(choose):
    own, other = (
        np.array([[2.0, 5.0, 5.0, 5.0, 1.0, 1.0]]),
        np.array([[0.0, 3.0, 4.0, 4.0, 0.0, 0.0]]),
    )
    assert choose(tradeoff, ALL, own=own, other=other) == 2


@given(UTILITIES, UTILITIES, st.integers(1, ALL))
def test_a_trade_off_is_what_a_search_through_all_candidates_finds(choose, own, other, candidates):
    own, other = np.array([own], dtype=float), np.array([other], dtype=float)
    in_order = sorted(range(ALL), key=lambda p: (-own[0, p], p))
    best = max(in_order[:candidates], key=lambda p: (other[0, p], own[0, p], -p))
    assert choose(tradeoff, candidates, own=own, other=other) == best


def test_the_most_similar_package_is_nearest_to_what_the_other_side_asked_for(choose):
    # Pay differs by its square, jobs by 3 for each step: from (0, 1) it is 1 to (1, 1), 4 to (2, 1)
    # and 3 to (0, 0).
    assert [choose(similar, candidates, received=1) for candidates in range(1, ALL + 1)] == [
        5,
        5,
        3,
        3,
        1,
        1,
    ]
    assert AGENDA.difference(1).tolist() == [3, 0, 4, 1, 7, 4]


def test_ties_of_similarity_are_drawn_with_equal_chance(choose):
    # (2, 1) and (1, 0) are both at a distance of 4 from (0, 1).
    tied = np.array([[0.0, 0.0, 8.0, 0.0, 1.0, 9.0]])
    draws = [choose(similar, 3, received=1, uniform=u, own=tied) for u in (0.0, 0.49, 0.51, 0.99)]
    assert draws == [5, 5, 2, 2]


def test_before_the_first_offer_of_the_other_side_all_candidates_are_alike(choose):
    draws = [choose(similar, 4, uniform=u) for u in (0.0, 0.24, 0.26, 0.51, 0.76, 0.99)]
    assert draws == [5, 5, 4, 3, 2, 2]


def test_the_random_rule_draws_from_the_tenth_that_is_cheapest_for_oneself(choose):
    wide = Agenda(("pay",), ("",), ("",), (tuple(map(float, range(31))),), ("squared",), (1.0,))
    own, other = np.arange(31.0)[None], np.zeros((1, 31))

    def draw(candidates, uniform):
        return 30 - choose(random_, candidates, 0, uniform, own, other, wide)

    assert [draw(n, 0.0) for n in (1, 9, 10, 11, 20, 21, 31)] == [0, 8, 9, 9, 18, 18, 27]
    assert [draw(n, 0.999) for n in (1, 9, 10, 11, 20, 21, 31)] == [0, 8, 9, 10, 19, 20, 30]
    assert [draw(31, u) for u in (0.0, 0.24, 0.26, 0.51, 0.76)] == [27, 27, 28, 29, 30]


def test_the_cheapest_candidate_is_worth_least_to_oneself(choose):
    assert [choose(cheapest, candidates) for candidates in range(1, ALL + 1)] == [5, 4, 3, 2, 1, 0]


@given(UTILITIES, st.integers(1, ALL))
def test_the_cheapest_of_equals_is_the_first_in_order(choose, own, candidates):
    in_order = sorted(range(ALL), key=lambda p: (-own[p], p))
    least = own[in_order[candidates - 1]]
    found = choose(cheapest, candidates, own=np.array([own], dtype=float))
    assert found == own.index(least)


@pytest.mark.parametrize("rule", [tradeoff, similar, random_, cheapest])
@given(data=st.data())
def test_seven_worlds_choose_at_once_as_each_would_alone(choose, situation, rule, data):
    worlds = 7
    integers = st.integers(0, 7)
    rows = st.sampled_from([1, worlds])
    own, other = (
        np.array(
            data.draw(
                st.lists(st.lists(integers, min_size=ALL, max_size=ALL), min_size=n, max_size=n)
            )
        )
        for n in (data.draw(rows), data.draw(rows))
    )
    own, other = own.astype(float), other.astype(float)
    chosen = np.array([5, 0, 3])  # those that move, in any order
    candidates = np.array(data.draw(st.lists(st.integers(1, ALL), min_size=3, max_size=3)))
    received = np.array(data.draw(st.lists(st.integers(NO_OFFER, ALL - 1), min_size=3, max_size=3)))
    uniform = np.array([0.1, 0.6, 0.9])
    offers = np.full((worlds, 1), NO_OFFER)
    offers[chosen, 0] = received
    sides = Valuation.plain(own), Valuation.plain(other)
    seen = situation(AGENDA, *sides, offers, turn=1, uniform=uniform, worlds=chosen)
    found = rule(seen, candidates)
    for i, world in enumerate(chosen):
        alone = {"own": own[world % len(own)][None], "other": other[world % len(other)][None]}
        assert found[i] == choose(rule, candidates[i], received[i], uniform[i], **alone)


# ------------------------------------------------------------------ the trade-off on continuous issues

WORKED = {"weights": np.array([0.8, 0.2]), "guessed_weights": np.array([0.2, 0.8])}
THIRDS = st.lists(st.integers(1, 9), min_size=3, max_size=3).map(lambda w: np.array(w) / sum(w))


def similarity(one, other, guessed_weights):
    return 1 - (guessed_weights * np.abs(one - other)).sum(-1)


def test_a_continuous_trade_off_departs_where_it_costs_the_other_side_least():
    package, similar_by = trade_off(**WORKED, level=0.7, offer=np.zeros(2))
    assert package == pytest.approx([0.875, 0])
    assert similar_by == pytest.approx(0.825)
    proportional = np.array([0.7, 0.7])
    assert similarity(proportional, np.zeros(2), WORKED["guessed_weights"]) == pytest.approx(0.3)


def test_on_a_grid_the_similar_rule_finds_the_continuous_trade_off(choose):
    steps = tuple(np.linspace(0, 1, 41).tolist())
    grid = Agenda(
        ("pay", "jobs"), ("", ""), ("", ""), (steps, steps), ("absolute",) * 2, (0.2, 0.8)
    )
    own = (grid.packages * WORKED["weights"]).sum(-1)[None]
    reaching = int((own >= 0.7 - 1e-9).sum())
    found = choose(similar, reaching, received=0, own=own, other=own * 0, agenda=grid)
    assert grid.packages[found] == pytest.approx([0.875, 0])


@given(THIRDS, THIRDS, st.lists(st.floats(0, 1), min_size=3, max_size=3), st.floats(0, 1))
def test_no_package_of_that_worth_is_more_similar_to_the_offer(weights, guessed, offer, level):
    offer = np.array(offer)
    package, most = trade_off(weights, level, offer, guessed)
    assert (weights * package).sum() == pytest.approx(level)
    assert ((package >= -1e-12) & (package <= 1 + 1e-12)).all()
    others = np.random.default_rng(7).random((499, 3))
    others[:, 2] = (level - (weights * others)[:, :2].sum(-1)) / weights[2]
    others = others[(others[:, 2] >= 0) & (others[:, 2] <= 1)]
    assert (similarity(others, offer, guessed) <= most + 1e-9).all()


@pytest.mark.parametrize("level", [-0.1, 1.1])
def test_a_level_that_no_package_has_is_refused(level):
    with pytest.raises(ValueError, match=f"level is {level}: packages are worth 0 to 1"):
        trade_off(**WORKED, level=level, offer=np.zeros(2))
