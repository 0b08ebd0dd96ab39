"""What an experiment file claims beforehand: its `[[hypothesis]]` tables, and what they compare.

A claim is written down before the run: a measure, two design points, and the sign of the difference
between them with its source. What came out is in `hypotheses.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictStr

from sim.inputs.parameter import Number, Section, Whole
from sim.inputs.problems import InputError, nearest, shown

Value = StrictStr | StrictBool | Whole | Number
Labels = Mapping[str, Any]
Predicted = Literal["up", "down", "none", "any"]


class Hypothesis(Section):
    """A claim on one measure: how it differs `from` one design point `to` another."""

    id: Annotated[StrictStr, Field(pattern=r"^H[0-9]+[a-z]?$")]
    claim: StrictStr
    source: StrictStr
    measure: StrictStr
    # none: exactly no effect, in any world. any: reported, and no sign asserted.
    predicted: Predicted
    to: Value | None = None
    along: StrictStr | None = None
    at: dict[StrictStr, Value] = {}
    more_than_at: dict[StrictStr, Value] = {}
    from_experiment: StrictStr | None = None
    from_: Annotated[Value | None, Field(alias="from")] = None

    @property
    def ends(self) -> tuple[Any, Any]:
        """The labels of the first and the last point; None where the file leaves it to the order."""
        return self.from_, self.to


@dataclass(frozen=True)
class Compared:
    """The numbers of the points compared, first to last; and of those the difference is to exceed."""

    points: tuple[int, ...]
    other: tuple[int, ...] = ()


def compared(hypothesis: Hypothesis, labels: Sequence[Labels]) -> Compared:
    """Find the points that a hypothesis compares, by what tells the points of a design apart.

    Left to the order, the ends are the first and the last point `along` what is varied; points
    between them are steps on the way, unless two arms are named.

    Raises:
        InputError: with a sentence for every label that is not there.
    """
    where = f"hypothesis {hypothesis.id}"
    if not labels or not labels[0]:
        raise InputError(f"{where}: nothing is varied here, so there are no two points to compare")
    along = _along(hypothesis, list(labels[0]), where)
    rest = [key for key in labels[0] if key != along]
    levels = {key: list(dict.fromkeys(label[key] for label in labels)) for key in labels[0]}
    problems = []
    for table in ("at", "more_than_at"):
        given = getattr(hypothesis, table)
        if given or table == "at":
            problems += _place_problems(f"{where}: {table}", given, rest, levels)
    ends = [
        level if given is None else given
        for given, level in zip(hypothesis.ends, (levels[along][0], levels[along][-1]), strict=True)
    ]
    for key, end in zip(("from", "to"), ends, strict=True):
        problems += _value_problems(f"{where}: {key}", end, along, levels[along])
    if not problems and ends[0] == ends[1] and hypothesis.from_experiment is None:
        problems.append(f"{where}: from and to are both {shown(ends[0])}; name two points")
    if problems:
        raise InputError(problems)
    path = _path(hypothesis, along, levels[along], ends)
    return Compared(
        _numbers(labels, along, path, hypothesis.at),
        _numbers(labels, along, path, hypothesis.more_than_at) if hypothesis.more_than_at else (),
    )


def measure_problems(hypothesis: Hypothesis, known: Collection[str]) -> list[str]:
    """What is wrong with the measure of a hypothesis, given those there are."""
    if hypothesis.measure in known:
        return []
    hint = nearest(hypothesis.measure, known)
    return [
        f'hypothesis {hypothesis.id}: measure = "{hypothesis.measure}": is not measured{hint}; '
        f"there are {', '.join(known)}"
    ]


def _along(hypothesis: Hypothesis, varied: list[str], where: str) -> str:
    there = f"this experiment varies {', '.join(varied)}"
    if hypothesis.along is not None:
        if hypothesis.along not in varied:
            hint = nearest(hypothesis.along, varied)
            raise InputError(
                f'{where}: along = "{hypothesis.along}": is not varied here{hint}; {there}'
            )
        return hypothesis.along
    free = [key for key in varied if key not in hypothesis.at]
    if len(free) != 1:
        raise InputError(f"{where}: {there}; say along which, and the values of the others in at")
    return free[0]


def _place_problems(
    where: str, given: Mapping[str, Any], rest: list[str], levels: Mapping[str, list]
) -> list[str]:
    problems = [
        f'{where}: "{key}" is missing; give one of its values' for key in rest if key not in given
    ]
    for key, value in given.items():
        if key not in rest:
            allowed = f"it takes {', '.join(rest)}" if rest else "there is nothing to fix here"
            problems.append(f'{where}: "{key}" is not another key that varies; {allowed}')
        else:
            problems += _value_problems(f"{where}.{key}", value, key, levels[key])
    return problems


def _value_problems(where: str, value: Any, key: str, levels: list) -> list[str]:
    if value in levels:
        return []
    kind = "arm" if key == "arm" else f"value of {key}"
    hint = nearest(str(value), [str(level) for level in levels])
    known = ", ".join(map(shown, levels))
    return [f"{where} = {shown(value)}: is no {kind} here{hint}; there are {known}"]


def _path(hypothesis: Hypothesis, along: str, levels: list, ends: list) -> list:
    """The levels from one end to the other, in the order of the file."""
    if along == "arm" and hypothesis.ends != (None, None):
        return ends
    first, last = (levels.index(end) for end in ends)
    step = 1 if first <= last else -1
    return [levels[i] for i in range(first, last + step, step)]


def _numbers(
    labels: Sequence[Labels], along: str, path: list, place: Mapping[str, Any]
) -> tuple[int, ...]:
    wanted = [{along: level, **place} for level in path]
    return tuple(
        next(number for number, label in enumerate(labels) if dict(label) == want)
        for want in wanted
    )
