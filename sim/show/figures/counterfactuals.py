"""Counterfactuals: one change an arm, over draws of the parameters that nobody knows."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.experiments.analysis.counterfactual import by_arm
from sim.experiments.design.file import FigureRequest
from sim.experiments.design.kinds import Design, design_of
from sim.experiments.running.results import Results
from sim.experiments.statistics.summary import span
from sim.play.measures import UnitOfMeasure, measure_of, millions
from sim.show.counts import counts
from sim.show.figures.style import (
    GREY,
    INK,
    TEXT,
    figure,
    in_house_style,
    marks,
    rows_from_the_top,
    show_ticks,
)

ROW, REST = 0.42, 2.9  # inches


@in_house_style
def counterfactuals(
    table: pd.DataFrame,
    worlds: str,
    question: str = "",
    over: str = "draws of the sampled parameters",
    note: str = "",
) -> Figure:
    """What each arm would have brought, over draws of what is uncertain, a panel a measure.

    Args:
        table: one row an arm and measure (see `sim.experiments.analysis.counterfactual.by_arm`).
        worlds: how many were played at each draw of each arm, in words for the caption.
        question: the title.
        over: what the arms are played over.
        note: what else the caption says.

    """
    arms, measures = list(dict.fromkeys(table["arm"])), list(dict.fromkeys(table["measure"]))
    drawing = figure(REST + ROW * len(arms), question, _caption(table, worlds, over) + note)
    panels = np.atleast_1d(drawing.subplots(1, len(measures), sharey=True))
    for axes, measure in zip(panels, measures, strict=True):
        _panel(axes, table[table["measure"] == measure], measure)
    rows_from_the_top(panels[0], arms)
    return drawing


def _panel(axes: Axes, of_arms: pd.DataFrame, measure: str) -> None:
    rows = np.arange(len(of_arms))
    axes.axvline(of_arms["median"].iloc[0], color=GREY, linewidth=1.2, linestyle="--")
    axes.hlines(rows, of_arms["low"], of_arms["high"], color=INK, linewidth=1.6)
    marks(axes, of_arms["median"], rows, color=INK)
    about = measure_of(measure)
    axes.set_title(about.panel or about.name.replace("_", " "), size=TEXT)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(2))
    show_ticks(axes.xaxis, _tick(about.unit))


def _tick(unit: UnitOfMeasure) -> Callable[[float], str]:
    """How the ticks of a panel are written, whose title has the unit of dollars."""
    if unit.before == "$":
        return millions
    return unit.show if unit.times > 1 else unit.cell.format


def _caption(table: pd.DataFrame, worlds: str, over: str) -> str:
    base, draws = table["arm"].iloc[0], int(table["draws"].max())
    lead = (
        f"Each dot is the median over {draws:,} {over}, {worlds} worlds each; bars hold nine in ten of "
        "them. Arms share them and their random numbers."
        if draws > 1
        else f"Each dot is the mean of {worlds} worlds of the one setting; without draws there are no bars."
    )
    return f'{lead} Dashed: "{base}". These are answers of the model; the record cannot check them.'


def counterfactuals_of(results: Results, request: FigureRequest) -> Figure:
    """The arms of an experiment over its draws."""
    worlds = span(results.summary["n"])
    table = design_of(results.experiment) is Design.TABLE
    over = "rows of the table" if table else "draws of the sampled parameters"
    _check_alike(results)
    arms = by_arm(results)
    question, note = results.experiment.file.question, _fewer(results, arms["measure"].unique())
    return counterfactuals(arms, worlds, question, over, note)


def _fewer(results: Results, measures: Iterable[str]) -> str:
    """What rests on fewer worlds than were played, as not all of them have it."""
    summary = results.summary
    numbers = {name: counts(summary, name) for name in measures}
    parts = [
        f"{name.replace('_', ' ')} on {span(of)}"
        for name, of in numbers.items()
        if (of < summary["n"]).any()
    ]
    return (
        f" Where not all worlds have it, a mean rests on fewer: {'; '.join(parts)}."
        if parts
        else ""
    )


def _check_alike(results: Results) -> None:
    """Raise a ValueError where arms are not over the same points."""
    of_arm: dict[str | None, list[object]] = {}
    for point in results.experiment.points:
        of_arm.setdefault(point.arm, []).append(dict(point.swept))
    if any(points != of_arm[results.experiment.points[0].arm] for points in of_arm.values()):
        raise ValueError(
            "its arms are not over the same points, so that they differ in more than the arm"
        )
