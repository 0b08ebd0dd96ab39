"""Plan B: what no agreement closes, the governor closes as cheaply as he can."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array
from sim.mechanisms.plan_b import MEANS, OWED_LATER, Menu, noticed
from sim.negotiators.history import NO_OFFER
from sim.play.stages.stage import Stage, World


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
        left = batch.look_up(batch.left_open, package)
        secure = ~failed & (batch.agenda.levels_on("job_security", package) > 0)
        menu = world.menu.without("layoffs", secure)
        return cls(failed, package, np.where(failed, 1.0, left), menu)


class PlanBStage(Stage):
    """Close the gap after failure, and what an agreement leaves of it."""

    def after_talks(self, world: World) -> None:
        """Carry out what closes it, layoffs among it; announced ones that it does not need are not."""
        batch, self._to_close = world.batch, ToClose.of(world)
        closes = self._to_close.menu.closes(self._to_close.left)
        self._dollars = {means: share * batch.fiscal.gap for means, share in closes.items()}
        needed = self._dollars["layoffs"] / batch.fiscal.saving_per_layoff
        world.layoffs = np.where(self._to_close.failed, 0.0, world.layoffs) + needed

    def columns(self, world: World) -> dict[str, Any]:
        """Layoffs noticed, and dollars ($M) by means after failure.

        `left_open` is what had to be closed without the unions, `deferred` what of that is only owed
        later. The `plan_b_` columns add up to `left_open`, and are missing where an agreement is in force.
        """
        dollars, failed = self._dollars, self._to_close.failed
        after_failure = {
            f"plan_b_{means}": np.where(failed, dollars[means], np.nan) for means in MEANS
        }
        return {
            "layoffs_noticed": _noticed(world, world.layoffs),
            "left_open": self._to_close.left * world.batch.fiscal.gap,
            **after_failure,
            "deferred": sum(dollars[means] for means in OWED_LATER),
        }


def _noticed(world: World, carried_out: Float[Array, " worlds"]) -> Float[Array, " worlds"]:
    """Layoffs noticed in waves between the ballots, where there was a second one, and all carried out."""
    settings, worlds = world.batch.settings, world.batch.worlds
    again = np.isin(np.arange(worlds), world.counts[1].worlds)
    threatened = np.where(again, settings["threat.layoffs_after_rejection"], 0.0)
    return noticed(
        threatened, settings["plan_b.noticed_by_wave"], settings["threat.notices"], carried_out
    )
