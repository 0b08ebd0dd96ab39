"""The win-set under rising quotas: fewer packages are ratified, and less of them serves the governor."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.cases.record import record_of
from sim.cases.schema.ratification import RatificationSettings
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.inputs.problems import InputError
from sim.show.figures.results import scenario_told, solved
from sim.show.figures.style import (
    COLOUR,
    INK,
    figure,
    in_house_style,
    key_beside,
    marks,
    percent,
    show_ticks,
)
from sim.worlds.solution import Solution

NAMES = "first ballot", "as amended"
HEIGHT = 7.8  # inches
STEPS = 21  # of the quota of weight
WEIGHED = {"unit": "unions counted whole", "pooled": "votes pooled"}
LOOKS = (
    {"color": INK, "linestyle": "-", "marker": "s"},
    {"color": COLOUR["coalition"], "linestyle": "--", "marker": "o"},
)


@dataclass(frozen=True, eq=False)
class _Under:
    """Bylaws by name, and the win-set along either quota while the other one stands at its own."""

    name: str
    unions: int
    weight: float
    weighting: str
    along_weight: pd.DataFrame
    along_unions: pd.DataFrame
    own: pd.Series


@in_house_style
def win_set(
    solution: Solution,
    names: tuple[str, str] = NAMES,
    told: str = "",
) -> Figure:
    """How the win-set shrinks, and the governor's best in it, as the quota of weight or unions rises.

    Args:
        solution: a scenario solved, with a ballot.
        names: what the bylaws of the first ballot are called, and those that leaders may amend them to.
        told: whose values it has, to end the caption.

    Raises:
        InputError: when the scenario has no ballot.

    """
    scenario = solution.scenario
    if scenario.ratification is None:
        raise InputError([f"{scenario.name}: has no ballot, and so no win-set"])
    unions = len(scenario.union)
    found = [
        _under(solution, name, *quota, unions)
        for name, quota in zip(names, _quotas(scenario.ratification), strict=False)
    ]
    title = f"{scenario.title}: which packages are ratified"
    drawing = figure(HEIGHT, title, _caption(solution, found) + told)
    panels = drawing.subplots(2, 2, sharey="row", sharex="col")
    for under, look in zip(found, LOOKS, strict=False):
        _draw(panels[:, 0], under.along_weight, "weight_required", under, look)
        _draw(panels[:, 1], under.along_unions, "unions_required", under, look)
    _name_the_axes(panels, unions)
    key_beside(panels[0, 1], bbox_to_anchor=(1.02, 1))
    return drawing


def _quotas(rules: RatificationSettings) -> list[tuple[int, float, str]]:
    """The bylaws of the first ballot, and those that leaders may amend them to, if they may."""
    first = (rules.unions_required, rules.weight_required, rules.weighting)
    if not (rules.second_vote and rules.amendment_allowed):
        return [first]
    amended = rules.amended_unions_required, rules.amended_weight_required
    return [first, (*amended, rules.amended_weighting)]


def _under(
    solution: Solution, name: str, quota: int, weight: float, weighting: str, unions: int
) -> _Under:
    weights = np.linspace(0.0, 1.0, STEPS).tolist()
    along_weight = [(quota, each) for each in weights]
    along_unions = [(each, weight) for each in range(unions + 1)]
    bylaws = [*along_weight, *along_unions, (quota, weight)]
    table = solution.win_sets(bylaws, weighting)
    tables = table.iloc[:STEPS], table.iloc[STEPS:-1], table.iloc[-1]
    return _Under(name, quota, weight, weighting, *tables)


def _draw(
    panels: np.ndarray, table: pd.DataFrame, along: str, under: _Under, look: dict[str, str]
) -> None:
    whole = f"{under.unions} unions, {percent(under.weight)},\n{WEIGHED[under.weighting]}"
    line = {key: value for key, value in look.items() if key != "marker"}
    for axes, column in zip(panels, ("share", "best"), strict=True):
        axes.plot(table[along], table[column], linewidth=2.0, drawstyle="steps-pre", **line)
        point = under.own[along], under.own[column]
        mark = {"marker": look["marker"], "color": look["color"], "markeredgecolor": "white"}
        label = f"{under.name}:\n{whole}"
        marks(axes, *point, size=11, label=label, zorder=4, clip_on=False, **mark)


def _name_the_axes(panels: np.ndarray, unions: int) -> None:
    share, best = panels[:, 0]
    share.set_ylabel("packages that are ratified")
    best.set_ylabel("best of them for the governor\n(utility)")
    share.set_ylim(-0.03, 1.03)
    show_ticks(share.yaxis, percent)
    left, right = panels[1]
    left.set_xlabel("weight that must be behind the Yes")
    right.set_xlabel("unions that must vote Yes")
    show_ticks(left.xaxis, percent)
    right.set_xlim(-0.4, unions + 0.4)
    right.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    for axes in panels.flat:
        axes.grid(color="#EEEEEE", linewidth=0.8)
        axes.set_axisbelow(True)


def _caption(solution: Solution, found: list[_Under]) -> str:
    marked = "; ".join(
        f"{under.name}, {percent(under.own['share'])}"
        + ("" if np.isnan(under.own["best"]) else f" and {under.own['best']:.2f} for the governor")
        for under in found
    )
    return (
        f"Of {len(solution.packages):,} packages, the share that a ballot after the talks more likely than "
        "not ratifies, and the governor's best of these, as one quota rises and the other stands. Marked: "
        f"{marked}."
    )


def win_set_of(results: Results, request: FigureRequest) -> Figure:
    """The win-set of the scenario as it is set at all design points."""
    recorded = record_of(results.experiment.scenario)
    ballots = recorded.ballots if recorded else []
    names = (ballots[0], ballots[1]) if len(ballots) == 2 else NAMES
    return win_set(solved(results), names, told=scenario_told(results))
