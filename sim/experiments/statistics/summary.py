"""From worlds to rates, means and medians with intervals, one row a design point.

Worlds are digested block by block: counts, means, squared deviations and quantile sketches of every
measure. Blocks are the same however a run was cut into parts, and their sums are rounded once
(`math.fsum`), so the summary does not depend on the cut, and memory does not grow with the worlds.
"""

import math
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import TypeVar

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from sim.arrays.axes import Array, distinct
from sim.experiments.statistics.sketch import keys, values_at
from sim.play.measures import MEASURES
from sim.worlds.size import MANY

BUCKETS_AT_ONCE = 1_000_000  # rows of sketches in memory before they are merged
BLOCK = MANY  # replications played and digested together; parts are cut between blocks
Z = 1.959963984540054  # `ndtri(0.975)`: 95 % of a normal distribution

ENDS = ("ratified_first", "ratified_second", "rejected", "impasse")
RATES = frozenset(measure.name for measure in MEASURES.values() if measure.rate)
NOT_MEASURES = ("point", "replication", "status", "proposer")


def with_derived(worlds: pd.DataFrame) -> pd.DataFrame:
    """Worlds with the outcomes one asks for that follow from the others."""
    if "savings_realised" in worlds:
        worlds = worlds.assign(savings_realised=worlds["savings_realised"].fillna(0.0))
    elif "savings" in worlds:
        realised = worlds["savings"].where(worlds["ratified"], 0.0).fillna(0.0)
        if "award_savings" in worlds:
            realised = realised + worlds["award_savings"].fillna(0.0)
        worlds = worlds.assign(savings_realised=realised)
    ends = {name: worlds["status"] == name for name in ENDS}
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
    """Count the values of each point and measure by bucket; rates need no quantiles.

    One measure at a time, as the sort of all of them would take more memory than the worlds.
    """
    names = [name for name in values if name not in RATES]
    buckets = [_buckets(values[name].to_numpy(), point) for name in names]
    of_point, key, count = (np.concatenate(column) for column in zip(*buckets, strict=True))
    measure = np.repeat(np.arange(len(names)), [len(of_one) for of_one, *_ in buckets])
    order = np.lexsort((measure, of_point))  # stable: keys of one point and measure stay in order
    counted = {"point": of_point, "measure": np.array(names, dtype=object)[measure], "key": key}
    return pd.DataFrame(counted | {"count": count}).iloc[order].reset_index(drop=True)


def _buckets(
    values: Float[Array, " worlds"], point: Int[Array, " worlds"]
) -> tuple[Int[Array, " buckets"], Int[Array, " buckets"], Int[Array, " buckets"]]:
    """Point, key and count of the buckets of one measure, sorted; missing values are left out."""
    there = np.isfinite(values)
    (of_point, key), which = distinct(point[there], keys(values[there]))
    return of_point, key, np.bincount(which, minlength=len(key))


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
    names: dict[str, int] = {}
    columns: dict[str, Array] = {}
    n = np.zeros(len(points), dtype=np.int64)
    means, medians = _means(moments, names), _medians(sketches, names)
    at = pd.Index(points["point"])
    for name, number in names.items():
        of_name = means[means["measure"] == number]
        where = at.get_indexer(of_name["point"])
        if name == "agreed":
            n[where] = of_name["n"]
        columns |= _spread(name, where, _interval(name, of_name), len(points))
        of_name = medians[medians["measure"] == number]
        if len(of_name):
            where, ends = at.get_indexer(of_name["point"]), of_name[["median", "low", "high"]]
            columns |= _spread(f"{name}_median", where, ends.to_numpy().T, len(points))
    spread = pd.DataFrame({"n": n} | columns, index=points.index)
    return pd.concat([points, spread], axis=1)


def _spread(
    name: str, where: Int[Array, " some"], ends: Iterable[Array], points: int
) -> dict[str, Array]:
    """A value, and the low and high end of its interval, as columns; missing where there is none."""
    columns = {}
    for end, values in zip(("", "_low", "_high"), ends, strict=True):
        column = columns[name + end] = np.full(points, np.nan)
        column[where] = values
    return columns


def _means(moments: Iterable[pd.DataFrame], names: dict[str, int]) -> pd.DataFrame:
    """One row a point and measure: `n`, `mean` and summed `squares` of its blocks, rounded once.

    Measures become numbers, in the order in which they first appear; `names` takes those down.
    """
    parts = [part.assign(measure=_numbered(part["measure"], names)) for part in moments]
    columns = ["point", "measure", "block", "n", "mean", "squares"]
    if not parts:
        return pd.DataFrame(columns=columns, dtype=float)
    rows = pd.concat(parts)[columns].sort_values(columns[:3], kind="stable")
    point, measure, block, n, mean, squares = (rows[column].to_numpy() for column in columns)
    starts = _starts(point, measure, block)
    if len(starts) < len(n):
        n, mean, squares = _whole_blocks(starts, n, mean, squares)
        point, measure = point[starts], measure[starts]
    starts = _starts(point, measure)
    total = np.add.reduceat(n, starts)
    with np.errstate(invalid="ignore"):  # a measure that no world has: 0 of 0
        middle = _sums(n * mean, starts) / total
        apart = mean - np.repeat(middle, np.diff(starts, append=len(n)))
        summed = _sums(squares + n * apart * apart, starts)
    table = {"n": total, "mean": middle, "squares": summed}
    return pd.DataFrame({"point": point[starts], "measure": measure[starts]} | table)


