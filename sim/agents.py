"""Where the agents decide: `propose`, `accepts` and `ratifies`, and `Coalition.amends`.

An agent is a role at the table, filled in every world of the batch at once. It sees the public
table and what is its own, never the other side's reservation or clock. To try another behaviour,
subclass one of these, override a verb or `utility` or `concession`, and put it in its place:
`BargainingModel(governor=MyGovernor)`.
"""

from functools import cached_property

import mesa
import numpy as np
from jaxtyping import Bool, Float, Int

from sim import acceptance, information, selection, tactics
from sim.axes import TIE, Array, take
from sim.ratification import Ballot, carried
from sim.selection import Candidates, Ranking
from sim.streams import Stream
from sim.table import NO_OFFER, Table
from sim.utility import MemberUtility, Valuation


class Party(mesa.Agent):
    """A side of the table: it gives way over time and answers the other side's offers."""

    side: str
    offer_stream: Stream

    def utility(self) -> Valuation:
        """What every package is worth to this side."""
        return getattr(self.model.batch, self.side)

    def estimate_of_other(self) -> Float[Array, "#worlds packages"]:
        """What this side thinks packages are worth to the other, up to scale: by default the truth."""
        raise NotImplementedError

    def concession(self, table: Table) -> Float[Array, "#worlds"]:
        """The share of the way to the reservation value that this side has given by now."""
        tactic = getattr(tactics, self._setting.same(f"{self.side}.tactic"))
        beta = self._own(f"{self.side}.beta", table)
        return tactic(table.time, beta, self._own(f"{self.side}.first_concession", table))

    def reservation(self, table: Table) -> Float[Array, "#worlds"]:
        """The least utility this side can afford to accept, as public as the talks are now."""
        return information.reservation(
            self._own(f"information.audience_cost_{self.side}", table),
            table.secrecy,
            self._own("talks.self_serving_bias", table),
        )

    def aspiration(self, table: Table) -> Float[Array, "#worlds"]:
        """The least utility this side asks for at this turn."""
        return tactics.aspiration(self.concession(table), self.reservation(table))

    def propose(self, table: Table) -> Int[Array, " worlds"]:
        """The package to offer, NO_OFFER where not even the best is affordable."""
        worlds = table.worlds
        level = self.worth.level(self.aspiration(table) - TIE, worlds)
        count = self.ranking.at_least(level, worlds)
        choose = getattr(selection, self._setting.same("talks.selection"))
        luck = self._luck(table)
        package = choose(Candidates(self.ranking, count, table.received, luck, worlds))
        out_of_reach = self.reservation(table) > take(self.worth.best, worlds) + acceptance.REACHED
        return np.where(out_of_reach, NO_OFFER, package)

    def accepts(self, table: Table) -> Bool[Array, " worlds"]:
        """Whether to take the standing offer."""
        agree = getattr(acceptance, self._setting.same("talks.acceptance"))
        return agree(
            acceptance.Received(
                offer=self._worth_of(table.received, table),
                aspiration=self.aspiration(table),
                reservation=self.reservation(table),
                best_of_late=lambda: self._best_of_late(table),
                late=table.time >= self._own("talks.acceptance_from", table),
            )
        )

    @cached_property
    def worth(self) -> Valuation:
        """This side's utility, looked up once."""
        return self.utility()

    @cached_property
    def ranking(self) -> Ranking:
        """Packages in this side's order."""
        return Ranking(self.model.batch.agenda, self.worth, self.estimate_of_other())

    @property
    def _setting(self):
        return self.model.batch.settings

    def _own(self, name: str, table: Table) -> Array:
        return take(self._setting[name], table.worlds)

    def _luck(self, table: Table):
        return lambda: self.model.batch.luck(self.offer_stream, table.turn)[table.worlds]

    def _worth_of(self, package: Int[Array, " worlds"], table: Table) -> Float[Array, " worlds"]:
        return np.where(package == NO_OFFER, -np.inf, self.worth.of(package, table.worlds))

    def _best_of_late(self, table: Table) -> Float[Array, " worlds"]:
        best = np.full(len(table.worlds), -np.inf)
        for turn in range(table.turn - 1, 2 * table.turn - table.rounds - 1, -2):
            best = np.maximum(best, self._worth_of(table.received_at(turn), table))
        return best


class Governor(Party):
    """The governor's side: political costs against Plan B, and a threat of layoffs."""

    side = "governor"
    offer_stream = Stream.GOVERNOR_OFFER

    def estimate_of_other(self) -> Float[Array, "#worlds packages"]:
        """What packages are worth to union leaders."""
        return self.model.batch.coalition.table


class Coalition(Party):
    """The unions' leaders at the table: they add their members up, and keep the bylaws."""

    side = "coalition"
    offer_stream = Stream.COALITION_OFFER

    def estimate_of_other(self) -> Float[Array, "#worlds packages"]:
        """What packages are worth to the governor."""
        return self.model.batch.governor.table

    def amends(
        self, yes: Float[Array, "voting unions"], worlds: Int[Array, " voting"]
    ) -> Bool[Array, " voting"]:
        """Whether leaders change the bylaws before a ballot: enough of them see a Yes in their union."""
        allowed = take(self._setting["ratification.amendment_allowed"], worlds)
        needed = take(self._setting["ratification.leaders_to_amend"], worlds)
        return allowed & (carried(yes).sum(-1) >= needed)


class MemberUnion(mesa.Agent):
    """One union of the coalition, whose members vote on what their leaders agreed."""

    def __init__(self, model: mesa.Model, name: str, index: int):
        super().__init__(model)
        self.name = name
        self.index = index

    def utility(self) -> MemberUtility:
        """What a package is worth to this union's members."""
        return self.model.batch.members[self.index]

    def ratifies(self, ballot: Ballot) -> Float[Array, " voting"]:
        """The share of this union's members who vote Yes."""
        militancy = self.model.batch.militancy[ballot.worlds, self.index]
        return ballot.yes_share(self.worth, militancy)

    @cached_property
    def worth(self) -> MemberUtility:
        """This union's utility, looked up once."""
        return self.utility()
