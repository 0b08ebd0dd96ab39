"""The ratifiers of a batch besides its unions: what a package gains each, in every world."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array
from sim.arrays.streams import Draws, Stream
from sim.cases.schema.ratifiers import RatifierSettings
from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import additive
from sim.preferences.ratifiers import (
    Board,
    Body,
    Chamber,
    Ratifier,
    Voters,
    nearer,
    passes,
    tastes_of_seats,
)
from sim.preferences.valuation import Valuation


@dataclass(frozen=True, eq=False)
class Vote:
    """How a ratifier voted on the agreements of some worlds: the share of Yes in each of its bodies."""

    ratifier: RatifierSettings
    worlds: Int[Array, " voting"]
    yes: dict[str, Float[Array, " voting"]]
    passed: Bool[Array, " voting"]


@dataclass(frozen=True, eq=False)
class Ratifying:
    """One ratifier in the worlds of a batch.

    Its name is the address of its draws; `sides` are what packages are worth to the two sides of the table.
    """

    settings: RatifierSettings
    agenda: Agenda
    draws: Draws
    sides: Mapping[str, Valuation]

    def votes(
        self,
        worlds: Int[Array, " voting"],
        package: Int[Array, " voting"],
        secrecy: Float[Array, " voting"],
    ) -> Vote:
        """Its votes on a package in each of some worlds, `secrecy` being that of the talks."""
        gain = self.gain(package, worlds, secrecy)
        if self.settings.mood_sd > 0:
            gain = gain + self.settings.mood_sd * self._mood[worlds]
        yes, passed = {}, np.ones(len(worlds), dtype=bool)
        for name, body in self.ratifier.bodies.items():
            own = gain + self.ratifier.offset[name]
            drawn = self._tastes[worlds] if isinstance(body, Board) else None
            yes[name] = body.yes_share(own, package, drawn)
            passed &= passes(yes[name], body.required)
        return Vote(self.settings, worlds, yes, passed)

    def gain(
        self,
        package: Int[Array, " voting"],
        worlds: Int[Array, " voting"],
        secrecy: Float[Array, " voting"],
    ) -> Float[Array, " voting"]:
        """What a package gains one of average taste over what happens otherwise, but for the mood."""
        settings = self.settings
        gain = self._worth(package, worlds) - settings.otherwise + settings.offset
        gain = gain - settings.misperceived * secrecy
        if settings.told_by != "nobody":
            gains = self.sides[settings.told_by].of(package, worlds) > 0
            gain = gain + np.where(gains, settings.advice, -settings.advice)
        return gain

    def chances(self, secrecy: Float[Array, " packages"]) -> Float[Array, " packages"]:
        """How likely it is to agree to each package, in worlds that are alike, one a package."""
        every = np.arange(len(self.agenda))
        return self.ratifier.chance(self.gain(every, every, secrecy))

    @cached_property
    def ratifier(self) -> Ratifier:
        """Its bodies and their rules."""
        settings = self.settings
        bodies, offset = {settings.name: self._single}, {settings.name: 0.0}
        if settings.chamber:
            offset = {chamber.name: chamber.offset for chamber in settings.chamber}
            bodies = {
                each.name: self._chamber(each.seats, each.required, each.ideal_points)
                for each in settings.chamber
            }
        return Ratifier(settings.mood_sd, bodies, offset)

    @property
    def _single(self) -> Body:
        settings, seats = self.settings, self.settings.seats or 1
        if settings.kind == "referendum":
            return Voters(settings.required, settings.spread)
        if settings.kind == "board":
            return Board(settings.required, seats, settings.spread, settings.casting_vote)
        return self._chamber(seats, settings.required, settings.ideal_points)

    def _chamber(self, seats: int, required: float, ideal_points: list[float] | None) -> Chamber:
        tastes = tastes_of_seats(seats, self.settings.spread)
        if self.settings.worth == "position" and ideal_points is not None:
            ideal = np.array(ideal_points)
            tastes = tastes + nearer(self._position, self.settings.status_quo, ideal)
        return Chamber(required, tastes, self.settings.casting_vote)

    def _worth(self, package: Array, worlds: Array) -> Float[Array, " voting"]:
        worth = self.settings.worth
        if worth in self.sides:
            return self.sides[worth].of(package, worlds)
        return self._own[package] if worth == "own" else np.zeros(len(package))

    @cached_property
    def _own(self) -> Float[Array, " packages"]:
        """Its own points of every package."""
        none = [np.zeros(len(levels)).tolist() for levels in self.agenda.levels]
        listed = zip(self.agenda.names, none, strict=True)
        return additive(
            self.agenda, [self.settings.points.get(name, zero) for name, zero in listed]
        )

    @cached_property
    def _position(self) -> Float[Array, " packages"]:
        """Where every package stands on its line."""
        moved = self.settings.position.items()
        steps = (by * self.agenda.levels_on(issue) for issue, by in moved)
        return sum(steps, start=np.zeros(len(self.agenda)))

    @cached_property
    def _mood(self) -> Float[Array, " worlds"]:
        return self.draws.normals(Stream.RATIFIER_MOOD, 1, self._address)[:, 0]

    @cached_property
    def _tastes(self) -> Float[Array, "worlds seats"]:
        return self.draws.normals(Stream.BOARD_TASTES, self.settings.seats or 1, self._address)

    @property
    def _address(self) -> int:
        return crc32(self.settings.name.encode())
