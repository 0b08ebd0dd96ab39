"""From an experiment file to design points, with every problem told at once.

A design point is one setting of the parameters; its replications are the worlds that share it. The
points are the named arms crossed with what is varied: the grid of a sweep in the order of the file,
the last key moving fastest, a sample, or the rows of a table.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictStr, ValidationError

from sim.cases.loading import as_document, parse_scenario, read_document, read_toml, with_values
from sim.cases.schema import Scenario
from sim.experiments.analysis.compare import GIVEN_AGREEMENT
from sim.experiments.design.checks import fitting, levels, setting_problems
from sim.experiments.design.claims import Hypothesis, compared, measure_problems
from sim.experiments.design.points import PointsFile, Row, fingerprint, read_drawn, read_points
from sim.experiments.design.replications import Replications, Until, most
from sim.experiments.design.sampling import Sample, draw, in_full
from sim.inputs.parameter import Number, Section, Whole, parameters
from sim.inputs.problems import Document, InputError, few, nearest, sentences, shown
from sim.play.measures import measures_of

MAX_POINTS = 100_000


class FigureRequest(Section):
    """A figure to draw when the experiment is done, with the options of that figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StrictStr
    measure: StrictStr = "ratified"
    x: StrictStr | None = None
    y: StrictStr | None = None
    below: Number | None = None
    above: Number | None = None
    density: Number | None = None
    at_most: Number | None = None


class ExperimentFile(Section):
    """The tables and keys of an experiment file."""

    name: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    question: StrictStr
    scenario: StrictStr
    replications: Replications
    seed: Annotated[Whole, Field(ge=0, lt=2**63, description="names the random numbers")]
    random_numbers: Literal["common", "independent"] = "common"
    keep: Annotated[
        Literal["worlds", "sample", "summary"],
        Field(description="rows to keep: all, some thousand of each point, or a hundred"),
    ] = "worlds"
    set: dict[StrictStr, Any] = {}
    sweep: dict[StrictStr, Any] = {}
    sample: Sample | None = None
    table: PointsFile | None = None
    arms: dict[StrictStr, dict[StrictStr, Any]] = {}
    figure: list[FigureRequest] | None = None
    hypothesis: list[Hypothesis] = []


@dataclass(frozen=True)
class Point:
    """One design point: its number, its arm if there are arms, the values it sweeps, its scenario."""

    number: int
    arm: str | None
    swept: Mapping[str, Any]
    scenario: Scenario

    @property
    def labels(self) -> dict[str, Any]:
        """What tells this point from the others: the columns every row of its results carries."""
        return ({} if self.arm is None else {"arm": self.arm}) | dict(self.swept)


@dataclass(frozen=True)
class Experiment:
    """A checked experiment: the file's contents, the scenario before any change, and the points.

    `overrides` are what was given to replace keys of the file; `file` has them in it.
    """

    file: ExperimentFile
    scenario: Scenario
    points: tuple[Point, ...]
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def worlds(self) -> int:
        """How many worlds the whole design has, at the most."""
        return len(self.points) * self.replications

    @property
    def replications(self) -> int:
        """How many replications each point has, at the most."""
        return most(self.file.replications)

    def first_world(self, point: Point, replication: int) -> int:
        """The address of a replication's random numbers.

        Common random numbers give replication r the same draws at every point; independent ones do
        not.
        """
        if self.file.random_numbers == "common":
            return replication
        return point.number * self.replications + replication

    def document(self) -> Document:
        """The experiment as the plain document that would load as it."""
        return self.file.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def find_experiment(name_or_path: str | Path) -> Path:
    """The path of an experiment: a file, a results folder, or a name in the folder `experiments`."""
    path = Path(name_or_path)
    if (path / "experiment.toml").is_file():
        return path / "experiment.toml"
    if path.suffix == ".toml" or path.exists():
        return path
    known = {found.stem: found for found in sorted(Path("experiments").rglob("*.toml"))}
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    where = f"there are {', '.join(known)}" if known else "there is no folder experiments here"
    raise InputError(
        [
            f'no experiment is called "{name_or_path}"{nearest(str(name_or_path), known)}: {where}; '
            "give a name or the path of a .toml file"
        ]
    )


