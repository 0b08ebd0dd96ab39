"""Public opinion: the public watches the talks as far as it can, and judges how they end."""

from typing import Any

import numpy as np
from jaxtyping import Bool

from sim.arrays.axes import Array, take
from sim.mechanisms.public import News, moderate, town_halls_at
from sim.negotiators.history import NO_OFFER
from sim.play.stages.ending import in_force
from sim.play.stages.stage import Stage, World


class WatchingStage(Stage):
    """At each turn: town halls, moderate offers refused in view of the public, and leaks.

    When talks leak, those who now see them also learn what was refused before.
    """

    def before_talks(self, world: World) -> None:
        """Open with the approval the governor has."""
        worlds = world.batch.worlds
        world.approval = np.broadcast_to(world.batch.settings["public.approval"], worlds).astype(
            float
        )
        self._seen = 1 - world.secrecy
        self._refused = {"governor": np.zeros(worlds), "unions": np.zeros(worlds)}
        self._at_agreement = np.full(worlds, np.nan)

    def at_turn(self, world: World) -> None:
        """Let the public judge the turn."""
        seen, before = 1 - world.secrecy, self._seen
        known = {side: before * refused for side, refused in self._refused.items()}
        self._note_refusals(world)
        new = {side: seen * refused - known[side] for side, refused in self._refused.items()}
        settings, rounds = world.batch.settings, world.batch.rounds
        meetings = town_halls_at(world.turn, rounds, settings["public.town_halls"])
        news = News(
            town_halls=world.talking * meetings,
            refused_by_governor=new["governor"],
            refused_by_unions=new["unions"],
            leaked=np.maximum(0, seen - before),
        )
        world.approval = world.public.judges(world.approval, news)
        self._seen = seen
        just_agreed = world.agreed_round == world.turn
        self._at_agreement = np.where(just_agreed, world.approval, self._at_agreement)

    def columns(self, world: World) -> dict[str, Any]:
        """`approval_at_agreement`: the share that approves of the governor when he has an agreement."""
        return {"approval_at_agreement": self._at_agreement}

    def _note_refusals(self, world: World) -> None:
        """Count the moderate offers that the side to move has refused at this turn."""
        refused = world.talking & _moderate_news(world)
        governor_moves = world.governor_moves(world.turn)
        self._refused = {
            "governor": self._refused["governor"] + (refused & governor_moves),
            "unions": self._refused["unions"] + (refused & ~governor_moves),
        }


class VerdictStage(Stage):
    """After the ballots: an agreement ratified, with its taxes, or a failure."""

    def after_talks(self, world: World) -> None:
        """Let the public judge how the talks ended."""
        final, package = in_force(world)
        taxes = np.where(final, world.batch.agenda.levels_on("tax_share", package), 0.0)
        ended = News(ratified=final.astype(float), failed=(~final).astype(float), taxes=taxes)
        world.approval = world.public.judges(world.approval, ended)


class AftermathStage(Stage):
    """When all is decided: the layoffs that are carried out."""

    def after_talks(self, world: World) -> None:
        """Let the public judge the layoffs."""
        laid_off = world.layoffs / world.batch.settings["members.workforce"]
        world.approval = world.public.judges(world.approval, News(laid_off=laid_off))

    def columns(self, world: World) -> dict[str, Any]:
        """`approval`: the share of those with an opinion who approve of the governor in the end."""
        return {"approval": world.approval}


def _moderate_news(world: World) -> Bool[Array, " worlds"]:
    """Whether a standing offer is moderate, and not the one its side had made before."""
    if world.turn == 0:
        return np.zeros(world.batch.worlds, dtype=bool)
    standing = world.offers[:, world.turn - 1]
    made = standing != NO_OFFER
    if world.turn >= 3:
        made &= standing != world.offers[:, world.turn - 3]
    chosen = np.flatnonzero(made)
    batch, settings = world.batch, world.batch.settings
    found = np.zeros(world.batch.worlds, dtype=bool)
    found[chosen] = moderate(
        batch.look_up(batch.conceded, standing[chosen], chosen),
        take(settings["public.moderate_from"], chosen),
        take(settings["public.moderate_to"], chosen),
    )
    return found
