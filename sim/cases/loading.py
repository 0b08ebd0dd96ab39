"""From a scenario file to checked, frozen objects, with every problem told at once.

A scenario is a TOML file, either one that ships with the package (by name) or your own (by path).
It may start from another with `extends = "sebac-2011"`: tables are merged key by key, while lists
(`[[issue]]`, `[[union]]`) are replaced whole.
"""

import copy
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.cases.checks import across_tables
from sim.cases.schema import SCENARIO_KINDS, Game, Scenario
from sim.cases.schema.information import RULED_BY_NAME
from sim.inputs.documents import path_of, read_toml
from sim.inputs.parameter import parameters
from sim.inputs.problems import Document, InputError, nearest, sentences, shown

Kind = TypeVar("Kind", bound=Game)


def shipped_scenarios() -> list[str]:
    """The names of the scenarios that come with the package."""
    folder = resources.files("sim.cases.scenarios")
    return sorted(
        f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")
    )


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Load a shipped scenario by name, or a scenario file by path.

    Raises:
        InputError: with a sentence for every problem found.

    """
    return parse_scenario(read_document(name_or_path), str(name_or_path))


def read_document(
    name_or_path: str | Path, folder: Path | None = None, led_here: tuple[Path, ...] = ()
) -> Document:
    """Read a scenario file and those it extends into one plain document, not yet checked.

    A path is taken from `folder`; `led_here` are the files that led here by `extends`.
    """
    text = str(path_of(name_or_path, "scenario"))
    shipped = not text.endswith(".toml")
    path = (folder or Path()) / text
    document = _read_shipped(text) if shipped else read_toml(path)
    if "extends" not in document:
        return document
    parent = document.pop("extends")
    led_here = led_here if shipped else (*led_here, path.resolve())
    if not isinstance(parent, str):
        raise InputError([f"{text}: extends = {shown(parent)} is not a scenario's name or path"])
    path_of(parent, f"{text}: extends")
    if parent.endswith(".toml") and (path.parent / parent).resolve() in led_here:
        circle = " extends ".join(file.name for file in (*led_here, path.parent / parent))
        raise InputError(
            [f'{text}: extends = "{parent}": {circle}, which leads back to itself; name another']
        )
    return _merged(read_document(parent, path.parent, led_here), document)


def _read_shipped(name: str) -> Document:
    known = shipped_scenarios()
    if name not in known:
        raise InputError(
            [
                f'no scenario is called "{name}"{nearest(name, known)}: name one of '
                f"{', '.join(known)}, or give the path of a .toml file"
            ]
        )
    return tomllib.loads(
        resources.files("sim.cases.scenarios").joinpath(f"{name}.toml").read_text("utf-8")
    )


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
    return _frozen(SCENARIO_KINDS[utility], document, where, sound={})


def _frozen(kind: type[Kind], document: Document, where: str, sound: dict[str, Any]) -> Kind:
    """Check a document and freeze it; `sound` are its parts that were checked together and frozen before."""
    problems: list[str] = []
    scenario = None
    try:
        scenario = kind.model_validate(document | sound)
    except ValidationError as error:
        problems += sentences(error, kind, document)
    named = {_key(problem) for problem in problems}
    problems += [found for found in across_tables(document, sound) if _key(found) not in named]
    if problems or scenario is None:
        raise InputError(f"{where}: {problem}" for problem in problems)
    return scenario


def _key(sentence: str) -> str:
    return sentence.split(": ")[0].split(" = ")[0]


def with_values(scenario: Kind, values: Mapping[str, Any], where: str = "set") -> Kind:
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
    untouched = type(scenario).model_fields.keys() - {key.split(".")[0] for key in values}
    sound = {part: getattr(scenario, part) for part in untouched}
    changed = None
    try:
        document = _changed(scenario, {key: values[key] for key in values if key in known})
        changed = _frozen(type(scenario), document, where, sound)
    except InputError as error:
        problems += error.problems
    if problems or changed is None:
        raise InputError(problems)
    return changed


def _changed(scenario: Game, values: Mapping[str, Any]) -> Document:
    document = dict(scenario.document)
    if "information.rule" in values:  # a rule set anew replaces what the rule before it had set
        table = document.get("information", {})
        document["information"] = {k: v for k, v in table.items() if k not in RULED_BY_NAME}
    of_table: dict[str, Document] = defaultdict(dict)
    for key, value in values.items():
        table, name = key.split(".")
        of_table[table][name] = value
    return document | {table: document.get(table, {}) | new for table, new in of_table.items()}


def as_document(scenario: Scenario) -> Document:
    """A scenario as the plain document that would load as it: what `scenario.toml` in results holds."""
    return copy.deepcopy(scenario.document)
