"""What a package saves in dollars, and what closing the gap without one would take.

All shares are shares of the gap: what the governor asked of the unions for the biennium ($2,000M in
2011).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array, stretch
from sim.preferences.agenda import Agenda


@dataclass(frozen=True, eq=False)
class FiscalMap:
    """The dollars behind the levels of a package.

    `savings` holds, for each priced issue, the $M saved at the full ask (worlds); `gap` and
    `saving_per_layoff` are $M (worlds); `score_haircut` is the share of `soft` savings that the
    governor does not count on (worlds). `verifiable` is the share of an issue's savings that
    documents bear out; of an issue it does not name they bear out none. `doubted` are shares of single
    issues that the governor does not count on (worlds).
    """

    gap: Float[Array, "#worlds"]
    saving_per_layoff: Float[Array, "#worlds"]
    score_haircut: Float[Array, "#worlds"]
    savings: dict[str, Float[Array, "#worlds"]]
    soft: tuple[str, ...] = ()
    verifiable: dict[str, float] = field(default_factory=dict)
    doubted: dict[str, Float[Array, "#worlds"]] = field(default_factory=dict)

    def scored(self, agenda: Agenda) -> Float[Array, "#worlds packages"]:
        """Savings of every package in $M as scored: concessions only, neither layoffs nor taxes."""
        return _summed(agenda, self.savings)

    def counted(self, agenda: Agenda) -> Float[Array, "#worlds packages"]:
        """Savings in $M that the governor counts on: scored less the haircut and what is doubted."""
        soft = _summed(agenda, {issue: self.savings[issue] for issue in self.soft})
        counted = self.scored(agenda) - stretch(self.score_haircut) * soft
        for issue, share in self.doubted.items():
            counted = counted - stretch(share * self.savings[issue]) * agenda.levels_on(issue)
        return counted

    def documented(self, agenda: Agenda) -> Float[Array, "#worlds packages"]:
        """Savings of every package in $M that documents bear out, of those scored."""
        borne_out = {issue: share * self.savings[issue] for issue, share in self.verifiable.items()}
        return _summed(agenda, borne_out)

    def layoff_share(self, layoffs: Array) -> Array:
        """What a number of layoffs saves, as a share of the gap; layoffs are (worlds, packages)."""
        return stretch(self.saving_per_layoff) * layoffs / stretch(self.gap)

    def left_open(self, agenda: Agenda) -> Float[Array, "#worlds packages"]:
        """What every package leaves of the gap (share): less counted savings, taxes and layoffs in it."""
        laid_off = self.layoff_share(agenda.levels_on("negotiated_layoffs"))
        saved = self.counted(agenda) / stretch(self.gap)
        return np.maximum(0, 1 - saved - agenda.levels_on("tax_share") - laid_off)


def _summed(
    agenda: Agenda, at_full_ask: Mapping[str, Float[Array, "#worlds"]]
) -> Float[Array, "#worlds packages"]:
    """What levels of issues bring of what each brings at the full ask, added up."""
    amounts = (stretch(full) * agenda.levels_on(issue) for issue, full in at_full_ask.items())
    return sum(amounts, start=np.zeros((1, len(agenda))))


class ClosedGap(NamedTuple):
    """How a gap is closed without the unions: shares of the gap, and the political cost."""

    cuts: float | Array
    layoffs: float | Array
    taxes: float | Array
    cost: float | Array


def plan_b(
    gap: float | Array,
    cost_of_cuts: float | Array,
    cost_of_layoffs: float | Array,
    cost_of_taxes: float | Array = np.inf,
) -> ClosedGap:
    """The cheapest way to close a gap by cuts, layoffs and taxes with quadratic political costs.

    Minimises (kC c^2 + kL l^2 + kT t^2) / 2 subject to c + l + t = gap, so that each instrument is
    used in inverse proportion to its curvature. Without a `cost_of_taxes` no new tax is used. Also
    works elementwise on arrays.

    Source: derived here. It is not the model of Courant, Gramlich and Rubinfeld (1979), where public
    employees vote on what government spends.
    """
    ease = 1 / cost_of_cuts + 1 / cost_of_layoffs + 1 / cost_of_taxes
    return ClosedGap(
        cuts=gap / (cost_of_cuts * ease),
        layoffs=gap / (cost_of_layoffs * ease),
        taxes=gap / (cost_of_taxes * ease),
        cost=gap * gap / (2 * ease),
    )
