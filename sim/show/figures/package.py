"""What an agreement is made of: how much each issue brings, at each design point."""

import textwrap
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.cases.schema import Scenario
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.experiments.statistics.summary import span
from sim.play.measures import dollars
from sim.show.figures.results import Settings, some_settings
from sim.show.figures.style import (
    INK,
    SMALL,
    Look,
    figure,
    in_house_style,
    key_beside,
    refuse_more,
    rows_from_the_top,
    show_ticks,
)

ROW, LINE, REST = 0.42, 0.2, 2.8  # inches: the least of a bar; a line of its name; the rest
MOST_BARS = 12
NAME_LETTERS = 34
WHOSE = {
    "state": "mean savings of the agreements over two years, $M",
    "governor": "mean points of the agreements to the governor",
    "coalition": "to the coalition",
}
LOOKS = [  # one an issue: colour and hatch, so that it reads in grey
    ("#F5F5F5", "//"),
    ("#56B4E9", ""),
    ("#E69F00", "xx"),
    ("#FFFFFF", ".."),
    ("#009E73", "\\\\"),
    ("#CC79A7", "--"),
    ("#F0E442", "oo"),
]


@in_house_style
def package(table: pd.DataFrame, note: str = "", question: str = "") -> Figure:
    """What the mean agreement is made of: savings issue by issue, or points in a textbook game.

    Args:
        table: one row a design point (`name`), side (`whose`: "state" for dollars, or "governor" and
            "coalition" for points) and `issue`, with the mean `value` over the `n` worlds that agreed.
        note: what else the caption says of the settings.
        question: the title.

    Raises:
        ValueError: when nothing is agreed anywhere, or there are too many bars or issues to read.

    """
    known = table.dropna(subset="value")
    if known.empty:
        raise ValueError("nothing was agreed in these worlds, so that there is no package to show")
    names, issues = list(dict.fromkeys(known["name"])), list(dict.fromkeys(known["issue"]))
    refuse_more(len(names), MOST_BARS, "bars")
    if len(issues) > len(LOOKS):
        raise ValueError(
            f"{len(issues)} issues are too many to tell apart; {len(LOOKS)} is the most"
        )
    sides = list(dict.fromkeys(known["whose"]))
    caption = _caption(table, note)
    bar_names = [textwrap.fill(name, NAME_LETTERS) for name in names]
    row = max(ROW, LINE * (1 + max(name.count("\n") for name in bar_names)))
    drawing = figure(REST + row * len(names), question, caption)
    panels = drawing.subplots(1, len(sides), sharey=True, squeeze=False)[0]
    for axes, side in zip(panels, sides, strict=True):
        _draw(axes, known[known["whose"] == side], names, issues)
        axes.set_xlabel(WHOSE[side])
    rows_from_the_top(panels[0], bar_names, room=0.6)
    key_beside(panels[-1], handleheight=1.3)
    return drawing


def _draw(axes: Axes, table: pd.DataFrame, names: list[str], issues: list[str]) -> None:
    wide = table.pivot_table("value", "name", "issue", sort=False)
    wide = wide.reindex(names)[issues].fillna(0.0)
    ends = pd.Series(0.0, index=names)
    for issue, (colour, hatch) in zip(issues, LOOKS, strict=False):
        name = issue.replace("_", " ")
        look: Look = {
            "color": colour,
            "edgecolor": INK,
            "linewidth": 0.9,
            "hatch": hatch,
            "label": name,
        }
        axes.barh(range(len(names)), wide[issue], 0.68, left=ends, **look)
        ends += wide[issue]
    money = (table["whose"] == "state").all()
    for row, end in enumerate(ends):
        text = dollars(end) if money else f"{end:.1f}"
        axes.annotate(text, (end, row), (5, 0), textcoords="offset points", va="center", size=SMALL)
    axes.set_xlim(0, 1.2 * max(ends.max(), 1e-9))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    show_ticks(axes.xaxis, "{:,.6g}".format)
    axes.tick_params(axis="y", length=0)


def _caption(table: pd.DataFrame, note: str) -> str:
    first = table[table["whose"] == table["whose"].iloc[0]]
    means = first.dropna(subset="value").groupby("issue", sort=False)["value"].mean()
    most = means.idxmax().replace("_", " ")
    money = first["whose"].iloc[0] == "state"
    what = "savings" if money else "points"
    rests_on = span(first.drop_duplicates("name")["n"])
    value = dollars(means.max()) if money else f"{means.max():.1f} points"
    caption = (
        f"Each bar: {what} of the mean agreement by issue, over the {rests_on} worlds that agreed. Most "
        f"comes from {most}: {value} on average over the bars."
    )
    empty = first.groupby("name")["value"].apply(lambda values: values.isna().all()).sum()
    caption += f" {empty} settings have no agreement." if empty else ""
    return caption + note


def package_of(results: Results, request: FigureRequest) -> Figure:
    """What the mean agreement of some settings is made of."""
    return package(*by_issue(results, request.x), results.experiment.file.question)


def by_issue(results: Results, key: str | None = None) -> tuple[pd.DataFrame, str]:
    """What each issue brings at some settings: linear in its level for dollars, looked up for points.

    Also what a caption says of these settings, which differ in the key, or in the first that is varied.
    """
    shown = some_settings(results, MOST_BARS, key)
    money = results.experiment.scenario.fiscal is not None
    rows = list((_in_dollars if money else _in_points)(results, shown.settings))
    return pd.DataFrame(rows, columns=["name", "whose", "issue", "value", "n"]), shown.note


def _in_dollars(results: Results, shown: Settings) -> Iterator[tuple[str, str, str, float, int]]:
    summary = results.summary.set_index("point")
    agreed = summary["n"] * summary["agreed"]
    for name, points in shown.items():
        numbers = [point.number for point in points]
        saves = [_savings_of(point.scenario) for point in points]
        for issue in saves[0]:
            if issue in summary:
                saved = summary.loc[numbers, issue].fillna(0.0) * [of[issue] for of in saves]
                worlds = agreed[numbers]
                mean = np.average(saved, weights=worlds) if worlds.any() else np.nan
                yield name, "state", issue, mean, round(worlds.sum())


def _savings_of(scenario: Scenario) -> Mapping[str, float]:
    """What a full level of each issue saves ($M); nothing in a game without dollars."""
    return scenario.fiscal.savings if scenario.fiscal else {}


def _in_points(results: Results, shown: Settings) -> Iterator[tuple[str, str, str, float, int]]:
    for name, points in shown.items():
        mine = results.worlds[results.worlds["point"].isin([point.number for point in points])]
        for side in ("governor", "coalition"):
            for issue in points[0].scenario.issue:
                worth = dict(zip(issue.levels, getattr(issue, side), strict=True))
                values = mine[issue.name].map(worth)
                yield name, side, issue.name, values.mean(), int(values.notna().sum())
