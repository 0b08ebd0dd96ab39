"""Draw the figures of a results folder into its folder `figures`."""

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from sim.against_record import compare, from_columns
from sim.experiments.adequacy import running
from sim.experiments.counterfactual import by_arm
from sim.experiments.design import FigureRequest, Point
from sim.experiments.discovery import DENSE, discover
from sim.experiments.effects import against, factorial, shares
from sim.experiments.sensitivity import sensitivity as sensitivity_of
from sim.experiments.store import Results, RunError
from sim.figures import FIGURES
from sim.figures.bargaining_set import bargaining_set
from sim.figures.boxes import boxes
from sim.figures.effects import effects
from sim.figures.enough import enough
from sim.figures.intervals import MOST_ROWS, differences, sensitivity, summary
from sim.figures.intervals import named as name_of
from sim.figures.ladder import ladder
from sim.figures.outcome_map import outcome_map
from sim.figures.record import record
from sim.figures.style import save
from sim.figures.talks import talks
from sim.problems import InputError, nearest
from sim.record import load_record
from sim.schema import value_of
from sim.solution import solve

RECORD = "connecticut-2011"


def draw(results: Results, request: FigureRequest | None = None) -> list[Path]:
    """Draw one figure, or all that the experiment asks for; returns the PNG files (SVG beside each).

    Raises:
        InputError: when a figure is unknown, or the results cannot show it.
        RunError: when the folder cannot be written.

    """
    requests = [request] if request else _asked_for(results)
    figures = {_name(request): _figure(results, request) for request in requests}
    try:
        (results.folder / "figures").mkdir(exist_ok=True)
        for name, figure in figures.items():
            save(figure, results.folder / "figures" / name)
    except OSError as error:
        raise RunError(
            f"{results.folder / 'figures'}: cannot be written ({error.strerror})"
        ) from None
    return [results.folder / "figures" / f"{name}.png" for name in figures]


def _asked_for(results: Results) -> list[FigureRequest]:
    """The figures named in the experiment file, or those that fit the design."""
    file = results.experiment.file
    if file.figure is not None:
        return file.figure
    varied = list(results.experiment.points[0].labels)
    default = [FigureRequest(name="talks")]
    grid = len(varied) == 2 and file.sample is None and file.table is None
    if grid:
        return [*default, FigureRequest(name="outcome_map")]
    few = 1 < len(results.experiment.points) <= MOST_ROWS
    return [*default, FigureRequest(name="summary")] if few else default


def _figure(results: Results, request: FigureRequest) -> Figure:
    if request.name not in FIGURES:
        known = ", ".join(FIGURES)
        hint = nearest(request.name, FIGURES)
        raise InputError([f'no figure is called "{request.name}"{hint}: there are {known}'])
    try:
        return _DRAWN_FROM[request.name](results, request)
    except ValueError as error:
        raise InputError([f"{results.folder}: {request.name}: {error}"]) from None


def _differences(results: Results, request: FigureRequest) -> Figure:
    """All design points against the first."""
    table = against(results, request.measure)
    return differences(table, request.measure, results.experiment.file.question)


def _summary(results: Results, request: FigureRequest) -> Figure:
    labels = list(results.experiment.points[0].labels)
    return summary(results.summary, labels, request.measure, results.experiment.file.question)


def _sensitivity(results: Results, request: FigureRequest) -> Figure:
    table = sensitivity_of(results, request.measure)
    return sensitivity(table, request.measure, results.experiment.file.question)


def _effects(results: Results, request: FigureRequest) -> Figure:
    tables = [table(results, request.measure) for table in (factorial, shares)]
    return effects(*tables, request.measure, results.experiment.file.question)


def _boxes(results: Results, request: FigureRequest) -> Figure:
    sides = {"below": request.below, "above": request.above}
    density = DENSE if request.density is None else request.density
    table = discover(results, request.measure, **sides, density=density)
    sought = next(f"{side} {end:g}" for side, end in sides.items() if end is not None)
    return boxes(table, request.measure, sought, results.experiment.file.question)


def _enough(results: Results, request: FigureRequest) -> Figure:
    table = running(results, request.measure)
    return enough(table, request.measure, request.at_most, results.experiment.file.question)


def _ladder(results: Results, request: FigureRequest) -> Figure:
    each = int(results.summary["n"].max())
    return ladder(by_arm(results), each, results.experiment.file.question)


def _record(results: Results, request: FigureRequest) -> Figure:
    """All arms, or design points, against the record of 2011."""
    known = load_record(RECORD)
    worlds = results.worlds
    tables = {}
    for name, points in _named_points(results).items():
        rounds = points[0].scenario.calendar.rounds
        mine = worlds[worlds["point"].isin([point.number for point in points])]
        tables[name] = compare(from_columns(mine, rounds, known), known).table
    return record(tables, results.experiment.file.question)


def _named_points(results: Results) -> dict[str, list[Point]]:
    """The points of each arm; without arms every point by what it varies."""
    named: dict[str, list[Point]] = {}
    for point in results.experiment.points:
        keys = ["arm"] if "arm" in point.labels else list(point.labels)
        named.setdefault(name_of(point.labels, keys), []).append(point)
    if len(named) > MOST_ROWS:
        raise ValueError(f"{len(named)} rows are too many to read; {MOST_ROWS} is the most")
    return named


def _talks(results: Results, request: FigureRequest) -> Figure:
    """The first world of the design point nearest the scenario's own values."""
    file, base = results.experiment.file, results.experiment.scenario
    own = {key for arm in file.arms.values() for key in arm}
    varied = own | set(results.experiment.points[0].swept)

    def differences(point: Point) -> int:
        return sum(value_of(point.scenario, key) != value_of(base, key) for key in varied)

    home = min(results.experiment.points, key=differences)
    return talks(results.replay(home.number, 0))


def _bargaining_set(results: Results, request: FigureRequest) -> Figure:
    """The scenario with what is set for all design points."""
    return bargaining_set(solve(results.experiment.scenario))


def _map(results: Results, request: FigureRequest) -> Figure:
    varied = list(results.experiment.points[0].labels)
    x, y = request.x, request.y
    if x is None or y is None:
        free = [key for key in varied if key not in (x, y)]
        if len(varied) != 2:
            told = f"{', '.join(varied)} are" if len(varied) > 1 else "fewer than two things are"
            raise ValueError(f"a map needs two swept keys, and {told} varied here; name x and y")
        x, y = x or free.pop(0), y or free.pop(0)
    question = results.experiment.file.question
    return outcome_map(results.summary, x, y, measure=request.measure, question=question)


_DRAWN_FROM: dict[str, Callable[[Results, FigureRequest], Figure]] = {
    "talks": _talks,
    "bargaining_set": _bargaining_set,
    "summary": _summary,
    "outcome_map": _map,
    "differences": _differences,
    "sensitivity": _sensitivity,
    "effects": _effects,
    "boxes": _boxes,
    "enough": _enough,
    "ladder": _ladder,
    "record": _record,
}


def _name(request: FigureRequest) -> str:
    return (
        request.name
        if request.name in ("talks", "bargaining_set", "ladder", "record")
        else f"{request.name}-{request.measure}"
    )
