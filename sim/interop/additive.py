"""What other platforms can say of a game: issues with values, and two parties whose utilities add up.

A party's utility is the sum over issues of a weight times the evaluation of the value agreed on
(Keeney and Raiffa 1976).
"""

import math
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.cases.schema import Scenario, value_of
from sim.cases.schema.talks import Issue
from sim.inputs.parameter import LONGEST_NAME
from sim.inputs.problems import Document, InputError, few, nearest, shown
from sim.inputs.sizes import in_bytes, in_number

SIDES = ("governor", "coalition")
ASSUMED_ROUNDS = 100
LEVELS_OF_A_RANGE = 21  # as many as GENIUS itself takes where it lays out a real issue
MOST_BYTES = 20_000_000  # of a file; with all the values that are read it is shorter

Value = float | str


@dataclass(frozen=True)
class AdditiveUtility:
    """What one party wants: a weight for each issue, evaluations of its values, and a reservation value.

    Without an agreement a party has the utility `reservation`; minus infinity is "as little as the
    worst package". `discount` is the share that is left, at the deadline, of what an agreement brings
    above that; until then it falls by the same share a turn.
    """

    weights: tuple[float, ...]
    tables: tuple[tuple[float, ...], ...]
    reservation: float
    discount: float = 1.0

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


@dataclass(frozen=True)
class Reading:
    """How files are to be read, and what there is to say of it.

    `parties` are the files of the two parties, where a folder has more; `levels` is how many levels
    stand for a range that has more values; `discounted` is whether discounts count. `remarks` are sentences
    for a person, each of something that is read otherwise than one might think.
    """

    parties: Sequence[str] = ()
    levels: int = LEVELS_OF_A_RANGE
    discounted: bool = True
    remarks: list[str] = field(default_factory=list)

    def leave_out(self, files: Sequence[Path], platform: str) -> None:
        """Remark that some files of a folder are not read."""
        if files:
            names = ", ".join(few([path.name for path in files], 4))
            self.remarks.append(
                f"not read, being neither a domain nor a party of {platform}: {names}"
            )

    def two_of(self, parties: Iterable[Path], domains: int, folder: Path) -> tuple[Path, Path]:
        """The files of the two parties, in the order in which they are named, or else by file name.

        Raises:
            InputError: when there are not two, or one that is named is not there.
        """
        there = {path.name: path for path in sorted(parties)}
        if domains == 0 or (len(there) != 2 and not self.parties):
            more = len(there) > 2
            hint = f": name two of {_listed(there)} (--parties A,B)" if more and domains else ""
            raise InputError(
                f"{folder}: holds {domains} domains and {len(there)} parties; a scenario has one domain and "
                f"two parties{hint}"
            )
        known = {path.stem: path for path in there.values()} | there
        for name in self.parties:
            if name not in known:
                raise InputError(
                    f'{folder}: no party is called "{name}"{nearest(name, known)}; there are '
                    f"{_listed(there)}"
                )
        chosen = [known[name] for name in self.parties or there]
        if len(chosen) != 2 or chosen[0] == chosen[1]:
            raise InputError(
                f"parties = {','.join(self.parties)}: must name two files, such as A,B"
            )
        return chosen[0], chosen[1]

    def left_at_the_deadline(self, discount: float, name: str) -> float:
        """The discount of a party; 1, which is none, where discounts are left out."""
        if discount < 1 and not self.discounted:
            self.leave_discount_out(name)
            return 1.0
        if discount < 1:
            self.remarks.append(
                f"{name}: of what it gains {discount:g} is left at the deadline, which is "
                f"{discount ** (1 / ASSUMED_ROUNDS):.6g} a turn in {ASSUMED_ROUNDS} turns"
            )
        return discount

    def leave_discount_out(self, name: str) -> None:
        """Remark that the discount of a party is not read."""
        self.remarks.append(f"{name}: its discount is left out, as was asked")

    def values_of_range(
        self, low: float, high: float, path: Path, issue: str, *, whole: bool, step: int = 1
    ) -> list[float]:
        """The values of an issue that is given as a range, both ends among them.

        These are all whole numbers, a step apart, if there are no more than `levels`, and else so many of
        them, evenly spread; or so many numbers of a range that has any.

        Raises:
            InputError: when the range is empty, or its ends are not whole where they must be.
        """
        place = f"{path}: {issue}: the range {low:g} to {high:g}"
        if finite(high - low, place) < 0:
            raise InputError(f"{place} is empty")
        if not whole:
            self._remark_on_range(issue, f"any number from {low:g} to {high:g}")
            spread = np.linspace(low, high, self.levels).tolist()
            return [*dict.fromkeys(float(f"{number:.12g}") for number in spread)]
        if not low.is_integer() or not high.is_integer():
            raise InputError(f"{place} must be of whole numbers")
        steps = int((high - low) // step)
        if steps < self.levels:
            return [low + step * k for k in range(steps + 1)]
        self._remark_on_range(
            issue, f"{in_number(steps + 1)} numbers from {low:g} to {low + step * steps:g}"
        )
        return [*(low + step * np.linspace(0, steps, self.levels).round()).tolist()]

    def _remark_on_range(self, issue: str, numbers: str) -> None:
        self.remarks.append(
            f"{issue}: may be {numbers}; {self.levels} levels, evenly spread, stand for them "
            "(--levels changes how many)"
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(few(list(names), 12))


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
        _scaled(
            [getattr(issue, side) for issue in scenario.issue],
            batna,
            _at_the_deadline(scenario, side),
        )
        for side, batna in zip(SIDES, scenario.disagreement, strict=True)
    )
    return AdditiveGame(
        name=scenario.name,
        issues=tuple(issue.name for issue in scenario.issue),
        values=tuple(_values_of(issue) for issue in scenario.issue),
        utilities=(governor, coalition),
    )


def _values_of(issue: Issue) -> tuple[Value, ...]:
    """What the levels of an issue are called, as it will be read again."""
    return WrittenIssue(issue.name, issue.labels).values if issue.labels else tuple(issue.levels)


def _at_the_deadline(scenario: Scenario, side: str) -> float:
    """What is left then of a gain; never 0, which GENIUS takes for no discount."""
    left: float = value_of(scenario, f"{side}.discount_factor") ** scenario.calendar.rounds
    return max(left, sys.float_info.min)


def _scaled(points: Sequence[Sequence[float]], batna: float, discount: float) -> AdditiveUtility:
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
        discount=discount,
    )


