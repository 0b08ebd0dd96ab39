"""Parameter values of a batch of worlds, as arrays that rules can take."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, take
from sim.cases.schema import Scenario, with_a_ballot
from sim.cases.schema.members import Tastes
from sim.inputs.parameter import parameters

Rule = TypeVar("Rule")


class Settings:
    """The scenario of every world: one for all of them, or one for each.

    `settings["threat.layoffs"]` is an array with a leading axis of 1 where all worlds share the value
    and of `worlds` where they do not. `scenarios` are those that differ, in the order in which worlds
    first have them, and `row` is which of them each world has (1 where all have the same).

    Lists and tables of a scenario (agenda, unions, savings) must be the same in all worlds of a batch, and
    so must what shapes the arrays or names a rule: `settings.same("calendar.rounds")`.
    """

    def __init__(self, scenarios: Sequence[Scenario]):
        self.scenarios, self.row = told_apart(scenarios)
        self.scenario = self.scenarios[0]
        self._columns: dict[str, Array] = {}
        for part, read in _SHARED.items():
            first = read(self.scenario)
            if any(read(scenario) != first for scenario in self.scenarios[1:]):
                raise ValueError(f"worlds of one batch must share their {part}; run them apart")

    def __getitem__(self, name: str) -> Array:
        """The values of one parameter: (1) or (worlds)."""
        if name not in self._columns:
            of_scenarios = _column(list(map(attrgetter(name), self.scenarios)))
            self._columns[name] = take(of_scenarios, self.row)
        return self._columns[name]

    @cached_property
    def first(self) -> Int[Array, " scenarios"]:
        """The first world of each scenario."""
        return np.unique(self.row, return_index=True)[1]

    @cached_property
    def apart(self) -> "Settings":
        """The same scenarios with one world each."""
        return self if len(self.row) == len(self.scenarios) else Settings(self.scenarios)

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


def told_apart(
    scenarios: Sequence[Scenario],
) -> tuple[tuple[Scenario, ...], Int[Array, " worlds"]]:
    """The scenarios that are not one and the same object, and which of them each one is."""
    places: dict[int, int] = {}
    row = np.array([places.setdefault(id(scenario), len(places)) for scenario in scenarios])
    first = np.unique(row, return_index=True)[1]
    return tuple(scenarios[world] for world in first), row if len(first) > 1 else row[:1]


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


def militancy_reorders(scenario: Scenario) -> bool:
    """Whether militancy changes which union counts, so that each world's leaders value packages apart.

    It does where unlike unions are not simply averaged.
    """
    if not scenario.has_ballot:
        return False
    coalition = with_a_ballot(scenario).coalition
    return coalition.aggregation != "mean" and not unions_alike(scenario)


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
    "savings": lambda scenario: (
        scenario.fiscal
        and (scenario.fiscal.savings, scenario.fiscal.soft, scenario.fiscal.verifiable)
    ),
}
