"""From worlds to rates, means and medians with intervals, one row a design point.

Worlds are digested block by block: counts, means, squared deviations and sketches of the values of every
measure. Blocks are the same however a run was cut into parts, and their sums are rounded once
(`math.fsum`), so the summary does not depend on the cut, and memory does not grow with the worlds.
"""

import math
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import reduce

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, pieces
from sim.cases.schema import Scenario
from sim.experiments.statistics.intervals import of_mean, of_median, wilson
from sim.experiments.statistics.sketch import bounds, bucketed, merged, of_values, starts_of
from sim.play.measures import measure_of, possible
from sim.worlds.size import MANY

ROWS_AT_ONCE = 1_000_000  # rows of sketches in memory before they are merged
GROUPS_AT_ONCE = 100_000  # points and measures whose medians are found together
MOMENTS = {  # how narrow a column of them may be
    "point": np.int32,
    "measure": np.int16,
    "block": np.int32,
    "n": np.int64,
    "mean": np.float64,
    "squares": np.float64,
}
LONG = 256  # worlds a point from which each is sorted by itself
BLOCK = MANY  # replications played and digested together; parts are cut between blocks

ENDS = ("ratified_first", "ratified_second", "rejected", "impasse")
NOT_MEASURES = ("point", "replication", "status", "proposer")
# Columns that `with_derived` reads, and what its rows are known by.
DERIVED_FROM = ("point", "status", "ratified", "savings", "award_savings", "savings_realised")
Worlds = Callable[[Container[str]], Iterable[pd.DataFrame]]


def with_derived(worlds: pd.DataFrame) -> pd.DataFrame:
    """Worlds with the outcomes one asks for that follow from the others."""
    if "savings" in worlds:
        realised = worlds["savings"].where(worlds["ratified"].astype(bool), 0.0).fillna(0.0)
        if "award_savings" in worlds:
            realised = realised + worlds["award_savings"].fillna(0.0)
        if "savings_realised" in worlds:  # of the worlds whose scenario says how much comes true
            realised = worlds["savings_realised"].fillna(realised)
        worlds = worlds.assign(savings_realised=realised)
    ends = {name: worlds["status"] == name for name in ENDS}
    if "yes_share_1" not in worlds:
        consent = any(name.startswith("passed_") for name in worlds)
        ends = {name: ends[name] for name in (["rejected"] if consent else []) + ["impasse"]}
    return worlds.assign(**ends)


