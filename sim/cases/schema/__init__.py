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
from pydantic.fields import FieldInfo

from sim.cases.schema.fiscal import FiscalSettings
from sim.cases.schema.information import InformationSettings
from sim.cases.schema.ledger import Entry
from sim.cases.schema.members import MembersSettings, UnionSettings, UnionsSettings
from sim.cases.schema.parties import CoalitionSettings, GovernorSettings, LooksAhead
from sim.cases.schema.payoffs import NAMED_VALUE, NamedValues, PayoffSettings
from sim.cases.schema.ratification import RatificationSettings
from sim.cases.schema.ratifiers import RatifierSettings
from sim.cases.schema.sides import SidesSettings
from sim.cases.schema.talks import AgendaSettings, CalendarSettings, Issue, TalksSettings
from sim.cases.schema.threat import ThreatSettings
from sim.inputs.frozen import frozen, thawed
from sim.inputs.parameter import LONGEST_NAME, Number, Section, parameters, parameters_of_table
from sim.inputs.problems import InputError
from sim.mechanisms import MECHANISMS, OF_TEXTBOOK_GAMES, Mechanism

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
    sides: SidesSettings = SidesSettings()
    calendar: CalendarSettings
    issue: Annotated[list[Issue], Field(min_length=1)]
    agenda: AgendaSettings = AgendaSettings()
    talks: TalksSettings = TalksSettings()
    information: InformationSettings = InformationSettings()
    ratifier: list[RatifierSettings] = []
    has_ballot: ClassVar[bool] = False  # whether members of unions ratify what is agreed
    may_have: ClassVar[tuple[type[Mechanism], ...]] = ()  # mechanisms

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
    def is_ratified(self) -> bool:
        """Whether an agreement needs the consent of anybody who is not at the table."""
        return self.has_ballot or bool(self.ratifier)

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

    @property
    def mechanisms(self) -> list[type[Mechanism]]:
        """The mechanisms that are on."""
        return [each for each in self.may_have if getattr(self, each.table).on]

    @property
    def lists(self) -> dict[str, list[Any]]:
        """The lists that mechanisms read, by name."""
        return {name: getattr(self, name) for each in self.may_have for name in each.lists}

    def table_of(self, settings: type[Table]) -> Table:
        """The table of a mechanism, by its kind."""
        return next(table for table in self.__dict__.values() if isinstance(table, settings))


class _TextbookGame(Game):
    """A scorable game: each side has points for every package, and nobody ratifies."""

    utility: Literal["points"]
    batna: Annotated[list[Number], Field(min_length=2, max_length=2)] = Field(
        description="points of no agreement: governor, coalition (Fisher and Ury 1981)"
    )
    payoffs: PayoffSettings = PayoffSettings()
    values: NamedValues = NamedValues()
    governor: LooksAhead
    coalition: LooksAhead
    may_have: ClassVar[tuple[type[Mechanism], ...]] = OF_TEXTBOOK_GAMES

    @property
    def points_add_up(self) -> bool:
        """Whether the points of a package are those of its levels, added up."""
        return self.payoffs.by_issue

    # What a game with a ballot has besides, and this one none of.

    @property
    def disagreement(self) -> tuple[float, float]:
        """What no agreement is worth to governor and coalition."""
        return self.batna[0], self.batna[1]

    @property
    def union(self) -> list[UnionSettings]:
        """The unions of the coalition."""
        return []

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
    may_have: ClassVar[tuple[type[Mechanism], ...]] = MECHANISMS

    # What a textbook game has besides, and this one none of.

    @property
    def points_add_up(self) -> bool:
        """Whether utilities are sums of points by issue."""
        return False

    @property
    def payoffs(self) -> PayoffSettings | None:
        """What packages are worth, in points."""
        return None

    @property
    def values(self) -> NamedValues | None:
        """The numbers that formulas name."""
        return None

    @property
    def disagreement(self) -> tuple[float, float]:
        """What no agreement is worth to governor and coalition: utilities are gains over it."""
        return 0.0, 0.0


def _tables_of(mechanisms: tuple[type[Mechanism], ...]) -> dict[str, Any]:
    """The tables of mechanisms, each off unless a file switches it on, and the lists they read."""
    found: dict[str, Any] = {}
    for each in mechanisms:
        found[each.table] = each.settings, each.settings()
        found |= {name: (kind, []) for name, kind in each.lists.items()}
    return found


if TYPE_CHECKING:

    class TextbookGame(_TextbookGame):
        """Besides, it has a table for each mechanism that it may have; see `table_of`."""

    class TwoLevelGame(_TwoLevelGame):
        """Besides, it has a table for each mechanism; see `table_of`."""

else:
    TextbookGame, TwoLevelGame = (
        create_model(
            kind.__name__.removeprefix("_"),
            __base__=kind,
            __module__=__name__,
            __doc__=kind.__doc__,
            **_tables_of(kind.may_have),
        )
        for kind in (_TextbookGame, _TwoLevelGame)
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
    """The value of a parameter, by its dotted name; of an entry of a list by the name of the entry."""
    table, *entry, key = name.split(".")
    found = getattr(scenario, table)
    if entry:
        found = next(each for each in found if each.name == entry[0])
    return getattr(found, key)


_OF_RATIFIERS = parameters_of_table(RatifierSettings)


def parameters_of(scenario: Scenario) -> Mapping[str, FieldInfo]:
    """Every parameter of a scenario that `set` and `sweep` may name: those of its kind, and those of its own.

    Its own are the numbers that its formulas name (`values.NAME`), and what its ratifiers go by
    (`ratifier.NAME.required`).
    """
    numbers = scenario.values.numbers if scenario.values else {}
    named = {f"values.{name}": NAMED_VALUE for name in numbers}
    for ratifier in scenario.ratifier:
        named |= {f"ratifier.{ratifier.name}.{key}": field for key, field in _OF_RATIFIERS.items()}
    return {**parameters(type(scenario)), **named} if named else parameters(type(scenario))
