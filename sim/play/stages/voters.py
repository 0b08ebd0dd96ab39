"""What the members' ballots tell besides Yes and No: who voted, what they believed, what they were told."""

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array
from sim.mechanisms.turnout import share_of_votes_cast
from sim.play.stages.stage import Stage, World


class Turnout(Stage):
    """Some members do not vote."""

    def columns(self, world: World) -> dict[str, Any]:
        """Share of all members who voted on each ballot: `turnout_1`, `turnout_2`."""
        return {
            f"turnout_{number}": _in_all_worlds(held.turnout, held.worlds, world)
            for number, held in enumerate(world.ballots, start=1)
        }


class BySeniority(Stage):
    """The votes of junior and of senior members are told apart."""

    def columns(self, world: World) -> dict[str, Any]:
        """Share of Yes among the votes of each half, and by how much juniors are ahead, on each ballot.

        `yes_juniors_1`, `yes_seniors_1`, `junior_lead_1`, and the same of the second ballot.
        """
        told = {}
        for number, ballot in enumerate(world.asked, start=1):
            weighed = zip(world.batch.electorate.weights, world.unions, strict=True)
            halves = sum(weight * union.in_favour_by_half(ballot) for weight, union in weighed)
            if ballot.turnout is not None:  # it is the same in all unions
                halves = share_of_votes_cast(halves, *ballot.turnout)
            juniors, seniors = (_in_all_worlds(half, ballot.worlds, world) for half in halves)
            told |= {f"yes_juniors_{number}": juniors, f"yes_seniors_{number}": seniors}
            told[f"junior_lead_{number}"] = juniors - seniors
        return told


class Rumours(Stage):
    """Rumours go round in the unions, and are corrected."""

    def columns(self, world: World) -> dict[str, Any]:
        """Share of all members who believe the rumour at each ballot: `rumour_1`, `rumour_2`."""
        told, electorate = {}, world.batch.electorate
        for number, which, held in zip((1, 2), ("first", "second"), world.ballots, strict=True):
            believing = electorate.believing(which, held.worlds, world.secrecy[held.worlds])
            share = (believing * electorate.weights).sum(-1)
            told[f"rumour_{number}"] = _in_all_worlds(share, held.worlds, world)
        return told


class Recommendation(Stage):
    """Leaders tell their members how to vote."""

    def columns(self, world: World) -> dict[str, Any]:
        """Share of all members whose leader says Yes: `recommended`, and No: `advised_against`."""
        first, electorate = world.ballots[0].worlds, world.batch.electorate
        stands = electorate.stands(first, world.agreement[first])
        shares = {"recommended": stands > 0, "advised_against": stands < 0}
        return {
            name: _in_all_worlds((said * electorate.weights).sum(-1), first, world)
            for name, said in shares.items()
        }


def _in_all_worlds(
    values: Float[Array, " voting"], voting: Int[Array, " voting"], world: World
) -> Float[Array, " worlds"]:
    """Values of the worlds that vote, missing elsewhere."""
    told = np.full(world.batch.worlds, np.nan)
    told[voting] = values
    return told
