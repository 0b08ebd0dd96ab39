"""What a side comes to believe of the other from the offers on the table.

The other side is taken to give way by the clock with the exponent `assumed_beta`, but for a normal
error (`learning_error`). Before its first offer all hypotheses are equally likely.
"""

import numpy as np
from jaxtyping import Bool, Float

from sim.arrays.axes import TIE, Array, stretch
from sim.negotiators.history import NO_OFFER
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


def reservation_of_other(situation: Situation) -> Float[Array, "#worlds reservations"]:
    """How likely each of `RESERVATIONS` is to be the other side's (Zeng and Sycara 1998).

    What packages are worth to it is known.
    """
    beta, other = situation.own("assumed_beta"), situation.ranking.other

    def miss(time, offer):
        utility = np.where(offer == NO_OFFER, np.nan, other.of(offer, situation.worlds))
        return stretch(utility) - predicted_utility(RESERVATIONS, time, beta)

    equally_likely = np.full((1, len(RESERVATIONS)), 1 / len(RESERVATIONS))
    misses = (miss(*made) for made in situation.history.of_other)
    return posterior(equally_likely, misses, situation.own("learning_error"))


def wishes_of_other(situation: Situation) -> Float[Array, "worlds issues"]:
    """What the other side is expected to gain from the highest level of each issue over the lowest.

    After Hindriks and Tykhonov (2008): the weights of the issues are learned. Known is whether the
    other side wants more or less of an issue; in between, its gain is taken to be linear.
    """
    ranking, worlds = situation.ranking, situation.worlds
    heights = heights_of_levels(ranking.agenda)
    wants_more = ranking.other.of_worlds(situation.notes.once(_wants_more, ranking), worlds)
    hypotheses = possible_weights(heights.shape[-1])
    beta = situation.own("assumed_beta")

    def miss(time, offer):
        satisfaction = np.where(wants_more, heights[offer], 1 - heights[offer])
        found = utility_by_weights(satisfaction, hypotheses) - predicted_utility(HALF, time, beta)
        return np.where(stretch(offer == NO_OFFER), np.nan, found)

    equally_likely = np.full((len(worlds), len(hypotheses)), 1 / len(hypotheses))
    misses = (miss(*made) for made in situation.history.of_other)
    belief = posterior(equally_likely, misses, situation.own("learning_error"))
    return expected_weights(belief, hypotheses) * np.where(wants_more, 1, -1)


def heights_of_levels(agenda: Agenda) -> Float[Array, "packages issues"]:
    """How high a package is on each issue: 0 at its lowest level, 1 at its highest."""
    lowest, span = agenda.packages.min(0), np.ptp(agenda.packages, axis=0)
    return (agenda.packages - lowest) / np.where(span > 0, span, 1.0)


def _wants_more(ranking: Ranking) -> Bool[Array, "rows issues"]:
    """On which issues packages are worth more to the other side, on the whole, the higher they are."""
    heights = heights_of_levels(ranking.agenda)
    above = np.ascontiguousarray((heights - heights.mean(0)).T)
    return np.stack([np.vecdot(ranking.other.table, by) > TIE for by in above], axis=-1)
