"""What packages are worth to the sides of a textbook game, said in one of three ways.

Points of each level of each issue, added up; a table with a row for each package; or a formula of the
levels. A scenario says one of them (`cases/schema/payoffs.py`), and what comes out is the same: points of
every package.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.cases.payoffs import by_formula, issues_of, looked_up
from sim.cases.schema import TextbookGame
from sim.preferences.agenda import Agenda


def additive(agenda: Agenda, points: Sequence[Sequence[float]]) -> Float[Array, " packages"]:
    """Total points of every package when each level of each issue has its own (Keeney and Raiffa 1976)."""
    total = np.zeros(len(agenda))
    for i, of_level in enumerate(points):
        total = total + np.array(of_level, dtype=float)[agenda.positions[:, i]]
    return total


def points_of(game: TextbookGame, agenda: Agenda, side: str) -> Float[Array, " packages"]:
    """The points of every package for a side, in whichever way the game says them."""
    payoffs = game.payoffs
    if payoffs.by_issue:
        return additive(agenda, [getattr(issue, side) for issue in game.issue])
    if payoffs.table:
        issues = issues_of(issue.model_dump() for issue in game.issue)
        return looked_up(payoffs.table, issues, agenda.positions, side)
    levels = dict(zip(agenda.names, agenda.packages.T, strict=True))
    return by_formula(getattr(payoffs, side), payoffs.let, game.values.numbers, levels)
