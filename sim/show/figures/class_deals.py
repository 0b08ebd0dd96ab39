"""The deals of a class among all packages of a scenario, beside its frontier and its agents."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.arrays.axes import Array
from sim.show.figures.style import INK, SMALL, figure, in_house_style, key_beside, lay_out, marks
from sim.show.figures.utility_space import (
    draw_frontier,
    draw_no_agreement,
    draw_packages,
    draw_solutions,
    name_the_axes,
)
from sim.worlds.solution import Solution

HEIGHT = 7.6  # inches
AGENTS_COLOUR, AGENTS_LABEL = "#009E73", "agents: area by share of worlds"
CONCEPTS_SHOWN = ("nash", "kalai_smorodinsky")
SHORT = 3  # letters of a table's name that fit into a pin
LISTED = 16  # tables that have room beside the picture
PIN, LETTER = 17.0, 6.6  # points: height of a pin, width of a letter in it
DOT, LINE = 4.0, 1.0  # half of a deal's dot, and of a line to a pin (points)
SAMPLES = 24  # places along a line that are looked at
CROSSING = 30.0  # what one such place in a box costs, in square points covered
RADII, ANGLES = (24, 38, 54, 72, 92, 116), 24  # where a pin may stand around its deal (points)


@in_house_style
def class_deals(
    solution: Solution, deals: pd.DataFrame, agents: pd.DataFrame, differs: str = ""
) -> Figure:
    """Draw each table's deal as a numbered pin, on all packages, the frontier and the agents' deals.

    Args:
        solution: the game of points that was played, solved.
        deals: one row a table: `table`, `agreed`, `points_governor`, `points_coalition`, `pareto_distance`.
        agents: `governor` and `coalition` (points) of each package that agents agreed on, and the `share` of
            worlds.
        differs: how these points differ from the scenario that they stand for, in a sentence.
    """
    title = f"What the class agreed on. {solution.scenario.title}"
    drawing = figure(HEIGHT, title, _caption(deals, agents, differs))
    axes = drawing.subplots()
    _background(axes, solution, agents)
    name_the_axes(axes, solution.scenario.sides, "points")
    _keys(axes, deals)
    lay_out(drawing)  # the panel has a size now
    _pins(axes, deals)
    return drawing


def _background(axes: Axes, solution: Solution, agents: pd.DataFrame) -> None:
    """What there is to agree on, what theory chooses, and what the agents did."""
    draw_packages(axes, solution.packages, "package")
    draw_frontier(axes, solution)
    axes.scatter(
        agents["governor"],
        agents["coalition"],
        s=1600 * agents["share"],
        color=AGENTS_COLOUR,
        alpha=0.35,
        edgecolors=AGENTS_COLOUR,
        label=AGENTS_LABEL,
    )
    draw_solutions(axes, solution, CONCEPTS_SHOWN)
    draw_no_agreement(axes, solution)


def _keys(axes: Axes, deals: pd.DataFrame) -> None:
    """The legend; where names do not fit into pins, the tables by number."""
    handles, labels = axes.get_legend_handles_labels()
    area = labels.index(AGENTS_LABEL)
    handles[area] = _disc(10, AGENTS_COLOUR, AGENTS_COLOUR, alpha=0.5)
    handles.append(_disc(13, "white", INK, markeredgewidth=1.2))
    labels.append("deal of a table")
    numbered = _pin_names(deals) != deals["table"].tolist()
    if numbered and len(deals) <= LISTED:
        handles += [Line2D([], [], linestyle="none")] * len(deals)
        labels += [f"{n}  {name}"[:28] for n, name in enumerate(deals["table"], start=1)]
    key_beside(axes, handles=handles, labels=labels)


def _disc(size: float, fill: str, edge: str, **look: Any) -> Line2D:
    """A disc for the legend."""
    disc = Line2D([], [], linestyle="none", marker="o", markersize=size, **look)
    disc.set(markerfacecolor=fill, markeredgecolor=edge)
    return disc


def _pin_names(deals: pd.DataFrame) -> list[str]:
    """What stands in the pins: the names of the tables, or their numbers where names are long."""
    names = deals["table"].tolist()
    short = all(len(name) <= SHORT for name in names)
    return names if short else [str(number) for number in range(1, len(names) + 1)]


def _pins(axes: Axes, deals: pd.DataFrame) -> None:
    """A pin for each deal, beside it where it covers no other; tables with one deal share a pin."""
    named = deals.assign(pin=_pin_names(deals))
    alike = named.groupby(["points_governor", "points_coalition"], sort=False)["pin"].agg(list)
    texts = [_in_lines(pins) for pins in alike]
    places = np.array(alike.index.to_list(), dtype=float)
    for text, place, away in zip(texts, places, _free_places(axes, places, texts), strict=True):
        marks(axes, *place, size=5, color=INK, zorder=6)
        axes.annotate(
            text,
            place,
            xytext=away,
            textcoords="offset points",
            ha="center",
            va="center",
            size=SMALL - 1,
            weight="bold",
            zorder=7,
            linespacing=1.0,
            bbox={"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": INK},
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 1.0, "shrinkB": 0},
        ).set_in_layout(False)


def _in_lines(pins: Sequence[str], in_a_line: int = 6) -> str:
    lines = [", ".join(pins[i : i + in_a_line]) for i in range(0, len(pins), in_a_line)]
    return ",\n".join(lines)


def _free_places(
    axes: Axes, places: Float[Array, "pins 2"], texts: Sequence[str]
) -> list[tuple[float, float]]:
    """How far (points) each pin stands from its deal: as near as it can without covering another.

    Pins are put one after another; each keeps within the panel and clear of deals, of earlier pins and of
    the lines to them, and so does its own line. Where there is no such place, it takes the one that covers
    least.
    """
    to_points = 72 / axes.figure.dpi
    deals = axes.transData.transform(places) * to_points
    panel = axes.get_window_extent().get_points().ravel() * to_points
    taken = _boxes(deals, np.array([DOT, DOT]))
    found = []
    for deal, text in zip(deals, texts, strict=True):
        half = _half(text)
        around = _around(half)
        boxes = _boxes(deal + around, half)
        lines = deal + around[:, None] * np.linspace(0, 1, SAMPLES)[:, None]
        others = taken[~_hold(taken, deal[None, None])[0].any(-1)]
        covered = (
            _shared(boxes, taken).sum(-1)
            + (4 * half.prod() - _shared(boxes, panel[None])[:, 0])
            + CROSSING * _hold(others, lines).sum((-1, -2))
        )
        best = int(np.round(covered, 3).argmin())
        line = _boxes(lines[best], np.array([LINE, LINE]))
        taken = np.concatenate([taken, boxes[best : best + 1], line])
        found.append((float(around[best, 0]), float(around[best, 1])))
    return found


def _half(text: str) -> Float[Array, "2"]:
    """Half the width and height of a pin with this text (points)."""
    lines = text.split("\n")
    return np.array([LETTER * max(map(len, lines)) / 2 + 6, PIN * len(lines) / 2 + 2])


def _around(half: Float[Array, "2"]) -> Float[Array, "places 2"]:
    """Places around a deal, the nearest first, beginning above and to the right."""
    turns = np.pi / 4 + 2 * np.pi * np.arange(ANGLES) / ANGLES
    on_circle = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    return np.concatenate([on_circle * (radius + half - PIN / 2) for radius in RADII])


def _boxes(middles: Float[Array, "boxes 2"], half: Float[Array, "2"]) -> Float[Array, "boxes 4"]:
    """Rectangles about some middles: left, lower, right and upper end."""
    return np.concatenate([middles - half, middles + half], axis=-1)


def _shared(
    boxes: Float[Array, "boxes 4"], others: Float[Array, "others 4"]
) -> Float[Array, "boxes others"]:
    """The area that each of some rectangles shares with each of others."""
    low = np.maximum(boxes[:, None, :2], others[:, :2])
    high = np.minimum(boxes[:, None, 2:], others[:, 2:])
    return np.maximum(high - low, 0).prod(-1)


def _hold(
    boxes: Float[Array, "boxes 4"], lines: Float[Array, "lines points 2"]
) -> Bool[Array, "lines boxes points"]:
    """Whether each rectangle holds each point of each line."""
    at = lines[:, None]
    held: Bool[Array, "lines boxes points 2"] = (boxes[:, None, :2] < at) & (
        at < boxes[:, None, 2:]
    )
    return np.all(held, axis=-1)


def _caption(deals: pd.DataFrame, agents: pd.DataFrame, differs: str) -> str:
    agreed = deals[deals["agreed"].astype(bool)]
    on_frontier = int((agreed["pareto_distance"] < 1e-9).sum())
    caption = (
        f"{len(deals)} tables, {len(agreed)} with an agreement, of which {on_frontier} on the Pareto "
        "frontier. Each pin names the tables whose deal is at the point it leads to; impasses stand at no "
        "agreement. "
    )
    met = agents["share"].sum()
    caption += (
        f"Discs: what the scenario's own negotiators agreed on, {100 * met:.0f}\u00a0% of worlds."
        if met > 0
        else "The scenario's own negotiators agreed in no world."
    )
    return f"{caption} {differs}".rstrip()
