"""Alternatives to Plan B: a mediator proposes after an impasse, an arbitrator awards where all failed."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, take
from sim.arrays.streams import Stream
from sim.mechanisms import arbitration, mediation
from sim.negotiators.agents import Party
from sim.negotiators.history import NO_OFFER, OfferHistory
from sim.play.stages.stage import Stage, World
from sim.play.stages.told import facts


class MediationStage(Stage):
    """After talks without an agreement a mediator may propose one."""

    def after_talks(self, world: World) -> None:
        """Propose in the worlds that call in a mediator; what is acceptable is a tentative agreement."""
        batch = world.batch
        called = batch.draws.uniform(Stream.MEDIATION) < batch.settings["mediation.chance"]
        worlds = np.flatnonzero((world.agreement == NO_OFFER) & called)
        if len(worlds) == 0:
            return
        packages = _efficient(world)
        sides = (world.governor, world.coalition)
        position = mediation.proposal(
            *(side.valuation.all_packages(packages, worlds) for side in sides),
            *(_least(world, side, worlds) for side in sides),
        )
        settled = worlds[position != mediation.NOTHING]
        world.agreement[settled] = packages[position[position != mediation.NOTHING]]
        world.agreed_round[settled] = batch.rounds
        world.mediated[settled] = True

    def columns(self, world: World) -> dict[str, Any]:
        """Whether the agreement was a mediator's proposal."""
        return {"mediated": facts(world.mediated)}


class ArbitrationStage(Stage):
    """Where nothing is in force after the talks and the ballots, an award takes the place of Plan B."""

    def after_talks(self, world: World) -> None:
        """Make an award in every world without an outcome, unless the legislature rejects it."""
        batch = world.batch
        stands = (
            batch.draws.uniform(Stream.AWARD_REJECTED) >= batch.settings["arbitration.rejection"]
        )
        worlds = np.flatnonzero((world.in_force == NO_OFFER) & stands)
        if len(worlds) == 0:
            return
        award = getattr(arbitration, batch.settings.same("arbitration.kind"))
        world.in_force[worlds] = award(_hearing(world, worlds))
        world.awarded[worlds] = True
        award = world.in_force[worlds]
        world.layoffs[worlds] = batch.agenda.levels_on("negotiated_layoffs", award)

    def columns(self, world: World) -> dict[str, Any]:
        """Whether there was an award, and what it saves ($M)."""
        package = np.where(world.awarded, world.in_force, 0)
        saved = world.batch.look_up(world.batch.scored, package)
        return {
            "awarded": facts(world.awarded),
            "award_savings": np.where(world.awarded, saved, np.nan),
        }


def _efficient(world: World) -> Int[Array, " packages"]:
    """The packages that are Pareto-optimal in any world."""
    return np.flatnonzero(world.worth.frontier.any(0))


def _least(world: World, party: Party, worlds: Int[Array, " chosen"]) -> Float[Array, " chosen"]:
    """The least utility a side could accept when the talks ended."""
    governor_moved = world.governor_moves(world.turn)[worlds]
    moved = governor_moved if party is world.governor else ~governor_moved
    least = np.empty(len(worlds))
    for mine, turn in ((moved, world.turn), (~moved, world.turn + 1)):
        some = worlds[mine]
        history = OfferHistory(turn, world.batch.rounds, world.offers, some, world.secrecy[some])
        least[mine] = party.reservation(history)
    return least


def _hearing(world: World, worlds: Int[Array, " chosen"]) -> arbitration.Hearing:
    """What the arbitrators of some worlds look at."""
    settings, packages = world.batch.settings, _efficient(world)
    sides = (world.governor, world.coalition)
    offered = np.stack([_last_offer(world, side, worlds) for side in sides], axis=-1)
    of_governor, of_coalition = (
        np.stack([side.valuation.of(package, worlds) for package in offered.T], axis=-1)
        for side in sides
    )
    weight = arbitration.weights(
        take(settings["arbitration.weight"], worlds),
        take(settings["arbitration.error_sd"], worlds),
        world.batch.draws.normal(Stream.ARBITRATOR)[worlds],
    )
    governor, coalition = (side.valuation.all_packages(packages, worlds) for side in sides)
    return arbitration.Hearing(
        packages, governor, coalition, offered, of_governor, of_coalition, weight
    )


def _last_offer(world: World, party: Party, worlds: Int[Array, " chosen"]) -> Int[Array, " chosen"]:
    """The last offer a side made; its best package if it made none."""
    offers = world.offers[worlds]
    made = (offers != NO_OFFER) & (_turns_of(world, party, worlds))
    last = made.shape[1] - 1 - np.argmax(made[:, ::-1], axis=-1)
    best = party.valuation.order[party.valuation.rows(worlds), 0]
    return np.where(made.any(-1), offers[np.arange(len(worlds)), last], best)


def _turns_of(
    world: World, party: Party, worlds: Int[Array, " chosen"]
) -> Bool[Array, "chosen turns"]:
    """The turns at which a side moved."""
    odd = np.arange(world.offers.shape[1]) % 2 == 1
    governors = np.logical_xor.outer(world.batch.governor_first[worlds], odd)
    return governors if party is world.governor else ~governors
