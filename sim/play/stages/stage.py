"""What a stage may do, and what it sees of the model."""

from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array
from sim.mechanisms.mechanism import Voting
from sim.mechanisms.plan_b import Menu
from sim.negotiators.agents import Coalition, Governor, MemberUnion, Public
from sim.preferences.ballot import Ballot
from sim.preferences.bylaws import Count, UnitCount
from sim.preferences.valuation import Pair
from sim.worlds.batch import Batch


class World:
    """The state that stages share: that of every world of the model, which is one.

    `agreement` is the package both negotiators accepted, `in_force` the one that is carried out in the
    end; NO_OFFER where there is none. `votings` say who voted on what, `ballots` what they were asked,
    and `counts` are these ballots counted, the first and the second; `unit_ballots` are these and others
    counted by bargaining unit, if a stage tells units apart.
    `aspirations` are what the side that moved asked for, and `not_offered` is the package that whoever
    accepted would have offered instead.
    `layoffs` (persons) are those carried out in the end.
    `utility_of_failure` is what ending without one is worth to each side, 0 unless a stage says otherwise.
    `approval` is the share of the public that approves of the governor, `menu` what there is to close
    the gap with but the unions' savings.
    `secrecy` is that of the turn.
    `mediated` and `awarded` say whether a mediator brought about the agreement, an arbitrator the outcome.
    """

    batch: Batch
    governor: Governor
    coalition: Coalition
    unions: list[MemberUnion]
    public: Public
    turn: int
    talking: Bool[Array, " worlds"]
    offers: Int[Array, "worlds turns"]
    aspirations: Float[Array, "worlds turns"]
    agreement: Int[Array, " worlds"]
    not_offered: Int[Array, " worlds"]
    agreed_round: Int[Array, " worlds"]
    secrecy: Float[Array, " worlds"]
    votings: list[Voting]
    ballots: list[Ballot]
    counts: list[Count]
    unit_ballots: list[UnitCount]
    in_force: Int[Array, " worlds"]
    layoffs: Float[Array, " worlds"]
    utility_of_failure: dict[str, Float[Array, " worlds"]]
    approval: Float[Array, " worlds"]
    menu: Menu
    mediated: Bool[Array, " worlds"]
    awarded: Bool[Array, " worlds"]
    ground_rules: list[Any]  # what was Bargained over first: for all worlds, for each, or nothing

    @cached_property
    def worth(self) -> Pair:
        """What packages are worth to the governor and to the leaders."""
        return Pair(self.governor.valuation, self.coalition.valuation)

    def governor_moves(self, turn: int | np.integer | Array) -> Bool[Array, " worlds"]:
        """In which worlds it is the governor's side that moves at a turn."""
        return self.batch.governor_first ^ (turn % 2 == 1)


class Stage:
    """A part of the story: what happens before the talks, at every turn, and after the last one."""

    def before_talks(self, world: World) -> None:
        """What this stage does once, before the first turn."""

    def at_turn(self, world: World) -> None:
        """What it does at each turn of the talks."""

    def after_talks(self, world: World) -> None:
        """What it does once, when no world is talking any more."""

    def columns(self, world: World) -> dict[str, Any]:
        """What it adds to the row of each world in the outcome: a name and (worlds) values each."""
        return {}
