"""The paper kit of a scenario: which sheets there are, and what each says.

A kit is a pure function of the scenario. What the sheets say is worked out here and in `paper`, `voters`
and `debrief`; how they look is in the folder `templates`, which `pages` fills in and `files` writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim.cases.loading import load_scenario, shipped_scenarios
from sim.cases.record import Record, record_of
from sim.cases.schema import Scenario, TwoLevelGame, with_a_ballot
from sim.cases.schema.sides import SidesSettings
from sim.mechanisms import Delay
from sim.teaching.kit.debrief import Debrief
from sim.teaching.kit.paper import Paper, PaperIssue, Points, on_paper, printed_issues
from sim.teaching.kit.voters import Voters, voters
from sim.worlds.batch import SIDES, typical_batch


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

    def __repr__(self) -> str:
        return f"<Kit of {self.scenario.name}: {len(self.roles)} roles, {len(self.issues)} issues>"

    @property
    def sides_are_named(self) -> bool:
        """Whether the sides have names of their own."""
        return self.scenario.sides != SidesSettings()

    @property
    def scenario(self) -> Scenario:
        """The scenario that the kit is made from."""
        return self.paper.scenario

    @property
    def turns_cost(self) -> bool:
        """Whether turns without an agreement cost something in the scenario, which they do not on paper."""
        return any(issubclass(each, Delay) for each in self.scenario.mechanisms)

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
        listed = [
            Sheet("teacher", "For the teacher", "1 for you", "teacher"),
            Sheet("background", "What everybody knows", "1 for everybody", "background"),
            *(self._role_sheet(role) for role in self.roles),
            Sheet("offers", "Offers and agreement", "1 a group", "offers"),
            *([Sheet("ballot", "Ballot", "1 a group", "ballot")] if self.voters else []),
            Sheet("debrief", "Debrief", "1 for everybody, afterwards", "debrief"),
        ]
        return [
            Sheet(f"{number}-{s.file}", s.title, s.copies, s.template, s.role, s.union)
            for number, s in enumerate(listed, start=1)
        ]

    def _role_sheet(self, role: Role) -> Sheet:
        unions = [one for one in self.roles if one.key.startswith("union")]
        if role in unions:
            return Sheet(role.key, role.title, "1 a group", "union", role, unions.index(role))
        return Sheet(role.key, role.title, "1 a group", role.key, role)

    @cached_property
    def debrief(self) -> Debrief:
        """What is looked at afterwards: deals of theory, of the agents, and of the record."""
        return Debrief(self.paper, self.issues, self.voters, self.record)


def make_kit(scenario: Scenario | str | Path) -> Kit:
    """Make the kit of a scenario.

    Raises:
        sim.inputs.problems.InputError: when the scenario is wrong, or a side can gain nothing on paper.
    """
    scenario = load_scenario(scenario) if isinstance(scenario, str | Path) else scenario
    paper = on_paper(scenario)
    voting = voters(paper)
    titles = {"governor": "Governor", "coalition": "Union coalition"}
    roles = [Role(side, titles[side], paper.points[side]) for side in SIDES]
    for letter, union in zip("ab", voting.played if voting else (), strict=False):
        roles.append(Role(f"union-{letter}", f"Union {letter.upper()}: {union.name}", union.points))
    return Kit(
        paper=paper,
        issues=tuple(printed_issues(paper)),
        roles=tuple(roles),
        voters=voting,
        stakes=_stakes(with_a_ballot(scenario)) if scenario.has_ballot else None,
        record=record_of(scenario),
    )


def _stakes(scenario: TwoLevelGame) -> Stakes:
    batch = typical_batch(scenario)
    return Stakes(
        gap=scenario.fiscal.gap,
        announced=float(scenario.threat.layoffs),
        needed=float(batch.plan_b_layoffs[0]),
        leaders_belief=float(batch.leaders_belief[0]),
    )
