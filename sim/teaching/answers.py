"""One reader for the numbers that people type: answers to a lesson, and cells of a table of deals.

A number may stand bare (0.71) or as text: "0.71", "0,71", " .71 ", "5/7", "71 %", "1,000", "$1,000". It is
right if it is right to the digits that were typed, two of them at least.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import product
from numbers import Integral, Rational, Real
from typing import Any

import numpy as np

NOT_YET = ...
BLANK = ("", "...", "…")
EXACT = 1e-6
ROUNDED = 0.002  # how near a number must come that is not whole, as students round on the way,
ROUNDED_SHARE = 0.02  # and by how much of itself at most
SIGNIFICANT = 2  # digits that must be right
_POINT_OR_COMMA = [  # a number with its thousands apart or not: 1,234.5 or 1.234,5
    re.compile(rf"[+-]?(?:\d*|[1-9]\d{{0,2}}(?:{apart}\d{{3}})+)(?:{mark}\d*)?(?:[eE][+-]?\d+)?")
    for apart, mark in ((",", r"\."), (r"\.", ","))
]


@dataclass(frozen=True)
class Typed:
    """A number as somebody typed it.

    `place` is that of its last digit (0.01 in 0.71), or 0 where it is exact, as 5/7 is. Zeros at the end
    count where they were typed behind a point: a bare 0.70 is 0.7 to Python, and 22,000 may be rounded.
    `percent` says whether it had the sign.
    """

    value: float
    place: float
    percent: bool = False


def is_blank(answer: Any) -> bool:
    """Whether an answer, or a part of it, has not been given: dots, nothing, or an empty text."""
    if isinstance(answer, str):
        return answer.strip() in BLANK
    if isinstance(answer, Mapping):
        return any(map(is_blank, answer.values()))
    if is_many(answer):
        return any(map(is_blank, answer))
    return answer is NOT_YET or answer is None


def is_many(answer: Any) -> bool:
    """Whether an answer is several things."""
    return isinstance(answer, set | frozenset | list | tuple)


def is_number(answer: Any) -> bool:
    """Whether an answer is a bare number."""
    return isinstance(answer, Real) and not isinstance(answer, bool | np.bool_)


def readings(answer: Any) -> list[Typed]:
    """The numbers that an answer may be, the likeliest first; none if it is no number.

    "1,000" may be one or a thousand. Without quotation marks 0,71 is two numbers to Python, and is read as
    the one that was meant.
    """
    if isinstance(answer, tuple) and len(answer) == 2 and all(map(_is_natural, answer)):
        answer = f"{answer[0]},{answer[1]}"
    if isinstance(answer, str):
        return _of_text(answer)
    if isinstance(answer, bool):
        return []
    if isinstance(answer, Integral):
        return _finite([_typed(Decimal(int(answer)))])
    if isinstance(answer, Rational):
        return _finite([Typed(float(answer), 0.0)])
    if isinstance(answer, Decimal):
        return _finite([_typed(answer)])
    if is_number(answer):
        return _finite([_typed(Decimal(str(answer)).normalize())])
    return []


def agrees(typed: Typed, right: float, tolerance: float | None = None) -> bool:
    """Whether a number is right to the digits typed, two significant ones at least, or to a tolerance.

    Without a tolerance a whole number may be off by `EXACT`, another by `ROUNDED`.
    """
    apart = abs(typed.value - right)
    half = min(typed.place, _place(right)) / 2
    near = _near(right) if tolerance is None else tolerance
    return apart <= max(near, half * (1 + EXACT))


def exactly(typed: Typed, right: float) -> bool:
    """Whether a number is the right one, but for the last bits of a computer's numbers."""
    return abs(typed.value - right) <= EXACT


Agree = Callable[[Typed, float], bool]


