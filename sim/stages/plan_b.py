"""Plan B: what no agreement closes, the governor closes as cheaply as he can."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.axes import Array, rows
from sim.mechanisms.plan_b import MEANS, OWED_LATER, Menu, noticed
from sim.stages.stage import Stage, World
from sim.table import NO_OFFER


@dataclass(frozen=True, eq=False)
class ToClose:
    """What is to be closed without the unions, and what there is to close it with.

    `left` (share of the gap) is all of it after failure, and otherwise what the agreement in force leaves
    open; where that promises job security, nobody may be laid off for it.
    """

    failed: Bool[Array, " worlds"]
    package: Int[Array, " worlds"]
    left: Float[Array, " worlds"]
    menu: Menu

    @classmethod
    def of(cls, world: World) -> "ToClose":
        """What is to be closed in each world."""
        batch = world.batch
        failed = world.in_force == NO_OFFER
        package = np.where(failed, 0, world.in_force)
        open_by_package = batch.fiscal.left_open(batch.agenda)
        left = open_by_package[rows(open_by_package, np.arange(batch.worlds)), package]
        secure = ~failed & (batch.agenda.levels_on("job_security", package) > 0)
        menu = world.menu.without("layoffs", secure)
        return cls(failed, package, np.where(failed, 1.0, left), menu)

    def dollars(self, world: World) -> dict[str, Float[Array, " worlds"]]:
        """What each means closes ($M)."""
        gap = world.batch.fiscal.gap
        return {means: share * gap for means, share in self.menu.closes(self.left).items()}

    def layoffs(self, world: World) -> Float[Array, " worlds"]:
        """The layoffs (persons) carried out: those agreed, and those that close what is left."""
        batch = world.batch
        negotiated = batch.agenda.levels_on("negotiated_layoffs", self.package)
        agreed = np.where(self.failed, 0.0, negotiated)
        return agreed + self.dollars(world)["layoffs"] / batch.fiscal.saving_per_layoff


class PlanB(Stage):
    """Close the gap after failure, and what an agreement leaves of it."""

    def columns(self, world: World) -> dict[str, Any]:
        """Layoffs noticed and carried out, and dollars ($M) by means after failure.

        `left_open` is what had to be closed without the unions, `deferred` what of that is only owed
        later. The `plan_b_` columns add up to `left_open`, and are missing where an agreement is in force.
        """
        batch, to_close = world.batch, ToClose.of(world)
        gap = batch.fiscal.gap
        dollars, layoffs = to_close.dollars(world), to_close.layoffs(world)
        after_failure = {
            f"plan_b_{means}": np.where(to_close.failed, dollars[means], np.nan) for means in MEANS
        }
        return {
            "layoffs": layoffs,
            "layoffs_noticed": _noticed(world, layoffs),
            "left_open": to_close.left * gap,
            **after_failure,
            "deferred": sum(dollars[means] for means in OWED_LATER),
        }


def _noticed(world: World, carried_out: Float[Array, " worlds"]) -> Float[Array, " worlds"]:
    """Layoffs noticed in waves between the ballots, where there was a second one, and all carried out."""
    settings, worlds = world.batch.settings, world.batch.worlds
    again = np.isin(np.arange(worlds), world.ballots[1].worlds)
    threatened = np.where(again, settings["threat.layoffs_after_rejection"], 0.0)
    return noticed(
        threatened, settings["plan_b.noticed_by_wave"], settings["threat.notices"], carried_out
    )
