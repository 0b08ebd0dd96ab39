"""What differs between two scenarios, value by value, with where each comes from."""

from collections.abc import Iterator

from sim.cases.loading import read_layers, scenario_of_layers
from sim.cases.origin import Stated, leaves, stated
from sim.inputs.problems import shown

BY_DEFAULT = "not stated, so by default"


def differences(one: str, other: str) -> Iterator[str]:
    """A line for what differs between two scenarios, given by name or path, and two for its values.

    Entries of lists are told by their names; what only describes is left out.

    Raises:
        InputError: when one of them is wrong.
    """
    values, origins, names = [], [], []
    for given in (one, other):
        layers = read_layers(given)
        scenario = scenario_of_layers(layers)
        plain = scenario.model_dump(mode="json", exclude_none=True)
        values.append({key: value for key, value, _ in leaves(plain)})
        origins.append(stated(layers))
        names.append(given)
    keys = dict.fromkeys([*values[0], *values[1]])
    found = [key for key in keys if _differs(key, values, origins)]
    width = max(map(len, names))
    if not found:
        yield f"{one} and {other} do not differ in any value"
    for key in found:
        yield key
        for name, own, origin in zip(names, values, origins, strict=True):
            yield f"  {name:<{width}}  {_told(key, own, origin.get(key))}"


def _differs(key: str, values: list[dict[str, object]], origins: list[dict[str, Stated]]) -> bool:
    """Whether two scenarios differ in a value; of an entry that one lacks, in what the other states."""
    if all(key in own for own in values):
        return values[0][key] != values[1][key]
    return any(key in stated_there for stated_there in origins)


def _told(key: str, values: dict[str, object], origin: Stated | None) -> str:
    if key not in values:
        return "has none"
    if origin is None:
        return f"{shown(values[key])}  ({BY_DEFAULT})"
    return f"{shown(values[key])}  ({origin.file}{f': {origin.words}' if origin.words else ''})"
