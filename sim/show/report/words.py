"""Numbers in words: what a measure is called, and as many digits as its interval bears out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, isnan, log10
from typing import Any

from sim.cases.schema import Scenario
from sim.play.measures import MEASURES, MINUS, NUMBER, UnitOfMeasure, decimals_of, dollars
from sim.show.titles import title_of

MOST_DECIMALS = 4
NONE = "none"  # no world has it


@dataclass(frozen=True)
class Measured:
    """A measure in words, and how its numbers are told."""

    name: str
    words: str
    unit: UnitOfMeasure

    @property
    def title(self) -> str:
        """What it is, as a heading."""
        return self.words[0].upper() + self.words[1:]

    def value(self, value: float) -> str:
        """A value by itself, such as 58.3 % or $1,612M; of a number without a unit about three digits."""
        if self.unit.before == "$":
            return dollars(value)
        size = abs(value) if self.unit.plain else 0.0
        return self._whole(value, 0 if size >= 100 else 1 if size >= 10 else self.unit.decimals)

    def told(self, value: float, low: float, high: float) -> str:
        """A value with its interval, such as 58.3 % (57.1 to 59.5 %)."""
        if isnan(low) or isnan(high):
            return f"{self.value(value)} (without an interval)"
        if low == high:
            return f"{self.value(value)} (in every world that has it)"
        decimals = self._decimals(low, high)
        middle, first, last = (self._whole(x, decimals) for x in (value, low, high))
        once = first if self.unit.before else first.removesuffix(self.unit.after)
        return f"{middle} ({once} to {last})"

    def cell(self, value: float, low: float, high: float) -> tuple[str, str]:
        """A value and its interval without the unit, for a table that has it in its head."""
        return self._cell(value, low, high, sign="-")

    def told_apart(self, difference: float, low: float, high: float) -> str:
        """A difference with its interval, such as +3.1 percentage points (+1.0 to +5.2)."""
        text, interval = self.cell_apart(difference, low, high)
        digits = text.lstrip(f"+{MINUS}")
        sign = text.removesuffix(digits)
        text = f"{sign}{self.unit.before}{digits}{self.unit.of_differences}"
        return f"{text} ({interval})" if interval else text

    def cell_apart(self, difference: float, low: float, high: float) -> tuple[str, str]:
        """A difference and its interval with their signs, without the unit."""
        return self._cell(difference, low, high, sign="+")

    def _cell(self, value: float, low: float, high: float, sign: str) -> tuple[str, str]:
        decimals = self._decimals(low, high)
        while decimals < MOST_DECIMALS and any(
            self._vanishes(end, decimals) for end in (low, high)
        ):
            decimals += 1  # so that an interval that holds 0 does not seem to end there
        text, *ends = (self._bare(x, decimals, sign) for x in (value, low, high))
        return text, " to ".join(ends) if low < high else ""

    def _whole(self, value: float, decimals: int) -> str:
        return f"{self.unit.before}{self._bare(value, decimals)}{self.unit.after}"

    def _bare(self, value: float, decimals: int, sign: str = "-") -> str:
        if isnan(value):
            return NONE
        shown = round(value * self.unit.times, decimals)
        return f"{shown:{sign if shown else '-'}z,.{decimals}f}".replace("-", MINUS)

    def _vanishes(self, value: float, decimals: int) -> bool:
        return value != 0 and bool(round(value * self.unit.times, decimals) == 0)

    def _decimals(self, low: float, high: float) -> int:
        """Decimals at which half an interval still has a digit."""
        half = (high - low) / 2 * self.unit.times
        if not half > 0:
            return (
                decimals_of(abs(low))
                if self.unit.before == "$" and low == high
                else self.unit.decimals
            )
        return min(max(0, ceil(-log10(half) - 1e-9)), MOST_DECIMALS)


def measured(name: str, scenario: Scenario) -> Measured:
    """A column of the summary in words.

    Args:
        name: of the column.
        scenario: whose issues may be measures, too.

    """
    if name in MEASURES:
        return Measured(name, MEASURES[name].words, MEASURES[name].unit)
    words = f"mean of {name.replace('_', ' ')}"
    for issue in scenario.issue:
        if issue.name == name:
            title = issue.title[0].lower() + issue.title[1:]
            words = f"mean level agreed of {title} ({issue.scale})"
    return Measured(name, words, NUMBER)


def named(labels: Mapping[str, Any], keys: Iterable[str]) -> str:
    """Parameters by their titles, with their values; an arm by its name."""
    parts = (
        quoted(labels[k]) if k == "arm" else f"{title_of(k)} = {plain(labels[k])}" for k in keys
    )
    return ", ".join(parts)


def quoted(arm: str) -> str:
    """The name of an arm within a sentence."""
    return f"\u201c{arm}\u201d"


def plain(value: Any) -> str:
    """A value of a parameter, as one would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:,.6g}".replace("-", MINUS)
    return str(value)


def rough(value: float) -> str:
    """A number to two digits."""
    return f"{value:.2g}".replace("-", MINUS)


def counted(number: int, word: str) -> str:
    """A number of things."""
    return f"{number:,} {word}{'s' * (number != 1)}"
