"""How a parameter is described: its unit, bounds, plausible range, symbol, source and a sentence."""

from collections.abc import Mapping
from functools import cache, cached_property
from sys import float_info
from types import MappingProxyType, ModuleType
from typing import Annotated, Any, get_args

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sim.inputs.frozen import frozen
from sim.inputs.sizes import in_number

SHARE = "share"
MORE, LESS, SOME = "above 0", "below 1", "not empty"  # what another one must be for one to act
MOST_STEPS = 100_000  # of a range; more is a slip of the pen


def parameter(
    text: str,
    unit: str,
    *,
    source: str,
    default: Any = PydanticUndefined,
    symbol: str = "",
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    plausible: tuple[float, float] | None = None,
    start_here: bool = False,
    acts: tuple[Mapping[str, Any], ...] = (),
) -> Any:
    """Describe one parameter: hard bounds (`low`, `high`, or strictly `above`) and what a reader needs.

    `plausible` is the range worth sampling, narrower than the bounds; `start_here` marks the
    parameters shown first to a newcomer. Without a `default` it must be stated.

    `acts` says with which values of others it has an effect, if not with all: in one case or another, each
    a table of parameters to what they must be (`MORE` than 0, `LESS` than 1, `SOME` in a list, or one of
    some values).
    A name without a table is of its own table, one with "other." is the other side's, "issue" is on the
    agenda. What belongs to a mechanism acts only while that is on, which need not be said.
    """
    about: dict[str, Any] = {
        "unit": unit,
        "source": source,
        "symbol": symbol,
        "plausible": plausible,
        "start_here": start_here,
        "acts": acts,
    }
    return Field(
        default, ge=low, le=high, gt=above, description=text, json_schema_extra={"parameter": about}
    )


def switch(text: str, *, source: str, default: bool, rests_on: tuple[str, ...] = ()) -> Any:
    """Describe the switch of a mechanism: whether `text` is a part of the story; it is called `on`.

    Where one of what it `rests_on` is 0, it does nothing.
    """
    acts = ({"on": (False,)}, dict.fromkeys(("on", *rests_on), MORE)) if rests_on else ()
    return parameter(f"whether {text}", "none", source=source, default=default, acts=acts)


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
LONGEST_NAME = 100  # letters; a system allows some 255 in the name of a file, endings included
FileName = Annotated[  # what a file or folder will be called
    StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=LONGEST_NAME)
]


def is_finite(value: Any) -> bool:
    """Whether a value is a finite number, and not one too large to count with."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) <= float_info.max


def expand(levels: Any) -> Any:
    """Turn { from = 0.0, to = 1.0, steps = 5 } into its five numbers; leave a list as it is."""
    if isinstance(levels, dict):
        if set(levels) != {"from", "to", "steps"}:
            raise ValueError("a range is written { from = 0.0, to = 1.0, steps = 5 }")
        start, stop, steps = levels["from"], levels["to"], levels["steps"]
        numbers = all(map(is_finite, (start, stop)))
        if not numbers or not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
            raise ValueError(
                "in a range, from and to are finite numbers and steps is a whole number >= 1"
            )
        if steps > MOST_STEPS:
            raise ValueError(f"{in_number(steps)} steps: a range has {MOST_STEPS:,} at the most")
        with np.errstate(all="ignore"):  # what is not finite is told as such
            return [round(float(x), 12) for x in np.linspace(float(start), float(stop), steps)]
    return levels


Levels = Annotated[list[Number], BeforeValidator(expand), Field(min_length=1)]


class Section(BaseModel):
    """A table of a scenario file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _to_the_last_list(self) -> "Section":
        """Freeze the lists and tables that it holds, too."""
        for name, value in self.__dict__.items():
            if isinstance(value, list | dict):
                self.__dict__[name] = frozen(value)
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(
            getattr(type(self), name, None), cached_property
        ):  # pydantic would let it pass
            raise AttributeError(f"{name}: follows from the rest and cannot be set")
        super().__setattr__(name, value)


def about(field: FieldInfo) -> dict[str, Any]:
    """What is said of a parameter besides its bounds: unit, source, symbol, plausible, start_here."""
    extra = field.json_schema_extra
    said = extra.get("parameter") if isinstance(extra, dict) else None
    return said if isinstance(said, dict) else {}


def choices(field: FieldInfo) -> tuple[str, ...]:
    """The words a parameter allows; none if it is a number."""
    words = get_args(field.annotation)
    return words if all(isinstance(word, str) for word in words) else ()


@cache
def parameters(kind: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """Every parameter that `set` and `sweep` may name, as dotted name -> field, in file order."""
    found: dict[str, FieldInfo] = {}
    for table, field in kind.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            of_table = parameters_of_table(section)
            found |= {f"{table}.{name}": inner for name, inner in of_table.items()}
    return MappingProxyType(found)


def parameters_of_table(section: type[Section]) -> dict[str, FieldInfo]:
    """The parameters of a table or of an entry of a list: its numbers, switches and words of choice."""
    return {
        name: field
        for name, field in section.model_fields.items()
        if field.annotation in (float, int, bool) or choices(field)
    }


def rule_named(module: ModuleType, name: str) -> Any:
    """The rule of a module that the value of a parameter names.

    A rule that would hide a built-in of Python, such as "min", has an underscore behind its name.
    """
    return getattr(module, name, None) or getattr(module, f"{name}_")


def bounds(field: FieldInfo) -> str:
    """What values a parameter allows, in words."""
    if field.annotation is bool:
        return "true or false"
    if words := choices(field):
        return " or ".join(f'"{word}"' for word in words)
    limits = _limits(field)
    kind = "a whole number" if field.annotation is int else "a number"
    low = f" above {limits['gt']:g}" if "gt" in limits else ""
    low = f" from {limits['ge']:g}" if "ge" in limits else low
    return kind + low + (f" to {limits['le']:g}" if "le" in limits else "")


def ends(field: FieldInfo) -> tuple[float, float]:
    """The least and the greatest number a parameter allows, infinite where it has no bound."""
    limits = _limits(field)
    above = np.nextafter(limits["gt"], np.inf) if "gt" in limits else -np.inf
    return float(limits.get("ge", above)), float(limits.get("le", np.inf))


def _limits(field: FieldInfo) -> dict[str, float]:
    """The hard bounds of a parameter by pydantic's names: `ge`, `gt` and `le`."""
    limits: dict[str, float] = {}
    for rule in field.metadata:
        limits |= {key: getattr(rule, key) for key in ("ge", "le", "gt") if hasattr(rule, key)}
    return limits
