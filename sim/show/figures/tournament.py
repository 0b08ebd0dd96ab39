"""A tournament: what each entrant got against each other one, and how all of them rank."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiments.running.tournament import Tournament
from sim.show.figures.style import (
    INK,
    SMALL,
    figure,
    in_house_style,
    marks,
    rows_from_the_top,
)

ROW, REST = 0.36, 3.2  # inches
MIDDLE = 0.5  # of the scale: letters on darker cells are white


@in_house_style
def tournament(played: Tournament) -> Figure:
    """Draw what the row's entrant got from the column's, over seats and games, and the ranking."""
    order = played.ranking["entrant"].tolist()
    drawing = figure(REST + ROW * len(order), played.file.question, _caption(played))
    left, right = drawing.subplots(1, 2, width_ratios=(3, 2), sharey=True)
    _cells(left, _own(played.matrix).loc[order, order])
    _scores(right, played.ranking)
    rows_from_the_top(left, [name.replace("_", " ") for name in order])
    return drawing


def _own(matrix: pd.DataFrame) -> pd.DataFrame:
    """The mean utility of the row's entrant against the column's, in either seat."""
    seats = [("governor", "coalition"), ("coalition", "governor")]
    either = [
        matrix.rename(columns={own: "own", other: "other", f"utility_{own}": "utility"})
        for own, other in seats
    ]
    return pd.concat(either).pivot_table("utility", "own", "other", aggfunc="mean")


def _cells(axes: Axes, own: pd.DataFrame) -> None:
    values = own.to_numpy()
    axes.imshow(values, cmap="cividis", vmin=0, vmax=values.max(), aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        colour = "white" if value < MIDDLE * values.max() else INK
        text = f"{value:.2f}".removeprefix("0")
        axes.text(column, row, text, color=colour, ha="center", va="center", size=SMALL - 2)
    names = [name.replace("_", " ") for name in own.columns]
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor")
    axes.tick_params(length=0)
    axes.set_title("what the row got from the column")
    axes.spines[:].set_visible(False)


def _scores(axes: Axes, ranking: pd.DataFrame) -> None:
    rows = np.arange(len(ranking))
    axes.hlines(rows, ranking["low"], ranking["high"], color=INK, linewidth=1.6)
    marks(axes, ranking["score"], rows, color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("mean utility (0: no agreement)")
    axes.set_title("over all it met")


def _caption(played: Tournament) -> str:
    games = ", ".join(dict.fromkeys(played.matrix["game"]))
    return (
        f"Every entrant met every other and itself in both seats of {games}, "
        f"{played.file.replications:,} worlds a pair, all with the same draws. Bars are 95 % intervals over "
        "the draws; they do not speak of other games or other entrants."
    )
