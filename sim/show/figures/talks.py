"""The talks of one world: every offer by round, in dollars and in its worth to both sides."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.cases.schema import Scenario
from sim.cases.schema.sides import SidesSettings
from sim.cases.schema.talks import Issue
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.play.measures import dollars
from sim.play.outcome import Outcome
from sim.play.status import Status
from sim.show.figures.style import (
    COLOUR,
    GREY,
    INK,
    MARKER,
    SMALL,
    Look,
    caption_height,
    figure,
    in_house_style,
    percent,
    show_ticks,
    size_in_points,
    spread,
)
from sim.show.told import told_world, world_to_tell

SIDES = ("governor", "coalition")
MARKERS_IN_A_LINE = 15
LABEL_LETTERS = 27
LINE_HEIGHT = 15.0  # points

LEADER = {"arrowstyle": "-", "linestyle": ":", "lw": 1.0, "relpos": (0, 0.5), "shrinkB": 6}

# All in inches.
FIRST_PANEL, OTHER_PANEL, BETWEEN = 2.1, 1.6, 0.55
ABOVE, BELOW = 0.95, 0.75


@in_house_style
def talks(outcome: Outcome, world: int | None = None, *, told: str = "") -> Figure:
    """The offers of one world by round, in dollars and in worth, with what each side aspired to.

    A game without dollars shows the levels of its issue instead, if it has only one issue.

    Args:
        outcome: the worlds that were played.
        world: its number; the first one if it is left out.
        told: which world of an experiment it is, to begin the caption.

    Raises:
        ValueError: when the outcome does not hold that world.

    """
    story = _story(outcome, world)
    panels = _panels(story)
    title = f"{story.scenario.title} (world {story.world})"
    caption = f"{told}. {_caption(story)}" if told else _caption(story)
    drawing, column = _open(len(panels), title, caption)
    for axes, panel in zip(column, panels, strict=True):
        _draw(axes, panel, story)
    _name_the_deadline(column[0], story)
    column[-1].set_xlabel("round")
    return drawing


@dataclass(frozen=True)
class _Story:
    """What happened in one world: its row of the outcome's frame, and its offers in order.

    `aspirations` are what a side asked for at each of its moves (see `Outcome.aspirations`).
    """

    scenario: Scenario
    world: int
    end: pd.Series
    offers: pd.DataFrame
    aspirations: pd.DataFrame

    @property
    def rounds(self) -> int:
        return self.scenario.calendar.rounds

    @property
    def agreed(self) -> bool:
        """Whether one side accepted an offer of the other; a mediator's package is no offer."""
        return bool(self.end["agreed"]) and self.end["proposer"] != "mediator"

    @property
    def last_round(self) -> int:
        """The round in which the talks ended."""
        return int(self.end["round"]) if self.agreed else self.rounds


@dataclass(frozen=True)
class _Panel:
    """One panel: a column of the offers, and how to say it.

    `line` is a level to hold the offers against; `span` is what the scale shows in any case;
    `owner` is the side whose utility it is, if it is one; `ticks` are the levels, where they have labels.
    """

    column: str
    title: str
    unit: str
    show: Callable[[float], str]
    span: tuple[float, float]
    line: tuple[float, str] | None = None
    owner: str | None = None
    ticks: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Label:
    """Words for the point (x, y) of a panel."""

    x: float
    y: float
    text: str
    colour: str


def _open(panels: int, title: str, caption: str) -> tuple[Figure, np.ndarray]:
    """Open a figure with a column of panels, the first higher than the others."""
    heights = [FIRST_PANEL] + [OTHER_PANEL] * (panels - 1)
    bottom = BELOW + caption_height(caption)
    height = ABOVE + sum(heights) + BETWEEN * (panels - 1) + bottom
    drawing = figure(height, title, caption, placed=True)
    grid = drawing.add_gridspec(
        panels,
        height_ratios=heights,
        left=0.085,
        right=0.735,
        top=1 - ABOVE / height,
        bottom=bottom / height,
        hspace=BETWEEN * panels / sum(heights),
    )
    return drawing, grid.subplots(sharex=True, squeeze=False)[:, 0]


