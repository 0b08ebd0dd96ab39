"""Politics: what packages are worth to the two sides besides dollars and members' gains.

Mechanisms say what: to the governor an agreement may bring approval and leave some of the alliance of
his campaign; to leaders the alliance brings access. Members do not vote by either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, stretch, take
from sim.mechanisms import Mechanism
from sim.preferences.agenda import Agenda
from sim.preferences.fiscal import FiscalMap


@dataclass(frozen=True, eq=False)
class Politics:
    """How what packages save, tax and lay off is taken.

    `plan_b_layoffs` (persons) are those that Plan B itself would need; `leaders_belief` is the
    probability that leaders give to the threat.
    """

    mechanisms: Sequence[Mechanism]
    agenda: Agenda
    fiscal: FiscalMap
    plan_b_layoffs: Float[Array, "#worlds"]
    leaders_belief: Float[Array, "#worlds"]

    def levels_on(self, issue: str) -> Float[Array, " packages"]:
        """The level of every package on an issue; 0 where it is not on the agenda."""
        return self.agenda.levels_on(issue)

    @cached_property
    def conceded(self) -> Float[Array, "#worlds packages"]:
        """What every package saves as scored, as a share of the gap."""
        return self.fiscal.scored(self.agenda) / stretch(self.fiscal.gap)

    def added_for_governor(
        self, table: Float[Array, "#worlds packages"]
    ) -> Float[Array, "#worlds packages"]:
        """The governor's table with what packages are worth to him besides.

        Each is what a package brings over Plan B, so that Plan B stays 0; and his best package is worth as
        much as without them, so that politics changes what he prefers and not where he begins.
        """
        found = [mechanism.added_for_governor(self) for mechanism in self.mechanisms]
        besides = [added for added in found if added is not None]
        if not besides:
            return table
        together = table + sum(besides)
        best, before = (x.max(-1, keepdims=True) for x in (together, table))
        some_good = (best > 0) & (before > 0)
        return together * np.where(some_good, before / np.where(some_good, best, 1.0), 1.0)

    def added_for_leaders(
        self, table: Float[Array, "#chosen packages"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, "#chosen packages"]:
        """The leaders' table in some of the worlds, with what packages are worth to them besides."""
        for added in self.besides_for_leaders:
            table = table + take(added, worlds)
        return table

    @cached_property
    def besides_for_leaders(self) -> list[Float[Array, "#worlds packages"]]:
        """What packages are worth to the leaders besides, by each mechanism that says so."""
        found = [mechanism.added_for_leaders(self) for mechanism in self.mechanisms]
        return [added for added in found if added is not None]
