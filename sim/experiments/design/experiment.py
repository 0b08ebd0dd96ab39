"""From an experiment file to design points, with every problem told at once.

A design point is one setting of the parameters; its replications are the worlds that share it. The
points are the named arms crossed with what is varied: the grid of a sweep in the order of the file,
the last key moving fastest, a sample, or the rows of a table.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cases.loading import (
    fitting,
    is_number,
    read_layers,
    scenario_of,
    scenario_of_layers,
    with_numbers,
    with_values,
    wrong_numbers,
)
from sim.cases.schema import Scenario, parameters_of
from sim.experiments.design.checks import levels, setting_problems
from sim.experiments.design.file import SCENARIO, ExperimentFile
from sim.experiments.design.points import (
    Row,
    Values,
    check_size,
    column,
    fingerprint,
    read_drawn,
    read_points,
)
from sim.experiments.design.questions import question_problems
from sim.experiments.design.replications import most
from sim.experiments.design.sampling import draw
from sim.experiments.design.shipped import find_experiment
from sim.inputs.arguments import as_whole, table
from sim.inputs.documents import checked, read_toml
from sim.inputs.frozen import FrozenDict, frozen
from sim.inputs.problems import Document, InputError, few, shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False, slots=True)
class Point:
    """One design point: its number, its arm if there are arms, the values it sweeps, its scenario.

    The scenario is `like` that of other points but for `numbers`, and made when it is asked for, as there
    may be many points.
    """

    number: int
    arm: str | None
    swept: Mapping[str, Any]
    like: Scenario
    numbers: Mapping[str, Any] = field(default_factory=FrozenDict)

    @property
    def scenario(self) -> Scenario:
        """The scenario of its worlds."""
        return with_numbers(self.like, self.numbers)

    def __repr__(self) -> str:
        labels = ", ".join(f"{key} = {value}" for key, value in self.labels.items())
        return f"<Point {self.number} of {self.scenario.name}: {labels or 'as the scenario is'}>"

    @property
    def labels(self) -> dict[str, Any]:
        """What tells this point from the others: the columns every row of its results carries."""
        return ({} if self.arm is None else {"arm": self.arm}) | dict(self.swept)


def scenarios_by(points: Iterable[Point], numbers: Iterable[str]) -> Iterator[Scenario]:
    """The scenarios of points, as far as only these numbers are asked for: one for all that share them."""
    names = tuple(numbers)
    known: dict[tuple[Any, ...], Scenario] = {}
    for point in points:
        shared = (id(point.like), *(point.numbers.get(name) for name in names))
        if shared not in known:
            known[shared] = point.scenario
        yield known[shared]


@dataclass(frozen=True, repr=False)
class Experiment:
    """A checked experiment: the file's contents, the scenario before any change, and the points.

    `scenarios` are those that are swept, by name, before any change. `overrides` are what was given to
    replace keys of the file; `file` has them in it. `path` is where it was read from; None if it was not a
    file of its own.
    """

    file: ExperimentFile
    scenario: Scenario
    points: tuple[Point, ...]
    scenarios: Mapping[str, Scenario] = field(default_factory=FrozenDict)
    overrides: Mapping[str, Any] = field(default_factory=FrozenDict)
    path: Path | None = None

    def __repr__(self) -> str:
        return f"<Experiment {self.file.name}: {self.size}>"

    @property
    def worlds(self) -> int:
        """How many worlds the whole design has, at the most."""
        return len(self.points) * self.replications

    def point(self, number: int) -> Point:
        """The design point of a number, which of some points of a design is not their place."""
        return self._by_number[number]

    @cached_property
    def _by_number(self) -> dict[int, Point]:
        return {point.number: point for point in self.points}

    @property
    def replications(self) -> int:
        """How many replications each point has, at the most."""
        return most(self.file.replications)

    @property
    def size(self) -> str:
        """How many points, replications and worlds, in words."""
        points, each = len(self.points), self.replications
        named = f"{points:,} design point{'s' * (points > 1)}"
        up_to = "" if self.file.replications == each else "at most "
        return f"{named} x {up_to}{each:,} replications = {up_to}{self.worlds:,} worlds"

    def first_world(self, point: Point, replication: int) -> int:
        """The address of a replication's random numbers.

        Common random numbers give replication r the same draws at every point; independent ones do
        not.
        """
        if self.file.random_numbers == "common":
            return replication
        return point.number * self.replications + replication

    @property
    def fingerprint(self) -> str:
        """The checksum of the points: their arms and what they vary."""
        return fingerprint(Row(point.arm, point.swept) for point in self.points)

    def points_table(self) -> "pd.DataFrame":
        """One row a design point: its number and labels."""
        import pandas as pd

        return pd.DataFrame([{"point": point.number, **point.labels} for point in self.points])

    def document(self) -> Document:
        """The experiment as the plain document that would load as it."""
        return self.file.model_dump(
            mode="json", by_alias=True, exclude_unset=True, exclude_none=True
        )


def load_experiment(
    name_or_path: str | Path, overrides: Mapping[str, Any] | None = None
) -> Experiment:
    """Load and check an experiment file.

    Args:
        name_or_path: the file, or its name in the folder `experiments`, here or shipped.
        overrides: replaces top-level keys; its "set" is added to that of the file.

    Raises:
        InputError: with a sentence for every problem found.
    """
    path = find_experiment(name_or_path)
    document = read_toml(path)
    replaced = table(overrides, "overrides")
    for key in {"replications", "seed"} & replaced.keys():
        replaced[key] = as_whole(replaced[key])
    given = table(replaced.pop("set", {}), "set")
    if given and isinstance(document.get("set", {}), dict):
        document["set"] = document.get("set", {}) | given
    if (given or "seed" in replaced) and isinstance(document.get("sample"), dict):
        document["sample"].pop("drawn", None)  # it was for other settings, or from another seed
    parsed = parse_experiment(document | replaced, str(path), path.parent)
    overrides = frozen(replaced | ({"set": given} if given else {}))
    return replace(parsed, path=path, overrides=overrides)


def parse_experiment(document: Document, where: str, folder: Path | None = None) -> Experiment:
    """Check a document and lay out its design points.

    Raises:
        InputError: with a sentence for every problem; `where` opens each of them.
    """
    problems: list[str] = []
    file = scenario = None
    swept: list[Scenario] = []
    try:
        file = checked(ExperimentFile, document, where)
    except InputError as error:
        problems += error.problems
    try:
        scenario = _scenario_of(document, where, folder)
        swept = _swept_scenarios(document, scenario, where, folder)
    except InputError as error:
        problems += error.problems
    if scenario is not None:
        told = (setting_problems(document, each, folder) for each in swept or [scenario])
        problems += dict.fromkeys(f"{where}: {each}" for some in told for each in some)
    if problems or file is None or scenario is None:
        raise InputError(problems)
    points = _points(file, scenario, swept, where, folder)
    scenarios = FrozenDict({each.name: each for each in swept})
    experiment = Experiment(file, scenario, points, scenarios)
    _check_fingerprint(experiment, where)
    first, labels = experiment.points[0].scenario, [point.labels for point in experiment.points]
    if problems := list(question_problems(file, first, labels)):
        raise InputError(f"{where}: {problem}" for problem in problems)
    return experiment


def _scenario_of(document: Document, where: str, folder: Path | None) -> Scenario | None:
    name = document.get("scenario")
    if not isinstance(name, str):
        return None
    try:
        return scenario_of_layers(read_layers(name, folder))
    except InputError as error:
        raise InputError(f"{where}: scenario: {problem}" for problem in error.problems) from None


def _swept_scenarios(
    document: Document, base: Scenario | None, where: str, folder: Path | None
) -> list[Scenario]:
    """The scenarios that [sweep] names, in its order; none if it sweeps none."""
    sweep, written = document.get("sweep"), document.get("scenarios", {})
    named = sweep.get(SCENARIO, []) if isinstance(sweep, dict) else []
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        raise InputError(
            f"{where}: sweep.{SCENARIO} = {shown(named)}: must be scenarios, by name or path, as in "
            '["sebac-2011", "my-case.toml"]'
        )
    found = []
    for name in named:
        own = written.get(name) if isinstance(written, dict) else None
        try:
            found.append(
                scenario_of_layers(read_layers(name, folder))
                if own is None
                else scenario_of(own, f"scenarios.{name}")
            )
        except InputError as error:
            raise InputError(
                f"{where}: sweep.{SCENARIO}: {problem}" for problem in error.problems
            ) from None
    names = Counter(each.name for each in found)
    if twice := [name for name, times in names.items() if times > 1]:
        raise InputError(
            f'{where}: sweep.{SCENARIO}: {names[twice[0]]} of them are called "{twice[0]}"; give each file a '
            "name of its own"
        )
    for each in found:
        if base is not None and each.utility != base.utility:
            raise InputError(
                f'{where}: sweep.{SCENARIO}: {each.name} has utility = "{each.utility}" and {base.name} '
                f'"{base.utility}"; scenarios that are held against each other have the same'
            )
    return found


def _points(
    file: ExperimentFile,
    scenario: Scenario,
    swept: Sequence[Scenario],
    where: str,
    folder: Path | None,
) -> tuple[Point, ...]:
    """The design points, checked: those that differ in numbers only by whole columns of them.

    Raises:
        InputError: with a sentence for every problem of every point.
    """
    known = parameters_of(scenario)
    rows = _rows(file, scenario, where, folder)
    named = dict(zip(file.sweep.get(SCENARIO, ()), swept, strict=True))
    starts = [named.get(row.values.get(SCENARIO, ""), scenario) for row in rows]
    written = {
        key: column([fitting(known[key], row.values[key]) for row in rows])
        if key != SCENARIO
        else tuple(start.name for start in starts)
        for key in rows[0].values
    }
    numbers = {
        key: values
        for key, values in written.items()
        if key.count(".") == 1 and is_number(known[key])  # what is in a list is no column
    }
    words = [values for key, values in written.items() if key not in numbers]
    problems: dict[int, list[str]] = {}

    def settled(point: int) -> Scenario | None:
        """The scenario of a point; where it is wrong, what there is to tell is kept."""
        arm, place = rows[point].arm, rows[point].place or f"point {point}"
        settings = file.set | (file.arms.get(arm, {}) if arm else {}) | dict(Values(written, point))
        settings.pop(SCENARIO, None)
        try:
            return with_values(starts[point], settings, f"{where}: {place}")
        except InputError as error:
            problems[point] = error.problems
            return None

    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for point, row in enumerate(rows):
        alike[row.arm, *(values[point] for values in words)].append(point)
    points: dict[int, Point] = {}
    for places in alike.values():
        left = iter(places)
        like = next((good for point in left if (good := settled(point)) is not None), None)
        if like is None:
            continue
        unseen = list(left)
        of_unseen = {key: [values[i] for i in unseen] for key, values in numbers.items()}
        for wrong in wrong_numbers(like, of_unseen) if unseen else ():
            settled(unseen[wrong])
        for point in places:
            own = Values(numbers, point) if len(places) > 1 else FrozenDict()
            points[point] = Point(point, rows[point].arm, Values(written, point), like, own)
    if problems:
        raise InputError(few([each for point in sorted(problems) for each in problems[point]]))
    return tuple(points[point] for point in range(len(rows)))


def _rows(file: ExperimentFile, scenario: Scenario, where: str, folder: Path | None) -> list[Row]:
    """Every point's arm and varied values, in order; a table may name the arms itself."""
    arms: list[str | None] = [*file.arms] or [None]
    try:
        rows = _varied(file, scenario, len(arms), folder)
    except InputError as error:
        raise InputError(f"{where}: {problem}" for problem in error.problems) from None
    if rows[0].arm is not None:
        return rows
    return [replace(row, arm=arm) for arm in arms for row in rows]


