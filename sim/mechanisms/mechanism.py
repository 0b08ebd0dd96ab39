"""What a mechanism of a case may change: one interface, of which a room fills in what it needs.

A mechanism is one class in its room, beside its table of parameters and its rules. It is made for each
batch whose scenario switches it on, with the batch's parameters and draws; electorate, politics and
batch ask all that are on (`MECHANISMS` in `sim/mechanisms/__init__.py` lists them), and know none by
name. A mechanism that is off is not made, and so changes nothing, to the last bit.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from jaxtyping import Float, Int

from sim.arrays.axes import Array, take
from sim.arrays.streams import Draws
from sim.inputs.parameter import Section

Found = TypeVar("Found")


@runtime_checkable
class Values(Protocol):
    """The parameters of the worlds of a batch, by full name: (1) where all share a value, or (worlds)."""

    scenario: Any

    def __getitem__(self, name: str) -> Array:
        """The values of one parameter."""

    def same(self, name: str) -> Any:
        """The value that all worlds share."""


@runtime_checkable
class Packages(Protocol):
    """What mechanisms may ask of the packages, when they say what these are worth besides."""

    @property
    def conceded(self) -> Float[Array, "#worlds packages"]:
        """What every package saves as scored, as a share of the gap."""

    @property
    def plan_b_layoffs(self) -> Float[Array, "#worlds"]:
        """The layoffs (persons) that Plan B itself would need."""

    @property
    def leaders_belief(self) -> Float[Array, "#worlds"]:
        """The probability that leaders give to the threat."""

    def levels_on(self, issue: str) -> Float[Array, " packages"]:
        """The level of every package on an issue; 0 where it is not on the agenda."""


@runtime_checkable
class Leaders(Protocol):
    """The leaders of the unions, as far as their valuation goes."""

    def of(
        self, package: Int[Array, " voting"], worlds: Int[Array, " voting"]
    ) -> Float[Array, " voting"]:
        """What a package is worth to them in each of some worlds."""


@dataclass(frozen=True, eq=False)
class Voting:
    """A ballot of the coalition, as mechanisms see it before the votes are cast.

    `ballot` is "first" or "second"; `secrecy` is that of the talks in the end; `leaders` tell
    what packages are worth to them.
    """

    ballot: str
    worlds: Int[Array, " voting"]
    package: Int[Array, " voting"]
    secrecy: Float[Array, " voting"]
    leaders: Leaders


@runtime_checkable
class Counted(Protocol):
    """The same ballot once it is counted."""

    @property
    def turnout(self) -> Float[Array, " voting"] | None:
        """The share of all members who voted, where it was not all of them."""


@dataclass(frozen=True, eq=False)
class BargainingUnit:
    """A unit of a union, which votes apart: its members, their share of the union, and how mild it is.

    `mildness` (share of pay) is for the coalition's ballot, `mildness_on_wages` for the unit's own.
    """

    name: str
    union: str
    members: int
    share: float
    mildness: Float[Array, " worlds"]
    mildness_on_wages: Float[Array, " worlds"]


class Mechanism:
    """A mechanism at work in the worlds of a batch; by default it changes nothing.

    `table` names its table in a scenario file, and `settings` is what may stand there; `lists` are lists
    of tables that it reads besides. `weights` are the unions' shares of the membership.
    """

    table: ClassVar[str]
    settings: ClassVar[type[Section]]
    lists: ClassVar[Mapping[str, Any]] = {}

    typical: ClassVar[Mapping[str, float]] = {}  # values at which it draws nothing by chance
    wages_apart: ClassVar[bool] = False  # whether units vote on their wages by themselves
    imagined_by_some: ClassVar[bool] = (
        False  # whether a rumour tells who imagines a cost, not all do
    )
    shapes_by_all: ClassVar[bool] = (
        False  # whether the talks' length depends on all of the scenario
    )

    def __init__(self, values: Values, draws: Draws, weights: Float[Array, " unions"]):
        self.values = values
        self.draws = draws
        self.weights = weights

    def own(self, name: str, worlds: Int[Array, " chosen"] | None = None) -> Array:
        """One of its own parameters: in all worlds, or in the chosen ones."""
        values = self.values[f"{self.table}.{name}"]
        return values if worlds is None else take(values, worlds)

    # What moves the votes of members (share of pay; towards Yes is positive).

    def shift(self, voting: Voting) -> float | Float[Array, "#voting"]:
        """What moves all members alike on a ballot of the coalition."""
        return 0.0

    def shift_on_wages(self, worlds: Int[Array, " voting"]) -> float | Float[Array, "#voting"]:
        """What moves them where their unit votes on its own wages."""
        return 0.0

    def shifts_by_union(self, voting: Voting) -> Float[Array, "voting unions"] | None:
        """What moves the members of single unions."""
        return None

    def belief_at_first(self, belief: Float[Array, "#worlds"]) -> Float[Array, "#worlds"]:
        """The probability that members give to the threat before the talks, from what it was."""
        return belief

    # Who votes, and what they have at stake.

    def turnout(
        self, voting: Voting
    ) -> tuple[Float[Array, "#voting"], Float[Array, "#voting"]] | None:
        """The shares of those for and of those against who vote; None if all do.

        Where several mechanisms keep members at home, their shares are multiplied.
        """
        return None

    def members(self, seniority: Float[Array, " members"]) -> dict[str, Array]:
        """Fields of the members' utility that it sets, for slices of seniority (0 junior, 1 senior)."""
        return {}

    def units(self, mildness: Float[Array, "worlds unions"]) -> list[list[BargainingUnit]] | None:
        """The bargaining units of each union, if it tells units apart; only one mechanism may."""
        return None

    # What packages, and having none, are worth to the two sides.

    def costs_to_governor(self, costs: dict[str, Any]) -> dict[str, Any]:
        """The fields of the governor's utility, as it leaves them."""
        return costs

    def added_for_governor(self, packages: Packages) -> Float[Array, "#worlds packages"] | None:
        """What every package is worth to the governor besides, over Plan B."""
        return None

    def added_for_leaders(self, packages: Packages) -> Float[Array, "#worlds packages"] | None:
        """What every package is worth to the leaders besides, over a No (share of pay)."""
        return None

    def doubted(self) -> dict[str, Float[Array, "#worlds"]]:
        """The shares of single issues' savings that the governor does not count on."""
        return {}

    def layoffs_needed(self) -> Float[Array, "#worlds"] | None:
        """What layoffs close of the whole gap without the unions (share); only one mechanism may say it."""
        return None

    def inside_option(
        self, no_change: Callable[[], Float[Array, " worlds"]]
    ) -> Float[Array, " worlds"] | None:
        """What leaders have for certain while they hold out; only one mechanism may say it.

        `no_change` tells what that is worth to them.
        """
        return None

    # What time costs.

    def cost_of_turns(
        self, side: str, turns: Int[Array, "#worlds"]
    ) -> float | Float[Array, "#worlds"]:
        """What the first so many turns without an agreement cost a side (points)."""
        return 0.0

    def turns_on_strike(self, turns: Int[Array, "#worlds"]) -> Int[Array, "#worlds"] | None:
        """How many of the first so many turns are on strike; only one mechanism may say it."""
        return None

    # What it tells of a ballot in the table of outcomes.

    def columns(
        self, number: int, voting: Voting, counted: Counted
    ) -> dict[str, Float[Array, " voting"]]:
        """Columns of the first or second ballot (`number`), for the worlds that vote."""
        return {}


def the_only(answers: Iterable[Found | None], what: str) -> Found | None:
    """What a mechanism says of which only one may speak; None where none does.

    Raises:
        ValueError: when two mechanisms that are on do.
    """
    found = [answer for answer in answers if answer is not None]
    if len(found) > 1:
        raise ValueError(f"{len(found)} mechanisms that are on say {what}; switch all but one off")
    return found[0] if found else None
