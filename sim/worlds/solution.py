"""What theory would choose in a scenario: exact solution concepts, win-sets and power.

A textbook game is solved in its points, with the BATNAs as disagreement. A two-level game is solved in
utilities (0 is no agreement), in its typical world: no union is more militant than expected, no shock
hits, leaders make no error but their bias, none of them opposes what they agreed to, and a rumour begins
as widely as it does in the main.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from scipy.special import ndtr, ndtri

from sim.arrays.axes import Array, read_only
from sim.cases.loading import Given, scenario_of, with_values
from sim.cases.schema import Scenario, TwoLevelGame, with_a_ballot
from sim.cases.schema.ratification import RatificationSettings
from sim.inputs.frozen import FrozenDict
from sim.inputs.problems import InputError, nearest
from sim.outputs.tables import handed_out
from sim.preferences.agenda import Agenda
from sim.preferences.forecast import RatificationForecast
from sim.theory import solutions, voting
from sim.worlds.batch import Batch, typical_batch
from sim.worlds.electorate import Electorate

LIKELY = 0.5
MEMBERS = "members"  # of unions, among those who must agree
SHOCKS = 200  # equally likely slices of the common shock
FEWER_DRAWS = 512  # shocks looked at where many quotas are compared
CONCEPTS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


@dataclass(frozen=True)
class Choice:
    """A package that a solution concept picks: its levels, and what it is worth to governor and coalition.

    `words` are the levels as a person reads them.
    """

    number: int
    package: Mapping[str, float]
    utilities: tuple[float, float]
    words: Mapping[str, str]


def solve(scenario: Given, *, set: Mapping[str, Any] | None = None) -> "Solution":
    """Solve a scenario exactly: every concept looks at every package.

    Args:
        scenario: a scenario, its name or path, or its document.
        set: parameters to change, such as {"threat.layoffs": 7500}.

    Raises:
        sim.inputs.problems.InputError: when the scenario or a parameter is wrong.
    """
    return Solution(with_values(scenario_of(scenario), set or {}))


class Game:
    """Packages, and what they and no agreement are worth to governor and coalition.

    Concepts without a ZOPA to choose from are None.
    """

    def __init__(
        self,
        agenda: Agenda,
        governor: Float[Array, " packages"],
        coalition: Float[Array, " packages"],
        disagreement: tuple[float, float] = (0.0, 0.0),
    ):
        self.agenda = agenda
        self.disagreement = disagreement
        self._game = governor, coalition, disagreement

    def __repr__(self) -> str:
        return f"<Game of {len(self.agenda):,} packages, disagreement {self.disagreement}>"

    @property
    def nash(self) -> Choice | None:
        """The package of largest Nash product (Nash 1950)."""
        return self.nash_weighted(0.5)

    def nash_weighted(self, weight: float) -> Choice | None:
        """The same with a bargaining power of the governor, strictly between 0 and 1 (Kalai 1977)."""
        return self._choice(solutions.nash(*self._game, weight))

    @property
    def kalai_smorodinsky(self) -> Choice | None:
        """The package of largest smaller relative gain (Kalai and Smorodinsky 1975)."""
        return self._choice(solutions.kalai_smorodinsky(*self._game))

    @property
    def egalitarian(self) -> Choice | None:
        """The package of largest smaller gain (Kalai 1977)."""
        return self._choice(solutions.egalitarian(*self._game))

    @property
    def utilitarian(self) -> Choice | None:
        """The package of largest sum of utilities (Harsanyi 1955)."""
        return self._choice(solutions.utilitarian(*self._game))

    @property
    def price_of_disagreement(self) -> float:
        """The share of the best joint value that is lost without an agreement."""
        return solutions.price_of_disagreement(*self._game)

    @property
    def packages(self) -> pd.DataFrame:
        """Every package: its levels, its worth to both sides, and whether it is efficient and acceptable."""
        return handed_out(self._packages)

    @cached_property
    def _packages(self) -> pd.DataFrame:
        governor, coalition, _ = self._game
        columns = dict(zip(self.agenda.names, self.agenda.packages.T, strict=True))
        return pd.DataFrame(
            columns
            | {"governor": governor, "coalition": coalition}
            | {"pareto": solutions.pareto(governor, coalition), "zopa": solutions.zopa(*self._game)}
        )

    @property
    def pareto(self) -> pd.DataFrame:
        """The packages of the Pareto frontier."""
        return self.packages[self.packages["pareto"]]

    @property
    def zopa(self) -> pd.DataFrame:
        """The packages that both sides prefer to no agreement."""
        return self.packages[self.packages["zopa"]]

    def _choice(self, number: int | None) -> Choice | None:
        if number is None:
            return None
        governor, coalition, _ = self._game
        levels = self.agenda.packages[number].tolist()
        package = FrozenDict(zip(self.agenda.names, levels, strict=True))
        worth = float(governor[number]), float(coalition[number])
        return Choice(number, package, worth, FrozenDict(self.agenda.in_words(number)))


class Solution(Game):
    """A scenario solved, in its typical world if unions vote in it."""

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        agenda = Agenda.of(scenario)
        super().__init__(agenda, *self._batch.payoffs())

    def __repr__(self) -> str:
        return f"<Solution of {self.scenario.name}: {len(self.agenda):,} packages>"

    @property
    def must_agree(self) -> Mapping[str, str]:
        """Who must agree besides the two sides, by name, and how each is called; none if nobody."""
        members = {MEMBERS: "the first ballot"} if self.members_vote else {}
        return members | {each.name: each.title for each in self.scenario.ratifier}

    @property
    def members_vote(self) -> bool:
        """Whether members of unions vote in this scenario."""
        return self.scenario.has_ballot

    def consent(self, who: str) -> Float[Array, " packages"]:
        """How likely one of those who must agree says yes to each package (see `must_agree`).

        Raises:
            InputError: when nobody is called so.
        """
        if who not in self.must_agree:
            there = ", ".join(self.must_agree) or "nobody here"
            raise InputError(
                f'consent: "{who}" need not agree{nearest(who, self.must_agree)}; there are {there}'
            )
        return self._consents[who]

    @cached_property
    def _consents(self) -> dict[str, Float[Array, " packages"]]:
        batch = self._batch
        found = {MEMBERS: read_only(self.ratification_under())} if self.members_vote else {}
        secrecy = np.broadcast_to(batch.settings["information.secrecy"], batch.worlds)
        return found | {
            each.settings.name: read_only(each.chances(secrecy)) for each in batch.ratifiers
        }

    @property
    def unions_vote_whole(self) -> bool:
        """Whether they do, and unions cast their whole membership: only then is a union pivotal."""
        return self.members_vote and self._game_with_a_ballot.ratification.weighting == "unit"

    @property
    def win_set(self) -> pd.DataFrame:
        """The packages to which all who must agree more likely than not say yes (Putnam 1988)."""
        return self.packages[self.wins]

    @cached_property
    def wins(self) -> Bool[Array, " packages"]:
        """Whether each package is in the win-set of everybody who must agree."""
        return read_only(np.min(self._all_consents, axis=0) >= LIKELY)

    @cached_property
    def ratification(self) -> Float[Array, " packages"]:
        """How likely all who must agree ratify each package at the first try; they decide independently."""
        return read_only(np.prod(self._all_consents, axis=0))

    @property
    def _all_consents(self) -> list[Float[Array, " packages"]]:
        if not self.must_agree:
            raise InputError(
                f"{self.scenario.name}: has no unions and no ballot, and nobody else ratifies"
            )
        return list(self._consents.values())

    def ratification_under(
        self, unions_required: int | None = None, weight_required: float | None = None
    ) -> Float[Array, " packages"]:
        """The same under another quota; what is left out stays. To about .01; see `ratification_exactly`.

        Raises:
            InputError: when the scenario has no ballot.
        """
        rules = self._game_with_a_ballot.ratification
        return self._forecast.chances(
            rules.unions_required if unions_required is None else unions_required,
            rules.weight_required if weight_required is None else weight_required,
            rules.weighting,
        )

    def win_sets(
        self, quotas: Sequence[tuple[int, float]], weighting: str, draws: int = FEWER_DRAWS
    ) -> pd.DataFrame:
        """The win-set under each of several quotas of unions and weight, votes weighed one way.

        One row a quota, `unions_required` and `weight_required`: the `share` of all packages that the
        first ballot more likely than not ratifies, and the `best` of them for the governor, in utility
        (missing where there is none). Chances are over this many shocks: of 512, to about .03.

        Raises:
            InputError: when the scenario has no ballot.
        """
        chances = self._forecast.chances_over(quotas, weighting, draws)
        wins = chances >= LIKELY
        governor, _, _ = self._game
        best = np.where(wins, governor, -np.inf).max(-1)
        return pd.DataFrame(quotas, columns=["unions_required", "weight_required"]).assign(
            share=wins.mean(-1), best=np.where(wins.any(-1), best, np.nan)
        )

    def ratification_exactly(self, package: int) -> float:
        """The probability that the first ballot ratifies a package, exact but for slices of the shock.

        Given the common shock, unions decide independently, each by its own militancy: dynamic
        programming over unions (Mann and Shapley 1962), averaged over equally likely slices.

        Raises:
            InputError: when the scenario has no ballot, or its bylaws pool the votes.
        """
        rules, unions = self._unit_rules, self._game_with_a_ballot.unions
        shocks = unions.common_shock_sd * ndtri((np.arange(SHOCKS) + 0.5) / SHOCKS)
        above = shocks[:, None] - self._forecast.needed[package]
        spread = unions.militancy_sd
        yes = ndtr(above / spread) if spread > 0 else (above > 0).astype(float)
        distinct, times = np.unique(yes, axis=0, return_counts=True)
        quota = rules.unions_required, rules.weight_required
        passes = [voting.double_threshold_probability(p, self._sizes, *quota) for p in distinct]
        return float(np.average(passes, weights=times))

    def pivots(self, package: int) -> pd.Series:
        """How often each union is the one whose Yes completes the quota, the most willing asked first.

        Over the shocks that unions may be in; where no set of unions reaches the quota, nobody is.

        Raises:
            InputError: when the scenario has no ballot, or its bylaws pool the votes.
        """
        rules = self._unit_rules
        quota = rules.unions_required, rules.weight_required
        willing = self._forecast.shocks - self._forecast.needed[package]
        found = [voting.pivot(each, self._sizes, *quota) for each in willing]
        counts = np.bincount([p for p in found if p is not None], minlength=len(self._sizes))
        return pd.Series(counts / len(found), index=self._electorate.union_names, name="pivot")

    def pivotal_union(self, package: int) -> str | None:
        """The union that most often is the pivot; None if there never is one."""
        often = self.pivots(package)
        return str(often.idxmax()) if often.any() else None

    @property
    def power(self) -> pd.DataFrame:
        """Each union's weight, veto and power under the bylaws of the scenario, unions voting whole.

        `banzhaf` is the probability that its vote decides if the others toss coins (Banzhaf 1965),
        `shapley_shubik` that it is the pivot in a random order (Shapley and Shubik 1954).

        Raises:
            InputError: when the scenario has no ballot, or its bylaws pool the votes.
        """
        rules = self._unit_rules
        quota = rules.unions_required, rules.weight_required
        return pd.DataFrame(
            {
                "union": self._electorate.union_names,
                "members": self._sizes,
                "weight": self._electorate.weights,
                "veto": self._vetoes(*quota),
                "banzhaf": voting.banzhaf(self._sizes, *quota),
                "shapley_shubik": voting.shapley_shubik(self._sizes, *quota),
            }
        )

    @property
    def veto_players(self) -> list[str]:
        """The unions without whose Yes nothing is ratified, even if all others vote Yes as one.

        Raises:
            InputError: when the scenario has no ballot.
        """
        rules = self._game_with_a_ballot.ratification
        vetoes = self._vetoes(rules.unions_required, rules.weight_required)
        return [
            name for name, veto in zip(self._electorate.union_names, vetoes, strict=True) if veto
        ]

    def _vetoes(self, unions_required: int, weight_required: float) -> Bool[Array, " unions"]:
        others = 1 - np.eye(len(self._sizes))
        with_all_others = [
            voting.double_threshold_probability(each, self._sizes, unions_required, weight_required)
            for each in others
        ]
        return np.array(with_all_others) == 0

    @property
    def _unit_rules(self) -> RatificationSettings:
        rules = self._game_with_a_ballot.ratification
        if rules.weighting != "unit":
            raise InputError(
                [
                    f'{self.scenario.name}: ratification.weighting = "{rules.weighting}": no union casts '
                    "its weight whole, so none has a pivot, a power or an exact count; see win_set"
                ]
            )
        return rules

    @property
    def _game_with_a_ballot(self) -> TwoLevelGame:
        return with_a_ballot(self.scenario)

    @cached_property
    def _batch(self) -> Batch:
        return typical_batch(self.scenario)

    @property
    def _electorate(self) -> Electorate:
        return self._batch.electorate

    @property
    def _secrecy(self) -> Float[Array, " packages"]:
        return np.broadcast_to(self._batch.settings["information.secrecy"], self._batch.worlds)

    @cached_property
    def _forecast(self) -> RatificationForecast:
        """What a first ballot on each package may bring."""
        every = np.arange(len(self.agenda))
        unions, ballots = self._game_with_a_ballot.unions, self._batch.ballots
        voting = ballots.voting("first", every, every, self._secrecy)
        return ballots.forecast(ballots.ask(voting), unions)

    @property
    def _sizes(self) -> Array:
        return np.array([union.members for union in self._game_with_a_ballot.union])
