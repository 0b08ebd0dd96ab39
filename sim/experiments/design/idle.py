"""Settings of an experiment that change nothing: what they set is switched off, or multiplied by 0."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sim.cases.acting import rests_on_others, without_effect
from sim.cases.schema import Scenario, value_of
from sim.experiments.design.experiment import Experiment, Point
from sim.experiments.design.file import SCENARIO
from sim.inputs.parameter import parameters
from sim.inputs.problems import shown


def idle_settings(experiment: Experiment) -> Iterator[str]:
    """A sentence for every parameter that is set or varied and has no effect at any point where it is."""
    file, points = experiment.file, experiment.points
    yield from _idle("set", file.set, points)
    for name, arm in file.arms.items():
        yield from _idle(f"arms.{name}", arm, [point for point in points if point.arm == name])
    varied = "table" if file.table else "sample.over" if file.sample else "sweep"
    yield from _idle(varied, points[0].swept, points)
    said = {*file.set, *points[0].swept, *(key for arm in file.arms.values() for key in arm)}
    scenarios = (point.scenario for point in points)
    yield from (s for name, s in idle_rules(scenarios) if name not in said)


def idle_rules(scenarios: Iterable[Scenario]) -> Iterator[tuple[str, str]]:
    """The rules and switches that do nothing in any of some scenarios alike, as what they rest on is 0."""
    others = iter(scenarios)
    first = next(others)
    names = [name for name in parameters(type(first)) if rests_on_others(first, name)]
    for each in chain([first], others):  # one at a time, as there may be many
        names = [name for name in names if without_effect(each, name)]
        if not names:
            return
    for name in names:
        yield name, f"{name} = {shown(value_of(first, name))}: {without_effect(first, name)}"


def _idle(where: str, keys: Iterable[str], points: Sequence[Point]) -> Iterator[str]:
    for key in keys:
        if key == SCENARIO:
            continue
        reasons = (without_effect(point.scenario, key) for point in points)
        first = next(reasons, None)
        if first is not None and all(reasons):
            yield f'{where}."{key}": {first}'


def idle(held: object) -> list[str]:
    """What has no effect in a file that was checked: an experiment, or a scenario by itself."""
    if isinstance(held, Experiment):
        return list(idle_settings(held))
    return [s for _, s in idle_rules([held])] if isinstance(held, Scenario) else []
