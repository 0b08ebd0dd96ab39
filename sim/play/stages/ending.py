"""What is carried out in the end: of a package in force, or of the threat where there is none."""

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, take
from sim.negotiators.history import NO_OFFER
from sim.play.stages.stage import World


def in_force(world: World) -> tuple[Bool[Array, " worlds"], Int[Array, " worlds"]]:
    """In which worlds a package is in force, and its number there (elsewhere 0)."""
    final = world.in_force != NO_OFFER
    return final, np.where(final, world.in_force, 0)


def layoffs_threatened(world: World) -> Float[Array, " worlds"]:
    """The last number of layoffs (persons) announced: a second ballot comes with a new one."""
    settings = world.batch.settings
    threatened = np.broadcast_to(settings["threat.layoffs"], world.batch.worlds).astype(float)
    _, second = world.counts
    threatened[second.worlds] = take(settings["threat.layoffs_after_rejection"], second.worlds)
    return threatened


def layoffs_as_announced(world: World) -> Float[Array, " worlds"]:
    """The layoffs (persons) of the package in force, or those threatened where there is none."""
    final, package = in_force(world)
    negotiated = world.batch.agenda.levels_on("negotiated_layoffs", package)
    return np.where(final, negotiated, layoffs_threatened(world))