def _story(outcome: Outcome, world: int | None) -> _Story:
    frame, offers = outcome.frame(), outcome.offers()
    world = int(frame.index[0]) if world is None else world
    if world not in frame.index:
        first, last = frame.index[0], frame.index[-1]
        raise ValueError(f"world = {world}: must be one of the outcome's, {first} to {last}")
    tables = offers, outcome.aspirations()
    of_world = (table[table["world"] == world] for table in tables)
    return _Story(outcome.scenario, world, frame.loc[world], *of_world)


def _panels(story: _Story) -> list[_Panel]:
    scenario = story.scenario
    return [*_what_is_offered(scenario), *(_worth_to(side, scenario.sides) for side in SIDES)]


def _what_is_offered(scenario: Scenario) -> list[_Panel]:
    """The offers in the unit of what is bargained over, where there is one such unit."""
    if scenario.fiscal:
        gap = scenario.fiscal.gap
        line = (gap, f"asked: {dollars(gap)}")
        title, unit = "What each offer would save the state", "$M over two years"
        return [_Panel("savings", title, unit, dollars, (0.0, gap), line)]
    return [_levels_of(scenario.issue[0])] if len(scenario.issue) == 1 else []


def _levels_of(issue: Issue) -> _Panel:
    span = (min(issue.levels), max(issue.levels))
    if issue.labels:
        ticks = tuple(issue.levels)
        return _Panel(issue.name, issue.title, "", issue.label_of, span, ticks=ticks)
    return _Panel(issue.name, issue.title, issue.unit, _number, span)


def _worth_to(side: str, sides: SidesSettings) -> _Panel:
    title, unit = f"What each offer is worth to {sides.name(side)}", "utility (1 = best)"
    line = (0.0, "no agreement: 0")
    return _Panel(f"utility_{side}", title, unit, _utility, (0.0, 1.0), line, side)


def _utility(value: float) -> str:
    return f"{value:z.2f}".replace("-", "−")


def _number(value: float) -> str:
    return f"{value:,.4g}".replace("-", "−")


def _draw(axes: Axes, panel: _Panel, story: _Story) -> None:
    axes.set_title(panel.title)
    axes.set_ylabel(textwrap.fill(panel.unit, 22))
    axes.set_xlim(-0.02 * story.rounds, 1.02 * story.rounds)
    axes.set_ylim(*_scale(panel, story.offers))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    show_ticks(axes.xaxis, _tick)
    show_ticks(axes.yaxis, _tick)
    if panel.ticks:
        axes.set_yticks(panel.ticks, [*map(panel.show, panel.ticks)])
    axes.axvline(story.rounds, color=GREY, linewidth=1.2, linestyle=":")
    if story.offers.empty:
        axes.text(0.5, 0.5, "no offer was made", transform=axes.transAxes, ha="center", va="center")
    margin = [_draw_the_line(axes, *panel.line, story)] if panel.line else []
    ends = [_draw_the_offers(axes, panel, story, side) for side in _sides_heard(story)]
    if panel.owner and panel.owner in _sides_heard(story):
        ends.append(_draw_the_aspiration(axes, panel, story, panel.owner))
    if story.agreed:
        if panel.owner is None:
            ends.append(_draw_what_would_be_asked(axes, panel, story))
        ends.append(_draw_the_agreement(axes, panel, story))
    _place(axes, story, margin, ends)


def _scale(panel: _Panel, offers: pd.DataFrame) -> tuple[float, float]:
    """The span of the panel, more if offers go beyond it, and a little room."""
    shown = [*panel.span, *offers[panel.column]]
    low, high = min(shown), max(shown)
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def _tick(value: float) -> str:
    return f"{value:z,.6g}".replace("-", "−")


