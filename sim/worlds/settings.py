"""Parameter values of a batch of worlds, as arrays that rules can take."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.cases.schema import Scenario
from sim.cases.schema.members import Tastes
from sim.inputs.parameter import parameters

Rule = TypeVar("Rule")


class Settings:
    """The scenario of every world: one for all of them, or one for each.

    `settings["threat.layoffs"]` is an array with a leading axis of 1 where all worlds share the value
    and of `worlds` where they do not. Lists and tables of a scenario (agenda, unions, savings) must be
    the same in all worlds of a batch, and so must what shapes the arrays or names a rule:
    `settings.same("calendar.rounds")`.
    """

    def __init__(self, scenarios: Sequence[Scenario]):
        self.scenarios = tuple(scenarios)
        self.scenario = self.scenarios[0]
        self._columns: dict[str, Array] = {}
        for part, read in _SHARED.items():
            first = read(self.scenario)
            if any(read(scenario) != first for scenario in self.scenarios[1:]):
                raise ValueError(f"worlds of one batch must share their {part}; run them apart")

    def __getitem__(self, name: str) -> Array:
        """The values of one parameter: (1) or (worlds)."""
        if name not in self._columns:
            self._columns[name] = _column(list(map(attrgetter(name), self.scenarios)))
        return self._columns[name]

    def same(self, name: str) -> Any:
        """The value of a parameter that all worlds of a batch share.

        Raises:
            ValueError: when they differ.

        """
        values = self[name]
        if len(values) > 1:
            raise ValueError(
                f"{name} differs between the worlds of one batch ({values[0]!r}, ...); run them apart"
            )
        return values[0].item()

    def fill(self, rule: type[Rule], table: str, fields: Sequence[str], **more: Any) -> Rule:
        """A rule whose fields are the parameters of the same name in a table, and `more` besides."""
        return rule(**{field: self[f"{table}.{field}"] for field in fields}, **more)

    def of_union(self, union: int, taste: str) -> Array:
        """A member parameter as one union has it: its own value, or that of all members."""
        own = getattr(self.scenario.union[union], taste)
        return self[f"members.{taste}"] if own is None else np.array([own])

    @cached_property
    def weights(self) -> Float[Array, " unions"]:
        """Each union's share of the membership; empty in a game without a ballot."""
        sizes = np.array([union.members for union in self.scenario.union], dtype=float)
        return sizes / sizes.sum()

    def tastes_alike(self) -> bool:
        """Whether all unions' members feel alike; they may still differ in layoff exposure."""
        tastes = set(Tastes.model_fields)
        return not any(union.model_fields_set & tastes for union in self.scenario.union)

    def unions_alike(self) -> bool:
        """Whether no union differs from another in what its members feel or risk."""
        return unions_alike(self.scenario)


def _column(values: list[Any]) -> Array:
    alike = all(value == values[0] for value in values)
    return np.array(values[:1] if alike else values)


def unions_alike(scenario: Scenario) -> bool:
    """Whether no union differs from another in what its members feel or risk."""
    own = {*Tastes.model_fields, "layoff_exposure"}
    if not any(union.model_fields_set & own for union in scenario.union):
        return True
    first, *others = scenario.union
    return all(getattr(union, f) == getattr(first, f) for union in others for f in own)


def same_shape(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios can be worlds of one batch.

    Where ground rules are bargained first, the deadline depends on all of the scenario.
    """
    if any(mechanism.shapes_by_all for mechanism in one.mechanisms) and one != other:
        return False
    alike = all(read(one) == read(other) for read in _SHARED.values())
    shape = _shape_of(type(one))
    return alike and shape(one) == shape(other)


@cache
def _shape_of(kind: type[Scenario]) -> Callable[[Scenario], tuple]:
    """Reads what all worlds of a batch must share, the switches of mechanisms among it."""
    known = parameters(kind)
    return attrgetter(*(name for name in known if name in _SHAPING or name.endswith(".on")))


_SHAPING = (  # what shapes the arrays, names a rule or adds columns, besides the switches of mechanisms
    "calendar.rounds",
    "members.strata",
    "governor.tactic",
    "coalition.tactic",
    "coalition.aggregation",
    "talks.selection",
    "talks.acceptance",
    "arbitration.kind",
    "seniority.votes_told",
)
_SHARED: dict[str, Callable[[Scenario], Any]] = {
    "utility": lambda scenario: scenario.utility,
    "issues": lambda scenario: (scenario.issue, scenario.agenda),
    "unions": lambda scenario: scenario.union,
    "ledger": lambda scenario: scenario.ledger,
    "units": lambda scenario: scenario.lists,
    "batna": lambda scenario: scenario.disagreement,
    "payoffs": lambda scenario: (scenario.payoffs, scenario.values),
    "savings": lambda scenario: (
        scenario.fiscal
        and (scenario.fiscal.savings, scenario.fiscal.soft, scenario.fiscal.verifiable)
    ),
}
