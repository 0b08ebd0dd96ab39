"""Scenario files of GENIUS (Lin, Kraus, Baarslag, Tykhonov, Hindriks and Jonker 2014): XML.

A domain, and a utility space ("profile") for each party. Read and written is what a textbook game
can say: discrete issues, each with a weight and an evaluation for every value.

Parsing is safe: `xml.etree` fetches nothing, and a document type, the only place where entities
that blow up could be declared, is refused before parsing.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from sim.inputs.documents import read_file, text_of
from sim.inputs.problems import InputError, shown
from sim.interop.additive import (
    SIDES,
    AdditiveGame,
    AdditiveUtility,
    Value,
    WrittenIssue,
    finite,
    not_too_long,
    reservation,
    whole_numbers,
)


def write(game: AdditiveGame) -> dict[str, str]:
    """The files of a game, as texts by file name; the parties are in order of file name."""
    files = {"domain.xml": _text(_domain(game))}
    for number, (side, utility) in enumerate(zip(SIDES, game.utilities, strict=True), start=1):
        files[f"{number}-{side}.xml"] = _text(_profile(game, utility))
    return files


def _domain(game: AdditiveGame) -> Element:
    template = Element("negotiation_template")
    space = SubElement(template, "utility_space", number_of_issues=str(len(game.issues)))
    objective = SubElement(space, "objective", _kind("objective", 0, game.name))
    for issue, values in _issues(game, objective):
        for index, value in enumerate(values, start=1):
            SubElement(issue, "item", index=str(index), value=_shown(value))
    return template


def _profile(game: AdditiveGame, utility: AdditiveUtility) -> Element:
    space = Element("utility_space", number_of_issues=str(len(game.issues)))
    objective = SubElement(space, "objective", _kind("objective", 0, game.name))
    for (issue, values), table in zip(_issues(game, objective), utility.tables, strict=True):
        for index, (value, number) in enumerate(zip(values, table, strict=True), start=1):
            evaluated = {"value": _shown(value), "evaluation": repr(number)}
            SubElement(issue, "item", {"index": str(index)} | evaluated)
    for index, weight in enumerate(utility.weights, start=1):
        SubElement(objective, "weight", index=str(index), value=repr(weight))
    SubElement(space, "discount_factor", value="1.0")
    SubElement(space, "reservation", value=repr(utility.reservation))
    return space


def _issues(game: AdditiveGame, objective: Element) -> list[tuple[Element, Sequence[Value]]]:
    """An element for each issue of a game, with the issue's values."""
    return [
        (
            SubElement(objective, "issue", _kind("discrete", index, name) | {"vtype": "discrete"}),
            values,
        )
        for index, (name, values) in enumerate(zip(game.issues, game.values, strict=True), start=1)
    ]


def _kind(kind: str, index: int, name: str) -> dict[str, str]:
    return {"index": str(index), "etype": kind, "type": kind, "name": name}


def _shown(value: Value) -> str:
    """A value as GENIUS shows it: a whole number without its decimal point."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else value


def _text(root: Element) -> str:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def read(files: Sequence[Path], name: str) -> AdditiveGame:
    """The game of some files, called `name`.

    As in GENIUS, the evaluations of an issue are divided by the greatest if that is above 1.

    Raises:
        InputError: when a file is damaged; when there are not one domain and two profiles; and when an
            issue is not discrete, issues interact, or utilities are discounted.
    """
    roots = {path: _root(path) for path in files}
    domains = {path: root for path, root in roots.items() if root.tag == "negotiation_template"}
    profiles = {path: root for path, root in roots.items() if root.tag == "utility_space"}
    if len(domains) != 1 or len(profiles) != 2:
        raise InputError(
            f"{files[0].parent}: holds {len(domains)} domains and {len(profiles)} profiles; "
            "a scenario has one domain and two parties"
        )
    ((path, domain),) = domains.items()
    issues = [_issue(element, path) for element in _elements(domain, path)]
    first, second = (_profile_of(root, issues, at) for at, root in profiles.items())
    return AdditiveGame(
        name=name,
        issues=tuple(issue.name for issue in issues),
        values=tuple(issue.values for issue in issues),
        utilities=(first, second),
    )


def _issue(element: Element, path: Path) -> WrittenIssue:
    name, kind = element.get("name", ""), element.get("type", "discrete")
    place = f"{path}: issue {shown(name)}"
    if kind == "integer":
        low, high = (_bound(element, end, place) for end in ("lowerbound", "upperbound"))
        written = [str(number) for number in whole_numbers(low, high, place)]
    elif kind == "discrete":
        values = [item.get("value") for item in element.findall("item")]
        written = [value for value in values if value is not None]
    else:
        raise InputError(f"{place}: is of type {kind}: only discrete issues can be read")
    if not written:
        raise InputError(f"{place}: has no values")
    return WrittenIssue(name, written, element.get("index"))


def _bound(issue: Element, end: str, place: str) -> float:
    ends = [element.get(end) for element in (issue, *issue.findall("range"))]
    written = next((value for value in ends if value is not None), None)
    return finite(written, f"{place}: {end}")


def _profile_of(root: Element, issues: Sequence[WrittenIssue], path: Path) -> AdditiveUtility:
    discount = finite(_single(root, "discount_factor", "1.0"), f"{path}: discount_factor")
    if 0 < discount < 1:
        raise InputError(f"{path}: discount_factor = {discount:g}: discounting cannot be read")
    tables = {element.get("name"): element for element in _elements(root, path)}
    weights = {element.get("index"): element.get("value") for element in root.iter("weight")}
    names, numbers = {issue.name for issue in issues}, {issue.index for issue in issues}
    if set(tables) != names or set(weights) != numbers:
        raise InputError(
            f"{path}: must have values and a weight for each issue of the domain, and no others"
        )
    return AdditiveUtility(
        weights=tuple(
            finite(weights[issue.index], f"{path}: weight {issue.index}") for issue in issues
        ),
        tables=tuple(_table(tables[issue.name], issue, path) for issue in issues),
        reservation=reservation(_single(root, "reservation", "0.0"), f"{path}: reservation"),
    )


def _table(element: Element, issue: WrittenIssue, path: Path) -> tuple[float, ...]:
    place = f"{path}: issue {shown(issue.name)}"
    found = {item.get("value"): item.get("evaluation") for item in element.findall("item")}
    for value in issue.written:
        if value not in found:
            raise InputError(f"{place}: has no evaluation of {shown(value)}")
    numbers = [finite(found[value], f"{place}: evaluation of {value}") for value in issue.written]
    most = max(1.0, *numbers)
    return tuple(number / most for number in numbers)


def _single(root: Element, tag: str, absent: str) -> str | None:
    element = root.find(tag)
    return absent if element is None else element.get("value")


def _elements(root: Element, path: Path) -> list[Element]:
    """The elements of the issues; none may be grouped, or interact with others."""
    tags = [element.tag for element in root.iter()]
    if "utility_function" in tags or "utility" in tags or tags.count("objective") > 1:
        raise InputError(f"{path}: only sums over ungrouped issues can be read")
    found = list(root.iter("issue"))
    if not found:
        raise InputError(f"{path}: has no issues")
    return found


def _root(path: Path) -> Element:
    return read_file(path, _document)


def _document(content: bytes) -> Element:
    text = text_of(not_too_long(content))
    if re.search("<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise ValueError("declares a document type, which is not read; remove it")
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ValueError(f"is not an XML file: {error}") from None