def load_experiment(
    name_or_path: str | Path, overrides: Mapping[str, Any] | None = None
) -> Experiment:
    """Load and check an experiment file.

    Args:
        name_or_path: the file, or its name in the folder `experiments`.
        overrides: replaces top-level keys; its "set" is added to that of the file.

    Raises:
        InputError: with a sentence for every problem found.

    """
    path = find_experiment(name_or_path)
    document = read_toml(path)
    replaced = dict(overrides or {})
    given = replaced.pop("set", {})
    if given and isinstance(document.get("set", {}), dict):
        document["set"] = document.get("set", {}) | given
    if (given or "seed" in replaced) and isinstance(document.get("sample"), dict):
        document["sample"].pop("drawn", None)  # it was for other settings, or from another seed
    parsed = parse_experiment(document | replaced, str(path), path.parent)
    return replace(parsed, overrides=replaced | ({"set": given} if given else {}))


def parse_experiment(document: Document, where: str, folder: Path | None = None) -> Experiment:
    """Check a document and lay out its design points.

    Raises:
        InputError: with a sentence for every problem; `where` opens each of them.

    """
    problems: list[str] = []
    file = scenario = None
    try:
        file = ExperimentFile.model_validate(document)
    except ValidationError as error:
        problems += [
            f"{where}: {sentence}" for sentence in sentences(error, ExperimentFile, document)
        ]
    try:
        scenario = _scenario_of(document, where, folder)
    except InputError as error:
        problems += error.problems
    if scenario is not None:
        problems += [
            f"{where}: {problem}" for problem in setting_problems(document, scenario, folder)
        ]
    if problems or file is None or scenario is None:
        raise InputError(problems)
    points = tuple(_points(file, scenario, where, folder))
    _check_fingerprint(file, points, where)
    _check_figures(file, points, where)
    _check_hypotheses(file, points, where)
    _check_stopping(file, points, where)
    return Experiment(file, scenario, points)


def _scenario_of(document: Document, where: str, folder: Path | None) -> Scenario | None:
    name = document.get("scenario")
    if not isinstance(name, str):
        return None
    try:
        return parse_scenario(read_document(name, folder), name)
    except InputError as error:
        raise InputError(f"{where}: scenario: {problem}" for problem in error.problems) from None


def _points(
    file: ExperimentFile, scenario: Scenario, where: str, folder: Path | None
) -> Iterator[Point]:
    known = parameters(type(scenario))
    problems: list[str] = []
    for number, row in enumerate(_rows(file, scenario, where, folder)):
        varied = {key: fitting(known[key], value) for key, value in row.values.items()}
        settings = file.set | file.arms.get(row.arm, {}) | varied
        try:
            settled = with_values(scenario, settings, f"{where}: {row.place or f'point {number}'}")
            yield Point(number, row.arm, varied, settled)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(few(problems))


def _rows(file: ExperimentFile, scenario: Scenario, where: str, folder: Path | None) -> list[Row]:
    """Every point's arm and varied values, in order; a table may name the arms itself."""
    arms = list(file.arms) or [None]
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
        rows = read_points(file.table.file, folder, parameters(type(scenario)), file.arms)
        _check_size(len(rows) * (arms if rows[0].arm is None else 1))
        return rows
    if file.sample is not None:
        _check_size(file.sample.size * arms)
        if file.sample.drawn is not None:
            known = parameters(type(scenario))
            return read_drawn(file.sample.drawn, folder, known, file.arms, file.sample.over)
        sample = draw(file.sample, with_values(scenario, file.set), file.seed)
        return [Row(None, values) for values in sample]
    grid = {key: levels(values) for key, values in file.sweep.items()}
    _check_size(math.prod(map(len, grid.values())) * arms)
    return [Row(None, dict(zip(grid, values, strict=True))) for values in product(*grid.values())]


def _check_size(points: int) -> None:
    if points > MAX_POINTS:
        raise InputError([f"the design has {points:,} points; the most is {MAX_POINTS:,}"])


