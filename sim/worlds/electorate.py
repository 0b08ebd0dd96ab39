"""The electorate: who votes on an agreement, and what they want.

Everything here is fixed before the first round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array, stretch
from sim.arrays.streams import Draws, Stream
from sim.cases.schema.members import Tastes
from sim.mechanisms import Mechanism
from sim.mechanisms.mechanism import BargainingUnit, the_only
from sim.preferences.member import MemberUtility
from sim.worlds.settings import Settings


@dataclass(frozen=True, eq=False)
class Electorate:
    """The unions of the coalition and their members, in the worlds of these draws."""

    settings: Settings
    draws: Draws
    mechanisms: Sequence[Mechanism]

    @property
    def union_names(self) -> list[str]:
        """The unions of the coalition, in the order of the scenario."""
        return [union.name for union in self.settings.scenario.union]

    @cached_property
    def weights(self) -> Float[Array, " unions"]:
        """Each union's share of the membership."""
        return self.settings.weights

    @cached_property
    def mildness(self) -> Float[Array, "worlds unions"]:
        """How much milder than average each union is (share of pay): its offset and a normal draw."""
        offset = np.array([union.offset for union in self.settings.scenario.union])
        drawn = self.draws.normals(Stream.MILITANCY, len(offset))
        return offset + stretch(self.settings["unions.militancy_sd"]) * drawn

    @cached_property
    def common_shock(self) -> Float[Array, " worlds"]:
        """The shock shared by all unions (share of pay)."""
        return self.settings["unions.common_shock_sd"] * self.draws.normal(Stream.COMMON_SHOCK)

    @cached_property
    def units(self) -> list[list[BargainingUnit]]:
        """The bargaining units of each union: itself, where none are told apart."""
        found = (mechanism.units(self.mildness) for mechanism in self.mechanisms)
        return the_only(found, "which units there are") or [
            [BargainingUnit(union.name, union.name, union.members, 1.0, mild, mild)]
            for union, mild in zip(self.settings.scenario.union, self.mildness.T, strict=True)
        ]

    @cached_property
    def members(self) -> list[MemberUtility]:
        """What members want, by union; unions that are alike share one utility."""
        unions = range(len(self.union_names))
        if self.settings.unions_alike():
            return [self._members_of(0)] * len(unions)
        return [self._members_of(union) for union in unions]

    def _members_of(self, union: int) -> MemberUtility:
        settings = self.settings
        exposure = settings.scenario.union[union].layoff_exposure
        counted = settings["unions.exposure_weight"]
        made = MemberUtility(
            layoff_exposure=counted * exposure + (1 - counted),
            **{taste: settings.of_union(union, taste) for taste in Tastes.model_fields},
            **self._of_all_members,
        )
        return made if made.shared else replace(made.of(settings.first), row=settings.row)

    @cached_property
    def _of_all_members(self) -> dict[str, Array]:
        """What members of all unions share, one array for all of them."""
        settings = self.settings
        strata = settings.same("members.strata")
        slices = (np.arange(strata) + 0.5) / strata
        shared = {
            "seniority": slices,
            "workforce": settings["members.workforce"].astype(float),
            "bumping": settings["threat.bumping"],
        }
        for mechanism in self.mechanisms:
            shared |= mechanism.members(slices)
        return shared
