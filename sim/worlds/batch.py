"""A batch of worlds made ready: parameters as arrays, the agenda, private draws, and what packages are worth.

Everything in a batch is fixed before the first round. It knows no agents; `agents.py` decides with
it. Its `electorate` knows who votes in the end, its `politics` what approval and the alliance are
worth besides.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import Array, over_packages, take
from sim.arrays.streams import Stream, normals, uniforms
from sim.cases.loading import with_values
from sim.cases.schema import TwoLevelGame
from sim.mechanisms import contract, ideas
from sim.mechanisms.plan_b import PLEDGES, WITH_A_CAP, WITH_A_COST, Menu, held_back
from sim.preferences import aggregation, information
from sim.preferences.agenda import Agenda, additive
from sim.preferences.bylaws import Bylaws
from sim.preferences.fiscal import FiscalMap, plan_b
from sim.preferences.governor import GovernorUtility
from sim.preferences.member import MemberUtility
from sim.preferences.valuation import Valuation
from sim.worlds.electorate import Electorate
from sim.worlds.politics import Politics
from sim.worlds.settings import Settings

TABLES_AT_ONCE = 4  # worlds whose members' gains stay in a processor's cache together


class Batch:
    """Worlds of a scorable game without a ballot; `numbers` (worlds) are the addresses of their draws."""

    menu: Menu | None = None  # without dollars there is nothing to close

    def __init__(self, settings: Settings, numbers: Int[Array, " worlds"], seed: int):
        self.settings = settings
        self.numbers = numbers
        self.worlds = len(numbers)
        self.seed = seed
        self.agenda = Agenda.of(settings.scenario)
        self.rounds = settings.same("calendar.rounds")

    def uniform(self, stream: Stream, step: int = 0) -> Float[Array, " worlds"]:
        """One uniform draw a world."""
        return uniforms(self.seed, stream, self.numbers, step=step)[:, 0]

    def normal(self, stream: Stream) -> Float[Array, " worlds"]:
        """One standard normal draw a world."""
        return normals(self.seed, stream, self.numbers)[:, 0]

    @cached_property
    def governor_first(self) -> Bool[Array, " worlds"]:
        """In which worlds the governor's side makes the first offer."""
        first = self.settings["talks.first_proposer"]
        drawn = self.uniform(Stream.FIRST_PROPOSER) < 0.5
        return np.where(first == "random", drawn, first == "governor")

    @cached_property
    def governor(self) -> Valuation:
        """What packages are worth to the governor's side."""
        return self._points("governor", 0)

    @cached_property
    def coalition(self) -> Valuation:
        """What packages are worth to the coalition's leaders."""
        return self._points("coalition", 1)

    def expected(self, valuation: Valuation, side: str) -> Valuation:
        """What agreeing on each package is worth to a side: all of its worth, without a ballot."""
        return valuation

    def inside_option(self, side: str) -> Float[Array, "#worlds"]:
        """What a side has for certain while it holds out: by default no more than without an agreement."""
        return np.zeros(1)

    def _points(self, side: str, index: int) -> Valuation:
        scenario = self.settings.scenario
        points = additive(self.agenda, [getattr(issue, side) for issue in scenario.issue])
        batna = scenario.batna[index]
        return Valuation.plain(((points - batna) / (points.max() - batna))[None])


