"""The game and the case that lessons ask about, and what several lessons take from them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from sim.cases.loading import load_scenario, with_values
from sim.cases.schema import TwoLevelGame
from sim.play.outcome import negotiate
from sim.preferences.fiscal import ClosedGap, plan_b
from sim.worlds.solution import Choice

GAME, CASE, RECORD = "mini-ct", "sebac-2011", "connecticut-2011"
ONE_BALLOT = {"ratification.second_vote": False}
WAYS = ("up", "down", "the same")
Values = Mapping[str, Any]


def case(values: Values | None = None) -> TwoLevelGame:
    """The case, with some parameters changed."""
    return with_values(_as_shipped(), values or {})


@cache
def _as_shipped() -> TwoLevelGame:
    shipped = load_scenario(CASE)
    assert isinstance(shipped, TwoLevelGame)  # as its file says
    return shipped


def alone(scenario: TwoLevelGame, gap: float) -> ClosedGap:
    """Plan B: how the governor of the case closes a gap by cuts and layoffs, in the unit of the gap."""
    return plan_b(gap, scenario.governor.cost_of_cuts, scenario.governor.cost_of_layoffs)


def played(values: Values, worlds: int) -> pd.DataFrame:
    """How so many worlds of the case end, one row each; the same random numbers every time."""
    return negotiate(CASE, worlds, seed=2011, set=values).frame()


def way(change: float) -> str:
    """Which of the `WAYS` something goes."""
    return "up" if change > 0 else "down" if change < 0 else "the same"


def utilities(choice: Choice | None) -> tuple[float, float]:
    """What a choice is worth to governor and coalition, where there is a ZOPA to choose from."""
    assert choice is not None
    return choice.utilities
