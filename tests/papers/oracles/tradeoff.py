"""The trade-off on continuous issues: to give the other side more without having less."""

import numpy as np
from jaxtyping import Float


def trade_off(
    weights: Float[np.ndarray, " issues"],
    level: float,
    offer: Float[np.ndarray, " issues"],
    guessed_weights: Float[np.ndarray, " issues"],
) -> tuple[Float[np.ndarray, " issues"], float]:
    """Give the package worth `level` to oneself that is most similar to the other side's offer.

    A package is a number from 0 to 1 on each issue and worth the sum of the numbers times one's own
    `weights`, which are above 0. Similarity, the second result, is 1 less the sum of the differences
    times `guessed_weights`: what one thinks the issues weigh for the other side. So one departs from
    the offer on the issue where a unit of one's own worth costs least similarity, as far as it goes,
    and then on the next.

    Raises ValueError for a level that no package has.
    Source: Faratin, Sierra and Jennings (2002).
    """
    if not 0 <= level <= weights.sum():
        raise ValueError(f"level is {level}: packages are worth 0 to {weights.sum():g}")
    package = offer.astype(float)
    missing = level - float((weights * offer).sum())
    for issue in np.argsort(guessed_weights / weights, kind="stable"):
        step = np.clip(package[issue] + missing / weights[issue], 0, 1) - package[issue]
        package[issue] += step
        missing -= step * weights[issue]
    similarity = 1 - (guessed_weights * np.abs(package - offer)).sum()
    return package, float(similarity)
