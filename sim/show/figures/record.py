"""Arms of an experiment against the record: which facts each of them reproduces."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.cases.record import record_of as kept_record_of
from sim.experiments.design.file import FigureRequest
from sim.experiments.design.kinds import Design, design_of
from sim.experiments.running.results import Results
from sim.play.fit import compare, from_columns
from sim.play.measures import measure_of
from sim.show.figures.results import Shown, some_settings
from sim.show.figures.style import (
    FAINT,
    GREY,
    INK,
    SMALL,
    figure,
    in_house_style,
    refuse_more,
)
from sim.show.told import named

ROW, LINE, REST = 0.42, 0.2, 3.4  # inches: the least of a row; a line of its name; the rest
MOST_ROWS = 12
NAME_LETTERS = 34
TINT = "#CFE3F2"
MOMENTS = (
    "savings",
    "time",
    "job_security",
    "yes_share_1",
    "unions_yes_1",
    "weight_yes_1",
    "ratified_first",
    "units_yes_1",
    "yes_share_2",
    "unions_yes_2",
    "ratified",
    "units_yes",
    "layoffs",
    "layoffs_noticed",
    "turnout_1",
    "turnout_2",
    "approval_at_agreement",
)
NOT_MEASURES = {"time": "time of\ndeal", "job_security": "job\nsecurity"}


@in_house_style
def record(tables: dict[str, pd.DataFrame], question: str = "", note: str = "") -> Figure:
    """The facts of the record beside the means of each arm, and which lie within its single worlds.

    Args:
        tables: by arm, one row a moment (see `sim.play.fit.compare`).
        question: the title.
        note: what a row holds, if not the worlds of one setting; for the caption.

    Raises:
        ValueError: when there are too many rows to read.

    """
    refuse_more(len(tables), MOST_ROWS)
    names = [textwrap.fill(name, NAME_LETTERS) for name in tables]
    row = max(ROW, LINE * (1 + max(name.count("\n") for name in names)))
    known = pd.concat(tables, names=["arm"]).reset_index("arm").dropna(subset="mean")
    moments = [m for m in MOMENTS if m in set(known["moment"])]
    drawing = figure(REST + row * len(tables), question, _caption(known, note))
    axes = drawing.subplots()
    _heading(axes, known, moments)
    for row, arm in enumerate(tables, start=1):
        of_arm = known[known["arm"] == arm].set_index("moment")
        for column, moment in enumerate(moments):
            if moment in of_arm.index:
                _cell(axes, row, column, of_arm.loc[moment])
    axes.set_xticks(
        range(len(moments)), [NOT_MEASURES.get(m) or measure_of(m).least for m in moments]
    )
    axes.set_yticks(range(len(tables) + 1), ["the record", *names])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.tick_params(axis="x", labelsize=SMALL - 2)
    axes.set_xlim(-0.5, len(moments) - 0.5)
    axes.set_ylim(len(tables) + 0.5, -0.5)
    axes.spines[:].set_visible(False)
    return drawing


def _caption(known: pd.DataFrame, note: str) -> str:
    inside = known.groupby("arm", sort=False)["inside"].sum()
    best = f"{int(inside.max())} of {known['moment'].nunique()} facts"
    return (
        "Each cell: the model's mean. Shaded: the record lies within nine in ten of the row's single worlds, "
        f"most often in {inside.idxmax()}: {best}. In grey: it lies outside. Rows that shade the same cells "
        f"cannot be told apart by these facts; a row whose worlds differ more shades more.{note}"
    )


def _heading(axes: Axes, known: pd.DataFrame, moments: list[str]) -> None:
    values = known.drop_duplicates("moment").set_index("moment")["record"]
    for column, moment in enumerate(moments):
        _write(axes, 0, column, values[moment], INK, "bold")
    axes.axhline(0.5, color=GREY, linewidth=1)


def _cell(axes: Axes, row: int, column: int, moment: pd.Series) -> None:
    inside = bool(moment["inside"])
    axes.fill(
        np.array([-0.48, 0.48, 0.48, -0.48]) + column,
        np.array([-0.44, -0.44, 0.44, 0.44]) + row,
        facecolor=TINT if inside else "white",
        edgecolor=FAINT,
        zorder=1,
    )
    colour, weight = (INK, "bold") if inside else (GREY, "normal")
    _write(axes, row, column, moment["mean"], colour, weight)


def _write(axes: Axes, row: int, column: int, value: float, colour: str, weight: str) -> None:
    written = axes.text(column, row, _number(value), ha="center", va="center")
    written.set(size=SMALL - 1, color=colour, weight=weight)


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) > 1 else f"{value:.2f}"


def record_of(results: Results, request: FigureRequest) -> Figure:
    """The arms beside the record of the case."""
    scenario = results.experiment.scenario
    known = kept_record_of(scenario)
    if known is None:
        raise ValueError(f"there is no record of {scenario.name} to stand beside")
    worlds = results.worlds
    tables = {}
    shown = _rows(results)
    for name, points in shown.settings.items():
        rounds = points[0].scenario.calendar.rounds
        mine = worlds[worlds["point"].isin([point.number for point in points])]
        tables[name] = compare(from_columns(mine, rounds, known), known).table
    return record(tables, results.experiment.file.question, shown.note)


def _rows(results: Results) -> Shown:
    """Every setting that was chosen, a row each; of a sample or table the arms."""
    if design_of(results.experiment) in (Design.DRAWS, Design.TABLE):
        return some_settings(results, MOST_ROWS)
    points = results.experiment.points
    refuse_more(len(points), MOST_ROWS)
    return Shown({named(p.labels, list(p.labels)): [p] for p in points}, "")
