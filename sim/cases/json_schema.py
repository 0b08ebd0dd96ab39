"""The schema of scenario files as JSON Schema, by which editors complete keys and mark what is wrong.

A file may extend another, so no key need be there; each must be known, of the right kind, and within its
bounds. Checks between tables are those of `bargain check` alone.
"""

import json
from importlib import resources
from pathlib import Path
from typing import Any

from sim.cases.inheritance import EXTENDS, REPLACES, WITHOUT
from sim.cases.schema import Game, TextbookGame, TwoLevelGame
from sim.inputs.parameter import about, bounds, parameters
from sim.inputs.problems import Document

FILE = "scenario.schema.json"
TITLE = "A scenario of bargain"
_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 1}
_RANGE = {
    "type": "object",
    "description": "so many numbers at equal distances",
    "properties": {
        "from": {"type": "number"},
        "to": {"type": "number"},
        "steps": {"type": "integer"},
    },
    "additionalProperties": False,
}
_NAMES = {"type": "array", "items": {"type": "string"}}
_OF_INHERITANCE = {
    EXTENDS: {
        "type": "string",
        "description": "a scenario, by name or path, of which this file states what differs",
    },
    WITHOUT: {
        "type": "object",
        "description": "entries of the base's lists to be left out, as in { issue = ['health'] }",
        "additionalProperties": _NAMES,
    },
    REPLACES: _NAMES
    | {"description": "lists that are taken as they stand here, with none of the base's entries"},
}


def json_schema() -> Document:
    """The schema of a scenario file, of whichever kind, as a JSON Schema (draft 7)."""
    games: tuple[type[Game], ...] = (TextbookGame, TwoLevelGame)
    kinds = [game.model_json_schema() for game in games]
    properties: Document = {}
    for kind in kinds:
        properties |= kind["properties"]
    properties["utility"] = {
        "enum": [kind["properties"]["utility"]["const"] for kind in kinds],
        "description": "points: each side has points for each level; two_level: members ratify",
    }
    tables = {name: table for kind in kinds for name, table in kind["$defs"].items()}
    for game in games:
        _with_units(game, tables)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        "type": "object",
        "properties": _OF_INHERITANCE | {name: _told(each) for name, each in properties.items()},
        "additionalProperties": False,
        "definitions": {name: _told(table) for name, table in sorted(tables.items())},
    }


def json_schema_text() -> bytes:
    """The same as a file holds it."""
    return (json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n").encode()


def shipped_json_schema() -> bytes:
    """The file that comes with the package."""
    return resources.files("sim.cases").joinpath(FILE).read_bytes()


def _with_units(kind: type[Game], tables: Document) -> None:
    """Add unit, bounds and source to what is said of each parameter."""
    for name, field in parameters(kind).items():
        table, key = name.split(".")
        settings = kind.model_fields[table].annotation
        known = about(field)
        if settings is not None and known:
            unit = "" if known["unit"] == "none" else f" [{known['unit']}]"
            tables[settings.__name__]["properties"][key]["description"] = (
                f"{field.description}{unit}; {bounds(field)}. Source: {known['source']}"
            )


def _told(schema: Any) -> Any:
    """A part of the schema for files that may extend others: nothing need be there but names."""
    if isinstance(schema, list):
        return [_told(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: _told(value)
        for key, value in schema.items()
        if key not in ("required", "parameter", "title") or not isinstance(value, list | str)
    }
    if "$ref" in found:
        found["$ref"] = found["$ref"].replace("#/$defs/", "#/definitions/")
    if found == _NUMBERS:
        return {"anyOf": [_NUMBERS, _RANGE]}
    if schema.get("type") == "object" and "name" in schema.get("required", ()):
        found["required"] = ["name"]
    return found


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_bytes(json_schema_text())
