"""Packages and offers in words: what is on the table, and what moved since the last offer."""

from collections.abc import Iterable, Mapping

from sim.cases.schema import Scenario
from sim.cases.schema.talks import Issue

FULL_ASK, SHARE_OF, GAP, PERSONS = (
    "share of the full ask",
    "share of",
    "share of the gap",
    "persons",
)
PARTS = {0.0: "none", 0.25: "a quarter", 0.5: "half", 0.75: "three quarters", 1.0: "all"}


def listed(words: Iterable[str]) -> str:
    """Some words as one lists them: a, b and c."""
    *most, last = list(words)
    return f"{', '.join(most)} and {last}" if most else last


def level_in_words(issue: Issue, level: float) -> str:
    """How much of an issue a level is, such as "a quarter", "10%" or "1,000"."""
    if issue.labels:
        return issue.label_of(level)
    if issue.unit == GAP:
        return f"{level:.0%}" if level else "none"
    if issue.unit.startswith(SHARE_OF):
        return PARTS.get(level, f"{level:.0%}")
    if issue.unit == PERSONS:
        return f"{level:,.0f}"
    return f"{level:g}"


def title_in_a_sentence(issue: Issue) -> str:
    """The title of an issue inside a sentence: "wage freeze", but "COLA freeze"."""
    first, second = issue.title[:1], issue.title[1:2]
    return issue.title if second.isupper() else first.lower() + issue.title[1:]


def package_in_words(scenario: Scenario, package: Mapping[str, float]) -> str:
    """A package in words; where members vote, what changes nothing is left out."""
    told = [
        _on_issue(issue, package[issue.name])
        for issue in scenario.issue
        if package[issue.name] or not scenario.has_ballot
    ]
    return listed(told) if told else "no change"


def moves_in_words(
    scenario: Scenario, before: Mapping[str, float], after: Mapping[str, float]
) -> str:
    """What moved from one package to another, such as "wage freeze (none to a quarter)"."""
    moved = [issue for issue in scenario.issue if before[issue.name] != after[issue.name]]
    return listed(
        f"{title_in_a_sentence(issue)} ({level_in_words(issue, before[issue.name])} to "
        f"{level_in_words(issue, after[issue.name])})"
        for issue in moved
    )


def _on_issue(issue: Issue, level: float) -> str:
    title, amount = title_in_a_sentence(issue), level_in_words(issue, level)
    if issue.labels:
        return f"{title}: {amount}"
    if issue.unit == FULL_ASK:
        return f"the whole {title}" if level == 1 else f"{amount} of the {title}"
    if issue.unit == GAP:
        return f"{title} for {amount} of the gap"
    if issue.unit.startswith(SHARE_OF):
        return f"{amount} of {title}"
    if issue.unit == PERSONS:
        return f"{amount} {title}"
    return f"{title} {amount}"
