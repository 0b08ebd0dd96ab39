"""From worlds to rates and means with intervals, one row a design point.

Worlds are read part by part, and counts, means and squared deviations are merged exactly (Chan,
Golub and LeVeque 1983), so memory does not grow with the number of worlds.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

Z = 1.959963984540054  # 95 % of a normal distribution

RATES = ("agreed", "ratified", "ratified_first", "ratified_second", "rejected", "impasse")
NOT_MEASURES = ("point", "replication", "status", "proposer", "arm")


def summarise(points: pd.DataFrame, parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One row a design point: its labels, `n`, and each measure with its 95 % interval.

    Rates have Wilson intervals, means normal ones; `savings` and the like are means over the worlds
    that have them, while `savings_realised` counts 0 where nothing was ratified.
    """
    labels = [column for column in points.columns if column != "point"]
    merged: pd.DataFrame | None = None
    for part in parts:
        moments = _moments(with_derived(part.drop(columns=labels)))
        merged = moments if merged is None else _merge(merged, moments)
    if merged is None:
        raise ValueError("there are no worlds to summarise")
    merged = merged.reindex(points["point"])
    table = points.set_index("point").assign(n=merged["ratified", "n"])
    measures = dict.fromkeys(merged.columns.get_level_values(0))
    columns = [_interval(merged[measure], measure) for measure in measures]
    return pd.concat([table, *columns], axis=1).reset_index()


def with_derived(worlds: pd.DataFrame) -> pd.DataFrame:
    """Worlds with the outcomes one asks for that follow from the others."""
    if "savings" in worlds:
        realised = worlds["savings"].where(worlds["ratified"], 0.0).fillna(0.0)
        worlds = worlds.assign(savings_realised=realised)
    ends = {name: worlds["status"] == name for name in RATES if name not in ("agreed", "ratified")}
    if "yes_share_1" not in worlds:
        ends = {"impasse": ends["impasse"]}
    return worlds.assign(**ends)


def wilson(successes: pd.Series, n: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The 95 % interval of a rate (Wilson 1927): right also near 0 and 1."""
    rate, slack = successes / n, Z * Z / n
    middle = (rate + slack / 2) / (1 + slack)
    half = Z * np.sqrt(rate * (1 - rate) / n + slack / (4 * n)) / (1 + slack)
    return middle - half, middle + half


def _moments(worlds: pd.DataFrame) -> pd.DataFrame:
    """Count, mean and sum of squared deviations of every measure at every point."""
    point = worlds["point"]
    measures = worlds.drop(columns=[c for c in NOT_MEASURES if c in worlds]).astype(float)
    groups = measures.groupby(point.to_numpy())
    n, mean = groups.count(), groups.mean()
    squares = groups.var(ddof=0) * n
    stacked = pd.concat({"n": n, "mean": mean.fillna(0.0), "squares": squares.fillna(0.0)}, axis=1)
    return stacked.swaplevel(axis=1)[[(m, k) for m in measures for k in ("n", "mean", "squares")]]


def _merge(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    one, other = one.align(other, fill_value=0.0)
    merged = one.copy()
    for measure in dict.fromkeys(one.columns.get_level_values(0)):
        n = one[measure, "n"] + other[measure, "n"]
        share = (other[measure, "n"] / n).fillna(0.0)
        apart = other[measure, "mean"] - one[measure, "mean"]
        merged[measure, "n"] = n
        merged[measure, "mean"] = one[measure, "mean"] + apart * share
        spread = apart * apart * one[measure, "n"] * share
        merged[measure, "squares"] = one[measure, "squares"] + other[measure, "squares"] + spread
    return merged


def _interval(moments: pd.DataFrame, measure: str) -> pd.DataFrame:
    n, mean = moments["n"], moments["mean"].where(moments["n"] > 0)
    if measure in RATES:
        low, high = wilson(mean * n, n)
    else:
        variance = (moments["squares"] / (n - 1)).where(n > 1)
        half = Z * np.sqrt(variance / n)
        low, high = mean - half, mean + half
    return pd.DataFrame({measure: mean, f"{measure}_low": low, f"{measure}_high": high})
