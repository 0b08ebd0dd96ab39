"""The one typed schema: every table and parameter a scenario file may hold.

Each parameter carries its unit, hard bounds, plausible range, symbol, source and a sentence.
Validation, `bargain describe` and the documentation table all come from here. Values do not: they
live in the scenario files, each with its source beside it. A parameter has a default only where
leaving it out has one plain meaning, which is always "this mechanism is off".
"""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import Field, StrictStr, create_model

from sim.cases.schema.fiscal import FiscalSettings
from sim.cases.schema.information import InformationSettings
from sim.cases.schema.ledger import Entry
from sim.cases.schema.members import MembersSettings, UnionSettings, UnionsSettings
from sim.cases.schema.parties import CoalitionSettings, GovernorSettings, NegotiatorSettings
from sim.cases.schema.ratification import RatificationSettings
from sim.cases.schema.talks import AgendaSettings, CalendarSettings, Issue, TalksSettings
from sim.cases.schema.threat import ThreatSettings
from sim.inputs.frozen import frozen, thawed
from sim.inputs.parameter import LONGEST_NAME, Number, Section
from sim.inputs.problems import InputError
from sim.mechanisms import MECHANISMS, Mechanism

Table = TypeVar("Table", bound=Section)
Own = TypeVar("Own", bound="Game")
ScenarioName = Annotated[StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=LONGEST_NAME)]


class Game(Section):
    """What every scenario has, whatever its parties care about."""

    name: ScenarioName
    title: StrictStr
    description: StrictStr
    source: StrictStr
    record: Annotated[StrictStr, Field(min_length=1)] | None = None  # of what happened in the case
    calendar: CalendarSettings
    issue: Annotated[list[Issue], Field(min_length=1)]
    agenda: AgendaSettings = AgendaSettings()
    talks: TalksSettings = TalksSettings()
    information: InformationSettings = InformationSettings()
    has_ballot: ClassVar[bool] = False  # whether members ratify what is agreed

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {self.title!r}>"

    def __str__(self) -> str:
        return repr(self)

    def model_copy(
        self: Own, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Own:
        """As pydantic does it; what was worked out of the original is not taken over for the changed."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            for name in ("kept_document", "fingerprint"):
                copied.__dict__.pop(name, None)
        return copied

    @property
    def document(self) -> dict[str, Any]:
        """The plain document that would load as this scenario: a copy, to be changed as one likes."""
        return thawed(self.kept_document)

    @cached_property
    def kept_document(self) -> Mapping[str, Any]:
        """The same, kept with the scenario and frozen."""
        return frozen(self.model_dump(mode="json", exclude_unset=True))

    @cached_property
    def fingerprint(self) -> str:
        """What tells this scenario from any that differs from it in a value."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def table_of(self, settings: type[Table]) -> Table:
        """The table of a mechanism, by its kind."""
        return next(table for table in self.__dict__.values() if isinstance(table, settings))


class TextbookGame(Game):
    """A scorable game: each side has points for each level of each issue, and nobody ratifies."""

    utility: Literal["points"]
    batna: Annotated[list[Number], Field(min_length=2, max_length=2)] = Field(
        description="points of no agreement: governor, coalition (Fisher and Ury 1981)"
    )
    governor: NegotiatorSettings
    coalition: NegotiatorSettings

    # What a game with a ballot has besides, and this one none of.

    @property
    def mechanisms(self) -> list[type[Mechanism]]:
        """The mechanisms that are on."""
        return []

    @property
    def disagreement(self) -> tuple[float, float]:
        """What no agreement is worth to governor and coalition."""
        return self.batna[0], self.batna[1]

    @property
    def union(self) -> list[UnionSettings]:
        """The unions of the coalition."""
        return []

    @property
    def lists(self) -> dict[str, list[Any]]:
        """The lists that mechanisms read."""
        return {}

    @property
    def ledger(self) -> list[Entry]:
        """The entries of the budget."""
        return []

    @property
    def fiscal(self) -> FiscalSettings | None:
        """What packages save in dollars."""
        return None

    @property
    def ratification(self) -> RatificationSettings | None:
        """The bylaws."""
        return None


class _TwoLevelGame(Game):
    """A state and a coalition of unions whose members ratify (Putnam 1988)."""

    utility: Literal["two_level"]
    fiscal: FiscalSettings
    governor: GovernorSettings
    coalition: CoalitionSettings
    members: MembersSettings
    unions: UnionsSettings
    union: Annotated[list[UnionSettings], Field(min_length=1)]
    threat: ThreatSettings
    ratification: RatificationSettings
    ledger: list[Entry] = []
    has_ballot: ClassVar[bool] = True

    @property
    def lists(self) -> dict[str, list[Any]]:
        """The lists that mechanisms read, by name."""
        return {name: getattr(self, name) for each in MECHANISMS for name in each.lists}

    @property
    def mechanisms(self) -> list[type[Mechanism]]:
        """The mechanisms that are on."""
        return [each for each in MECHANISMS if getattr(self, each.table).on]

    @property
    def disagreement(self) -> tuple[float, float]:
        """What no agreement is worth to governor and coalition: utilities are gains over it."""
        return 0.0, 0.0


def _tables_of_mechanisms() -> dict[str, Any]:
    """The tables of all mechanisms, each off unless a file switches it on, and the lists they read."""
    found: dict[str, Any] = {}
    for each in MECHANISMS:
        found[each.table] = each.settings, each.settings()
        found |= {name: (kind, []) for name, kind in each.lists.items()}
    return found


if TYPE_CHECKING:

    class TwoLevelGame(_TwoLevelGame):
        """Besides, it has a table for each mechanism; see `table_of`."""

else:
    TwoLevelGame = create_model(
        "TwoLevelGame",
        __base__=_TwoLevelGame,
        __module__=__name__,
        __doc__=_TwoLevelGame.__doc__,
        **_tables_of_mechanisms(),
    )

Scenario = TextbookGame | TwoLevelGame
SCENARIO_KINDS: dict[str, type[TextbookGame] | type[TwoLevelGame]] = {
    get_args(kind.model_fields["utility"].annotation)[0]: kind
    for kind in (TextbookGame, TwoLevelGame)
}


def with_a_ballot(scenario: Scenario) -> TwoLevelGame:
    """The scenario, if members vote in it.

    Raises:
        InputError: when they do not.
    """
    if not isinstance(scenario, TwoLevelGame):
        raise InputError([f"{scenario.name}: has no unions and no ballot"])
    return scenario


def value_of(scenario: Scenario, name: str) -> Any:
    """The value of a parameter, by its dotted name."""
    table, key = name.split(".")
    return getattr(getattr(scenario, table), key)
