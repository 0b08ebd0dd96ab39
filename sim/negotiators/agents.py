"""Where the agents decide: `propose`, `accepts` and `ratifies`, `Coalition.amends` and `Public.judges`.

An agent is a role at the table, filled in every world of the batch at once. It sees what is
public and what is its own, never the other side's reservation or clock. To try another behaviour,
subclass one of these, override a verb or `utility` or `aspiration`, and put it in its place:
`BargainingModel(governor=MyGovernor)`.
"""

from functools import cached_property

import mesa
import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import TIE, Array, take
from sim.arrays.streams import Stream
from sim.inputs.parameter import rule_named
from sim.mechanisms import Public as PublicOpinion
from sim.mechanisms.mechanism import BargainingUnit
from sim.mechanisms.public import News, moved
from sim.negotiators import acceptance, bidding, tactics
from sim.negotiators.history import NO_OFFER, OfferHistory
from sim.negotiators.situation import Notes, Ranking, Situation, best_offer
from sim.preferences import information
from sim.preferences.ballot import Ballot, Voters
from sim.preferences.bylaws import carried
from sim.preferences.member import MemberUtility
from sim.preferences.valuation import Valuation
from sim.worlds.settings import Settings


class Party(mesa.Agent):
    """A side of the table: it gives way over time and answers the other side's offers."""

    side: str
    offer_stream: Stream
    answer_stream: Stream
    resolve_stream: Stream
    _looked_at: OfferHistory | None = None
    _reservation: Float[Array, "#worlds"]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, the side of the {self.side}, in {self.model.batch.worlds:,} worlds>"

    def utility(self) -> Valuation:
        """What every package is worth to this side."""
        return getattr(self.model.batch, self.side)

    def expected(self) -> Valuation:
        """What agreeing on every package is worth to this side, if it may yet be rejected."""
        return self.model.batch.expected(self.valuation, self.side)

    def estimate_of_other(self) -> Valuation:
        """What this side thinks packages are worth to the other: by default the truth."""
        raise NotImplementedError

    def reservation(self, history: OfferHistory) -> Float[Array, "#worlds"]:
        """The least utility this side can afford to accept, as public as the talks are now."""
        least = information.reservation(
            self._setting_of(f"information.audience_cost_{self.side}", history),
            history.secrecy,
            self._setting_of("talks.self_serving_bias", history),
        )
        least = np.maximum(least, take(self.model.batch.inside_option(self.side), history.worlds))
        commits = self._setting_of("talks.rejection_commits", history)
        if not commits.any():
            return least
        rejected = self._best_rejected(history)
        return np.where(commits, information.after_rejections(least, rejected), least)

    def aspiration(self, history: OfferHistory) -> Float[Array, "#worlds"]:
        """The least utility this side asks for at this turn."""
        tactic = rule_named(tactics, self._settings.same(f"{self.side}.tactic"))
        return tactic(self.situation(history))

    def propose(self, history: OfferHistory) -> Int[Array, " worlds"]:
        """The package to offer, NO_OFFER where not even the best is affordable."""
        worlds = history.worlds
        level = self.ranking.own.level(self._aspire(history) - TIE, worlds)
        choose = rule_named(bidding, self._settings.same("talks.selection"))
        package = choose(self.situation(history), self.ranking.at_least(level, worlds))
        best = take(self.ranking.own.best, worlds)
        out_of_reach = self._least(history) > best + acceptance.REACHED
        return np.where(out_of_reach, NO_OFFER, package)

    def accepts(self, history: OfferHistory) -> Bool[Array, " worlds"]:
        """Whether to take the standing offer, rather than ask for more and wait a turn for it."""
        agree = rule_named(acceptance, self._settings.same("talks.acceptance"))
        situation = self.situation(history, self.answer_stream)
        return agree(situation, tactics.discounted(self._aspire(history), situation))

    def situation(self, history: OfferHistory, stream: Stream | None = None) -> Situation:
        """All that this side's rules may look at; draws are those of its offers, or of another stream."""
        drawn = self.offer_stream if stream is None else stream
        return Situation(
            side=self.side,
            history=history,
            ranking=self.ranking,
            reservation=self._least(history),
            parameter=lambda name: self._setting_of(name, history),
            uniform=lambda: self.model.batch.draws.uniform(drawn, history.turn)[history.worlds],
            resolve=lambda: self.model.batch.draws.uniform(self.resolve_stream)[history.worlds],
            notes=self._notes,
        )

    def rest(self) -> None:
        """Let go of what was kept from turn to turn, as the talks are over."""
        self._notes.forget_offers()
        self._looked_at = None

    def _least(self, history: OfferHistory) -> Float[Array, "#worlds"]:
        """The reservation value, which all rules of a turn ask for."""
        if self._looked_at is not history:
            self._looked_at, self._reservation = history, self.reservation(history)
        return self._reservation

    def _aspire(self, history: OfferHistory) -> Float[Array, "#worlds"]:
        """The aspiration, entered in the record of the talks."""
        level = self.aspiration(history)
        self.model.aspirations[history.worlds, history.turn] = level
        return level

    def _best_rejected(self, history: OfferHistory) -> Float[Array, " worlds"]:
        """What the best offer this side has rejected was worth to it; minus infinity without one."""
        return best_offer(history.at_its_last_turn, self.ranking.own, self._notes, "rejected")

    @cached_property
    def valuation(self) -> Valuation:
        """This side's utility, looked up once."""
        return self.utility()

    @cached_property
    def ranking(self) -> Ranking:
        """Packages in the order of what agreeing on them is worth to this side."""
        return Ranking(self.model.batch.agenda, self.expected(), self.estimate_of_other())

    @property
    def _settings(self) -> Settings:
        return self.model.batch.settings

    def _setting_of(self, name: str, history: OfferHistory) -> Array:
        return take(self._settings[name], history.worlds)

    @cached_property
    def _notes(self) -> Notes:
        return Notes()


