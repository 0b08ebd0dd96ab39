"""What a number is of: the worlds that it counts, those that it leaves out, and its twin over all of them.

Savings exist only where there is an agreement, and whether there is one is an outcome itself. So a mean
of savings, or a difference of such means, compares worlds that were chosen by what is studied
(Frangakis and Rubin 2002); the twin of a measure is the same over all worlds.
"""

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import TIE, Array
from sim.experiments.running.results import Results
from sim.experiments.statistics.summary import own_n, span
from sim.play.measures import measure_of


def twin_of(measure: str, known: list[str]) -> str | None:
    """The measure that says the same of all worlds, 0 where there is nothing; None without one here."""
    twin = measure_of(measure).twin
    return twin if twin in known else None


def twin_first(results: Results, measure: str) -> list[str]:
    """The measures to answer with: before one that some worlds do not have, its twin over all worlds."""
    summary = results.summary
    twin = twin_of(measure, list(summary))
    if twin is None or f"{measure}_n" not in summary:
        return [measure]
    return [twin, measure] if (own_n(summary, measure) < summary["n"]).any() else [measure]


def counted(results: Results, measure: str) -> pd.DataFrame:
    """How many worlds of each point have a measure, `n`, and how many do not, `left_out`."""
    summary = results.summary_of(measure)
    n = own_n(summary, measure)
    return pd.DataFrame({"n": n, "left_out": summary["n"] - n})


def left_out_words(
    measure: str, kept: pd.Series, left_out: pd.Series, known: list[str], what: str = "worlds"
) -> list[str]:
    """A sentence on the worlds that a table of a measure leaves out, if it leaves out any."""
    if not (left_out > 0).any():
        return []
    of_all = twin_of(measure, known)
    words = (
        f"{measure} exists only in {measure_of(measure).exists}: {span(kept)} {what} count and "
        f"{span(left_out)} are left out, which is no random choice"
    )
    return [f"{words}; {of_all} is of all worlds." if of_all else f"{words}."]


def instead(measure: str, known: list[str]) -> str:
    """What to do about a measure that some points do not have."""
    of_all = twin_of(measure, known)
    return f"name a measure that every world has{f', such as {of_all}' if of_all else ''}"


def is_constant(values: Float[Array, "..."]) -> bool:
    """Whether values are all the same, but for rounding."""
    values = values[np.isfinite(values)]
    return not values.size or bool(np.ptp(values) <= TIE * np.abs(values).max())


def constant_words(measure: str, so: str) -> str:
    """A sentence for a measure that does not vary."""
    return f"The mean of {measure} is the same at all points: {so}."
