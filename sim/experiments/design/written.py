"""How an experiment file writes a distribution, such as { uniform = [0, 1] }."""

from dataclasses import MISSING, fields
from typing import Any

from sim.experiments.design.distributions import (
    Beta,
    Categorical,
    Distribution,
    Lognormal,
    Normal,
    OfNumbers,
    Triangular,
    Uniform,
    refuse,
)
from sim.inputs.parameter import is_finite
from sim.inputs.problems import InputError, nearest, shown

OF_NUMBERS: dict[str, type[OfNumbers]] = {
    "uniform": Uniform,
    "triangular": Triangular,
    "normal": Normal,
    "lognormal": Lognormal,
    "beta": Beta,
}
AS_WRITTEN = {
    "uniform": "{ uniform = [low, high] }",
    "triangular": "{ triangular = [low, mode, high] }",
    "normal": "{ normal = { mean = 0.0, sd = 1.0 } }, with low and high if it is cut off",
    "lognormal": "{ lognormal = { median = 1.0, sd = 0.3 } }, with low and high if it is cut off",
    "beta": "{ beta = { a = 2, b = 5 } }, with low and high if they are not 0 and 1",
    "choice": "{ choice = [8, 12, 24] }",
}


def as_distribution(written: Any) -> Distribution:
    """The distribution that a file writes, such as { uniform = [0, 1] }.

    Raises:
        InputError: with a sentence for every problem.
    """
    if not isinstance(written, dict) or len(written) != 1:
        raise InputError(
            f"{shown(written)} is not a distribution: write {AS_WRITTEN['uniform']} or another of "
            f'{", ".join(AS_WRITTEN)}, or "plausible"'
        )
    ((name, arguments),) = written.items()
    if name not in AS_WRITTEN:
        known = ", ".join(AS_WRITTEN)
        raise InputError(
            f'no distribution is called "{name}"{nearest(name, AS_WRITTEN)}: there are {known}'
        )
    if not isinstance(arguments, dict if "= {" in AS_WRITTEN[name] else list):
        raise InputError(_misshapen(name, arguments))
    if name == "choice":
        return Categorical(tuple(arguments))
    return OF_NUMBERS[name](**_numbers(name, arguments))


def _numbers(name: str, arguments: dict | list) -> dict[str, float]:
    """The numbers of a distribution by name, each checked."""
    known = {field.name: field.default is MISSING for field in fields(OF_NUMBERS[name])}
    if isinstance(arguments, list):
        if len(arguments) != len(known):
            raise InputError(_misshapen(name, arguments))
        arguments = dict(zip(known, arguments, strict=True))
    missing = [key for key, needed in known.items() if needed and key not in arguments]
    refuse(
        *(f"{k}: is not a known key{nearest(k, known)}" for k in arguments if k not in known),
        *(f"{key}: is missing; write {AS_WRITTEN[name]}" for key in missing),
        *(
            f"{key} = {shown(value)}: must be a finite number"
            for key, value in arguments.items()
            if key in known and not is_finite(value)
        ),
    )
    return {key: float(value) for key, value in arguments.items()}


def _misshapen(name: str, arguments: Any) -> str:
    return f"{name} = {shown(arguments)}: write {AS_WRITTEN[name]}"
