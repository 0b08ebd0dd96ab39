"""What other platforms can say of a game: issues with values, and two parties whose utilities add up.

A party's utility is the sum over issues of a weight times the evaluation of the value agreed on
(Keeney and Raiffa 1976).
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.cases.schema import Scenario
from sim.inputs.parameter import LONGEST_NAME
from sim.inputs.problems import Document, InputError, shown
from sim.inputs.sizes import in_bytes

SIDES = ("governor", "coalition")
ASSUMED_ROUNDS = 100
MOST_BYTES = 20_000_000  # of a file; with all the values that are read it is shorter
MOST_VALUES = 100_000  # of an issue that is given as a range; more is a mistake, or an attack

Value = float | str


@dataclass(frozen=True)
class AdditiveUtility:
    """What one party wants: a weight for each issue, evaluations of its values, and a reservation value.

    Without an agreement a party has the utility `reservation`; minus infinity is "as little as the
    worst package".
    """

    weights: tuple[float, ...]
    tables: tuple[tuple[float, ...], ...]
    reservation: float

    @property
    def points(self) -> list[list[float]]:
        """What each value of each issue adds to the utility."""
        pairs = zip(self.weights, self.tables, strict=True)
        return [[weight * evaluation for evaluation in table] for weight, table in pairs]

    @property
    def batna(self) -> float:
        """The points of no agreement."""
        if math.isinf(self.reservation):
            return sum(min(of_value) for of_value in self.points)
        return self.reservation


@dataclass(frozen=True)
class AdditiveGame:
    """Issues, the values of each, and the utilities of governor and coalition."""

    name: str = field(compare=False)
    issues: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    utilities: tuple[AdditiveUtility, AdditiveUtility]


def game_of(scenario: Scenario) -> AdditiveGame:
    """The game of a scenario, with utilities moved and scaled so that the packages span 0 to 1.

    Raises:
        InputError: when utilities are not sums over issues, or some packages are not allowed.
    """
    if scenario.has_ballot:
        raise InputError(
            f"{scenario.name}: its utilities are not sums over issues and its members vote, which "
            'other platforms cannot say; export a scenario with utility = "points"'
        )
    if not scenario.points_add_up:
        raise InputError(
            f"{scenario.name}: [payoffs] gives points to whole packages, and other platforms add them up by "
            "issue; export a scenario with points by issue"
        )
    if scenario.agenda.excludes:
        raise InputError(
            f"{scenario.name}: agenda.excludes forbids some packages, which other platforms "
            "cannot say; export a scenario without it"
        )
    governor, coalition = (
        _scaled([getattr(issue, side) for issue in scenario.issue], batna)
        for side, batna in zip(SIDES, scenario.disagreement, strict=True)
    )
    return AdditiveGame(
        name=scenario.name,
        issues=tuple(issue.name for issue in scenario.issue),
        values=tuple(tuple(issue.levels) for issue in scenario.issue),
        utilities=(governor, coalition),
    )


def _scaled(points: Sequence[Sequence[float]], batna: float) -> AdditiveUtility:
    lows = [min(of_level) for of_level in points]
    spans = [max(of_level) - low for of_level, low in zip(points, lows, strict=True)]
    span = sum(spans) or 1.0
    tables = tuple(
        tuple((point - low) / (own or 1.0) for point in of_level)
        for of_level, low, own in zip(points, lows, spans, strict=True)
    )
    return AdditiveUtility(
        weights=tuple(own / span for own in spans),
        tables=tables,
        reservation=(batna - sum(lows)) / span,
    )


def document_of(game: AdditiveGame, platform: str) -> Document:
    """A scenario document of a game, its points the utilities of the files.

    Values that are numbers become levels; others are numbered, and the unit says what each number
    means. Calendar and tactics are assumed.
    """
    rows = zip(
        _names(game.issues),
        game.issues,
        game.values,
        *(utility.points for utility in game.utilities),
        strict=True,
    )
    source = f"{platform} files of {game.name}"
    linear = {"tactic": "time_dependent", "beta": 1.0}
    return {
        "name": _plain(game.name, "-")[:LONGEST_NAME] or "imported",
        "title": game.name,
        "description": f"Read from {source}. They hold no calendar and no tactics; these are assumed.",
        "source": source,
        "utility": "points",
        "batna": [utility.batna for utility in game.utilities],
        "calendar": {"rounds": ASSUMED_ROUNDS},
        "issue": [
            {
                "name": name,
                "title": title,
                "unit": _unit(values),
                "levels": _levels(values),
                "governor": governor,
                "coalition": coalition,
                "source": source,
            }
            for name, title, values, governor, coalition in rows
        ],
        "governor": linear,
        "coalition": linear,
        "talks": {"first_proposer": "governor"},
    }


@dataclass(frozen=True)
class WrittenIssue:
    """An issue of a domain file: its name, its values as they are written, and its number, if it has one."""

    name: str
    written: Sequence[Any]
    index: str | None = None

    @property
    def values(self) -> tuple[Value, ...]:
        """The values as numbers, where all of them are and differ; else as labels."""
        labels = tuple(str(value) for value in self.written)
        try:
            numbers = tuple(float(label) for label in labels)
        except ValueError:
            return labels
        distinct = len(set(numbers)) == len(numbers) and all(map(math.isfinite, numbers))
        return numbers if distinct else labels


def whole_numbers(low: float, high: float, where: str) -> list[int]:
    """The values of an issue that is given as a range, both ends included.

    Raises:
        InputError: when the range is empty or has more than `MOST_VALUES` values.
    """
    first, last = int(low), int(high)
    if not 0 <= last - first < MOST_VALUES:
        raise InputError(
            f"{where}: the range {first} to {last} must have 1 to {MOST_VALUES:,} values"
        )
    return list(range(first, last + 1))


def finite(written: Any, where: str) -> float:
    """A number of a file.

    Raises:
        InputError: when it is not a finite number; `where` opens the sentence.
    """
    try:
        number = float(written)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        plain = written is None or isinstance(written, str | int | float)
        seen = shown(written) if plain else type(written).__name__
        raise InputError(f"{where} = {seen}: must be a finite number")
    return number


def reservation(written: Any, where: str) -> float:
    """The utility of no agreement in a file: minus infinity where none is given.

    Raises:
        InputError: when it is not a number; `where` opens the sentence.
    """
    return -math.inf if str(written) in ("None", "-inf") else finite(written, where)


def not_too_long(content: bytes) -> bytes:
    """The content of a file of a domain, if it is no longer than those with all the values that are read.

    Raises:
        ValueError: when it is longer, to stand behind the name of the file.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"is {in_bytes(len(content))} long; files of a domain are read up to {in_bytes(MOST_BYTES)}"
        )
    return content


def _levels(values: Sequence[Value]) -> list[float]:
    return [
        float(number) if isinstance(value, str) else value for number, value in enumerate(values)
    ]


def _unit(values: Sequence[Value]) -> str:
    labels = [f"{n} = {value}" for n, value in enumerate(values) if isinstance(value, str)]
    return ", ".join(labels) or "none"


def _names(titles: Sequence[str]) -> list[str]:
    """A name that a scenario allows for each title, all different."""
    names: list[str] = []
    for title in titles:
        plain = _plain(title, "_")
        name = first = plain if plain[:1].isalpha() else f"issue_{plain}".rstrip("_")
        number = 2
        while name in names:
            name, number = f"{first}_{number}", number + 1
        names.append(name)
    return names


def _plain(title: str, filler: str) -> str:
    """A title in lower case letters and digits, with a filler for all else."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(f"[^a-z0-9{filler}]+", filler, ascii_only).strip(filler)
