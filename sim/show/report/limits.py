"""What a report cannot say, whatever its intervals: what is assumed, fitted, not identified, not modelled."""

from collections.abc import Iterator

from sim.cases.record import record_of
from sim.cases.schema import Scenario

OF_CHANCE = (
    "The intervals tell how far chance could have moved these numbers: how much they would change if as "
    "many other worlds were played. They do not tell how wrong the parameters or the rules may be. More "
    "worlds make them narrower and the model no truer.",
    "A difference between settings is what the change does in the model. Whether it would do so outside "
    "rests on the rules and values of the scenario, all of which are stated below.",
    "What was not varied had one value throughout; with another, the answer may be another.",
)
OF_THE_FIT = (
    "The model's answers to what the record cannot tell follow from its assumptions, each marked as one "
    "in the scenario file.",
)
NOT_MODELLED = (
    "Not modelled: leaders who foresee the second ballot, rumours that cross from union to union, several "
    "packages for several units, what is offered in order to be refused. Utilities are money-equivalents "
    "of one period.",
)
WITHOUT_A_RECORD = (
    "No record of what happened is held against these numbers. The values are assumptions of whoever wrote "
    "the scenario, or come from the file that it extends: `bargain check` counts those.",
)
FEW_TURNS = 50
OF_A_GAME = (
    "This is a textbook game with points that somebody chose. It shows what the rules of the talks do, and "
    "nothing about a negotiation that took place.",
)


def limits(scenario: Scenario) -> Iterator[str]:
    """What these results cannot say, a sentence or two each."""
    yield from OF_CHANCE
    if not scenario.has_ballot:
        yield from OF_A_GAME
        return
    if known := record_of(scenario):
        yield from (f"This is a fit, not a forecast. {known.fit}".strip(), *OF_THE_FIT)
    else:
        yield from WITHOUT_A_RECORD
    yield from NOT_MODELLED
    if (rounds := scenario.calendar.rounds) < FEW_TURNS:
        yield f"With {rounds} rounds the time of agreement is coarse."


def not_identified(scenario: Scenario) -> list[str]:
    """What the record of the case cannot tell; nothing for a game without one."""
    known = record_of(scenario)
    return known.not_identified if known else []