def _sides_heard(story: _Story) -> list[str]:
    made = set(story.offers["proposer"])
    return [side for side in SIDES if side in made]


def _draw_the_line(axes: Axes, level: float, words: str, story: _Story) -> _Label:
    axes.axhline(level, color=GREY, linewidth=1.2, linestyle="--")
    return _Label(story.rounds, level, words, GREY)


def _draw_the_offers(axes: Axes, panel: _Panel, story: _Story, side: str) -> _Label:
    """Draw one side's offers as steps: each stands until the next.

    What a side receives is hollow in the panel of its utility.
    """
    offers = story.offers[story.offers["proposer"] == side]
    rounds, values = offers["round"].tolist(), offers[panel.column].tolist()
    received = panel.owner not in (None, side)
    look: Look = {"color": COLOUR[side], "linewidth": 1.8, "drawstyle": "steps-post"}
    look |= {"marker": MARKER[side], "markersize": 7, "markeredgewidth": 1.6}
    look |= {"markerfacecolor": "white" if received else COLOUR[side]}
    every = max(1, len(offers) // MARKERS_IN_A_LINE)
    axes.plot(rounds, values, markevery=every, label=side, **look)
    verb = {None: f"{side} offers", side: "asks for"}.get(panel.owner, "is offered")
    return _Label(rounds[-1], values[-1], f"{verb} {panel.show(values[-1])}", COLOUR[side])


def _draw_the_aspiration(axes: Axes, panel: _Panel, story: _Story, owner: str) -> _Label:
    """Draw the least utility that a side asked for at each of its moves."""
    mine = story.aspirations[story.aspirations["proposer"] == owner]
    look: Look = {"color": COLOUR[owner], "linewidth": 1.8, "linestyle": ":"}
    axes.plot(mine["round"], mine["aspiration"], label=f"{owner} aspires to", **look)
    last = mine.iloc[-1]
    words = f"aspires to {panel.show(last['aspiration'])}"
    return _Label(float(last["round"]), last["aspiration"], words, COLOUR[owner])


def _draw_what_would_be_asked(axes: Axes, panel: _Panel, story: _Story) -> _Label:
    """Draw the offer that the side which accepted would have made, on from its last one."""
    last = story.aspirations.iloc[-1]
    side, value = last["proposer"], last[panel.column]
    mine = story.aspirations[story.aspirations["proposer"] == side].iloc[-2:]
    look: Look = {"color": COLOUR[side], "linewidth": 1.8, "linestyle": ":", "markevery": [-1]}
    look |= {"marker": MARKER[side], "markerfacecolor": "white", "markersize": 7}
    axes.plot(mine["round"], mine[panel.column], label=f"{side} would offer", **look)
    return _Label(
        float(last["round"]), value, f"{side} would offer {panel.show(value)}", COLOUR[side]
    )


def _draw_the_agreement(axes: Axes, panel: _Panel, story: _Story) -> _Label:
    """Mark the last offer where it was accepted."""
    value = story.offers[panel.column].iloc[-1]
    star: Look = {"marker": "*", "markersize": 17, "color": INK, "markeredgecolor": "white"}
    axes.plot(story.last_round, value, zorder=4, label="agreement", clip_on=False, **star)
    when = "agreed" if panel.owner else f"agreed in round {story.last_round:,}"
    return _Label(story.last_round, value, f"{when}: {panel.show(value)}", INK)


def _place(axes: Axes, story: _Story, margin: list[_Label], ends: list[_Label]) -> None:
    """Write labels beside the ends of the lines where there is room, else in the margin."""
    width, _ = size_in_points(axes)
    outside = width + 12
    if story.last_round > story.rounds / 2:
        _write(axes, margin + ends, outside)
        return
    start, stop = axes.get_xlim()
    _write(axes, margin, outside)
    _write(axes, ends, width * (story.last_round - start) / (stop - start) + 22)


def _write(axes: Axes, labels: list[_Label], x: float) -> None:
    """Write labels in a column x points from the panel's left edge, so that none overlap."""
    labels = sorted(labels, key=lambda label: label.y)
    words = [textwrap.fill(label.text, LABEL_LETTERS) for label in labels]
    heights = np.array([LINE_HEIGHT * (text.count("\n") + 1) for text in words])
    (low, high), (_, top) = axes.get_ylim(), size_in_points(axes)
    wanted = np.array([top * (label.y - low) / (high - low) for label in labels])
    for label, text, y in zip(labels, words, spread(wanted, heights, top), strict=True):
        look: Look = {"va": "center", "color": label.colour, "size": SMALL, "weight": "bold"}
        look |= {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.5}}
        look |= {"arrowprops": LEADER | {"color": label.colour}, "annotation_clip": False}
        axes.annotate(text, (label.x, label.y), (x, y), textcoords="axes points", **look)


