"""From a scenario file to checked, frozen objects, with every problem told at once.

A scenario is a TOML file, either one that ships with the package (by name) or your own (by path). It
may start from another with `extends = "sebac-2011"`: tables are merged key by key, while lists (`[[issue]]`,
`[[union]]`) are replaced whole.
"""

import copy
import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.schema import RULED_BY_NAME, SCENARIO_KINDS, Scenario, bounds, expand, parameters

TWO_LEVEL_ISSUES = (
    "wages",
    "health",
    "pensions",
    "tax_share",
    "negotiated_layoffs",
    "job_security",
)

Document = dict[str, Any]


class InputError(ValueError):
    """What a person gave us is wrong: one sentence a problem, all of them at once."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """A suggestion for a misspelt word, or an empty string: ` (did you mean "rounds"?)`."""
    close = _closest(word, known)
    return f' (did you mean "{close[0]}"?)' if close else ""


def _closest(word: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)


def shipped_scenarios() -> list[str]:
    """The names of the scenarios that come with the package."""
    folder = resources.files("sim.scenarios")
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Load a shipped scenario by name, or a scenario file by path.

    Raises:
        InputError: with a sentence for every problem found.
    """
    return parse_scenario(read_document(name_or_path), str(name_or_path))


def read_document(name_or_path: str | Path, relative_to: Path | None = None) -> Document:
    """Read a scenario file and those it extends into one plain document, not yet checked."""
    text = str(name_or_path)
    path = Path(text)
    if text.endswith(".toml"):
        path = relative_to / path if relative_to and not path.is_absolute() else path
        document = read_toml(path)
    elif text in shipped_scenarios():
        document = tomllib.loads(resources.files("sim.scenarios").joinpath(f"{text}.toml").read_text("utf-8"))
    else:
        known = shipped_scenarios()
        raise InputError(
            [
                f'no scenario is called "{text}"{nearest(text, known)}: name one of '
                f"{', '.join(known)}, or give the path of a .toml file"
            ]
        )
    parent = document.pop("extends", None)
    if parent is None:
        return document
    if not isinstance(parent, str):
        raise InputError([f"{text}: extends = {parent!r} is not the name or path of a scenario"])
    if parent == text or (parent.endswith(".toml") and (path.parent / parent).resolve() == path.resolve()):
        raise InputError([f'{text}: extends = "{parent}" is the file itself; name another scenario'])
    return _merged(read_document(parent, path.parent), document)


