"""Lesson 4: time and power: patience, the last word, and what one has outside and inside of the talks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.arrays.axes import Array
from sim.show.figures.style import COLOUR, GREY, INK, figure, in_house_style
from sim.teaching.lessons.case import CASE, utilities
from sim.teaching.lessons.checks import SHARE, Check, Hint, Prediction
from sim.theory.alternating_offers import (
    bargaining_power,
    proposer_share,
    proposer_share_given_inside_options,
    proposer_share_given_outside_option,
    proposer_share_in_rounds,
    split,
)
from sim.worlds.solution import solve

PATIENT, HASTY = 0.9, 0.8  # discount factors
MOST_ROUNDS = 20
YOU: dict[str, Any] = {
    "marker": "*",
    "markersize": 18,
    "color": INK,
    "linestyle": "none",
    "zorder": 5,
}


@in_house_style
def shares(
    governor_discount_factor: float = PATIENT,
    coalition_discount_factor: float = HASTY,
    rounds: int = 10,
    outside_option: float = 0.2,
    inside_option: float = 0.2,
) -> Figure:
    """Draw who gets how much of a pie if the governor offers first.

    Both look ahead. `outside_option` is what the coalition can leave the talks for, `inside_option` what
    going on without an agreement is worth to it: shares of the pie.
    """
    factors = governor_discount_factor, coalition_discount_factor
    drawing = figure(5.6, "A pie of 1, shared by two who look ahead", _caption(factors))
    last_word, outside, inside = drawing.subplots(1, 3)
    _last_word(last_word, factors, rounds)
    _outside(outside, factors, outside_option)
    _inside(inside, factors, inside_option)
    for axes in (last_word, outside, inside):
        axes.set_ylim(-0.03, 1.03)
    return drawing


def _last_word(axes: Axes, factors: tuple[float, float], rounds: int) -> None:
    turns = np.arange(1, MOST_ROUNDS + 1)
    share = proposer_share_in_rounds(turns, *factors)
    axes.plot(turns, share, color=COLOUR["governor"], marker="s", markersize=4, linewidth=1)
    axes.axhline(float(proposer_share(*factors)), color=GREY, linestyle="--", linewidth=1.2)
    axes.plot(rounds, proposer_share_in_rounds(rounds, *factors), **YOU)
    axes.set_title("Who has the last word?")
    axes.set_xlabel("rounds until the end\n(dashed: no end)")
    axes.set_ylabel("share of the governor", color=COLOUR["governor"])


def _outside(axes: Axes, factors: tuple[float, float], option: float) -> None:
    def share(option: float | Array) -> float | Array:
        return 1 - proposer_share_given_outside_option(*factors, option)

    _by_option(axes, share, option)
    axes.set_title("An outside option")
    axes.set_xlabel("value of leaving the talks\n(dotted: exactly that)")


def _inside(axes: Axes, factors: tuple[float, float], option: float) -> None:
    power = proposer_share(*factors)
    _by_option(axes, lambda option: 1 - split(power, 0.0, option), option)
    axes.set_title("An inside option")
    axes.set_xlabel("value of going on without a deal\n(dotted: exactly that)")


def _by_option(axes: Axes, share: Callable[[float | Array], float | Array], option: float) -> None:
    """The coalition's share by what it has otherwise."""
    options = np.linspace(0, 1, 201)
    axes.plot(options, share(options), color=COLOUR["coalition"], linewidth=2)
    axes.plot(options, options, color=GREY, linestyle=":", linewidth=1.2)
    axes.plot(option, share(option), **YOU)
    axes.set_ylabel("share of the coalition", color=COLOUR["coalition"])


def _caption(factors: tuple[float, float]) -> str:
    governor = float(proposer_share(*factors))
    return (
        f"Without an end or an option the governor, who offers first, gets {governor:.3f} and the coalition "
        f"{1 - governor:.3f}. Stars: the values of the sliders."
    )


def _leaders_prefer_no_change_from() -> float:
    """The security from which keeping the contract is worth more to leaders than the Nash solution."""
    return _nash_solution() / _no_change()


def _nash_solution() -> float:
    """The leaders' utility of the Nash solution."""
    return utilities(solve(CASE).nash)[1]


def _no_change() -> float:
    """The leaders' utility of the contract as it is."""
    solution = solve(CASE)
    nothing = (solution.packages[[*solution.agenda.names]] == 0).all(axis=1)
    return float(solution.packages.loc[nothing, "coalition"].item())


