"""A batch of worlds made ready: parameters as arrays, the agenda, private draws, and what packages are worth.

Everything in a batch is fixed before the first round. It knows no agents; `agents.py` decides with
it. Its `electorate` knows who votes in the end, its `politics` what approval and the alliance are
worth besides.
"""

from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, pieces, read_only, rows, stretch, take
from sim.arrays.streams import Draws, Stream
from sim.cases.loading import with_values
from sim.cases.schema import Scenario, TwoLevelGame, with_a_ballot
from sim.inputs.parameter import parameters, rule_named
from sim.mechanisms import MECHANISMS, Mechanism
from sim.mechanisms.mechanism import the_only
from sim.mechanisms.plan_b import Menu, menu_of
from sim.preferences import aggregation, information
from sim.preferences.agenda import Agenda, additive
from sim.preferences.bylaws import Bylaws
from sim.preferences.fiscal import FiscalMap, plan_b
from sim.preferences.governor import GovernorUtility
from sim.preferences.member import MemberUtility
from sim.preferences.valuation import Valuation
from sim.worlds.ballots import Ballots
from sim.worlds.electorate import Electorate
from sim.worlds.foresight import THIS_PROCESS, Foresight
from sim.worlds.politics import Politics
from sim.worlds.settings import Settings, militancy_reorders
from sim.worlds.size import hold_solution

SIDES = ("governor", "coalition")
TABLES_AT_ONCE = (
    4  # scenarios, or worlds, whose members' gains stay in a processor's cache together
)


Payoffs = Float[Array, " packages"]
Kind = TypeVar("Kind", bound=Mechanism)


def mechanisms_of(settings: Settings, draws: Draws) -> list[Mechanism]:
    """The mechanisms that are on in the worlds of a batch."""
    kinds = settings.scenario.mechanisms
    return [kind(settings, draws, settings.weights) for kind in kinds]


