"""Which parameters matter: Sobol' indices of a Saltelli sample, Morris screening of a Morris sample.

Both are of the mean of a measure at each design point, over its replications; SALib computes them.
"""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.experiments.analysis.estimand import (
    constant_words,
    counted,
    is_constant,
    left_out_words,
)
from sim.experiments.design.sampling import Sample, unit_cube
from sim.experiments.design.unit_cube import MORRIS_LEVELS, no_salib, problem
from sim.experiments.running.results import Results, results_of
from sim.experiments.statistics.intervals import of_mean
from sim.inputs.arguments import word
from sim.inputs.problems import InputError
from sim.play.measures import measure_of

SENSITIVE = ("saltelli", "morris")


def sensitivity(results: Results | str | Path, measure: str) -> pd.DataFrame:
    """How much each sampled parameter matters for the mean of a measure; one row a parameter (and arm).

    With `second_order = true` a row for each pair follows, the other parameter in `other`: `second`, the
    share of the variance that two explain only together.

    A Saltelli sample gives Sobol' indices: `first`, the share of the variance that the parameter explains
    alone, and `total`, together with others (Saltelli et al. 2010). A Morris sample gives `mu_star`, the
    mean size of its elementary effects, `mu`, their mean, and `sigma`, how much they differ (Morris
    1991). `_low` and `_high` are 95 % intervals, over draws of the sample: of indices by the bootstrap, of
    `mu_star` Student's over trajectories. `n` worlds have the measure, and `left_out` have not. `remarks`
    tells what such numbers do not bear.

    Raises:
        InputError: when the design or the measure cannot tell, or SALib is not installed.
    """
    results, measure = results_of(results), word(measure, "measure")
    sample = results.experiment.file.sample
    if sample is None or sample.design not in SENSITIVE:
        raise InputError(
            f"{results.folder}: sensitivity is read from a [sample] with design = "
            f"{' or '.join(SENSITIVE)}, which this experiment does not have"
        )
    tables = []
    for arm, means in results.means_by_arm(measure):
        table = of_values(sample, results.experiment.file.seed, means.to_numpy(dtype=float))
        sums = counted(results, measure).loc[means.index].sum()
        tables.append((table.assign(arm=arm) if arm else table).assign(**sums))
    return pd.concat(tables, ignore_index=True)


def remarks(measure: str, table: pd.DataFrame) -> list[str]:
    """What is to be said beside a table of `sensitivity`: where it cannot tell, and what it leaves out."""
    said = []
    arms = table.groupby("arm", sort=False) if "arm" in table else [("", table)]
    for arm, rows in arms:
        where = f"In arm {arm}: " if arm else ""
        said += [f"{where}{sentence}" for sentence in _of_arm(measure, rows)]
    if {"n", "left_out"} <= {*table}:
        said += left_out_words(measure, table["n"], table["left_out"], [measure_of(measure).twin])
    return said


def _of_arm(measure: str, table: pd.DataFrame) -> Iterator[str]:
    columns = [name for name in ("first", "total", "second", "mu_star") if name in table]
    if (table[columns].fillna(0) == 0).all(axis=None):
        yield constant_words(
            measure, "there is nothing for a parameter to explain, and 0 is no finding"
        )
        return
    if "first" not in table:
        return
    rows = table.dropna(subset="first")
    above = rows["parameter"][rows["first"] > rows["total"]]
    outside = rows["parameter"][~rows["first"].between(0, 1) | ~rows["total"].between(0, 1)]
    for names, what in (
        (above, "more alone than in total"),
        (outside, "less than 0 or more than 1"),
    ):
        if len(names):
            yield (
                f"{', '.join(names)}: {what}, which no true share is; the sample is too small to tell, so "
                "take the intervals, or draw more points"
            )


def of_values(sample: Sample, seed: int, values: Float[Array, " points"]) -> pd.DataFrame:
    """The same for one value a point of the sample, in its order."""
    analyse = _sobol if sample.design == "saltelli" else _morris
    table = _nothing(sample) if is_constant(values) else analyse(sample, seed, values)
    pairs = list(combinations(sample.over, 2)) if sample.second_order else []
    names = pd.DataFrame([*((name, "") for name in sample.over), *pairs])
    names.columns = ["parameter", "other"]
    return pd.concat([names if sample.second_order else names[["parameter"]], table], axis=1)


def _nothing(sample: Sample) -> pd.DataFrame:
    """A measure that never moves: nothing matters, and there is no variance to share out."""
    columns = ("first", "total") if sample.design == "saltelli" else ("mu_star", "mu", "sigma")
    table = pd.DataFrame({column: np.zeros(len(sample.over)) for column in columns})
    if not sample.second_order:
        return table
    pairs = len(sample.over) * (len(sample.over) - 1) // 2
    return pd.concat([table, pd.DataFrame({"second": np.zeros(pairs)})], ignore_index=True)


def _within(estimate: Array, half: Array, least: float, most: float) -> tuple[Array, Array]:
    """An interval that keeps to what is possible, also where its estimate does not."""
    return np.clip(estimate - half, least, most), np.clip(estimate + half, least, most)


def _sobol(sample: Sample, seed: int, values: Float[Array, " points"]) -> pd.DataFrame:
    try:
        from SALib.analyze import sobol
    except ImportError:
        raise no_salib("saltelli") from None
    found = sobol.analyze(
        problem(len(sample.over)),
        values,
        calc_second_order=bool(sample.second_order),
        seed=seed % 2**32,
    )
    table: dict[str, Array] = {}
    for name, index in (("first", "S1"), ("total", "ST")):
        low, high = _within(found[index], found[f"{index}_conf"], 0, 1)
        table |= {name: found[index], f"{name}_low": low, f"{name}_high": high}
    if not sample.second_order:
        return pd.DataFrame(table)
    pairs = np.triu_indices(len(sample.over), 1)  # row by row, as pairs are named
    second = found["S2"][pairs]
    low, high = _within(second, found["S2_conf"][pairs], 0, 1)
    of_pairs = {"second": second, "second_low": low, "second_high": high}
    return pd.concat([pd.DataFrame(table), pd.DataFrame(of_pairs)], ignore_index=True)


def _morris(sample: Sample, seed: int, values: Float[Array, " points"]) -> pd.DataFrame:
    try:
        from SALib.analyze import morris
    except ImportError:
        raise no_salib("morris") from None
    levels = sample.levels or MORRIS_LEVELS
    # SALib's seed gives the grid again, as its indices are of the grid and not of the values played.
    cube = unit_cube(sample, seed)
    grid = (cube * levels - 0.5) / (levels - 1)  # from middles back to Morris's grid
    found = morris.analyze(
        problem(len(sample.over)), grid, values, num_levels=levels, seed=seed % 2**32
    )
    star, mu, sigma = (np.asarray(found[name], float) for name in ("mu_star", "mu", "sigma"))
    runs = np.full(star.shape, len(values) / (len(sample.over) + 1))
    squares = np.maximum(
        sigma**2 * (runs - 1) + runs * (mu**2 - star**2), 0
    )  # of the sizes of effects
    low, high = of_mean(runs, star, squares, least=0.0)
    table = {"mu_star": star, "mu_star_low": low, "mu_star_high": high}
    return pd.DataFrame(table | {"mu": mu, "sigma": sigma})
