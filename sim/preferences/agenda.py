"""Issues, their levels, and the packages that can be made of them.

A package is one level for every issue (Raiffa 1982). Levels are discrete, so the set of packages is
finite and exact: it is enumerated once, in the order of the issues, the last one moving fastest.
That order is the final tie rule everywhere: of equals, the first package wins.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import TIE, Array, distinct, first_of_each, read_only, stretch
from sim.cases.schema import Scenario
from sim.inputs.machine import hold_memory
from sim.inputs.sizes import in_number


@dataclass(frozen=True, eq=False)
class Agenda:
    """The ordered set of issues (Fershtman 1990) and every package over them.

    `similarity` is "squared" or "absolute" for each issue, with its weight: how a difference
    between two packages counts on that issue.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    units: tuple[str, ...]
    levels: tuple[tuple[float, ...], ...]
    similarity: tuple[str, ...]
    similarity_weights: tuple[float, ...]
    excludes: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        issues = zip(self.names, self.levels, strict=True)
        counted = ", ".join(f"{name} ({len(levels)} levels)" for name, levels in issues)
        return f"<Agenda: {counted}>"

    @classmethod
    def of(cls, scenario: Scenario) -> "Agenda":
        """Read the agenda of a scenario."""
        issues = scenario.issue
        return cls(
            names=tuple(issue.name for issue in issues),
            titles=tuple(issue.title for issue in issues),
            units=tuple(issue.unit for issue in issues),
            levels=tuple(tuple(issue.levels) for issue in issues),
            similarity=tuple(issue.similarity for issue in issues),
            similarity_weights=tuple(issue.similarity_weight for issue in issues),
            excludes=tuple(scenario.agenda.excludes),
        )

    @cached_property
    def positions(self) -> Int[Array, "packages issues"]:
        """Each package as the position of its level on every issue.

        Raises:
            InputError: where there are more packages than memory.
        """
        shape = [len(levels) for levels in self.levels]
        packages = math.prod(shape)
        hold_memory(
            3 * 8 * len(shape) * packages,
            f"{in_number(packages)} packages",
            "take issues or levels out",
        )
        allowed = np.ones(shape, dtype=bool)
        for excluded in self.excludes:
            pair = [self.names.index(issue) for issue in excluded]
            asked = [self._levels_of(i) > 0 for i in pair]
            np.moveaxis(allowed, pair, (0, 1))[np.ix_(*asked)] = False
        return read_only(np.ascontiguousarray(np.argwhere(allowed)))

    @cached_property
    def packages(self) -> Float[Array, "packages issues"]:
        """Each package as its level on every issue, in the units of the issues."""
        columns = [self._levels_of(i)[self.positions[:, i]] for i in range(len(self.names))]
        return read_only(np.stack(columns, axis=-1))

    def __len__(self) -> int:
        return len(self.packages)

    def levels_on(self, issue: str, chosen: Int[Array, "*any"] | None = None) -> Array:
        """The level of packages on one issue: of all of them, or of the chosen package numbers.

        An issue that is not on the agenda is at level 0 in every package.
        """
        if issue not in self.names:
            return np.zeros(len(self) if chosen is None else np.shape(chosen))
        column = self.packages[:, self.names.index(issue)]
        return column if chosen is None else column[chosen]

    def by_level(
        self, issue: str, of_level: Array, package: Int[Array, "#worlds packages"]
    ) -> Array:
        """Look up what a rule gives members for each level of an issue, for packages.

        `of_level` is (..., #worlds, levels, members).
        """
        if issue not in self.names:
            return of_level[..., :1, :]
        position = self.positions[:, self.names.index(issue)][package]
        worlds = of_level.shape[-3]
        return of_level[..., 0 if worlds == 1 else stretch(np.arange(worlds)), position, :]

    def kinds(
        self, issues: tuple[str, ...]
    ) -> tuple[Int[Array, " kinds"], Int[Array, " packages"]]:
        """Packages told apart by some issues only: one package of each kind, and the kind of each."""
        if issues not in self._kinds:
            self._kinds[issues] = self._told_apart(issues)
        return self._kinds[issues]

    @cached_property
    def _kinds(self) -> dict[tuple[str, ...], tuple[Array, Array]]:
        return {}

    def _told_apart(self, issues: tuple[str, ...]) -> tuple[Array, Array]:
        known = [self.names.index(issue) for issue in issues if issue in self.names]
        code = np.zeros(len(self), dtype=np.intp)
        for i in known:
            code = code * len(self.levels[i]) + self.positions[:, i]
        _, kind = distinct(code)
        return read_only(first_of_each(kind)), read_only(kind)

    def levels_of(self, issue: str) -> Float[Array, " levels"]:
        """The levels of an issue; one that is not on the agenda has the level 0."""
        return self._levels_of(self.names.index(issue)) if issue in self.names else np.zeros(1)

    def find(self, **levels: float) -> int:
        """The number of the package with these levels; issues not named are at their first level."""
        wanted = [
            levels.pop(name, own[0]) for name, own in zip(self.names, self.levels, strict=True)
        ]
        if levels:
            raise KeyError(f"no issue is called {next(iter(levels))!r}; there are {self.names}")
        match = np.flatnonzero((self.packages == wanted).all(axis=-1))
        if len(match) == 0:
            raise KeyError(
                f"no package has the levels {dict(zip(self.names, wanted, strict=True))}"
            )
        return int(match[0])

    def difference(self, package: int) -> Float[Array, " packages"]:
        """How far every package is from one of them, in the agenda's own measure of similarity."""
        apart = np.abs(self.packages - self.packages[package])
        squared = np.array([kind == "squared" for kind in self.similarity])
        return (np.where(squared, apart * apart, apart) * np.array(self.similarity_weights)).sum(-1)

    def most_similar(
        self, package: int, candidates: Int[Array, " candidates"]
    ) -> Int[Array, " similar"]:
        """The candidates nearest to a package; several when they tie."""
        apart = self.difference(package)[candidates]
        return candidates[apart <= apart.min() + TIE]

    def _levels_of(self, issue: int) -> Float[Array, " levels"]:
        return np.array(self.levels[issue], dtype=float)


def additive(agenda: Agenda, points: Sequence[Sequence[float]]) -> Float[Array, " packages"]:
    """Total points of every package when each level of each issue has its own (Keeney and Raiffa 1976)."""
    total = np.zeros(len(agenda))
    for i, of_level in enumerate(points):
        total = total + np.array(of_level, dtype=float)[agenda.positions[:, i]]
    return total
