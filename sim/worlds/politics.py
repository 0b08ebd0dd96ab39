"""Politics: what approval and the alliance are worth to the two sides besides.

To the governor an agreement brings approval and leaves some of the alliance of his campaign; to leaders
the alliance brings access. Members do not vote by either.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, over_packages, take
from sim.mechanisms import alliance
from sim.mechanisms.public import REACTIONS, News, Reactions
from sim.preferences.agenda import Agenda
from sim.preferences.fiscal import FiscalMap
from sim.worlds.settings import Settings


@dataclass(frozen=True, eq=False)
class Politics:
    """How the public and the alliance take what packages save, tax and lay off.

    `plan_b_layoffs` (persons) are those that Plan B itself would need; `leaders_belief` is the
    probability that leaders give to the threat.
    """

    settings: Settings
    agenda: Agenda
    fiscal: FiscalMap
    plan_b_layoffs: Float[Array, "#worlds"]
    leaders_belief: Float[Array, "#worlds"]

    def added_for_governor(
        self, table: Float[Array, "#worlds packages"]
    ) -> Float[Array, "#worlds packages"]:
        """The governor's table with what approval and the alliance are worth to him besides.

        Each is what a package brings over Plan B, so that Plan B stays 0; and his best package is worth as
        much as without them, so that politics changes what he prefers and not where he begins.
        """
        settings, besides = self.settings, []
        if settings.same("public.on"):
            besides.append(self._approval_to_governor)
        if settings.same("alliance.on"):
            besides.append(self._alliance_to_governor)
        if not besides:
            return table
        together = table + sum(besides)
        best, before = (x.max(-1, keepdims=True) for x in (together, table))
        some_good = (best > 0) & (before > 0)
        return together * np.where(some_good, before / np.where(some_good, best, 1.0), 1.0)

    def added_for_leaders(
        self, table: Float[Array, "#chosen packages"], worlds: Int[Array, " chosen"]
    ) -> Float[Array, "#chosen packages"]:
        """The leaders' table in some of the worlds, with what the alliance is worth to them besides."""
        if not self.settings.same("alliance.on"):
            return table
        return table + take(self._alliance_to_leaders, worlds)

    @cached_property
    def reactions(self) -> Reactions:
        """How the public reacts to news."""
        return self.settings.fill(Reactions, "public", REACTIONS)

    @cached_property
    def conceded(self) -> Float[Array, "#worlds packages"]:
        """What every package saves as scored, as a share of the gap."""
        return self.fiscal.scored(self.agenda) / over_packages(self.fiscal.gap)

    @property
    def _approval_to_governor(self) -> Float[Array, "#worlds packages"]:
        """Utility of the approval that every package, ratified, brings over Plan B."""
        settings, workforce = self.settings, over_packages(self.settings["members.workforce"])
        reactions = Reactions(
            **{name: over_packages(settings[f"public.{name}"]) for name in REACTIONS}
        )
        deal = News(
            ratified=1.0,
            taxes=self.agenda.levels_on("tax_share"),
            laid_off=self.agenda.levels_on("negotiated_layoffs") / workforce,
        )
        without = News(failed=1.0, laid_off=over_packages(self.plan_b_layoffs) / workforce)
        change = reactions.change(deal) - reactions.change(without)
        return over_packages(settings["public.weight"]) * change

    @property
    def _alliance_to_governor(self) -> Float[Array, "#worlds packages"]:
        """Utility of the alliance that every package leaves beyond what Plan B does."""
        without = self._kept_after(over_packages(self.plan_b_layoffs), np.zeros((1, 1)))
        return over_packages(self.settings["alliance.worth_to_governor"]) * (
            self._alliance_kept - without
        )

    @cached_property
    def _alliance_to_leaders(self) -> Float[Array, "#worlds packages"]:
        """What the alliance that every package leaves is worth to leaders beyond a No (share of pay)."""
        settings = self.settings
        carried_out = self._kept_after(over_packages(settings["threat.layoffs"]), np.zeros((1, 1)))
        without = alliance.expected_without(carried_out[:, 0], self.leaders_belief)
        gained = self._alliance_kept - over_packages(without)
        return over_packages(settings["alliance.worth_to_leaders"]) * gained

    @cached_property
    def _alliance_kept(self) -> Float[Array, "#worlds packages"]:
        """The share of the alliance that every package leaves."""
        layoffs = self.agenda.levels_on("negotiated_layoffs")
        return self._kept_after(layoffs, self.conceded)

    def _kept_after(self, layoffs: Array, conceded: Array) -> Float[Array, "#worlds #packages"]:
        settings = self.settings
        return alliance.kept(
            layoffs / over_packages(settings["members.workforce"]),
            conceded,
            over_packages(settings["alliance.loss_by_layoffs"]),
            over_packages(settings["alliance.loss_by_ask"]),
        )
