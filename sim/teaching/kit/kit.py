"""The paper kit of a scenario: what each sheet says, and the files that a teacher prints.

A kit is a pure function of the scenario. What the sheets say is worked out here and in `paper` and
`voters`; how they look is in the folder `templates`.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import tomli_w
from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.cases.loading import as_document, load_scenario, shipped_scenarios
from sim.cases.record import Record, load_record
from sim.cases.schema import Scenario, TwoLevelGame
from sim.inputs.problems import RunError
from sim.play.outcome import negotiate
from sim.show.figures.bargaining_set import bargaining_set
from sim.show.figures.style import as_svg
from sim.teaching.kit.deals import columns
from sim.teaching.kit.paper import SIDES, Paper, PaperIssue, Points, on_paper, printed_issues
from sim.teaching.kit.voters import Voters, voters
from sim.worlds.batch import typical_batch
from sim.worlds.solution import CONCEPTS

AGENTS, SEED = 500, 2011  # worlds that the debrief tells of, and their random numbers
MOST_ROWS = 16  # of the frontier on the debrief
MOST_COMMON = 3  # agreements of the agents that the debrief names
RECORDS = {"sebac-2011": "connecticut-2011", "connecticut-2011": "connecticut-2011"}
CALLED = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "largest sum",
}


@dataclass(frozen=True, eq=False)
class Role:
    """A confidential sheet: whose it is, the points of every level, and of no agreement."""

    key: str
    title: str
    points: Points

    def stakes(self, issues: Sequence[PaperIssue]) -> list[tuple[str, float]]:
        """The issues by how many points lie between their best and worst level, most first."""
        apart = [max(levels) - min(levels) for levels in self.points.of_level]
        named = [(issue.title, by) for issue, by in zip(issues, apart, strict=True)]
        return sorted(named, key=lambda stake: -stake[1])


@dataclass(frozen=True)
class PrintedDeal:
    """A package in words, its points to governor and coalition and to each played union.

    `marks` are the words where there is little room, `called` the concepts that choose it. `carried` says
    whether the members of each played union vote Yes on the first ballot.
    """

    labels: tuple[str, ...]
    marks: tuple[str, ...]
    governor: float
    coalition: float
    unions: tuple[float, ...]
    carried: tuple[bool, ...]
    called: tuple[str, ...]


@dataclass(frozen=True)
class Agents:
    """What the simulated negotiators did: shares of worlds, and their most common agreements."""

    worlds: int
    agreed: float
    ratified: float
    ratified_first: float | None
    common: tuple[tuple[PrintedDeal, float], ...]


@dataclass(frozen=True)
class Stakes:
    """What only the two sides know: the layoffs announced and needed, and what leaders believe."""

    gap: float
    announced: float
    needed: float
    leaders_belief: float


@dataclass(frozen=True)
class Sheet:
    """A sheet of the kit: its file without suffix, its title, who gets it, and its template."""

    file: str
    title: str
    copies: str
    template: str
    role: Role | None = None
    union: int | None = None


@dataclass(frozen=True, eq=False)
class Kit:
    """All that the sheets of a scenario say; `voters`, `stakes` are None where nobody votes."""

    paper: Paper
    issues: tuple[PaperIssue, ...]
    roles: tuple[Role, ...]
    voters: Voters | None
    stakes: Stakes | None
    record: Record | None

    @property
    def scenario(self) -> Scenario:
        """The scenario that the kit is made from."""
        return self.paper.scenario

    @property
    def called(self) -> str:
        """How the scenario is named on the command line."""
        name = self.scenario.name
        return name if name in shipped_scenarios() else "YOUR-SCENARIO.toml"

    @property
    def story(self) -> str:
        """What everybody may know of the scenario: the first sentence about it, as others may tell more."""
        return self.scenario.description.strip().split(". ")[0].rstrip(".") + "."

    @property
    def second_ballot(self) -> bool:
        """Whether what is rejected is voted on again."""
        return self.voters is not None and self.voters.sheet.ballots > 1

    @property
    def timing(self) -> list[tuple[str, int, int]]:
        """What happens in class, and its minutes in a lesson of 50 and in one of 75."""
        if self.voters is None:
            return [
                ("The story, the rules, who is who", 5, 7),
                ("Everybody reads the own sheet", 6, 8),
                ("Bargaining", 22, 22),
                ("Once more with the seats changed", 0, 18),
                ("Deals onto the board", 4, 5),
                ("Debrief", 13, 15),
            ]
        again = self.second_ballot
        return [
            ("The story, the rules, who is who", 5, 8),
            ("Everybody reads the own sheet; coalition and unions meet", 6, 8),
            ("Bargaining", 18, 25 if again else 31),
            ("Ballot", 5, 6),
            *([("Campaign and second ballot, where the first failed", 0, 8)] if again else []),
            ("Deals onto the board", 4, 5),
            ("Debrief", 12, 15 if again else 17),
        ]

    @property
    def sheets(self) -> list[Sheet]:
        """The sheets, in the order of the kit."""
        table = [
            Sheet("teacher", "For the teacher", "1 for you", "teacher"),
            Sheet("background", "What everybody knows", "1 for everybody", "background"),
            *(self._role_sheet(role) for role in self.roles),
            Sheet("offers", "Offers and agreement", "1 a table", "offers"),
            *([Sheet("ballot", "Ballot", "1 a table", "ballot")] if self.voters else []),
            Sheet("debrief", "Debrief", "1 for everybody, afterwards", "debrief"),
        ]
        return [
            Sheet(f"{number}-{s.file}", s.title, s.copies, s.template, s.role, s.union)
            for number, s in enumerate(table, start=1)
        ]

    def _role_sheet(self, role: Role) -> Sheet:
        unions = [one for one in self.roles if one.key.startswith("union")]
        if role in unions:
            return Sheet(role.key, role.title, "1 a table", "union", role, unions.index(role))
        return Sheet(role.key, role.title, "1 a table", role.key, role)

    def printed(self, package: int) -> PrintedDeal:
        """A package of the game on paper in words and points."""
        return self._printed[package]

    @cached_property
    def _printed(self) -> list[PrintedDeal]:
        table, agenda = self.paper.solved.packages, self.paper.agenda
        played = self.voters.played if self.voters else ()
        totals = [union.points.total(agenda) for union in played]
        chosen = self.concepts
        return [
            PrintedDeal(
                labels=tuple(
                    issue.labels[level] for issue, level in zip(self.issues, levels, strict=True)
                ),
                marks=tuple(
                    issue.marks[level] for issue, level in zip(self.issues, levels, strict=True)
                ),
                governor=float(governor),
                coalition=float(coalition),
                unions=tuple(float(total[number]) for total in totals),
                carried=tuple(
                    bool(total[number] > union.needs[0])
                    for total, union in zip(totals, played, strict=True)
                ),
                called=tuple(name for name, choice in chosen.items() if choice == number),
            )
            for number, (levels, governor, coalition) in enumerate(
                zip(agenda.positions, table["governor"], table["coalition"], strict=True)
            )
        ]

    @cached_property
    def concepts(self) -> dict[str, int]:
        """The package that each solution concept chooses on paper."""
        chosen = {CALLED[name]: getattr(self.paper.solved, name) for name in CONCEPTS}
        return {name: choice.number for name, choice in chosen.items() if choice is not None}

    @property
    def example(self) -> PrintedDeal:
        """Some package, to show how points are added up."""
        return self.printed(len(self.paper.agenda) // 3)

    @cached_property
    def frontier(self) -> tuple[list[PrintedDeal], int]:
        """The packages that leave nothing on the table and both prefer to none, and how many there are.

        Where there are too many for a page, some are left out evenly, but none that a concept chooses.
        """
        table = self.paper.solved.packages
        both = table[table["pareto"] & table["zopa"]].sort_values(
            ["governor", "coalition"], ascending=[False, True], kind="stable"
        )
        numbers = both.index.to_numpy()
        named = set(self.concepts.values())
        room = max(MOST_ROWS - len(named), 2)
        even = np.rint(np.linspace(0, len(numbers) - 1, min(len(numbers), room))).astype(int)
        shown = {int(numbers[place]) for place in even} | named
        kept = numbers if len(numbers) <= MOST_ROWS else [n for n in numbers if n in shown]
        return [self.printed(int(number)) for number in kept], len(numbers)

    @cached_property
    def agents(self) -> Agents:
        """How the scenario's own negotiators ended."""
        worlds = negotiate(self.scenario, AGENTS, seed=SEED).frame()
        first = worlds["status"] == "ratified_first" if self.voters else None
        return Agents(
            worlds=len(worlds),
            agreed=float(worlds["agreed"].mean()),
            ratified=float(worlds["ratified"].mean()),
            ratified_first=None if first is None else float(first.mean()),
            common=self._most_common(worlds[worlds["agreed"]]),
        )

    def _most_common(self, agreed: pd.DataFrame) -> tuple[tuple[PrintedDeal, float], ...]:
        """The agreements that most worlds share, of those that stand on paper."""
        names = list(self.paper.agenda.names)
        counts = agreed.groupby(names).size().sort_values(ascending=False, kind="stable")
        places = {tuple(p): number for number, p in enumerate(self.paper.agenda.packages.tolist())}
        found = []
        for levels, count in counts.items():
            number = places.get(levels if isinstance(levels, tuple) else (levels,))
            if number is not None:
                found.append((self.printed(number), count / len(agreed)))
        return tuple(found[:MOST_COMMON])

    @cached_property
    def as_it_happened(self) -> PrintedDeal | None:
        """The agreement of the record on the levels of the kit; None without a record."""
        if self.record is None:
            return None
        levels = {name: self.record.agreement[name] for name in self.paper.agenda.names}
        return self.printed(self.paper.agenda.find(**levels))

    @property
    def picture(self) -> str:
        """All packages in points, as a data address that a page can hold."""
        drawn = as_svg(bargaining_set(self.paper.solved))
        return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"


