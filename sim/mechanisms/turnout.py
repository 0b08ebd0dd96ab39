"""Turnout: who goes to the ballot, and what that does to the share of Yes."""

from typing import Annotated

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool
from pydantic.fields import FieldInfo

from sim.arrays.axes import Array, stretch
from sim.inputs.parameter import SHARE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Counted, Mechanism, Voting


def _share_voting(whom: str, ballot: str, record: str) -> FieldInfo:
    return parameter(
        text=f"share of {whom} who vote on the {ballot} ballot",
        unit=SHARE,
        source=f"derived: {record} votes of 45,000 members; that both sides vote alike is an assumption",
        above=0,
        high=1,
        plausible=(0.6, 0.95),
    )


class TurnoutSettings(Section):
    """Which members vote; those for and those against may differ in that."""

    # fmt: off
    on: StrictBool = switch("some members do not vote", default=False,
        source="derived: 37,403 and 35,781 votes of 45,000 members in 2011")
    # fmt: on
    supporters_first: Annotated[Number, _share_voting("supporters", "first", "37,403")] = 1.0
    opponents_first: Annotated[Number, _share_voting("opponents", "first", "37,403")] = 1.0
    supporters_second: Annotated[Number, _share_voting("supporters", "second", "35,781")] = 1.0
    opponents_second: Annotated[Number, _share_voting("opponents", "second", "35,781")] = 1.0


def share_of_votes_cast(
    in_favour: Float[np.ndarray, "*groups voting"],
    supporters: Float[np.ndarray, "#voting"],
    opponents: Float[np.ndarray, "#voting"],
) -> Float[np.ndarray, "*groups voting"]:
    """Share of Yes among the votes cast, where these shares of those for and those against vote.

    Derived here.
    """
    for_it, against = in_favour * supporters, (1 - in_favour) * opponents
    return for_it / (for_it + against)


def share_who_voted(
    yes: Float[np.ndarray, "voting unions"],
    supporters: Float[np.ndarray, "#voting"],
    opponents: Float[np.ndarray, "#voting"],
) -> Float[np.ndarray, "voting unions"]:
    """Share of each union's members who voted, given the share of Yes among their votes.

    Behind each Yes stand 1 / supporters members in favour, behind each No 1 / opponents against.
    Derived here.
    """
    return 1 / (yes / stretch(supporters) + (1 - yes) / stretch(opponents))


class Turnout(Mechanism):
    """Some members do not vote."""

    table = "turnout"
    settings = TurnoutSettings

    def turnout(self, voting: Voting) -> tuple[Float[Array, "#voting"], Float[Array, "#voting"]]:
        """The shares of those for and of those against who vote on a ballot."""
        supporters, opponents = (
            self.own(f"{side}_{voting.ballot}", voting.worlds)
            for side in ("supporters", "opponents")
        )
        return supporters, opponents

    def columns(
        self, number: int, voting: Voting, counted: Counted
    ) -> dict[str, Float[Array, " voting"]]:
        """Share of all members who voted on each ballot: `turnout_1`, `turnout_2`."""
        return {} if counted.turnout is None else {f"turnout_{number}": counted.turnout}
