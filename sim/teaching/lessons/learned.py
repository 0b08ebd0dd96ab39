"""What a record taught of parameters that nobody measured: draws of a calibration in their priors."""

import numpy as np
import pandas as pd
from jaxtyping import Float
from matplotlib.figure import Figure

from sim.arrays.axes import Array
from sim.experiments.design.calibration import CalibrationFile
from sim.experiments.design.distributions import middles
from sim.experiments.design.written import as_distribution
from sim.show.figures.style import FAINT, GREY, INK, figure, in_house_style

ROW, REST = 0.36, 2.6  # inches
LOW, HIGH = 0.05, 0.95
GRID = 1001


def places(file: CalibrationFile, draws: pd.DataFrame) -> pd.DataFrame:
    """Where the draws of each parameter lie in its prior, the best known first; one row a parameter.

    A place is the prior probability of a lower value: `low`, `median` and `high` (5 %, half, 95 %) are
    of the draws, `width` is high less low. Where the record taught nothing they are .05, .5 and .95.
    """
    rows = []
    for key, written in file.prior.items():
        at = _places(draws[key].to_numpy(), as_distribution(written).at(middles(GRID)))
        low, half, high = np.quantile(at, [LOW, 0.5, HIGH])
        rows.append(
            {"parameter": key, "low": low, "median": half, "high": high, "width": high - low}
        )
    return pd.DataFrame(rows).sort_values("width", ignore_index=True)


@in_house_style
def learned(table: pd.DataFrame, question: str = "") -> Figure:
    """Draw how much of each prior the draws still span (see `places`)."""
    caption = (
        "Each bar holds nine in ten draws, by their place in the prior: 0 its lowest value, 1 its highest. "
        "Grey: nine in ten of the prior, which is where a bar ends up if the record says nothing of a "
        "parameter."
    )
    drawing = figure(REST + ROW * len(table), question, caption)
    axes = drawing.subplots()
    rows = np.arange(len(table))
    axes.axvspan(LOW, HIGH, color=FAINT, alpha=0.6, linewidth=0)
    axes.axvline(0.5, color=GREY, linewidth=1.2, linestyle="--")
    axes.hlines(rows, table["low"], table["high"], color=INK, linewidth=1.8)
    axes.plot(table["median"], rows, linestyle="none", marker="o", markersize=7, color=INK)
    axes.set_yticks(rows, table["parameter"])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("place in the prior")
    axes.tick_params(axis="y", length=0)
    return drawing


def _places(values: Float[Array, " draws"], prior: Float[Array, " grid"]) -> Float[Array, " draws"]:
    """The prior probability of less than each value, between the values at even probabilities."""
    return np.interp(values, prior, middles(len(prior)), left=0.0, right=1.0)