def _varied(file: ExperimentFile, scenario: Scenario, arms: int, folder: Path | None) -> list[Row]:
    """What is varied in every arm: the rows of a table, a sample, or the grid of a sweep."""
    if file.table is not None:
        rows = read_points(file.table.file, folder, parameters_of(scenario), file.arms)
        check_size(len(rows) * (arms if rows[0].arm is None else 1))
        return rows
    if file.sample is not None:
        check_size(file.sample.size * arms)
        if file.sample.drawn is not None:
            known = parameters_of(scenario)
            return read_drawn(file.sample.drawn, folder, known, file.arms, file.sample.over)
        sample = draw(file.sample, with_values(scenario, file.set), file.seed)
        return [Row(None, values) for values in sample]
    grid = {key: levels(values) for key, values in file.sweep.items()}
    check_size(math.prod(map(len, grid.values())) * arms)
    return [Row(None, dict(zip(grid, values, strict=True))) for values in product(*grid.values())]


def _check_fingerprint(experiment: Experiment, where: str) -> None:
    """The points that a results folder keeps must be those that were run."""
    file = experiment.file
    drawn = file.sample.drawn if file.sample is not None else None
    for name, written in (("table", file.table), ("sample.drawn", drawn)):
        if written is not None and written.sha256 not in (None, experiment.fingerprint):
            raise InputError(
                f'{where}: {name}.file = "{written.file}": does not hold the points it held when '
                f"{name}.sha256 was written; put it back, or take sha256 out to run it as a new "
                "experiment"
            )
