"""Ståhl (1972) on any finite set of packages: backward induction, held against exact fractions.

The program under test searches sorted tables in floating point, for all worlds at once. Here every
option of the side to move is written down, one turn at a time, in fractions.

On a pie cut into equal pieces the responder's share is rounded up to the next piece. A piece should be
smaller than what a turn costs: with a tenth of the pie, and a twentieth lost a turn, whoever proposes
last has about all, and nothing of that fades with the rounds (`SHARES` below).
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.alternating_offers import proposer_share_in_rounds
from sim.theory.backward_induction import NO_PACKAGE, equilibrium
from sim.theory.solutions import pareto

TIE_RULES = ("accepts", "rejects")


def exact(sides, discount, breakdown, disagreement, rounds, indifferent):
    """Give the package offered (or none) and what going on is worth to both, turn by turn."""
    gains = [[u - nothing for u in side] for side, nothing in zip(sides, disagreement, strict=True)]
    left = [factor * (1 - breakdown) for factor in discount]
    worth = (Fraction(0), Fraction(0))
    turns = [(NO_PACKAGE, worth)]
    for turn in reversed(range(rounds)):
        mover, other = turn % 2, 1 - turn % 2
        options = []
        for package, gain in enumerate(zip(*gains, strict=True)):
            is_content = (
                gain[other] >= worth[other]
                if indifferent == "accepts"
                else gain[other] > worth[other]
            )
            if is_content:
                options.append((gain[mover], 1, gain[other], -package, gain))
        options.append((worth[mover], 0, worth[other], -NO_PACKAGE, worth))
        *_, number, ahead = max(options)
        worth = (left[0] * ahead[0], left[1] * ahead[1])
        turns.append((-number, worth))
    return turns[::-1]


def solved(sides, discount, breakdown, disagreement, rounds, indifferent="accepts"):
    """Solve one world."""
    first, second = (np.array([side], dtype=float) for side in sides)
    return equilibrium(
        first,
        second,
        disagreement=tuple(np.array([float(x)]) for x in disagreement),
        discount=tuple(np.array([float(x)]) for x in discount),
        breakdown=np.array([float(breakdown)]),
        rounds=rounds,
        indifferent=indifferent,
    )


def pie(pieces):
    """Give both sides' pieces in every division."""
    return [np.arange(pieces + 1).tolist(), np.arange(pieces + 1)[::-1].tolist()]


TENTHS = st.integers(0, 10).map(lambda n: Fraction(n, 10))
QUARTERS = st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1)])
GAMES = st.fixed_dictionaries(
    {
        "sides": st.integers(1, 7).flatmap(
            lambda n: st.tuples(*[st.lists(st.integers(-2, 5), min_size=n, max_size=n)] * 2)
        ),
        "discount": st.tuples(TENTHS, TENTHS),
        "breakdown": QUARTERS,
        "disagreement": st.tuples(st.integers(-1, 1), st.integers(-1, 1)),
        "rounds": st.integers(0, 5),
        "indifferent": st.sampled_from(TIE_RULES),
    }
)


@given(GAMES)
def test_every_turn_agrees_with_exact_fractions(game):
    found = solved(**game)
    turns = exact(**game)
    assert found.package[:, 0].tolist() == [package for package, _ in turns]
    worth = [[float(x) for x in pair] for _, pair in turns]
    assert found.continuation[:, :, 0] == pytest.approx(np.array(worth), abs=1e-12)


@given(GAMES)
def test_no_side_gains_by_one_deviation(game):
    found, rounds = solved(**game), game["rounds"]
    left = [float(x * (1 - game["breakdown"])) for x in game["discount"]]
    gains = np.array(game["sides"], dtype=float) - np.array(game["disagreement"])[:, None]
    for turn in range(rounds):
        mover, other = turn % 2, 1 - turn % 2
        worth, ahead = found.continuation[turn, :, 0], found.continuation[turn + 1, :, 0]
        slack = 1e-9 if game["indifferent"] == "accepts" else -1e-9
        accepted = gains[other] >= ahead[other] - slack
        best = max([ahead[mover], *gains[mover][accepted]])
        assert found.ask[turn, 0] == pytest.approx(best)
        assert worth[mover] == pytest.approx(left[mover] * best)
        package = found.package[turn, 0]
        if package == NO_PACKAGE:
            assert worth == pytest.approx(left * ahead)
        else:
            assert accepted[package]
            assert worth == pytest.approx(left * gains[:, package])
    assert (found.continuation >= 0).all()
    assert (found.continuation[rounds] == 0).all()


