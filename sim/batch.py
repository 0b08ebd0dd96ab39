"""A batch of worlds made ready: parameters as arrays, the agenda, private draws, and what packages are worth.

Everything in a batch is fixed before the first round. It knows no agents; `agents.py` decides with
it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from itertools import count

import numpy as np
from jaxtyping import Bool, Float, Int

from sim import aggregation, information
from sim.agenda import Agenda, additive
from sim.axes import Array, over_packages, take
from sim.fiscal import FiscalMap, plan_b
from sim.mechanisms import (
    alliance,
    contract,
    fatigue,
    ideas,
    recommendation,
    rumours,
    seniority,
    unit_ballot,
)
from sim.mechanisms.holding_out import worth_of_waiting
from sim.mechanisms.plan_b import PLEDGES, WITH_A_CAP, WITH_A_COST, Menu, held_back
from sim.mechanisms.public import REACTIONS, News, Reactions
from sim.mechanisms.reputation import remembered
from sim.ratification import Ballot, Bylaws, Prospects, moods
from sim.scenario import with_values
from sim.schema import TwoLevelGame
from sim.schema.members import Tastes
from sim.settings import Settings
from sim.streams import Stream, normals, uniforms
from sim.utility import GovernorUtility, MemberUtility, Valuation

TABLES_AT_ONCE = 4  # worlds whose members' gains stay in a processor's cache together


@dataclass(frozen=True, eq=False)
class BargainingUnit:
    """A unit of a union, which votes apart: its share of the union's members, and how mild it is.

    `militancy` (share of pay) is for the coalition's ballot, `militancy_on_wages` for the unit's own.
    """

    name: str
    share: float
    militancy: Float[Array, " worlds"]
    militancy_on_wages: Float[Array, " worlds"]


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

    def luck(self, stream: Stream, step: int = 0) -> Float[Array, " worlds"]:
        """One uniform draw a world."""
        return uniforms(self.seed, stream, self.numbers, step=step)[:, 0]

    def normal(self, stream: Stream) -> Float[Array, " worlds"]:
        """One standard normal draw a world."""
        return normals(self.seed, stream, self.numbers)[:, 0]

    @cached_property
    def governor_first(self) -> Bool[Array, " worlds"]:
        """In which worlds the governor's side makes the first offer."""
        first = self.settings["talks.first_proposer"]
        drawn = self.luck(Stream.FIRST_PROPOSER) < 0.5
        return np.where(first == "random", drawn, first == "governor")

    @cached_property
    def governor(self) -> Valuation:
        """What packages are worth to the governor's side."""
        return self._points("governor", 0)

    @cached_property
    def coalition(self) -> Valuation:
        """What packages are worth to the coalition's leaders."""
        return self._points("coalition", 1)

    def expected(self, worth: Valuation, side: str) -> Valuation:
        """What agreeing on each package is worth to a side: all of its worth, without a ballot."""
        return worth

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

    @property
    def union_names(self) -> list[str]:
        """The unions of the coalition, in the order of the scenario."""
        return [union.name for union in self.settings.scenario.union]

    @cached_property
    def weights(self) -> Float[Array, " unions"]:
        """Each union's share of the membership."""
        sizes = np.array([union.members for union in self.settings.scenario.union], dtype=float)
        return sizes / sizes.sum()

    @cached_property
    def militancy(self) -> Float[Array, "worlds unions"]:
        """How much milder than average each union is (share of pay): its offset and a normal draw."""
        unions = len(self.union_names)
        offset = np.array([union.offset for union in self.settings.scenario.union])
        drawn = normals(self.seed, Stream.MILITANCY, self.numbers, unions)
        return offset + over_packages(self.settings["unions.militancy_sd"]) * drawn

    @cached_property
    def units(self) -> list[list[BargainingUnit]]:
        """The bargaining units of each union: itself, where none are told apart."""
        if self.settings.same("unit_ballot.on"):
            slots = count()
            return [
                [self._unit(union, unit, next(slots)) for unit in units]
                for union, units in enumerate(self.units_listed)
            ]
        return [
            [BargainingUnit(name, 1.0, mild, mild)]
            for name, mild in zip(self.union_names, self.militancy.T, strict=True)
        ]

    @cached_property
    def units_listed(self) -> list[list[unit_ballot.Unit]]:
        """The units of each union as the scenario lists them."""
        return unit_ballot.by_union(self.settings.scenario.unit, self.settings.scenario.union)

    def _unit(self, union: int, unit: unit_ballot.Unit, slot: int) -> BargainingUnit:
        """A unit with draws of its own; `slot` is its place among all units."""
        within, on_wages = self._moods_of_units
        mild = self.militancy[:, union] + within[slot]
        share = unit.members / self.settings.scenario.union[union].members
        on_its_own = mild + unit.wage_offset + on_wages[slot]
        return BargainingUnit(unit.name, share, mild + unit.offset, on_its_own)

    @cached_property
    def _moods_of_units(self) -> tuple[Float[Array, "units worlds"], Float[Array, "units worlds"]]:
        """How much milder than its union each unit is (share of pay), and how much more so on wages."""
        sizes = np.array([len(units) for units in self.units_listed for _ in units])
        units_sd, wages_sd = (
            over_packages(self.settings[f"unit_ballot.{of}_sd"]) for of in ("units", "wages")
        )
        drawn = normals(self.seed, Stream.UNIT_MILITANCY, self.numbers, len(sizes))
        on_wages = wages_sd * normals(self.seed, Stream.UNIT_ON_WAGES, self.numbers, len(sizes))
        within = unit_ballot.spread_within(units_sd, drawn, sizes)
        return np.ascontiguousarray(within.T), np.ascontiguousarray(on_wages.T)

    @cached_property
    def common_shock(self) -> Float[Array, " worlds"]:
        """The mood shared by all unions (share of pay)."""
        return self.settings["unions.common_shock_sd"] * self.normal(Stream.COMMON_SHOCK)

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
        return Valuation.plain(self._with_politics(utility.table(self.agenda, self.fiscal)))

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
        kinds = self.members[:1] if self.settings.unions_alike() else self.members
        shared = all(kind.shared for kind in kinds) and len(self._leaders_belief) == 1
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
        belief = take(self._leaders_belief, worlds)
        threat = take(settings["threat.layoffs"], worlds)
        seen = [self._as_leaders_see(kind.of(worlds), worlds) for kind in kinds]
        borne = seen[0].borne_by_kind(self.agenda) if settings.tastes_alike() else None
        gains = [kind.gain_by_kind(self.agenda, belief, threat, borne) for kind in seen]
        known = aggregation.Coalition(
            self.weights,
            self.militancy[worlds],
            take(settings["ratification.unions_required"], worlds),
            take(settings["ratification.weight_required"], worlds),
        )
        add_up = getattr(aggregation, settings.same("coalition.aggregation"))
        table, shift = add_up(gains, known)
        if settings.same("alliance.on"):
            table = table + take(self._alliance_to_leaders, worlds)
        return table, shift

    def _as_leaders_see(
        self, member: MemberUtility, worlds: Int[Array, " chosen"]
    ) -> MemberUtility:
        """A member as leaders take him into account: as far as they share his sense of what is unfair."""
        shared = take(self.settings["coalition.shares_unfairness"], worlds)
        if (shared == 1).all():
            return member
        return replace(member, fairness=member.fairness * shared)

    @cached_property
    def _leaders_belief(self) -> Float[Array, "#worlds"]:
        """Probability that leaders give to the whole threat."""
        threat, doubt = self.settings["threat.layoffs"], self.settings["threat.size_doubt"]
        left = information.size_credibility(threat, self.plan_b_layoffs, doubt)
        return self.settings["threat.credibility_leaders"] * left

    @cached_property
    def members(self) -> list[MemberUtility]:
        """What members want, by union; unions that are alike share one utility."""
        unions = range(len(self.union_names))
        if self.settings.unions_alike():
            return [self._members_of(0)] * len(unions)
        return [self._members_of(union) for union in unions]

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

    @cached_property
    def conceded(self) -> Float[Array, "#worlds packages"]:
        """What every package saves as scored, as a share of the gap."""
        return self.fiscal.scored(self.agenda) / over_packages(self.fiscal.gap)

    @cached_property
    def reactions(self) -> Reactions:
        """How the public reacts to news."""
        return self.settings.fill(Reactions, "public", REACTIONS)

    def _with_politics(
        self, table: Float[Array, "#worlds packages"]
    ) -> Float[Array, "#worlds packages"]:
        """The governor's table with what approval and the alliance are worth to him besides.

        Each is what a package brings over Plan B, so that Plan B stays 0; and his best package is worth as
        much as without them, so that politics changes what he prefers and not where he begins.
        """
        settings, besides = self.settings, []
        if settings.same("public.on"):
            besides.append(self._approval_to_governor)
        if settings.same("alliance.on"):
            besides.append(self._alliance_to_governor)
        if not besides:
            return table
        together = table + sum(besides)
        best, before = (x.max(-1, keepdims=True) for x in (together, table))
        some_good = (best > 0) & (before > 0)
        return together * np.where(some_good, before / np.where(some_good, best, 1.0), 1.0)

    @property
    def _approval_to_governor(self) -> Float[Array, "#worlds packages"]:
        """Utility of the approval that every package, ratified, brings over Plan B."""
        settings, workforce = self.settings, over_packages(self.settings["members.workforce"])
        reactions = Reactions(
            **{name: over_packages(settings[f"public.{name}"]) for name in REACTIONS}
        )
        deal = News(
            ratified=1.0,
            taxes=self.agenda.levels_on("tax_share"),
            laid_off=self.agenda.levels_on("negotiated_layoffs") / workforce,
        )
        without = News(failed=1.0, laid_off=over_packages(self.plan_b_layoffs) / workforce)
        change = reactions.change(deal) - reactions.change(without)
        return over_packages(settings["public.weight"]) * change

    @cached_property
    def _alliance_kept(self) -> Float[Array, "#worlds packages"]:
        """The share of the alliance that every package leaves."""
        layoffs = self.agenda.levels_on("negotiated_layoffs")
        return self._kept_after(layoffs, self.conceded)

    @property
    def _alliance_to_governor(self) -> Float[Array, "#worlds packages"]:
        """Utility of the alliance that every package leaves beyond what Plan B does."""
        without = self._kept_after(over_packages(self.plan_b_layoffs), np.zeros((1, 1)))
        return over_packages(self.settings["alliance.worth_to_governor"]) * (
            self._alliance_kept - without
        )

    @cached_property
    def _alliance_to_leaders(self) -> Float[Array, "#worlds packages"]:
        """What the alliance that every package leaves is worth to leaders beyond a No (share of pay)."""
        settings = self.settings
        carried_out = self._kept_after(over_packages(settings["threat.layoffs"]), np.zeros((1, 1)))
        without = alliance.expected_without(carried_out[:, 0], self._leaders_belief)
        gained = self._alliance_kept - over_packages(without)
        return over_packages(settings["alliance.worth_to_leaders"]) * gained

    def _kept_after(self, layoffs: Array, conceded: Array) -> Float[Array, "#worlds #packages"]:
        settings = self.settings
        return alliance.kept(
            layoffs / over_packages(settings["members.workforce"]),
            conceded,
            over_packages(settings["alliance.loss_by_layoffs"]),
            over_packages(settings["alliance.loss_by_ask"]),
        )

    def _doubted(self) -> dict[str, Float[Array, "#worlds"]]:
        """The shares of single lines of savings that the governor does not count on."""
        settings = self.settings
        if not settings.same("ideas.on"):
            return {}
        low, high = settings["ideas.comes_true_low"], settings["ideas.comes_true_high"]
        return {"ideas": ideas.doubted(low, high)}

    def expected(self, worth: Valuation, side: str) -> Valuation:
        """What agreeing on each package is worth to a side that may think of the ballot to come.

        Its worth times the chance of ratification, as far as the side anticipates it, with the best
        worth 1 again; what is rejected is worth nothing.
        """
        weight = self.settings[f"{side}.anticipates_ratification"]
        if not weight.any():
            return worth
        packages, worlds = np.arange(len(self.agenda)), np.arange(self.worlds)
        known = np.zeros(1) if side == "governor" else self.settings["coalition.leaders_bias"]
        chances = np.stack(
            [
                foreseen_chances(scenario, bias)
                for scenario, bias in np.broadcast(np.array(self.settings.scenarios), known)
            ]
        )
        counted = 1 - over_packages(weight) * (1 - chances)
        alike = len(worth.shift) == len(worth.table) == 1
        table = worth.all_packages(packages, worlds[:1] if alike else worlds)
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
        worth = self.coalition.of(np.full(self.worlds, no_change), worlds)
        return contract.inside_option(self.settings["contract.security"], worth)

    def first_ballot(
        self,
        worlds: Int[Array, " voting"],
        package: Int[Array, " voting"],
        secrecy: Float[Array, " voting"],
    ) -> Ballot:
        """What members are asked after the talks; `secrecy` is that of the talks when they ended."""
        threat = take(self.settings["threat.layoffs"], worlds)
        belief = self._members_belief(worlds, secrecy)
        return self._ballot("first", worlds, package, secrecy, belief, threat)

    def second_ballot(
        self,
        worlds: Int[Array, " voting"],
        package: Int[Array, " voting"],
        secrecy: Float[Array, " voting"],
    ) -> Ballot:
        """The same package after a rejection: a new threat, notices, and a campaign of the leaders."""
        belief = information.after_notices(
            self._members_belief(worlds, secrecy),
            take(self.settings["threat.bluff_likelihood"], worlds),
            take(self.settings["threat.notices"], worlds),
        )
        threat = take(self.settings["threat.layoffs_after_rejection"], worlds)
        return self._ballot("second", worlds, package, secrecy, belief, threat)

    def informed_ballot(
        self, worlds: Int[Array, " voting"], package: Int[Array, " voting"]
    ) -> Ballot:
        """What members would be asked if they knew the text and believed the threat as leaders do."""
        return Ballot(
            agenda=self.agenda,
            worlds=worlds,
            package=package,
            belief=np.broadcast_to(take(self._leaders_belief, worlds), worlds.shape),
            threat=take(self.settings["threat.layoffs"], worlds),
            mood=self.common_shock[worlds],
            question=self._question,
        )

    def wage_ballot(self, ballot: Ballot) -> Ballot:
        """What each unit is asked of its own wages, in the worlds of a ballot of the coalition.

        What members wrongly imagine of health and pensions binds them either way, and moves no vote here.
        """
        mood = self._moved(self.common_shock[ballot.worlds], ballot.worlds)
        return replace(ballot, question=MemberUtility.gain_on_unit_ballot, mood=mood)

    @property
    def _question(self) -> Callable[..., Array]:
        """What members gain from a Yes on the coalition's ballot."""
        apart = self.settings.same("unit_ballot.on")
        return MemberUtility.gain_on_coalition_ballot if apart else MemberUtility.gain

    def _members_belief(
        self, worlds: Int[Array, " voting"], secrecy: Float[Array, " voting"]
    ) -> Float[Array, " voting"]:
        return information.members_belief(
            take(self._members_belief_at_first, worlds),
            take(self.settings["threat.credibility_leaders"], worlds),
            secrecy,
        )

    @cached_property
    def _members_belief_at_first(self) -> Float[Array, "#worlds"]:
        """Probability that members give to the threat before the talks, as far as they remember."""
        settings = self.settings
        belief = settings["threat.credibility_members"]
        if not settings.same("reputation.on"):
            return belief
        return remembered(belief, settings["reputation.kept_before"], settings["reputation.memory"])

    def _ballot(
        self,
        which: str,
        worlds: Int[Array, " voting"],
        package: Int[Array, " voting"],
        secrecy: Float[Array, " voting"],
        belief: Float[Array, " voting"],
        threat: Float[Array, "#voting"],
    ) -> Ballot:
        settings = self.settings
        credible = information.size_credibility(
            threat, take(self.plan_b_layoffs, worlds), take(settings["threat.size_doubt"], worlds)
        )
        return Ballot(
            agenda=self.agenda,
            worlds=worlds,
            package=package,
            belief=belief * credible,
            threat=threat,
            question=self._question,
            mood=self._moved(self._mood(which, worlds, secrecy), worlds)
            - self._waiting(which, worlds),
            leanings=self._leanings(which, worlds, package, secrecy),
            turnout=self._turnout(which, worlds),
        )

    def _mood(
        self, which: str, worlds: Int[Array, " voting"], secrecy: Float[Array, " voting"]
    ) -> Float[Array, " voting"]:
        """The common shock, less the cost that all members imagine unless rumours say who does."""
        settings = self.settings
        if settings.same("rumours.on"):
            return self.common_shock[worlds]
        imagined = information.misperception(
            take(settings["information.misperceived_cost"], worlds),
            secrecy,
            take(settings[f"information.outreach_{which}"], worlds),
        )
        return self.common_shock[worlds] - imagined

    def _leanings(
        self,
        which: str,
        worlds: Int[Array, " voting"],
        package: Int[Array, " voting"],
        secrecy: Float[Array, " voting"],
    ) -> Float[Array, "voting unions"] | None:
        """What moves single unions on the first or second ballot (share of pay)."""
        settings, moved = self.settings, []
        if settings.same("rumours.on"):
            cost = settings["rumours.strength"] * settings["information.misperceived_cost"]
            moved.append(
                rumours.leanings(self.believing(which, worlds, secrecy), take(cost, worlds))
            )
        if settings.same("recommendation.on"):
            weight = take(settings[f"recommendation.{which}"], worlds)
            moved.append(recommendation.leanings(self.stands(worlds, package), weight))
        return sum(moved[1:], start=moved[0]) if moved else None

    def stands(
        self, worlds: Int[Array, " voting"], package: Int[Array, " voting"]
    ) -> Float[Array, "voting unions"]:
        """What the leader of each union says of the agreement: 1 vote Yes, 0 nothing, -1 vote No."""
        settings, unions = self.settings, len(self.union_names)
        return recommendation.stands(
            self.coalition.of(package, worlds),
            take(settings["recommendation.silent_below"], worlds),
            take(settings["recommendation.opposing"], worlds),
            uniforms(self.seed, Stream.LEADER_OPPOSES, self.numbers, unions)[worlds],
        )

    def believing(
        self, which: str, worlds: Int[Array, " voting"], secrecy: Float[Array, " voting"]
    ) -> Float[Array, "voting unions"]:
        """Share of each union who believe the rumour at the first or second ballot."""
        settings = self.settings
        times = [field.name for field in fields(rumours.Contagion)]
        contagion = settings.fill(rumours.Contagion, "rumours", times).of(worlds)
        outreach = take(settings["information.outreach_first"], worlds)
        first = contagion.at_first_ballot(self._seeds_of_rumour[worlds], secrecy, outreach)
        if which == "first":
            return first
        return contagion.at_second_ballot(
            first, take(settings["information.outreach_second"], worlds)
        )

    @cached_property
    def _seeds_of_rumour(self) -> Float[Array, "worlds unions"]:
        """Share of each union who believe the rumour on the day of the agreement."""
        luck = normals(self.seed, Stream.RUMOUR_SEED, self.numbers, len(self.union_names))
        return rumours.seeds(self.settings["rumours.seed"], self.settings["rumours.seed_sd"], luck)

    def _turnout(
        self, which: str, worlds: Int[Array, " voting"]
    ) -> tuple[Float[Array, "#voting"], Float[Array, "#voting"]] | None:
        """The shares of those for and of those against who vote on the first or second ballot."""
        if not self.settings.same("turnout.on"):
            return None
        for_it, against = (f"turnout.{side}_{which}" for side in ("supporters", "opponents"))
        return take(self.settings[for_it], worlds), take(self.settings[against], worlds)

    def _waiting(
        self, which: str, worlds: Int[Array, " voting"]
    ) -> float | Float[Array, "#voting"]:
        """How much members lean to No on the first ballot for what may follow it (share of pay)."""
        settings = self.settings
        if which != "first" or not settings.same("holding_out.on"):
            return 0.0
        chance, better_by = settings["holding_out.chance"], settings["holding_out.better_by"]
        return take(worth_of_waiting(chance, better_by), worlds)

    def _moved(
        self, mood: Float[Array, " voting"], worlds: Int[Array, " voting"]
    ) -> Float[Array, " voting"]:
        """A mood after what else moves all members alike (share of pay)."""
        settings = self.settings
        if settings.same("fatigue.on"):
            given, resentment = settings["fatigue.given_before"], settings["fatigue.resentment"]
            mood = mood - take(fatigue.lean_to_no(given, resentment), worlds)
        return mood

    def _members_of(self, union: int) -> MemberUtility:
        settings = self.settings
        strata = settings.same("members.strata")
        slices = (np.arange(strata) + 0.5) / strata
        exposure = settings.scenario.union[union].layoff_exposure
        counted = settings["unions.exposure_weight"]
        return MemberUtility(
            seniority=slices,
            workforce=settings["members.workforce"].astype(float),
            bumping=settings["threat.bumping"],
            layoff_exposure=counted * exposure + (1 - counted),
            **{taste: settings.of_union(union, taste) for taste in Tastes.model_fields},
            **self._pay_and_tiers(slices),
        )

    def _pay_and_tiers(self, slices: Float[Array, " members"]) -> dict[str, Array]:
        """Pay and pension stake of members by seniority, where they differ in these."""
        settings = self.settings
        if not settings.same("seniority.on"):
            return {}
        tiers = ("tier_one_share", "tier_two_share", "tier_one_stake", "tier_two_stake")
        return {
            "relative_pay": seniority.relative_pay(slices, settings["seniority.pay_by_seniority"]),
            "pension_stake": seniority.pension_stake(
                slices, *(settings[f"seniority.{tier}"] for tier in tiers)
            ),
        }


def make_batch(settings: Settings, numbers: Int[Array, " worlds"], seed: int) -> Batch:
    """The batch that fits the scenario's utility."""
    kinds = {"points": Batch, "two_level": TwoLevelBatch}
    return kinds[settings.scenario.utility](settings, numbers, seed)


NO_LUCK = {
    "unions.militancy_sd": 0.0,
    "unions.common_shock_sd": 0.0,
    "coalition.leaders_error_sd": 0.0,
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
    batch = typical_batch(scenario)
    every = np.arange(batch.worlds)
    ballot = batch.informed_ballot(every, every)
    rules = scenario.ratification
    return prospects(batch, ballot, scenario, bias).chances(
        rules.unions_required, rules.weight_required, rules.weighting
    )


def prospects(
    batch: TwoLevelBatch, ballot: Ballot, scenario: TwoLevelGame, bias: float = 0.0
) -> Prospects:
    """The prospects of a ballot on each package in a typical batch of a scenario.

    Members are taken to gain `bias` (share of pay) more than they do.
    """
    unions = scenario.unions
    return Prospects(
        ballot,
        batch.members,
        batch.militancy[0] + bias,
        moods(len(batch.weights), unions.militancy_sd, unions.common_shock_sd),
        batch.weights,
    )
