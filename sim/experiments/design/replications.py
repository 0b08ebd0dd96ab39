"""How many replications: a number, or until an interval is narrow enough, as an experiment file says it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StrictStr, Tag, model_validator

from sim.inputs.parameter import Number, Section, Whole


class Until(Section):
    """Replications until the 95 % interval of a measure is narrow enough, at each design point.

    `at_most` is half the width of the interval, in the unit of the measure; with `versus`, of the
    paired difference from the same point in that arm. Rounds double from `first` to `max`.
    """

    until: Literal["halfwidth"]
    of: StrictStr
    at_most: Annotated[Number, Field(gt=0)]
    max: Annotated[Whole, Field(ge=2)]
    first: Annotated[Whole, Field(ge=2)] = 500
    versus: StrictStr | None = None

    @model_validator(mode="after")
    def _first_is_no_more_than_max(self) -> "Until":
        if self.first > self.max:
            raise ValueError(f"first = {self.first} is more than max = {self.max}")
        return self


def _kind(value: Any) -> str:
    return "a-rule" if isinstance(value, dict | Until) else "a-number"


Replications = Annotated[
    Annotated[Annotated[Whole, Field(ge=1)], Tag("a-number")] | Annotated[Until, Tag("a-rule")],
    Discriminator(_kind),
]


def most(replications: int | Until) -> int:
    """The most replications that a point may have."""
    return replications.max if isinstance(replications, Until) else replications


def least(replications: int | Until) -> int:
    """The replications that every point has, whatever comes of them: those of the first round."""
    return replications.first if isinstance(replications, Until) else replications


def rounds(replications: int | Until) -> Iterator[tuple[int, int]]:
    """The replications of each round: from one number up to another, doubling to the most."""
    start = 0
    stop = least(replications)
    while start < stop:
        yield start, stop
        start, stop = stop, min(2 * stop, most(replications))