@given(GAMES)
def test_nothing_is_agreed_that_both_would_change(game):
    found = solved(**game)
    frontier = pareto(*np.array(game["sides"], dtype=float))
    agreed = found.package[found.package != NO_PACKAGE]
    assert frontier[agreed].all()
    if game["indifferent"] == "accepts" and len(agreed):
        kept = np.flatnonzero(frontier)
        only = solved(**game | {"sides": [np.array(side)[kept] for side in game["sides"]]})
        again = only.package[only.package != NO_PACKAGE]
        assert kept[again].tolist() == agreed.tolist()
        assert (only.continuation == found.continuation).all()


@given(st.lists(GAMES, min_size=7, max_size=7), st.integers(0, 5), st.integers(1, 5))
def test_seven_worlds_at_once_are_what_each_is_alone(games, rounds, packages):
    rng = np.random.default_rng(packages)
    sides = rng.integers(-2, 6, size=(2, 7, packages)).astype(float)
    numbers = {
        "disagreement": np.array([game["disagreement"] for game in games], dtype=float).T,
        "discount": np.array([game["discount"] for game in games], dtype=float).T,
        "breakdown": np.array([game["breakdown"] for game in games], dtype=float),
    }

    def solve(worlds):
        return equilibrium(
            sides[0, worlds],
            sides[1, worlds],
            disagreement=tuple(numbers["disagreement"][:, worlds]),
            discount=tuple(numbers["discount"][:, worlds]),
            breakdown=numbers["breakdown"][worlds],
            rounds=rounds,
        )

    together = solve(np.arange(7))
    for world in range(7):
        alone = solve(np.array([world]))
        assert together.package[:, [world]].tolist() == alone.package.tolist()
        assert together.ask[:, [world]].tobytes() == alone.ask.tobytes()
        assert together.continuation[:, :, [world]].tobytes() == alone.continuation.tobytes()


def test_a_table_that_all_worlds_share_is_solved_as_one_of_their_own():
    first, second = np.array([[4.0, 2.0, 1.0]]), np.array([[0.0, 2.0, 5.0]])
    known = {"breakdown": np.zeros(1), "rounds": 4, "disagreement": (np.zeros(1), np.zeros(1))}
    discount = np.linspace(0.2, 1.0, 7), np.array([0.5])
    shared = equilibrium(first, second, discount=discount, **known)
    own = equilibrium(first.repeat(7, 0), second.repeat(7, 0), discount=discount, **known)
    assert shared.package.tolist() == own.package.tolist()
    assert shared.continuation.tobytes() == own.continuation.tobytes()
    assert shared.continuation.shape == (5, 2, 7)


@pytest.mark.parametrize("differing", [0, 1])
def test_one_table_may_differ_by_world_and_the_other_be_shared(differing):
    tables = [np.array([[4.0, 2.0, 1.0]]), np.array([[0.0, 2.0, 5.0]])]
    tables[differing] = tables[differing] * np.array([[1.0], [0.5], [2.0]])
    known = {"breakdown": np.zeros(1), "rounds": 4, "disagreement": (np.zeros(1), np.full(1, 0.5))}
    known["discount"] = np.array([0.9]), np.array([0.5])
    found = equilibrium(*tables, **known)
    own = equilibrium(*(np.broadcast_to(table, (3, 3)) for table in tables), **known)
    assert found.package.shape == (5, 3)
    assert found.package.tolist() == own.package.tolist()
    assert found.continuation.tobytes() == own.continuation.tobytes()


# ----------------------------------------------------------------------------------- a game by hand


def test_three_packages_by_hand():
    """In the last turn anything is accepted, so who moves before it names its best.

    The second side makes that offer, and has 5 a turn later: worth 2.5 at turn 1, and the first side's 1
    is worth 0.5. At turn 0 the first side has to leave 2.5, and only its worst package does.
    """
    found = solved([[4, 2, 1], [0, 2, 5]], (0.5, 0.5), 0, (0, 0), 2)
    assert found.package[:, 0].tolist() == [2, 2, NO_PACKAGE]
    assert found.ask[:, 0].tolist() == [1.0, 5.0, 0.0]
    assert found.continuation[:, :, 0].tolist() == [[0.5, 2.5], [0.5, 2.5], [0.0, 0.0]]
    # An impatient second side takes 2 rather than wait for 5.
    hasty = solved([[4, 2, 1], [0, 2, 5]], (0.5, 0.4), 0, (0, 0), 2)
    assert hasty.package[:, 0].tolist() == [1, 2, NO_PACKAGE]
    # So does one whose talks may break down, by the same factor.
    risky = solved([[4, 2, 1], [0, 2, 5]], (0.5, 0.5), 0.2, (0, 0), 2)
    assert risky.package[:, 0].tolist() == [1, 2, NO_PACKAGE]
    # At a share of exactly 2 / 5 the tie rule decides.
    stern = solved([[4, 2, 1], [0, 2, 5]], (0.5, 0.4), 0, (0, 0), 2, "rejects")
    assert stern.package[:, 0].tolist() == [2, 2, NO_PACKAGE]


