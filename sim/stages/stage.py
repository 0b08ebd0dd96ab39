"""What a stage may do, and what it sees of the model."""

from typing import Any, Protocol

from jaxtyping import Bool, Float, Int

from sim.agents import Coalition, Governor, MemberUnion
from sim.axes import Array
from sim.ratification import Count


class World(Protocol):
    """The state that stages share: that of every world of the model."""

    batch: Any  # a Batch, or a TwoLevelBatch where there is a ballot
    governor: Governor
    coalition: Coalition
    unions: list[MemberUnion]
    turn: int
    talking: Bool[Array, " worlds"]
    offers: Int[Array, "worlds turns"]
    agreement: Int[Array, " worlds"]
    agreed_round: Int[Array, " worlds"]
    secrecy: Float[Array, " worlds"]
    ballots: list[Count]

    def governor_moves(self, turn: int) -> Bool[Array, " worlds"]:
        """In which worlds it is the governor's side that moves at a turn."""


class Stage:
    """A part of the story: what happens at every turn, and after the last one."""

    def at_turn(self, world: World) -> None:
        """What this stage does at each turn of the talks."""

    def after_talks(self, world: World) -> None:
        """What it does once, when no world is talking any more."""

    def columns(self, world: World) -> dict[str, Any]:
        """What it adds to the row of each world in the outcome: a name and (worlds) values each."""
        return {}