def _numbered(measures: pd.Series, names: dict[str, int]) -> Int[Array, " rows"]:
    codes, found = pd.factorize(measures)
    return np.array([names.setdefault(name, len(names)) for name in found], dtype=np.int64)[codes]


def _starts(*columns: Int[Array, " rows"]) -> Int[Array, " groups"]:
    """Where a new group of equal rows begins in sorted columns."""
    new = np.ones(len(columns[0]), dtype=bool)
    new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(new)


def _sums(values: Float[Array, " rows"], starts: Int[Array, " groups"]) -> Float[Array, " groups"]:
    """The sum of every group, rounded once however it is ordered."""
    sums, ends = values[starts], np.append(starts[1:], len(values))
    for group in np.flatnonzero(ends - starts > 1):
        sums[group] = math.fsum(values[starts[group] : ends[group]].tolist())
    return sums


def _whole_blocks(
    starts: Int[Array, " blocks"], n: Array, mean: Array, squares: Array
) -> tuple[Array, Array, Array]:
    """Blocks that were cut over parts, joined (Chan, Golub and LeVeque 1983); cuts there are rare."""
    joined = [column[starts] for column in (n, mean, squares)]
    ends = np.append(starts[1:], len(n))
    for block in np.flatnonzero(ends - starts > 1):
        cut = slice(starts[block], ends[block])
        pieces: Iterator[Moments] = zip(
            n[cut].tolist(), mean[cut].tolist(), squares[cut].tolist(), strict=True
        )
        whole: Moments = reduce(_joined, pieces)
        for column, value in zip(joined, whole, strict=True):
            column[block] = value
    return joined[0], joined[1], joined[2]


Moments = tuple[int, float, float]


def _joined(one: Moments, other: Moments) -> Moments:
    if one[0] == 0 or other[0] == 0:
        return other if one[0] == 0 else one
    n = one[0] + other[0]
    apart, share = other[1] - one[1], other[0] / n
    return n, one[1] + apart * share, one[2] + other[2] + apart * apart * one[0] * share


def _interval(measure: str, table: pd.DataFrame) -> tuple[Array, Array, Array]:
    """The mean of each point, and its 95 % interval."""
    n, mean, squares = (table[column].to_numpy(float) for column in ("n", "mean", "squares"))
    with np.errstate(invalid="ignore", divide="ignore"):  # missing without worlds, or with one
        if measure in RATES:
            return mean, *wilson(mean * n, n)
        half = Z * np.sqrt(squares / np.where(n > 1, n - 1, np.nan) / n)
    return mean, mean - half, mean + half


def _medians(sketches: Iterable[pd.DataFrame], names: dict[str, int]) -> pd.DataFrame:
    """One row a point and measure: its median, and order statistics half an interval to both sides."""
    point, measure, key, count = _merged(sketches, names)
    starts = _starts(point, measure)
    upto = np.cumsum(count)
    before = upto[starts] - count[starts]
    total = np.append(upto[starts[1:] - 1], upto[-1:]) - before
    half = Z * np.sqrt(total) / 2
    table = {"point": point[starts], "measure": measure[starts]}
    for name, off in (("median", 0.0), ("low", -half), ("high", half)):
        rank = np.clip((total - 1) / 2 + off, 0, total - 1)
        table[name] = values_at(key[np.searchsorted(upto, before + rank, "right")])
    return pd.DataFrame(table)


def _merged(sketches: Iterable[pd.DataFrame], names: dict[str, int]) -> tuple[Array, ...]:
    """Point, measure, key and count of all buckets, sorted; merged now and then to bound memory."""
    merged = tuple(np.zeros((4, 0), dtype=np.int64))
    pending: list[tuple[Array, ...]] = []
    for part in sketches:
        columns = (part[column].to_numpy() for column in ("point", "key", "count"))
        point, key, count = columns
        pending.append((point, _numbered(part["measure"], names), key, count))
        if sum(len(columns[0]) for columns in pending) > max(BUCKETS_AT_ONCE, len(merged[0])):
            merged, pending = _added_up([merged, *pending]), []
    return _added_up([merged, *pending])


def _added_up(tables: Iterable[tuple[Array, ...]]) -> tuple[Array, ...]:
    point, measure, key, count = (np.concatenate(columns) for columns in zip(*tables, strict=True))
    found, which = distinct(point, measure, key)
    added = np.bincount(which, weights=count, minlength=len(found[0]))  # exact up to 2^53
    return *found, added.astype(np.int64)


Numbers = TypeVar("Numbers", float, Array)


def wilson(successes: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
    """The 95 % interval of a rate (Wilson 1927): right also near 0 and 1. Works elementwise."""
    rate, slack = successes / n, Z * Z / n
    middle = (rate + slack / 2) / (1 + slack)
    half = Z * np.sqrt(rate * (1 - rate) / n + slack / (4 * n)) / (1 + slack)
    return middle - half, middle + half
