"""Leaders recommend a Yes to their members, say nothing, or oppose the agreement."""

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.arrays.axes import Array, stretch
from sim.arrays.streams import Stream
from sim.inputs.parameter import Number, Section, parameter, switch
from sim.mechanisms.mechanism import Counted, Mechanism, Voting

ALWAYS = {
    "yes": 1.0,
    "nothing": 0.0,
    "no": -1.0,
}  # what the leader of a union says, if not by the rule


class RecommendationSettings(Section):
    """How much the word of a union's leader moves its members."""

    # fmt: off
    on: StrictBool = switch("leaders tell their members how to vote", default=False,
        source="SEBAC, membership update of 27 May 2011: leaders recommend a Yes")
    first: Number = parameter("how much the word of a leader moves members on the first ballot",
        "share of annual pay", default=0.0, low=0, high=10, plausible=(0, 0.03),
        source="Lupia 1994; size assumed")
    second: Number = parameter("how much it moves them on the second ballot, after a campaign",
        "share of annual pay", default=0.0, low=0, high=10, plausible=(0, 0.05),
        source="CT News Junkie, 10 August 2011: talks in person changed minds; size assumed",
        acts=({"ratification.second_vote": (True,)},))
    opposing: Number = parameter(
        "chance that the leader of a union opposes the agreement, drawn in every world", "probability",
        default=0.0, low=0, high=1, plausible=(0, 0.3),
        source="CT News Junkie, 23 March 2011: a local of corrections opposed; size assumed")
    silent_below: Number = parameter("worth of an agreement to leaders below which they recommend nothing",
        "utility of the coalition: 1 is its best package, 0 no agreement", default=0.0, low=0, high=1,
        plausible=(0, 0.5), source="assumption")
    # fmt: on


def stands(
    utility: Float[Array, " voting"],
    silent_below: Float[Array, "#voting"],
    opposing: Float[Array, "#voting"],
    uniform: Float[Array, "voting unions"],
) -> Float[Array, "voting unions"]:
    """What the leader of each union says of an agreement: 1 vote Yes, 0 nothing, -1 vote No.

    `utility` is that of the agreement to leaders, `uniform` are draws on [0, 1). Derived here.
    """
    recommended = stretch(utility >= silent_below).astype(float)
    return np.where(uniform < stretch(opposing), -1.0, recommended)


def shifts_by_union(
    stands: Float[Array, "voting unions"], weight: Float[Array, "#voting"]
) -> Float[Array, "voting unions"]:
    """How much the word of their leader moves the members of each union (share of pay; Lupia 1994)."""
    return stretch(weight) * stands


class Recommendation(Mechanism):
    """Leaders tell their members how to vote, the same on both ballots."""

    table = "recommendation"
    settings = RecommendationSettings
    typical = {"opposing": 0.0}

    def stands(self, voting: Voting) -> Float[Array, "voting unions"]:
        """What the leader of each union says of the agreement: 1 vote Yes, 0 nothing, -1 vote No."""
        worlds, unions = voting.worlds, len(self.weights)
        by_rule = stands(
            voting.leaders.of(voting.package, worlds),
            self.own("silent_below", worlds),
            self.own("opposing", worlds),
            self.draws.uniforms(Stream.LEADER_OPPOSES, unions)[worlds],
        )
        known = np.array(
            [ALWAYS.get(union.advises, np.nan) for union in self.values.scenario.union]
        )
        return np.where(np.isnan(known), by_rule, known)

    def shifts_by_union(self, voting: Voting) -> Float[Array, "voting unions"]:
        """How much the word of their leader moves the members of each union."""
        return shifts_by_union(self.stands(voting), self.own(voting.ballot, voting.worlds))

    def columns(
        self, number: int, voting: Voting, counted: Counted
    ) -> dict[str, Float[Array, " voting"]]:
        """Share of all members whose leader says Yes: `recommended`, and No: `advised_against`."""
        if number > 1:
            return {}
        said = self.stands(voting)
        return {
            name: (of_those * self.weights).sum(-1)
            for name, of_those in (("recommended", said > 0), ("advised_against", said < 0))
        }