@given(GAMES)
def test_where_something_is_good_for_both_nobody_lets_a_turn_pass(game):
    """What will be agreed can be offered at once, and is accepted by who is indifferent."""
    found = solved(**game | {"indifferent": "accepts"})
    good = np.array(game["sides"]) >= np.array(game["disagreement"])[:, None]
    assert (found.package[:-1] != NO_PACKAGE).tolist() == [[good.all(0).any()]] * game["rounds"]


def test_who_would_rather_reject_lets_a_patient_side_wait():
    found = solved([[3], [1]], (1, 1), 0, (0, 0), 3, "rejects")
    assert found.package[:, 0].tolist() == [NO_PACKAGE, NO_PACKAGE, 0, NO_PACKAGE]
    assert found.continuation[:, :, 0].tolist() == [[3, 1], [3, 1], [3, 1], [0, 0]]


def test_among_equals_the_package_best_for_the_other_side_and_then_the_first_is_offered():
    found = solved([[2, 2, 2, 0], [0, 1, 1, 3]], (0.5, 0.5), 0, (0, 0), 1)
    assert found.package[:, 0].tolist() == [1, NO_PACKAGE]
    last_bits = solved([[0.1 + 0.2, 0.3], [1, 2]], (0.5, 0.5), 0, (0, 0), 1)
    assert last_bits.package[:, 0].tolist() == [1, NO_PACKAGE]


def test_without_a_zone_of_agreement_nothing_is_offered_that_would_be_taken():
    found = solved([[-1, 3, 0.9], [3, -1, 0.9]], (1, 1), 0, (1, 1), 4)
    assert (found.package == NO_PACKAGE).all()
    assert (found.continuation == 0).all()


def test_what_is_no_discount_factor_or_probability_is_refused():
    with pytest.raises(ValueError, match=r"discount is 1\.5: it lies between 0 and 1"):
        solved([[1], [1]], (0.5, 1.5), 0, (0, 0), 1)
    with pytest.raises(ValueError, match=r"breakdown is -0\.1: it lies between 0 and 1"):
        solved([[1], [1]], (0.5, 0.5), -0.1, (0, 0), 1)


# -------------------------------------------------------------------------------------- on a grid

# The first side's share by discount factors, rounds and tie rule, in 10, 100, 1,000 and 10,000 pieces;
# and the textbook's.
SHARES = [
    ((0.9, 0.8), 10, "accepts", (0.6, 0.57, 0.576, 0.576), 0.576077),
    ((0.9, 0.8), 10, "rejects", (0.5, 0.57, 0.575, 0.576), 0.576077),
    ((0.9, 0.8), 11, "accepts", (0.9, 0.77, 0.768, 0.7696), 0.769569),
    ((0.9, 0.8), 11, "rejects", (0.9, 0.76, 0.769, 0.7695), 0.769569),
    ((0.95, 0.95), 10, "accepts", (0.0, 0.21, 0.206, 0.2058), 0.205776),
    ((0.95, 0.95), 10, "rejects", (0.1, 0.21, 0.206, 0.2058), 0.205776),
    ((0.95, 0.95), 11, "accepts", (1.0, 0.8, 0.804, 0.8044), 0.804513),
    ((0.95, 0.95), 11, "rejects", (0.9, 0.8, 0.804, 0.8044), 0.804513),
]


@pytest.mark.parametrize(("discount", "rounds", "indifferent", "shares", "textbook"), SHARES)
def test_the_finer_the_pieces_the_nearer_the_textbook(
    discount, rounds, indifferent, shares, textbook
):
    found = [
        solved(pie(pieces), discount, 0, (0, 0), rounds, indifferent).ask[0, 0] / pieces
        for pieces in (10, 100, 1000, 10_000)
    ]
    assert found == pytest.approx(shares, abs=1e-12)
    assert proposer_share_in_rounds(rounds, *discount) == pytest.approx(textbook, abs=1e-6)


@pytest.mark.parametrize("indifferent", TIE_RULES)
@pytest.mark.parametrize("pieces", [10, 100, 1000])
@given(rounds=st.integers(1, 23), first=TENTHS, second=TENTHS)
def test_a_pie_in_pieces_has_the_textbook_shares_but_for_rounding(
    pieces, indifferent, rounds, first, second
):
    """Each turn rounds in the responder's favour, by a piece at most.

    A turn earlier that is a loss to the other side, times its discount factor: the errors change sign and
    fade by d1 d2 in two turns.
    """
    first, second = min(first, Fraction(9, 10)), min(second, Fraction(9, 10))
    found = solved(pie(pieces), (first, second), 0, (0, 0), rounds, indifferent)
    share = found.ask[0, 0] / pieces
    textbook = proposer_share_in_rounds(rounds, float(first), float(second))
    reach = 1 / pieces / (1 - float(first * second))
    assert -reach - 1e-9 <= share - textbook <= float(second) * reach + 1e-9
