"""What a package is worth to the governor: political cost saved."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array, stretch
from sim.mechanisms.plan_b import Menu
from sim.preferences.agenda import Agenda
from sim.preferences.fiscal import FiscalMap, plan_b


@dataclass(frozen=True, eq=False)
class GovernorUtility:
    """The governor's political cost of closing the gap, scaled so that Plan B is 0 and no cost is 1.

    What a package leaves open is closed by cuts and, unless job security was given, by layoffs (see
    `fiscal.plan_b`); neither Plan B nor the residual ever uses new taxes. With a `menu` they are
    closed by all that is on it.
    """

    cost_of_cuts: Float[Array, "#worlds"]
    cost_of_layoffs: Float[Array, "#worlds"]
    cost_of_taxes: Float[Array, "#worlds"]
    tax_pledge: Float[Array, "#worlds"]
    cost_of_job_security: Float[Array, "#worlds"]
    menu: Menu | None = None

    def table(self, agenda: Agenda, fiscal: FiscalMap) -> Float[Array, "#worlds packages"]:
        """Utility of every package."""
        layoffs = stretch(self.cost_of_layoffs)
        secure = agenda.levels_on("job_security")
        taxes = agenda.levels_on("tax_share")
        laid_off = fiscal.layoff_share(agenda.levels_on("negotiated_layoffs"))
        left = fiscal.left_open(agenda)
        cost = (
            np.where(secure > 0, self._cost_of_cutting(left), self._cost_of_closing(left))
            + stretch(self.cost_of_taxes) * taxes * taxes / 2
            + stretch(self.tax_pledge) * taxes
            + layoffs * laid_off * laid_off / 2
            + stretch(self.cost_of_job_security) * secure
        )
        without = self._cost_of_closing(np.ones((1, 1)))
        return (without - cost) / without

    def _cost_of_closing(self, left: Float[Array, "#worlds packages"]) -> Array:
        """The cost of closing what is left of the gap (share) by cuts, layoffs and what else there is."""
        if self.menu is not None:
            return self.menu.by_package().cost(left)
        cuts, layoffs = stretch(self.cost_of_cuts), stretch(self.cost_of_layoffs)
        return np.asarray(plan_b(left, cuts, layoffs).cost)

    def _cost_of_cutting(self, left: Float[Array, "#worlds packages"]) -> Array:
        """The same where nobody may be laid off."""
        if self.menu is not None:
            return self.menu.without("layoffs", np.ones(1, dtype=bool)).by_package().cost(left)
        return left * left * stretch(self.cost_of_cuts) / 2
