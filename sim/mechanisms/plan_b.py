"""Plan B: how the governor closes a gap without the unions, as cheaply as his pledges allow.

Seven means close it: spending cuts, layoffs, new taxes, borrowing, early retirement, pension payments put
off, and aid withheld from towns. Each has a political cost quadratic in its dollars and a cap; what a
pledge forbids has a cap of 0 until the pledge is lifted. Cuts are the last resort and have none.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from jaxtyping import Float, Int
from pydantic import StrictBool
from pydantic.fields import FieldInfo

from sim.arrays.axes import stretch, take
from sim.inputs.parameter import SHARE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism, Values

MEANS = ("cuts", "layoffs", "taxes", "borrowing", "retirement", "deferral", "aid")
OWED_LATER = ("borrowing", "deferral")
PLEDGES = {
    "taxes": "pledge_no_new_taxes",
    "borrowing": "pledge_no_borrowing",
    "retirement": "pledge_no_early_retirement",
    "deferral": "pledge_pensions_in_full",
}
WITH_A_CAP = ("taxes", "borrowing", "retirement", "deferral", "aid")
WITH_A_COST = ("borrowing", "retirement", "deferral", "aid")  # the governor's table has the others

Dollars = Float[np.ndarray, "..."]


def _cap(text: str, source: str, plausible: tuple[float, float]) -> FieldInfo:
    return parameter(
        text=f"the most that {text}",
        unit="$M per biennium",
        source=source,
        low=0,
        plausible=plausible,
    )


def _cost(text: str, source: str) -> FieldInfo:
    return parameter(
        text=f"curvature of the political cost of {text}",
        unit="cost per squared share of the gap",
        source=source,
        above=0,
        plausible=(0.2, 10),
    )


def _pledge(text: str) -> FieldInfo:
    return parameter(
        text=f"whether he keeps his pledge {text}",
        unit="none",
        source="CT News Junkie, February 2011; Yale Daily News, March 2011: the governor's pledges",
    )


class PlanBSettings(Section):
    """Closing the gap without the unions: what there is to close it with, and the governor's pledges."""

    # fmt: off
    on: StrictBool = switch("what no agreement closes is closed by the cheapest of seven means",
        default=False, source="governor's Plan B, 6 May 2011")
    pledge_no_new_taxes: Annotated[StrictBool, _pledge("of no taxes beyond those proposed")] = True
    pledge_no_borrowing: Annotated[StrictBool, _pledge("not to borrow")] = True
    pledge_no_early_retirement: Annotated[StrictBool, _pledge("to offer no early retirement")] = (
        True
    )
    pledge_pensions_in_full: Annotated[StrictBool, _pledge("to pay into pensions in full")] = True
    cap_taxes: Annotated[Number, _cap("new taxes bring", "assumption", (0, 1000))] = 0.0
    cap_borrowing: Annotated[Number, _cap("is borrowed", "assumption", (0, 1000))] = 0.0
    cap_retirement: Annotated[
        Number, _cap("an early retirement offer saves", "assumption", (0, 1000))
    ] = 0.0
    cap_deferral: Annotated[
        Number,
        _cap(
            "is put off of what is due to pensions",
            "CT News Junkie, 3 March 2011: at least $300M in 2009",
            (0, 600),
        ),
    ] = 0.0
    cap_aid: Annotated[
        Number,
        _cap(
            "is withheld from towns",
            "Yale Daily News, March 2011: a power over $280M",
            (0, 280),
        ),
    ] = 0.0
    cost_of_borrowing: Annotated[Number, _cost("borrowing", "assumption")] = 1.0
    cost_of_retirement: Annotated[Number, _cost("an early retirement offer", "assumption")] = 1.0
    cost_of_deferral: Annotated[Number, _cost("putting off pensions", "assumption")] = 1.0
    cost_of_aid: Annotated[
        Number,
        _cost("withholding aid from towns", "governor's plan of 28 June 2011: $54.4M a year"),
    ] = 1.0
    noticed_by_wave: Number = parameter(
        "how many of the threatened layoffs are noticed in each wave of notices", SHARE, default=0.0, low=0,
        high=1, plausible=(0, 0.35),
        source="CT News Junkie and Hartford Courant, July and August 2011: 2,984 of 6,560 by three")
    # fmt: on


