"""Fershtman and Seidmann (1993): if whoever refuses is committed, the patient wait for the deadline.

A serious offer that is refused commits the other side to no less, so it is better to offer nothing
until the last chance. With two periods an offer x is accepted if x >= delta (1 + x) / 2, that is
from delta / (2 - delta) on, and to offer nothing is worth delta / 2; it is better if delta is above
3 - sqrt(5). The backward induction is checked against that, and against one written out by hand on
a coarse grid. The thresholds for three and four periods are our own, to a step of the grid.
"""

import math
from functools import cache

import pytest

from sim.theory.deadlines import pie_left, waiting_threshold


def backwards(periods, discount, steps):
    """Play every offer on a coarse grid; floors and offers are counted in steps."""

    @cache
    def expects(left, own, other):
        """What a side with floor `own` expects before the draw of who proposes."""
        return (proposal(left, own, other)[0] + proposal(left, other, own)[1]) / 2

    @cache
    def proposal(left, own, other):
        """What the proposer and the responder get from the proposer's best offer."""
        if left == 0:
            return 0, 0
        outcomes = []
        for offer in range(steps + 1):
            floor = max(other, offer)
            refused = [discount * expects(left - 1, *pair) for pair in ((own, floor), (floor, own))]
            accepts = offer >= other and offer / steps >= refused[1]
            outcomes.append((1 - offer / steps, offer / steps) if accepts else tuple(refused))
        return max(outcomes, key=lambda outcome: outcome[0])

    return 2 * expects(periods, 0, 0)


@pytest.mark.parametrize(("periods", "threshold"), [(2, 3 - math.sqrt(5)), (3, 0.857), (4, 0.898)])
def test_from_what_patience_on_they_wait_for_the_deadline(periods, threshold):
    assert waiting_threshold(periods) == pytest.approx(threshold, abs=0.01)


@pytest.mark.parametrize("periods", [2, 3, 4])
def test_the_impatient_agree_at_once_and_the_patient_at_the_deadline(periods):
    assert pie_left(periods, 0.7) == pytest.approx(1, abs=1e-12)
    assert pie_left(periods, 0.92) == pytest.approx(0.92 ** (periods - 1), abs=1e-12)


@pytest.mark.parametrize("periods", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("discount", [0.631, 0.888, 0.953])
def test_playing_every_offer_by_hand_agrees(periods, discount):
    by_hand = backwards(periods, discount, 7)
    assert pie_left(periods, discount, 7) == pytest.approx(by_hand, abs=1e-12)


def test_what_is_no_game_is_refused():
    with pytest.raises(ValueError, match="periods is 1"):
        waiting_threshold(1)
    with pytest.raises(ValueError, match="periods is 0"):
        pie_left(0, 0.9)
    with pytest.raises(ValueError, match=r"discount is 1\.0"):
        pie_left(2, 1.0)
