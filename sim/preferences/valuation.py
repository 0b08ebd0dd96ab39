"""What every package is worth to one party, in every world."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, rows, stretch, take
from sim.theory.solutions import pareto


@dataclass(frozen=True, eq=False)
class Valuation:
    """What every package is worth to one party, in every world: (table + shift) / scale.

    A table shared by all worlds has a leading axis of 1; `row` is which row of the table a world has,
    where worlds of one scenario share a row (None: each world its own, or all the only one). A shift
    and a positive scale that differ by world leave the order of the packages alone, so that it is
    sorted once.
    """

    table: Float[Array, "#rows packages"]
    shift: Float[Array, "#worlds"]
    scale: Float[Array, "#worlds"]
    row: Int[Array, " worlds"] | None = None

    @classmethod
    def plain(
        cls, table: Float[Array, "#rows packages"], row: Int[Array, " worlds"] | None = None
    ) -> "Valuation":
        """A table that already is utility."""
        return cls(table, np.zeros(1), np.ones(1), row)

    @classmethod
    def scaled_to_best(
        cls,
        table: Float[Array, "#rows packages"],
        shift: Float[Array, "#worlds"],
        row: Int[Array, " worlds"] | None = None,
    ) -> "Valuation":
        """Scale so that the best package is worth 1 in each world; leave it alone if none is worth > 0."""
        best = table.max(-1)
        best = (best if row is None else take(best, row)) + shift
        return cls(table, shift, np.where(best > 0, best, 1.0), row)

    def rows(self, worlds: Int[Array, " chosen"]) -> Int[Array, " chosen"]:
        """The row of the table that each of the chosen worlds has."""
        return rows(self.table, worlds if self.row is None else self.row[worlds])

    def of(
        self, package: Int[Array, " chosen"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, " chosen"]:
        """The utility of one package in each of the chosen worlds."""
        raw = self.table[self.rows(worlds), package]
        return (raw + take(self.shift, worlds)) / take(self.scale, worlds)

    def of_each(
        self, packages: Int[Array, "#chosen some"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, "chosen some"]:
        """The utility of some packages in each of the chosen worlds, by world its own."""
        raw = self.table[stretch(rows(self.table, worlds)), packages]
        return (raw + stretch(take(self.shift, worlds))) / stretch(take(self.scale, worlds))

    def all_packages(
        self, packages: Int[Array, " some"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, "#chosen some"]:
        """The utility of some packages in the chosen worlds."""
        raw = self.of_worlds(self.table[:, packages], worlds)
        return (raw + stretch(take(self.shift, worlds))) / stretch(take(self.scale, worlds))

    def level(
        self, utility: Float[Array, "#chosen"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, "#chosen"]:
        """The entry of the table that has this utility."""
        return utility * take(self.scale, worlds) - take(self.shift, worlds)

    def of_worlds(self, by_row: Array, worlds: Int[Array, " chosen"]) -> Array:
        """The rows that the chosen worlds have of what was worked out for each row of the table."""
        return take(by_row, worlds if self.row is None else self.row[worlds])

    def spread(self) -> "Valuation":
        """The same with a row for each world."""
        if self.row is None or len(self.table) == 1:
            return self
        spread = replace(self, table=self.table[self.row], row=None)
        spread.__dict__["order"] = self.order[self.row]  # as sorting anew would find it
        return spread

    @cached_property
    def order(self) -> Int[Array, "#rows packages"]:
        """Package numbers from best to worst; equals stand in the order of enumeration."""
        return np.argsort(-self.table, axis=-1, kind="stable")

    @cached_property
    def best(self) -> Float[Array, "#worlds"]:
        """The utility of the best package."""
        best = self.table.max(-1)
        best = best if self.row is None else take(best, self.row)
        return (best + self.shift) / self.scale


@dataclass(frozen=True, eq=False)
class Pair:
    """What packages are worth to two parties, row by row: a row for each world, or each scenario.

    Where worlds of a scenario share a row in the table of one and not in that of the other, each world
    has its own.
    """

    one: Valuation
    other: Valuation

    @cached_property
    def tables(
        self,
    ) -> tuple[
        Float[Array, "rows packages"], Float[Array, "rows packages"], Int[Array, "rows packages"]
    ]:
        """The two tables, and the packages from best to worst for the first party."""
        one, other = self._together
        table, others, order = np.broadcast_arrays(one.table, other.table, one.order)
        return table, others, order

    @cached_property
    def frontier(self) -> Bool[Array, "rows packages"]:
        """Which packages are Pareto-optimal."""
        return pareto(*self.tables)

    def rows(self, worlds: Int[Array, " chosen"]) -> Int[Array, " chosen"]:
        """The row that each of the chosen worlds has."""
        return self._longer.rows(worlds)

    def of_worlds(self, by_row: Array, worlds: Int[Array, " chosen"]) -> Array:
        """The rows that the chosen worlds have of what was worked out for each row of the tables."""
        return self._longer.of_worlds(by_row, worlds)

    @property
    def _longer(self) -> Valuation:
        return max(self._together, key=lambda side: len(side.table))

    @cached_property
    def _together(self) -> tuple[Valuation, Valuation]:
        one, other = self.one, self.other
        if one.row is other.row or 1 in (len(one.table), len(other.table)):
            return one, other
        return one.spread(), other.spread()