@dataclass(frozen=True, eq=False)
class Menu:
    """What there is to close a gap with: for each of MEANS its curvature of cost and its cap.

    All in shares of the full gap, over worlds (or worlds and packages, see `by_package`). A gap is
    closed at the least sum of curvature x amount^2 / 2 (derived here).
    """

    curvature: dict[str, Float[np.ndarray, "#worlds *#packages"]]
    cap: dict[str, Float[np.ndarray, "#worlds *#packages"]]

    def without(self, means: str, where: np.ndarray) -> "Menu":
        """The same menu with one of the means ruled out in some worlds (bool, worlds)."""
        return replace(self, cap=self.cap | {means: np.where(where, 0.0, self.cap[means])})

    def of(self, worlds: Int[np.ndarray, " chosen"]) -> "Menu":
        """The menu of some worlds."""
        return Menu(
            *({m: take(x, worlds) for m, x in part.items()} for part in (self.curvature, self.cap))
        )

    def by_package(self) -> "Menu":
        """The menu stretched along packages."""
        return Menu(
            *({m: stretch(x) for m, x in part.items()} for part in (self.curvature, self.cap))
        )

    def marginal_cost(self, gap: Dollars) -> Dollars:
        """What the last dollar costs when a gap (share) is closed at least cost; exact.

        Each of the means is used until its last dollar costs as much, or to its cap. Those are used up
        whose caps are reached at a cost at which all together close no more than the gap.
        """
        capped, ease = np.zeros(1), np.zeros(1)
        for means in MEANS:
            used_up = self._closed_at(self.curvature[means] * self.cap[means]) <= gap
            capped = capped + np.where(used_up, self.cap[means], 0.0)
            ease = ease + np.where(used_up, 0.0, 1 / self.curvature[means])
        return (gap - capped) / ease

    def closes(self, gap: Dollars) -> dict[str, Dollars]:
        """What each of the means closes of a gap (shares): they add up to it."""
        marginal = self.marginal_cost(gap)
        return {means: self._used_at(marginal, means) for means in MEANS}

    def cost(self, gap: Dollars) -> Dollars:
        """The political cost of closing a gap (share)."""
        marginal, cost = self.marginal_cost(gap), np.zeros(1)
        for means in MEANS:
            used = self._used_at(marginal, means)
            cost = cost + self.curvature[means] * used * used / 2
        return cost

    def _used_at(self, marginal: Dollars, means: str) -> Dollars:
        """How much of one of the means is used when the last dollar costs so much (share)."""
        return np.minimum(marginal / self.curvature[means], self.cap[means])

    def _closed_at(self, marginal: Dollars) -> Dollars:
        return sum((self._used_at(marginal, means) for means in MEANS), start=np.zeros(1))


def held_back(cap: Dollars, pledged: np.ndarray) -> Dollars:
    """The cap of one of the means ($M) where a pledge may hold it back: then nothing."""
    return np.where(pledged, 0.0, cap)


def noticed(
    threatened: Float[np.ndarray, " worlds"],
    by_wave: Float[np.ndarray, "#worlds"],
    waves: Int[np.ndarray, "#worlds"],
    carried_out: Float[np.ndarray, " worlds"],
) -> Float[np.ndarray, " worlds"]:
    """Layoffs that have been noticed (persons): wave by wave at most all, and all that are carried out."""
    return np.maximum(threatened * np.minimum(by_wave * waves, 1), carried_out)


def menu_of(values: Values) -> Menu:
    """What there is to close the gap with but the unions' savings: cuts, layoffs, and Plan B's means."""
    gap, unused = values["fiscal.gap"], ~values["plan_b.on"]
    cap = {means: held_back(values[f"plan_b.cap_{means}"], unused) for means in WITH_A_CAP}
    for means, pledge in PLEDGES.items():
        cap[means] = held_back(cap[means], values[f"plan_b.{pledge}"])
    cap["layoffs"] = values["members.workforce"] * values["fiscal.saving_per_layoff"]
    cost = {means: values[f"governor.cost_of_{means}"] for means in ("cuts", "layoffs", "taxes")}
    cost |= {means: values[f"plan_b.cost_of_{means}"] for means in WITH_A_COST}
    shares = {means: dollars / gap for means, dollars in cap.items()}
    return Menu(cost, shares | {"cuts": np.full(1, np.inf)})


class PlanB(Mechanism):
    """What no agreement closes is closed by the cheapest of seven means."""

    table = "plan_b"
    settings = PlanBSettings

    @cached_property
    def menu(self) -> Menu:
        """What there is to close the gap with."""
        return menu_of(self.values)

    def costs_to_governor(self, costs: dict[str, Any]) -> dict[str, Any]:
        """The governor reckons with all that is on the menu; a pledge that is lifted costs nothing."""
        pledge = costs["tax_pledge"] * self.own("pledge_no_new_taxes")
        return costs | {"menu": self.menu, "tax_pledge": pledge}

    def layoffs_needed(self) -> Float[np.ndarray, "#worlds"]:
        """What layoffs close of the whole gap (share)."""
        return self.menu.closes(np.ones(1))["layoffs"]
