"""The table shows a side the other's offers, one, three, five ... turns back, and nothing else.

What they come to is kept from turn to turn, and is what going through all of them would give.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays.axes import stretch
from sim.negotiators.history import NO_OFFER, OfferHistory, Running

OFFERS = np.array(
    [
        [4, 9, 3, NO_OFFER, NO_OFFER],
        [1, 2, NO_OFFER, NO_OFFER, NO_OFFER],
        [7, NO_OFFER, 8, NO_OFFER, NO_OFFER],
    ]
)


def table(turn, worlds=(2, 0)):
    secrecy = np.array([0.25, 1.0])[: len(worlds)]
    return OfferHistory(turn, 4, OFFERS, np.array(worlds), secrecy)


def test_time_runs_from_the_first_turn_to_the_deadline():
    assert [table(turn).time for turn in (0, 1, 3, 4)] == [0, 0.25, 0.75, 1]


def test_the_offer_received_is_that_of_the_turn_before():
    assert table(3).received.tolist() == [8, 3]
    assert table(2).received.tolist() == [NO_OFFER, 9]
    assert table(1).received.tolist() == [7, 4]
    assert table(0).received.tolist() == [NO_OFFER, NO_OFFER]


def test_earlier_offers_can_be_read_back_and_there_is_none_before_the_first_turn():
    assert table(3).offered_at(0).tolist() == [7, 4]
    assert table(3).offered_at(-1).tolist() == [NO_OFFER, NO_OFFER]
    assert table(3).offered_at(-2).tolist() == [NO_OFFER, NO_OFFER]


def test_the_last_offers_received_are_those_of_the_other_side_the_last_one_first():
    assert table(3).last_received(2).tolist() == [[8, 7], [3, 4]]
    assert table(3).last_received(3).tolist() == [[8, 7, NO_OFFER], [3, 4, NO_OFFER]]
    assert table(2).last_received(1).tolist() == [[NO_OFFER], [9]]
    assert table(0).last_received(1).tolist() == [[NO_OFFER], [NO_OFFER]]


def test_a_side_saw_an_offer_less_at_its_last_turn():
    before = table(3).at_its_last_turn
    assert (before.turn, before.received.tolist()) == (1, [7, 4])
    assert table(0).at_its_last_turn.received.tolist() == [NO_OFFER, NO_OFFER]


def test_the_table_of_some_worlds_is_theirs():
    some = table(3).of(np.array([False, True]))
    assert some.worlds.tolist() == [0]
    assert some.secrecy.tolist() == [1]
    assert some.received.tolist() == [3]
    assert (some.turn, some.rounds) == (3, 4)


# ------------------------------------------------------------------- what is kept from turn to turn

WORLDS, TURNS = 7, 13
RECORD = np.random.default_rng(5).integers(NO_OFFER, 11, (WORLDS, TURNS))
ASKED = st.tuples(
    st.integers(-1, TURNS), st.lists(st.integers(0, WORLDS - 1), min_size=1, unique=True)
)


def seen(turn, worlds, offers=RECORD):
    return OfferHistory(turn, TURNS - 1, offers, np.array(worlds), np.ones(len(worlds)))


def digits(so_far, time, offer):
    """Write offers one behind the other: any other order, or one taken in twice, is another number."""
    return 12 * so_far + stretch(offer) + time


def written_out(turn, worlds, offers=RECORD):
    """Go through the offers of the other side that were made, the first one first."""
    found = []
    for world in worlds:
        so_far = 0.0
        for made in range((turn + 1) % 2, turn, 2):
            if offers[world, made] != NO_OFFER:
                so_far = 12 * so_far + offers[world, made] + made / (TURNS - 1)
        found.append([so_far])
    return found


@given(st.lists(ASKED, max_size=11))
def test_what_is_kept_is_what_going_through_all_offers_gives_in_whatever_order_one_asks(asked):
    running = Running(WORLDS, 1)
    for turn, worlds in asked:
        assert running.at(seen(turn, worlds), digits).tolist() == written_out(turn, worlds)


def test_another_record_of_offers_is_gone_through_from_its_beginning():
    running, other = Running(WORLDS, 1), RECORD[::-1].copy()
    for offers in (RECORD, other, RECORD):
        for worlds in ([2, 3, 5], [0, 1]):
            found = running.at(seen(9, worlds, offers), digits)
            assert found.tolist() == written_out(9, worlds, offers)


def test_what_is_given_out_is_not_what_is_kept():
    running = Running(WORLDS, 1)
    running.at(seen(5, [1, 4]), digits)[:] = 99.0
    assert running.at(seen(5, [1, 4]), digits).tolist() == written_out(5, [1, 4])


def test_it_begins_with_what_it_is_told_to():
    assert Running(WORLDS, 2, -np.inf).at(seen(0, [3]), digits).tolist() == [[-np.inf, -np.inf]]


def test_each_offer_is_taken_in_once_however_long_the_talks():
    taken_in = []

    def note(so_far, time, offer):
        taken_in.append(time)
        return so_far

    running, worlds = Running(WORLDS, 1), list(range(WORLDS))
    for turn in range(1, TURNS, 2):
        for _ in range(2):
            running.at(seen(turn, worlds), note)
            running.at(seen(turn, worlds[turn // 2 :]), note)
    assert taken_in == [turn / (TURNS - 1) for turn in range(0, TURNS - 1, 2)]
