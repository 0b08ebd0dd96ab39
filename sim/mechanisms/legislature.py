"""The legislature: it must pass the budget, and may refuse what Plan B needs its consent for."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import StrictBool
from pydantic.fields import FieldInfo

from sim.arrays.axes import stretch
from sim.arrays.logit import logistic
from sim.inputs.parameter import SHARE, Number, Section, Whole, parameter, switch
from sim.mechanisms.mechanism import Mechanism

CERTAIN = 40.0  # a lean at which the logistic is 1 to the last bit
MOST_CHANGES_OF_LAW = 11
CONSENT = ("taxes", "borrowing", "retirement", "deferral", "aid")  # each one request


def _effect(text: str, unit: str, most: float) -> FieldInfo:
    return parameter(
        text=f"how much less likely consent is {text}",
        unit=unit,
        source="assumption",
        low=0,
        high=1000,
        plausible=(0, most),
    )


def _lean(text: str, source: str) -> FieldInfo:
    return parameter(
        text=f"how much the legislature leans to {text}",
        unit="log odds",
        source=source,
        low=-CERTAIN,
        high=CERTAIN,
        plausible=(-3, 3),
    )


def _consent(text: str) -> FieldInfo:
    return parameter(
        text=f"whether {text} takes the consent of the legislature",
        unit="none",
        source="assumption; Connecticut's budget is enacted by law",
    )


class LegislatureSettings(Section):
    """Who must pass the budget, and what the governor cannot do without it."""

    # fmt: off
    on: StrictBool = switch("a legislature passes the budget and may block parts of Plan B", default=False,
        source="Public Act 11-1 of June 2011: one of five requests of the governor passed")
    lean_on_budget: Annotated[
        Number, _lean("the budget", "Senate 19-17 and House 83-67, May 2011: it passed")
    ] = CERTAIN
    lean_on_requests: Annotated[
        Number, _lean("a request of the governor", "June 2011: one of five passed")
    ] = CERTAIN
    effect_of_approval: Number = parameter(
        "how much more likely consent is the more of the public approves of the governor",
        "log odds per share of the public", default=0.0, low=0, high=1000, plausible=(0, 10),
        source="assumption")
    effect_of_taxes: Annotated[Number, _effect("for new taxes", "log odds per $1,000M", 2)] = 0.0
    effect_of_layoffs: Annotated[Number, _effect("for layoffs", "log odds per 1,000", 0.5)] = 0.0
    changes_of_law: Whole = parameter("requests to change the law so that spending can be cut", "requests",
        default=0, low=0, high=MOST_CHANGES_OF_LAW, plausible=(0, 6),
        source="CT News Junkie and Hartford Courant, June 2011: four of the five")
    cuts_by_law: Number = parameter("how much of what could be cut takes a change of law", SHARE,
        default=0.0, low=0, high=0.9, plausible=(0, 0.3),
        source="Hartford Courant, June 2011: longevity pay over $40M a year")
    # fmt: on
    consent_to_taxes: Annotated[StrictBool, _consent("a new tax")] = False
    consent_to_borrowing: Annotated[StrictBool, _consent("borrowing")] = False
    consent_to_retirement: Annotated[StrictBool, _consent("an early retirement offer")] = False
    consent_to_deferral: Annotated[StrictBool, _consent("putting off pensions")] = False
    consent_to_aid: Annotated[StrictBool, _consent("withholding aid from towns")] = False


@dataclass(frozen=True, eq=False)
class Support:
    """What moves legislators: approval of the governor, new taxes, layoffs."""

    effect_of_approval: Float[np.ndarray, "#worlds"]
    effect_of_taxes: Float[np.ndarray, "#worlds"]
    effect_of_layoffs: Float[np.ndarray, "#worlds"]

    def chance(
        self,
        lean: Float[np.ndarray, "#worlds"],
        approval: Float[np.ndarray, " worlds"],
        taxes: Float[np.ndarray, " worlds"],
        layoffs: Float[np.ndarray, " worlds"],
    ) -> Float[np.ndarray, " worlds"]:
        """Probability of a Yes: `approval` is a share (.5 moves nobody), `taxes` $M, `layoffs` persons."""
        return logistic(
            lean
            + self.effect_of_approval * (approval - 0.5)
            - self.effect_of_taxes * taxes / 1000
            - self.effect_of_layoffs * layoffs / 1000
        )


def cost_of_cuts_left(
    cost_of_cuts: Float[np.ndarray, "#worlds"],
    cuts_by_law: Float[np.ndarray, "#worlds"],
    refused: Float[np.ndarray, " worlds"],
) -> Float[np.ndarray, " worlds"]:
    """Curvature of the cost of cuts when a share of those that take a change of law is refused.

    Cuts are many items, each with a quadratic cost, so that 1 / curvature adds up over them (derived
    here): with fewer to choose from each dollar costs more.
    """
    return cost_of_cuts / (1 - cuts_by_law * refused)


def share_refused(
    made: Int[np.ndarray, "#worlds"], granted: Int[np.ndarray, " worlds"]
) -> Float[np.ndarray, " worlds"]:
    """Share of requests that are refused; 0 where none is made."""
    return (made - granted) / np.maximum(made, 1)


def laws_asked_for(made: Int[np.ndarray, "#worlds"]) -> Bool[np.ndarray, "#worlds requests"]:
    """Which of the requests that could be made to change the law are made."""
    return np.arange(MOST_CHANGES_OF_LAW) < stretch(made)


class Legislature(Mechanism):
    """The legislature votes on the budget, and on what Plan B needs its consent for (see `play.stages`)."""

    table = "legislature"
    settings = LegislatureSettings
