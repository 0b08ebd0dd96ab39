"""From worlds to rates, means and medians with intervals, one row a design point.

Worlds are digested block by block: counts, means, squared deviations and quantile sketches of every
measure. Blocks are the same however a run was cut into parts, and their sums are rounded once
(`math.fsum`), so the summary does not depend on the cut, and memory does not grow with the worlds.
"""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.axes import Array, distinct
from sim.experiments.sketch import Sketch, keys

BLOCK = 16_384  # replications played and digested together; parts are cut between blocks
Z = float(ndtri(0.975))  # 95 % of a normal distribution

RATES = ("agreed", "ratified", "ratified_first", "ratified_second", "rejected", "impasse")
NOT_MEASURES = ("point", "replication", "status", "proposer")


def with_derived(worlds: pd.DataFrame) -> pd.DataFrame:
    """Worlds with the outcomes one asks for that follow from the others."""
    if "savings" in worlds:
        saved = worlds["savings_realised" if "savings_realised" in worlds else "savings"]
        realised = saved.where(worlds["ratified"], 0.0).fillna(0.0)
        worlds = worlds.assign(savings_realised=realised)
    ends = {name: worlds["status"] == name for name in RATES if name not in ("agreed", "ratified")}
    if "yes_share_1" not in worlds:
        ends = {"impasse": ends["impasse"]}
    return worlds.assign(**ends)


def digest(worlds: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Digest worlds (one row each, with `point` and `replication`) to be merged by `summarise`.

    Returns moments, one row a point, block and measure with `n`, `mean` and `squares` (summed squared
    deviations); and quantile sketches, one row a point, measure and bucket with its `count`.
    """
    worlds = with_derived(worlds)
    measures = worlds.drop(columns=[c for c in NOT_MEASURES if c in worlds])
    values = measures.select_dtypes(["number", "bool", "boolean"]).astype(float)
    point, block = worlds["point"].to_numpy(), worlds["replication"].to_numpy() // BLOCK
    groups = values.groupby([point, block])
    n, mean = groups.count(), groups.mean()
    squares = groups.var(ddof=0) * n
    moments = {
        "point": np.repeat(n.index.get_level_values(0), values.shape[1]),
        "block": np.repeat(n.index.get_level_values(1), values.shape[1]),
        "measure": np.tile(values.columns, len(n)),
        "n": n.to_numpy().ravel(),
        "mean": mean.fillna(0.0).to_numpy().ravel(),
        "squares": squares.fillna(0.0).to_numpy().ravel(),
    }
    return pd.DataFrame(moments), _sketches(values, point)


def _sketches(values: pd.DataFrame, point: Array) -> pd.DataFrame:
    """Count the values of each point and measure by bucket; rates need no quantiles."""
    names = [name for name in values if name not in RATES]
    wide = values[names].to_numpy()
    row, column = np.nonzero(np.isfinite(wide))
    found, which = distinct(point[row], column, keys(wide[row, column]))
    of_point, of_measure, key = found
    counted = {"point": of_point, "measure": np.array(names, dtype=object)[of_measure], "key": key}
    return pd.DataFrame(counted | {"count": np.bincount(which, minlength=len(key))})


def summarise(
    points: pd.DataFrame, moments: Iterable[pd.DataFrame], sketches: Iterable[pd.DataFrame]
) -> pd.DataFrame:
    """One row a design point: its labels, `n`, and each measure with its 95 % interval.

    Rates have Wilson intervals, means normal ones. Other measures also have a median and its interval
    from order statistics. `savings` and the like are over the worlds that have them, while
    `savings_realised` counts 0 where nothing was ratified.

    Args:
        points: one row a design point, with the column `point` and its labels.
        moments: what `digest` made of the worlds, in any order.
        sketches: the same.
    """
    blocks = _blocks(moments)
    known = _merged(sketches)
    rows: dict[int, dict[str, float]] = {int(point): {} for point in points["point"]}
    for (point, measure), of_blocks in blocks.items():
        rows[point] |= _interval(measure, list(of_blocks.values()), known.get((point, measure)))
    counts = {point: _n(blocks.get((point, "agreed"), {}).values()) for point in rows}
    table = points.set_index("point").assign(n=pd.Series(counts))
    summary = pd.DataFrame.from_dict(rows, orient="index")
    return pd.concat([table, summary], axis=1).rename_axis("point").reset_index()


Moments = tuple[int, float, float]


def _blocks(moments: Iterable[pd.DataFrame]) -> dict[tuple[int, str], dict[int, Moments]]:
    """The moments of every point and measure, by block."""
    blocks: dict[tuple[int, str], dict[int, Moments]] = {}
    for part in moments:
        for row in part.itertuples(index=False):
            of_measure = blocks.setdefault((row.point, row.measure), {})
            before = of_measure.get(row.block, (0, 0.0, 0.0))
            of_measure[row.block] = _joined(before, (row.n, row.mean, row.squares))
    return blocks


def _merged(sketches: Iterable[pd.DataFrame]) -> dict[tuple[int, str], Sketch]:
    merged: pd.DataFrame | None = None
    for part in sketches:
        both = part if merged is None else pd.concat([merged, part])
        merged = both.groupby(["point", "measure", "key"], as_index=False)["count"].sum()
    if merged is None:
        return {}
    return {
        where: Sketch(of_measure["key"].to_numpy(), of_measure["count"].to_numpy())
        for where, of_measure in merged.groupby(["point", "measure"])
    }


def _joined(one: Moments, other: Moments) -> Moments:
    """Two parts of one block (Chan, Golub and LeVeque 1983); parts are cut so that this is rare."""
    n = one[0] + other[0]
    if one[0] == 0 or other[0] == 0:
        return other if one[0] == 0 else one
    apart, share = other[1] - one[1], other[0] / n
    return n, one[1] + apart * share, one[2] + other[2] + apart * apart * one[0] * share


def _n(blocks: Iterable[Moments]) -> int:
    return sum(int(n) for n, _, _ in blocks)


def _interval(measure: str, blocks: list[Moments], sketch: Sketch | None) -> dict[str, float]:
    n = _n(blocks)
    if n == 0:
        return dict.fromkeys((measure, f"{measure}_low", f"{measure}_high"), math.nan)
    mean = math.fsum(m * mean for m, mean, _ in blocks) / n
    if measure in RATES:
        low, high = wilson(mean * n, n)
    else:
        squares = math.fsum(s + m * (mean_b - mean) ** 2 for m, mean_b, s in blocks)
        half = Z * math.sqrt(squares / (n - 1) / n) if n > 1 else math.nan
        low, high = mean - half, mean + half
    told = {measure: mean, f"{measure}_low": low, f"{measure}_high": high}
    return told | (_median(measure, sketch) if sketch is not None else {})


def _median(measure: str, sketch: Sketch) -> dict[str, float]:
    """The median, and order statistics half a standard error of its rank to both sides."""
    half = Z * math.sqrt(sketch.total) / 2
    ranks = {"": 0.0, "_low": -half, "_high": half}
    middle = (sketch.total - 1) / 2
    return {f"{measure}_median{end}": sketch.at_rank(middle + off) for end, off in ranks.items()}


def wilson(successes: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927): right also near 0 and 1. Works elementwise."""
    rate, slack = successes / n, Z * Z / n
    middle = (rate + slack / 2) / (1 + slack)
    half = Z * np.sqrt(rate * (1 - rate) / n + slack / (4 * n)) / (1 + slack)
    return middle - half, middle + half
