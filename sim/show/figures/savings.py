"""How much is saved: the savings of agreements, and what is left of them after the ballots."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.cases.record import record_of
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.experiments.statistics.summary import with_derived
from sim.play.measures import dollars, millions
from sim.show.figures.results import grouped
from sim.show.figures.style import (
    GREY,
    INK,
    from_to,
    in_house_style,
    percent,
    show_ticks,
    small_multiples,
    worlds_a_panel,
)

BINS = 24
REALISED = "#9FB8CC"


@in_house_style
def savings(
    worlds: pd.DataFrame,
    recorded: float | None = None,
    note: str = "",
    question: str = "",
) -> Figure:
    """How the savings of agreements are spread over worlds, agreed and realised.

    Args:
        worlds: one row a world: the `group` whose panel it is in, its `savings` ($M, missing without
            an agreement) and its `savings_realised` (0 if nothing was ratified).
        recorded: the savings of the agreement that there was ($M), if there was one.
        note: what else the caption says of the groups.
        question: the title.

    Raises:
        ValueError: when nothing is agreed in any of them.

    """
    if worlds["savings"].isna().all():
        raise ValueError("nothing was agreed in these worlds, so that there are no savings")
    names = list(dict.fromkeys(worlds["group"]))
    caption = _caption(worlds, recorded, note)
    drawing, panels = small_multiples(names, question, caption)
    edges = _edges(worlds, recorded)
    for axes, name in zip(panels, names, strict=True):
        _draw(axes, worlds[worlds["group"] == name], edges, recorded)
        axes.set_xlabel("savings over two years, $M")
        axes.set_ylabel("share of worlds")
    return drawing


def _edges(worlds: pd.DataFrame, recorded: float | None) -> np.ndarray:
    """The ends of the bars, the first of which is 0 alone: what was not realised."""
    known = [worlds["savings"].max(), worlds["savings_realised"].max(), recorded or 0.0]
    wide = 1.05 * max(known) / BINS or 1.0
    return np.arange(-0.5, BINS + 1.5) * wide


def _draw(axes: Axes, worlds: pd.DataFrame, edges: np.ndarray, recorded: float | None) -> None:
    shares = {
        name: np.histogram(worlds[name].dropna(), edges)[0] / len(worlds)
        for name in ("savings", "savings_realised")
    }
    realised = axes.stairs(shares["savings_realised"], edges, fill=True, label="realised")
    realised.set(facecolor=REALISED, edgecolor=INK, hatch="//", linewidth=0.8)
    axes.stairs(shares["savings"], edges, color=INK, linewidth=2.0, label="agreed")
    if recorded is not None:
        label = f"the record: {dollars(recorded)}"
        axes.axvline(recorded, color=GREY, linewidth=1.4, linestyle="--", label=label)
    axes.set_xlim(edges[0], edges[-1])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    show_ticks(axes.xaxis, millions)
    show_ticks(axes.yaxis, percent)


def _caption(worlds: pd.DataFrame, recorded: float | None, note: str) -> str:
    means = worlds.groupby("group", observed=True)[["savings_realised", "savings"]].mean()
    realised, agreed = (from_to(means[name], dollars) for name in means)
    known = int(worlds["savings"].notna().sum())
    caption = f"{worlds_a_panel(worlds)}. "
    caption += (
        f"Hatched: realised, 0 where nothing was ratified, {realised} on average. Thick line: agreed, "
        f"{agreed} on average over the {known:,} with an agreement; {len(worlds) - known:,} have none."
    )
    record = f" Dashed: the agreement of the record, {dollars(recorded)}." if recorded else ""
    return caption + record + note


def savings_of(results: Results, request: FigureRequest) -> Figure:
    """The savings in the worlds of some settings, beside those of the record if there is one."""
    if results.experiment.scenario.fiscal is None:
        raise ValueError("a textbook game has no dollars, and so no savings")
    worlds, note = grouped(results, request.x)
    known = record_of(results.experiment.scenario)
    moments = {moment.name: moment.value for moment in known.moment} if known else {}
    question = results.experiment.file.question
    return savings(with_derived(worlds), moments.get("savings"), note, question)
