"""Frozen values: what is read once and given to many cannot be changed by one of them.

They are lists and dictionaries, so that they are checked, compared, written and pickled as such, whoever
does it; only what would change them is refused. (Tuples are not equal to the lists of a file, and
`types.MappingProxyType` does not pickle, while parts of a run are sent to other processes.)
"""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def _refused(self: Any, *_: Any, **__: Any) -> NoReturn:
    kind = "list" if isinstance(self, list) else "dict"
    raise TypeError(f"this {kind} is frozen, as others read it, too; change a copy: {kind}(...)")


class FrozenDict(dict[Key, Value]):
    """A dictionary that stays as it is."""

    __setitem__ = __delitem__ = __ior__ = _refused
    clear = pop = popitem = setdefault = update = _refused

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class FrozenList(list[Value]):
    """A list that stays as it is."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refused
    append = clear = extend = insert = pop = remove = reverse = sort = _refused

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)


def frozen(value: Any) -> Any:
    """A value in which no list and no table can be changed, however deep."""
    if isinstance(value, FrozenDict | FrozenList):
        return value  # as it was made here, all that is in it is frozen, too
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return FrozenList(frozen(inner) for inner in value)
    return value


def thawed(value: Any) -> Any:
    """A copy of a frozen value that may be changed: plain lists and dictionaries."""
    if isinstance(value, Mapping):
        return {key: thawed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [thawed(inner) for inner in value]
    return value
