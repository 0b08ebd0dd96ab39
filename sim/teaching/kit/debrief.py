"""What a class looks at afterwards: packages in words and points, and who chooses which of them.

Theory's solution concepts, the simulated negotiators of the scenario, and the record of what happened.
"""

import base64
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.cases.record import Record
from sim.play.outcome import negotiate
from sim.show.figures.bargaining_set import bargaining_set
from sim.show.figures.style import as_svg
from sim.teaching.kit.paper import CALLED, Paper, PaperIssue
from sim.teaching.kit.voters import Voters

AGENTS, SEED = 500, 2011  # worlds that the debrief tells of, and their random numbers
MOST_ROWS = 16  # of the frontier on the debrief
MOST_COMMON = 3  # agreements of the agents that the debrief names


@dataclass(frozen=True)
class PrintedDeal:
    """A package in words, its points to governor and coalition and to each played union.

    `marks` are the words where there is little room, `called` the concepts that choose it. `carried` says
    whether the members of each played union vote Yes on the first ballot.
    """

    labels: tuple[str, ...]
    marks: tuple[str, ...]
    governor: float
    coalition: float
    unions: tuple[float, ...]
    carried: tuple[bool, ...]
    called: tuple[str, ...]


@dataclass(frozen=True)
class Agents:
    """What the simulated negotiators did: shares of worlds, and their most common agreements."""

    worlds: int
    agreed: float
    ratified: float
    ratified_first: float | None
    common: tuple[tuple[PrintedDeal, float], ...]


@dataclass(frozen=True, eq=False)
class Debrief:
    """The packages of a game on paper, and who chooses which; no `voters` or `record` where there is none."""

    paper: Paper
    issues: tuple[PaperIssue, ...]
    voters: Voters | None
    record: Record | None

    def printed(self, package: int) -> PrintedDeal:
        """A package of the game on paper in words and points."""
        return self._printed[package]

    @cached_property
    def _printed(self) -> list[PrintedDeal]:
        table, agenda = self.paper.solved.packages, self.paper.agenda
        played = self.voters.played if self.voters else ()
        totals = [union.points.total(agenda) for union in played]
        chosen = self.concepts
        return [
            PrintedDeal(
                labels=tuple(
                    issue.labels[level] for issue, level in zip(self.issues, levels, strict=True)
                ),
                marks=tuple(
                    issue.marks[level] for issue, level in zip(self.issues, levels, strict=True)
                ),
                governor=float(governor),
                coalition=float(coalition),
                unions=tuple(float(total[number]) for total in totals),
                carried=tuple(
                    bool(total[number] > union.needs[0])
                    for total, union in zip(totals, played, strict=True)
                ),
                called=tuple(name for name, choice in chosen.items() if choice == number),
            )
            for number, (levels, governor, coalition) in enumerate(
                zip(agenda.positions, table["governor"], table["coalition"], strict=True)
            )
        ]

    @cached_property
    def concepts(self) -> dict[str, int]:
        """The package that each solution concept chooses on paper."""
        return {CALLED[name]: number for name, number in self.paper.concepts.items()}

    @property
    def example(self) -> PrintedDeal:
        """Some package, to show how points are added up."""
        return self.printed(len(self.paper.agenda) // 3)

    @cached_property
    def frontier(self) -> tuple[list[PrintedDeal], int]:
        """The packages that no other improves on and both prefer to none, and how many there are.

        Where there are too many for a page, some are left out evenly, but none that a concept chooses.
        """
        table = self.paper.solved.packages
        both = table[table["pareto"] & table["zopa"]].sort_values(
            ["governor", "coalition"], ascending=[False, True], kind="stable"
        )
        numbers = both.index.to_numpy()
        named = set(self.concepts.values())
        room = max(MOST_ROWS - len(named), 2)
        even = np.rint(np.linspace(0, len(numbers) - 1, min(len(numbers), room))).astype(int)
        shown = {int(numbers[place]) for place in even} | named
        kept = numbers if len(numbers) <= MOST_ROWS else [n for n in numbers if n in shown]
        return [self.printed(int(number)) for number in kept], len(numbers)

    @cached_property
    def agents(self) -> Agents:
        """How the scenario's own negotiators ended."""
        worlds = negotiate(self.paper.scenario, AGENTS, seed=SEED).frame()
        first = worlds["status"] == "ratified_first" if self.voters else None
        return Agents(
            worlds=len(worlds),
            agreed=float(worlds["agreed"].mean()),
            ratified=float(worlds["ratified"].mean()),
            ratified_first=None if first is None else float(first.mean()),
            common=self._most_common(worlds[worlds["agreed"]]),
        )

    def _most_common(self, agreed: pd.DataFrame) -> tuple[tuple[PrintedDeal, float], ...]:
        """The agreements that most worlds share, of those that stand on paper."""
        names = list(self.paper.agenda.names)
        counts = agreed.groupby(names).size().sort_values(ascending=False, kind="stable")
        places = {tuple(p): number for number, p in enumerate(self.paper.agenda.packages.tolist())}
        found = []
        for levels, count in counts.items():
            number = places.get(levels if isinstance(levels, tuple) else (levels,))
            if number is not None:
                found.append((self.printed(number), count / len(agreed)))
        return tuple(found[:MOST_COMMON])

    @cached_property
    def as_it_happened(self) -> PrintedDeal | None:
        """The agreement of the record on the levels of the kit; None without one on all its issues."""
        names = self.paper.agenda.names
        if self.record is None or not self.record.agreement.keys() >= set(names):
            return None
        levels = {name: self.record.agreement[name] for name in names}
        return self.printed(self.paper.agenda.find(**levels))

    @property
    def picture(self) -> str:
        """All packages in points, as a data address that a page can hold."""
        drawn = as_svg(bargaining_set(self.paper.solved))
        return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"