def digest(worlds: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Digest worlds (one row each, with `point` and `replication`) to be merged by `summarise`.

    Returns moments, one row a point, block and measure with `n`, `mean` and `squares` (summed squared
    deviations); and sketches, one row a point, measure and value, or bucket of values from `low` to
    `high`, with its `count`.
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
    """The values of each point and measure, counted (see `sketch`); rates need no quantiles.

    One measure at a time, as the sort of all of them would take more memory than the worlds.
    """
    names = [name for name in values if not measure_of(name).rate]
    if (np.diff(point) < 0).any():
        order = np.argsort(point, kind="stable")
        values, point = values.iloc[order], point[order]
    sketches = [_sketch(values[name].to_numpy(), point) for name in names]
    of_point, low, high, count = (np.concatenate(c) for c in zip(*sketches, strict=True))
    measure = np.repeat(np.arange(len(names)), [len(of_one) for of_one, *_ in sketches])
    order = np.lexsort((measure, of_point))  # stable: values of one point and measure stay in order
    counted = {"point": of_point, "measure": np.array(names, dtype=object)[measure], "low": low}
    table = pd.DataFrame(counted | {"high": high, "count": count})
    return table.iloc[order].reset_index(drop=True)


def _sketch(
    values: Float[Array, " worlds"], point: Int[Array, " worlds"]
) -> tuple[Array, Array, Array, Array]:
    """The sketch of one measure at each of the ascending points; missing values are left out."""
    there = np.isfinite(values)
    if not there.all():
        values, point = values[there], point[there]
    starts = starts_of(point)
    if len(values) > LONG * len(starts):  # each by itself is much quicker
        rows = [of_values(piece) for piece in np.split(values, starts[1:])]
        low, high, count = (np.concatenate(c) for c in zip(*rows, strict=True))
        return np.repeat(point[starts], [len(row[0]) for row in rows]), low, high, count
    values = values[np.lexsort((values, point))]
    new = starts_of(point, values)
    return bucketed(point[new], values[new], values[new], np.diff(new, append=len(values)))


def summarise(
    points: pd.DataFrame,
    moments: Iterable[pd.DataFrame],
    sketches: Iterable[pd.DataFrame] = (),
    *,
    scenarios: Sequence[Scenario] = (),
    worlds: Worlds = lambda columns: (),
) -> pd.DataFrame:
    """One row a design point: its labels, `n`, and each measure with its 95 % interval and its own n.

    `NAME_n` counts the worlds that have the measure. Rates have Wilson intervals, means Student's, which
    keep to what the measure may be. Other measures also have a median, and its interval from order
    statistics; it is that of all values where they were kept, and else as sure as its interval
    says. `savings` and the like are over the worlds that have them, while `savings_realised` counts 0
    where nothing was ratified.

    Args:
        points: one row a design point, with the column `point` and its labels.
        moments: what `digest` made of the worlds, in any order.
        sketches: the same; without them there are no medians.
        scenarios: those of the points, which bound some measures.
        worlds: gives the worlds that were kept, in parts, with such of the named columns as there are;
            they are looked through once, for medians.
    """
    names: dict[str, int] = {}
    columns: dict[str, Array] = {}
    n = np.zeros(len(points), dtype=np.int64)
    means, medians = _means(moments, names), _medians(sketches, names, worlds)
    at = pd.Index(points["point"])
    for name, number in names.items():
        of_name = means[means["measure"] == number]
        where = at.get_indexer(of_name["point"])
        if name == "agreed":
            n[where] = of_name["n"]
        possible = _possible(name, [scenarios[place] for place in where] if scenarios else None)
        columns |= _spread(name, where, _interval(name, of_name, *possible), len(points))
        columns[f"{name}_n"] = np.zeros(len(points), dtype=np.int64)
        columns[f"{name}_n"][where] = of_name["n"]
        of_name = medians[medians["measure"] == number]
        if len(of_name):
            where, ends = at.get_indexer(of_name["point"]), of_name[["median", "low", "high"]]
            columns |= _spread(f"{name}_median", where, ends.to_numpy().T, len(points))
    spread = pd.DataFrame({"n": n} | columns, index=points.index)
    return pd.concat([points, spread], axis=1)


def _possible(name: str, scenarios: Sequence[Scenario] | None) -> Float[Array, "2 points"]:
    """The least and the greatest value that a measure may have at each point; one column if at all alike."""
    if scenarios is None:
        return np.array([possible(name)]).T
    known: dict[int, tuple[float, float]] = {}
    for scenario in scenarios:
        if id(scenario) not in known:
            known[id(scenario)] = possible(name, scenario)
    return np.array([known[id(scenario)] for scenario in scenarios]).reshape(-1, 2).T


def own_n(summary: pd.DataFrame, measure: str) -> pd.Series:
    """How many worlds have a measure at each point; a median rests on as many as its mean."""
    return summary[f"{measure.removesuffix('_median')}_n"]


def span(counts: pd.Series) -> str:
    """From how many to how many, such as 300, or 3 to 300; empty where nobody knows."""
    some = counts.dropna()
    if some.empty:
        return ""
    least, most = int(some.min()), int(some.max())
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def with_counts(
    summary: pd.DataFrame, moments: Callable[[], Iterable[pd.DataFrame]]
) -> pd.DataFrame:
    """A summary with the n of each measure, which those of an earlier version have not: from its moments."""
    lacking = [
        name
        for name in summary
        if {f"{name}_low", f"{name}_high"} <= {*summary}
        and not name.endswith("_median")
        and f"{name}_n" not in summary
    ]
    if not lacking:
        return summary
    parts = [part[["point", "measure", "n"]] for part in moments()]
    counts = pd.concat(parts).pivot_table("n", "point", "measure", aggfunc="sum")
    counts = counts.reindex(index=summary["point"], columns=lacking).fillna(0).astype(np.int64)
    columns = {}
    for name in summary:
        columns[name] = summary[name]
        measure = name.removesuffix("_high")
        if name != measure and measure in lacking:
            columns[f"{measure}_n"] = pd.Series(counts[measure].to_numpy(), index=summary.index)
    return pd.DataFrame(columns)


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
    kept: list[list[Array]] = [[] for _ in MOMENTS]  # by column, as narrow as can be
    for part in moments:
        numbers = _numbered(part["measure"], names)
        for column, (name, kind) in zip(kept, MOMENTS.items(), strict=True):
            values = numbers if name == "measure" else part[name].to_numpy()
            column.append(values.astype(kind, copy=False))
    if not kept[0]:
        return pd.DataFrame(columns=["point", "measure", "n", "mean", "squares"], dtype=float)
    rows = [np.concatenate(column) for column in kept]
    order = np.lexsort((rows[2], rows[1], rows[0]))
    point, measure, block, n, mean, squares = (column[order] for column in rows)
    del kept, rows, order
    starts = starts_of(point, measure, block)
    if len(starts) < len(n):
        n, mean, squares = _whole_blocks(starts, n, mean, squares)
        point, measure = point[starts], measure[starts]
    starts = starts_of(point, measure)
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


def _interval(
    measure: str, table: pd.DataFrame, least: Array, most: Array
) -> tuple[Array, Array, Array]:
    """The mean of each point, and its 95 % interval."""
    n, mean, squares = (table[column].to_numpy(float) for column in ("n", "mean", "squares"))
    if measure_of(measure).rate:
        with np.errstate(invalid="ignore", divide="ignore"):  # missing without worlds
            return mean, *wilson(mean * n, n)
    low, high = of_mean(n, mean, squares, least, most)
    return mean, np.asarray(low), np.asarray(high)


def _medians(
    sketches: Iterable[pd.DataFrame],
    names: dict[str, int],
    worlds: Worlds,
) -> pd.DataFrame:
    """One row a point and measure: its median, and the order statistics that are its interval's ends."""
    columns = _merged(sketches, names)
    if not len(columns[0]):
        return pd.DataFrame(columns=["point", "measure", "median", "low", "high"], dtype=float)
    point, measure, low, high, count = columns
    starts = starts_of(point, measure)
    ends = np.append(starts[1:], len(point))
    least, most = np.empty((2, 4, len(starts)))
    few = np.empty(len(starts), dtype=bool)
    asked: list[pd.DataFrame] = []
    name_of = np.array(list(names), dtype=object)
    for some in pieces(len(starts), GROUPS_AT_ONCE):
        here = slice(starts[some][0], ends[some][-1])
        row, rank, few[some] = _ranks(starts[some] - here.start, count[here])
        row += here.start
        # The first of a bucket is its least, the last its greatest.
        most[:, some] = np.where(rank == 0, low[row], high[row])
        least[:, some] = np.where(rank == count[row] - 1, high[row], low[row])
        which, group = np.nonzero(least[:, some] != most[:, some])
        of = row[which, group]
        buckets = {"point": point[of], "measure": name_of[measure[of]], "low": low[of]}
        buckets |= {"high": high[of], "count": count[of], "rank": rank[which, group]}
        asked.append(pd.DataFrame(buckets | {"which": which, "group": group + some.start}))
    unsure = pd.concat(asked, ignore_index=True)
    if len(unsure):
        found = _looked_up(unsure, worlds)
        sure = ~np.isnan(found)
        place = unsure["which"].to_numpy()[sure], unsure["group"].to_numpy()[sure]
        least[place] = most[place] = found[sure]
    middle = (least[:2] + most[:2]).sum(axis=0) / 4
    table = {"point": point[starts], "measure": measure[starts], "median": middle}
    edges = {"low": np.where(few, np.nan, least[2]), "high": np.where(few, np.nan, most[3])}
    return pd.DataFrame(table | edges)


def _ranks(
    starts: Int[Array, " groups"], count: Int[Array, " rows"]
) -> tuple[Int[Array, "4 groups"], Int[Array, "4 groups"], Bool[Array, " groups"]]:
    """The order statistics that are the median of groups of counted values, and its interval's ends.

    The row in which each of the four stands and its rank there, from 0; and whether a group is too small
    for an interval.
    """
    upto = np.cumsum(count)
    before = upto[starts] - count[starts]
    n = np.append(upto[starts[1:] - 1], upto[-1:]) - before
    outside = of_median(n)
    ranks = np.array([(n - 1) // 2, n // 2, outside, n - 1 - outside])  # from the least, which is 0
    ranks = np.where((ranks < 0) | (ranks >= n), 0, ranks)
    row = np.searchsorted(upto, before + ranks, "right")
    return row, before + ranks - (upto[row] - count[row]), outside < 0


def _looked_up(asked: pd.DataFrame, worlds: Worlds) -> Float[Array, " asked"]:
    """The values at some ranks within buckets, from the worlds themselves; missing where not all are kept.

    Only the values of those buckets are held in memory.
    """
    buckets = asked.groupby(["point", "measure", "low", "high"], sort=False).indices
    of_point: dict[int, list[tuple]] = {}
    for bucket in buckets:
        of_point.setdefault(bucket[0], []).append(bucket)
    pieces: dict[tuple, list[Array]] = {bucket: [] for bucket in buckets}
    for part in worlds({*DERIVED_FROM, *asked["measure"]}):
        part = with_derived(part)
        for number, rows in part.groupby("point").indices.items():
            for bucket in of_point.get(number, ()):
                _, measure, low, high = bucket
                values = part[measure].to_numpy(dtype=float, na_value=np.nan)[rows]
                pieces[bucket].append(values[(values >= low) & (values <= high)])
    found = np.full(len(asked), np.nan)
    rank, count = asked["rank"].to_numpy(), asked["count"].to_numpy()
    for bucket, rows in buckets.items():
        values = np.concatenate(pieces[bucket]) if pieces[bucket] else np.zeros(0)
        if len(values) == count[rows[0]]:
            found[rows] = np.partition(values, rank[rows])[rank[rows]]
    return found


def _merged(sketches: Iterable[pd.DataFrame], names: dict[str, int]) -> tuple[Array, ...]:
    """Point, measure, low, high and count of all sketches; merged now and then to bound memory."""
    none = np.zeros(0, dtype=np.int64)
    together: tuple[Array, ...] = (none, none, np.zeros(0), np.zeros(0), none)
    pending: list[tuple[Array, ...]] = []
    for part in sketches:
        numbers = _numbered(part["measure"], names)
        pending.append((part["point"].to_numpy(), numbers, *_ends(part), part["count"].to_numpy()))
        waiting = sum(len(columns[0]) for columns in pending)
        if waiting > max(ROWS_AT_ONCE, len(together[0])):
            together, pending = _put_together([together, *pending]), []
    return _put_together([together, *pending])


def _ends(sketch: pd.DataFrame) -> tuple[Array, Array]:
    """The least and greatest value of each row; those of an earlier version tell the bucket alone."""
    if "key" in sketch:
        return bounds(sketch["key"].to_numpy())
    return sketch["low"].to_numpy(), sketch["high"].to_numpy()


def _put_together(tables: Sequence[tuple[Array, ...]]) -> tuple[Array, ...]:
    point, measure, low, high, count = (np.concatenate(c) for c in zip(*tables, strict=True))
    most = int(measure.max(initial=0)) + 1
    of, low, high, count = merged(point * most + measure, low, high, count)
    return of // most, of % most, low, high, count
