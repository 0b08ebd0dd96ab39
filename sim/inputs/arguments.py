"""Arguments from Python: what is meant is taken, and what is wrong is said.

A whole number may be of any kind that has one value: 6, 6.0, `numpy.int64(6)`. True is not a number, and
neither is text.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from sim.inputs.problems import InputError, nearest, shown

WholeNumber = int | float | np.integer | np.floating  # of which the value must be whole
LARGEST = 2**63 - 1
HUGE = 1e300  # beyond it, or not a number at all


def whole(value: object, called: str, low: int = 0, high: int = LARGEST) -> int:
    """A whole number.

    Args:
        value: what was given.
        called: the name of the argument.
        low: the least that is allowed.
        high: the most that is allowed.

    Raises:
        InputError: with the name, the value and what is allowed.
    """
    number = as_whole(value)
    if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
        up_to = " and below 2^63" if high == LARGEST else f" to {high:,}"
        raise InputError(f"{called} = {shown(number)}: must be a whole number from {low}{up_to}")
    return number


def as_whole(value: object) -> object:
    """A whole number of whatever kind as Python's own; all else as it is."""
    single = scalar(value)
    return int(single) if isinstance(single, float) and single.is_integer() else single


def real(value: object, called: str, allowed: str = "a number") -> float:
    """A finite number.

    Raises:
        InputError: with the name, the value and what is allowed.
    """
    found = scalar(value)
    if isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < HUGE:
        return float(found)
    raise InputError(f"{called} = {shown(found)}: must be {allowed}")


def yes_or_no(value: object, called: str) -> bool:
    """True or false.

    Raises:
        InputError: with the name and the value.
    """
    found = scalar(value)
    if not isinstance(found, bool):
        raise InputError(f"{called} = {shown(found)}: must be True or False")
    return found


def word(value: object, called: str, known: Collection[str] | None = None) -> str:
    """A text; if some are known, one of them.

    Raises:
        InputError: with the name, the value and what is allowed.
    """
    found = scalar(value)
    if isinstance(found, str) and (known is None or found in known):
        return found
    if known is None or not isinstance(found, str):
        raise InputError(f"{called} = {shown(found)}: must be text, in quotation marks")
    there = ", ".join(f'"{name}"' for name in known)
    raise InputError(f"{called} = {shown(found)}: must be one of {there}{nearest(found, known)}")


def table(value: object, called: str) -> dict[str, Any]:
    """Names and values, such as parameters to set; none for None.

    Raises:
        InputError: when it is no mapping, or its keys are not text.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(
            f'{called} = {shown(value)}: must be a mapping, such as {{"threat.layoffs": 7500}}'
        )
    for key in value:
        if not isinstance(key, str):
            raise InputError(f"{called}: the key {shown(key)} must be text")
    return {str(key): plain_value(each) for key, each in value.items()}


def plain_value(value: Any) -> Any:
    """A value without NumPy: its scalars and arrays become Python's numbers and lists."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(each) for each in value]
    return value


def scalar(value: object) -> object:
    """A single value without NumPy."""
    return value.item() if isinstance(value, np.generic | np.ndarray) and value.size == 1 else value


def function(value: object, called: str, allowed: str = "a function") -> Callable[..., Any]:
    """Something that can be called.

    Raises:
        InputError: with the name and the value.
    """
    if not callable(value):
        raise InputError(f"{called} = {shown(value)}: must be {allowed}")
    return value
