"""What a side comes to believe of the other from the offers on the table.

The other side is taken to give way by the clock with the exponent `assumed_beta`, but for a normal
error (`learning_error`). Before its first offer all hypotheses are equally likely.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import TIE, Array, distinct, stretch
from sim.negotiators.situation import Ranking, Situation
from sim.preferences.agenda import Agenda
from sim.theory.learning import (
    expected_weights,
    possible_weights,
    posterior,
    predicted_utility,
    utility_by_weights,
)

RESERVATIONS = np.linspace(0, 1, 21)  # what the other side's reservation value may be
# By the deadline a side of unknown weights is taken to give half of its way from best to worst.
HALF = np.array([0.5])


def reservation_of_other(situation: Situation) -> Float[Array, "worlds reservations"]:
    """How likely each of `RESERVATIONS` is to be the other side's (Zeng and Sycara 1998).

    What packages are worth to it is known.
    """
    beta, other = situation.own("assumed_beta"), situation.ranking.other

    def miss(time, offer):
        utility = other.of(offer, situation.worlds)
        return stretch(utility) - predicted_utility(RESERVATIONS, time, beta)

    return _belief(situation, reservation_of_other, len(RESERVATIONS), miss)


def wishes_of_other(situation: Situation) -> Float[Array, "worlds issues"]:
    """What the other side is expected to gain from the highest level of each issue over the lowest.

    After Hindriks and Tykhonov (2008): the weights of the issues are learned. Known is whether the
    other side wants more or less of an issue; in between, its gain is taken to be linear.
    """
    ranking, notes = situation.ranking, situation.notes
    heights = notes.once(heights_of_levels, ranking.agenda)
    hypotheses = notes.once(possible_weights, heights.shape[-1])
    wants_more = notes.once(_wants_more, ranking)
    beta, row = situation.own("assumed_beta"), ranking.other.rows(situation.worlds)

    def miss(time, offer):
        (of, package), which = distinct(row, offer)
        satisfaction = np.where(wants_more[of], heights[package], 1 - heights[package])
        found = utility_by_weights(satisfaction, hypotheses)[which]
        return found - predicted_utility(HALF, time, beta)

    belief = _belief(situation, wishes_of_other, len(hypotheses), miss)
    return expected_weights(belief, hypotheses) * np.where(wants_more[row], 1, -1)


def _belief(
    situation: Situation,
    learner: Callable[[Situation], Array],
    hypotheses: int,
    miss: Callable[[float, Int[Array, " worlds"]], Float[Array, "worlds hypotheses"]],
) -> Float[Array, "worlds hypotheses"]:
    """How likely each hypothesis is, by how far an offer at a time was from what it expects."""
    history = situation.history
    running = situation.notes.running(learner, len(history.offers), hypotheses)
    squares = running.at(history, lambda so_far, *made: so_far + np.square(miss(*made)))
    equally_likely = np.full((1, hypotheses), 1 / hypotheses)
    return posterior(equally_likely, squares, situation.own("learning_error"))


def heights_of_levels(agenda: Agenda) -> Float[Array, "packages issues"]:
    """How high a package is on each issue: 0 at its lowest level, 1 at its highest."""
    lowest, span = agenda.packages.min(0), np.ptp(agenda.packages, axis=0)
    return (agenda.packages - lowest) / np.where(span > 0, span, 1.0)


def _wants_more(ranking: Ranking) -> Bool[Array, "rows issues"]:
    """On which issues packages are worth more to the other side, on the whole, the higher they are."""
    heights = heights_of_levels(ranking.agenda)
    above = np.ascontiguousarray((heights - heights.mean(0)).T)
    return np.stack([np.vecdot(ranking.other.table, by) > TIE for by in above], axis=-1)
