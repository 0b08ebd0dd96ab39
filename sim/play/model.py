"""The Mesa model: one step is one round of the talks in every world of a batch."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import mesa
import numpy as np
from jaxtyping import Bool, Float, Int
from mesa.datacollection import DataCollector

from sim.arrays.axes import Array
from sim.cases.loading import Given, scenario_of, with_values
from sim.cases.schema import Scenario
from sim.inputs.arguments import WholeNumber, function, table, whole
from sim.inputs.problems import InputError, Note, shown
from sim.mechanisms.mechanism import Voting
from sim.negotiators.agents import Coalition, Governor, MemberUnion, Party, Public
from sim.negotiators.history import NO_OFFER
from sim.play.prenegotiation import under_ground_rules
from sim.play.stages import World, stages_of
from sim.preferences.ballot import Ballot
from sim.preferences.bylaws import Count, UnitCount
from sim.worlds.batch import make_batch
from sim.worlds.foresight import THIS_PROCESS, Foresight
from sim.worlds.settings import Settings, told_apart
from sim.worlds.size import hold_worlds

# What NumPy takes for a seed, and what it makes of one.
Seed = (
    int
    | np.integer
    | float
    | Sequence[int]
    | np.random.SeedSequence
    | np.random.Generator
    | np.random.BitGenerator
    | None
)


class BargainingModel(World, mesa.Model):
    """A governor and a coalition of unions bargain under a deadline; then members ratify.

    With no arguments it is the flagship case, Connecticut 2011, in one world.

    Where the parties bargain over ground rules first, they have done so before the first step: the batch
    holds the scenario under the rules they agreed on.

    A step, in this order (see `stages`):

    1. The clock moves to the next turn.
    2. Leaks happen: secrecy may fall.
    3. The side whose turn it is accepts the standing offer or makes its own. The public judges what it
       sees of that.
    4. The public record is updated.
    5. Worlds that settled are closed; in others the talks may break down. After the last turn a
       mediator may help those without an agreement, and the agreements go to the members.

    and after the last turn, where the scenario has a ballot:

    6. The first ballot is held on every agreement.
    7. After a rejection the governor threatens anew and sends notices, leaders campaign, and may
       amend the bylaws.
    8. The second ballot is held; where nothing is ratified, Plan B is carried out, or an arbitrator
       decides. The public judges.

    Args:
        case: a scenario, its name or path, or its document; or one scenario for each world.
        worlds: how many independent negotiations to step at once.
        set: parameters to change, such as {"threat.layoffs": 7500}.
        rng: the seed, a whole number from 0; None draws one. Draws are addressed by seed and world,
            so world w is the same in every batch that holds it. From what else NumPy takes for a seed, or
            from a generator, a whole number is drawn.
        first_world: the number of the first world, the others following; or the numbers of all.
        governor: the class that decides for the governor's side.
        coalition: the class that decides for the union leaders.
        unions: classes that decide for single unions, by union name.
        public: the class that judges the governor, where a scenario has public opinion.
        foresight: where what takes a whole scenario to work out is kept for the next batch.
        seed: the same as rng, by the name that Mesa had for it before.

    Raises:
        sim.inputs.problems.InputError: when the scenario or a parameter is wrong, or the worlds would not go
            into memory.

    """

    over = False  # whether all worlds have ended
    _seated = False
    _steps = 0
    reporters: ClassVar[dict[str, str]] = {
        "round": "turn",
        "talking": "share_talking",
        "agreed": "share_agreed",
        "ratified": "share_ratified",
        "governor_moves": "share_governor_moves",
        "offer_savings": "mean_offer_savings",
        "offer_to_governor": "mean_offer_to_governor",
        "offer_to_coalition": "mean_offer_to_coalition",
    }

    def __init__(
        self,
        case: Given | Sequence[Scenario] = "sebac-2011",
        worlds: WholeNumber = 1,
        *,
        set: Mapping[str, Any] | None = None,
        rng: Seed = None,
        first_world: WholeNumber | Sequence[WholeNumber] | np.ndarray = 0,
        governor: type[Governor] = Governor,
        coalition: type[Coalition] = Coalition,
        unions: Mapping[str, type[MemberUnion]] | None = None,
        public: type[Public] = Public,
        foresight: Foresight = THIS_PROCESS,
        seed: Seed = None,
    ):
        number, worlds = _seed(rng, seed), whole(worlds, "worlds", low=1)
        super().__init__(rng=number)
        scenarios = _scenarios(case, worlds, {} if set is None else set)
        hold_worlds(scenarios, worlds)
        self.ground_rules, scenarios = under_ground_rules(scenarios, type(self), foresight)
        numbers = _numbers(first_world, worlds)
        self.batch = make_batch(Settings(scenarios), numbers, number, foresight)
        self.governor = function(governor, "governor", "a class such as Governor")(self)
        self.coalition = function(coalition, "coalition", "a class such as Coalition")(self)
        self.unions = self._seat_unions(table(unions, "unions"))
        self.public = function(public, "public", "a class such as Public")(self)
        self.stages = stages_of(self.batch)
        self._open_the_talks()
        self.datacollector = DataCollector(model_reporters=self.reporters)
        self._seated = True

    @property
    def running(self) -> bool:
        """Whether to step on. Setting it to False pauses what loops over it, such as `run_model`."""
        return self._running

    @running.setter
    def running(self, on: bool) -> None:
        if on and self.over:
            raise InputError("the talks are over and cannot be set running again; make a new model")
        self._running = on

    def __repr__(self) -> str:
        case = self.batch.settings.scenario
        worlds, turns = self.batch.worlds, case.calendar.rounds
        now = f"turn {self.turn} of {turns}" if self.running else "over"
        now = "not begun" if self.turn < 0 else now
        return f"<{type(self).__name__} of {case.name}: {worlds:,} worlds, {now}>"

    def step(self) -> None:
        """Play one round in every world; nothing once the talks are over, and that is not counted."""
        if self.over:
            self.steps = self._steps
            return
        self.turn += 1
        for stage in self.stages:
            stage.at_turn(self)
        if self.turn == self.batch.rounds or not self.talking.any():
            for stage in self.stages:
                stage.after_talks(self)
            self._stop()
        self._made = self._offers_of(self.turn)
        self.datacollector.collect(self)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Enter an agent, as Mesa does when one is made.

        Raises:
            InputError: for another negotiator, union or public: there is no seat for it.
        """
        if self._seated and isinstance(agent, Party | MemberUnion | Public):
            raise InputError(
                f"{type(agent).__name__}: all seats are taken when a model is made; put it in the place of "
                "another, such as BargainingModel(governor=MyGovernor)"
            )
        super().register_agent(agent)

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Let go of an agent, as Mesa does when one is removed.

        Raises:
            InputError: for one that has a seat, before the talks are over.
        """
        if self._seated and not self.over and agent in self._table():
            raise InputError(
                f"{type(agent).__name__}: the talks need it, so it cannot be removed before they are "
                "over; to change what it does, make a model with a class of your own in its place"
            )
        super().deregister_agent(agent)

    def reset_rng(self, rng: Any = None) -> None:
        """Reset Mesa's generator `model.rng`; the draws of the talks do not come from it."""
        _draws_stay()
        super().reset_rng(rng)

    def reset_randomizer(self, seed: Any = None) -> None:
        """Reset Mesa's generator `model.random`; the draws of the talks do not come from it."""
        _draws_stay()
        super().reset_randomizer(seed)

    def _stop(self) -> None:
        for side in (self.governor, self.coalition):
            side.rest()
        self.over, self.running, self._steps = True, False, self.steps
        self.__dict__["step"] = self._rest  # where Mesa keeps the method that counts
        # Mesa 3.3 keeps every model alive in a table of its agents' ids; 3.5 has no such table.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def _rest(self) -> None:
        """What a step is once the talks are over: no round, nor is it counted, nor does Mesa's time move."""

    def _table(self) -> list[mesa.Agent]:
        return [self.governor, self.coalition, *self.unions, self.public]

    def _seat_unions(self, unions: Mapping[str, type[MemberUnion]]) -> list[MemberUnion]:
        names = self.batch.electorate.union_names
        for name in unions:
            if name not in names:
                there = ", ".join(names) if names else "none here"
                raise InputError(f"unions: no union is called {name!r}; there are {there}")
            function(unions[name], f'unions["{name}"]', "a class such as MemberUnion")
        return [unions.get(name, MemberUnion)(self, name, i) for i, name in enumerate(names)]

    def _open_the_talks(self) -> None:
        worlds, settings = self.batch.worlds, self.batch.settings
        self.turn = -1
        self.talking = np.ones(worlds, dtype=bool)
        self.offers = np.full((worlds, self.batch.rounds + 1), NO_OFFER, dtype=np.int32)
        self.aspirations = np.full((worlds, self.batch.rounds + 1), np.nan)
        self._made = self._offers_of(self.turn)
        self.agreement = np.full(worlds, NO_OFFER)
        self.not_offered = np.full(worlds, NO_OFFER)
        self.agreed_round = np.full(worlds, -1)
        self.secrecy = np.broadcast_to(settings["information.secrecy"], worlds).astype(float)
        self.votings: list[Voting] = []
        self.ballots: list[Ballot] = []
        self.counts: list[Count] = []
        self.unit_ballots: list[UnitCount] = []
        self.in_force = np.full(worlds, NO_OFFER)
        self.layoffs = np.zeros(worlds)
        self.utility_of_failure = {"governor": np.zeros(worlds), "coalition": np.zeros(worlds)}
        self.approval = np.full(worlds, 0.5)
        self.menu = self.batch.menu
        self.mediated = np.zeros(worlds, dtype=bool)
        self.awarded = np.zeros(worlds, dtype=bool)
        for stage in self.stages:
            stage.before_talks(self)

    def final_utility(self, party: Party) -> Float[Array, " worlds"]:
        """What the final outcome is worth to a side: the package in force, or failure."""
        final = self.in_force != NO_OFFER
        utility = party.valuation.of(
            np.where(final, self.in_force, 0), np.arange(self.batch.worlds)
        )
        return np.where(final, utility, self.utility_of_failure[party.side])

    # What the DataCollector records each round: shares and means over the worlds of the batch.

    @property
    def share_talking(self) -> float:
        """Share of worlds that have not settled."""
        return _share(self.talking)

    @property
    def share_agreed(self) -> float:
        """Share of worlds with a tentative agreement."""
        return _share(self.agreement != NO_OFFER)

    @property
    def share_ratified(self) -> float:
        """Share of worlds whose agreement is final."""
        return _share(self.in_force != NO_OFFER)

    @property
    def share_governor_moves(self) -> float:
        """Share of worlds in which the governor's side moves this round."""
        return _share(self.governor_moves(self.turn))

    @property
    def mean_offer_savings(self) -> float:
        """Mean savings of the offers made this round ($M; NaN without offers or dollars)."""
        if not self.batch.in_dollars:
            return float("nan")
        _, offers = self._made
        return _mean(self.batch.scored[0, offers])

    @property
    def mean_offer_to_governor(self) -> float:
        """Mean utility to the governor of the offers made this round."""
        worlds, offers = self._made
        return _mean(self.governor.valuation.of(offers, worlds))

    @property
    def mean_offer_to_coalition(self) -> float:
        """Mean utility to the leaders of the offers made this round."""
        worlds, offers = self._made
        return _mean(self.coalition.valuation.of(offers, worlds))

    def _offers_of(self, turn: int) -> tuple[Int[Array, " made"], Int[Array, " made"]]:
        """The worlds in which an offer was made at a turn, and these offers."""
        offers = self.offers[:, turn]
        worlds = np.flatnonzero(offers != NO_OFFER)
        return worlds, offers[worlds]


