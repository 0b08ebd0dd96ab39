"""Enough replications or not: running means with their intervals at the least certain points."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure

from sim.experiments.analysis.precision import running
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.style import (
    FAINT,
    GREY,
    INK,
    TEXT,
    figure,
    in_house_style,
    panels_of,
    show_ticks,
    thousands,
)
from sim.show.told import named

ACROSS = 2  # panels in a row
PANEL, REST = 2.7, 1.5  # inches: the height of a row of panels; title and caption
NAME_LETTERS = 46
MOST_KEYS = 2  # that name a point


@in_house_style
def precision(
    running: pd.DataFrame, measure: str, at_most: float | None = None, question: str = ""
) -> Figure:
    """How the mean of a measure settles as replications grow, at the least certain points.

    Args:
        running: the mean and its interval along the way (see `sim.experiments.analysis.precision.running`).
        measure: what is counted or measured.
        at_most: half the width that is wanted, drawn around the last mean.
        question: the title.

    """
    points = [of_point for _, of_point in running.groupby("point", sort=False)]
    columns = min(ACROSS, len(points))
    rows = -(-len(points) // columns)
    caption = (
        f'Mean of "{measure}" as replications grow, with its 95\u00a0% interval, at the {len(points)} design '
        "points where that is widest in the end."
    )
    if at_most is not None:
        caption += f" Enough is when the band is inside the dashed lines, {at_most:g} either way."
    drawing = figure(REST + PANEL * rows, question or measure, caption)
    panels = panels_of(drawing, len(points), columns, sharex=True, sharey=True)
    labels = list(running.columns[1 : running.columns.get_loc("replications")])
    for axes, table in zip(panels, points, strict=True):
        axes.fill_between(table["replications"], table["low"], table["high"], color=FAINT)
        axes.plot(table["replications"], table["mean"], color=INK, linewidth=1.6)
        if at_most is not None:
            for end in (-at_most, at_most):
                line = table["mean"].iloc[-1] + end
                axes.axhline(line, color=GREY, linewidth=1.2, linestyle="--")
        labels_in_words = named(table[labels].iloc[0].to_dict(), labels[:MOST_KEYS])
        more = ", ..." if len(labels) > MOST_KEYS else ""
        name = f"point {table['point'].iloc[0]}: {labels_in_words}{more}"
        axes.set_title(textwrap.fill(name, NAME_LETTERS), size=TEXT)
        show_ticks(axes.xaxis, thousands)
    for axes in panels[::columns]:
        axes.set_ylabel(f"mean of {measure}")
    for axes in panels[(rows - 1) * columns :]:
        axes.set_xlabel("replications")
    return drawing


def precision_of(results: Results, request: FigureRequest) -> Figure:
    """The running means of a measure."""
    table = running(results, request.measure)
    return precision(table, request.measure, request.at_most, results.experiment.file.question)
