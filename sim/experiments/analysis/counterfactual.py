"""What one change would have done, over draws of the parameters that nobody knows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.experiments.running.results import Results

LOW, HIGH = 0.05, 0.95
TOLD = ("yes_share_1", "ratified_first", "ratified", "savings", "layoffs")


def by_arm(results: Results, measures: Sequence[str] = TOLD) -> pd.DataFrame:
    """Each measure of every arm over the draws of a sample or table: one row an arm and measure.

    `median`, `low` and `high` (5 % and 95 %) are of the means at the draws, and `difference`,
    `difference_low`, `difference_high` of what the arm changes from the first one at the same draw, in
    worlds that share their random numbers. `draws` counts the draws, `n` those that have the measure and
    `difference_n` those that have it in both arms; the rest is left out.

    Raises:
        ValueError: when the experiment has no arms to set beside each other.
    """
    arms = list(results.experiment.file.arms)
    if len(arms) < 2:
        raise ValueError(
            "counterfactuals set arms beside each other, and this experiment has fewer than two"
        )
    summary = results.summary
    of_arm = {arm: summary[summary["arm"] == arm].reset_index(drop=True) for arm in arms}
    rows = []
    for measure in (m for m in measures if m in summary):
        base = of_arm[arms[0]][measure]
        for arm in arms:
            values = of_arm[arm][measure]
            spread = _spread(values, "median", "")
            change = _spread(values - base, "difference", "difference_")
            counts = {"draws": len(values), "n": values.count()}
            counts |= {"difference_n": (values - base).count()}
            rows.append({"arm": arm, "measure": measure, **counts, **spread, **change})
    return pd.DataFrame(rows)


def _spread(values: pd.Series, middle: str, prefix: str) -> dict[str, float]:
    known = values.dropna()
    if known.empty:
        return {middle: np.nan, f"{prefix}low": np.nan, f"{prefix}high": np.nan}
    low, half, high = known.quantile([LOW, 0.5, HIGH])
    return {middle: half, f"{prefix}low": low, f"{prefix}high": high}
