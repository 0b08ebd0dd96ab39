"""Foresight: what takes a whole scenario to work out, worked out once for many batches."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sim.cases.schema import Game

Found = TypeVar("Found")
Kind = TypeVar("Kind", bound=Game)
Details = ParamSpec("Details")


class Foresight:
    """What was foreseen of scenarios: how ballots will go, what ground rules would bring.

    It is handed to each batch, so that what one has worked out serves the next. The latest `most` findings
    are kept; that changes no bit, only how long the next batch takes.
    """

    def __init__(self, most: int = 256) -> None:
        self.most = most
        self._known: dict[tuple[Any, ...], Any] = {}

    def __reduce__(self) -> tuple[type["Foresight"], tuple[int]]:
        """A copy, or a pickle, begins with nothing: it works out what it needs."""
        return Foresight, (self.most,)

    def of(
        self,
        rule: Callable[Concatenate[Kind, Details], Found],
        scenario: Kind,
        *details: Details.args,
        **more: Details.kwargs,
    ) -> Found:
        """What a rule finds in a scenario; it is asked where it was not before."""
        key = rule, scenario.fingerprint, details, tuple(more.items())
        if key not in self._known:
            self._known[key] = rule(scenario, *details, **more)
            if len(self._known) > self.most:
                del self._known[next(iter(self._known))]
        return self._known[key]


THIS_PROCESS = Foresight()  # used where no other is given: all that is kept between two calls
