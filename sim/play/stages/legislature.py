"""The legislature votes on the budget, and after failure on what Plan B needs its consent for."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from sim.arrays.axes import Array, stretch
from sim.arrays.streams import Stream
from sim.mechanisms.legislature import (
    CONSENT,
    MOST_CHANGES_OF_LAW,
    Support,
    cost_of_cuts_left,
    laws_asked_for,
    share_refused,
)
from sim.mechanisms.plan_b import Menu
from sim.negotiators.history import NO_OFFER
from sim.play.stages.plan_b import ToClose
from sim.play.stages.stage import Stage, World
from sim.play.stages.told import counts_where


class LegislatureStage(Stage):
    """The budget is put to a vote; after failure each request is granted or blocked.

    A legislature that passes no budget grants nothing. What it blocks is off the menu of Plan B, so that
    failure costs the governor more than he foresaw at the table.
    """

    def after_talks(self, world: World) -> None:
        """Vote on the budget and on the requests, and take what is blocked off the menu."""
        failed = world.in_force == NO_OFFER
        to_budget, to_requests = _chances(world)
        self.passed = world.batch.draws.uniform(Stream.LEGISLATURE_BUDGET) < to_budget
        self.requests = Requests(world, to_requests, self.passed)
        foreseen, left = world.batch.menu, self.requests.menu(world.batch.menu)
        whole = np.ones(1)
        lost = left.cost(whole) / foreseen.cost(whole) - 1
        utility = world.utility_of_failure["governor"]
        world.utility_of_failure["governor"] = np.where(failed, utility - lost, utility)
        world.menu = _where(failed, left, foreseen)

    def columns(self, world: World) -> dict[str, Any]:
        """Whether the budget passed, and how many requests were made and blocked after failure."""
        failed = world.in_force == NO_OFFER
        made, blocked = self.requests.made.sum(-1), self.requests.blocked.sum(-1)
        return {
            "budget_passed": self.passed,
            "requests_made": counts_where(failed, made),
            "requests_blocked": counts_where(failed, blocked),
        }


class Requests:
    """What the legislature is asked for (worlds, requests): changes of law first, then consents."""

    def __init__(
        self,
        world: World,
        chance: Float[Array, " worlds"],
        budget_passed: Bool[Array, " worlds"],
    ):
        batch, settings = world.batch, world.batch.settings
        self.cuts_by_law = settings["legislature.cuts_by_law"]
        laws = laws_asked_for(settings["legislature.changes_of_law"])
        consents = [
            settings[f"legislature.consent_to_{means}"] & (batch.menu.cap[means] > 0)
            for means in CONSENT
        ]
        slots = np.broadcast_arrays(*laws.T, *consents, chance)[:-1]
        self.made: Bool[Array, "worlds requests"] = np.stack(slots, axis=-1)
        uniform = batch.draws.uniforms(Stream.LEGISLATURE_REQUESTS, len(slots))
        granted = (uniform < stretch(chance)) & stretch(budget_passed)
        self.blocked: Bool[Array, "worlds requests"] = self.made & ~granted

    def menu(self, menu: Menu) -> Menu:
        """What is left of a menu."""
        made, blocked = (x[:, :MOST_CHANGES_OF_LAW].sum(-1) for x in (self.made, self.blocked))
        refused = share_refused(made, made - blocked)
        cuts = cost_of_cuts_left(menu.curvature["cuts"], self.cuts_by_law, refused)
        for slot, means in enumerate(CONSENT, start=MOST_CHANGES_OF_LAW):
            menu = menu.without(means, self.blocked[:, slot])
        return Menu(menu.curvature | {"cuts": cuts}, menu.cap)


def _chances(world: World) -> tuple[Float[Array, " worlds"], Float[Array, " worlds"]]:
    """How likely the budget passes, and how likely a request is granted, as the governor's plan stands."""
    batch, settings, to_close = world.batch, world.batch.settings, ToClose.of(world)
    effects = ("effect_of_approval", "effect_of_taxes", "effect_of_layoffs")
    support = settings.fill(Support, "legislature", effects)
    levels = {
        issue: np.where(to_close.failed, 0.0, batch.agenda.levels_on(issue, to_close.package))
        for issue in ("tax_share", "negotiated_layoffs")
    }
    planned = to_close.menu.closes(to_close.left)
    taxes = (levels["tax_share"] + planned["taxes"]) * batch.fiscal.gap
    saved_by_layoffs = planned["layoffs"] * batch.fiscal.gap
    layoffs = levels["negotiated_layoffs"] + saved_by_layoffs / batch.fiscal.saving_per_layoff
    on_budget, on_requests = (
        support.chance(settings[f"legislature.lean_on_{what}"], world.approval, taxes, layoffs)
        for what in ("budget", "requests")
    )
    return on_budget, on_requests


def _where(chosen: Bool[Array, " worlds"], menu: Menu, other: Menu) -> Menu:
    """One menu in the chosen worlds, another in the rest."""

    def mixed(one: dict[str, Array], two: dict[str, Array]) -> dict[str, Array]:
        return {means: np.where(chosen, one[means], two[means]) for means in one}

    return Menu(mixed(menu.curvature, other.curvature), mixed(menu.cap, other.cap))
