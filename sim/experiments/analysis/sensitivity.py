"""Which parameters matter: Sobol' indices of a Saltelli sample, Morris screening of a Morris sample.

Both are of the mean of a measure at each design point, over its replications; SALib computes them.
"""

from itertools import combinations

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.experiments.design.sampling import Sample, unit_cube
from sim.experiments.design.unit_cube import MORRIS_LEVELS, no_salib, problem
from sim.experiments.running.results import Results
from sim.inputs.problems import InputError

SENSITIVE = ("saltelli", "morris")


def sensitivity(results: Results, measure: str) -> pd.DataFrame:
    """How much each sampled parameter matters for the mean of a measure; one row a parameter (and arm).

    With `second_order = true` a row for each pair follows, the other parameter in `other`: `second`, the
    share of the variance that two explain only together.

    A Saltelli sample gives Sobol' indices: `first`, the share of the variance that the parameter explains
    alone, and `total`, together with others (Saltelli et al. 2010). A Morris sample gives `mu_star`, the
    mean size of its elementary effects, `mu`, their mean, and `sigma`, how much they differ (Morris
    1991). `_low` and `_high` are bootstrap intervals of 95 %.

    Raises:
        InputError: when the design or the measure cannot tell, or SALib is not installed.
    """
    sample = results.experiment.file.sample
    if sample is None or sample.design not in SENSITIVE:
        raise InputError(
            f"{results.folder}: sensitivity is read from a [sample] with design = "
            f"{' or '.join(SENSITIVE)}, which this experiment does not have"
        )
    tables = []
    for arm, means in results.means_by_arm(measure):
        table = of_values(sample, results.experiment.file.seed, means.to_numpy(dtype=float))
        tables.append(table.assign(arm=arm) if arm else table)
    return pd.concat(tables, ignore_index=True)


def of_values(sample: Sample, seed: int, values: Float[Array, " points"]) -> pd.DataFrame:
    """The same for one value a point of the sample, in its order."""
    analyse = _sobol if sample.design == "saltelli" else _morris
    table = analyse(sample, seed, values) if np.ptp(values) > 0 else _nothing(sample)
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
        half = found[f"{index}_conf"]
        table |= {name: found[index], f"{name}_low": found[index] - half}
        table |= {f"{name}_high": found[index] + half}
    if not sample.second_order:
        return pd.DataFrame(table)
    pairs = np.triu_indices(len(sample.over), 1)  # row by row, as pairs are named
    second, half = found["S2"][pairs], found["S2_conf"][pairs]
    of_pairs = {"second": second, "second_low": second - half, "second_high": second + half}
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
    star, half = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
    table = {"mu_star": star, "mu_star_low": star - half, "mu_star_high": star + half}
    return pd.DataFrame(table | {name: np.asarray(found[name]) for name in ("mu", "sigma")})
