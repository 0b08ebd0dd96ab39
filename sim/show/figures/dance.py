"""The negotiation dance of one world: the offers of both sides in turn, in utility space."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.play.outcome import Outcome
from sim.show.figures.style import COLOUR, INK, MARKER, Look, figure, in_house_style, marks
from sim.show.figures.utility_space import (
    draw_frontier,
    draw_no_agreement,
    draw_packages,
    draw_solutions,
    name_the_axes,
)
from sim.show.told import told_world, world_to_tell
from sim.worlds.solution import Game

HEIGHT = 7.6  # inches
MARKERS_IN_A_LINE = 15
CONCEPTS = ("nash", "kalai_smorodinsky")


@in_house_style
def dance(outcome: Outcome, world: int | None = None, *, told: str = "") -> Figure:
    """The offers of one world in utility space, with frontier, ZOPA, Nash and Kalai-Smorodinsky.

    Worth is that of this world, as its leaders see their members: 0 is no agreement, 1 the best package.

    Args:
        outcome: the worlds that were played.
        world: its number; the first one if it is left out.
        told: which world of an experiment it is, to begin the caption.

    Raises:
        ValueError: when the outcome does not hold that world, or nothing was offered in it.

    """
    frame, offers = outcome.frame(), outcome.offers()
    world = int(frame.index[0]) if world is None else world
    game = outcome.game(world)
    offers = offers[offers["world"] == world]
    if offers.empty:
        raise ValueError(f"no offer was made in world {world}")
    end = frame.loc[world]
    title = f"{outcome.scenario.title} (world {world})"
    caption = f"{told}. " * bool(told) + _caption(game, offers, end)
    drawing = figure(HEIGHT, title, caption)
    axes = drawing.subplots()
    draw_packages(axes, game.packages, "package")
    draw_frontier(axes, game)
    draw_no_agreement(axes, game)
    draw_solutions(axes, game, CONCEPTS)
    for side in COLOUR:
        _draw_offers(axes, offers[offers["proposer"] == side], side)
    if _settled(end):
        _draw_agreement(axes, offers.iloc[-1])
    name_the_axes(axes, outcome.scenario.sides, "utility")
    return drawing


def _settled(end: pd.Series) -> bool:
    """Whether one side accepted an offer of the other; a mediator's package is no offer."""
    return bool(end["agreed"]) and end["proposer"] != "mediator"


def _draw_offers(axes: Axes, offers: pd.DataFrame, side: str) -> None:
    if offers.empty:
        return
    first, last = offers["round"].iloc[0], offers["round"].iloc[-1]
    when = f"round {first}" if first == last else f"rounds {first} to {last}"
    axes.plot(
        offers["utility_governor"],
        offers["utility_coalition"],
        color=COLOUR[side],
        linewidth=1.0,
        marker=MARKER[side],
        markersize=7,
        markevery=max(1, len(offers) // MARKERS_IN_A_LINE),
        markeredgecolor="white",
        markeredgewidth=0.8,
        label=f"offers of the {side}, {when}",
        zorder=3,
    )


def _draw_agreement(axes: Axes, accepted: pd.Series) -> None:
    worths = accepted["utility_governor"], accepted["utility_coalition"]
    ring: Look = {"markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 2.2}
    marks(axes, *worths, size=19, label="agreement", zorder=4, **ring)


def _caption(game: Game, offers: pd.DataFrame, end: pd.Series) -> str:
    made = offers["proposer"].value_counts().to_dict()
    counts = " and ".join(f"{made[side]:,} by the {side}" for side in COLOUR if side in made)
    caption = f"Offers: {counts}"
    if _settled(end):
        accepted = offers.iloc[-1]
        caption += f"; the last was agreed in round {end['round']:,}: {_worth(accepted)}"
    else:
        caption += "; none was accepted"
    nash = game.nash
    if nash is None:
        return (
            f"{caption}. No package is better than no agreement for both, so that there is no ZOPA."
        )
    there = f"{nash.utilities[0]:z.2f} and {nash.utilities[1]:z.2f}".replace("-", "−")
    return f"{caption}. At the Nash solution it would be {there}. 0 is no agreement, 1 the best package."


def _worth(offer: pd.Series) -> str:
    worths = [f"{offer[f'utility_{side}']:z.2f} to the {side}" for side in COLOUR]
    return "worth " + " and ".join(worths).replace("-", "−")


def dance_of(results: Results, request: FigureRequest) -> Figure:
    """The dance of the world that is looked at closely."""
    point, replication = world_to_tell(results)
    told = told_world(results, point, replication)
    return dance(results.replay(point, replication), told=told)