def kit(scenario: Scenario | str | Path) -> Kit:
    """Make the kit of a scenario.

    Raises:
        sim.inputs.problems.InputError: when the scenario is wrong, or a side can gain nothing on paper.
    """
    scenario = load_scenario(scenario) if isinstance(scenario, str | Path) else scenario
    paper = on_paper(scenario)
    voting = voters(paper) if isinstance(scenario, TwoLevelGame) else None
    titles = {"governor": "Governor", "coalition": "Union coalition"}
    roles = [Role(side, titles[side], paper.points[side]) for side in SIDES]
    for letter, union in zip("ab", voting.played if voting else (), strict=False):
        roles.append(Role(f"union-{letter}", f"Union {letter.upper()}: {union.name}", union.points))
    known = RECORDS.get(scenario.name)
    return Kit(
        paper=paper,
        issues=tuple(printed_issues(paper)),
        roles=tuple(roles),
        voters=voting,
        stakes=_stakes(scenario) if isinstance(scenario, TwoLevelGame) else None,
        record=load_record(known) if known else None,
    )


def _stakes(scenario: TwoLevelGame) -> Stakes:
    batch = typical_batch(scenario)
    return Stakes(
        gap=scenario.fiscal.gap,
        announced=float(scenario.threat.layoffs),
        needed=float(batch.plan_b_layoffs[0]),
        leaders_belief=float(batch.leaders_belief[0]),
    )


