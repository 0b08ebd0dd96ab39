"""Scenario files of NegMAS (Mohammad, Nakadai and Greenwald 2021): YAML, a domain and a file for each party.

Read is what a textbook game can say: an outcome space, and utility functions that are sums over its
issues, each with a weight and a table or a formula of its values, perhaps discounted. Written are
discrete issues with tables.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.inputs.documents import beyond, read_file, text_of
from sim.inputs.installation import install
from sim.inputs.problems import Document, InputError, shown
from sim.interop.additive import (
    ASSUMED_ROUNDS,
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
from sim.interop.value_functions import Entry, of_negmas, worth

DISCRETE = ("CategoricalIssue", "DiscreteCardinalIssue", "DiscreteOrdinalIssue")
RANGES = {"ContiguousIssue": True, "ContinuousIssue": False}  # of whole numbers, of any
ADDITIVE = "LinearAdditiveUtilityFunction"
OF_NUMBERS = ("AffineUtilityFunction", "LinearUtilityFunction")  # weights on the values themselves
DISCOUNTED = "ExpDiscountedUFun"
TURNS_A_STEP = 2  # in a step of NegMAS each side makes an offer


def write(game: AdditiveGame) -> dict[str, str]:
    """The files of a game, as texts by file name; NegMAS seats the parties in order of file name."""
    documents = {"domain.yml": _domain(game)}
    for number, (side, utility) in enumerate(zip(SIDES, game.utilities, strict=True), start=1):
        documents[f"{number}-{side}.yml"] = _utility_function(side, utility, game.values)
    yaml = _yaml()
    return {name: yaml.safe_dump(doc, sort_keys=False) for name, doc in documents.items()}


def _domain(game: AdditiveGame) -> Document:
    issues = [
        {"type": DISCRETE[0], "name": name, "values": [_short(value) for value in values]}
        for name, values in zip(game.issues, game.values, strict=True)
    ]
    return {"type": "DiscreteCartesianOutcomeSpace", "name": game.name, "issues": issues}


def _utility_function(
    side: str, utility: AdditiveUtility, values: Sequence[Sequence[Value]]
) -> Document:
    mappings = [
        dict(zip(map(_short, of_issue), table, strict=True))
        for of_issue, table in zip(values, utility.tables, strict=True)
    ]
    document = {
        "type": ADDITIVE,
        "name": side,
        "reserved_value": utility.reservation,
        "weights": list(utility.weights),
        "values": [{"type": "TableFun", "mapping": mapping} for mapping in mappings],
    }
    if utility.discount == 1:
        return document
    return {
        "type": DISCOUNTED,
        "name": side,
        "discount": utility.discount,
        "factor": "relative_time",
        "dynamic_reservation": True,
        "reserved_value": utility.reservation,
        "ufun": document,
    }


def _short(value: Value) -> Value | int:
    """A whole number without its decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read(files: Sequence[Path], name: str, reading: Reading) -> AdditiveGame:
    """The game of some files; `name` is its name where the domain has none.

    Raises:
        InputError: when a file is damaged; when there are not one domain and two parties; and when a
            utility is not a sum over issues, or changes with time in another way than a scenario can say.
    """
    documents = {path: _load(path) for path in files}
    domains = {path: d for path, d in documents.items() if "OutcomeSpace" in _type(d)}
    utilities = [path for path, d in documents.items() if "fun" in _type(d).lower()]
    reading.leave_out([p for p in files if p not in domains and p not in utilities], "NegMAS")
    parties = reading.two_of(utilities, len(domains), files[0].parent)
    if len(domains) > 1:
        raise InputError(
            f"{files[0].parent}: holds {len(domains)} domains; leave one of them there"
        )
    ((path, domain),) = domains.items()
    issues = [_issue(issue, path, reading) for issue in _list(domain, "issues", path)]
    first, second = (_utility(documents[party], issues, party, reading) for party in parties)
    return AdditiveGame(
        name=str(domain.get("name") or name),
        issues=tuple(issue.name for issue in issues),
        values=tuple(issue.values for issue in issues),
        utilities=(first, second),
    )


def _issue(entry: Any, path: Path, reading: Reading) -> WrittenIssue:
    name = str(entry.get("name")) if isinstance(entry, dict) else ""
    issue = f"issue {shown(name)}"
    place = f"{path}: {issue}"
    values = _list(entry, "values", place)
    if not all(isinstance(value, str | int | float) for value in values):
        raise InputError(f"{place}: its values must be numbers or words")
    kind = _type(entry)
    if kind in RANGES and len(values) == 2:
        low, high = (finite(value, f"{place}.values") for value in values)
        step = finite(entry.get("step", 1), f"{place}.step")
        if step < 1:
            raise InputError(f"{place}.step = {step:g}: must be at least 1")
        numbers = reading.values_of_range(
            low, high, path, issue, whole=RANGES[kind], step=int(step)
        )
        return WrittenIssue(name, [*map(_short, numbers)])
    if kind not in DISCRETE:
        raise InputError(f"{place} is a {kind}: only discrete issues and ranges can be read")
    return WrittenIssue(name, values)


