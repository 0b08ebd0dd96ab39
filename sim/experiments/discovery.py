"""Scenario discovery: the region of the sampled parameters in which something happens.

A region is a box, limits on a few parameters, found by the patient rule induction method, PRIM
(Friedman and Fisher 1999; for discovery, Bryant and Lempert 2010): again and again peel off the thin
slice whose loss purifies the rest most for its size (Kwakkel and Jaxa-Rozen 2016), take the limits out
that may be chance, and choose one of the boxes on the way. There is no pasting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool
from scipy.stats import binom

from sim.axes import Array
from sim.experiments.store import Results
from sim.problems import InputError, nearest

INDEPENDENT = ("latin_hypercube", "sobol", "random")  # designs that fill the region evenly
DENSE = 0.8  # as dense as a box must be, unless asked otherwise
PEEL = 0.05  # of a box's points that a slice has at the least
LEAST_MASS = 0.05  # of the points searched that a box holds at the least
CHANCE = 0.05  # a limit with a greater quasi-p-value may be chance
MOST_BOXES = 4

Sought = Bool[Array, " points"]
Limits = Mapping[
    tuple[str, str], Any
]  # (parameter, "low", "high" or "without") to its end or words


@dataclass(frozen=True, eq=False)
class _Box:
    """The limits of a box, and which points are in it."""

    limits: Limits
    inside: Sought

    def density(self, sought: Sought) -> float:
        """The share of its points that are sought."""
        return sought[self.inside].mean()

    def likeness(self, sought: Sought) -> float:
        """The share of the points in it or sought that are both (Jaccard 1912)."""
        return (self.inside & sought).sum() / (self.inside | sought).sum()


def discover(
    results: Results,
    measure: str,
    *,
    below: float | None = None,
    above: float | None = None,
    density: float = DENSE,
) -> pd.DataFrame:
    """The boxes in which the mean of a measure at a design point is below, or above, a threshold.

    One row a limited parameter of a box, as `boxes` gives them; each arm by itself.

    Args:
        results: of a [sample] with design latin_hypercube, sobol or random.
        measure: a column of the summary that has a value at every point.
        below: the threshold, in the unit of the measure.
        above: the same, to seek the points above it. Give one of the two.
        density: the least share of a box's points that are sought.

    Raises:
        InputError: when the design, the measure or the threshold cannot tell, or no box is dense enough.
    """
    if (below is None) == (above is None):
        raise InputError(["give the threshold as below or as above, and not both"])
    sample = results.experiment.file.sample
    if sample is None or sample.design not in INDEPENDENT:
        raise InputError(
            [
                f"{results.folder}: boxes are read from a [sample] with design = "
                f"{', '.join(INDEPENDENT[:-1])} or {INDEPENDENT[-1]}, which this experiment does not have"
            ]
        )
    summary = results.summary
    known = [name for name in summary if f"{name}_low" in summary]
    if measure not in known:
        raise InputError([f'measure = "{measure}": is not measured{nearest(measure, known)}'])
    if missing := int(summary[measure].isna().sum()):
        raise InputError(
            [
                f'{results.folder}: {missing} points have no "{measure}" (nothing agreed there?); '
                "name a measure that every world has"
            ]
        )
    sought = summary[measure] < below if above is None else summary[measure] > above
    arms = summary["arm"] if "arm" in summary else pd.Series("", index=summary.index)
    tables = []
    for arm, of_arm in sought.groupby(arms, sort=False):
        values = pd.DataFrame([dict(results.experiment.points[at].swept) for at in of_arm.index])
        table = boxes(values, of_arm.to_numpy(), density)
        tables.append(table.assign(arm=arm) if arm else table)
    return pd.concat(tables, ignore_index=True)


def boxes(values: pd.DataFrame, sought: Sought, density: float = DENSE) -> pd.DataFrame:
    """The boxes that hold the points sought; one row a limited parameter of a box.

    The box holds what is from `low` to `high`, both in, in the parameter's own unit, of the `least` to
    the `greatest` that was drawn; of words, only its `values`. `quasi_p_low` and `quasi_p_high` are the
    chance of a box so pure if that limit did nothing, missing where there is no limit (of words, the
    first). Each row repeats the `coverage` of its box, the share of the points sought that it holds; its
    `density`, the share of its points that are sought; and its `mass`, its share of all points. Of the
    boxes dense enough the one is taken that is most like what is sought; the next, and its points, are
    outside those before it.

    Args:
        values: one row a point, one column a parameter.
        sought: which points are.
        density: the least density of a box.

    Raises:
        InputError: when no point is sought or every one is, or no box is dense enough.
    """
    if sought.all() or not sought.any():
        raise InputError(
            [
                f"{'every one' if sought.all() else 'none'} of the {len(sought)} points is on that side "
                "of the threshold; choose one between their least and greatest mean"
            ]
        )
    if not sought.mean() < density <= 1:
        raise InputError(
            [
                f"density = {density:g}: must be above {sought.mean():.3g}, which all points together "
                "have already, and at most 1"
            ]
        )
    rows: list[dict[str, Any]] = []
    left = np.arange(len(sought))  # the points outside the boxes found so far
    for number in range(1, MOST_BOXES + 1):
        still = sought[left]
        candidates = _candidates(values.iloc[left], still)
        dense = [box for box in candidates if box.limits and box.density(still) >= density]
        if not dense:
            break
        box = max(dense, key=lambda box: box.likeness(still))
        shown = {
            "box": number,
            "coverage": (box.inside & still).sum() / sought.sum(),
            "density": box.density(still),
            "mass": box.inside.sum() / len(sought),
        }
        chances = _quasi_p(values.iloc[left], still, box.limits)
        rows += [shown | row for row in _rows(values, box.limits, chances)]
        left = left[~box.inside]
    if not rows:
        most = max(box.density(sought) for box in candidates)
        raise InputError(
            [
                f"density = {density:g}: no box is as dense as that, the densest has {most:.3g}; ask for "
                "less"
            ]
        )
    return pd.DataFrame(rows)


def _candidates(values: pd.DataFrame, sought: Sought) -> list[_Box]:
    """A box for every step of the peeling, without the limits that may be chance."""
    found = []
    for limits in _peeled(values, sought):
        certain = _certain(values, sought, limits)
        found.append(_Box(certain, _inside(values, certain)))
    return found


def _peeled(values: pd.DataFrame, sought: Sought) -> Iterator[Limits]:
    """The limits of box after box, each peeled off the last, until no peel purifies or leaves enough."""
    limits: Limits = {}
    inside = np.ones(len(sought), dtype=bool)
    while True:
        yield limits
        most = 0.0
        for limit, end in _peels(values[inside], limits):
            rest = inside & _inside(values, {limit: end})
            if rest.sum() < max(LEAST_MASS * len(sought), 1):
                continue
            purer = sought[rest].mean() - sought[inside].mean()
            gain = purer / (inside & ~rest).sum()
            if gain > most:
                most, best, left = gain, {**limits, limit: end}, rest
        if most == 0:
            return
        limits, inside = best, left


def _certain(values: pd.DataFrame, sought: Sought, limits: Limits) -> Limits:
    """The limits that are left when those that may be chance are taken out, the weakest first."""
    while limits:
        chances = _quasi_p(values, sought, limits)
        weakest = max(chances, key=chances.get)
        if chances[weakest] <= CHANCE:
            break
        limits = _without(limits, weakest)
    return limits


def _peels(inside: pd.DataFrame, limits: Limits) -> Iterator[tuple[tuple[str, str], Any]]:
    """The limits that each cut one slice off a box: a thin one from an end, or one of the words."""
    for name, column in inside.items():
        if not _is_number(column):
            out = limits.get((name, "without"), frozenset())
            yield from (((name, "without"), out | {word}) for word in column.unique())
            continue
        values = np.sort(column.to_numpy())
        thin = int(PEEL * (len(values) - 1))
        lower, upper = values[values > values[thin]], values[values < values[-1 - thin]]
        if len(lower):
            yield (name, "low"), lower[0]
        if len(upper):
            yield (name, "high"), upper[-1]


def _inside(values: pd.DataFrame, limits: Limits) -> Sought:
    inside = np.ones(len(values), dtype=bool)
    for (name, side), end in limits.items():
        column = values[name]
        if side == "without":
            inside &= ~column.isin(end).to_numpy()
        else:
            inside &= (column >= end if side == "low" else column <= end).to_numpy()
    return inside


def _quasi_p(values: pd.DataFrame, sought: Sought, limits: Limits) -> dict[tuple[str, str], float]:
    """The chance of as many points sought in the box, if each limit did nothing: one-sided binomial.

    Its probability is the density without the limit (Bryant and Lempert 2010).
    """
    held = {limit: _inside(values, {limit: end}) for limit, end in limits.items()}
    broken = sum(~holds for holds in held.values())  # how many limits keep each point out
    n, found = (broken == 0).sum(), sought[broken == 0].sum()
    return {
        limit: float(binom.sf(found - 1, n, sought[broken == ~holds].mean()))
        for limit, holds in held.items()
    }


def _without(limits: Limits, limit: tuple[str, str]) -> Limits:
    return {key: end for key, end in limits.items() if key != limit}


def _rows(
    values: pd.DataFrame, limits: Limits, chances: Mapping[tuple[str, str], float]
) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys(name for name, _ in limits):
        column = values[name]
        if _is_number(column):
            ends = {"least": column.min(), "greatest": column.max()}
            low, high = limits.get((name, "low")), limits.get((name, "high"))
            ends["low"] = ends["least"] if low is None else low
            ends["high"] = ends["greatest"] if high is None else high
            row = {key: float(ends[key]) for key in ("least", "low", "high", "greatest")}
            row |= {
                f"quasi_p_{side}": chances.get((name, side), np.nan) for side in ("low", "high")
            }
        else:
            words = [word for word in column.unique() if word not in limits[name, "without"]]
            row = {"values": ", ".join(map(str, words)), "quasi_p_low": chances[name, "without"]}
        yield {"parameter": name} | row


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
