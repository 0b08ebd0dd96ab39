"""A student bargains: the coalition's offers by hand, against the governor as a program."""

from collections.abc import Sequence

import numpy as np

from sim.arrays.axes import Array
from sim.cases.loading import load_scenario
from sim.inputs.problems import InputError
from sim.negotiators.agents import Coalition
from sim.negotiators.history import OfferHistory
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.preferences.agenda import Agenda
from sim.teaching.answers import same
from sim.teaching.lessons.case import GAME

STEADY = {"governor.beta": 1.0, "talks.first_proposer": "governor"}


def play_coalition(offers: Sequence[object]) -> Outcome:
    """Play mini-CT against a governor who gives way at a steady pace, and offers first.

    Args:
        offers: packages to offer, one for each of the coalition's turns; the last one is repeated if
            there are more turns. A package is a level for each issue, in their order. An offer of the
            governor is accepted if it is worth as much to the coalition as its own next one.

    Raises:
        InputError: when there is no offer, or no such package.
    """
    script = _numbers(offers, Agenda.of(load_scenario(GAME)))

    class Scripted(Coalition):
        """The coalition as the student wrote it."""

        def propose(self, history: OfferHistory) -> Array:
            return np.full(len(history.worlds), _at(script, history.turn))

        def accepts(self, history: OfferHistory) -> Array:
            received, own = (
                self.valuation.of(package, history.worlds)
                for package in (history.received, self.propose(history))
            )
            return received >= own

    return Outcome([play(BargainingModel(GAME, set=STEADY, rng=0, coalition=Scripted))])


def _at(script: list[int], turn: int) -> int:
    return script[min(turn // 2, len(script) - 1)]


def _numbers(offers: Sequence[object], agenda: Agenda) -> list[int]:
    if not offers:
        raise InputError("offers is empty: give at least one package")
    return [_number(offer, agenda) for offer in offers]


def _number(offer: object, agenda: Agenda) -> int:
    for number, package in enumerate(agenda.packages.tolist()):
        if (
            isinstance(offer, tuple | list)
            and len(offer) == len(package)
            and all(map(same, offer, package))
        ):
            return number
    levels = ", ".join(
        f"{name} {' or '.join(f'{level:g}' for level in own)}"
        for name, own in zip(agenda.names, agenda.levels, strict=True)
    )
    raise InputError(f"{offer} is no package: give levels of {levels}, in this order")