def same(answer: Any, right: Any, agree: Agree = exactly) -> bool:
    """Whether an answer says what is right: words but for case, sets in any order, numbers as they agree."""
    if isinstance(answer, Mapping) and isinstance(right, Mapping):
        return answer.keys() == right.keys() and all(
            same(answer[key], right[key], agree) for key in right
        )
    if is_number(right):
        return any(agree(typed, float(right)) for typed in readings(answer))
    if isinstance(answer, str) and isinstance(right, str):
        return answer.strip().casefold() == right.strip().casefold()
    if is_many(answer) and is_many(right):
        return not any(beyond_and_missing(answer, right, agree))
    return False


def beyond_and_missing(
    answers: Iterable[Any], right: Iterable[Any], agree: Agree = exactly
) -> tuple[list[Any], list[Any]]:
    """Those of some answers that are not right, and those that are right and were not given."""
    answers, right = list(answers), list(right)
    beyond = [one for one in answers if not any(same(one, each, agree) for each in right)]
    missing = [each for each in right if not any(same(one, each, agree) for one in answers)]
    return beyond, missing


def nearest_reading(answer: Any, right: float) -> Typed | None:
    """Of the numbers that an answer may be, the one nearest to what it should be; None if it is none."""
    return min(readings(answer), key=lambda typed: abs(typed.value - right), default=None)


def plain(answer: Any, right: Any) -> Any:
    """An answer with its numbers bare, where the right one has numbers."""
    if isinstance(answer, Mapping) and isinstance(right, Mapping):
        return {key: plain(answer[key], right[key]) for key in answer}
    if is_number(right):
        typed = nearest_reading(answer, float(right))
        return answer if typed is None else typed.value
    return answer


def _is_natural(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _of_text(text: str) -> list[Typed]:
    bare, percent = _without_sign(text)
    over, *under = bare.split("/")
    try:
        if len(under) == 1:
            pairs = product(_decimals(over), _decimals(under[0]))
            found = [Typed(float(one / other), 0.0) for one, other in pairs]
        else:
            found = [_typed(number) for number in _decimals(bare)]
        return _finite([_in_percent(typed) if percent else typed for typed in found])
    except ArithmeticError:  # nothing divided by, or more than a computer's numbers hold
        return []


def _without_sign(text: str) -> tuple[str, bool]:
    """A text without a dollar before it and a percent sign behind it, and whether it had one."""
    bare = text.strip().replace("\u2212", "-").replace("\u2044", "/")
    bare = re.sub(r"^([+-]?)\s*\$\s*", r"\1", bare)
    without = re.sub(r"\s*(%|per ?cent)$", "", bare, flags=re.IGNORECASE)
    return without, without != bare


def _decimals(text: str) -> list[Decimal]:
    """The decimal numbers that a text may be: with a point or a comma, thousands apart or not."""
    bare = re.sub(r"(?<=\d)[\s'\u2019](?=\d{3}(?!\d))", "", text.strip())
    found = []
    for form, (apart, mark) in zip(_POINT_OR_COMMA, ((",", "."), (".", ",")), strict=True):
        if not form.fullmatch(bare):
            continue
        with suppress(InvalidOperation):  # a sign or a point alone
            found.append(Decimal(bare.replace(apart, "").replace(mark, ".")))
    return found[:1] if len(set(found)) == 1 else found


def _typed(number: Decimal) -> Typed:
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= 0:
        exponent = number.normalize().as_tuple().exponent
    return Typed(float(number), _power(exponent) if isinstance(exponent, int) else 0.0)


def _in_percent(typed: Typed) -> Typed:
    return Typed(typed.value / 100, typed.place / 100, True)


def _power(exponent: int) -> float:
    return 10.0**exponent if exponent < 300 else math.inf


def _finite(found: list[Typed]) -> list[Typed]:
    return [typed for typed in found if math.isfinite(typed.value)]


def _place(right: float) -> float:
    """The place of the last digit of a number that must be right; 0 if it has none."""
    if right == 0 or not math.isfinite(right):
        return 0.0
    return _power(math.floor(math.log10(abs(right))) + 1 - SIGNIFICANT)


def _near(right: float) -> float:
    return EXACT if right.is_integer() else min(ROUNDED, ROUNDED_SHARE * abs(right))