def _name_the_deadline(axes: Axes, story: _Story) -> None:
    text = f"deadline: round {story.rounds:,}"
    look: Look = {"color": GREY, "weight": "bold", "size": SMALL, "ha": "right"}
    look |= {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    axes.annotate(text, (story.rounds, 1), (0, 5), **look)


def _caption(story: _Story) -> str:
    """How it ended, in one sentence."""
    details = "; ".join([*_at_the_table(story), *_at_the_ballots(story), *_awarded(story)])
    sentence = Status(story.end["status"]).sentence
    return f"{sentence.removesuffix('.')}: {details}." if details else sentence


def _at_the_table(story: _Story) -> list[str]:
    offered = _what_is_offered(story.scenario)
    if story.agreed:
        came = f"the agreement came in round {story.last_round:,} of {story.rounds:,}"
        return [came + _on_what(offered, story.offers.iloc[-1])]
    return [*_how_far_apart(story, offered), *_mediated(story)]


def _how_far_apart(story: _Story, offered: list[_Panel]) -> list[str]:
    last = story.offers.groupby("proposer").last()
    if not offered or offered[0].ticks or len(last) < 2:
        return []
    apart = abs(last[offered[0].column].diff().iloc[-1])
    return [f"the last offers were {offered[0].show(apart)} apart"]


def _mediated(story: _Story) -> list[str]:
    if story.end["proposer"] != "mediator":
        return []
    return [f"a mediator brought the sides together at {dollars(story.end['savings'])}"]


def _awarded(story: _Story) -> list[str]:
    if story.end["status"] != Status.AWARDED:
        return []
    return [f"the award saves {dollars(story.end['award_savings'])}"]


def _on_what(offered: list[_Panel], accepted: pd.Series) -> str:
    """The terms in words; nothing where the issues have no unit in common."""
    if not offered:
        return ""
    [panel] = offered
    terms = panel.show(accepted[panel.column])
    if panel.column == "savings":
        return f" and was to save {terms}"
    return f", at {terms} ({panel.unit})" if panel.unit else f", at {terms}"


def _at_the_ballots(story: _Story) -> list[str]:
    """Who voted yes, ballot by ballot."""
    votes: list[str] = []
    if not story.scenario.has_ballot:
        return votes
    for number, name in ((1, "first"), (2, "second")):
        share = story.end[f"yes_share_{number}"]
        if not pd.isna(share):
            unions = f"{story.end[f'unions_yes_{number}']} of {len(story.scenario.union)} unions"
            voters = f"{percent(share)} of members and {unions}"
            votes.append(f"{voters} voted yes on the {name} ballot")
    return votes


def talks_of(results: Results, request: FigureRequest) -> Figure:
    """The talks of the world that is looked at closely."""
    point, replication = world_to_tell(results)
    told = told_world(results, point, replication)
    return talks(results.replay(point, replication), told=told)