class Batch:
    """Worlds in which a coalition of unions bargains with the state, and its members ratify.

    `numbers` (worlds) are the addresses of their draws. A game without a ballot is its null case
    (`TextbookBatch`).
    """

    has_ballot = True
    in_dollars = True  # whether packages save money

    def __init__(
        self,
        settings: Settings,
        numbers: Int[Array, " worlds"],
        seed: int,
        foresight: Foresight = THIS_PROCESS,
    ):
        self.settings = settings
        self.foresight = foresight
        self.numbers = numbers
        self.seed = seed
        self.worlds = len(numbers)
        self.draws = Draws(seed, numbers)
        self.mechanisms = mechanisms_of(settings, self.draws)
        self.agenda = Agenda.of(settings.scenario)
        self.rounds = settings.same("calendar.rounds")
        self.row = np.broadcast_to(settings.row, self.worlds)

    @cached_property
    def by_scenario(self) -> "Batch":
        """The same with a world for each scenario: what hangs on the scenario alone is worked out there.

        Itself, where each world has a scenario of its own, or all have the same.
        """
        settings = self.settings
        if len(settings.scenarios) in (1, self.worlds):
            return self
        apart = type(self)(settings.apart, self.numbers[settings.first], self.seed, self.foresight)
        apart.agenda = self.agenda
        return apart

    @cached_property
    def _row_of_tables(self) -> Int[Array, " worlds"] | None:
        return None if self.by_scenario is self else self.row

    def look_up(
        self,
        table: Float[Array, "#rows packages"],
        package: Int[Array, " chosen"],
        worlds: Int[Array, " chosen"] | None = None,
    ) -> Float[Array, " chosen"]:
        """What a table with a row for each scenario says of one package in each world, or chosen ones."""
        row = self.row if worlds is None else self.row[worlds]
        return table[rows(table, row), package]

    @cached_property
    def scored(self) -> Float[Array, "#rows packages"]:
        """Savings of every package in $M as scored, in each scenario."""
        return read_only(self.by_scenario.fiscal.scored(self.agenda))

    @cached_property
    def documented(self) -> Float[Array, "#rows packages"]:
        """What documents bear out of it."""
        return self.by_scenario.fiscal.documented(self.agenda)

    @cached_property
    def left_open(self) -> Float[Array, "#rows packages"]:
        """What every package leaves of the gap (share), in each scenario."""
        return self.by_scenario.fiscal.left_open(self.agenda)

    @property
    def conceded(self) -> Float[Array, "#rows packages"]:
        """What every package saves as scored, as a share of the gap, in each scenario."""
        return self.by_scenario.politics.conceded

    @cached_property
    def governor_first(self) -> Bool[Array, " worlds"]:
        """In which worlds the governor's side makes the first offer."""
        first = self.settings["talks.first_proposer"]
        drawn = self.draws.uniform(Stream.FIRST_PROPOSER) < 0.5
        return np.where(first == "random", drawn, first == "governor")

    def mechanism(self, kind: type[Kind]) -> Kind:
        """A mechanism that is on, by its class."""
        return next(each for each in self.mechanisms if isinstance(each, kind))

    @cached_property
    def fiscal(self) -> FiscalMap:
        """The dollars behind the levels of a package."""
        fiscal = with_a_ballot(self.settings.scenario).fiscal
        return self.settings.fill(
            FiscalMap,
            "fiscal",
            ("gap", "saving_per_layoff", "score_haircut"),
            savings={issue: np.array([dollars]) for issue, dollars in fiscal.savings.items()},
            soft=tuple(fiscal.soft),
            verifiable=fiscal.verifiable,
            doubted={
                issue: share
                for mechanism in self.mechanisms
                for issue, share in mechanism.doubted().items()
            },
        )

    @cached_property
    def electorate(self) -> Electorate:
        """Who votes on an agreement, and what they want."""
        return Electorate(self.settings, self.draws, self.mechanisms)

    @cached_property
    def ballots(self) -> Ballots:
        """What they are asked, and what moves them."""
        return Ballots(
            self.settings,
            self.agenda,
            self.electorate,
            self.plan_b_layoffs,
            self.leaders_belief,
            self.coalition,
        )

    @cached_property
    def politics(self) -> Politics:
        """What packages are worth to the two sides besides."""
        return Politics(
            self.mechanisms, self.agenda, self.fiscal, self.plan_b_layoffs, self.leaders_belief
        )

    @cached_property
    def leaders_error(self) -> Float[Array, " worlds"]:
        """How much leaders overrate what members gain (share of pay): bias and a normal draw."""
        spread = self.settings["coalition.leaders_error_sd"]
        return self.settings["coalition.leaders_bias"] + spread * self.draws.normal(
            Stream.LEADERS_ERROR
        )

    @cached_property
    def bylaws(self) -> Bylaws:
        """The bylaws before any amendment."""
        return Bylaws(
            self.settings["ratification.unions_required"],
            self.settings["ratification.weight_required"],
            self.settings["ratification.weighting"],
        )

    @cached_property
    def amended_bylaws(self) -> Bylaws:
        """The bylaws that leaders may change to."""
        return Bylaws(
            self.settings["ratification.amended_unions_required"],
            self.settings["ratification.amended_weight_required"],
            self.settings["ratification.amended_weighting"],
        )

    @cached_property
    def governor(self) -> Valuation:
        """What packages are worth to the governor: political cost saved against Plan B."""
        return Valuation.plain(self.by_scenario._worth_to_governor(), self._row_of_tables)

    def _worth_to_governor(self) -> Float[Array, "#worlds packages"]:
        names = ("cost_of_cuts", "cost_of_layoffs", "cost_of_taxes", "tax_pledge")
        fields = (*names, "cost_of_job_security")
        costs: dict[str, Any] = {name: self.settings[f"governor.{name}"] for name in fields}
        for mechanism in self.mechanisms:
            costs = mechanism.costs_to_governor(costs)
        utility = GovernorUtility(**costs)
        table = utility.table(self.agenda, self.fiscal)
        return self.politics.added_for_governor(table)

    @cached_property
    def menu(self) -> Menu:
        """What there is to close the gap with but the unions' savings."""
        return menu_of(self.settings)

    @cached_property
    def coalition(self) -> Valuation:
        """What packages are worth to the leaders: members' gains, added up, the best scaled to 1."""
        scenarios, by_world = self.by_scenario, militancy_reorders(self.settings.scenario)
        row = self.row if scenarios._leaders_differ() else np.zeros_like(self.row)
        every = np.arange(row.max() + 1)
        tables = np.empty((self.worlds if by_world else len(every), len(self.agenda)))
        shifts = np.empty(self.worlds)
        for some in (every[piece] for piece in pieces(len(every), TABLES_AT_ONCE)):
            gains = scenarios._gains_as_leaders_see(some)
            worlds = np.flatnonzero(np.isin(row, some))
            table, shifts[worlds] = self._added_up(gains, worlds, row[worlds] - some[0])
            which, of = (worlds, row[worlds]) if by_world else (some, some)
            tables[which] = scenarios.politics.added_for_leaders(table, of)
        own_row = None if by_world or len(tables) == 1 else self._row_of_tables
        return Valuation.scaled_to_best(tables, shifts + self.leaders_error, own_row)

    def _added_up(
        self,
        gains: aggregation.Gains,
        worlds: Int[Array, " chosen"],
        row: Int[Array, " chosen"],
    ) -> aggregation.Added:
        """The leaders' table and its shift in some of the worlds; `row` is whose gains each of them has."""
        known = aggregation.Coalition(
            self.electorate.weights,
            self.electorate.mildness[worlds],
            take(self.settings["ratification.unions_required"], worlds),
            take(self.settings["ratification.weight_required"], worlds),
            row,
        )
        add_up = rule_named(aggregation, self.settings.same("coalition.aggregation"))
        return add_up(gains, known)

    @cached_property
    def _kinds(self) -> list[MemberUtility]:
        members = self.electorate.members
        return members[:1] if self.settings.unions_alike() else members

    def _leaders_differ(self) -> bool:
        """Whether what leaders take members to gain, or add to it, differs between the worlds."""
        told = (self.settings[name] for name in ("threat.layoffs", "coalition.shares_unfairness"))
        seen = (*told, self.leaders_belief, *self.politics.besides_for_leaders)
        return any(len(x) > 1 for x in seen) or not all(kind.shared for kind in self._kinds)

    def _gains_as_leaders_see(self, worlds: Int[Array, " chosen"]) -> aggregation.Gains:
        """What leaders take members to gain in some of the worlds, by union."""
        belief = take(self.leaders_belief, worlds)
        threat = take(self.settings["threat.layoffs"], worlds)
        seen = [self._as_leaders_see(kind.of(worlds), worlds) for kind in self._kinds]
        borne = seen[0].borne_by_kind(self.agenda) if self.settings.tastes_alike() else None
        return [kind.gain_by_kind(self.agenda, belief, threat, borne) for kind in seen]

    def _as_leaders_see(
        self, member: MemberUtility, worlds: Int[Array, " chosen"]
    ) -> MemberUtility:
        """A member as leaders take him into account: as far as they share his sense of what is unfair."""
        shared = take(self.settings["coalition.shares_unfairness"], worlds)
        if (shared == 1).all():
            return member
        return replace(member, fairness=member.fairness * shared)

    @cached_property
    def leaders_belief(self) -> Float[Array, "#worlds"]:
        """Probability that leaders give to the whole threat."""
        threat, doubt = self.settings["threat.layoffs"], self.settings["threat.size_doubt"]
        left = information.size_credibility(threat, self.plan_b_layoffs, doubt)
        return self.settings["threat.credibility_leaders"] * left

    @cached_property
    def plan_b_layoffs(self) -> Float[Array, "#worlds"]:
        """The layoffs (persons) that Plan B itself would need: more than these is bluff."""
        found = (mechanism.layoffs_needed() for mechanism in self.mechanisms)
        share = the_only(found, "how the gap is closed")
        if share is None:
            costs = ("governor.cost_of_cuts", "governor.cost_of_layoffs")
            share = np.asarray(plan_b(1.0, *(self.settings[cost] for cost in costs)).layoffs)
        return share * self.fiscal.gap / self.fiscal.saving_per_layoff

    def expected(self, valuation: Valuation, side: str) -> Valuation:
        """What agreeing on each package is worth to a side that may think of the ballot to come.

        Its worth times the chance of ratification, as far as the side anticipates it, with the best
        worth 1 again; what is rejected is worth nothing.
        """
        weight = self.settings[f"{side}.anticipates_ratification"]
        if not weight.any():
            return valuation
        scenarios = self.settings.apart
        weight = scenarios[f"{side}.anticipates_ratification"]
        known = np.zeros(1) if side == "governor" else scenarios["coalition.leaders_bias"]
        chances = np.stack(
            [
                self.foresight.of(foreseen_chances, scenario, bias)
                for scenario, bias in np.broadcast(np.array(scenarios.scenarios), known)
            ]
        )
        counted = 1 - stretch(weight) * (1 - chances)
        if len(valuation.shift) == len(valuation.scale) == 1:
            table = (valuation.table + stretch(valuation.shift)) / stretch(valuation.scale)
            return Valuation.scaled_to_best(table * counted, np.zeros(1), self._row_of_tables)
        every, worlds = np.arange(len(self.agenda)), np.arange(self.worlds)
        table = valuation.all_packages(every, worlds) * take(counted, self.row)
        return Valuation.scaled_to_best(table, np.zeros(1))

    def inside_option(self, side: str) -> Float[Array, "#worlds"]:
        """What a side has for certain while it holds out: leaders may have a contract that runs on."""
        kept = self._inside_option if side == "coalition" else None
        return np.zeros(1) if kept is None else kept

    def payoffs(self) -> tuple[Payoffs, Payoffs, tuple[float, float]]:
        """What packages are worth to both sides in the first world, and what no agreement is (0)."""
        every, world = np.arange(len(self.agenda)), np.arange(1)
        to_governor, to_coalition = (
            side.all_packages(every, world)[0] for side in (self.governor, self.coalition)
        )
        return to_governor, to_coalition, (0.0, 0.0)

    @cached_property
    def _inside_option(self) -> Float[Array, " worlds"] | None:
        found = (mechanism.inside_option(self._no_change) for mechanism in self.mechanisms)
        return the_only(found, "what leaders have while they hold out")

    def _no_change(self) -> Float[Array, " worlds"]:
        """What leaders have if nothing changes."""
        package = self.agenda.find(**dict.fromkeys(self.agenda.names, 0.0))
        worlds = np.arange(self.worlds)
        return self.coalition.of(np.full(self.worlds, package), worlds)