def write_kit(kit: Kit, folder: Path) -> list[Path]:
    """Write the sheets, one file each and all in one, the game, and the table for deals.

    The same kit gives the same bytes.

    Raises:
        RunError: when the folder cannot be written.
    """
    files = _files(kit)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise RunError(f"{folder}: cannot be written ({error.strerror})") from None
    return [folder / name for name in files]


def _files(kit: Kit) -> dict[str, str]:
    environment = Environment(
        loader=PackageLoader("sim.teaching.kit"),
        autoescape=True,
        undefined=StrictUndefined,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": _percent,
        "number": _number,
        "dollars": _dollars,
        "signed": _signed,
    }
    page = environment.get_template("page.html")

    def printed(sheets: Sequence[Sheet], title: str) -> str:
        return page.render(kit=kit, sheets=sheets, title=title)

    files = {"kit.html": printed(kit.sheets, kit.scenario.title)}
    for sheet in kit.sheets:
        files[f"{sheet.file}.html"] = printed([sheet], f"{kit.scenario.title}: {sheet.title}")
    files["game.toml"] = tomli_w.dumps(as_document(kit.paper.game))
    files["deals.csv"] = _csv(kit, [])
    files["deals_example.csv"] = _csv(kit, _example_deals(kit))
    return files


def _example_deals(kit: Kit) -> list[dict[str, object]]:
    """A deal that theory would choose, one that leaves something on the table, and none."""
    table = kit.paper.solved.packages
    inside = table[table["zopa"] & ~table["pareto"]]
    chosen = kit.paper.solved.nash.number if kit.paper.solved.nash else 0
    poor = int(inside.index[len(inside) // 2]) if len(inside) else chosen
    ratified = {"ratified": "yes"} if kit.voters else {}
    deals = [
        {"table": table, "agreed": "yes", "round": when, **ratified, **_levels(kit, number)}
        for table, when, number in ((1, kit.paper.rounds - 1, chosen), (2, kit.paper.rounds, poor))
    ]
    return [*deals, {"table": 3, "agreed": "no"}]


def _levels(kit: Kit, package: int) -> dict[str, str]:
    agenda = kit.paper.agenda
    levels = zip(agenda.names, agenda.packages[package], strict=True)
    return {name: f"{level:g}" for name, level in levels}


def _csv(kit: Kit, deals: Sequence[dict[str, object]]) -> str:
    names = columns(kit.paper)
    rows = [[str(deal.get(name, "")) for name in names] for deal in deals]
    return "".join(",".join(row) + "\n" for row in [names, *rows])


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


def _number(value: float) -> str:
    """Points or persons: whole numbers plainly, others as they are."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,g}"


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "\u2212")


def _dollars(millions: float) -> str:
    """Dollars in whole millions, a half rounded up."""
    return f"${int(millions + 0.5):,}M"
