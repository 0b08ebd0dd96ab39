"""The alliance of the campaign: what is left of it is worth something to both sides."""

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.arrays.axes import Array, stretch
from sim.inputs.parameter import Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism, Packages


class AllianceSettings(Section):
    """The support that the unions gave the governor's campaign, lost or kept."""

    # fmt: off
    on: StrictBool = switch("the unions supported the governor's campaign, and both sides mind losing that",
        default=False, source="CT News Junkie, February 2011: many of the unions supported Malloy in 2010")
    worth_to_governor: Number = parameter(
        "what keeping the whole alliance is worth to the governor (1 = the gap closed free)", "utility",
        default=0.0, low=0, high=100, plausible=(0, 0.3),
        source="assumption; after Freeman 1986: public unions are political allies")
    worth_to_leaders: Number = parameter(
        "what the access that comes with the whole alliance is worth to union leaders",
        "share of annual pay", default=0.0, low=0, high=10, plausible=(0, 0.03),
        source="assumption; after Freeman 1986: public unions act through politics")
    loss_by_layoffs: Number = parameter(
        "share of the alliance lost for each share of the workforce laid off",
        "share per share of the workforce", default=0.0, low=0, high=1000, plausible=(0, 20),
        source="assumption")
    loss_by_ask: Number = parameter("share of the alliance lost when concessions close the whole gap",
        "share per share of the gap", default=0.0, low=0, high=1, plausible=(0, 1), source="assumption")
    # fmt: on


def kept(
    laid_off: np.ndarray,
    conceded: np.ndarray,
    loss_by_layoffs: np.ndarray,
    loss_by_ask: np.ndarray,
) -> np.ndarray:
    """The share of the alliance that is left; arguments broadcast.

    `laid_off` is the share of the workforce laid off, `conceded` the concessions as a share of the gap;
    each costs in proportion, and no more can be lost than there is (derived here).
    """
    return np.clip(1 - loss_by_layoffs * laid_off - loss_by_ask * conceded, 0, 1)


def expected_without(
    kept_if_carried_out: Float[np.ndarray, "#worlds"], belief: Float[np.ndarray, "#worlds"]
) -> Float[np.ndarray, "#worlds"]:
    """The share that leaders expect to be left without an agreement, as far as they believe the threat.

    A threat that is not carried out costs the alliance nothing (derived here).
    """
    return 1 - belief * (1 - kept_if_carried_out)


class Alliance(Mechanism):
    """The alliance of the campaign strains under layoffs and concessions, and both sides mind."""

    table = "alliance"
    settings = AllianceSettings

    def added_for_governor(self, packages: Packages) -> Float[Array, "#worlds packages"]:
        """Utility of the alliance that every package leaves beyond what Plan B does."""
        without = self._left(stretch(packages.plan_b_layoffs), np.zeros((1, 1)))
        return stretch(self.own("worth_to_governor")) * (self._left_by(packages) - without)

    def added_for_leaders(self, packages: Packages) -> Float[Array, "#worlds packages"]:
        """What the alliance that every package leaves is worth to leaders beyond a No (share of pay)."""
        threat = stretch(self.values["threat.layoffs"])
        carried_out = self._left(threat, np.zeros((1, 1)))
        without = expected_without(carried_out[:, 0], packages.leaders_belief)
        gained = self._left_by(packages) - stretch(without)
        return stretch(self.own("worth_to_leaders")) * gained

    def _left_by(self, packages: Packages) -> Float[Array, "#worlds packages"]:
        """The share of the alliance that every package leaves."""
        return self._left(packages.levels_on("negotiated_layoffs"), packages.conceded)

    def _left(self, layoffs: Array, conceded: Array) -> Float[Array, "#worlds #packages"]:
        return kept(
            layoffs / stretch(self.values["members.workforce"]),
            conceded,
            stretch(self.own("loss_by_layoffs")),
            stretch(self.own("loss_by_ask")),
        )
