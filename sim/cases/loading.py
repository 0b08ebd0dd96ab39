"""From a scenario file to checked, frozen objects, with every problem told at once.

A scenario is a TOML file, either one that ships with the package (by name) or your own (by path).
It may start from another with `extends = "sebac-2011"`, and states what differs (`sim.cases.inheritance`). A
table of payoffs in a CSV file is read with the file that names it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import getitem
from pathlib import Path
from types import GenericAlias, MappingProxyType
from typing import Annotated, Any, TypeVar, overload

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.cases.checks import across_tables, checks_of, reads, tried
from sim.cases.inheritance import EXTENDS, REPLACES, WITHOUT, both_kinds, merged
from sim.cases.payoffs import with_table_read
from sim.cases.schema import SCENARIO_KINDS, Game, Scenario, parameters_of
from sim.cases.schema.information import RULED_BY_NAME
from sim.cases.schema.payoffs import NAMED_VALUE
from sim.inputs.arguments import as_whole, table
from sim.inputs.documents import path_of, read_file, shipped, text_of, toml_of
from sim.inputs.parameter import Section, parameters
from sim.inputs.problems import Document, InputError, nearest, sentences, shown

Kind = TypeVar("Kind", bound=Game)
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Layer:
    """One of the documents that make up a scenario: its own words, as written in its file.

    `called` is how it is named in sentences; `text` its file, with the comments; "" if it is none.
    """

    called: str
    document: Document
    text: str = ""


def shipped_scenarios() -> list[str]:
    """The names of the scenarios that come with the package."""
    return sorted(shipped("sim.cases.scenarios"))


def shipped_bases() -> list[str]:
    """The names of what comes with the package to be extended: no case by itself, as values are missing."""
    return sorted(shipped("sim.cases.bases"))


def load_scenario(name_or_path: str | Path | Mapping[str, Any]) -> Scenario:
    """Load a shipped scenario by name, or a scenario file by path; or check a document such as one holds.

    Raises:
        InputError: with a sentence for every problem found.

    """
    if isinstance(name_or_path, Mapping):
        return scenario_of(name_or_path)
    return scenario_of_layers(read_layers(name_or_path))


def scenario_of_layers(layers: Sequence[Layer]) -> Scenario:
    """The scenario that layers make up, checked and frozen.

    Raises:
        InputError: with a sentence for every problem found, and for what may not be meant.
    """
    where = layers[-1].called
    if len(layers) == 1 and where in shipped_bases():
        raise InputError(f"{where}: {to_be_stated(layers[0].document)}")
    document = merged_layers(layers)
    try:
        return parse_scenario(document, where)
    except InputError as error:
        notes = [f"{where}: {note}" for note in notes_on(layers)]
        raise InputError([*error.problems, *notes]) from None


def to_be_stated(document: Document) -> str:
    """What a file must state that extends a base, in a sentence."""
    kind = SCENARIO_KINDS[document["utility"]]
    try:
        kind.model_validate(document)
    except ValidationError as error:
        places = [each["loc"] for each in error.errors()]
        missing = [
            ".".join((*map(str, place), *key)) for place in places for key in _needed(kind, place)
        ]
        return (
            f"is a base to be extended, and no case; a file that extends it states {', '.join(missing)}; "
            "and of each issue on the agenda what it is to a member, such as members.wage_pain"
        )
    return "is a base to be extended"


def _needed(kind: type[Game], place: tuple[int | str, ...]) -> list[tuple[str, ...]]:
    """What of a missing table must be stated; of anything else, itself."""
    field = kind.model_fields.get(str(place[0])) if len(place) == 1 else None
    table = field.annotation if field is not None else None
    if not isinstance(table, type) or not issubclass(table, Section):
        return [()]
    return [(name,) for name, inner in table.model_fields.items() if inner.is_required()]


Given = Scenario | Mapping[str, Any] | str | Path  # a scenario, its document, its name or path


def scenario_of(given: Given, called: str = "scenario") -> Scenario:
    """The scenario that is meant: itself, or that of a name, a path, or a document such as a file holds.

    Raises:
        InputError: with a sentence for every problem found; `called` names the argument.

    """
    if isinstance(given, Game):
        return given
    if isinstance(given, Mapping):
        return scenario_of_layers(_with_bases(Layer(called, table(given, called))))
    if isinstance(given, str | Path):
        return load_scenario(given)
    raise InputError(
        f"{called} = {shown(given)}: must be a scenario, its name or path, or a table like that of a file"
    )


def read_document(name_or_path: str | Path, folder: Path | None = None) -> Document:
    """Read a scenario file and those it extends into one plain document, not yet checked.

    A path is taken from `folder`.

    Raises:
        InputError: when one of them cannot be read, or they do not fit together.
    """
    return merged_layers(read_layers(name_or_path, folder))


def read_layers(
    name_or_path: str | Path, folder: Path | None = None, led_here: tuple[Path, ...] = ()
) -> list[Layer]:
    """The documents that make up a scenario: the base that extends no other first, the file itself last.

    A path is taken from `folder`; `led_here` are the files that led here by `extends`.
    """
    name = str(path_of(name_or_path, "scenario"))
    is_shipped = not name.endswith(".toml")
    path = (folder or Path()) / name
    text, document = _shipped(name) if is_shipped else read_file(path, _text_and_document)
    led_here = led_here if is_shipped else (*led_here, path.resolve())
    return _with_bases(Layer(name, document, text), path, led_here)


def merged_layers(layers: Sequence[Layer]) -> Document:
    """The layers of a scenario, merged from the first to the last.

    Raises:
        InputError: when a layer uses the words of inheritance wrongly.
    """
    first, *others = layers
    document = first.document
    for layer in others:
        try:
            document = merged(document, layer.document)
        except InputError as error:
            raise InputError(f"{layer.called}: {problem}" for problem in error.problems) from None
    return document


def notes_on(layers: Sequence[Layer]) -> list[str]:
    """What may not be meant in how a file is merged into its base: lists that now have both their entries."""
    if len(layers) == 1:
        return []
    return list(both_kinds(merged_layers(layers[:-1]), layers[-1].document))


def _with_bases(layer: Layer, path: Path = Path(), led_here: tuple[Path, ...] = ()) -> list[Layer]:
    """A layer after those that it extends."""
    text = layer.called
    document = dict(with_table_read(layer.document, text, path.parent))
    if EXTENDS not in document:
        words = [word for word in (WITHOUT, REPLACES) if word in document]
        if words:
            raise InputError(f"{text}: {word}: goes only with {EXTENDS}" for word in words)
        return [replace(layer, document=document)]
    parent = document.pop(EXTENDS)
    if not isinstance(parent, str):
        raise InputError([f"{text}: extends = {shown(parent)} is not a scenario's name or path"])
    path_of(parent, f"{text}: extends")
    if parent.endswith(".toml") and (path.parent / parent).resolve() in led_here:
        circle = " extends ".join(file.name for file in (*led_here, path.parent / parent))
        raise InputError(
            [f'{text}: extends = "{parent}": {circle}, which leads back to itself; name another']
        )
    try:
        bases = read_layers(parent, path.parent, led_here)
    except InputError as error:  # which says so itself if it was a base of the base
        raise InputError(
            problem if ": extends" in problem else f"{text}: extends: {problem}"
            for problem in error.problems
        ) from None
    return [*bases, replace(layer, document=document)]


def _text_and_document(content: bytes) -> tuple[str, Document]:
    return text_of(content), toml_of(content)


def _shipped(name: str) -> tuple[str, Document]:
    known = [*shipped_scenarios(), *shipped_bases()]
    if name not in known:
        raise InputError(
            [
                f'no scenario is called "{name}"{nearest(name, known)}: name one of '
                f"{', '.join(known)}, or give the path of a .toml file"
            ]
        )
    package = "sim.cases.bases" if name in shipped_bases() else "sim.cases.scenarios"
    return read_file(shipped(package)[name], _text_and_document)


def parse_scenario(document: Document, where: str) -> Scenario:
    """Check a document and freeze it.

    Raises:
        InputError: with a sentence for every problem; `where` opens each of them.

    """
    utility = document.get("utility")
    if not isinstance(utility, str) or utility not in SCENARIO_KINDS:
        allowed = " or ".join(f'"{kind}"' for kind in SCENARIO_KINDS)
        raise InputError([f"{where}: utility = {shown(utility)}: must be {allowed}"])
    return _frozen(SCENARIO_KINDS[utility], document, where)


def _frozen(
    kind: type[Kind],
    document: Document,
    where: str,
    sound: Mapping[str, Any] = NOTHING,
    changed: Collection[str] | None = None,
) -> Kind:
    """Check a document and freeze it.

    `sound` are its parts that were checked together and frozen before, `changed` the parameters that since
    have other values; None if all of it is new.
    """
    problems: list[str] = []
    scenario = None
    try:
        scenario = kind.model_validate(document | dict(sound))
    except ValidationError as error:
        problems += sentences(error, kind, document)
    named = {_key(problem) for problem in problems}
    problems += [found for found in across_tables(document, changed) if _key(found) not in named]
    if problems or scenario is None:
        raise InputError(f"{where}: {problem}" for problem in problems)
    return scenario


def _key(sentence: str) -> str:
    return sentence.split(": ")[0].split(" = ")[0]


@overload
def with_values(scenario: Kind, values: Mapping[str, Any], where: str = "set") -> Kind: ...
@overload
def with_values(
    scenario: Mapping[str, Any] | str | Path, values: Mapping[str, Any], where: str = "set"
) -> Scenario: ...
def with_values(scenario: Any, values: Mapping[str, Any], where: str = "set") -> Any:
    """The same scenario with some parameters changed, checked anew.

    Args:
        scenario: where to start from; also its name, path or document.
        values: dotted parameter name -> value, such as {"threat.layoffs": 7500}.
        where: opens each sentence of an error.

    Raises:
        InputError: with a sentence for every unknown name and every value out of bounds.

    """
    start, values = scenario_of(scenario), table(values, where)
    if not values:
        return start
    known = parameters_of(start)
    problems = [
        f'{where}: {start.name} has no parameter called "{key}"{nearest(key, known)}'
        for key in values
        if key not in known
    ]
    untouched = type(start).model_fields.keys() - {key.split(".")[0] for key in values}
    sound = {part: getattr(start, part) for part in untouched}
    changed = None
    try:
        meant = {key: fitting(known[key], values[key]) for key in values if key in known}
        document = _changed(start, meant)
        changed = _frozen(type(start), document, where, sound, _also_changed(meant))
    except InputError as error:
        problems += error.problems
    if problems or changed is None:
        raise InputError(problems)
    return changed


def with_numbers(scenario: Kind, numbers: Mapping[str, Any]) -> Kind:
    """The same scenario with other numbers, of which `wrong_numbers` has found none wrong."""
    if not numbers:
        return scenario
    tables = {
        table: getattr(scenario, table).model_copy(
            update={name: kind(numbers[key]) for key, name, kind in places}
        )
        for table, places in _by_table(type(scenario), tuple(numbers)).items()
    }
    return scenario.model_copy(update=tables)


@cache
def _by_table(
    kind: type[Game], keys: tuple[str, ...]
) -> dict[str, list[tuple[str, str, type[float]]]]:
    """Numbers by their table: the key of each, its name there, and whether it is whole or not."""
    found = defaultdict(list)
    for key in keys:
        table, name = key.split(".")
        whole = _field(kind, key).annotation is int
        found[table].append((key, name, int if whole else float))
    return dict(found)


def wrong_numbers(scenario: Game, columns: Mapping[str, Sequence[Any]]) -> set[int]:
    """The places in columns of numbers at which the scenario would not be good with them.

    Each column is checked whole by what the schema says of its parameter, and the checks across tables are
    tried for each place by those that read one of them.
    """
    wrong = set[int]()
    for key, column in columns.items():
        try:
            _column(type(scenario), key)(list(column))
        except ValidationError as error:
            wrong |= {int(each["loc"][0]) for each in error.errors()}
    document = scenario.kept_document
    for check, read in checks_of(document["utility"], columns).items():
        varied = {key: column for key, column in columns.items() if reads(read, key)}
        for place, numbers in enumerate(zip(*varied.values(), strict=True)):
            meant = dict(zip(varied, numbers, strict=True))
            if place not in wrong and any(tried(check, _changed(scenario, meant))):
                wrong.add(place)
    return wrong


def _field(kind: type[Game], key: str) -> FieldInfo:
    """How a parameter that there is is described, one of a scenario's own values among them."""
    return parameters(kind).get(key, NAMED_VALUE)


