"""When negotiations settle: in which round, how near to the deadline, and how many never do."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.show.figures.results import grouped
from sim.show.figures.style import (
    COLOUR,
    FAINT,
    GREY,
    INK,
    SMALL,
    from_to,
    in_house_style,
    percent,
    show_ticks,
    small_multiples,
    worlds_a_panel,
)

BINS = 40  # at the most
BESIDE = 0.1  # of the rounds: how far the bar of an impasse stands from the deadline


@in_house_style
def settlement_time(worlds: pd.DataFrame, note: str = "", question: str = "") -> Figure:
    """In which round negotiations settle, with the deadline, and how many end in an impasse.

    Args:
        worlds: one row a world: the `group` whose panel it is in, the `round` of its agreement (missing
            if there is none) and its `deadline`, also a round.
        note: what else the caption says of the groups.
        question: the title.

    Raises:
        ValueError: when nothing is agreed in any of them.

    """
    settled = worlds["round"].notna()
    if not settled.any():
        raise ValueError(
            "nothing was agreed in these worlds, so that no time of agreement is known"
        )
    names = list(dict.fromkeys(worlds["group"]))
    drawing, panels = small_multiples(names, question, _caption(worlds, note))
    last = int(worlds["deadline"].max())
    edges = _edges(last)
    for axes, name in zip(panels, names, strict=True):
        _draw(axes, worlds[worlds["group"] == name], edges)
        axes.set_xlabel("round of the agreement")
        axes.set_ylabel("share of worlds")
    return drawing


def _edges(last: int) -> np.ndarray:
    """The ends of bars that hold the same number of rounds each, one where there are few rounds."""
    wide = -(-(last + 1) // BINS)
    return np.arange(0, last + wide + 1, wide) - 0.5


def _draw(axes: Axes, worlds: pd.DataFrame, edges: np.ndarray) -> None:
    rounds = worlds["round"].dropna().to_numpy(dtype=float)
    counts, _ = np.histogram(rounds, edges)
    shares = counts / len(worlds)
    axes.bar(edges[:-1], shares, np.diff(edges), align="edge", color=INK, edgecolor="white")
    early, late = worlds["deadline"].min(), worlds["deadline"].max()
    for deadline in {early, late}:
        axes.axvline(deadline, color=GREY, linewidth=1.4, linestyle="--")
    impasse = worlds["round"].isna().mean()
    wide = max((edges[-1] - edges[0]) * 0.06, 0.8)
    place = edges[-1] + max((edges[-1] - edges[0]) * BESIDE, 0.8)
    axes.bar(place, impasse, wide, color=FAINT, edgecolor=COLOUR["coalition"], hatch="//")
    axes.text(place, impasse, percent(impasse), ha="center", va="bottom", size=SMALL)
    axes.set_xlim(edges[0] - 0.5, place + wide)
    axes.set_ylim(0, 1.1)
    ticks = MaxNLocator(5, integer=True).tick_values(0, edges[-1])
    ticks = [t for t in ticks if 0 <= t < edges[-1] and place - t > 4 * wide]
    axes.set_xticks([*ticks, place], [*(f"{t:,.0f}" for t in ticks), "none"])
    show_ticks(axes.yaxis, percent)


def _caption(worlds: pd.DataFrame, note: str) -> str:
    settled = worlds[worlds["round"].notna()]
    late = settled["round"].astype(float) >= 0.9 * settled["deadline"]
    shares = late.groupby(settled["group"], observed=True).mean()
    ends = worlds.groupby("group", observed=True)["deadline"].agg(["min", "max"])
    varies = (ends["min"] < ends["max"]).any()
    deadline = "the earliest and the latest deadline" if varies else "the deadline"
    caption = (
        f"{worlds_a_panel(worlds)}; dashed: {deadline}; hatched: no agreement. Of the {len(settled):,} "
        f"agreements {from_to(shares, percent)} came in the last tenth of the time."
    )
    return caption + note


def settlement_time_of(results: Results, request: FigureRequest) -> Figure:
    """When the worlds of some settings settled."""
    worlds, note = grouped(results, request.x)
    rounds = pd.Series({p.number: p.scenario.calendar.rounds for p in results.experiment.points})
    deadline = worlds["point"].map(rounds)
    if "deadline" in worlds:
        deadline = worlds["deadline"].fillna(deadline)
    worlds = worlds.assign(deadline=deadline)
    return settlement_time(worlds, note, results.experiment.file.question)
