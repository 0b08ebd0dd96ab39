"""How a size is said: a number, bytes, seconds, in words short enough to be read."""

import math

A_YEAR = 365.25 * 24 * 3600
AS_GOOD_AS_EVER = 10**24  # a larger number counts as this one, so that sums of it stay finite


def bounded(number: int) -> int:
    """A whole number that arithmetic with fractions can take, however large it is."""
    return min(number, AS_GOOD_AS_EVER)


def in_number(number: int) -> str:
    """A whole number in words: with commas, or by its power of ten."""
    if abs(number) < 10**18:
        return f"{number:,}"
    return f"about 10^{int(number.bit_length() * math.log10(2))}"


def in_bytes(size: float) -> str:
    """A number of bytes in words, such as 350 MB."""
    if size >= 1e18:
        return "more than 1,000 PB"
    for unit, large in (("PB", 1e15), ("TB", 1e12), ("GB", 1e9)):
        if size >= large:
            value = size / large
            return f"{value:,.1f} {unit}" if value < 10 else f"{value:,.0f} {unit}"
    return f"{size / 1e6:.0f} MB"


def about(size: str) -> str:
    """A size in words as a rule of thumb tells it."""
    return size if size.startswith("more than") else f"about {size}"


def in_time(seconds: float) -> str:
    """A number of seconds in words, such as 3 min."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    for unit, long, most in (("min", 60, 5400), ("h", 3600, 48 * 3600), ("days", 86400, A_YEAR)):
        if seconds < most:
            return f"{seconds / long:.0f} {unit}" if unit != "h" else f"{seconds / long:.1f} h"
    years = seconds / A_YEAR
    return f"{years:,.0f} years" if years < 1e9 else "more than 1,000,000,000 years"
