"""From an experiment file to design points, with every problem told at once.

A design point is one setting of the parameters; its replications are the worlds that share it. The
points are the named arms crossed with the grid of the sweep, in the order of the file, the last key
moving fastest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictStr, ValidationError

from sim.experiments.claims import Hypothesis, compared, measure_problems
from sim.experiments.compare import measures_of
from sim.problems import Document, InputError, nearest, sentences, shown
from sim.scenario import as_document, parse_scenario, read_document, read_toml, with_values
from sim.schema import RULED_BY_NAME, Scenario, Section, Whole, expand, parameters

MAX_POINTS = 100_000


class FigureRequest(Section):
    """A figure to draw when the experiment is done, with the options of that figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StrictStr
    measure: StrictStr = "ratified"
    x: StrictStr | None = None
    y: StrictStr | None = None


class ExperimentFile(Section):
    """The tables and keys of an experiment file."""

    name: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    question: StrictStr
    scenario: StrictStr
    replications: Annotated[Whole, Field(ge=1, description="worlds at each design point")]
    seed: Annotated[Whole, Field(ge=0, lt=2**63, description="names the random numbers")]
    random_numbers: Literal["common", "independent"] = "common"
    set: dict[StrictStr, Any] = {}
    sweep: dict[StrictStr, Any] = {}
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
    """A checked experiment: the file's contents, the scenario before any change, and the points."""

    file: ExperimentFile
    scenario: Scenario
    points: tuple[Point, ...]

    @property
    def worlds(self) -> int:
        """How many worlds the whole design has."""
        return len(self.points) * self.file.replications

    def first_world(self, point: Point, replication: int) -> int:
        """The address of a replication's random numbers.

        Common random numbers give replication r the same draws at every point; independent ones do
        not.
        """
        if self.file.random_numbers == "common":
            return replication
        return point.number * self.file.replications + replication

    def document(self) -> Document:
        """The experiment as the plain document that would load as it."""
        return self.file.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def find_experiment(name_or_path: str | Path) -> Path:
    """The path of an experiment: a path, or the name of a file in the folder `experiments`."""
    path = Path(name_or_path)
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
    overrides = dict(overrides or {})
    given = overrides.pop("set", {})
    if given and isinstance(document.get("set", {}), dict):
        document["set"] = document.get("set", {}) | given
    return parse_experiment(document | overrides, str(path), path.parent)


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
        problems += [f"{where}: {problem}" for problem in _setting_problems(document, scenario)]
    if problems or file is None or scenario is None:
        raise InputError(problems)
    points = tuple(_points(file, scenario, where))
    _check_figures(file, points, where)
    _check_hypotheses(file, points, where)
    return Experiment(file, scenario, points)


def _scenario_of(document: Document, where: str, folder: Path | None) -> Scenario | None:
    name = document.get("scenario")
    if not isinstance(name, str):
        return None
    try:
        return parse_scenario(read_document(name, folder), name)
    except InputError as error:
        raise InputError(f"{where}: scenario: {problem}" for problem in error.problems) from None


def _setting_problems(document: Document, scenario: Scenario) -> Iterator[str]:
    """Check every setting of the file by itself, so that all wrong ones are told."""
    tables = {"set": document.get("set"), "sweep": document.get("sweep")}
    arms = document.get("arms")
    if isinstance(arms, dict):
        tables |= {f"arms.{name}": arm for name, arm in arms.items()}
        if not arms:
            yield "arms: holds no arm; add [arms.name] tables or take it out"
    for table, settings in tables.items():
        if not isinstance(settings, dict):
            continue
        for key, value in settings.items():
            values = _levels(value) if table == "sweep" else [value]
            if isinstance(values, str):
                yield f'{table}."{key}": {values}'
                continue
            yield from _value_problems(f'{table}."{key}"', key, values, scenario)
    yield from _conflicts(document)


def _value_problems(where: str, key: str, values: list, scenario: Scenario) -> Iterator[str]:
    known = parameters(type(scenario))
    if key not in known:
        yield f"{where}: {scenario.name} has no parameter called that{nearest(key, known)}"
        return
    for value in values:
        try:
            with_values(scenario, {key: _fitting(known[key], value)})
        except InputError as error:
            yield from (f"{where}: {p.removeprefix('set: ')}" for p in error.problems)


def _conflicts(document: Document) -> Iterator[str]:
    """Settings that would silently overrule others."""
    sweep, fixed, arms = (
        table if isinstance(table := document.get(name), dict) else {}
        for name in ("sweep", "set", "arms")
    )
    arms = {f"arms.{name}": arm for name, arm in arms.items() if isinstance(arm, dict)}
    for where, arm in arms.items():
        for key in sweep.keys() & arm.keys():
            yield f'{where}."{key}": is also swept, which would overrule the arm; keep one of them'
    ruled = [f"information.{name}" for name in RULED_BY_NAME]
    for where, table in [("set", fixed), *arms.items()]:
        for key in table.keys() & ruled if "information.rule" in sweep else ():
            yield f'{where}."{key}": would overrule the swept information.rule; keep one of them'


def _levels(value: Any) -> list | str:
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


def _fitting(field: Any, value: Any) -> Any:
    """A whole number written with a decimal point, as a range gives it, where the schema wants one."""
    whole = field.annotation is int and isinstance(value, float) and value.is_integer()
    return int(value) if whole else value


def _points(file: ExperimentFile, scenario: Scenario, where: str) -> Iterator[Point]:
    known = parameters(type(scenario))
    levels = [[_fitting(known[key], v) for v in _levels(file.sweep[key])] for key in file.sweep]
    arms: Iterable[tuple[str | None, dict]] = file.arms.items() or [(None, {})]
    size = len(list(arms))
    for values in levels:
        size *= len(values)
    if size > MAX_POINTS:
        raise InputError([f"{where}: the grid has {size:,} points; the most is {MAX_POINTS:,}"])
    problems: list[str] = []
    for number, ((arm, own), values) in enumerate(product(arms, product(*levels))):
        swept = dict(zip(file.sweep, values, strict=True))
        try:
            settled = with_values(scenario, file.set | own | swept, f"{where}: point {number}")
            yield Point(number, arm, swept, settled)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


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
    """The experiment and its scenario as documents for the results folder."""
    return experiment.document() | {"scenario": "scenario.toml"}, as_document(experiment.scenario)


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
