"""Where an agreement is in force, each bargaining unit votes on its own wages and job security."""

from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from sim.arrays.axes import Array, take
from sim.mechanisms import unit_ballot
from sim.negotiators.history import NO_OFFER
from sim.play.stages.stage import Stage, World
from sim.play.stages.told import counts_of, numbers_of
from sim.preferences.ballot import Ballot
from sim.preferences.bylaws import Count, UnitCount, carried


class UnitBallotsStage(Stage):
    """Units that refuse keep their raises, and suffer a part of the threatened layoffs."""

    def after_talks(self, world: World) -> None:
        """Count the coalition's ballots by unit, and hold those of the units."""
        for number, (ballot, held) in enumerate(zip(world.ballots, world.counts, strict=True), 1):
            votes = [union.votes_by_unit(ballot) for union in world.unions]
            yes = np.concatenate(votes, axis=-1)
            world.unit_ballots.append(UnitCount(number, "coalition", held.worlds, yes))
            self._hold(world, number, ballot, held)

    def _hold(self, world: World, number: int, ballot: Ballot, held: Count) -> None:
        """Let the units vote where a ballot of the coalition has put an agreement in force."""
        in_force = held.ratified & (world.in_force[held.worlds] != NO_OFFER)
        own = world.batch.ballots.on_wages(ballot.among(np.flatnonzero(in_force)))
        own.put_to({union.index: union.voters_on_wages(own) for union in world.unions})
        votes = [
            union.unit_accepts_wages(unit, own)
            for union in world.unions
            for unit in range(len(union.units))
        ]
        counted = UnitCount(number, "wages", own.worlds, np.stack(votes, axis=-1))
        world.unit_ballots.append(counted)
        world.layoffs[own.worlds] += unit_ballot.laid_off(
            own.threat,
            take(world.batch.settings["unit_ballot.carried_out"], own.worlds),
            1 - _ratified_share(world, counted),
        )

    def columns(self, world: World) -> dict[str, Any]:
        """Units in favour on each ballot, and what holds in the end.

        `units_yes_1`, `units_yes_2`: units with a majority on the coalition's ballots; `units_yes`: on
        their own; `wage_yes_share`: members' mean yes share on these; `members_secured`: share of members
        who have job security; `savings_in_force`: savings ($M) without the wages of units that refused.
        """
        batch = world.batch
        coalition = {
            held.ballot: held for held in world.unit_ballots if held.question == "coalition"
        }
        own = [held for held in world.unit_ballots if held.question == "wages"]
        worlds = np.concatenate([held.worlds for held in own])
        shares = np.concatenate([_ratified_share(world, held) for held in own])
        package = world.in_force[worlds]
        voted = {
            "wage_yes_share": np.concatenate(
                [(held.yes * _weights(world)).sum(-1) for held in own]
            ),
            "members_secured": shares * batch.agenda.levels_on("job_security", package),
            "savings_in_force": _savings(world, worlds, 1 - shares),
        }
        return {
            **{f"units_yes_{n}": _units_yes(world, [held]) for n, held in coalition.items()},
            "units_yes": _units_yes(world, own),
            **{name: numbers_of(batch.worlds, worlds, values) for name, values in voted.items()},
        }


def _ratified_share(world: World, held: UnitCount) -> Float[Array, " voting"]:
    """The share of all members whose unit has said Yes."""
    return (carried(held.yes) * _weights(world)).sum(-1)


def _weights(world: World) -> Float[Array, " units"]:
    """Each unit's share of the whole membership."""
    return np.concatenate(
        [
            weight * np.array([unit.share for unit in union.units])
            for weight, union in zip(world.batch.electorate.weights, world.unions, strict=True)
        ]
    )


def _savings(
    world: World, worlds: Array, refusing: Float[Array, " voting"]
) -> Float[Array, " voting"]:
    """Savings ($M) of the agreements in force."""
    fiscal, agenda, package = world.batch.fiscal, world.batch.agenda, world.in_force[worlds]
    full_ask = take(fiscal.savings.get("wages", np.zeros(1)), worlds)
    on_wages = full_ask * agenda.levels_on("wages", package)
    savings = world.batch.look_up(world.batch.scored, package, worlds)
    return unit_ballot.savings_in_force(savings, on_wages, refusing)


def _units_yes(world: World, ballots: list[UnitCount]) -> pd.arrays.IntegerArray:
    """In how many units a majority said Yes, in the worlds of these ballots."""
    worlds = np.concatenate([held.worlds for held in ballots])
    return counts_of(world.batch.worlds, worlds, np.concatenate([b.units_yes for b in ballots]))
