"""Which parameters act, given the values of the others: what is switched off, or multiplied by 0, does not.

The schema says it of each parameter (`acts` in `sim.inputs.parameter.parameter`); here it is held against
a scenario.
"""

from collections.abc import Mapping
from typing import Any

from sim.cases.schema import Scenario, parameters_of, value_of
from sim.inputs.parameter import LESS, MORE, SOME, about
from sim.inputs.problems import shown
from sim.mechanisms import MECHANISMS, OF_TEXTBOOK_GAMES

TABLES = {each.table for each in (*MECHANISMS, *OF_TEXTBOOK_GAMES)}
OTHER_SIDE = {"governor": "coalition", "coalition": "governor"}
Condition = Mapping[str, Any]


def acts_when(scenario: Scenario, name: str) -> list[Condition]:
    """The cases in which a parameter of a scenario has an effect, by full names; none if it always has."""
    table, *entry, key = name.split(".")
    if entry:
        return []  # of an entry of a list nothing is known
    field = parameters_of(scenario)[name]
    cases: list[Condition] = [
        {_in_full(other, table): wanted for other, wanted in case.items()}
        for case in about(field).get("acts", ())
    ]
    if table not in TABLES or key == "on":
        return cases
    return [{f"{table}.on": (True,), **case} for case in cases or [{}]]


def without_effect(scenario: Scenario, name: str) -> str | None:
    """Why a parameter has no effect in a scenario, in words; None where it may have one."""
    cases = acts_when(scenario, name)
    own = [case for case in cases if name not in case or _is(scenario, name, case[name])]
    cases = own or cases
    lacking = [
        [key for key, wanted in case.items() if not _is(scenario, key, wanted)] for case in cases
    ]
    if not cases or not all(lacking):
        return None
    if any(_stated_by_unions(scenario, key) for keys in lacking for key in keys):
        return None
    least = min(map(len, lacking))
    near = [case for case, keys in zip(cases, lacking, strict=True) if len(keys) == least]
    missing = dict.fromkeys(
        key for keys in lacking if len(keys) == least for key in keys if key != name
    )
    seen = " and ".join(_seen(scenario, key) for key in missing)
    wanted = ", or ".join(
        " and ".join(_words(*each) for each in case.items() if each[0] != name) for case in near
    )
    return f"has no effect, as {seen}; it acts where {wanted}"


def rests_on_others(scenario: Scenario, name: str) -> bool:
    """Whether the value of a parameter is a rule, or a switch, that does nothing where others are 0."""
    return any(name in case for case in acts_when(scenario, name))


def _in_full(name: str, table: str) -> str:
    if name == "issue" or ("." in name and not name.startswith("other.")):
        return name
    if name.startswith("other."):
        return f"{OTHER_SIDE[table]}.{name.removeprefix('other.')}"
    return f"{table}.{name}"


def _is(scenario: Scenario, key: str, wanted: Any) -> bool:
    if key == "issue":
        return any(issue.name in wanted for issue in scenario.issue)
    value = _value(scenario, key)
    if wanted in (MORE, SOME):
        return bool(value)
    return value < 1 if wanted == LESS else value in wanted


def _value(scenario: Scenario, key: str) -> Any:
    """The value of a parameter; a table that the kind of game does not have is off."""
    there = getattr(scenario, key.split(".")[0], None) is not None
    return value_of(scenario, key) if there else False


def _stated_by_unions(scenario: Scenario, key: str) -> bool:
    """Whether a union states a value of its own for what members in general are not."""
    table, _, name = key.partition(".")
    return table == "members" and any(getattr(u, name, None) for u in scenario.union)


def _seen(scenario: Scenario, key: str) -> str:
    if key == "issue":
        return f"the agenda has {', '.join(issue.name for issue in scenario.issue)}"
    return f"{key} is {shown(_value(scenario, key))}"


def _words(key: str, wanted: Any) -> str:
    if key == "issue":
        return f"{' or '.join(wanted)} is on the agenda"
    if isinstance(wanted, str):
        return f"{key} is {wanted}"
    return f"{key} is {' or '.join(map(shown, wanted))}"
