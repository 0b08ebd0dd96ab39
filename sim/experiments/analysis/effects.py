"""What a change of setting does: points against one of them, and the factors of a whole grid."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import TIE, Array
from sim.experiments.analysis.estimand import constant_words, instead, is_constant, left_out_words
from sim.experiments.running.results import Results, results_of
from sim.experiments.statistics.intervals import of_contrast
from sim.experiments.statistics.paired import paired_difference
from sim.inputs.arguments import WholeNumber, whole, word
from sim.inputs.problems import InputError, nearest

HIGHER_ORDER = "three or more"
Term = tuple[int, ...]  # the numbers of the factors that act together


def paired_differences(
    results: Results | str | Path, measure: str, base: WholeNumber | None = None
) -> pd.DataFrame:
    """How much more of a measure every design point has than the base; one row a point.

    The base is the first point, unless another one is named. `low` and `high` are the 95 % interval over
    `pairs` of replications, `left_out` those that do not have the measure at both points.

    Raises:
        InputError: when the base or the measure is not there, or replications share no draws.
    """
    results, measure = results_of(results), word(measure, "measure")
    worlds = paired_worlds(results)
    base = min(worlds) if base is None else whole(base, "base")
    if base not in worlds:
        raise InputError(f"base = {base}: there are points {min(worlds)} to {max(worlds)}")
    if worlds[base].empty:
        raise InputError(f"base = {base}: has no worlds, as all of them failed; name another point")
    _check_measure(measure, worlds[base])
    rows = []
    for number, of_point in worlds.items():
        found = paired_difference(worlds[base], of_point, measure)
        ends = {"difference": found.estimate, "low": found.low, "high": found.high}
        labels = results.experiment.point(number).labels
        counts = {"pairs": found.pairs, "left_out": found.left_out}
        rows.append({"point": number, **labels, **ends, **counts})
    return pd.DataFrame(rows)


def paired_worlds(results: Results) -> dict[int, pd.DataFrame]:
    """The worlds of each point, with all that can be compared replication by replication.

    Of a point whose worlds all failed there are none.

    Raises:
        InputError: when replications share no draws.
    """
    if results.experiment.file.random_numbers != "common":
        raise InputError('random_numbers = "independent": differences are paired; must be "common"')
    return results.worlds_by_point


def factorial(results: Results | str | Path, measure: str) -> pd.DataFrame:
    """What each level of each factor of a grid does to the mean of a measure, alone and in pairs.

    First one row a level: its `mean` over all levels of the other factors, and its main `effect`, that
    mean less the grand mean. Then one row a pair of levels, the second in `other` and `other_level`:
    what their mean has beyond the grand mean and both main effects, the interaction (Box, Hunter and
    Hunter 2005). `low` and `high` are 95 % intervals of the effect, found from replication to
    replication, which share their draws. Only the replications count that have the measure at every
    point; `replications` says how many those are, and `left_out` how many do not.

    Raises:
        InputError: when the design is no grid, the measure is not there, or replications share no draws.
    """
    return _effects(_grid(results_of(results), word(measure, "measure")))


def _effects(grid: "_Grid") -> pd.DataFrame:
    rows = []
    for term in grid.terms:
        names = grid.names(term)
        means, effects = grid.means(term), grid.effects(term)
        low, high = of_contrast(effects)
        table = {"mean": means.mean(axis=0), "effect": effects.mean(axis=0)}
        table |= {"low": low, "high": high}
        cells = zip(*(column.ravel() for column in table.values()), strict=True)
        for levels, cell in zip(grid.cells(term), cells, strict=True):
            rows.append(names | levels | dict(zip(table, cell, strict=True)))
    return pd.DataFrame(rows).assign(replications=len(grid.values), left_out=grid.left_out)


def variance_shares(results: Results | str | Path, measure: str) -> pd.DataFrame:
    """Which share of the variation between the points of a grid each factor explains, and each pair.

    The sum of squares of each term's effects, as a share of that of the means of the points (the
    analysis of variance of a balanced design, Fisher 1925); the last row is what is left to three or
    more factors together. Chance adds a little to every share, most where there are many levels; there
    is no interval. Where nothing varies there is nothing to share, and all shares are 0 (see `remarks`).
    `replications` and `left_out` are as in `factorial`.

    Raises:
        InputError: as `factorial` does.
    """
    grid = _grid(results_of(results), word(measure, "measure"))
    points = grid.values.mean(axis=0)
    total = np.inf if is_constant(points) else points.var()  # where nothing moves, none explains it
    rows = [
        grid.names(term) | {"share": np.square(grid.effects(term).mean(axis=0)).mean() / total}
        for term in grid.terms
    ]
    if len(grid.levels) > 2:
        left = 1 - sum(row["share"] for row in rows) if np.isfinite(total) else 0.0
        rows.append({"factor": HIGHER_ORDER, "other": "", "share": max(left, 0.0)})
    return pd.DataFrame(rows).assign(replications=len(grid.values), left_out=grid.left_out)


def remarks(results: Results, measure: str, table: pd.DataFrame) -> list[str]:
    """What is to be said beside a table of `paired_differences`, `factorial` or `variance_shares`.

    How many replications it leaves out, and where a measure does not vary at all.
    """
    known = list(results.summary)
    counted = "pairs" if "pairs" in table else "replications"
    others = table[table["point"] != table["point"].iloc[0]] if "point" in table else table
    said = left_out_words(measure, table[counted], table["left_out"], known, counted)
    if (said_alike := _all_alike(measure, table, others)) is not None:
        said.append(said_alike)
    return said


def _all_alike(measure: str, table: pd.DataFrame, others: pd.DataFrame) -> str | None:
    if "share" in table:
        if (table["share"] == 0).all():
            return constant_words(measure, "there is no variation to share")
        return (
            "These shares have no interval, and chance adds a little to each, most where there are many "
            "levels."
        )
    moved = others["difference" if "difference" in table else "effect"].abs()
    unit = table["mean"].abs().max() if "mean" in table else 1.0
    return constant_words(measure, "nothing here moves it") if (moved <= TIE * unit).all() else None


@dataclass(frozen=True, eq=False)
class _Grid:
    """A measure over a grid: first axis replications, then one axis a factor, in the order of `levels`."""

    levels: dict[str, list]
    values: Float[Array, "replications ..."]
    left_out: int  # replications that do not have the measure at every point

    @property
    def terms(self) -> list[Term]:
        """The factors one by one, then all pairs of them."""
        factors = range(len(self.levels))
        return list(chain(combinations(factors, 1), combinations(factors, 2)))

    def names(self, term: Term) -> dict[str, str]:
        """Which factors a term is of."""
        factor, other = (*(list(self.levels)[number] for number in term), "")[:2]
        return {"factor": factor, "other": other}

    def cells(self, term: Term) -> Iterator[dict[str, Any]]:
        """The levels of a term's cells, the last factor moving fastest."""
        levels = [list(self.levels.values())[number] for number in term]
        for place in np.ndindex(*map(len, levels)):
            level, other = (*(of[at] for of, at in zip(levels, place, strict=True)), "")[:2]
            yield {"level": level, "other_level": other}

    def means(self, term: Term) -> Float[Array, "replications ..."]:
        """The mean at each cell of a term, replication by replication; other factors have length 1."""
        rest = [1 + number for number in range(len(self.levels)) if number not in term]
        return self.values.mean(axis=tuple(rest), keepdims=True)

    def effects(self, term: Term) -> Float[Array, "replications ..."]:
        """What each cell of a term has beyond the grand mean and the effects of fewer of its factors."""
        fewer = chain.from_iterable(combinations(term, size) for size in range(len(term)))
        return self.means(term) - sum(self.effects(part) for part in fewer)


