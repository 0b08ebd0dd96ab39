"""What offers teach about the side that makes them, and choices that are better but not certain.

A belief is a probability for each of some hypotheses, which are the last axis. It follows Bayes'
rule, and an observation misses what the true hypothesis expects by a normal error.
"""

from itertools import combinations_with_replacement

import numpy as np
from jaxtyping import Float

Number = float | Float[np.ndarray, "..."]


def predicted_utility(
    reservations: Float[np.ndarray, " hypotheses"], time: float, beta: Number
) -> Float[np.ndarray, "... hypotheses"]:
    """Give a side's utility of its own offer, for each reservation value that it may have.

    The side gives way by the clock, with the concession exponent `beta` (one number, or one a
    world): from 1 at time 0 to its reservation value at the deadline, time 1.

    Raises ValueError for an exponent that is not positive.
    Source: the polynomial tactic of Faratin, Sierra and Jennings (1998).
    """
    if not np.all(np.greater(beta, 0)):
        raise ValueError(f"beta is {beta}: the exponent of a concession tactic is above 0")
    return 1 - (1 - reservations) * time ** (1 / np.expand_dims(beta, -1))


def posterior(
    prior: Float[np.ndarray, "... hypotheses"],
    squares: Float[np.ndarray, "... hypotheses"],
    error: Number,
) -> Float[np.ndarray, "... hypotheses"]:
    """Give the probability of each hypothesis after some observations.

    An observation misses what a hypothesis expects; `squares` are the squares of its misses, added up
    over the observations: 0 without one. `error` is the standard deviation of a miss in the same unit
    (one number, or one a world).

    Raises ValueError for an error that is not positive. Source: Zeng and Sycara (1998).
    """
    _check_spread("error", error)
    with np.errstate(divide="ignore"):
        log_prior = np.log(prior)
    return _normalised(log_prior - squares / (2 * np.square(np.expand_dims(error, -1))))


def normal_posterior(
    mean: float, sd: float, observed: Float[np.ndarray, " observations"], error: float
) -> tuple[float, float]:
    """Give the mean and standard deviation of a normal belief after some observations.

    `mean` and `sd` are those of the belief before, `error` the standard deviation of an observation
    about the true value, all in one unit.

    Raises ValueError for a standard deviation that is not positive.
    Source: Bayes' rule, for a reservation value as in Zeng and Sycara (1998).
    """
    _check_spread("sd", sd)
    _check_spread("error", error)
    precision = 1 / sd**2 + len(observed) / error**2
    return float(mean / sd**2 + observed.sum() / error**2) / precision, precision**-0.5


def possible_weights(issues: int, parts: int = 5) -> Float[np.ndarray, "hypotheses issues"]:
    """Give every way to deal out `parts` equal parts of the weight among the issues.

    Weights add up to 1, and on average over the hypotheses all issues weigh the same; six issues
    and five parts make 252 hypotheses. Source: after Hindriks and Tykhonov (2008), who let the
    hypotheses be the rankings of the issues, which grow faster and keep each weight near the others.

    Raises ValueError for less than one issue or part.
    """
    if issues < 1 or parts < 1:
        raise ValueError(f"issues is {issues} and parts is {parts}: there is at least one of each")
    deals = combinations_with_replacement(range(issues), parts)
    return np.array([np.bincount(deal, minlength=issues) for deal in deals]) / parts


def utility_by_weights(
    values: Float[np.ndarray, "... issues"], weights: Float[np.ndarray, "hypotheses issues"]
) -> Float[np.ndarray, "... hypotheses"]:
    """Give the utility of packages under each hypothesis of the weights of their issues.

    `values` says how good a package is on each issue, from 0 worst to 1 best.
    Source: Keeney and Raiffa (1976).
    """
    return sum(np.multiply.outer(values[..., j], of) for j, of in enumerate(weights.T))


def expected_weights(
    belief: Float[np.ndarray, "... hypotheses"], weights: Float[np.ndarray, "hypotheses issues"]
) -> Float[np.ndarray, "... issues"]:
    """Give the mean weight of each issue when each hypothesis has this probability.

    The mean utility of a package over the hypotheses is its utility at these weights.
    """
    return np.vecdot(np.expand_dims(belief, -2), np.ascontiguousarray(weights.T))


def choice_probabilities(
    utility: Float[np.ndarray, "... options"], precision: Number
) -> Float[np.ndarray, "... options"]:
    """Give how likely each option is to be chosen: in proportion to exp(precision * utility).

    `precision` (one number, or one a world) is per unit of utility: at 0 all options are equally
    likely, and as it grows without bound only the best are chosen. An option of utility minus
    infinity cannot be chosen.

    Raises ValueError for a negative precision. Source: McKelvey and Palfrey (1995).
    """
    if not np.all(np.greater_equal(precision, 0)):
        raise ValueError(f"precision is {precision}: it is 0 for a coin, and more for more sense")
    possible = np.isfinite(utility)
    behind = np.where(possible, utility - utility.max(-1, keepdims=True), 0.0)
    return _normalised(np.where(possible, np.expand_dims(precision, -1) * behind, -np.inf))


def _normalised(logarithms: Float[np.ndarray, "... n"]) -> Float[np.ndarray, "... n"]:
    """Give the numbers with these logarithms, scaled to add up to 1."""
    numbers = np.exp(logarithms - logarithms.max(-1, keepdims=True))
    # Added up in order: zeros behind the last option change no bit of the sum.
    return numbers / np.cumsum(numbers, axis=-1)[..., -1:]


def _check_spread(name, value):
    if not np.all(np.greater(value, 0)):
        raise ValueError(f"{name} is {value}: a standard deviation is above 0")
