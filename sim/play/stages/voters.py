"""What the members' ballots tell besides Yes and No: the halves of seniority, and what mechanisms tell."""

from typing import Any

from sim.mechanisms.turnout import share_of_votes_cast
from sim.play.stages.stage import Stage, World
from sim.play.stages.told import numbers_of


class MechanismsStage(Stage):
    """Nothing happens; mechanisms tell who voted, what members believed, what they were told."""

    def columns(self, world: World) -> dict[str, Any]:
        """What each mechanism that is on tells of both ballots (see `Mechanism.columns`)."""
        found: dict[str, Any] = {}
        for mechanism in world.batch.mechanisms:
            held = zip(world.votings, world.counts, strict=True)
            for number, (voting, counted) in enumerate(held, start=1):
                columns = mechanism.columns(number, voting, counted)
                for name, values in columns.items():
                    found[name] = numbers_of(world.batch.worlds, voting.worlds, values)
        return found


class BySeniorityStage(Stage):
    """The votes of junior and of senior members are told apart."""

    def columns(self, world: World) -> dict[str, Any]:
        """Share of Yes among the votes of each half, and by how much juniors are ahead, on each ballot.

        `yes_juniors_1`, `yes_seniors_1`, `junior_lead_1`, and the same of the second ballot.
        """
        found: dict[str, Any] = {}
        for number, ballot in enumerate(world.ballots, start=1):
            weighed = zip(world.batch.electorate.weights, world.unions, strict=True)
            halves = sum(weight * union.in_favour_by_half(ballot) for weight, union in weighed)
            if ballot.turnout is not None:  # it is the same in all unions
                halves = share_of_votes_cast(halves, *ballot.turnout)
            worlds = world.batch.worlds
            juniors, seniors = (numbers_of(worlds, ballot.worlds, half) for half in halves)
            found |= {f"yes_juniors_{number}": juniors, f"yes_seniors_{number}": seniors}
            found[f"junior_lead_{number}"] = juniors - seniors
        return found
