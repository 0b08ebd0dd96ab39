"""Some points of results, as results of their own: where what was varied has the values asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiments.design.experiment import Experiment, Point
from sim.experiments.design.file import SCENARIO
from sim.experiments.running.results import Results
from sim.inputs.arguments import WholeNumber
from sim.inputs.problems import InputError, few, nearest

if TYPE_CHECKING:
    from sim.play.outcome import Outcome

MOST_NAMED = 12  # values of a key that a refusal tells


class Selection(Results):
    """The points of results at which keys have some of their values; points keep their numbers.

    What all of them have in common is set and no longer varied. `words` say which points they are.
    """

    def __init__(self, whole: Results, experiment: Experiment, words: str):
        super().__init__(whole.folder, experiment)
        self.whole = whole
        self.words = words

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        return self.whole.manifest

    @cached_property
    def _points(self) -> pd.DataFrame:
        return self._some(self.whole.points)

    @cached_property
    def _summary(self) -> pd.DataFrame:
        return self._some(self.whole.summary)

    @cached_property
    def _worlds(self) -> pd.DataFrame:
        worlds = self.whole.worlds
        return worlds[worlds["point"].isin(self._numbers)].reset_index(drop=True)

    def parts(self) -> Iterator[pd.DataFrame]:
        """The worlds of these points that were kept, part by part."""
        return (part[part["point"].isin(self._numbers)] for part in self.whole.parts())

    @cached_property
    def _stopped(self) -> pd.DataFrame | None:
        stopped = self.whole.stopped
        return None if stopped is None else stopped[stopped["point"].isin(self._numbers)]

    @cached_property
    def _failures(self) -> list[dict[str, Any]]:
        return [failure for failure in self.whole.failures if failure["point"] in self._numbers]

    def replay(
        self, point: WholeNumber, replication: WholeNumber, worlds: WholeNumber = 1
    ) -> "Outcome":
        """Play worlds again (see `Results.replay`)."""
        return self.whole.replay(point, replication, worlds)

    @cached_property
    def _numbers(self) -> set[int]:
        return {point.number for point in self.experiment.points}

    def _some(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of these points, without what all of them have in common."""
        labels = self.whole.experiment.points[0].labels.keys()
        common = [name for name in labels if name not in self.experiment.points[0].labels]
        rows = table[table["point"].isin(self._numbers)].reset_index(drop=True)
        return rows.drop(columns=[name for name in common if name in rows])


def where(results: Results, conditions: Mapping[str, Any]) -> Results:
    """The points of results at which each key has the value asked for, or one of several.

    Args:
        results: of any design.
        conditions: by key (what is varied, or "arm") a value, or a list of values.

    Raises:
        InputError: when a key is not varied, or never has such a value; it says what there is.
    """
    if not conditions:
        return results
    experiment = results.experiment
    wanted = {
        key: list(values) if isinstance(values, list | tuple) else [values]
        for key, values in conditions.items()
    }
    if problems := list(_problems(experiment, wanted)):
        raise InputError(problems)
    kept = [
        point
        for point in experiment.points
        if all(_among(point.labels[key], values) for key, values in wanted.items())
    ]
    if not kept:
        raise InputError(f"no point is where {in_words(wanted)}")
    words = in_words(wanted)
    return Selection(results, _narrowed(experiment, kept, words), words)


def in_words(conditions: Mapping[str, Any]) -> str:
    """Conditions in words, such as threat.layoffs = 4742 and arm = two ballots."""
    parts = []
    for key, values in conditions.items():
        several = values if isinstance(values, list | tuple) else [values]
        parts.append(f"{key} = {' or '.join(map(_plain, several))}")
    return " and ".join(parts)


def _problems(experiment: Experiment, wanted: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    for key, values in wanted.items():
        labels = experiment.points[0].labels
        if key not in labels:
            known = f"there are {', '.join(labels)}" if labels else "nothing is varied here"
            yield f"where {key}: is not varied{nearest(key, labels)}; {known}"
            continue
        there = list(dict.fromkeys(point.labels[key] for point in experiment.points))
        named = [_plain(level) for level in there]
        for value in values:
            if not any(_same(level, value) for level in there):
                close = nearest(str(value), named)
                yield (
                    f"where {key} = {_plain(value)}: no point has that value{close}; there are "
                    f"{', '.join(few(named, MOST_NAMED))}"
                )


def _among(level: Any, values: Sequence[Any]) -> bool:
    return any(_same(level, value) for value in values)


def _same(level: Any, value: Any) -> bool:
    """Whether a level is the value: as numbers, switches or words, however it was typed."""
    if isinstance(level, bool) or isinstance(value, bool):
        return str(level).lower() == str(value).lower()
    if isinstance(level, int | float):
        try:
            return level == float(value)
        except (TypeError, ValueError):
            return False
    return str(level) == str(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _narrowed(experiment: Experiment, kept: Sequence[Point], words: str) -> Experiment:
    """The experiment with these points alone; what they have in common is set, and told in the question."""
    file = experiment.file
    varied = [key for key in kept[0].swept if any(p.swept[key] != kept[0].swept[key] for p in kept)]
    arms = list(dict.fromkeys(point.arm for point in kept if point.arm is not None))
    several = len(arms) > 1
    common = {key: value for key, value in kept[0].swept.items() if key not in varied}
    own = experiment.scenarios.get(common.pop(SCENARIO, ""), experiment.scenario)
    held = file.set | (file.arms[arms[0]] if len(arms) == 1 and file.arms else {}) | common
    points = tuple(
        replace(
            point,
            arm=point.arm if several else None,
            swept={key: point.swept[key] for key in varied},
        )
        for point in kept
    )
    sweep = {key: list(dict.fromkeys(p.swept[key] for p in points)) for key in varied}
    changed = {
        "set": held,
        "arms": {arm: file.arms[arm] for arm in arms} if several and file.arms else {},
        "sweep": sweep if file.sweep else {},
        "question": f"{file.question} (where {words})",
    }
    changed_file = file.model_copy(update=changed)
    return replace(experiment, file=changed_file, scenario=own, points=points)