class TwoLevelBatch(Batch):
    """Worlds in which a coalition of unions bargains with the state, and its members ratify."""

    def __init__(self, settings: Settings, numbers: Int[Array, " worlds"], seed: int):
        super().__init__(settings, numbers, seed)
        fiscal = settings.scenario.fiscal
        self.fiscal = settings.fill(
            FiscalMap,
            "fiscal",
            ("gap", "saving_per_layoff", "score_haircut"),
            savings={issue: np.array([dollars]) for issue, dollars in fiscal.savings.items()},
            soft=tuple(fiscal.soft),
            verifiable=fiscal.verifiable,
            doubted=self._doubted(),
        )

    @cached_property
    def electorate(self) -> Electorate:
        """Who votes on an agreement, what they are asked, and what moves them."""
        return Electorate(
            self.settings,
            self.numbers,
            self.seed,
            self.agenda,
            self.plan_b_layoffs,
            self.leaders_belief,
            worth_to_leaders=lambda package, worlds: self.coalition.of(package, worlds),
        )

    @cached_property
    def politics(self) -> Politics:
        """What approval and the alliance are worth to the two sides besides."""
        return Politics(
            self.settings, self.agenda, self.fiscal, self.plan_b_layoffs, self.leaders_belief
        )

    @cached_property
    def leaders_error(self) -> Float[Array, " worlds"]:
        """How much leaders overrate what members gain (share of pay): bias and a normal draw."""
        spread = self.settings["coalition.leaders_error_sd"]
        return self.settings["coalition.leaders_bias"] + spread * self.normal(Stream.LEADERS_ERROR)

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
        costs = ("cost_of_cuts", "cost_of_layoffs", "cost_of_taxes", "tax_pledge")
        utility = self.settings.fill(GovernorUtility, "governor", (*costs, "cost_of_job_security"))
        if self.settings.same("plan_b.on"):
            kept = self.settings["plan_b.pledge_no_new_taxes"]
            utility = replace(utility, menu=self.menu, tax_pledge=utility.tax_pledge * kept)
        table = utility.table(self.agenda, self.fiscal)
        return Valuation.plain(self.politics.added_for_governor(table))

    @cached_property
    def menu(self) -> Menu:
        """What there is to close the gap with but the unions' savings: cuts, layoffs, and Plan B's means."""
        settings, unused = self.settings, ~self.settings["plan_b.on"]
        cap = {means: held_back(settings[f"plan_b.cap_{means}"], unused) for means in WITH_A_CAP}
        for means, pledge in PLEDGES.items():
            cap[means] = held_back(cap[means], settings[f"plan_b.{pledge}"])
        cap["layoffs"] = settings["members.workforce"] * self.fiscal.saving_per_layoff
        cost = {
            means: settings[f"governor.cost_of_{means}"] for means in ("cuts", "layoffs", "taxes")
        }
        cost |= {means: settings[f"plan_b.cost_of_{means}"] for means in WITH_A_COST}
        shares = {means: dollars / self.fiscal.gap for means, dollars in cap.items()}
        return Menu(cost, shares | {"cuts": np.full(1, np.inf)})

    @cached_property
    def coalition(self) -> Valuation:
        """What packages are worth to the leaders: members' gains, added up, the best scaled to 1."""
        members = self.electorate.members
        kinds = members[:1] if self.settings.unions_alike() else members
        shared = all(kind.shared for kind in kinds) and len(self.leaders_belief) == 1
        if shared:
            table, shift = self._added_up(kinds, np.arange(self.worlds))
            return Valuation.scaled_to_best(table, shift + self.leaders_error)
        tables = np.empty((self.worlds, len(self.agenda)))
        shifts = np.empty(self.worlds)
        for first in range(0, self.worlds, TABLES_AT_ONCE):
            some = slice(first, first + TABLES_AT_ONCE)
            tables[some], shifts[some] = self._added_up(kinds, np.arange(self.worlds)[some])
        return Valuation.scaled_to_best(tables, shifts + self.leaders_error)

    def _added_up(
        self, kinds: Sequence[MemberUtility], worlds: Int[Array, " chosen"]
    ) -> aggregation.Added:
        """The leaders' table and its shift in some of the worlds."""
        settings = self.settings
        belief = take(self.leaders_belief, worlds)
        threat = take(settings["threat.layoffs"], worlds)
        seen = [self._as_leaders_see(kind.of(worlds), worlds) for kind in kinds]
        borne = seen[0].borne_by_kind(self.agenda) if settings.tastes_alike() else None
        gains = [kind.gain_by_kind(self.agenda, belief, threat, borne) for kind in seen]
        known = aggregation.Coalition(
            self.electorate.weights,
            self.electorate.mildness[worlds],
            take(settings["ratification.unions_required"], worlds),
            take(settings["ratification.weight_required"], worlds),
        )
        add_up = getattr(aggregation, settings.same("coalition.aggregation"))
        table, shift = add_up(gains, known)
        return self.politics.added_for_leaders(table, worlds), shift

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
        settings = self.settings
        if settings.same("plan_b.on"):
            share = self.menu.closes(np.ones(1))["layoffs"]
        else:
            costs = ("governor.cost_of_cuts", "governor.cost_of_layoffs")
            share = plan_b(1.0, *(settings[cost] for cost in costs)).layoffs
        return share * self.fiscal.gap / self.fiscal.saving_per_layoff

    def _doubted(self) -> dict[str, Float[Array, "#worlds"]]:
        """The shares of single lines of savings that the governor does not count on."""
        settings = self.settings
        if not settings.same("ideas.on"):
            return {}
        low, high = settings["ideas.comes_true_low"], settings["ideas.comes_true_high"]
        return {"ideas": ideas.doubted(low, high)}

    def expected(self, valuation: Valuation, side: str) -> Valuation:
        """What agreeing on each package is worth to a side that may think of the ballot to come.

        Its worth times the chance of ratification, as far as the side anticipates it, with the best
        worth 1 again; what is rejected is worth nothing.
        """
        weight = self.settings[f"{side}.anticipates_ratification"]
        if not weight.any():
            return valuation
        packages, worlds = np.arange(len(self.agenda)), np.arange(self.worlds)
        known = np.zeros(1) if side == "governor" else self.settings["coalition.leaders_bias"]
        chances = np.stack(
            [
                foreseen_chances(scenario, bias)
                for scenario, bias in np.broadcast(np.array(self.settings.scenarios), known)
            ]
        )
        counted = 1 - over_packages(weight) * (1 - chances)
        alike = len(valuation.shift) == len(valuation.table) == 1
        table = valuation.all_packages(packages, worlds[:1] if alike else worlds)
        return Valuation.scaled_to_best(table * counted, np.zeros(1))

    def inside_option(self, side: str) -> Float[Array, "#worlds"]:
        """What a side has for certain while it holds out: leaders may have a contract that runs on."""
        if side == "coalition" and self.settings.same("contract.on"):
            return self._contract_kept
        return super().inside_option(side)

    @cached_property
    def _contract_kept(self) -> Float[Array, " worlds"]:
        no_change = self.agenda.find(**dict.fromkeys(self.agenda.names, 0.0))
        worlds = np.arange(self.worlds)
        utility = self.coalition.of(np.full(self.worlds, no_change), worlds)
        return contract.inside_option(self.settings["contract.security"], utility)


