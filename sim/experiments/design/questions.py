"""Checks of what is asked of the points of a design: figures, hypotheses, and when to stop."""

from collections.abc import Collection, Iterator, Sequence

from sim.cases.schema import Scenario
from sim.experiments.design.claims import Labels, compared, measure_problems
from sim.experiments.design.file import ExperimentFile
from sim.experiments.design.replications import Until
from sim.inputs.problems import InputError, nearest
from sim.play.measures import measures_of


def question_problems(
    file: ExperimentFile, scenario: Scenario, labels: Sequence[Labels]
) -> Iterator[str]:
    """A sentence for every question that the points, told apart by their labels, cannot answer."""
    yield from _figure_problems(file, list(labels[0]))
    if file.hypothesis or isinstance(file.replications, Until):
        measures = measures_of(scenario)
        yield from _hypothesis_problems(file, measures, labels)
        yield from _stopping_problems(file, measures)


def _figure_problems(file: ExperimentFile, varied: list[str]) -> Iterator[str]:
    """A figure's axes must be what the experiment varies."""
    there = f"this experiment varies {', '.join(varied)}" if varied else "nothing is swept"
    for request in file.figure or []:
        for axis, key in (("x", request.x), ("y", request.y)):
            if key is not None and key not in varied:
                yield f'figure.{axis} = "{key}": is not swept here; {there}'


def _hypothesis_problems(
    file: ExperimentFile, measures: Collection[str], labels: Sequence[Labels]
) -> Iterator[str]:
    """A hypothesis must name points and a measure that there are, and differences must be paired."""
    if file.hypothesis and file.random_numbers != "common":
        yield (
            f'random_numbers = "{file.random_numbers}": hypotheses compare points replication by '
            'replication; must be "common"'
        )
    if file.hypothesis and file.keep != "worlds":
        yield f'keep = "{file.keep}": hypotheses compare points world by world; must be "worlds"'
    for hypothesis in file.hypothesis:
        yield from measure_problems(hypothesis, measures)
        try:
            compared(hypothesis, labels)
        except InputError as error:
            yield from error.problems


def _stopping_problems(file: ExperimentFile, measures: Collection[str]) -> Iterator[str]:
    """What decides when replications are enough must be measured, and its base arm be there."""
    rule, arms = file.replications, list(file.arms)
    if not isinstance(rule, Until):
        return
    if rule.of not in measures:
        yield f'replications.of = "{rule.of}": is not measured{nearest(rule.of, measures)}'
    if rule.versus is None:
        from sim.experiments.statistics.paired import GIVEN_AGREEMENT

        if rule.of in GIVEN_AGREEMENT:
            yield (
                f'replications.of = "{rule.of}": is not in the summary; name the arm it is compared '
                "with as versus"
            )
        return
    if rule.versus not in arms:
        there = f"there are {', '.join(arms)}" if arms else "this experiment has no arms"
        yield f'replications.versus = "{rule.versus}": is no arm; {there}'
    if file.keep != "worlds":
        yield f'keep = "{file.keep}": paired differences need all; must be "worlds"'
    if file.random_numbers != "common":
        yield (
            f'random_numbers = "{file.random_numbers}": differences are paired; must be "common"'
        )
