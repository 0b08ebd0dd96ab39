"""The boxes of a scenario discovery: which range of each parameter is in, in its own unit."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiments.analysis.discovery import DENSE, discover
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.style import (
    FAINT,
    GREY,
    INK,
    SMALL,
    figure,
    in_house_style,
    percent,
    refuse_more,
)

ROW, HEAD, REST = 0.55, 0.6, 1.6  # inches: a parameter; the title of a box; title and caption
MOST_ROWS = 40


@in_house_style
def prim_boxes(table: pd.DataFrame, measure: str, sought: str = "", question: str = "") -> Figure:
    """In which ranges of the sampled parameters a measure is on one side of a threshold.

    Args:
        table: one row a box and parameter (see `sim.experiments.analysis.discovery.discover`).
        measure: what was sought.
        sought: on which side of what threshold, such as "below 0.5".
        question: the title.

    Raises:
        ValueError: when there are too many rows to read.

    """
    refuse_more(len(table), MOST_ROWS)
    keys = ["arm", "box"] if "arm" in table else ["box"]
    found = [rows for _, rows in table.groupby(keys, sort=False)]
    heights = [HEAD + ROW * len(rows) for rows in found]
    caption = (
        f'Where the mean of "{measure}" is {sought}: the dark part of each range is in the box. p: the '
        "chance of a box so pure if that limit did nothing. Parameters that are not named are free."
    )
    drawing = figure(REST + sum(heights), question or measure, caption)
    panels = drawing.subplots(len(found), 1, squeeze=False, height_ratios=heights)
    for axes, rows in zip(panels.flat, found, strict=True):
        _draw(axes, rows)
    return drawing


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    first = rows.iloc[0]
    lead = f"{first['arm']}, box" if "arm" in rows else "Box"
    axes.set_title(
        f"{lead} {first['box']}: holds {percent(first['coverage'])} of the points sought; "
        f"{percent(first['density'])} of its points are"
    )
    for height, row in enumerate(reversed(rows.to_dict("records"))):
        if pd.isna(row.get("least")):
            axes.text(0.5, height, f"only {row['values']}", ha="center", va="center")
        else:
            _draw_range(axes, height, row)
    axes.set_yticks(range(len(rows)), rows["parameter"].iloc[::-1])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlim(-0.14, 1.14)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)


def _draw_range(axes: Axes, height: float, row: dict) -> None:
    """One parameter from the least to the greatest that was drawn, with the part that is in."""
    wide = row["greatest"] - row["least"]
    axes.hlines(height, 0, 1, color=FAINT, linewidth=9)
    for at, end, side in ((0, "least", "right"), (1, "greatest", "left")):
        away = 0.012 if at else -0.012
        place = at + away, height
        axes.text(*place, _number(row[end]), ha=side, va="center", color=GREY, size=SMALL)
    places = [(row[end] - row["least"]) / wide for end in ("low", "high")]
    axes.hlines(height, *places, color=INK, linewidth=9)
    limits = [
        (at, side)
        for at, side in zip(places, ("low", "high"), strict=True)
        if pd.notna(row[f"quasi_p_{side}"])
    ]
    sides = ("right", "left") if len(limits) > 1 else ("center",)
    for (place, end), side in zip(limits, sides, strict=True):
        limit = f"{_number(row[end])}  (p = {row[f'quasi_p_{end}']:.1g})"
        axes.plot(place, height, color=INK, marker="|", markersize=15)  # also where low is high
        axes.text(place, height + 0.24, limit, ha=side, va="bottom", size=SMALL)


def _number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"


def prim_boxes_of(results: Results, request: FigureRequest) -> Figure:
    """The boxes of a sample in which a measure is on the side of the threshold that is asked for."""
    sides = {"below": request.below, "above": request.above}
    density = DENSE if request.density is None else request.density
    table = discover(results, request.measure, **sides, density=density)
    sought = next(f"{side} {end:g}" for side, end in sides.items() if end is not None)
    return prim_boxes(table, request.measure, sought, results.experiment.file.question)
