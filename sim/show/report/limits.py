"""What a report cannot say, whatever its intervals: what is assumed, fitted, not identified, not modelled."""

from collections.abc import Iterator

from sim.cases.record import load_record
from sim.cases.schema import Scenario

RECORD = "connecticut-2011"

OF_CHANCE = (
    "The intervals tell how far chance could have moved these numbers: how much they would change if as "
    "many other worlds were played. They do not tell how wrong the parameters or the rules may be. More "
    "worlds make them narrower and the model no truer.",
    "A difference between settings is what the change does in the model. Whether it would do so outside "
    "rests on the rules and values of the scenario, all of which are stated below.",
    "What was not varied had one value throughout; with another, the answer may be another.",
)
OF_THE_FIT = (
    "This is a fit, not a forecast. About 20 parameters of the base case, on which scenarios of this kind "
    "build, were chosen by hand on the numbers of Connecticut 2011; that the model reproduces them shows "
    "that its mechanisms suffice, and nothing about the world outside 2011.",
    "The model's answers to what the record cannot tell follow from its assumptions, each marked as one "
    "in the scenario file.",
)
NOT_MODELLED = (
    "Not modelled: leaders who foresee the second ballot, rumours that cross from union to union, several "
    "packages for several units, what is offered in order to be refused. Utilities are money-equivalents "
    "of one period. With 12 rounds the time of agreement is coarse.",
)
OF_A_GAME = (
    "This is a textbook game with points that somebody chose. It shows what the rules of the talks do, and "
    "nothing about a negotiation that took place.",
)


def limits(scenario: Scenario) -> Iterator[str]:
    """What these results cannot say, a sentence or two each."""
    yield from OF_CHANCE
    yield from (*OF_THE_FIT, *NOT_MODELLED) if scenario.has_ballot else OF_A_GAME


def not_identified(scenario: Scenario) -> list[str]:
    """What the record of the case cannot tell; nothing for a game without one."""
    return load_record(RECORD).not_identified if scenario.has_ballot else []
