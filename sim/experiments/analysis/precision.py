"""Are there enough replications? How narrow the intervals are, and what it takes to narrow them."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.experiments.analysis.effects import paired_worlds
from sim.experiments.analysis.estimand import counted
from sim.experiments.running.results import Results, results_of
from sim.experiments.statistics.intervals import Z, of_mean, wilson
from sim.experiments.statistics.paired import paired_difference
from sim.experiments.statistics.summary import with_derived
from sim.inputs.arguments import real, word
from sim.inputs.problems import InputError, few
from sim.play.measures import measure_of, possible

DECIDED, OPEN, SAME = "yes", "not yet", "the same"
FIRST = 10  # replications at which a running mean begins
ABOVE_0 = "a number above 0"
PLACES = 400  # along a running mean
MOST_NEEDED = 2.0**62  # a number of replications that can be written down

Column = Float[Array, " points"]


def precision(
    results: Results | str | Path, measure: str, at_most: float | None = None
) -> pd.DataFrame:
    """How sure the mean of a measure is at each design point; one row a point, the greatest mean first.

    `n` worlds of a point have the measure, and `left_out` have not. `halfwidth` is half the 95 % interval,
    `needed` how many replications in all would bring it down to `at_most`. `above_next` says whether
    the order of a point and the next one is decided: the interval of their difference leaves 0 out.
    Differences are paired where replications share their draws and all worlds were kept. This is a
    guide to the next run and not a test, since the same data chose the order.

    Args:
        results: of any design.
        measure: a column of the summary.
        at_most: half the width that is wanted, in the unit of the measure.

    Raises:
        InputError: when the measure is not there, or at_most is not above 0.
    """
    results, measure = results_of(results), word(measure, "measure")
    if at_most is not None and not (at_most := real(at_most, "at_most", ABOVE_0)) > 0:
        raise InputError(f"at_most = {at_most:g}: must be {ABOVE_0}")
    table = _intervals(results, measure)
    if at_most is not None:
        n, mean, halfwidth = table[["n", "mean", "halfwidth"]].to_numpy(dtype=float).T
        n = n + table["left_out"].to_numpy()  # as many are left out of more
        rate = measure_of(measure).rate
        with np.errstate(divide="ignore", over="ignore"):  # next to nothing takes for ever
            needed = (
                needed_for_rate(mean, at_most) if rate else needed_for_mean(n, halfwidth, at_most)
            )
        table["needed"] = pd.array(np.minimum(needed, MOST_NEEDED), dtype="Int64")
    file = results.experiment.file
    paired = file.random_numbers == "common" and file.keep == "worlds"
    order = _paired_order(results, measure, table["point"]) if paired else _order(table)
    return table.assign(above_next=[*order, ""])


def needed_for_rate(rate: Column, at_most: float) -> Column:
    """The replications at which half the interval of Wilson (1927) of such a rate is at_most.

    With k = z^2 / n that is the positive root of
    (1/4 - at_most^2) k^2 + (rate (1 - rate) - 2 at_most^2) k - at_most^2 = 0.
    """
    if at_most >= 0.5:
        return np.where(np.isnan(rate), np.nan, 1.0)  # no interval of a rate is wider
    square = at_most**2
    a, b = 0.25 - square, rate * (1 - rate) - 2 * square
    k = (np.sqrt(b**2 + 4 * a * square) - b) / (2 * a)
    return np.ceil(Z**2 / k)


def needed_for_mean(n: Column, halfwidth: Column, at_most: float) -> Column:
    """The replications at which half the interval of a mean is at_most: it shrinks with their root."""
    return np.ceil(np.maximum(n * (halfwidth / at_most) ** 2, 2.0))


def verdict(table: pd.DataFrame, at_most: float | None = None) -> str:
    """What the table of `precision` comes to, in two or three sentences."""
    replications = table["n"] + table["left_out"]
    failed = replications == 0
    failures = [
        f"Point {point} has no worlds: all of them failed." for point in table["point"][failed]
    ]
    if lacking := int(((table["n"] == 0) & ~failed).sum()):
        failures.append(f"{lacking} of {len(table)} points have no world with the measure.")
    table = table[~failed]
    order = table["above_next"].iloc[:-1]
    if order.empty:
        return " ".join([*_widths(table, at_most), *few(failures)])
    apart, same = (int((order == word).sum()) for word in (DECIDED, SAME))
    alike = f", {same} the same in every pair of worlds" if same else ""
    pairs = (
        f"Of {len(order)} pairs of neighbours in this order {apart} are apart{alike}, "
        f"{len(order) - apart - same} may yet change places."
    )
    return " ".join([*_widths(table, at_most), pairs, *few(failures)])


def _widths(table: pd.DataFrame, at_most: float | None) -> Iterator[str]:
    points = f"{len(table)} point{'s' * (len(table) > 1)}"
    yield _widest(table, at_most, points)
    if still := int((table["halfwidth"] == 0).sum()):
        yield (
            f"All worlds have the same value at {still} of {points}: an interval without a width, which does "
            "not say how often a rare other value would come."
        )


def _widest(table: pd.DataFrame, at_most: float | None, points: str) -> str:
    if at_most is None:
        known = table.dropna(subset="halfwidth")
        if known.empty:
            return f"None of {points} has an interval yet."
        widest = known.loc[known["halfwidth"].idxmax()]
        without = f"; {len(table) - len(known)} have none" * (len(known) < len(table))
        width = f"±{widest['halfwidth']:.3g}, at point {widest['point']}, of {widest['n']:,} worlds"
        return f"The widest interval of {points} is {width}{without}."
    wide = table[~(table["halfwidth"] <= at_most)]
    if wide.empty:
        return f"Enough: the interval is ±{at_most:g} or narrower at each of {points}."
    not_enough = f"Not enough: the interval is wider than ±{at_most:g} at {len(wide)} of {points}."
    if wide["needed"].isna().all():
        return f"{not_enough} None of these has an interval yet."
    worst = wide.loc[wide["needed"].idxmax()]
    need = f"{worst['needed']:,} replications; it has {worst['n'] + worst['left_out']:,}"
    return f"{not_enough} Point {worst['point']} needs most: {need}."


def running(results: Results, measure: str, points: int = 4) -> pd.DataFrame:
    """The mean of a measure and its 95 % interval as replications grow, at the least certain points.

    One row a place along the way, with the columns `point`, its labels, `replications` (those that have
    the measure), `mean`, `low` and `high`; the point with the widest interval first.

    Raises:
        InputError: when the measure is not there, or not all worlds were kept.
    """
    keep = results.experiment.file.keep
    if keep != "worlds":
        raise InputError(
            f'keep = "{keep}": a running mean is of all worlds in their order; must be "worlds"'
        )
    known = _intervals(results, measure).dropna(subset="halfwidth")
    if known.empty:
        raise InputError(f'{results.folder}: no point has two worlds with "{measure}"')
    widest = known.nlargest(points, "halfwidth")
    worlds = with_derived(results.worlds)
    tables = []
    for number in widest["point"]:
        of_point = worlds[worlds["point"] == number].sort_values("replication")
        values = of_point[measure].astype("Float64").astype(float).dropna().to_numpy()
        point = results.experiment.point(number)
        labels = {"point": number, **point.labels}
        ends = possible(measure, point.scenario)
        tables.append(_running(values, measure_of(measure).rate, *ends).assign(**labels))
    table = pd.concat(tables, ignore_index=True)
    return table[[*labels, "replications", "mean", "low", "high"]]


def _running(values: Column, rate: bool, least: float, most: float) -> pd.DataFrame:
    n = np.arange(1, len(values) + 1)
    mean = values.cumsum() / n
    centred = values - values.mean()
    squares = np.maximum(np.square(centred).cumsum() - np.square(centred.cumsum()) / n, 0)
    low, high = (
        wilson(values.cumsum(), n) if rate else of_mean(n.astype(float), mean, squares, least, most)
    )
    table = pd.DataFrame({"replications": n, "mean": mean, "low": low, "high": high})
    first = min(FIRST, len(values))
    return table.iloc[np.unique(np.geomspace(first, len(values), PLACES).astype(int)) - 1]


def _intervals(results: Results, measure: str) -> pd.DataFrame:
    """The mean and interval of each point from the summary, the greatest mean first."""
    summary = results.summary_of(measure)
    table = summary[[*results.points]].assign(
        **counted(results, measure),
        mean=summary[measure],
        low=summary[f"{measure}_low"],
        high=summary[f"{measure}_high"],
    )
    table["halfwidth"] = (table["high"] - table["low"]) / 2
    return table.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def _paired_order(results: Results, measure: str, points: pd.Series) -> Iterator[str]:
    worlds = paired_worlds(results)
    for above, below in pairwise(points):
        found = paired_difference(worlds[below], worlds[above], measure)
        yield SAME if found.exactly_none else DECIDED if found.low > 0 else OPEN


def _order(table: pd.DataFrame) -> Iterator[str]:
    """The same from intervals of points by themselves, as if their draws were independent."""
    for above, below in pairwise(table.itertuples()):
        wide = np.hypot(above.halfwidth, below.halfwidth)
        yield DECIDED if above.mean - below.mean > wide else OPEN