def _utility(
    document: Document, issues: Sequence[WrittenIssue], path: Path, reading: Reading
) -> AdditiveUtility:
    kind, discount = _type(document), 1.0
    without = reservation(document.get("reserved_value"), f"{path}: reserved_value")
    if isinstance(document.get("ufun"), dict) and "Discounted" in kind:
        if reading.discounted:
            discount = _discount(document, path)
        else:
            reading.leave_discount_out(path.name)
        document = document["ufun"]
        kind = _type(document)
    if kind not in (ADDITIVE, *OF_NUMBERS):
        raise InputError(
            f"{path}: is a {kind}: only a {' or '.join((ADDITIVE, *OF_NUMBERS))} can be read, in which "
            f"issues do not interact, or such a one in an {DISCOUNTED}"
        )
    if document.get("reserved_outcome") is not None:
        raise InputError(f"{path}: reserved_outcome: no agreement must have a value of its own")
    weights = [1.0] * len(issues)
    if document.get("weights") is not None:
        written = _by_issue(document, "weights", issues, path)
        weights = [finite(weight, f"{path}: weights") for weight in written]
    bias = finite(document.get("bias", 0.0), f"{path}: bias")
    return AdditiveUtility(
        weights=tuple(weights),
        tables=_tables(document, issues, path),
        reservation=without - bias,
        discount=reading.left_at_the_deadline(discount, path.name),
    )


def _discount(document: Document, path: Path) -> float:
    """What is left at the deadline of what a party gains.

    Raises:
        InputError: when it is discounted by another clock, in another way, or no agreement is not.
    """
    written = document.get("discount")
    discount = 1.0 if written is None else finite(written, f"{path}: discount")
    steps = {"relative_time": 1, "step": ASSUMED_ROUNDS // TURNS_A_STEP}
    factor = document.get("factor", "step")
    said = _type(document) == DISCOUNTED and document.get("dynamic_reservation", True) is True
    if not said or factor not in steps or not 0 < discount <= 1:
        raise InputError(
            f"{path}: its utility falls with time as a scenario cannot say, which has a share that is left "
            "a turn later of what an agreement brings above none; --ignore-discount leaves it out"
        )
    return discount ** steps[factor]


def _tables(
    document: Document, issues: Sequence[WrittenIssue], path: Path
) -> tuple[tuple[float, ...], ...]:
    """What the values of each issue are worth, before they are weighed."""
    if _type(document) in OF_NUMBERS:
        entries: list[Any] = [{"type": "IdentityFun"}] * len(issues)
    else:
        entries = _by_issue(document, "values", issues, path)
    return tuple(_table(entry, issue, path) for entry, issue in zip(entries, issues, strict=True))


def _table(entry: Any, issue: WrittenIssue, path: Path) -> tuple[float, ...]:
    place = f"{path}: values of {shown(issue.name)}"
    if not isinstance(entry, dict):
        raise InputError(f"{place}: must be a value function, such as a TableFun with a mapping")
    kind = _type(entry)
    if kind and kind != "TableFun":
        return _by_formula(kind, entry, issue, place)
    mapping = entry.get("mapping") if kind else entry
    if not isinstance(mapping, dict):
        raise InputError(f"{place}: a TableFun must have a mapping of values to numbers")
    for value in issue.written:
        if value not in mapping:
            raise InputError(f"{place}: {shown(value)} is missing in the mapping")
    return tuple(finite(mapping[value], f"{place}.{value}") for value in issue.written)


def _by_formula(kind: str, entry: Document, issue: WrittenIssue, place: str) -> tuple[float, ...]:
    function = of_negmas(kind, Entry(entry, place))
    if not all(isinstance(value, int | float) for value in issue.written):
        if kind != "ConstFun":
            raise InputError(f"{place}: a {kind} is of numbers, and these values are words")
        return (worth(function, 0.0, place),) * len(issue.written)
    return tuple(worth(function, value, place) for value in issue.written)


def _by_issue(
    document: Document, key: str, issues: Sequence[WrittenIssue], path: Path
) -> list[Any]:
    """An entry for each issue, from a list or a table by name."""
    entries = document.get(key)
    if isinstance(entries, dict):
        entries = [entries.get(issue.name) for issue in issues]
    if not isinstance(entries, list) or len(entries) != len(issues):
        raise InputError(f"{path}: {key}: must have one entry for each of {len(issues)} issues")
    return entries


def _list(entry: Any, key: str, place: Any) -> list[Any]:
    found = entry.get(key) if isinstance(entry, dict) else None
    if not isinstance(found, list) or not found:
        raise InputError(f"{place}: {key}: must be a list that is not empty")
    return found


def _type(entry: Any) -> str:
    """The class that an entry names, without the modules before it."""
    return str(entry.get("type", "")).split(".")[-1] if isinstance(entry, dict) else ""


def _load(path: Path) -> Any:
    return read_file(path, _document)


def _document(content: bytes) -> Any:
    yaml, text = _yaml(), text_of(not_too_long(content))
    try:
        _hold_aliases(yaml, text)
        found = yaml.safe_load(text)
    except RecursionError:
        raise ValueError("is not a YAML file: it is nested too deep") from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, AttributeError) as error:
        said = " ".join(str(error).split())  # those besides its own: of dates, keys and tags
        raise ValueError(f"is not a YAML file that can be read: {said}") from None
    if problem := beyond(found):
        raise ValueError(problem)
    return found


def _hold_aliases(yaml: Any, text: str) -> None:
    """Refuse a file with aliases (`*name`), of which a short one may stand for any number of things."""
    if "*" not in text:  # nothing to look for, which takes as long as to read
        return
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1
            raise ValueError(
                f"line {line} has an alias, *{event.anchor}; write out what it stands for"
            )


def _yaml() -> Any:
    try:
        import yaml
    except ModuleNotFoundError:
        raise InputError(
            f"NegMAS files are YAML, which needs PyYAML: {install('interop')}"
        ) from None
    return yaml
