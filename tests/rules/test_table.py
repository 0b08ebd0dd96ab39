"""The table shows a side the other's offers, one, three, five ... turns back, and nothing else."""

import numpy as np

from sim.negotiators.history import NO_OFFER, OfferHistory

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


def test_the_history_is_what_the_other_side_could_offer_the_last_one_first():
    history = [(time, offers.tolist()) for time, offers in table(3).of_other]
    assert history == [(0.5, [8, 3]), (0, [7, 4])]
    history = [(time, offers.tolist()) for time, offers in table(2).of_other]
    assert history == [(0.25, [NO_OFFER, 9])]
    assert table(0).of_other == []


def test_the_table_of_some_worlds_is_theirs():
    some = table(3).of(np.array([False, True]))
    assert some.worlds.tolist() == [0]
    assert some.secrecy.tolist() == [1]
    assert some.received.tolist() == [3]
    assert (some.turn, some.rounds) == (3, 4)
