"""How a scenario file that begins with `extends` is merged into its base.

Tables are merged key by key. A list of entries with names (`[[issue]]`, `[[union]]`, `[[unit]]`,
`[[ledger]]`) is merged by name: an entry of the base with the same name changes in the keys that are
stated, a new name comes at the end, and what is not named stays. Any other list is replaced as a whole.
Labels of levels go when the levels are replaced.

    without = { issue = ["health"] }    leaves entries of the base out
    replaces = ["union"]                takes a list as it stands; none of the base's entries is inherited

Which case a base describes is its own: `record` is not inherited.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.inputs.problems import Document, InputError, nearest, shown

EXTENDS, WITHOUT, REPLACES = "extends", "without", "replaces"
NOT_INHERITED = ("record",)
TOLD_OF = {"labels": "levels"}  # what only tells of another key goes when that is replaced


def merged(base: Document, own: Document) -> Document:
    """The document of a base, changed by what a file that extends it states.

    Raises:
        InputError: with a sentence for every wrong use of `without` and `replaces`.
    """
    if problems := list(_problems(base, own)):
        raise InputError(problems)
    kept = {key: value for key, value in base.items() if key not in NOT_INHERITED}
    for name in own.get(REPLACES, ()):
        kept.pop(name, None)
    for name, left_out in own.get(WITHOUT, {}).items():
        kept[name] = [entry for entry in kept[name] if entry["name"] not in left_out]
    stated = {key: value for key, value in own.items() if key not in (WITHOUT, REPLACES)}
    return {
        **kept,
        **{
            key: _by_name(kept[key], value)
            if is_named_list(kept.get(key)) and isinstance(value, list)
            else _changed(kept.get(key), value)
            for key, value in stated.items()
        },
    }


def both_kinds(base: Document, own: Document) -> Iterator[str]:
    """A sentence for each list of which a file states entries and names none of its base's.

    Such a file now has the entries of both, which may not be what was meant.
    """
    for name, entries in own.items():
        inherited = [
            entry["name"]
            for entry in _entries(base, name)
            if entry["name"] not in _left_out(own, name)
        ]
        if not inherited or not is_named_list(entries) or name in own.get(REPLACES, ()):
            continue
        if not {entry["name"] for entry in entries} & set(inherited):
            first = ", ".join(f'"{each}"' for each in inherited[:2])
            yield (
                f"{name}: no entry here has a name of the base, so the list has these {len(entries)} and the "
                f"base's {len(inherited)} ({first}{', ...' * (len(inherited) > 2)}); for these alone "
                f'write {REPLACES} = ["{name}"]; to leave some of the base\'s out, '
                f'{WITHOUT} = {{ {name} = ["{inherited[0]}"] }}'
            )


def is_named_list(value: object) -> bool:
    """Whether a value is a list of tables that all have a name, and at least one of them."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in value)
    )


def _changed(below: Any, above: Any) -> Any:
    """A value of the base as a file changes it: tables are merged key by key."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    kept = {
        key: value
        for key, value in below.items()
        if TOLD_OF.get(key) not in above or above[TOLD_OF[key]] == below.get(TOLD_OF[key])
    }
    return {**kept, **{key: _changed(below.get(key), value) for key, value in above.items()}}


def _by_name(below: list[Document], above: list[Any]) -> list[Any]:
    """The entries of a base's list, each changed by the entry of its name; then those with new names."""
    changes = {
        entry["name"]: entry for entry in reversed(above) if _name_of(entry) is not None
    }  # of two with one name the first, so that the second is left to be told
    known = {entry["name"] for entry in below}
    rest = [
        entry
        for entry in above
        if _name_of(entry) not in known or changes[entry["name"]] is not entry
    ]
    return [_changed(entry, changes.get(entry["name"], {})) for entry in below] + rest


def _name_of(entry: Any) -> str | None:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) else None


def _entries(base: Document, name: str) -> list[Document]:
    found = base.get(name)
    return found if isinstance(found, list) and is_named_list(found) else []


def _left_out(own: Document, name: str) -> list[str]:
    return list(own.get(WITHOUT, {}).get(name, ()))


def _problems(base: Document, own: Document) -> Iterator[str]:
    lists = [name for name in base if _entries(base, name)]
    replaced, left_out = own.get(REPLACES, []), own.get(WITHOUT, {})
    if not isinstance(replaced, list) or not all(isinstance(each, str) for each in replaced):
        yield f'{REPLACES} = {shown(replaced)}: must be names of lists, such as ["union"]'
        replaced = []
    for name in replaced:
        if name not in lists:
            yield f'{REPLACES}: the base has no list "{name}"{nearest(name, lists)}'
    if not isinstance(left_out, dict):
        yield f'{WITHOUT} = {shown(left_out)}: must be a table, such as {{ issue = ["health"] }}'
        left_out = {}
    for name, names in left_out.items():
        yield from _problems_of_without(base, lists, replaced, name, names)
    for name in lists:
        if own.get(name) == [] and name not in replaced:
            yield f'{name} = []: states no entry; for none of the base\'s write {REPLACES} = ["{name}"]'


def _problems_of_without(
    base: Document, lists: list[str], replaced: list[str], name: str, names: Any
) -> Iterator[str]:
    if name not in lists:
        yield f'{WITHOUT}: the base has no list "{name}"{nearest(name, lists)}'
    elif name in replaced:
        yield f"{WITHOUT}.{name}: {REPLACES} leaves all of it out; keep one of the two"
    elif not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        yield f'{WITHOUT}.{name} = {shown(names)}: must be names, such as ["health"]'
    else:
        known = [entry["name"] for entry in _entries(base, name)]
        for each in names:
            if each not in known:
                yield f'{WITHOUT}.{name}: the base has none called "{each}"{nearest(each, known)}'
