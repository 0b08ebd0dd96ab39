"""Which figures a results folder should have, and under which names; nothing is drawn for it."""

from sim.experiments.design.file import FigureRequest
from sim.experiments.running.files import FIGURES as FOLDER
from sim.experiments.running.results import Results
from sim.inputs.problems import InputError, nearest
from sim.outputs.files import is_ours
from sim.show.figures.sources import FIGURES, Source

MOST_ROWS = 40  # of a figure with a row a point


def asked_for(results: Results) -> list[FigureRequest]:
    """The figures named in the experiment file, or those that fit the design."""
    file = results.experiment.file
    if file.figure is not None:
        return file.figure
    varied = list(results.experiment.points[0].labels)
    default = [FigureRequest(name="talks")]
    swept = [key for key in varied if key != "arm"]
    grid = 2 in (len(varied), len(swept)) and file.sample is None and file.table is None
    if grid:
        return [*default, FigureRequest(name="outcome_map")]
    few = 1 < len(results.experiment.points) <= MOST_ROWS
    return [*default, FigureRequest(name="summary")] if few else default


def missing(results: Results) -> list[FigureRequest]:
    """The figures that the experiment asks for and that are not there, or where something else stands."""
    folder = results.folder / FOLDER
    return [
        request
        for request in asked_for(results)
        if not all(is_ours(folder / f"{file_of(request)}{end}") for end in (".png", ".svg"))
    ]


def source_of(name: str) -> Source:
    """Where a figure comes from.

    Raises:
        InputError: when no figure is called that.
    """
    if name not in FIGURES:
        known = ", ".join(FIGURES)
        raise InputError(
            [f'no figure is called "{name}"{nearest(name, FIGURES)}: there are {known}']
        )
    return FIGURES[name]


def file_of(request: FigureRequest) -> str:
    """The name of a figure's files, without ending."""
    measured = source_of(request.name).of_a_measure
    return f"{request.name}-{request.measure}" if measured else request.name
