"""Scenario files of GENIUS (Lin, Kraus, Baarslag, Tykhonov, Hindriks and Jonker 2014): XML.

A domain, and a utility space ("profile") for each party. Read is what a textbook game can say: utilities
that are sums over issues, each with a weight and an evaluation of its values, worked out as GENIUS 10.4
does (`genius.core.utility`). Written are discrete issues with an evaluation for every value.

Parsing is safe: `xml.etree` fetches nothing, and a document type, the only place where entities
that blow up could be declared, is refused before parsing.
"""

import codecs
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from sim.inputs.documents import read_file, text_of
from sim.inputs.problems import InputError, few, shown
from sim.interop.additive import (
    SIDES,
    AdditiveGame,
    AdditiveUtility,
    Reading,
    Value,
    WrittenIssue,
    finite,
    not_too_long,
    reservation,
)
from sim.interop.value_functions import Function, clipped_line, polynomial, triangle, worth

DOMAIN, PROFILE = "negotiation_template", "utility_space"  # a domain holds both words
NEXT_TO_NOTHING = 0.00001  # evaluations whose greatest is below count as 0
DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


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
    SubElement(space, "discount_factor", value=repr(utility.discount))
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


def read(files: Sequence[Path], name: str, reading: Reading) -> AdditiveGame:
    """The game of some files, called `name`.

    As in GENIUS, issues are matched by their index, weights without an issue are not looked at, and the
    evaluations of a discrete issue are divided by the greatest, or 0 if that is below 0.00001. The utility
    at time t, from 0 to 1, is that of the package times `discount_factor^t`, and likewise that of no
    agreement, so that what is gained by an agreement is discounted.

    Raises:
        InputError: when a file is damaged; when there are not one domain and two profiles; and when
            issues interact, or an evaluation is missing or unknown.
    """
    texts = {path: read_file(path, _text_of_file) for path in files}
    domains = [path for path, text in texts.items() if DOMAIN in text]
    profiles = [path for path, text in texts.items() if PROFILE in text and path not in domains]
    reading.leave_out([p for p in files if p not in domains and p not in profiles], "GENIUS")
    parties = reading.two_of(profiles, len(domains), files[0].parent)
    issues = _issues_of(domains, texts, reading)
    first, second = (_utility(path, _root(path, texts), issues, reading) for path in parties)
    return AdditiveGame(
        name=name,
        issues=tuple(issue.name for issue in issues),
        values=tuple(issue.values for issue in issues),
        utilities=(first, second),
    )


def _issues_of(
    domains: Sequence[Path], texts: dict[Path, str], reading: Reading
) -> list[WrittenIssue]:
    """The issues of the domain; of several, if they are alike, of the first."""
    first, *others = ([*_elements(_root(path, texts), path)] for path in domains)
    if any([*map(_plain, own)] != [*map(_plain, first)] for own in others):
        names = ", ".join(few([path.name for path in domains], 4))
        raise InputError(
            f"{domains[0].parent}: holds {len(domains)} domains that differ: {names}; leave one of them there"
        )
    return [_issue(element, domains[0], reading) for element in first]


def _plain(issue: Element) -> tuple[dict[str, str], list[str | None]]:
    return issue.attrib, [item.get("value") for item in issue.findall("item")]


def _issue(element: Element, path: Path, reading: Reading) -> WrittenIssue:
    name, kind = element.get("name", ""), element.get("type", "discrete")
    issue = f"issue {shown(name)}"
    if kind in ("integer", "real"):
        low, high = (
            _bound(element, end, f"{path}: {issue}") for end in ("lowerbound", "upperbound")
        )
        numbers = reading.values_of_range(low, high, path, issue, whole=kind == "integer")
        written = [_shown(float(number)) for number in numbers]
    elif kind == "discrete":
        values = [item.get("value") for item in element.findall("item")]
        written = [*dict.fromkeys(value for value in values if value is not None)]
        if len(written) < len(values):
            reading.remarks.append(f"{issue}: has a value twice, or without a name; it is left out")
    else:
        raise InputError(
            f"{path}: {issue}: is of type {kind}: only discrete, integer and real issues can be read"
        )
    if not written:
        raise InputError(f"{path}: {issue}: has no values")
    return WrittenIssue(name, written, element.get("index"))


def _bound(issue: Element, end: str, place: str) -> float:
    ends = [element.get(end) for element in (issue, *issue.findall("range"))]
    written = next((value for value in ends if value is not None), None)
    return finite(written, f"{place}: {end}")


def _utility(
    path: Path, root: Element, issues: Sequence[WrittenIssue], reading: Reading
) -> AdditiveUtility:
    weighed = _with_weights(root, issues, path, reading)
    utility = AdditiveUtility(
        weights=tuple(
            finite(weight, f"{path}: weight of {shown(issue.name)}")
            for (_, weight), issue in zip(weighed, issues, strict=True)
        ),
        tables=tuple(
            _table(element, issue, f"{path}: issue {shown(issue.name)}")
            for (element, _), issue in zip(weighed, issues, strict=True)
        ),
        reservation=reservation(_single(root, "reservation", "0.0"), f"{path}: reservation"),
        discount=reading.left_at_the_deadline(_discount(root, path), path.name),
    )
    best = sum(map(max, utility.points))
    if best > 1 + NEXT_TO_NOTHING:
        reading.remarks.append(
            f"{path.name}: its best package is worth {best:.6g}; GENIUS counts all above 1 as 1, here it "
            "counts in full"
        )
    return utility


