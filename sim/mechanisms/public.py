"""Public opinion: what the public sees of the talks and of their end moves its approval of the governor."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import StrictBool

from sim.arrays.axes import Array, stretch
from sim.inputs.parameter import SHARE, Number, Section, Whole, parameter, switch
from sim.mechanisms.mechanism import Mechanism, Packages


class PublicSettings(Section):
    """What the public thinks of the governor, what moves it, and what that is worth to him."""

    # fmt: off
    on: StrictBool = switch("the public approves of the governor or not by what it sees", default=False,
        source="Quinnipiac polls of 9 March and 15 June 2011; Groseclose and McCarty 2001")
    approval: Number = parameter(
        "approval of the governor when the talks begin, among those with an opinion", SHARE, default=0.5,
        low=0, high=1, plausible=(0.3, 0.7),
        source="Quinnipiac poll of 9 March 2011: 35 approve, 40 disapprove")
    weight: Number = parameter("what approval is worth to the governor (1 = the gap closed free)",
        "utility per unit of approval", default=0.0, symbol="k_A", low=0, high=1000, plausible=(0, 3),
        source="Groseclose and McCarty 2001; size assumed")
    town_halls: Whole = parameter("town hall meetings during the talks, spread evenly until the deadline",
        "meetings", default=0, low=0, high=10_000, plausible=(0, 30),
        source="Yale Daily News, March 2011: the third of 17 was on 2 March")
    town_hall_effect: Number = parameter("approval won by a town hall meeting", "approval a meeting",
        default=0.0, low=-1, high=1, plausible=(-0.005, 0.005), source="assumption")
    moderate_from: Number = parameter(
        "the least share of the gap that an offer saves which the public takes to be moderate",
        "share of the gap", default=0.0, low=0, high=1, plausible=(0.3, 0.6), source="assumption")
    moderate_to: Number = parameter("the largest such share", "share of the gap", default=1.0, low=0,
        high=1, plausible=(0.7, 1), source="assumption")
    refusal_cost: Number = parameter(
        "approval lost when the governor refuses a moderate offer in full view", "approval", default=0.0,
        low=0, high=1, plausible=(0, 0.05),
        source="Groseclose and McCarty 2001: about 2 points after a major veto")
    refusal_credit: Number = parameter("approval won when the unions refuse a moderate offer in full view",
        "approval", default=0.0, low=0, high=1, plausible=(0, 0.05),
        source="Groseclose and McCarty 2001: blame falls on who looks extreme; size assumed")
    leak_cost: Number = parameter("approval lost when confidential talks leak to everybody",
        "approval", default=0.0, low=-1, high=1, plausible=(0, 0.02), source="assumption")
    deal_bonus: Number = parameter("approval won by an agreement that is ratified", "approval", default=0.0,
        symbol="w_deal", low=-1, high=1, plausible=(0, 0.05), source="assumption")
    failure_blame: Number = parameter(
        "approval lost after a failure if the whole public blames the governor", "approval", default=0.0,
        low=0, high=1, plausible=(0, 0.1), source="Groseclose and McCarty 2001; size assumed")
    blaming_governor: Number = parameter(
        "share of the public that blames the governor for a failure; the others blame the unions", SHARE,
        default=0.5, low=0, high=1, plausible=(0.3, 0.7),
        source="assumption; polls of June 2011 point either way")
    tax_cost: Number = parameter("approval lost by further taxes as large as the gap",
        "approval per share of the gap", default=0.0, symbol="w_t", low=-10, high=10, plausible=(-0.2, 0.5),
        source="assumption; no Connecticut poll of taxes against layoffs was found")
    layoff_cost: Number = parameter("approval lost by laying off the whole workforce",
        "approval per share of the workforce", default=0.0, symbol="w_l", low=-10, high=10,
        plausible=(0, 1), source="assumption; no Connecticut poll of taxes against layoffs was found")
    # fmt: on


@dataclass(frozen=True, eq=False)
class News:
    """What the public sees, as amounts: of each kind 0 is none. They broadcast against each other.

    `refused_by_governor` and `refused_by_unions` are moderate offers refused, times the share of the
    public that sees it; `leaked` is by how much secrecy fell; `ratified` and `failed` are 1 where the
    talks ended so; `taxes` is a share of the gap, `laid_off` of the workforce.
    """

    town_halls: float | np.ndarray = 0.0
    refused_by_governor: float | np.ndarray = 0.0
    refused_by_unions: float | np.ndarray = 0.0
    leaked: float | np.ndarray = 0.0
    ratified: float | np.ndarray = 0.0
    failed: float | np.ndarray = 0.0
    taxes: float | np.ndarray = 0.0
    laid_off: float | np.ndarray = 0.0


@dataclass(frozen=True, eq=False)
class Reactions:
    """How approval reacts to news; the fields are the parameters of the same name (worlds)."""

    town_hall_effect: np.ndarray
    refusal_cost: np.ndarray
    refusal_credit: np.ndarray
    leak_cost: np.ndarray
    deal_bonus: np.ndarray
    failure_blame: np.ndarray
    blaming_governor: np.ndarray
    tax_cost: np.ndarray
    layoff_cost: np.ndarray

    def change(self, news: News) -> np.ndarray:
        """By how much approval changes, before it is kept between 0 and 1.

        In proportion to each piece of news (after Groseclose and McCarty 2001, who have the refusals). After
        a failure those who blame the unions approve of the governor more, so that with as many who
        blame him nothing is left.
        """
        of_the_talks = (
            self.town_hall_effect * news.town_halls
            - self.refusal_cost * news.refused_by_governor
            + self.refusal_credit * news.refused_by_unions
            - self.leak_cost * news.leaked
        )
        of_the_end = (
            self.deal_bonus * news.ratified
            - self.failure_blame * (2 * self.blaming_governor - 1) * news.failed
            - self.tax_cost * news.taxes
            - self.layoff_cost * news.laid_off
        )
        return of_the_talks + of_the_end


REACTIONS = tuple(field.name for field in fields(Reactions))


def moved(
    approval: Float[np.ndarray, " worlds"], change: Float[np.ndarray, "#worlds"]
) -> Float[np.ndarray, " worlds"]:
    """Approval after a change: it stays a share."""
    return np.clip(approval + change, 0, 1)


def town_halls_at(
    turn: int, rounds: int, planned: Int[np.ndarray, "#worlds"]
) -> Int[np.ndarray, "#worlds"]:
    """How many of the planned meetings fall on a turn (0 to `rounds`), when they are spread evenly."""
    turns = rounds + 1
    return planned * (turn + 1) // turns - planned * turn // turns


def moderate(
    saved: Float[np.ndarray, " worlds"],
    low: Float[np.ndarray, "#worlds"],
    high: Float[np.ndarray, "#worlds"],
) -> Bool[np.ndarray, " worlds"]:
    """Whether the public takes offers for moderate: what they save, a share of the gap, is in between."""
    return (low <= saved) & (saved <= high)


class Public(Mechanism):
    """The public approves of the governor or not, and he minds."""

    table = "public"
    settings = PublicSettings

    @cached_property
    def reactions(self) -> Reactions:
        """How the public reacts to news."""
        return Reactions(**{name: self.own(name) for name in REACTIONS})

    def added_for_governor(self, packages: Packages) -> Float[Array, "#worlds packages"]:
        """Utility of the approval that every package, ratified, brings over Plan B."""
        workforce = stretch(self.values["members.workforce"])
        reactions = Reactions(**{name: stretch(self.own(name)) for name in REACTIONS})
        deal = News(
            ratified=1.0,
            taxes=packages.levels_on("tax_share"),
            laid_off=packages.levels_on("negotiated_layoffs") / workforce,
        )
        without = News(failed=1.0, laid_off=stretch(packages.plan_b_layoffs) / workforce)
        change = reactions.change(deal) - reactions.change(without)
        return stretch(self.own("weight")) * change
