"""The alliance of the campaign: what is left of it is worth something to both sides."""

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.inputs.parameter import Number, Section, parameter, switch


class Alliance(Section):
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