def read_toml(path: Path) -> Document:
    """Read one TOML file.

    Raises:
        InputError: when the file is missing, unreadable, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError([f"{path}: there is no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([f"{path}: cannot be read as text ({error})"]) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError([f"{path}: is not a TOML file: {error}"]) from None


def _merged(below: Document, above: Document) -> Document:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def parse_scenario(document: Document, where: str) -> Scenario:
    """Check a document and freeze it.

    Raises:
        InputError: with a sentence for every problem; `where` opens each of them.
    """
    utility = document.get("utility")
    if not isinstance(utility, str) or utility not in SCENARIO_KINDS:
        allowed = " or ".join(f'"{kind}"' for kind in SCENARIO_KINDS)
        raise InputError([f"{where}: utility = {shown(utility)}: must be {allowed}"])
    kind = SCENARIO_KINDS[utility]
    problems = []
    scenario = None
    try:
        scenario = kind.model_validate(document)
    except ValidationError as error:
        problems += [f"{where}: {sentence}" for sentence in sentences(error, kind)]
    wrong = {problem.split(": ", 2)[1] for problem in problems}
    for check in _CHECKS[utility]:
        found = _tried(check, document)
        problems += [f"{where}: {p}" for p in found if p.split(": ", 1)[0] not in wrong]
    if problems:
        raise InputError(problems)
    return scenario


def with_values(scenario: Scenario, values: Mapping[str, Any], where: str = "set") -> Scenario:
    """The same scenario with some parameters changed, checked anew.

    Args:
        scenario: where to start from.
        values: dotted parameter name -> value, such as {"threat.layoffs": 7500}.
        where: opens each sentence of an error.

    Raises:
        InputError: with a sentence for every unknown name and every value out of bounds.
    """
    if not values:
        return scenario
    known = parameters(type(scenario))
    problems = [
        f'{where}: {scenario.name} has no parameter called "{key}"{nearest(key, known)}'
        for key in values
        if key not in known
    ]
    if problems:
        raise InputError(problems)
    document = as_document(scenario)
    if "information.rule" in values:  # a rule set anew replaces what the rule before it had set
        table = document.get("information", {})
        document["information"] = {k: v for k, v in table.items() if k not in RULED_BY_NAME}
    for key, value in values.items():
        table, name = key.split(".")
        document.setdefault(table, {})[name] = value
    return parse_scenario(document, where)


def as_document(scenario: Scenario) -> Document:
    """A scenario as the plain document that would load as it: what `scenario.toml` in results holds."""
    return copy.deepcopy(scenario.model_dump(mode="json", exclude_unset=True))


def sentences(error: ValidationError, kind: type) -> list[str]:
    """Pydantic's findings as sentences: key, value seen, what is allowed, nearest name.

    A required key that is only misspelt is told once, as misspelt.
    """
    findings = error.errors()
    told = list(dict.fromkeys(_sentence(finding, kind) for finding in findings))
    meant = {
        (*finding["loc"][:-1], hint)
        for finding in findings
        if finding["type"] == "extra_forbidden" and (hint := _meant(finding, kind))
    }
    misspelt = {
        _sentence(finding, kind)
        for finding in findings
        if finding["type"] == "missing" and tuple(finding["loc"]) in meant
    }
    return [sentence for sentence in told if sentence not in misspelt]


def _meant(finding: Mapping[str, Any], kind: type) -> str:
    place = [part for part in finding["loc"] if part not in _INTERNAL]
    close = _closest(str(place[-1]), _keys_at(kind, place[:-1]))
    return close[0] if close else ""


def _sentence(finding: Mapping[str, Any], kind: type) -> str:
    place = [part for part in finding["loc"] if part not in _INTERNAL]
    key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")
    seen = finding["input"]
    if finding["type"] == "extra_forbidden":
        return f"{key}: is not a known key{nearest(str(place[-1]), _keys_at(kind, place[:-1]))}"
    if finding["type"] == "missing":
        return f"{key}: is missing{_allowed(kind, place, '; give ')}"
    if finding["type"] == "value_error":
        return f"{key} = {shown(seen)}: {finding['ctx']['error']}"
    told = finding["msg"].replace("Input should be", "must be").replace("valid ", "")
    return f"{key} = {shown(seen)}: {_allowed(kind, place, 'must be ') or told}"


_INTERNAL = {"constrained-float", "constrained-int", "function-before[expand(), list[constrained-float]]"}


def _allowed(kind: type, place: list, opening: str) -> str:
    field = _field_at(kind, place)
    simple = field is not None and ".".join(map(str, place)) in parameters(kind)
    return opening + bounds(field) if simple else ""


def _keys_at(kind: type, place: list) -> list[str]:
    section = _section_at(kind, place)
    return list(section.model_fields) if section else []


def _field_at(kind: type, place: list) -> Any:
    section = _section_at(kind, place[:-1])
    return section.model_fields.get(place[-1]) if section else None


def _section_at(kind: type, place: list) -> Any:
    for part in place:
        if isinstance(part, int):
            continue
        field = getattr(kind, "model_fields", {}).get(part)
        if field is None:
            return None
        inner = getattr(field.annotation, "__args__", (field.annotation,))
        kind = next((t for t in inner if hasattr(t, "model_fields")), None)
    return kind if hasattr(kind, "model_fields") else None


def shown(value: Any) -> str:
    """A value as a person would type it, cut to a readable length."""
    if value is None:
        return "(nothing)"
    text = str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
    return text if len(text) <= 60 else text[:57] + "..."


# Checks across tables. They read the plain document, so that they speak even when another table is wrong;
# a check that stumbles over something malformed leaves it to the schema's own sentence.


def _tried(check: Callable[[Document], Iterable[str]], document: Document) -> list[str]:
    try:
        return list(check(document))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        return []


def _names_once(document: Document) -> Iterable[str]:
    for table in ("issue", "union"):
        names = [entry["name"] for entry in document.get(table, [])]
        for name in dict.fromkeys(n for n in names if names.count(n) > 1):
            yield f'{table}: the name "{name}" is used {names.count(name)} times; each must be its own'


def _excludes_known(document: Document) -> Iterable[str]:
    names = [issue["name"] for issue in document["issue"]]
    for pair in document.get("agenda", {}).get("excludes", []):
        for name in pair:
            if name not in names:
                yield f'agenda.excludes: no issue is called "{name}"{nearest(name, names)}'


def _exponential_starts(document: Document) -> Iterable[str]:
    for side in ("governor", "coalition"):
        table = document[side]
        if table.get("tactic") == "exponential" and not table.get("first_concession", 0) > 0:
            yield (
                f"{side}.first_concession = {shown(table.get('first_concession', 0))}: must be above "
                "0 with the exponential tactic, which starts there"
            )


def _points_fit(document: Document) -> Iterable[str]:
    best = [0.0, 0.0]
    for issue in document["issue"]:
        levels = expand(issue["levels"])
        for i, side in enumerate(("governor", "coalition")):
            points = expand(issue.get(side))
            if points is None:
                yield f"issue.{issue['name']}.{side}: is missing; give the points of each level"
            elif len(points) != len(levels):
                yield (
                    f"issue.{issue['name']}.{side}: has {len(points)} points for {len(levels)} levels; "
                    "give one for each"
                )
            else:
                best[i] += max(points)
    for i, side in enumerate(("governor", "coalition")):
        if best[i] <= document["batna"][i]:
            yield (
                f"batna = {document['batna']}: the {side} can get at most {best[i]:g} points, no more "
                "than without an agreement; lower the batna"
            )


def _unions_sum(document: Document) -> Iterable[str]:
    total = sum(union["members"] for union in document["union"])
    said = document["coalition"]["members"]
    if total != said:
        yield (
            f"coalition.members = {said}: the {len(document['union'])} unions listed have {total} "
            "members together; the two must be equal"
        )


def _quotas_reachable(document: Document) -> Iterable[str]:
    n = len(document["union"])
    for key in ("unions_required", "leaders_to_amend", "amended_unions_required"):
        k = document["ratification"].get(key, 0)
        if k > n + 1:
            yield f"ratification.{key} = {k}: there are {n} unions; must be 0 to {n + 1}"


def _threat_within_workforce(document: Document) -> Iterable[str]:
    workforce = document["members"]["workforce"]
    for key in ("layoffs", "layoffs_after_rejection"):
        if document["threat"][key] > workforce:
            yield (
                f"threat.{key} = {document['threat'][key]}: must be a number from 0 to "
                f"members.workforce = {workforce}"
            )


def _issues_understood(document: Document) -> Iterable[str]:
    highest = dict.fromkeys(TWO_LEVEL_ISSUES, 1.0)
    highest["negotiated_layoffs"] = document["members"]["workforce"]
    for issue in document["issue"]:
        name = issue["name"]
        if name not in highest:
            known = ", ".join(TWO_LEVEL_ISSUES)
            yield (
                f'issue: members and governor have no view on "{name}"'
                f"{nearest(name, highest)}; the issues are {known}"
            )
            continue
        for level in expand(issue["levels"]):
            if not 0 <= level <= highest[name]:
                yield (
                    f"issue.{name}.levels: {level:g} is not a number from 0 to {highest[name]:g}"
                )
        for side in ("governor", "coalition"):
            if issue.get(side) is not None:
                yield f'issue.{name}.{side}: points are for scenarios with utility = "points"'


def _savings_named(document: Document) -> Iterable[str]:
    names = [issue["name"] for issue in document["issue"]]
    priced = ("wages", "health", "pensions")
    savings = document["fiscal"]["savings"]
    for name in savings:
        if name not in priced:
            yield f"fiscal.savings.{name}: only {', '.join(priced)} save dollars by their level"
    for name in priced:
        if name in names and name not in savings:
            yield f"fiscal.savings.{name}: is missing; say what the full ask saves ($M)"
    for name in document["fiscal"].get("soft", []):
        if name not in savings:
            yield f'fiscal.soft: "{name}" has no line in fiscal.savings{nearest(name, savings)}'


_CHECKS: dict[str, list[Callable[[Document], Iterable[str]]]] = {
    "points": [_names_once, _excludes_known, _exponential_starts, _points_fit],
    "two_level": [
        _names_once,
        _excludes_known,
        _exponential_starts,
        _unions_sum,
        _quotas_reachable,
        _threat_within_workforce,
        _issues_understood,
        _savings_named,
    ],
}