def document_of(game: AdditiveGame, platform: str, remarks: Sequence[str] = ()) -> Document:
    """A scenario document of a game, its points the utilities of the files.

    Values that are numbers become levels; others are numbered from 0, and the labels of the levels.
    Calendar and tactics are assumed. What the other platforms discount by the share of the time that
    has passed, ours discounts by the turn: `discount^(1 / rounds)`. The description ends with the remarks.
    """
    rows = zip(
        _names(game.issues),
        game.issues,
        game.values,
        *(utility.points for utility in game.utilities),
        strict=True,
    )
    source = f"{platform} files of {game.name}"
    assumed = f"Read from {source}. They hold no calendar and no tactics; these are assumed."
    return {
        "name": _plain(game.name, "-")[:LONGEST_NAME] or "imported",
        "title": game.name,
        "description": " ".join([assumed, *(f"{remark}." for remark in remarks)]),
        "source": source,
        "utility": "points",
        "batna": [utility.batna for utility in game.utilities],
        "calendar": {"rounds": ASSUMED_ROUNDS},
        "issue": [
            {
                "name": name,
                "title": title,
                "unit": "none",
                **_levels(values),
                "governor": governor,
                "coalition": coalition,
                "source": source,
            }
            for name, title, values, governor, coalition in rows
        ],
        **{side: _habits(own) for side, own in zip(SIDES, game.utilities, strict=True)},
        "talks": {"first_proposer": "governor"},
    }


def _habits(utility: AdditiveUtility) -> Document:
    """How a side gives way: steadily, and as patiently as the files say."""
    steadily: Document = {"tactic": "time_dependent", "beta": 1.0}
    if utility.discount == 1:
        return steadily
    return steadily | {"discount_factor": utility.discount ** (1 / ASSUMED_ROUNDS)}


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


def _levels(values: Sequence[Value]) -> Document:
    if all(isinstance(value, float) for value in values):
        return {"levels": list(values)}
    return {"levels": [float(number) for number in range(len(values))], "labels": list(values)}


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
