"""What every package is worth to one party, in every world."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, rows, stretch, take


@dataclass(frozen=True, eq=False)
class Valuation:
    """What every package is worth to one party, in every world: (table + shift) / scale.

    A table shared by all worlds has a leading axis of 1; a shift and a positive scale that differ
    by world leave the order of the packages alone, so that it is sorted once.
    """

    table: Float[Array, "#worlds packages"]
    shift: Float[Array, "#worlds"]
    scale: Float[Array, "#worlds"]

    @classmethod
    def plain(cls, table: Float[Array, "#worlds packages"]) -> "Valuation":
        """A table that already is utility."""
        return cls(table, np.zeros(1), np.ones(1))

    @classmethod
    def scaled_to_best(
        cls, table: Float[Array, "#worlds packages"], shift: Float[Array, "#worlds"]
    ) -> "Valuation":
        """Scale so that the best package is worth 1 in each world; leave it alone if none is worth > 0."""
        best = table.max(-1) + shift
        return cls(table, shift, np.where(best > 0, best, 1.0))

    def of(
        self, package: Int[Array, " chosen"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, " chosen"]:
        """The utility of one package in each of the chosen worlds."""
        raw = self.table[rows(self.table, worlds), package]
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
        raw = take(self.table, worlds)[:, packages]
        return (raw + stretch(take(self.shift, worlds))) / stretch(take(self.scale, worlds))

    def level(
        self, utility: Float[Array, "#chosen"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, "#chosen"]:
        """The entry of the table that has this utility."""
        return utility * take(self.scale, worlds) - take(self.shift, worlds)

    @cached_property
    def order(self) -> Int[Array, "#worlds packages"]:
        """Package numbers from best to worst; equals stand in the order of enumeration."""
        return np.argsort(-self.table, axis=-1, kind="stable")

    @cached_property
    def best(self) -> Float[Array, "#worlds"]:
        """The utility of the best package."""
        return (self.table.max(-1) + self.shift) / self.scale