class TextbookBatch(Batch):
    """Worlds of a scorable game: points for each level of each issue; nobody ratifies, no dollars."""

    has_ballot = False
    in_dollars = False

    @cached_property
    def fiscal(self) -> FiscalMap:
        """No issue saves a dollar."""
        return FiscalMap(np.ones(1), np.ones(1), np.zeros(1), savings={})

    @cached_property
    def menu(self) -> Menu:
        """There is nothing to close, and nothing to close it with."""
        return Menu({}, {})

    @cached_property
    def governor(self) -> Valuation:
        """What packages are worth to the governor's side."""
        return self._valuation("governor")

    @cached_property
    def coalition(self) -> Valuation:
        """What packages are worth to the coalition's leaders."""
        return self._valuation("coalition")

    def expected(self, valuation: Valuation, side: str) -> Valuation:
        """What agreeing on each package is worth to a side: all of its utility, without a ballot."""
        return valuation

    def payoffs(self) -> tuple[Payoffs, Payoffs, tuple[float, float]]:
        """The points of packages for both sides, and those of no agreement."""
        governor, coalition = (self._points(side) for side in SIDES)
        return governor, coalition, self.settings.scenario.disagreement

    def _points(self, side: str) -> Payoffs:
        return additive(
            self.agenda, [getattr(issue, side) for issue in self.settings.scenario.issue]
        )

    def _valuation(self, side: str) -> Valuation:
        points, batna = self._points(side), self.settings.scenario.disagreement[SIDES.index(side)]
        return Valuation.plain(((points - batna) / (points.max() - batna))[None])


