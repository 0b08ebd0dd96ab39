"""A scenario on paper: whole points on few levels for both sides, and how well they stand for it.

A textbook game with points by issue has its points already. What packages are worth in a two-level game, or
by a table or a formula, is no sum over issues; it becomes points by additive least squares (see
`points_for`), so that its kit is a textbook game with points by issue, too, which all that plays and
solves scenarios can take.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from scipy.stats import spearmanr

from sim.arrays.axes import Array
from sim.cases.loading import as_document, parse_scenario
from sim.cases.schema import Scenario, TextbookGame
from sim.cases.schema.parties import NegotiatorSettings
from sim.cases.schema.talks import Issue
from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import additive
from sim.worlds.batch import SIDES
from sim.worlds.solution import CONCEPTS, Solution, solve

MOST_LEVELS = 5  # of an issue
MOST_LEVELS_ALONE = 21  # of the only issue
MOST_ROUNDS = 13  # that a class has time for: turns 0 to 12 of the program
BEST = 100  # points of the best package
LARGE = 1e5  # from which six digits are no cents
CALLED = {  # the solution concepts on the sheets of a kit
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "largest sum",
}


@dataclass(frozen=True)
class Fidelity:
    """How well points stand for the utility of packages, over all packages of the kit.

    `rank` is Spearman's correlation, `typical` the root of the mean squared error and `worst` the largest
    error (points); `rank_in_zopa` and `worst_in_zopa` are the same where both sides gain, NaN if nowhere.
    """

    rank: float
    rank_in_zopa: float
    typical: float
    worst: float
    worst_in_zopa: float


@dataclass(frozen=True, eq=False)
class Points:
    """Points of every level of every issue; `nothing` are those of no agreement.

    `unit` is the utility that one point stands for.
    """

    of_level: tuple[tuple[float, ...], ...]
    nothing: float
    unit: float

    def total(self, agenda: Agenda) -> Float[Array, " packages"]:
        """The points of every package."""
        return additive(agenda, self.of_level)

    def fidelity(
        self, agenda: Agenda, utility: Float[Array, " packages"], zopa: Bool[Array, " packages"]
    ) -> Fidelity:
        """How well they stand for the utility of packages (0: no agreement)."""
        total = self.total(agenda)
        error = np.abs(total - self.nothing - utility / self.unit)
        return Fidelity(
            rank=_rank_correlation(total, utility),
            rank_in_zopa=_rank_correlation(total[zopa], utility[zopa]),
            typical=float(np.sqrt((error * error).mean())),
            worst=float(error.max()),
            worst_in_zopa=float(error[zopa].max()) if zopa.any() else float("nan"),
        )


def points_for(agenda: Agenda, utility: Float[Array, " packages"]) -> Points:
    """Whole points whose sum over issues stands for the utility of packages (0: no agreement).

    1. Least squares over all packages: a constant, and an effect of each level of each issue.
    2. The worst level of each issue gets 0 points, and what this adds goes to no agreement too.
    3. The best package gets 100 points, before all points are rounded to whole numbers.
    """
    constant, effects = _least_squares(agenda, utility)
    shifted = [effect - effect.min() for effect in effects]
    nothing = -constant - sum(effect.min() for effect in effects)
    best = additive(agenda, [effect.tolist() for effect in shifted]).max()
    unit = best / BEST if best > 0 else 1.0
    return Points(
        of_level=tuple(tuple(int(p) for p in np.rint(effect / unit)) for effect in shifted),
        nothing=int(np.rint(nothing / unit)),
        unit=float(unit),
    )


def _least_squares(
    agenda: Agenda, utility: Float[Array, " packages"]
) -> tuple[float, list[Float[Array, " _"]]]:
    """A constant, and the effect of each level of each issue against its first level."""
    counts = [len(levels) for levels in agenda.levels]
    chosen = [
        agenda.positions[:, issue] == level
        for issue, count in enumerate(counts)
        for level in range(1, count)
    ]
    design = np.stack([np.ones(len(agenda), dtype=bool), *chosen], axis=-1).astype(float)
    found = np.linalg.lstsq(design, utility)[0]
    ends = np.cumsum([count - 1 for count in counts])[:-1]
    return float(found[0]), [np.append(0.0, part) for part in np.split(found[1:], ends)]


def _rank_correlation(one: Array, other: Array) -> float:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(spearmanr(one, other).statistic)


@dataclass(frozen=True, eq=False)
class Paper:
    """A scenario and the `game` that a class plays of it.

    `points` are those of governor and coalition; `numbers` are the numbers that the packages of the
    game have in the scenario.
    """

    scenario: Scenario
    game: TextbookGame
    points: dict[str, Points]
    numbers: Int[Array, " packages"]

    def __repr__(self) -> str:
        return f"<Paper of {self.scenario.name}: {len(self.numbers):,} packages>"

    @cached_property
    def solved(self) -> Solution:
        """The game of points, solved."""
        return solve(self.game)

    @cached_property
    def modelled(self) -> Solution:
        """The scenario itself, solved."""
        return solve(self.scenario)

    @property
    def agenda(self) -> Agenda:
        """The issues and levels on paper."""
        return self.solved.agenda

    @property
    def exact(self) -> bool:
        """Whether the points are those of the scenario."""
        return self.scenario.points_add_up

    @property
    def rounds(self) -> int:
        """How many offers there is time for."""
        return self.game.calendar.rounds + 1

    @property
    def thinned(self) -> list[Issue]:
        """The issues of the scenario that have more levels than the kit."""
        pairs = zip(self.scenario.issue, self.game.issue, strict=True)
        return [whole for whole, few in pairs if len(whole.levels) > len(few.levels)]

    @cached_property
    def concepts(self) -> dict[str, int]:
        """The package of the game that each solution concept chooses by the points."""
        return _chosen(self.solved)

    @cached_property
    def against_the_model(self) -> "AgainstTheModel":
        """How what theory says of the points differs from what it says of the scenario."""
        game, model = self.solved.packages, self.modelled.packages.iloc[self.numbers]
        efficient = (game["pareto"] & game["zopa"]).to_numpy()
        other = _chosen(self.modelled)
        moved = [
            CALLED[name]
            for name, number in self.concepts.items()
            if int(self.numbers[number]) != other.get(name)
        ]
        also = efficient & model["pareto"].to_numpy()
        return AgainstTheModel(int(efficient.sum()), int(also.sum()), tuple(moved))

    def in_points(self, packages: pd.DataFrame) -> pd.DataFrame:
        """What packages of the scenario are worth by the points; between levels on paper, in between.

        Args:
            packages: rows of `modelled.packages`.
        """
        if self.exact:
            return packages[list(SIDES)]
        worth = {
            side: sum(
                np.interp(packages[issue.name], issue.levels, points)
                for issue, points in zip(self.game.issue, self.points[side].of_level, strict=True)
            )
            for side in SIDES
        }
        return pd.DataFrame(worth, index=packages.index)

    def fidelity(self, side: str) -> Fidelity:
        """How well the points of a side stand for its utility in the scenario."""
        table = self.modelled.packages.iloc[self.numbers]
        without = self.modelled.disagreement[SIDES.index(side)]
        utility = table[side].to_numpy() - without
        return self.points[side].fidelity(self.agenda, utility, table["zopa"].to_numpy())


@dataclass(frozen=True)
class AgainstTheModel:
    """How a game of points differs from the scenario that it stands for.

    Of `efficient` packages, which are on the frontier and in the ZOPA by the points, `also_in_model` are on
    the scenario's own frontier; `moved` are the solution concepts that choose another package there.
    """

    efficient: int
    also_in_model: int
    moved: tuple[str, ...]

    @property
    def words(self) -> str:
        """The difference in a sentence or two; empty where there is none."""
        if self.also_in_model == self.efficient and not self.moved:
            return ""
        frontier = (
            "The frontier and what theory chooses are those of the points that were played. In the "
            f"scenario's own utilities, for which the points stand, {self.also_in_model:,} of the "
            f"{self.efficient:,} packages that no other improves on and both prefer to none are on the "
            "frontier too"
        )
        if not self.moved:
            return f"{frontier}."
        *others, last = self.moved
        names = f"{', '.join(others)} and {last}" if others else last
        return f"{frontier}, and {names} would choose {'others' if others else 'another'}."


def _chosen(solution: Solution) -> dict[str, int]:
    found = {name: getattr(solution, name) for name in CONCEPTS}
    return {name: choice.number for name, choice in found.items() if choice is not None}


def on_paper(scenario: Scenario) -> Paper:
    """Put a scenario on paper; the same scenario gives the same paper.

    Raises:
        sim.inputs.problems.InputError: when a side can gain nothing on paper.
    """
    kept = [_kept(len(issue.levels), len(scenario.issue)) for issue in scenario.issue]
    numbers = _numbers(scenario, kept)
    if scenario.points_add_up:
        points = {side: _own_points(scenario, side, kept) for side in SIDES}
    else:
        agenda, solved = _agenda(scenario, kept), solve(scenario).packages.iloc[numbers]
        gains = zip(SIDES, scenario.disagreement, strict=True)
        points = {side: points_for(agenda, solved[side].to_numpy() - none) for side, none in gains}
    return Paper(scenario, _game(scenario, kept, points), points, numbers)


def _kept(levels: int, issues: int) -> Int[Array, " _"]:
    """The positions of the levels that stand on paper: evenly spread, first and last among them."""
    most = MOST_LEVELS if issues > 1 else MOST_LEVELS_ALONE
    return np.rint(np.linspace(0, levels - 1, min(levels, most))).astype(int)


def _numbers(scenario: Scenario, kept: Sequence[Int[Array, " _"]]) -> Int[Array, " packages"]:
    positions = Agenda.of(scenario).positions
    on_paper = [np.isin(column, few) for column, few in zip(positions.T, kept, strict=True)]
    return np.flatnonzero(np.all(on_paper, axis=0))


def _agenda(scenario: Scenario, kept: Sequence[Int[Array, " _"]]) -> Agenda:
    issues = [
        issue.model_copy(update={"levels": [issue.levels[level] for level in levels]})
        for issue, levels in zip(scenario.issue, kept, strict=True)
    ]
    return Agenda.of(scenario.model_copy(update={"issue": issues}))


def _own_points(game: Scenario, side: str, kept: Sequence[Int[Array, " _"]]) -> Points:
    """The points that a textbook game itself gives to the levels on paper."""
    of_level = tuple(
        tuple(getattr(issue, side)[level] for level in levels)
        for issue, levels in zip(game.issue, kept, strict=True)
    )
    return Points(of_level, game.disagreement[SIDES.index(side)], 1.0)


def _game(
    scenario: Scenario, kept: Sequence[Int[Array, " _"]], points: dict[str, Points]
) -> TextbookGame:
    """The game of these points, played by the habits of the scenario's negotiators."""
    document = as_document(scenario)
    shared = ("title", "description", "source", "agenda", "talks")
    game: dict[str, Any] = {key: document[key] for key in shared if key in document}
    habits = NegotiatorSettings.model_fields
    game |= {side: {k: v for k, v in document[side].items() if k in habits} for side in SIDES}
    game["issue"] = [
        issue
        | {key: [issue[key][level] for level in levels] for key in ("labels",) if key in issue}
        | {"levels": [scenario.issue[number].levels[level] for level in levels]}
        | {side: list(points[side].of_level[number]) for side in SIDES}
        for number, (issue, levels) in enumerate(zip(document["issue"], kept, strict=True))
    ]
    document = game | {
        "utility": "points",
        "name": f"{scenario.name}-on-paper",
        "batna": [points[side].nothing for side in SIDES],
        "calendar": {"rounds": min(scenario.calendar.rounds, MOST_ROUNDS - 1)},
    }
    parsed = parse_scenario(document, f"{scenario.name} on paper")
    assert isinstance(parsed, TextbookGame)  # its utility is points
    return parsed