class Governor(Party):
    """The governor's side: political costs against Plan B, and a threat of layoffs."""

    side = "governor"
    offer_stream = Stream.GOVERNOR_OFFER
    answer_stream = Stream.GOVERNOR_ANSWER
    resolve_stream = Stream.GOVERNOR_RESOLVE

    def estimate_of_other(self) -> Valuation:
        """What packages are worth to union leaders."""
        return self.model.batch.coalition


class Coalition(Party):
    """The unions' leaders at the table: they add their members up, and keep the bylaws."""

    side = "coalition"
    offer_stream = Stream.COALITION_OFFER
    answer_stream = Stream.COALITION_ANSWER
    resolve_stream = Stream.COALITION_RESOLVE

    def estimate_of_other(self) -> Valuation:
        """What packages are worth to the governor."""
        return self.model.batch.governor

    def amends(
        self, yes: Float[Array, "voting unions"], worlds: Int[Array, " voting"]
    ) -> Bool[Array, " voting"]:
        """Whether leaders change the bylaws before a ballot: enough of them see a Yes in their union."""
        allowed = take(self._settings["ratification.amendment_allowed"], worlds)
        needed = take(self._settings["ratification.leaders_to_amend"], worlds)
        return allowed & (carried(yes).sum(-1) >= needed)


class MemberUnion(mesa.Agent):
    """One union of the coalition, whose members vote on what their leaders agreed."""

    def __init__(self, model: mesa.Model, name: str, index: int):
        super().__init__(model)
        self.name = name
        self.index = index

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, in {self.model.batch.worlds:,} worlds>"

    def utility(self) -> MemberUtility:
        """What a package is worth to this union's members."""
        return self.model.batch.electorate.members[self.index]

    def ratifies(self, ballot: Ballot) -> Float[Array, " voting"]:
        """The share of Yes among this union's votes."""
        return (self.votes_by_unit(ballot) * self._shares).sum(-1)

    def votes_by_unit(self, ballot: Ballot) -> Float[Array, "voting units"]:
        """The share of Yes among the votes of each of this union's bargaining units."""
        units = range(len(self.units))
        return np.stack([self.unit_ratifies(unit, ballot) for unit in units], axis=-1)

    def unit_ratifies(self, unit: int, ballot: Ballot) -> Float[Array, " voting"]:
        """The share of Yes among the votes of one of this union's bargaining units."""
        return ballot.votes(self.index, self.voters)[unit]

    def voters(self, ballot: Ballot) -> Voters:
        """Who votes in this union: what its members want, and how mild its units are."""
        return self._voters([unit.mildness for unit in self.units], ballot)

    def unit_accepts_wages(self, unit: int, ballot: Ballot) -> Float[Array, " voting"]:
        """The share of Yes in one of this union's units, on its own wages and job security."""
        return ballot.votes(self.index, self.voters_on_wages)[unit]

    def voters_on_wages(self, ballot: Ballot) -> Voters:
        """Who votes where each unit votes on its own wages."""
        return self._voters([unit.mildness_on_wages for unit in self.units], ballot)

    def in_favour_by_half(self, ballot: Ballot) -> Float[Array, "2 voting"]:
        """The share in favour among this union's junior and senior members, whether they vote or not."""
        shift = ballot.shift_of(self.index)
        halves = (
            unit.share
            * ballot.in_favour_by_half(self.members, unit.mildness[ballot.worlds] + shift)
            for unit in self.units
        )
        return sum(halves, start=np.zeros((2, 1)))

    @cached_property
    def units(self) -> list[BargainingUnit]:
        """The bargaining units in which this union's members vote."""
        return self.model.batch.electorate.units[self.index]

    @cached_property
    def members(self) -> MemberUtility:
        """This union's utility, looked up once."""
        return self.utility()

    def _voters(self, mildness: list[Float[Array, " worlds"]], ballot: Ballot) -> Voters:
        """This union's members, whose units are so mild, moved by what moves them on this ballot."""
        mild = np.array([of_unit[ballot.worlds] for of_unit in mildness])
        return Voters(self.members, mild + ballot.shift_of(self.index))

    @cached_property
    def _shares(self) -> Float[Array, " units"]:
        return np.array([unit.share for unit in self.units])


class Public(mesa.Agent):
    """The public, which approves of the governor or not by what it sees."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} in {self.model.batch.worlds:,} worlds>"

    def judges(self, approval: Float[Array, " worlds"], news: News) -> Float[Array, " worlds"]:
        """The share that approves of the governor after the news."""
        return moved(approval, self.model.batch.mechanism(PublicOpinion).reactions.change(news))