def _check_fingerprint(file: ExperimentFile, points: tuple[Point, ...], where: str) -> None:
    """The points that a results folder keeps must be those that were run."""
    drawn = file.sample.drawn if file.sample is not None else None
    for name, written in (("table", file.table), ("sample.drawn", drawn)):
        if written is not None and written.sha256 not in (None, _fingerprint(points)):
            raise InputError(
                [
                    f'{where}: {name}.file = "{written.file}": does not hold the points it held when '
                    f"{name}.sha256 was written; put it back, or take sha256 out to run it as a new "
                    "experiment"
                ]
            )


def _fingerprint(points: tuple[Point, ...]) -> str:
    return fingerprint(Row(point.arm, dict(point.swept)) for point in points)


def _check_figures(file: ExperimentFile, points: tuple[Point, ...], where: str) -> None:
    """A figure's axes must be what the experiment varies."""
    varied = list(points[0].labels)
    problems = [
        f'{where}: figure.{axis} = "{key}": is not swept here; {_told(varied)}'
        for request in file.figure or []
        for axis, key in (("x", request.x), ("y", request.y))
        if key is not None and key not in varied
    ]
    if problems:
        raise InputError(problems)


def _check_stopping(file: ExperimentFile, points: tuple[Point, ...], where: str) -> None:
    """What decides when replications are enough must be measured, and its base arm be there."""
    rule = file.replications
    if not isinstance(rule, Until):
        return
    problems = []
    known = measures_of(points[0].scenario)
    if rule.of not in known:
        hint = nearest(rule.of, known)
        problems.append(f'replications.of = "{rule.of}": is not measured{hint}')
    if rule.versus is None and rule.of in GIVEN_AGREEMENT:
        problems.append(
            f'replications.of = "{rule.of}": is not in the summary; name the arm it is compared with '
            "as versus"
        )
    if rule.versus is not None:
        arms = list(file.arms)
        if rule.versus not in arms:
            told = f"there are {', '.join(arms)}" if arms else "this experiment has no arms"
            problems.append(f'replications.versus = "{rule.versus}": is no arm; {told}')
        if file.keep != "worlds":
            problems.append(f'keep = "{file.keep}": paired differences need all; must be "worlds"')
        if file.random_numbers != "common":
            problems.append(
                f'random_numbers = "{file.random_numbers}": differences are paired; must be "common"'
            )
    if problems:
        raise InputError(f"{where}: {problem}" for problem in problems)


def _check_hypotheses(file: ExperimentFile, points: tuple[Point, ...], where: str) -> None:
    """A hypothesis must name points and a measure that there are, and differences must be paired."""
    if not file.hypothesis:
        return
    problems = []
    if file.random_numbers != "common":
        problems.append(
            f'random_numbers = "{file.random_numbers}": hypotheses compare points replication by '
            'replication; must be "common"'
        )
    if file.keep != "worlds":
        problems.append(
            f'keep = "{file.keep}": hypotheses compare points world by world; must be "worlds"'
        )
    known = measures_of(points[0].scenario)
    for hypothesis in file.hypothesis:
        problems += measure_problems(hypothesis, known)
        try:
            compared(hypothesis, [point.labels for point in points])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(f"{where}: {problem}" for problem in problems)


def _told(varied: list[str]) -> str:
    return f"this experiment varies {', '.join(varied)}" if varied else "nothing is swept"


def resolved(experiment: Experiment) -> tuple[Document, Document]:
    """The experiment and its scenario as documents for the results folder, which holds the points."""
    document, file = experiment.document() | {"scenario": "scenario.toml"}, experiment.file
    points = {"file": "points.parquet", "sha256": _fingerprint(experiment.points)}
    # Ranges are written out: a TOML file keeps tables after plain values, and the order numbers the points.
    if file.sweep:
        document["sweep"] = {key: levels(values) for key, values in file.sweep.items()}
    if file.sample is not None:
        document["sample"]["over"] = in_full(file.sample.over, experiment.scenario)
        document["sample"]["drawn"] = points
    if file.table is not None:
        document["table"] = points
    return document, as_document(experiment.scenario)


def difference(there: Document, here: Document, at: str = "") -> str | None:
    """The first difference between two documents, in words; None if they are equal."""
    for key in dict.fromkeys([*there, *here]):
        name = f"{at}{key}"
        old, new = there.get(key), here.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            if found := difference(old, new, f"{name}."):
                return found
        elif old != new:
            return f"{name} is {shown(old)} there and {shown(new)} here"
    return None
