"""Scenario files of NegMAS (Mohammad, Nakadai and Greenwald 2021): YAML, a domain and a file for each party.

Read and written is what a textbook game can say: an outcome space with discrete issues and linear
additive utility functions with a table of values for each issue.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.inputs.documents import beyond, read_file, text_of
from sim.inputs.installation import install
from sim.inputs.problems import Document, InputError, shown
from sim.inputs.sizes import AS_GOOD_AS_EVER, bounded, in_number
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

DISCRETE = ("CategoricalIssue", "DiscreteCardinalIssue", "DiscreteOrdinalIssue")
ADDITIVE = "LinearAdditiveUtilityFunction"
MOST_TIMES, A_PAGE = (
    20,
    10_000,
)  # how much longer a file may be with its aliases written out; characters


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
    return {
        "type": ADDITIVE,
        "name": side,
        "reserved_value": utility.reservation,
        "weights": list(utility.weights),
        "values": [{"type": "TableFun", "mapping": mapping} for mapping in mappings],
    }


def _short(value: Value) -> Value | int:
    """A whole number without its decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read(files: Sequence[Path], name: str) -> AdditiveGame:
    """The game of some files; `name` is its name where the domain has none.

    Raises:
        InputError: when a file is damaged; when there are not one domain and two parties; and when an
            issue is not discrete or a utility is not linear additive in tables, as under discounting.
    """
    documents = {path: _load(path) for path in files}
    domains = {path: d for path, d in documents.items() if "OutcomeSpace" in _type(d)}
    parties = {path: d for path, d in documents.items() if "fun" in _type(d).lower()}
    if len(domains) != 1 or len(parties) != 2:
        raise InputError(
            f"{files[0].parent}: holds {len(domains)} domains and {len(parties)} utility functions; "
            "a scenario has one domain and two parties"
        )
    ((path, domain),) = domains.items()
    issues = [_issue(issue, path) for issue in _list(domain, "issues", path)]
    first, second = (_utility(document, issues, at) for at, document in parties.items())
    return AdditiveGame(
        name=str(domain.get("name") or name),
        issues=tuple(issue.name for issue in issues),
        values=tuple(issue.values for issue in issues),
        utilities=(first, second),
    )


def _issue(entry: Any, path: Path) -> WrittenIssue:
    name = str(entry.get("name")) if isinstance(entry, dict) else ""
    place = f"{path}: issue {shown(name)}"
    values = _list(entry, "values", place)
    if not all(isinstance(value, str | int | float) for value in values):
        raise InputError(f"{place}: its values must be numbers or words")
    kind = _type(entry)
    if kind == "ContiguousIssue" and len(values) == 2:
        low, high = (finite(value, f"{place}.values") for value in values)
        values = whole_numbers(low, high, place)
    elif kind not in DISCRETE:
        raise InputError(f"{place} is a {kind}: only discrete issues can be read")
    return WrittenIssue(name, values)


def _utility(document: Document, issues: Sequence[WrittenIssue], path: Path) -> AdditiveUtility:
    kind = _type(document)
    if kind != ADDITIVE:
        raise InputError(
            f"{path}: is a {kind}: only a {ADDITIVE} can be read, "
            "neither discounted nor with interacting issues"
        )
    if document.get("reserved_outcome") is not None:
        raise InputError(f"{path}: reserved_outcome: no agreement must have a value of its own")
    tables = _by_issue(document, "values", issues, path)
    weights = [1.0] * len(issues)
    if document.get("weights") is not None:
        written = _by_issue(document, "weights", issues, path)
        weights = [finite(weight, f"{path}: weights") for weight in written]
    bias = finite(document.get("bias", 0.0), f"{path}: bias")
    without = reservation(document.get("reserved_value"), f"{path}: reserved_value")
    return AdditiveUtility(
        weights=tuple(weights),
        tables=tuple(
            _table(table, issue, path) for table, issue in zip(tables, issues, strict=True)
        ),
        reservation=without - bias,
    )


def _table(entry: Any, issue: WrittenIssue, path: Path) -> tuple[float, ...]:
    place = f"{path}: values of {shown(issue.name)}"
    mapping = entry.get("mapping") if isinstance(entry, dict) else None
    if _type(entry) != "TableFun" or not isinstance(mapping, dict):
        raise InputError(f"{place}: only a TableFun with a mapping can be read")
    for value in issue.written:
        if value not in mapping:
            raise InputError(f"{place}: {shown(value)} is missing in the mapping")
    return tuple(finite(mapping[value], f"{place}.{value}") for value in issue.written)


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
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            _hold(node, len(text))
            found = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except RecursionError:
        raise ValueError("is not a YAML file: it is nested too deep") from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, AttributeError) as error:
        said = " ".join(str(error).split())  # those besides its own: of dates, keys and tags
        raise ValueError(f"is not a YAML file: {said}") from None
    if problem := beyond(found):
        raise ValueError(problem)
    return found


def _hold(node: Any, length: int) -> None:
    """Refuse a file whose aliases (`*name`) would make it many times as long, before they are followed."""
    whole = _written_out(node, {}) if node is not None else 0
    if whole > MOST_TIMES * length + A_PAGE:
        raise ValueError(
            f"its aliases (*name) stand for {in_number(whole)} characters, in a file of {length:,}; "
            "write out what they stand for, or take them out"
        )


def _written_out(node: Any, known: dict[int, int]) -> int:
    """How many characters the scalars below a node have with every alias written out."""
    if id(node) not in known:
        known[id(node)] = AS_GOOD_AS_EVER  # until it is known: a node within itself has no end
        parts = [node.value] if isinstance(node.value, str) else list(_below(node.value))
        size = 1 + sum(
            len(part) if isinstance(part, str) else _written_out(part, known) for part in parts
        )
        known[id(node)] = bounded(size)
    return known[id(node)]


def _below(value: list[Any]) -> Iterator[Any]:
    for each in value:
        yield from each if isinstance(each, tuple) else (each,)


def _yaml() -> Any:
    try:
        import yaml
    except ModuleNotFoundError:
        raise InputError(
            f"NegMAS files are YAML, which needs PyYAML: {install('interop')}"
        ) from None
    return yaml