def _share(of_worlds: Bool[Array, " worlds"]) -> float:
    return np.count_nonzero(of_worlds) / len(of_worlds)


def _mean(x: Array) -> float:
    return float(x.sum()) / len(x) if len(x) else float("nan")


def _draws_stay() -> None:
    warnings.warn(
        "the draws of the talks are addressed by seed and world, and not changed by this; for others make a "
        "new model: BargainingModel(rng=...)",
        Note,
        stacklevel=3,
    )


def _seed(rng: Seed, seed: Seed) -> int:
    """The whole number that names the random numbers."""
    if rng is not None and seed is not None:
        raise InputError(f"rng = {shown(rng)}, seed = {shown(seed)}: both name the seed; give one")
    name, given = ("rng", rng) if seed is None else ("seed", seed)
    if given is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    if isinstance(given, np.random.BitGenerator):
        given = np.random.Generator(given)
    if isinstance(given, np.random.Generator):
        return int(given.integers(2**63))
    if isinstance(given, np.random.SeedSequence):
        return int(given.generate_state(1, np.uint64)[0] >> 1)
    try:
        if isinstance(given, list | tuple) and given:
            return _seed(np.random.SeedSequence([whole(each, name) for each in given]), None)
        return whole(given, name)
    except InputError:
        raise InputError(
            f"{name} = {shown(given)}: the seed must be a whole number from 0 and below 2**63"
        ) from None


