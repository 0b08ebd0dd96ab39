"""Zeuthen (1930): whoever can bear the smaller risk of no agreement gives way.

A side that insists on its own offer risks that there is no agreement. The largest probability of that
which it can bear is its risk: what it would lose by taking the other side's offer, as a share of what
its own would gain. The side whose risk is smaller gives way, by the least that makes it the larger one:
the sufficient concession of Rosenschein and Zlotkin (1994). Utilities are gains over no agreement.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays.axes import TIE
from sim.cases.loading import load_scenario
from sim.negotiators.history import NO_OFFER
from sim.negotiators.tactics import zeuthen
from sim.negotiators.tactics.risk import risk, sufficient_ask
from sim.preferences.agenda import Agenda
from sim.preferences.valuation import Valuation

AGENDA = Agenda.of(load_scenario("mini-ct"))
# Five packages; the products of the two gains are 10, 24, 27, 30 and 27.
OWN = np.array([[10.0, 8.0, 9.0, 6.0, 3.0]])
OTHER = np.array([[1.0, 3.0, 3.0, 5.0, 9.0]])
GAINS = st.lists(st.integers(-3, 9), min_size=5, max_size=5)


@pytest.fixture(scope="session")
def asks(situation):
    """Give a function that has the tactic answer the other side's offer after one's own."""

    def aspiration(mine, theirs, own=OWN, other=OTHER, reservation=0.0):
        sides = Valuation.plain(own), Valuation.plain(other)
        offers = np.stack(np.broadcast_arrays(mine, theirs), axis=-1)
        return zeuthen(situation(AGENDA, *sides, offers, turn=2, reservation=reservation))

    return aspiration


@pytest.mark.parametrize(
    ("own", "other", "share"),
    [(10, 4, 0.6), (10, 0, 1), (10, -4, 1), (10, 10, 0), (4, 10, 0), (0, 3, 1), (-2, 3, 1)],
)
def test_risk_is_the_share_of_ones_own_gain_that_the_other_sides_offer_loses(own, other, share):
    assert risk(np.array([[float(own)]]), np.array([[float(other)]])) == pytest.approx(share)


def test_the_least_sufficient_concession():
    # Against package 4: asking for 9 makes the risks equal (2/3), asking for 6 makes one's own the
    # larger (1/2 against 4/9).
    assert sufficient_ask(OWN, OTHER, np.array([3.0]), np.array([9.0])).tolist() == [6]


def test_where_no_concession_is_sufficient_the_other_sides_offer_will_do():
    assert sufficient_ask(OWN, OTHER, np.array([6.0]), np.array([5.0])).tolist() == [6]
    # To ask for nothing would be to bear any risk, but gains nothing.
    own, other = np.array([[6.0, 0.0, -1.0]]), np.array([[5.0, 7.0, 9.0]])
    assert sufficient_ask(own, other, np.array([6.0]), np.array([5.0])).tolist() == [6]


@pytest.mark.parametrize(
    ("mine", "theirs", "ask"),
    [
        (NO_OFFER, 4, 10),  # begins with the best
        (0, 4, 6),  # has the smaller risk
        (2, 4, 6),  # has the same risk, and is to move
        (3, 4, 6),  # has the larger risk, and stays
        (4, 0, 3),  # could do better, but takes nothing back
        (3, NO_OFFER, 6),  # has nothing to answer
        (0, 3, 6),  # cannot do better
    ],
)
def test_who_gives_way_and_how_far(asks, mine, theirs, ask):
    assert asks([mine], [theirs]).tolist() == [ask]


def test_the_reservation_value_is_kept(asks):
    assert asks([0], [4], reservation=7.0).tolist() == [7]


def test_an_offer_that_is_worse_than_no_agreement_does_not_frighten():
    # The other side's best would cost one 2: it can be met with the best that gains it anything.
    own, other = np.array([[10.0, 8.0, -2.0]]), np.array([[-1.0, 1.0, 9.0]])
    assert sufficient_ask(own, other, np.array([-2.0]), np.array([9.0])).tolist() == [8]


def test_on_a_curved_frontier_the_protocol_ends_at_the_nash_point():
    governor = np.linspace(0, 1, 2001)
    coalition = 1 - governor**2
    end = monotonic_concession(governor, coalition)
    assert governor[end] == pytest.approx(1 / np.sqrt(3), abs=1 / 2000)
    assert end == (governor * coalition).argmax()


@given(
    GAINS, GAINS, st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 4)), min_size=7, max_size=7)
)
def test_seven_worlds_ask_at_once_for_what_each_would_alone(asks, own, other, offers):
    mine, theirs = np.array(offers).T
    own, other = (np.stack([np.roll(gains, w) for w in range(7)]) * 1.0 for gains in (own, other))
    together = asks(mine, theirs, own, other)
    alone = [asks([mine[w]], [theirs[w]], own[w : w + 1], other[w : w + 1])[0] for w in range(7)]
    assert together.tolist() == alone


def monotonic_concession(governor, coalition):
    """Alternate from both sides' best packages until one takes the other's offer: its number."""
    mine, theirs = governor.argmax(), coalition.argmax()
    own, other = governor, coalition
    while True:
        ask = sufficient_ask(own[None], other[None], own[[theirs]], other[[theirs]])[0]
        ask = min(ask, own[mine])
        if own[theirs] >= ask:
            return theirs
        mine = np.where(own >= ask - TIE, other, -np.inf).argmax()
        mine, theirs, own, other = theirs, mine, other, own
