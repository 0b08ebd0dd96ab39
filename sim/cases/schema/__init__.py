"""The one typed schema: every table and parameter a scenario file may hold.

Each parameter carries its unit, hard bounds, plausible range, symbol, source and a sentence.
Validation, `bargain describe` and the documentation table all come from here. Values do not: they
live in the scenario files, each with its source beside it. A parameter has a default only where
leaving it out has one plain meaning, which is always "this mechanism is off".
"""

from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StrictStr

from sim.cases.schema.fiscal import Fiscal
from sim.cases.schema.information import Information
from sim.cases.schema.ledger import Entry
from sim.cases.schema.members import Members, Union, Unions
from sim.cases.schema.parties import Coalition, Governor, Negotiator
from sim.cases.schema.ratification import Ratification
from sim.cases.schema.talks import Agenda, Calendar, Issue, Talks
from sim.cases.schema.threat import Threat
from sim.inputs.parameter import Number, Section
from sim.mechanisms.alliance import Alliance
from sim.mechanisms.arbitration import Arbitration
from sim.mechanisms.contract import Contract
from sim.mechanisms.fatigue import Fatigue
from sim.mechanisms.ground_rules import GroundRules
from sim.mechanisms.holding_out import HoldingOut
from sim.mechanisms.ideas import Ideas
from sim.mechanisms.legislature import Legislature
from sim.mechanisms.mediation import Mediation
from sim.mechanisms.plan_b import PlanB
from sim.mechanisms.public import Opinion
from sim.mechanisms.recommendation import Recommendation
from sim.mechanisms.reputation import Reputation
from sim.mechanisms.rumours import Rumours
from sim.mechanisms.seniority import Seniority
from sim.mechanisms.turnout import Turnout
from sim.mechanisms.unit_ballot import Unit, UnitBallot


class _Scenario(Section):
    """What every scenario has, whatever its parties care about."""

    name: Annotated[StrictStr, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: StrictStr
    description: StrictStr
    source: StrictStr
    calendar: Calendar
    issue: Annotated[list[Issue], Field(min_length=1)]
    agenda: Agenda = Agenda()
    talks: Talks = Talks()
    information: Information = Information()

    @cached_property
    def document(self) -> dict[str, Any]:
        """The plain document that would load as this scenario; copy what you change."""
        return self.model_dump(mode="json", exclude_unset=True)


class TextbookGame(_Scenario):
    """A scorable game: each side has points for each level of each issue, and nobody ratifies."""

    utility: Literal["points"]
    batna: Annotated[list[Number], Field(min_length=2, max_length=2)] = Field(
        description="points of no agreement: governor, coalition (Fisher and Ury 1981)"
    )
    governor: Negotiator
    coalition: Negotiator


class TwoLevelGame(_Scenario):
    """A state and a coalition of unions whose members ratify (Putnam 1988)."""

    utility: Literal["two_level"]
    fiscal: Fiscal
    governor: Governor
    coalition: Coalition
    members: Members
    unions: Unions
    union: Annotated[list[Union], Field(min_length=1)]
    threat: Threat
    ratification: Ratification
    fatigue: Fatigue = Fatigue()
    holding_out: HoldingOut = HoldingOut()
    reputation: Reputation = Reputation()
    ledger: list[Entry] = []
    plan_b: PlanB = PlanB()
    legislature: Legislature = Legislature()
    unit_ballot: UnitBallot = UnitBallot()
    unit: list[Unit] = []
    contract: Contract = Contract()
    public: Opinion = Opinion()
    alliance: Alliance = Alliance()
    ideas: Ideas = Ideas()
    ground_rules: GroundRules = GroundRules()
    mediation: Mediation = Mediation()
    arbitration: Arbitration = Arbitration()
    turnout: Turnout = Turnout()
    rumours: Rumours = Rumours()
    recommendation: Recommendation = Recommendation()
    seniority: Seniority = Seniority()


Scenario = TextbookGame | TwoLevelGame
SCENARIO_KINDS: dict[str, type[TextbookGame] | type[TwoLevelGame]] = {
    get_args(kind.model_fields["utility"].annotation)[0]: kind
    for kind in (TextbookGame, TwoLevelGame)
}


def value_of(scenario: Scenario, name: str) -> Any:
    """The value of a parameter, by its dotted name."""
    table, key = name.split(".")
    return getattr(getattr(scenario, table), key)