def _numbers(
    first_world: WholeNumber | Sequence[WholeNumber] | np.ndarray, worlds: int
) -> Int[Array, " worlds"]:
    if not isinstance(first_world, list | tuple | range | np.ndarray):
        first = whole(first_world, "first_world")
        return np.arange(first, first + worlds)
    if np.ndim(first_world) != 1 or len(first_world) != worlds:
        raise InputError(
            f"first_world = {shown(first_world)}: must be a number, or one for each of {worlds:,} worlds"
        )
    return np.array([whole(number, "first_world") for number in first_world])


def _scenarios(
    case: Given | Sequence[Scenario], worlds: int, values: Mapping[str, Any]
) -> list[Scenario]:
    if not isinstance(values, Mapping):
        raise InputError(
            f"set = {shown(values)}: must be parameters with their values, such as "
            '{"threat.layoffs": 7500}; for Mesa\'s batch_run put them in a list: [{...}]'
        )
    if isinstance(case, Sequence) and not isinstance(case, str):
        if not all(isinstance(scenario, Scenario) for scenario in case):
            raise InputError(
                f"case = {shown(case)}: must be a scenario, its name or path, or a list of scenarios, one "
                "for each world; for Mesa's batch_run put a scenario in a list: [scenario]"
            )
        if len(case) != worlds:
            raise InputError(f"{len(case)} scenarios for {worlds} worlds: give one for each world")
        apart, row = told_apart(case)
        changed = [with_values(scenario, values) for scenario in apart]
        return [changed[place] for place in np.broadcast_to(row, worlds)]
    return [with_values(scenario_of(case, "case"), values)]