def is_number(field: FieldInfo) -> bool:
    """Whether a parameter is a number, and not a word or a switch."""
    return field.annotation in (int, float)


@cache
def _column(kind: type[Game], key: str) -> Callable[[list[Any]], list[Any]]:
    """What checks a column of values of a parameter."""
    field = _field(kind, key)
    value: Any = getitem(Annotated, (field.annotation, *field.metadata))
    values: Any = GenericAlias(list, (value,))
    return TypeAdapter(values).validate_python


def fitting(field: FieldInfo, value: Any) -> Any:
    """A whole number written with a decimal point, as ranges give it, where the schema wants one."""
    return as_whole(value) if field.annotation is int else value


def _also_changed(values: Mapping[str, Any]) -> set[str]:
    """The parameters that change with some: a secrecy rule sets others."""
    ruled = RULED_BY_NAME if "information.rule" in values else ()
    return {*values, *(f"information.{name}" for name in ruled)}


def _changed(scenario: Game, values: Mapping[str, Any]) -> Document:
    document = dict(scenario.kept_document)
    if "information.rule" in values:  # a rule set anew replaces what the rule before it had set
        table = document.get("information", {})
        document["information"] = {k: v for k, v in table.items() if k not in RULED_BY_NAME}
    of_table: dict[str, Document] = defaultdict(dict)
    for key, value in values.items():
        table, *entry, name = key.split(".")
        if entry:
            document[table] = [
                {**each, name: value} if each["name"] == entry[0] else each
                for each in document[table]
            ]
        else:
            of_table[table][name] = value
    return document | {table: document.get(table, {}) | new for table, new in of_table.items()}


def as_document(scenario: Scenario) -> Document:
    """A scenario as the plain document that would load as it: what `scenario.toml` in results holds."""
    return scenario.document
