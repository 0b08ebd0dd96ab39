"""Checks of an experiment's settings: each by itself, and against each other.

They read the plain document, so that they speak even when other keys are wrong; what is malformed
is left to the schema's own sentence.
"""

from collections.abc import Iterator
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.cases.loading import fitting, with_values
from sim.cases.schema import Scenario, parameters_of, value_of
from sim.cases.schema.information import RULED_BY_NAME
from sim.experiments.design.factors import extremes, factor
from sim.experiments.design.file import SCENARIO
from sim.experiments.design.points import check_size, read_points
from sim.experiments.design.sampling import Sample, option_problems
from sim.inputs.parameter import expand
from sim.inputs.problems import Document, InputError, nearest, shown

RULED = ("information.rule", *(f"information.{name}" for name in RULED_BY_NAME))
VARIED = {"sweep": "swept", "sample": "sampled", "table": "listed in the table"}


def setting_problems(document: Document, scenario: Scenario, folder: Path | None) -> Iterator[str]:
    """A sentence for every wrong setting of [set], [arms], [sweep], [sample] and [table]."""
    fixed, sample = _table(document, "set"), _table(document, "sample")
    arms = {
        f"arms.{n}": arm for n, arm in _table(document, "arms").items() if isinstance(arm, dict)
    }
    if document.get("arms") == {}:
        yield "arms: holds no arm; add [arms.name] tables or take it out"
    for where, settings in {"set": fixed, **arms}.items():
        beside = fixed | settings
        if _all_fit(scenario, beside):
            continue
        for key, value in settings.items():
            yield from _value_problems(f'{where}."{key}"', key, [value], scenario, beside)
    sweep, over = _table(document, "sweep"), _table(sample, "over")
    yield from _sweep_problems(sweep, scenario, fixed, max(1, len(arms)))
    yield from _sample_problems(sample, scenario, fixed)
    columns, problems = _columns(document, scenario, folder)
    yield from problems
    varied = {"table": columns, "sweep": list(sweep), "sample": list(over)}
    yield from _together(document)
    yield from _overruled(fixed, arms, varied)
    yield from _bargained_anyway(scenario, fixed, arms, varied)


def levels(value: Any) -> list | str:
    """The values of one swept key, or what is wrong with them."""
    try:
        values = expand(value)
    except ValueError as error:
        return str(error)
    if not isinstance(values, list):
        return f"{shown(value)} is not a list of values or {{ from = 0.0, to = 1.0, steps = 5 }}"
    if not values:
        return "is an empty list; give at least one value"
    if any(isinstance(v, list | dict) for v in values):
        return f"{shown(value)} holds lists or tables; give plain values"
    if len(set(map(repr, values))) < len(values):
        return f"{shown(value)} repeats a value; each is one design point"
    return values


def _table(document: Document, name: str) -> dict:
    return table if isinstance(table := document.get(name), dict) else {}


def _sweep_problems(sweep: dict, scenario: Scenario, fixed: dict, arms: int) -> Iterator[str]:
    grid = {key: levels(value) for key, value in sweep.items()}
    try:  # before each value is looked at
        check_size(arms * prod(len(of_key) for of_key in grid.values() if isinstance(of_key, list)))
    except InputError as error:
        yield from error.problems
        return
    for key, values in grid.items():
        if isinstance(values, str):
            yield f'sweep."{key}": {values}'
        elif key == SCENARIO:
            continue  # which are checked as they are read
        else:
            yield from _value_problems(f'sweep."{key}"', key, values, scenario, fixed)


def _sample_problems(table: dict, scenario: Scenario, fixed: dict) -> Iterator[str]:
    with suppress(ValidationError):  # which the schema's own sentences tell
        yield from (f"sample.{problem}" for problem in option_problems(Sample(**table)))
    for key, written in _table(table, "over").items():
        where = f'sample.over."{key}"'
        try:
            values = extremes(factor(key, written, scenario))
        except InputError as error:
            yield from (f"{where}: {problem}" for problem in error.problems)
        else:
            yield from _value_problems(where, key, values, scenario, fixed)


def _columns(
    document: Document, scenario: Scenario, folder: Path | None
) -> tuple[list[str], list[str]]:
    """The keys that the table of points varies, if there is one, and what is wrong with it."""
    file = _table(document, "table").get("file")
    if not isinstance(file, str):
        return [], []
    try:
        rows = read_points(file, folder, parameters_of(scenario), _table(document, "arms"))
    except InputError as error:
        return [], [f"table: {problem}" for problem in error.problems]
    return list(rows[0].values), []


def _value_problems(
    where: str, key: str, values: list, scenario: Scenario, beside: dict
) -> Iterator[str]:
    """What is wrong with the values of a key, and was not without it, among the settings beside it."""
    known = parameters_of(scenario)
    if key not in known:
        yield f"{where}: {scenario.name} has no parameter called that{nearest(key, known)}"
        return
    others = {k: fitting(known[k], v) for k, v in beside.items() if k in known and k != key}
    before = _problems_of(scenario, others)
    for value in values:
        after = _problems_of(scenario, others | {key: fitting(known[key], value)})
        yield from (f"{where}: {problem}" for problem in after if problem not in before)


def _all_fit(scenario: Scenario, values: dict) -> bool:
    known = parameters_of(scenario)
    return values.keys() <= known.keys() and not _problems_of(
        scenario, {key: fitting(known[key], value) for key, value in values.items()}
    )


def _problems_of(scenario: Scenario, values: dict) -> list[str]:
    try:
        with_values(scenario, values)
    except InputError as error:
        return [problem.removeprefix("set: ") for problem in error.problems]
    return []


def _together(document: Document) -> Iterator[str]:
    """Ways to vary that do not go together."""
    used = [f"[{name}]" for name in VARIED if document.get(name)]
    if len(used) > 1:
        yield (
            f"{' and '.join(used)}: do not go together; keep one of them, and cross it with [arms] if "
            "need be"
        )


def _overruled(
    fixed: Document, arms: dict[str, Document], varied: dict[str, list[str]]
) -> Iterator[str]:
    """Settings that would silently overrule others."""
    for name, keys in varied.items():
        how = VARIED[name]
        for where, arm in arms.items():
            for key in [key for key in arm if key in keys]:
                yield f'{where}."{key}": is also {how}, which would overrule the arm; keep one of them'
        for where, table in {"set": fixed, **arms}.items():
            for key in [key for key in table if key in RULED[1:] and "information.rule" in keys]:
                yield (
                    f'{where}."{key}": would overrule the information.rule that is {how}; keep one '
                    "of them"
                )


def _bargained_anyway(
    scenario: Scenario, fixed: Document, arms: dict[str, Document], varied: dict[str, list[str]]
) -> Iterator[str]:
    """Settings without effect: a secrecy rule where the parties bargain over it first."""
    switch = "ground_rules.on"
    if switch not in parameters_of(scenario) or any(switch in keys for keys in varied.values()):
        return
    own = fixed.get(switch, value_of(scenario, switch))
    in_arms = {where: arm.get(switch, own) for where, arm in arms.items()}
    always = all(value is True for value in in_arms.values()) if arms else own is True
    on = {"set": always} | dict.fromkeys(varied, always) | in_arms
    for where, keys in {"set": list(fixed), **varied, **arms}.items():
        for key in keys if on[where] is True else ():
            if key in RULED:
                yield (
                    f'{where}."{key}": the parties bargain over it, so it has no effect; '
                    f'set "{switch}" = false beside it'
                )
