"""The ballots: what members are asked, what they believe then, and what moves them.

Everything here is fixed before the first round but the package voted on, and how secret the talks
were in the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import mul

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, take
from sim.cases.schema.members import UnionsSettings
from sim.mechanisms import Mechanism
from sim.mechanisms.mechanism import Voting
from sim.preferences import information
from sim.preferences.agenda import Agenda
from sim.preferences.ballot import Ballot
from sim.preferences.forecast import RatificationForecast, union_shocks
from sim.preferences.member import MemberUtility
from sim.preferences.valuation import Valuation
from sim.worlds.electorate import Electorate
from sim.worlds.settings import Settings


@dataclass(frozen=True, eq=False)
class Ballots:
    """What an electorate is asked in some worlds.

    `plan_b_layoffs` (persons) are those that Plan B itself would need, beyond which members take a
    threat for bluff; `leaders_belief` is the probability that leaders give to the threat, and `leaders`
    what packages are worth to them: on these depends what they tell their members.
    """

    settings: Settings
    agenda: Agenda
    electorate: Electorate
    plan_b_layoffs: Float[Array, "#worlds"]
    leaders_belief: Float[Array, "#worlds"]
    leaders: Valuation

    def ask(self, voting: Voting) -> Ballot:
        """What members are asked on the first ballot, after the talks, or on the second."""
        if voting.ballot == "second":
            return self._after_rejection(voting)
        threat = take(self.settings["threat.layoffs"], voting.worlds)
        return self._ballot(voting, self._members_belief(voting), threat)

    def informed(self, worlds: Int[Array, " voting"], package: Int[Array, " voting"]) -> Ballot:
        """What members would be asked if they knew the text and believed the threat as leaders do."""
        return Ballot(
            agenda=self.agenda,
            worlds=worlds,
            package=package,
            belief=np.broadcast_to(take(self.leaders_belief, worlds), worlds.shape),
            threat=take(self.settings["threat.layoffs"], worlds),
            shift=self.electorate.common_shock[worlds],
            ballot_utility=self._utility,
        )

    def on_wages(self, ballot: Ballot) -> Ballot:
        """What each unit is asked of its own wages, in the worlds of a ballot of the coalition.

        What members wrongly imagine of health and pensions binds them either way, and moves no vote here.
        """
        shift = self.electorate.common_shock[ballot.worlds]
        for mechanism in self._mechanisms:
            shift = shift + mechanism.shift_on_wages(ballot.worlds)
        return replace(ballot, ballot_utility=MemberUtility.gain_on_unit_ballot, shift=shift)

    def voting(
        self,
        which: str,
        worlds: Int[Array, " voting"],
        package: Int[Array, " voting"],
        secrecy: Float[Array, " voting"],
    ) -> Voting:
        """Who votes on what: on the "first" ballot or the "second", `secrecy` being that of the talks."""
        return Voting(which, worlds, package, secrecy, self.leaders)

    def forecast(
        self, ballot: Ballot, unions: UnionsSettings, bias: float = 0.0
    ) -> RatificationForecast:
        """What a ballot on each package may bring, over all shocks that unions like these may be in.

        For a typical batch, in which nothing is drawn away from what is expected. Members are taken to
        gain `bias` (share of pay) more than they do.
        """
        electorate = self.electorate
        shocks = union_shocks(len(electorate.weights), unions.militancy_sd, unions.common_shock_sd)
        mildness = electorate.mildness[0] + bias
        return RatificationForecast(
            ballot, electorate.members, mildness, shocks, electorate.weights
        )

    def _after_rejection(self, voting: Voting) -> Ballot:
        """The same package after a rejection: a new threat, notices, and a campaign of the leaders."""
        belief = information.after_notices(
            self._members_belief(voting),
            take(self.settings["threat.bluff_likelihood"], voting.worlds),
            take(self.settings["threat.notices"], voting.worlds),
        )
        threat = take(self.settings["threat.layoffs_after_rejection"], voting.worlds)
        return self._ballot(voting, belief, threat)

    @property
    def _mechanisms(self) -> Sequence[Mechanism]:
        return self.electorate.mechanisms

    @property
    def _utility(self) -> Callable[..., Array]:
        """What members gain from a Yes on the coalition's ballot."""
        apart = any(mechanism.wages_apart for mechanism in self._mechanisms)
        return MemberUtility.gain_on_coalition_ballot if apart else MemberUtility.gain

    def _ballot(
        self, voting: Voting, belief: Float[Array, " voting"], threat: Float[Array, "#voting"]
    ) -> Ballot:
        credible = information.size_credibility(
            threat,
            take(self.plan_b_layoffs, voting.worlds),
            take(self.settings["threat.size_doubt"], voting.worlds),
        )
        return Ballot(
            agenda=self.agenda,
            worlds=voting.worlds,
            package=voting.package,
            belief=belief * credible,
            threat=threat,
            shift=self._shift(voting),
            shifts_by_union=self._shifts_by_union(voting),
            ballot_utility=self._utility,
            turnout=self._turnout(voting),
        )

    def _turnout(
        self, voting: Voting
    ) -> tuple[Float[Array, "#voting"], Float[Array, "#voting"]] | None:
        """The shares of those for and of those against who vote; None if all do."""
        found = (mechanism.turnout(voting) for mechanism in self._mechanisms)
        shares = [share for share in found if share is not None]
        if not shares:
            return None
        supporters, opponents = zip(*shares, strict=True)
        return reduce(mul, supporters), reduce(mul, opponents)

    def _members_belief(self, voting: Voting) -> Float[Array, " voting"]:
        """Probability that members give to the threat after the talks."""
        return information.members_belief(
            take(self._belief_at_first, voting.worlds),
            take(self.settings["threat.credibility_leaders"], voting.worlds),
            voting.secrecy,
        )

    @cached_property
    def _belief_at_first(self) -> Float[Array, "#worlds"]:
        """Probability that members give to the threat before the talks."""
        belief = self.settings["threat.credibility_members"]
        for mechanism in self._mechanisms:
            belief = mechanism.belief_at_first(belief)
        return belief

    def _shift(self, voting: Voting) -> Float[Array, " voting"]:
        """The common shock, less the cost that all members imagine, with what mechanisms add."""
        settings, worlds = self.settings, voting.worlds
        shift = self.electorate.common_shock[worlds]
        if not any(mechanism.imagined_by_some for mechanism in self._mechanisms):
            shift = shift - information.misperception(
                take(settings["information.misperceived_cost"], worlds),
                voting.secrecy,
                take(settings[f"information.outreach_{voting.ballot}"], worlds),
            )
        for mechanism in self._mechanisms:
            shift = shift + mechanism.shift(voting)
        return shift

    def _shifts_by_union(self, voting: Voting) -> Float[Array, "voting unions"] | None:
        """What moves single unions besides (share of pay)."""
        found = (mechanism.shifts_by_union(voting) for mechanism in self._mechanisms)
        moved = [shifts for shifts in found if shifts is not None]
        return sum(moved[1:], start=moved[0]) if moved else None
