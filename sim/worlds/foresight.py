"""Foresight: what takes a whole scenario to work out, worked out once for many batches."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sim.cases.schema import Game

Found = TypeVar("Found")
Kind = TypeVar("Kind", bound=Game)
Details = ParamSpec("Details")


class Foresight:
    """What was foreseen of scenarios: how ballots will go, what ground rules would bring.

    Whoever plays many batches holds one and hands it to each of them, so that what one has worked out
    serves the next; nothing is kept elsewhere.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}

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
        return self._known[key]