@dataclass(frozen=True)
class PaperIssue:
    """An issue as it is printed: its levels in words, and the dollars saved at each, if any ($M).

    `marks` are the words where there is little room: yes and no for what is granted or not.
    """

    name: str
    title: str
    unit: str
    levels: tuple[float, ...]
    labels: tuple[str, ...]
    marks: tuple[str, ...]
    dollars: tuple[float, ...] | None


def printed_issues(paper: Paper) -> list[PaperIssue]:
    """The issues of a kit in plain units."""
    return [
        PaperIssue(
            name=issue.name,
            title=issue.title,
            unit="" if issue.labels or _words(issue.unit) else issue.unit,
            levels=tuple(issue.levels),
            labels=_labels(issue),
            marks=_marks(issue),
            dollars=_dollars(paper, issue),
        )
        for issue in paper.game.issue
    ]


def _labels(issue: Issue) -> tuple[str, ...]:
    if issue.labels:
        return tuple(map(issue.label_of, issue.levels))
    return tuple(label(level, issue.unit) for level in issue.levels)


def label(level: float, unit: str) -> str:
    """A level in the words of its unit: "granted" for 1 where the unit is "1 = granted, 0 = not"."""
    words = _words(unit)
    if level in words:
        return f"not {words[1.0]}" if words[level] == "not" and 1.0 in words else words[level]
    return f"{written(100 * level)}\u00a0%" if unit.startswith("share of ") else in_thousands(level)


