"""Parameter values of a batch of worlds, as arrays that rules can take."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from sim.axes import Array
from sim.schema import Scenario, Tastes

Rule = TypeVar("Rule")


class Settings:
    """The scenario of every world: one for all of them, or one for each.

    `settings["threat.layoffs"]` is an array with a leading axis of 1 where all worlds share the
    value and of `worlds` where they do not. What shapes the arrays themselves (agenda, union list,
    calendar, named rules) must be the same in all worlds of a batch:
    `settings.same("calendar.rounds")`.
    """

    def __init__(self, scenarios: Sequence[Scenario]):
        self.scenarios = tuple(scenarios)
        self.scenario = self.scenarios[0]
        self._columns: dict[str, Array] = {}
        for part in ("issue", "agenda", "utility"):
            if any(getattr(s, part) != getattr(self.scenario, part) for s in self.scenarios[1:]):
                raise ValueError(f"worlds of one batch must share their {part}; run them apart")

    def __getitem__(self, name: str) -> Array:
        """The values of one parameter: (1) or (worlds)."""
        if name not in self._columns:
            table, key = name.split(".")
            values = [getattr(getattr(scenario, table), key) for scenario in self.scenarios]
            self._columns[name] = _column(values)
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
        values = [
            getattr(s.members, taste) if (own := getattr(s.union[union], taste)) is None else own
            for s in self.scenarios
        ]
        return _column(values)

    def unions_alike(self) -> bool:
        """Whether no union differs from another in what its members feel or risk."""
        own = (*Tastes.model_fields, "layoff_exposure")
        return all(
            getattr(union, field) == getattr(scenario.union[0], field)
            for scenario in self.scenarios
            for union in scenario.union
            for field in own
        )


def _column(values: list[Any]) -> Array:
    alike = all(value == values[0] for value in values)
    return np.array(values[:1] if alike else values)