def _grid(results: Results, measure: str) -> _Grid:
    file, points = results.experiment.file, results.experiment.points
    labels = [point.labels for point in points]
    levels = {key: list(dict.fromkeys(row[key] for row in labels)) for key in labels[0]}
    levels = {key: values for key, values in levels.items() if len(values) > 1}
    if file.sample is not None or file.table is not None or not levels:
        raise InputError(
            f"{results.folder}: effects are read from a grid, [sweep] or [arms] with two levels or "
            "more, which this experiment does not have"
        )
    of_points = list(paired_worlds(results).values())
    known = _check_measure(measure, of_points[0])
    columns = ["point", "replication", measure]
    worlds = pd.concat([of_point[columns] for of_point in of_points]).astype({measure: "Float64"})
    table = worlds.pivot_table(measure, "replication", "point", aggfunc="first")
    every = table.reindex(columns=[point.number for point in points]).astype(float)
    table = every.dropna()
    if table.empty:
        raise InputError(
            f'{results.folder}: no replication has "{measure}" at all {len(points)} points; '
            f"{instead(measure, known)}"
        )
    values = table.to_numpy().reshape(-1, *map(len, levels.values()))
    return _Grid(levels, values, worlds["replication"].nunique() - len(table))


def _check_measure(measure: str, worlds: pd.DataFrame) -> list[str]:
    """The measures that the worlds have, of which this is one."""
    known = list(worlds.select_dtypes(["number", "bool"]).columns.drop(["point", "replication"]))
    if measure not in known:
        raise InputError(f'measure = "{measure}": is not measured{nearest(measure, known)}')
    return known
