"""Two ballots: all vote on health and pensions; then each bargaining unit votes on its own wages.

What the coalition ratifies on health and pensions binds everybody. The wage freeze, and the job security
it buys, hold for a unit only if its own members vote for them: a unit that refuses keeps its raises and
can be laid off.
"""

from collections.abc import Sequence
from itertools import count
from typing import Annotated, Any

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field, StrictBool, StrictStr

from sim.arrays.axes import Array, stretch
from sim.arrays.streams import Stream
from sim.inputs.parameter import SHARE, Number, Section, Whole, parameter, switch
from sim.mechanisms.mechanism import BargainingUnit, Mechanism

FRAMEWORK = "SEBAC framework of May 2011: job security only for units that ratify the wage freeze"


class UnitBallotSettings(Section):
    """The ballots of the bargaining units, after that of the coalition."""

    # fmt: off
    on: StrictBool = switch("each bargaining unit votes on its own wages and job security", default=False,
        source=FRAMEWORK)
    units_sd: Number = parameter("spread of militancy between the units of a union that has several",
        "share of annual pay", default=0.0, low=0, high=10, plausible=(0, 0.1),
        source="assumption, chosen on the June 2011 votes of AFSCME's units")
    wages_sd: Number = parameter("how differently from the coalition's ballot a unit feels on its own",
        "share of annual pay", default=0.0, low=0, high=10, plausible=(0, 0.1),
        source="assumption, chosen on units whose two votes of 2011 are known")
    carried_out: Number = parameter(
        "share of the threatened layoffs that refusing units suffer, by their membership", SHARE,
        default=0.0, low=0, high=1, plausible=(0, 1),
        source="CT Mirror, 19 August 2011: 56 troopers were laid off")
    # fmt: on


class Unit(Section):
    """One bargaining unit of a union, with a contract on wages of its own."""

    name: Annotated[StrictStr, Field(min_length=1)]
    title: Annotated[StrictStr, Field(description="whom it represents")] = ""
    union: Annotated[StrictStr, Field(min_length=1, description="the union it belongs to")]
    members: Annotated[Whole, Field(ge=1, description="members of this unit (persons)")]
    source: Annotated[StrictStr, Field(min_length=1, description="where the size comes from")]
    offset: Annotated[
        Number,
        Field(
            ge=-10,
            le=10,
            description="how much milder than its union on the coalition's ballot (share of pay)",
        ),
    ] = 0.0
    wage_offset: Annotated[
        Number,
        Field(
            ge=-10,
            le=10,
            description="how much milder than its union on its own ballot (share of pay)",
        ),
    ] = 0.0


def by_union(units: Sequence[Unit], unions: Sequence[Any]) -> list[list[Unit]]:
    """The units of each union (which has a name and members): itself, where none are listed."""
    return [
        [unit for unit in units if unit.union == union.name]
        or [Unit(name=union.name, union=union.name, members=union.members, source="as the union")]
        for union in unions
    ]


def spread_within(
    spread: Float[np.ndarray, "#worlds 1"],
    drawn: Float[np.ndarray, "worlds units"],
    units_of_union: Int[np.ndarray, "units"],
) -> Float[np.ndarray, "worlds units"]:
    """How much milder than its union each unit is (share of pay): a normal draw, times the spread.

    `units_of_union` is how many units the union of each has; one that is a union by itself is as its union.
    """
    return np.where(units_of_union > 1, spread * drawn, 0.0)


def laid_off(
    threat: Float[np.ndarray, "#worlds"],
    carried_out: Float[np.ndarray, "#worlds"],
    refusing: Float[np.ndarray, "worlds"],
) -> Float[np.ndarray, "worlds"]:
    """Layoffs (persons) in the units that refused: their members' part of the threat, as far as carried out.

    `refusing` is the share of all members who belong to them. In 2011 56 of about 1,100 troopers were
    laid off (derived here).
    """
    return carried_out * threat * refusing


def savings_in_force(
    savings: Float[np.ndarray, "worlds"],
    on_wages: Float[np.ndarray, "worlds"],
    refusing: Float[np.ndarray, "worlds"],
) -> Float[np.ndarray, "worlds"]:
    """Savings ($M) of an agreement whose savings on wages ($M) the refusing units' members do not bring.

    Derived here: wages save in proportion to membership.
    """
    return savings - on_wages * refusing


class UnitBallot(Mechanism):
    """Each bargaining unit votes on its own wages and job security."""

    table = "unit_ballot"
    settings = UnitBallotSettings
    lists = {"unit": list[Unit]}
    wages_apart = True

    def units(self, mildness: Float[Array, "worlds unions"]) -> list[list[BargainingUnit]]:
        """The units of each union, each with draws of its own."""
        listed = by_union(self.values.scenario.unit, self.values.scenario.union)
        sizes = np.array([len(units) for units in listed for _ in units])
        within, on_wages = self._apart(sizes)
        slots, found = count(), []
        for union, units in enumerate(listed):
            of_union = []
            for unit in units:
                slot = next(slots)
                mild = mildness[:, union] + within[slot]
                share = unit.members / self.values.scenario.union[union].members
                alone = mild + unit.wage_offset + on_wages[slot]
                of_union.append(
                    BargainingUnit(
                        unit.name, unit.union, unit.members, share, mild + unit.offset, alone
                    )
                )
            found.append(of_union)
        return found

    def _apart(
        self, sizes: Int[Array, " units"]
    ) -> tuple[Float[Array, "units worlds"], Float[Array, "units worlds"]]:
        """How much milder than its union each unit is (share of pay), and how much more so on wages."""
        units_sd, wages_sd = (stretch(self.own(f"{of}_sd")) for of in ("units", "wages"))
        drawn = self.draws.normals(Stream.UNIT_MILITANCY, len(sizes))
        on_wages = wages_sd * self.draws.normals(Stream.UNIT_ON_WAGES, len(sizes))
        within = spread_within(units_sd, drawn, sizes)
        return np.ascontiguousarray(within.T), np.ascontiguousarray(on_wages.T)
