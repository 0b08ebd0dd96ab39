"""Draw the figures of a results folder into its folder `figures`: which, and what if one cannot be drawn."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from re import sub

from matplotlib.figure import Figure

from sim.experiments.design.file import FigureRequest
from sim.experiments.running.files import FIGURES as FOLDER
from sim.experiments.running.results import Results
from sim.experiments.running.selection import Selection
from sim.inputs.problems import InputError
from sim.show.figures.asked import asked_for, file_of, source_of
from sim.show.figures.sources import FIGURES
from sim.show.figures.style import save

MOST_LETTERS = 80  # of a file's name that say which points are left


def draw(
    results: Results, request: FigureRequest | None = None, *, force: bool = False
) -> list[Path]:
    """Draw one figure, or all that the experiment asks for; returns the PNG files (SVG beside each).

    A file in their place that is not ours is moved aside, or with `force` replaced.

    Raises:
        InputError: when a figure is unknown, or the results cannot show it.
        RunError: when the folder cannot be written.

    """
    return draw_each(results, [request] if request else asked_for(results), force=force)


def draw_each(
    results: Results, requests: Iterable[FigureRequest], *, force: bool = False
) -> list[Path]:
    """The same of several figures."""
    figures = {file_of(request): _figure(results, request) for request in requests}
    return _save(results, figures, force)


def draw_all(results: Results, *, force: bool = False) -> list[Path]:
    """Draw what the experiment asks for and all else that its results can show; returns the PNG files.

    Raises:
        InputError: when they cannot show a figure that the experiment asks for.
        RunError: when the folder cannot be written.

    """
    requested = {file_of(request): _figure(results, request) for request in asked_for(results)}
    figures: dict[str, Figure | None] = {}
    for name in FIGURES:
        file = file_of(_first_request(results, name))
        figures[file] = requested.get(file) or _attempt(results, name)
    drawn = {file: figure for file, figure in figures.items() if figure is not None}
    return _save(results, drawn | requested, force)


def possible(results: Results, names: Iterable[str] = FIGURES) -> Iterator[tuple[str, Figure]]:
    """The figures of these names that these results can show, one after another, with their names.

    Each is drawn as the experiment file first asks for it, or else without any options.
    """
    for name in names:
        figure = _attempt(results, name)
        if figure is not None:
            yield name, figure


def _attempt(results: Results, name: str) -> Figure | None:
    try:
        return FIGURES[name].figure(results, _first_request(results, name))
    except ValueError:
        return None


def _first_request(results: Results, name: str) -> FigureRequest:
    requests = results.experiment.file.figure or []
    return next((each for each in requests if each.name == name), FigureRequest(name=name))


def _figure(results: Results, request: FigureRequest) -> Figure:
    source = source_of(request.name)
    try:
        return source.figure(results, request)
    except ValueError as error:
        raise InputError([_refusal(results, request, error)]) from None


def _refusal(results: Results, request: FigureRequest, error: ValueError) -> str:
    """Why there is no such figure; if no other options would help, also which figures there are."""
    reason = "; ".join(str(error).splitlines()).removeprefix(f"{results.folder}: ")
    refusal = f"{results.folder}: {request.name}: {reason}"
    if _attempt(results, request.name) is not None:
        return refusal
    names = [name for name, _ in possible(results)]
    *most, last = names or ["no figure"]
    return f"{refusal}; these results can show {', '.join(most)}{' and ' * bool(most)}{last}"


def _save(results: Results, figures: Mapping[str, Figure], force: bool) -> list[Path]:
    within = results.folder
    if isinstance(results, Selection):
        kept = sub(r"[^A-Za-z0-9._]+", "-", results.words).strip("-")[:MOST_LETTERS]
        figures = {f"{name}-where-{kept}": figure for name, figure in figures.items()}
    return [
        save(figure, within / FOLDER / name, force=force, within=within)[0]
        for name, figure in figures.items()
    ]
