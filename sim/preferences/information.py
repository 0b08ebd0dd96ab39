"""Who knows and believes what: audiences, secrecy, leaks, credibility of threats, misperception."""

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array


def leaks(
    secrecy: Float[Array, "#worlds"],
    hazard: Float[Array, "#worlds"],
    after_leak: Float[Array, "#worlds"],
    uniform: Float[Array, " worlds"],
) -> Float[Array, " worlds"]:
    """Secrecy after this round: with the hazard's probability the talks leak, and it cannot rise again."""
    return np.where(uniform < hazard, np.minimum(after_leak, secrecy), secrecy)


def reservation(
    audience_cost: Float[Array, "#worlds"],
    secrecy: Float[Array, "#worlds"],
    self_serving_bias: Float[Array, "#worlds"],
) -> Float[Array, "#worlds"]:
    """The least utility a negotiator can afford to accept.

    Its public demand is worth 1. Retreating from it in view of the public costs A = audience cost x
    (1 - secrecy) per unit, so that it accepts only u >= A / (1 + A) (after Fearon 1994, Muthoo 1996
    and Leventoglu and Tarar 2005). Half the gap between the sides' ideas of fairness comes on top
    (Babcock and Loewenstein 1997).
    """
    exposed = audience_cost * (1 - secrecy)
    return exposed / (1 + exposed) + self_serving_bias / 2


def after_rejections(
    reservation: Float[Array, "#worlds"], best_rejected: Float[Array, " worlds"]
) -> Float[Array, " worlds"]:
    """The least utility a negotiator can accept whom rejecting an offer commits to no less.

    `best_rejected` is what the best offer was worth that it has rejected so far, minus infinity without
    one (Fershtman and Seidmann 1993).
    """
    return np.maximum(reservation, best_rejected)


def members_belief(
    members: Float[Array, "#worlds"],
    leaders: Float[Array, "#worlds"],
    secrecy: Float[Array, "#worlds"],
) -> Float[Array, "#worlds"]:
    """Probability members give to the threat: open doors let them see what their leaders see."""
    return members + (1 - secrecy) * (leaders - members)


def misperception(
    cost: Float[Array, "#worlds"],
    secrecy: Float[Array, "#worlds"],
    outreach: Float[Array, "#worlds"],
) -> Float[Array, "#worlds"]:
    """Cost members imagine on top of the text (share of pay): bred by secrecy, dispelled by outreach."""
    return cost * secrecy * (1 - outreach)


def after_notices(
    belief: Float[Array, "#worlds"],
    bluff_likelihood: Float[Array, "#worlds"],
    notices: Array,
) -> Float[Array, "#worlds"]:
    """Belief that the governor is serious after rounds of layoff notices, by Bayes' rule.

    A serious governor issues them for certain, a bluffing one with `bluff_likelihood` each. A
    belief of exactly 0 cannot be moved.
    """
    bluff = (1 - belief) * bluff_likelihood**notices
    return np.where(belief > 0, belief / np.where(belief > 0, belief + bluff, 1.0), 0.0)


def size_credibility(
    threat: Float[Array, "#worlds"],
    optimum: Float[Array, "#worlds"],
    size_doubt: Float[Array, "#worlds"],
) -> Float[Array, "#worlds"]:
    """How much of a belief survives the size of a threat: exp(-d max(0, threat / optimum - 1)).

    More layoffs than Plan B itself would need are bluff (Schelling 1960).
    """
    return np.exp(-size_doubt * np.maximum(0, threat / optimum - 1))