def make_batch(
    settings: Settings,
    numbers: Int[Array, " worlds"],
    seed: int,
    foresight: Foresight = THIS_PROCESS,
) -> Batch:
    """The batch that fits the scenario's utility."""
    kind = Batch if settings.scenario.has_ballot else TextbookBatch
    return kind(settings, numbers, seed, foresight)


TYPICAL = {
    "unions.militancy_sd": 0.0,
    "unions.common_shock_sd": 0.0,
    "coalition.leaders_error_sd": 0.0,
    **{f"{each.table}.{name}": x for each in MECHANISMS for name, x in each.typical.items()},
}


def typical_batch(scenario: Scenario) -> Batch:
    """The world in which nothing is drawn away from what is expected, as often as there are packages.

    Raises:
        InputError: where there are more packages than memory.
    """
    hold_solution(scenario)
    packages = len(Agenda.of(scenario))
    known = parameters(type(scenario))
    typical = {name: value for name, value in TYPICAL.items() if name in known}
    settings = Settings([with_values(scenario, typical)])
    return make_batch(settings, np.zeros(packages, dtype=np.int64), 0)


def foreseen_chances(scenario: TwoLevelGame, bias: float) -> Float[Array, " packages"]:
    """How likely the first ballot ratifies each package, as negotiators see it.

    They take members to know the text and to believe the threat as leaders do, and to gain `bias` (share
    of pay) more than they do; how militant each union will be they do not know.
    """
    batch, rules = typical_batch(scenario), scenario.ratification
    every = np.arange(batch.worlds)
    ballot = batch.ballots.informed(every, every)
    chances = batch.ballots.forecast(ballot, scenario.unions, bias).chances(
        rules.unions_required, rules.weight_required, rules.weighting
    )
    return read_only(chances)