def make_batch(settings: Settings, numbers: Int[Array, " worlds"], seed: int) -> Batch:
    """The batch that fits the scenario's utility."""
    kinds = {"points": Batch, "two_level": TwoLevelBatch}
    return kinds[settings.scenario.utility](settings, numbers, seed)


NO_LUCK = {
    "unions.militancy_sd": 0.0,
    "unions.common_shock_sd": 0.0,
    "coalition.leaders_error_sd": 0.0,
    "rumours.seed_sd": 0.0,
    "recommendation.opposing": 0.0,
}


def typical_batch(scenario: TwoLevelGame) -> TwoLevelBatch:
    """The world in which nothing is drawn away from what is expected, as often as there are packages."""
    packages = len(Agenda.of(scenario))
    luckless = Settings([with_values(scenario, NO_LUCK)])
    return TwoLevelBatch(luckless, np.zeros(packages, dtype=np.int64), 0)


def foreseen_chances(scenario: TwoLevelGame, bias: float) -> Float[Array, " packages"]:
    """How likely the first ballot ratifies each package, as negotiators see it.

    They take members to know the text and to believe the threat as leaders do, and to gain `bias` (share
    of pay) more than they do; how militant each union will be they do not know.
    """
    return _foreseen_chances(scenario.model_dump_json(), bias)


@lru_cache(maxsize=256)  # one batch after another asks for those of the same scenario
def _foreseen_chances(text: str, bias: float) -> Float[Array, " packages"]:
    scenario = TwoLevelGame.model_validate_json(text)
    batch, rules = typical_batch(scenario), scenario.ratification
    every = np.arange(batch.worlds)
    ballot = batch.electorate.informed_ballot(every, every)
    return batch.electorate.forecast(ballot, scenario.unions, bias).chances(
        rules.unions_required, rules.weight_required, rules.weighting
    )