predicted = Prediction(
    "The coalition would get .474 of the pie. It finds a way out of the talks that is worth .3 to it. Does "
    "its share rise, fall or stay?",
    choices=("rise", "fall", "stay"),
)

patience = Check(
    "Which share does the governor get if he offers first, with discount factors .9 and .8?",
    lambda: float(proposer_share(PATIENT, HASTY)),
    "The coalition gets just what waiting for its own turn would be worth to it.",
    Hint(
        lambda: float(proposer_share(HASTY, PATIENT)),
        "You swapped the discount factors: here the hasty side would offer first.",
    ),
    Hint(lambda: 1 - float(proposer_share(PATIENT, HASTY)), "This is the coalition's share."),
    Hint(lambda: 0.5, "Half would need equal patience, and no gain from offering first."),
    form=SHARE,
)

last_word = Check(
    "Which share does the governor get if there are two rounds, and he offers in the first?",
    lambda: float(proposer_share_in_rounds(2, PATIENT, HASTY)),
    "In the second round the coalition would take everything, worth .8 to it now.",
    Hint(
        lambda: float(proposer_share_in_rounds(1, PATIENT, HASTY)),
        "All would be right for one round. Who offers in the second, and what would it take?",
    ),
    Hint(lambda: HASTY, "This is what the coalition must get now. What is left?"),
    Hint(
        lambda: 1 - PATIENT, "Use the patience of the side that has to wait: the coalition's, .8."
    ),
    Hint(
        lambda: float(proposer_share(PATIENT, HASTY)),
        "This is the share without an end. Begin at the last round, and go back.",
    ),
    form=SHARE,
)

outside = Check(
    "Both have a discount factor of .9. The coalition can leave for .45. What is its share?",
    lambda: 1 - float(proposer_share_given_outside_option(PATIENT, PATIENT, 0.45)),
    "Leaving is no threat while staying brings more.",
    Hint(
        lambda: float(split(0.5, 0.45, 0.0)),
        "You added half of the rest to .45. An outside option is not what one has while the talks go on.",
    ),
    Hint(lambda: 0.45, "It would get more by staying. Compare with its share without the option."),
    Hint(
        lambda: float(proposer_share(PATIENT, PATIENT)),
        "This is the share of the governor, who offers first.",
    ),
    form=SHARE,
)

inside = Check(
    "Both discount at .1 a year. While they disagree the governor has .01 of the pie a year and "
    "the coalition .03. What does the governor get as the time between offers vanishes?",
    lambda: float(proposer_share_given_inside_options(0.1, 0.1, 0.01, 0.03, 1e-6)),
    "Each has what disagreeing for ever is worth, .1 and .3, and half of the rest.",
    Hint(lambda: 0.5, "Half would be right if neither had anything while they disagree."),
    Hint(
        lambda: float(split(0.5, 0.3, 0.1)),
        "You swapped the sides: this is what the coalition gets.",
    ),
    Hint(
        lambda: float(split(0.5, 0.01, 0.03)),
        "These are incomes a year. What is .01 a year for ever worth at a rate of .1?",
    ),
    form=SHARE,
)

power = Check(
    "What does the governor get, whoever offers first, with rates of .05 (his) and .10?",
    lambda: float(bargaining_power(0.05, 0.10)),
    "The impatience of the other side is one's power.",
    Hint(
        lambda: float(bargaining_power(0.10, 0.05)),
        "You swapped the rates. The higher rate is the greater hurry.",
    ),
    Hint(lambda: 0.5, "Half would need equal rates."),
    Hint(
        lambda: float(proposer_share(np.exp(-0.05), np.exp(-0.10))),
        "This is for one year between offers. Let the time between offers vanish.",
    ),
    form=SHARE,
)

kept = Check(
    "From which security on is keeping the contract worth more to leaders than the Nash solution?",
    _leaders_prefer_no_change_from,
    "Below it they reopen, and sell their consent; above it there are no talks.",
    Hint(
        lambda: _no_change() / _nash_solution(),
        "Security times the utility of no change is to equal that of the Nash solution: divide the "
        "other way round.",
    ),
    Hint(
        _no_change,
        "This is what no change is worth. At which chance is it worth what the Nash solution is?",
    ),
    Hint(
        _nash_solution,
        "This is what the Nash solution is worth. Divide it by what no change is worth.",
    ),
    form=SHARE,
    tolerance=0.005,
)
