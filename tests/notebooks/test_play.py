"""A student plays the coalition of mini-CT by hand."""

import pytest

from sim.inputs.problems import InputError
from sim.teaching.lessons import lesson_2
from sim.teaching.lessons.play import play_coalition

EVERYTHING, TRADE = (0, 0, 1, 1), (2, 0, 1, 1)


def test_a_coalition_that_never_moves_gets_no_deal():
    outcome = play_coalition([EVERYTHING])
    offers = lesson_2.offers_in_points(outcome)
    assert not outcome.frame()["agreed"].item()
    assert (offers[offers["proposer"] == "coalition"]["coalition"] == 100).all()


def test_offers_are_made_in_order_and_the_last_is_repeated():
    script = [EVERYTHING, (1, 0, 1, 1)]
    offers = lesson_2.offers_in_points(play_coalition(script))
    mine = offers[offers["proposer"] == "coalition"]
    assert mine.index.tolist() == [1, 3, 5, 7, 9, 11]
    assert mine["wages"].tolist() == [0, 1, 1, 1, 1, 1]


def test_the_coalition_takes_what_is_worth_as_much_as_its_own_next_offer():
    """The governor comes to 50 and 80 points in round 8; whoever would ask for these takes them."""
    world = play_coalition([*[EVERYTHING] * 4, TRADE]).frame().iloc[0]
    assert (world["agreed"], world["round"], world["proposer"]) == (True, 9, "governor")
    assert tuple(world[[*lesson_2.ISSUES]]) == TRADE


def test_the_governor_takes_what_is_as_good_as_what_he_asks_for():
    world = play_coalition([(2, 2, 1, 1)]).frame().iloc[0]
    assert world["proposer"] == "coalition"
    assert tuple(world[[*lesson_2.ISSUES]]) == (2, 2, 1, 1)


def test_levels_of_an_offer_are_read_as_other_numbers_are():
    world = play_coalition([("2", 2.0, "1,0", " 1 ")]).frame().iloc[0]
    assert tuple(world[[*lesson_2.ISSUES]]) == (2, 2, 1, 1)


@pytest.mark.parametrize(
    ("offers", "problem"),
    [
        ([], "offers is empty: give at least one package"),
        ([(3, 0, 1, 1)], r"\(3, 0, 1, 1\) is no package: give levels of wages 0 or 1 or 2"),
        ([(2, 0, 1)], r"\(2, 0, 1\) is no package"),
        ([7], "7 is no package"),
    ],
)
def test_an_offer_that_is_no_package_is_told(offers, problem):
    with pytest.raises(InputError, match=problem):
        play_coalition(offers)