def _discount(root: Element, path: Path) -> float:
    """The discount factor; where it is not above 0 and below 1 there is none."""
    discount = finite(_single(root, "discount_factor", "1.0"), f"{path}: discount_factor")
    return discount if 0 < discount < 1 else 1.0


def _with_weights(
    root: Element, issues: Sequence[WrittenIssue], path: Path, reading: Reading
) -> list[tuple[Element, str | None]]:
    """The element of each issue of the domain with its weight; both have the index of the issue."""
    weights = {element.get("index"): element.get("value") for element in root.iter("weight")}
    elements = _elements(root, path)
    by_index = {element.get("index"): element for element in elements}
    for issue in issues:
        if issue.index not in by_index or issue.index not in weights:
            raise InputError(
                f"{path}: must have values and a weight for each issue of the domain; issue "
                f"{shown(issue.name)} has index {issue.index}, and there is none with it"
            )
    found = [(by_index[issue.index], weights[issue.index]) for issue in issues]
    renamed = [
        f"{shown(element.get('name'))} is {shown(issue.name)}"
        for (element, _), issue in zip(found, issues, strict=True)
        if element.get("name") != issue.name
    ]
    if renamed:
        reading.remarks.append(
            f"{path.name}: matched by index, as in GENIUS: {', '.join(few(renamed, 4))}"
        )
    if set(weights) != {issue.index for issue in issues}:
        reading.remarks.append(
            f"{path.name}: has weights without an issue, at which GENIUS does not look; they are left out"
        )
    return found


def _table(element: Element, issue: WrittenIssue, place: str) -> tuple[float, ...]:
    """The evaluations of the values of an issue."""
    items = {item.get("value"): item.get("evaluation") for item in element.findall("item")}
    if not items and element.get("type", "discrete") != "discrete":
        function = _evaluator(element, place)
        return tuple(worth(function, float(value), place) for value in issue.written)
    for value in issue.written:
        if items.get(value) in (None, "null"):
            raise InputError(f"{place}: has no evaluation of {shown(value)}")
    numbers = {
        value: finite(number, f"{place}: evaluation of {value}")
        for value, number in items.items()
        if number not in (None, "null")
    }
    greatest = max(numbers.values())
    if greatest < NEXT_TO_NOTHING:
        return (0.0,) * len(issue.written)
    return tuple(numbers[value] / greatest for value in issue.written)


def _evaluator(element: Element, place: str) -> Function:
    """The formula of an issue of whole or real numbers.

    Of whole numbers it is a line that begins at the lower bound; without an evaluator all are worth 0.
    """
    given = element.find("evaluator")

    def number(name: str) -> float:
        return finite(None if given is None else given.get(name), f"{place}: {name}")

    if element.get("type") == "integer":
        if given is None:
            return polynomial([], 0.0)
        slope, lowest = number("slope"), _bound(element, "lowerbound", place)
        line = clipped_line(slope, number("offset"))
        return lambda x: line(x - lowest)
    kind = "" if given is None else given.get("ftype", "")
    match kind.lower():
        case "linear":
            return clipped_line(number("parameter1"), number("parameter0"))
        case "constant":
            return polynomial([], number("parameter0"))
        case "triangular":
            return triangle(*map(number, ("parameter0", "parameter1", "parameter2")))
    raise InputError(
        f"{place}: has no evaluator of ftype linear, constant or triangular, but {shown(kind)}"
    )


def _single(root: Element, tag: str, absent: str) -> str:
    element = root.find(tag)
    return absent if element is None else element.get("value", absent)


def _elements(root: Element, path: Path) -> list[Element]:
    """The elements of the issues; none may be grouped, or interact with others."""
    tags = [element.tag for element in root.iter()]
    joint = {"utility_function", "utility", "constraint"} & set(tags)
    if joint or root.get("type") in ("nonlinear", "constraint") or tags.count("objective") > 1:
        raise InputError(
            f"{path}: only sums over ungrouped issues can be read; here issues are grouped, or interact"
        )
    found = list(root.iter("issue"))
    if not found:
        raise InputError(f"{path}: has no issues")
    return found


def _root(path: Path, texts: dict[Path, str]) -> Element:
    if re.search("<!(DOCTYPE|ENTITY)", texts[path], re.IGNORECASE):
        raise InputError(f"{path}: declares a document type, which is not read; remove it")
    try:
        return ElementTree.fromstring(texts[path])
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"{path}: is not an XML file: {error}") from None


def _text_of_file(content: bytes) -> str:
    """The text of an XML file in the encoding that it declares; without one it is UTF-8."""
    text = re.sub(r"<\?xml.*?\?>", "", _decoded(not_too_long(content)), count=1)
    return re.sub(r"&(?!#?\w+;)", "&amp;", text)  # alone it is itself, as for GENIUS


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as(content, "UTF-16")
    if content.startswith(b"<\0"):
        return _as(content, "UTF-16-LE")
    if content.startswith(b"\0<"):
        return _as(content, "UTF-16-BE")
    declared = DECLARED.match(content.lstrip())
    encoding = declared[1].decode("ascii") if declared else "UTF-8"
    if encoding.upper().startswith(
        ("UTF-8", "UTF-16")
    ):  # of which the declaration would be another
        return text_of(content)
    return _as(content, encoding)


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(f"is not a text file in {encoding}") from None
    except LookupError:
        raise ValueError(f"declares the encoding {encoding}, which is not known") from None
