"""The ballots: each union's yes share against its size, and what the bylaws ask for."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.play.outcome import Outcome
from sim.show.figures.style import (
    COLOUR,
    GREY,
    INK,
    SMALL,
    Look,
    figure,
    in_house_style,
    lay_out,
    marks,
    percent,
    show_ticks,
    size_in_points,
    spread,
    thousands,
    width_of,
)
from sim.show.figures.win_set import WEIGHED
from sim.show.told import told_world, world_to_tell
from sim.theory.voting import pivot

REPLAYED = 100  # worlds behind a figure of ballots
HEIGHT = 8.2  # inches
LETTERS = 112  # in a line above the panel
BOTTOM = -0.02  # of the shares shown
NAME_WIDTH = 16.0  # points between the names
BALLOTS = {1: "first", 2: "second"}
LOOKS = {1: ("o", "white"), 2: ("o", COLOUR["coalition"])}


@in_house_style
def ratification(outcome: Outcome, world: int | None = None, *, told: str = "") -> Figure:
    """Each union's yes share on both ballots against its size, with what the bylaws ask for.

    Args:
        outcome: the worlds that were played.
        world: the number of one of them; the mean over all that voted if it is left out.
        told: which worlds of an experiment they are, to begin the caption.

    Raises:
        ValueError: when nothing came to a ballot.

    """
    ballots, frame = outcome.ballots(), outcome.frame()
    if world is not None:
        ballots, frame = ballots[ballots["world"] == world], frame.loc[[world]]
    if ballots.empty:
        raise ValueError("nothing was agreed and put to a ballot in these worlds")
    outcomes = [
        _in_words(ballots[ballots["ballot"] == n], frame, n) for n in sorted(set(ballots["ballot"]))
    ]
    voted = ballots["world"].nunique()
    which = (
        f"world {frame.index[0]}" if len(frame) == 1 else f"mean over {voted:,} worlds that voted"
    )
    title = f"{outcome.scenario.title} ({which})"
    pivots = {n: _pivotal(ballots[ballots["ballot"] == n]) for n in LOOKS}
    caption = _caption(ballots[ballots["ballot"] == 1], pivots[1])
    drawing = figure(HEIGHT, title, f"{told}. " * bool(told) + caption)
    axes = drawing.subplots()
    lines = [textwrap.fill(line, LETTERS) for line in outcomes]
    axes.set_title("\n".join(lines), weight="normal", size=SMALL)
    shares = ballots.pivot_table("yes_share", ["union", "members"], "ballot", sort=False)
    shares = shares.reset_index().sort_values("members", ignore_index=True)
    pivotal = {name for name in pivots.values() if name is not None}
    _draw(axes, shares, pivotal)
    _finish_axes(axes, shares)
    lay_out(drawing)  # the panel has a size now
    _name_the_unions(axes, shares, pivotal)
    return drawing


def _in_words(ballot: pd.DataFrame, frame: pd.DataFrame, number: int) -> str:
    """How a ballot came out, and what it took."""
    held = frame.loc[ballot["world"].unique()]
    bylaws = ballot[["unions_required", "weight_required", "weighting"]]
    unions, weight, weighting = bylaws.value_counts().index[0]
    yes, behind = held[f"unions_yes_{number}"].astype(float), held[f"weight_yes_{number}"]
    count = f"{yes.mean():.0f}" if len(held) == 1 else f"{yes.mean():.1f}"
    quota = f"{unions} and {percent(weight)}, {WEIGHED[weighting]}"
    passed = held["status"].eq(f"ratified_{BALLOTS[number]}")
    end = (
        ("it passed" if passed.all() else "it failed")
        if len(held) == 1
        else (f"{percent(passed.mean())} of {len(held):,} passed")
    )
    least = " (mostly)" if len(bylaws.drop_duplicates()) > 1 else ""
    return (
        f"{BALLOTS[number]} ballot: {count} of {ballot['union'].nunique()} unions, "
        f"{percent(behind.mean())} of the weight; needs{least} {quota}; {end}"
    ).capitalize()


def _pivotal(ballot: pd.DataFrame) -> str | None:
    """The union that most often completes the quota, the most willing asked first; votes cast whole."""
    unit = ballot[ballot["weighting"] == "unit"]
    columns = ["yes_share", "members", "unions_required", "weight_required"]
    support, sizes, unions, weight = (unit[column].to_numpy() for column in columns)
    found = []
    for _, rows in sorted(unit.groupby("world").indices.items()):
        quota = int(unions[rows[0]]), float(weight[rows[0]])
        place = pivot(support[rows], sizes[rows], *quota)
        found += [] if place is None else [unit["union"].iloc[rows[place]]]
    return None if not found else str(pd.Series(found).value_counts().index[0])


def _draw(axes: Axes, shares: pd.DataFrame, pivotal: set[str]) -> None:
    if {1, 2} <= set(shares):
        axes.vlines(shares["members"], shares[1], shares[2], color=GREY, linewidth=1.0)
    for number, (marker, fill) in LOOKS.items():
        if number not in shares:
            continue
        look: Look = {"markerfacecolor": fill, "markeredgecolor": COLOUR["coalition"]}
        look |= {"markeredgewidth": 1.8, "label": f"{BALLOTS[number]} ballot"}
        marks(axes, shares["members"], shares[number], marker=marker, size=9, **look)
    ringed = shares[shares["union"].isin(pivotal)]
    ring: Look = {"markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 2.0}
    ring["label"] = "pivotal union" if len(ringed) else "_"
    marks(axes, ringed["members"], ringed[1], marker="s", size=16, **ring)
    axes.axhline(0.5, color=GREY, linewidth=1.2, linestyle="--", label="majority of a union")


def _finish_axes(axes: Axes, shares: pd.DataFrame) -> None:
    axes.set_xscale("log")
    low, high = shares["members"].min(), shares["members"].max()
    axes.set_xlim(low / 1.4, high * 1.4)
    axes.set_ylim(BOTTOM, 1.5)
    show_ticks(axes.xaxis, thousands)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    show_ticks(axes.yaxis, percent)
    axes.set_xlabel("members of the union (logarithmic)")
    axes.set_ylabel("share of Yes", y=0.33)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=4, frameon=False, borderaxespad=0
    )


def _name_the_unions(axes: Axes, shares: pd.DataFrame, pivotal: set[str]) -> None:
    """Write the names upright in a row above the panel, each led to its union."""
    width, height = size_in_points(axes)
    longest = max(width_of(name, SMALL - 1) for name in shares["union"])
    axes.set_ylim(BOTTOM, _top(longest + 14, height))
    low, high = np.log(axes.get_xlim())
    wanted = width * (np.log(shares["members"].to_numpy()) - low) / (high - low)
    places = spread(wanted, np.full(len(shares), NAME_WIDTH), width)
    at = height - longest - 10
    highest = shares[[n for n in LOOKS if n in shares]].max(axis=1)
    leader = {"arrowstyle": "-", "linestyle": ":", "lw": 0.8, "color": GREY, "shrinkB": 7}
    look: Look = {"rotation": 90, "ha": "center", "va": "bottom", "size": SMALL - 1}
    look |= {"textcoords": "axes points", "annotation_clip": False, "arrowprops": leader}
    unions = zip(shares["union"], shares["members"], highest, places, strict=True)
    for union, members, share, x in unions:
        weight = "bold" if union in pivotal else "normal"
        axes.annotate(union, (members, share), (x, at), weight=weight, **look)


def _top(room: float, height: float) -> float:
    """The upper limit that leaves so much room (points) above 100 %."""
    return BOTTOM + (1.02 - BOTTOM) * height / (height - room)


def _caption(ballot: pd.DataFrame, pivotal: str | None) -> str:
    first = ballot.groupby("union", sort=False)["yes_share"].mean()
    caption = (
        f"Each union's share of Yes and its size: on the first ballot from {percent(first.min())} "
        f"({first.idxmin()}) to {percent(first.max())} ({first.idxmax()})."
    )
    if pivotal is None:
        return caption
    return f"{caption} Most willing first, the Yes of {pivotal} would complete the quota of the first ballot."


def ratification_of(results: Results, request: FigureRequest) -> Figure:
    """The ballots of the world that is looked at closely and of those after it, up to one that failed."""
    point, first = world_to_tell(results)
    failed = [f["replication"] for f in results.failures if f["point"] == point]
    end = min([r for r in failed if r > first], default=results.experiment.replications)
    worlds = min(end - first, REPLAYED)
    told = told_world(results, point, first) + f" to {first + worlds - 1}" * (worlds > 1)
    return ratification(results.replay(point, first, worlds), told=told)
