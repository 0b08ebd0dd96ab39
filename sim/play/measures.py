"""Every measure of how worlds end, in one table: its words, its unit, in which worlds it exists.

A measure is a column of numbers of `Outcome.frame`, or one that follows from such columns (see
`sim.experiments.statistics`). The levels agreed on the issues of a scenario are columns too; their words are
those of the issues.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from math import floor, inf, isfinite, log10

from sim.cases.schema import Scenario, value_of, with_a_ballot

MINUS = "\u2212"
DIGITS = 3  # that dollars show at the least, unless they are round
MOST_DECIMALS = 9
WHOLE = 1e15  # from which numbers have no decimals


def millions(value: float, least: int = 0) -> str:
    """A number of millions with three significant digits or more, a half rounded up.

    Zeros at the end are left out, but for so many decimals as it has at the `least`.
    """
    if not isfinite(value):
        return "none"
    if abs(value) >= WHOLE:
        return f"{value:,.0f}"
    exact = Decimal(repr(float(value)))
    decimals = max(decimals_of(abs(value)), least)
    whole, _, part = f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}".partition(
        "."
    )
    part = part.rstrip("0").ljust(least, "0")
    return f"{whole}.{part}" if part else whole


def decimals_of(size: float) -> int:
    """Decimals with which a number of this size shows three significant digits."""
    if size == 0 or not isfinite(size):
        return 0
    return min(max(DIGITS - 1 - floor(log10(size)), 0), MOST_DECIMALS)


def dollars(value: float, least: int = 0) -> str:
    """Millions of dollars as one writes them, such as $1,612M, $4.18M or $0.041M."""
    text = millions(value, least)
    sign, digits = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    return f"{sign if digits.strip('0.') else ''}${digits}M"


@dataclass(frozen=True)
class UnitOfMeasure:
    """A unit, and how numbers in it are shown.

    A value is taken `times` and stands between `before` and `after`; without these it is a plain number.
    """

    name: str
    cell: str = "{:.1f}"  # in a table on a terminal
    times: float = 1.0
    before: str = ""
    after: str = ""
    of_differences: str = ""  # stands after the difference of two values
    decimals: int = 2  # in a report, where no interval says how many
    scale: tuple[float, float] | None = None  # of a map; its own values' where there is none
    possible: tuple[float, float] = (-inf, inf)  # the least and greatest value a world may have

    @property
    def plain(self) -> bool:
        """Whether nothing stands around the number."""
        return not self.after

    @property
    def head(self) -> str:
        """What stands in the head of a column."""
        return "" if self.plain else self.name

    @property
    def head_of_differences(self) -> str:
        """What stands in the head of a column of differences."""
        return self.of_differences.strip() if self.times > 1 else self.head

    def show(self, value: float) -> str:
        """A value with few digits, such as 58 % or $1,612M; a line does not break before its sign."""
        if self.before == "$":
            return dollars(value)
        if not self.plain:
            return f"{self.before}{self.times * value:,.0f}{self.after}"
        decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        return f"{value:z,.{decimals}f}".replace("-", MINUS)

    def in_cells(self, values: Iterable[float]) -> list[str]:
        """Values without their sign, with as many digits as one column of a table shows of all of them."""
        values = list(values)
        if self.before != "$":
            return [self.cell.format(value).rstrip("%") for value in values]
        decimals = decimals_of(
            max((abs(value) for value in values if isfinite(value)), default=0.0)
        )
        return [f"{value:z,.{decimals}f}" for value in values]


SHARE = UnitOfMeasure(
    "%",
    "{:.1%}",
    100.0,
    "",
    "\u00a0%",
    " percentage points",
    decimals=1,
    scale=(0.0, 1.0),
    possible=(0.0, 1.0),
)
PERCENT = replace(SHARE, scale=None)  # which a map shows on the scale of its own values
RATIO = replace(SHARE, cell="{:.2f}")
DOLLARS = UnitOfMeasure("$M", "{:,.0f}", 1.0, "$", "M", "M", decimals=0)  # of the biennium
UTILITY = UnitOfMeasure("utility", "{:.2f}")
PERSONS = UnitOfMeasure("persons", "{:,.0f}", possible=(0.0, inf))
ROUNDS, UNIONS, UNITS, REQUESTS = (
    UnitOfMeasure(name, possible=(0.0, inf))
    for name in ("rounds", "unions", "bargaining units", "requests")
)
LEAD = replace(PERCENT, possible=(-1.0, 1.0))
NUMBER = UnitOfMeasure("")

# In which worlds a measure exists. What does not exist in a world is missing there, never 0.
ALWAYS = "every world"
AGREED = "worlds with an agreement"
ACCEPTED = "worlds in which a side accepted an offer of the other"
FIRST, SECOND = "worlds with a first ballot", "worlds with a second ballot"
RATIFIED = "worlds with a ratified agreement"
FAILED = "worlds with neither a ratified agreement nor an award"
AWARDED = "worlds with an award"
BALLOT, DOCUMENTS = "a ballot", "documents of what was saved"  # which a scenario may have or not


@dataclass(frozen=True)
class Measure:
    """A measure: its column, its words in a sentence, its unit, and in which worlds it exists.

    `needs` is what a scenario must have or switch on for the column to be there. `twin` is the measure that
    says the same of all worlds, 0 where there is nothing. A `rate` is counted, yes or no: its interval is
    Wilson's, and it has no median. The other words are for narrow places, broken
    into lines: `short` heads a column on a terminal, `panel` a panel, `least` a column of a figure.
    """

    name: str
    words: str
    unit: UnitOfMeasure
    exists: str = ALWAYS
    needs: str = ""
    rate: bool = False
    short: str = ""
    panel: str = ""
    least: str = ""
    twin: str = ""


def _rate(name: str, words: str, exists: str = ALWAYS, needs: str = "", **narrow: str) -> Measure:
    """What is counted, yes or no."""
    return Measure(name, words, SHARE, exists, needs, True, **narrow)


def _on_ballots(
    name: str, words: str, unit: UnitOfMeasure, needs: str, *narrow: dict[str, str]
) -> list[Measure]:
    """A measure of each ballot, such as `turnout_1` and `turnout_2`, with words for narrow places."""
    ballots = (("1", "first ballot", FIRST), ("2", "second ballot", SECOND))
    return [
        Measure(f"{name}_{number}", f"{words} {ballot}", unit, exists, needs, False, **of_ballot)
        for (number, ballot, exists), of_ballot in zip(ballots, narrow or ({}, {}), strict=True)
    ]


_TABLE = [
    _rate("agreed", "share of negotiations that reached an agreement", short="agreed,\n%"),
    _rate(
        "ratified",
        "share of negotiations ratified in the end",
        short="ratified\nin the\nend, %",
        panel="ratified\nin the end",
        least="ratified\nat last",
    ),
    _rate(
        "ratified_first",
        "share of negotiations ratified on the first ballot",
        needs=BALLOT,
        short="first\nballot\npasses, %",
        panel="first ballot\npasses",
        least="1st\npasses",
    ),
    _rate("ratified_second", "share of negotiations ratified on the second ballot", needs=BALLOT),
    _rate("rejected", "share of negotiations that the members rejected in the end", needs=BALLOT),
    _rate("impasse", "share of negotiations that ended without an agreement"),
    _rate(
        "mediated",
        "share of negotiations that a mediator brought to an agreement",
        needs="mediation.on",
    ),
    _rate("awarded", "share of negotiations that an arbitrator decided", needs="arbitration.on"),
    _rate(
        "ratified_if_agreed",
        "share of the agreements that are ratified in the end",
        AGREED,
        twin="ratified",
    ),
    _rate(
        "late_if_agreed", "share of the agreements that came in the last tenth of the time", AGREED
    ),
    Measure("round", "mean round of the agreement", ROUNDS, AGREED, short="round\nagreed"),
    Measure(
        "savings",
        "mean savings of the agreements over two years",
        DOLLARS,
        AGREED,
        BALLOT,
        short="savings\nagreed,\n$M",
        panel="savings of\nagreement, $M",
        least="saved,\n$M",
        twin="savings_realised",
    ),
    Measure(
        "savings_realised",
        "mean savings over two years, 0 without ratification",
        DOLLARS,
        needs=BALLOT,
        short="savings\nrealised,\n$M",
    ),
    Measure(
        "taxes", "mean further taxes of the agreements over two years", DOLLARS, AGREED, BALLOT
    ),
    Measure(
        "layoffs_threatened", "mean number of layoffs threatened in the end", PERSONS, needs=BALLOT
    ),
    Measure(
        "layoffs",
        "mean number of layoffs carried out",
        PERSONS,
        needs=BALLOT,
        panel="layoffs\ncarried out",
        least="lay-\noffs",
    ),
    *_on_ballots(
        "yes_share",
        "mean share of members voting yes on the",
        SHARE,
        BALLOT,
        {
            "short": "yes on\nfirst\nballot, %",
            "panel": "yes on the\nfirst ballot",
            "least": "yes\n1st",
        },
        {"short": "yes on\nsecond\nballot, %", "least": "yes\n2nd"},
    ),
    *_on_ballots(
        "unions_yes",
        "mean number of unions voting yes on the",
        UNIONS,
        BALLOT,
        {"short": "unions\nfor, 1st\nballot", "least": "unions\n1st"},
        {"short": "unions\nfor, 2nd\nballot", "least": "unions\n2nd"},
    ),
    *_on_ballots(
        "weight_yes",
        "mean weight behind the yes on the",
        SHARE,
        BALLOT,
        {"least": "weight\n1st"},
        {},
    ),
    Measure("deadline", "mean number of rounds agreed on first", ROUNDS, needs="ground_rules.on"),
    Measure(
        "closed_doors",
        "share of negotiations in which confidential talks are agreed on first",
        SHARE,
        needs="ground_rules.on",
    ),
    Measure(
        "governor_wanted_closed",
        "share of negotiations whose governor wants confidential talks",
        SHARE,
        needs="ground_rules.on",
    ),
    Measure(
        "coalition_wanted_closed",
        "share of negotiations whose union leaders want confidential talks",
        SHARE,
        needs="ground_rules.on",
    ),
    Measure(
        "reopened",
        "share of negotiations for which leaders reopened the contract",
        SHARE,
        needs="contract.on",
    ),
    Measure(
        "approval_at_agreement",
        "mean approval of the governor at the agreement",
        PERCENT,
        ACCEPTED,
        "public.on",
        least="appro-\nval",
    ),
    Measure(
        "award_savings",
        "mean savings of arbitrators' awards over two years",
        DOLLARS,
        AWARDED,
        "arbitration.on",
        twin="savings_realised",
    ),
    Measure(
        "recommended",
        "mean share of members whose leader recommends voting Yes",
        SHARE,
        FIRST,
        "recommendation.on",
    ),
    Measure(
        "advised_against",
        "mean share of members whose leader recommends voting No",
        SHARE,
        FIRST,
        "recommendation.on",
    ),
    *_on_ballots(
        "rumour", "mean share of members who believe the rumour at the", SHARE, "rumours.on"
    ),
    *_on_ballots(
        "turnout",
        "mean share of members who vote on the",
        SHARE,
        "turnout.on",
        {"least": "voted\n1st"},
        {"least": "voted\n2nd"},
    ),
    *_on_ballots(
        "yes_juniors",
        "mean share of junior members' votes for yes on the",
        SHARE,
        "seniority.votes_told",
    ),
    *_on_ballots(
        "yes_seniors",
        "mean share of senior members' votes for yes on the",
        SHARE,
        "seniority.votes_told",
    ),
    *_on_ballots(
        "junior_lead",
        "mean share of yes among juniors less that among seniors,",
        LEAD,
        "seniority.votes_told",
    ),
    *_on_ballots(
        "units_yes",
        "mean number of units voting yes on the",
        UNITS,
        "unit_ballot.on",
        {"least": "units\n1st"},
        {},
    ),
    Measure(
        "units_yes",
        "mean number of units voting yes on their own wages",
        UNITS,
        RATIFIED,
        "unit_ballot.on",
        least="units\nwages",
    ),
    Measure(
        "wage_yes_share",
        "mean share of members voting yes on their unit's wages",
        SHARE,
        RATIFIED,
        "unit_ballot.on",
    ),
    Measure(
        "members_secured",
        "mean share of members who have job security",
        SHARE,
        RATIFIED,
        "unit_ballot.on",
    ),
    Measure(
        "savings_in_force",
        "mean savings in force over two years",
        DOLLARS,
        RATIFIED,
        "unit_ballot.on",
        twin="savings_realised",
    ),
    Measure(
        "savings_verifiable",
        "mean savings of the agreements that documents bear out, over two years",
        DOLLARS,
        AGREED,
        DOCUMENTS,
    ),
    Measure(
        "budget_passed",
        "share of negotiations after which the legislature passes the budget",
        SHARE,
        needs="legislature.on",
    ),
    Measure(
        "requests_made",
        "mean number of requests to the legislature after failure",
        REQUESTS,
        FAILED,
        "legislature.on",
    ),
    Measure(
        "requests_blocked",
        "mean number of requests that the legislature blocks after failure",
        REQUESTS,
        FAILED,
        "legislature.on",
    ),
    Measure(
        "layoffs_noticed",
        "mean number of layoff notices sent",
        PERSONS,
        needs="plan_b.on",
        least="no-\ntices",
    ),
    Measure(
        "left_open", "mean dollars to be closed without the unions", DOLLARS, needs="plan_b.on"
    ),
    *(
        Measure(
            f"plan_b_{means}",
            f"mean dollars that Plan B closes by {means}",
            DOLLARS,
            FAILED,
            "plan_b.on",
        )
        for means in ("cuts", "layoffs", "taxes", "borrowing", "retirement", "deferral", "aid")
    ),
    Measure("deferred", "mean dollars of Plan B that are owed later", DOLLARS, needs="plan_b.on"),
    Measure("approval", "mean approval of the governor in the end", PERCENT, needs="public.on"),
    Measure(
        "alliance_kept",
        "mean share of the alliance of the campaign that is left",
        PERCENT,
        needs="alliance.on",
    ),
    Measure(
        "utility_governor",
        "mean worth to the governor (0 = no agreement)",
        UTILITY,
        short="worth to\ngovernor",
    ),
    Measure(
        "utility_coalition",
        "mean worth to the coalition (0 = no agreement)",
        UTILITY,
        short="worth to\nleaders",
    ),
    Measure(
        "nash_ratio",
        "mean Nash product, as a share of the greatest possible",
        RATIO,
        short="Nash\nratio",
    ),
    Measure("pareto_distance", "mean distance to the Pareto frontier (utility)", UTILITY),
]
MEASURES = {measure.name: measure for measure in _TABLE}


def measure_of(name: str) -> Measure:
    """The measure of a column; one that is not in the table, such as an issue, is a plain number."""
    return MEASURES.get(name) or Measure(name, name.replace("_", " "), NUMBER)


def measures_of(scenario: Scenario) -> list[str]:
    """The names of the measures that a scenario has, and of its issues, whose levels are columns too."""
    issues = [issue.name for issue in scenario.issue]
    return [name for name, measure in MEASURES.items() if _has(scenario, measure.needs)] + issues


BOUNDED_BY = ("calendar.rounds", "fiscal.gap")  # the numbers on which it depends what is possible


def possible(name: str, scenario: Scenario | None = None) -> tuple[float, float]:
    """The least and the greatest value that a measure may have in a world; a scenario bounds more of them.

    There unions and rounds can be no more than it has, an issue has no level beyond its own, and packages
    save no less than the least of their levels.
    """
    low, high = measure_of(name).unit.possible
    if scenario is None:
        return low, high
    for issue in scenario.issue:
        if issue.name == name:
            return float(min(issue.levels)), float(max(issue.levels))
    unit = measure_of(name).unit
    if unit is UNIONS and scenario.has_ballot:
        return low, float(len(with_a_ballot(scenario).union))
    if unit is ROUNDS:
        return low, float(scenario.calendar.rounds)
    if unit is DOLLARS and scenario.fiscal is not None:
        full = scenario.fiscal.savings | {"tax_share": scenario.fiscal.gap}
        losses = (min(0.0, *i.levels) * full.get(i.name, 0.0) for i in scenario.issue)
        return min(0.0, sum(losses)), high
    return low, high


def _has(scenario: Scenario, needs: str) -> bool:
    if not (needs and scenario.has_ballot):
        return not needs
    if needs == DOCUMENTS:
        return bool(scenario.fiscal and scenario.fiscal.verifiable)
    return needs == BALLOT or bool(value_of(scenario, needs))
