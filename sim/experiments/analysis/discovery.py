"""Scenario discovery: the region of the sampled parameters in which something happens.

A region is a box, limits on a few parameters, found by the patient rule induction method, PRIM
(Friedman and Fisher 1999; for discovery, Bryant and Lempert 2010), of ema_workbench: again and again
peel off the thin slice whose loss purifies the rest most for its size (Kwakkel and Jaxa-Rozen 2016),
then paste. It runs on every few of the parameters that seem to matter (Kwakkel 2019); of the boxes on
the way, those with a limit that may be chance are put aside.
"""

import warnings
from collections.abc import Iterable
from itertools import chain, combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int
from matplotlib import rc_context

from sim.arrays.axes import Array
from sim.experiments.analysis.estimand import counted, left_out_words
from sim.experiments.running.results import Results, results_of
from sim.inputs.arguments import real, word
from sim.inputs.installation import install
from sim.inputs.problems import InputError

INDEPENDENT = ("latin_hypercube", "sobol", "random")  # designs that fill the region evenly
DENSE = 0.8  # as dense as a box must be, unless asked otherwise
CHANCE = 0.05  # a limit with a greater quasi-p-value may be chance
PROMISING = 0.1  # a parameter whose limits all have greater quasi-p-values is not tried
MOST_LIMITED = 5  # parameters that are tried, alone and together
MOST_BOXES = 4

Sought = Bool[Array, " points"]
Inside = Int[Array, " inside"]


class _Box(NamedTuple):
    """Which points are in a box, and the quasi-p-values of its parameters' two limits (none: -1)."""

    inside: Inside
    chances: dict[str, list[float]]


def discover(
    results: Results | str | Path,
    measure: str,
    *,
    below: float | None = None,
    above: float | None = None,
    density: float = DENSE,
) -> pd.DataFrame:
    """The PRIM boxes in which the mean of a measure at a design point is below, or above, a threshold.

    One row a limited parameter of a box, as `prim_boxes` gives them; each arm by itself, and an arm
    without a box left out. `n` worlds have the measure, and `left_out` have not.

    Args:
        results: of a [sample] with design latin_hypercube, sobol or random.
        measure: a column of the summary that has a value at every point.
        below: the threshold, in the unit of the measure.
        above: the same, to seek the points above it. Give one of the two.
        density: the least share of a box's points that are sought.

    Raises:
        InputError: when the design, the measure or the threshold cannot tell, no box is dense enough in
            any arm, or ema_workbench is not installed.
    """
    if (below is None) == (above is None):
        raise InputError("give the threshold as below or as above, and not both")
    results, measure = results_of(results), word(measure, "measure")
    below = None if below is None else real(below, "below")
    above = None if above is None else real(above, "above")
    density = real(density, "density")
    sample = results.experiment.file.sample
    if sample is None or sample.design not in INDEPENDENT:
        raise InputError(
            f"{results.folder}: PRIM boxes are read from a [sample] with design = "
            f"{', '.join(INDEPENDENT[:-1])} or {INDEPENDENT[-1]}, which this experiment does not have"
        )
    tables, problems = [], []
    for arm, means in results.means_by_arm(measure):
        values = pd.DataFrame([dict(results.experiment.points[at].swept) for at in means.index])
        sought = means < below if above is None else means > above
        try:
            table = prim_boxes(values, sought.to_numpy(), density)
        except InputError as error:
            where = f"arm {arm}: " if arm else ""
            problems += [f"{where}{problem}" for problem in error.problems]
            continue
        sums = counted(results, measure).loc[means.index].sum()
        tables.append((table.assign(arm=arm) if arm else table).assign(**sums))
    if not tables:
        raise InputError(problems)
    return pd.concat(tables, ignore_index=True)


def remarks(results: Results, measure: str, table: pd.DataFrame) -> list[str]:
    """What is to be said beside the boxes of `discover`: arms without one, and what is left out."""
    found = set(table["arm"]) if "arm" in table else set()
    said = [
        f"In arm {arm} there is no box: none or every one of its points is sought, or none is dense enough."
        for arm in (results.experiment.file.arms if found else ())
        if arm not in found
    ]
    said.append(
        "coverage, density and mass are of these points alone, which also chose the box; they have no "
        "interval."
    )
    known = list(results.summary)
    return [*said, *left_out_words(measure, table["n"], table["left_out"], known)]