def written(number: float) -> str:
    """A number as one types it: whole ones with all their digits, others to six, large ones to cents."""
    if float(number).is_integer():
        return f"{number + 0.0:.0f}"
    return f"{number:g}" if abs(number) < LARGE else f"{number:.2f}"


def in_thousands(number: float) -> str:
    """The same with commas between thousands."""
    return f"{Decimal(written(number)):,}"


def _marks(issue: Issue) -> tuple[str, ...]:
    if tuple(issue.levels) == (0.0, 1.0) and not issue.labels and _words(issue.unit):
        return "no", "yes"
    return _labels(issue)


def _words(unit: str) -> dict[float, str]:
    found = re.findall(r"(-?\d+(?:\.\d+)?) = ([^,;]+)", unit)
    return {float(number): words.strip() for number, words in found}


def _dollars(paper: Paper, issue: Issue) -> tuple[float, ...] | None:
    """What each level saves or brings in ($M), as everybody knows."""
    fiscal = paper.scenario.fiscal
    if fiscal is None:
        return None
    a_level = {
        "tax_share": fiscal.gap,
        "negotiated_layoffs": fiscal.saving_per_layoff,
        **fiscal.savings,
    }
    if issue.name not in a_level:
        return None
    return tuple(level * a_level[issue.name] for level in issue.levels)
