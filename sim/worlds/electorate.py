"""The electorate: who votes on an agreement, what they want, what they are asked, and what moves them.

Everything here is fixed before the first round but the package voted on, and how secret the talks
were in the end.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import count

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, over_packages, take
from sim.arrays.streams import Stream, normals, uniforms
from sim.cases.schema.members import Tastes, Unions
from sim.mechanisms import fatigue, recommendation, rumours, seniority, unit_ballot
from sim.mechanisms.holding_out import value_of_waiting
from sim.mechanisms.reputation import remembered
from sim.preferences import information
from sim.preferences.agenda import Agenda
from sim.preferences.ballot import Ballot
from sim.preferences.forecast import RatificationForecast, union_shocks
from sim.preferences.member import MemberUtility
from sim.worlds.settings import Settings


@dataclass(frozen=True, eq=False)
class BargainingUnit:
    """A unit of a union, which votes apart: its share of the union's members, and how mild it is.

    `mildness` (share of pay) is for the coalition's ballot, `mildness_on_wages` for the unit's own.
    """

    name: str
    share: float
    mildness: Float[Array, " worlds"]
    mildness_on_wages: Float[Array, " worlds"]


@dataclass(frozen=True, eq=False)
class Electorate:
    """The unions of the coalition and their members, in the worlds of these numbers.

    `plan_b_layoffs` (persons) are those that Plan B itself would need, beyond which members take a
    threat for bluff; `leaders_belief` is the probability that leaders give to the threat, and
    `worth_to_leaders` what packages are worth to them in some of the worlds: on these depends what
    they tell their members.
    """

    settings: Settings
    numbers: Int[Array, " worlds"]
    seed: int
    agenda: Agenda
    plan_b_layoffs: Float[Array, "#worlds"]
    leaders_belief: Float[Array, "#worlds"]
    worth_to_leaders: Callable[
        [Int[Array, " voting"], Int[Array, " voting"]], Float[Array, " voting"]
    ]

    # Who votes.

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
    def mildness(self) -> Float[Array, "worlds unions"]:
        """How much milder than average each union is (share of pay): its offset and a normal draw."""
        unions = len(self.union_names)
        offset = np.array([union.offset for union in self.settings.scenario.union])
        drawn = self._normals(Stream.MILITANCY, unions)
        return offset + over_packages(self.settings["unions.militancy_sd"]) * drawn

    @cached_property
    def common_shock(self) -> Float[Array, " worlds"]:
        """The shock shared by all unions (share of pay)."""
        return self.settings["unions.common_shock_sd"] * self._normals(Stream.COMMON_SHOCK)[:, 0]

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
            for name, mild in zip(self.union_names, self.mildness.T, strict=True)
        ]

    @cached_property
    def units_listed(self) -> list[list[unit_ballot.Unit]]:
        """The units of each union as the scenario lists them."""
        return unit_ballot.by_union(self.settings.scenario.unit, self.settings.scenario.union)

    def _unit(self, union: int, unit: unit_ballot.Unit, slot: int) -> BargainingUnit:
        """A unit with draws of its own; `slot` is its place among all units."""
        within, on_wages = self._moods_of_units
        mild = self.mildness[:, union] + within[slot]
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
        drawn = self._normals(Stream.UNIT_MILITANCY, len(sizes))
        on_wages = wages_sd * self._normals(Stream.UNIT_ON_WAGES, len(sizes))
        within = unit_ballot.spread_within(units_sd, drawn, sizes)
        return np.ascontiguousarray(within.T), np.ascontiguousarray(on_wages.T)

    def _normals(self, stream: Stream, draws: int = 1) -> Float[Array, "worlds draws"]:
        """Standard normal draws of each world."""
        return normals(self.seed, stream, self.numbers, draws)

    # What they want.

    @cached_property
    def members(self) -> list[MemberUtility]:
        """What members want, by union; unions that are alike share one utility."""
        unions = range(len(self.union_names))
        if self.settings.unions_alike():
            return [self._members_of(0)] * len(unions)
        return [self._members_of(union) for union in unions]

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

    # What they are asked.

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
            belief=np.broadcast_to(take(self.leaders_belief, worlds), worlds.shape),
            threat=take(self.settings["threat.layoffs"], worlds),
            shift=self.common_shock[worlds],
            question=self._question,
        )

    def wage_ballot(self, ballot: Ballot) -> Ballot:
        """What each unit is asked of its own wages, in the worlds of a ballot of the coalition.

        What members wrongly imagine of health and pensions binds them either way, and moves no vote here.
        """
        shift = self._moved(self.common_shock[ballot.worlds], ballot.worlds)
        return replace(ballot, question=MemberUtility.gain_on_unit_ballot, shift=shift)

    def forecast(self, ballot: Ballot, unions: Unions, bias: float = 0.0) -> RatificationForecast:
        """What a ballot on each package may bring, over all shocks that unions like these may be in.

        For a typical batch, in which nothing is drawn away from what is expected. Members are taken to
        gain `bias` (share of pay) more than they do.
        """
        return RatificationForecast(
            ballot,
            self.members,
            self.mildness[0] + bias,
            union_shocks(len(self.weights), unions.militancy_sd, unions.common_shock_sd),
            self.weights,
        )

    @property
    def _question(self) -> Callable[..., Array]:
        """What members gain from a Yes on the coalition's ballot."""
        apart = self.settings.same("unit_ballot.on")
        return MemberUtility.gain_on_coalition_ballot if apart else MemberUtility.gain

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
            shift=self._moved(self._mood(which, worlds, secrecy), worlds)
            - self._waiting(which, worlds),
            shifts_by_union=self._shifts(which, worlds, package, secrecy),
            turnout=self._turnout(which, worlds),
        )

    # What they believe of the threat.

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

    # What moves them besides.

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

    def _waiting(
        self, which: str, worlds: Int[Array, " voting"]
    ) -> float | Float[Array, "#voting"]:
        """How much members lean to No on the first ballot for what may follow it (share of pay)."""
        settings = self.settings
        if which != "first" or not settings.same("holding_out.on"):
            return 0.0
        chance, better_by = settings["holding_out.chance"], settings["holding_out.better_by"]
        return take(value_of_waiting(chance, better_by), worlds)

    def _moved(
        self, mood: Float[Array, " voting"], worlds: Int[Array, " voting"]
    ) -> Float[Array, " voting"]:
        """A mood after what else moves all members alike (share of pay)."""
        settings = self.settings
        if settings.same("fatigue.on"):
            given, resentment = settings["fatigue.given_before"], settings["fatigue.resentment"]
            mood = mood - take(fatigue.lean_to_no(given, resentment), worlds)
        return mood

    def _shifts(
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
                rumours.shifts_by_union(self.believing(which, worlds, secrecy), take(cost, worlds))
            )
        if settings.same("recommendation.on"):
            weight = take(settings[f"recommendation.{which}"], worlds)
            moved.append(recommendation.shifts_by_union(self.stands(worlds, package), weight))
        return sum(moved[1:], start=moved[0]) if moved else None

    def stands(
        self, worlds: Int[Array, " voting"], package: Int[Array, " voting"]
    ) -> Float[Array, "voting unions"]:
        """What the leader of each union says of the agreement: 1 vote Yes, 0 nothing, -1 vote No."""
        settings, unions = self.settings, len(self.union_names)
        return recommendation.stands(
            self.worth_to_leaders(package, worlds),
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
        uniform = self._normals(Stream.RUMOUR_SEED, len(self.union_names))
        return rumours.seeds(
            self.settings["rumours.seed"], self.settings["rumours.seed_sd"], uniform
        )

    def _turnout(
        self, which: str, worlds: Int[Array, " voting"]
    ) -> tuple[Float[Array, "#voting"], Float[Array, "#voting"]] | None:
        """The shares of those for and of those against who vote on the first or second ballot."""
        if not self.settings.same("turnout.on"):
            return None
        for_it, against = (f"turnout.{side}_{which}" for side in ("supporters", "opponents"))
        return take(self.settings[for_it], worlds), take(self.settings[against], worlds)