def prim_boxes(values: pd.DataFrame, sought: Sought, density: float = DENSE) -> pd.DataFrame:
    """The PRIM boxes that hold the points sought; one row a limited parameter of a box.

    The box holds what is from `low` to `high`, both in, in the parameter's own unit, of the `least` to
    the `greatest` that was drawn; of words, only its `values`. `quasi_p_low` and `quasi_p_high` are the
    chance of a box so pure if that limit did nothing, missing where there is no limit (of words, the
    first). Each row repeats the `coverage` of its box, the share of the points sought that it holds; its
    `density`, the share of its points that are sought; and its `mass`, its share of all points. Of the
    boxes dense enough the one is taken that is most like what is sought (Jaccard 1912); the next, and
    its points, are outside those before it.

    Args:
        values: one row a point, one column a parameter.
        sought: which points are.
        density: the least density of a box.

    Raises:
        InputError: when no point is sought or every one is, no box is dense enough, or ema_workbench is
            not installed.
    """
    if sought.all() or not sought.any():
        raise InputError(
            f"{'every one' if sought.all() else 'none'} of the {len(sought)} points is on that side "
            "of the threshold; choose one between their least and greatest mean"
        )
    if not sought.mean() < density <= 1:
        raise InputError(
            f"density = {density:g}: must be above {sought.mean():.3g}, which all points together "
            "have already, and at most 1"
        )
    rows: list[dict[str, Any]] = []
    left = np.arange(len(sought))  # the points outside the boxes found so far
    for number in range(1, MOST_BOXES + 1):
        still = sought[left]
        if still.all() or not still.any():
            break
        candidates = _candidates(values.iloc[left], still)
        box = _likest(candidates, still, density)
        if box is None:
            break
        shown = {
            "box": number,
            "coverage": still[box.inside].sum() / sought.sum(),
            "density": still[box.inside].mean(),
            "mass": len(box.inside) / len(sought),
        }
        rows += [
            shown | {"parameter": name} | _limits(values[name], left[box.inside], chances)
            for name, chances in box.chances.items()
        ]
        left = np.delete(left, box.inside)
    if not rows:
        most = max(still[box.inside].mean() for box in candidates)
        raise InputError(
            f"density = {density:g}: no box is as dense as that, the densest has {most:.3g}; ask for "
            "less"
        )
    return pd.DataFrame(rows)


def _candidates(values: pd.DataFrame, sought: Sought) -> list[_Box]:
    """The boxes on the paths of peeling and pasting, from all points on, with no limit that may be chance."""
    known = values.apply(_floats_or_codes)
    with warnings.catch_warnings(), rc_context():  # the library warns, and restyles all figures
        warnings.simplefilter("ignore")
        prim = _prim()

        def path(names: Iterable[str]) -> Any:
            return prim(known[list(names)], sought, threshold=sought.mean()).find_box()

        least = pd.DataFrame(
            {name: min(chance for chance in ends if chance >= 0) for name, ends in limits.items()}
            for limits in path(known).qp
        ).min()
        promising = least[least <= PROMISING].nsmallest(MOST_LIMITED).index
        sizes = range(len(promising) + 1)
        found = []
        for taken in map(path, chain(*(combinations(promising, size) for size in sizes))):
            for step, limits in enumerate(taken.qp):
                if all(max(ends) <= CHANCE for ends in limits.values()):
                    taken.select(step)
                    found.append(_Box(taken.yi, limits))
        return found


def _prim() -> Any:
    """The class Prim of ema_workbench, which is imported only when it is needed."""
    try:
        from ema_workbench.analysis.prim import Prim
    except ImportError:
        raise InputError(
            f"PRIM boxes need ema_workbench, which is not installed; {install('discovery')}"
        ) from None
    return Prim


def _floats_or_codes(column: pd.Series) -> pd.Series:
    """The only two kinds of column on which the library neither fails nor depends on a set's order."""
    if _is_number(column):
        return column.astype(float)
    return column.astype("category").cat.codes.astype("category")


def _likest(candidates: list[_Box], sought: Sought, density: float) -> _Box | None:
    """Of the boxes dense enough the one most like the points sought, if any is."""

    def likeness(box: _Box) -> float:
        both = sought[box.inside].sum()
        return both / (len(box.inside) + sought.sum() - both)

    dense = [box for box in candidates if sought[box.inside].mean() >= density]
    return max(dense, key=likeness, default=None)


def _limits(column: pd.Series, inside: Inside, chances: list[float]) -> dict[str, Any]:
    low, high = (chance if chance >= 0 else np.nan for chance in chances)
    certainty = {"quasi_p_low": low, "quasi_p_high": high}
    drawn = column.iloc[inside]
    if not _is_number(column):
        return {"values": ", ".join(map(str, drawn.unique())), **certainty}
    least, greatest = float(column.min()), float(column.max())
    ends = {
        "least": least,
        "low": least if np.isnan(low) else float(drawn.min()),
        "high": greatest if np.isnan(high) else float(drawn.max()),
        "greatest": greatest,
    }
    return ends | certainty


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
