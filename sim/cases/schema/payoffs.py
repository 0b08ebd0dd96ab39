"""What packages are worth in a textbook game, where that is not a sum of points by issue."""

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, StrictStr, field_validator

from sim.inputs.parameter import Number, Section, parameter


class PayoffSettings(Section):
    """What packages are worth to each side (points): a table over all of them, or a formula a side.

    In a formula stand the names of issues for their levels, those of [values] for numbers, and those of
    `let` for parts, each in terms of others. A `table` is the path of a CSV file; once read
    it is the rows themselves, names of columns first, so that nothing reads the file again. Empty is none.
    """

    table: list[list[Any]] = Field(
        default=[], description="a CSV file with a row for each package: its levels, and its points"
    )
    governor: StrictStr = Field(default="", description="the formula of the governor's points")
    coalition: StrictStr = Field(default="", description="the formula of the coalition's points")
    let: dict[StrictStr, StrictStr] = Field(default={}, description="named parts of the formulas")

    @field_validator("table", mode="before")
    @classmethod
    def _rows(cls, written: Any) -> Any:
        if isinstance(written, list) and all(isinstance(row, list) for row in written):
            return written
        raise ValueError(
            "must be the path of a CSV file, or its rows as lists, names of columns first"
        )

    @property
    def by_issue(self) -> bool:
        """Whether neither is given, so that points are those of the issues' levels, added up."""
        return not (self.table or self.governor or self.coalition)


class NamedValues(Section):
    """Numbers that formulas name. Each is a parameter, such as `values.price`, for `set` and `sweep`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    __pydantic_extra__: dict[str, Number] = Field(init=False)

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> "NamedValues":
        """As pydantic does it; its own would write into what is frozen."""
        return NamedValues.model_validate({**self.numbers, **(update or {})})

    @property
    def numbers(self) -> dict[str, float]:
        """The numbers by name."""
        return dict(self.__pydantic_extra__)


class _ANumber(Section):
    """How one of the numbers is described, as the schema cannot know its name."""

    # fmt: off
    number: Number = parameter("a number that the formulas of the payoffs name", "none",
        source="the scenario")
    # fmt: on


NAMED_VALUE = _ANumber.model_fields["number"]
