"""What panels of several lessons have: an axis in percent, and a legend that covers lines behind it."""

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis

from sim.show.figures.style import SMALL, percent


def in_percent(axis: Axis) -> None:
    """Mark an axis of shares in percent."""
    axis.set_major_formatter(lambda share, _: percent(share))


def legend(
    axes: Axes, corner: Literal["lower right", "upper left", "upper right"], size: int = SMALL
) -> None:
    """Name the lines of a panel in one of its corners."""
    axes.legend(loc=corner, frameon=True, framealpha=1, edgecolor="none", fontsize=size)
