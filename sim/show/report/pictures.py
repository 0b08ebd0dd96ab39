"""Figures as parts of a page: first the one that shows the answer, then all others that there are."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.experiments.design.file import FigureRequest
from sim.experiments.design.kinds import Design, design_of
from sim.experiments.running.results import Results
from sim.show.figures.draw import possible
from sim.show.figures.sources import FIGURES
from sim.show.figures.style import as_png, as_svg
from sim.show.report.answer import measures_told

OF_ONE_SETTING = ("savings", "settlement_time", "talks")
BEST = {  # by design, what shows one measure of it best
    Design.SETTINGS: ("summary", "talks"),
    Design.GRID: ("outcome_map", "summary", "effects"),
    Design.DRAWS: ("ladder", "savings", "settlement_time"),
    Design.TABLE: ("ladder", "savings", "settlement_time"),
    Design.ONE_AT_A_TIME: ("tornado", "summary"),
    Design.SCREENING: ("sensitivity", "talks"),
}
LARGE = 300_000  # bytes: a larger drawing of lines is embedded as dots


@dataclass(frozen=True)
class EmbeddedFigure:
    """A figure inside a page: its name, its words, its contents as an address, and its size (inches)."""

    name: str
    caption: str
    source: str
    width: float
    height: float


def pictures(results: Results) -> Iterator[EmbeddedFigure]:
    """The figure that shows the answer, those that the experiment asks for, then all others."""
    requests = results.experiment.file.figure or []
    drawn: list[FigureRequest] = []
    for request in _of_the_answer(results):
        if found := _attempt(results, request):
            yield found
            drawn.append(request)
            break
    for request in requests:
        if request not in drawn and (found := _attempt(results, request)):
            yield found
    names = {request.name for request in [*requests, *drawn]}
    for name, figure in possible(results, (name for name in FIGURES if name not in names)):
        yield _picture(name, figure)


def _of_the_answer(results: Results) -> Iterator[FigureRequest]:
    """What may show the main measure best, the best first."""
    main = measures_told(results)[0].name
    for request in results.experiment.file.figure or []:
        if (
            request.measure == main
            and request.name in FIGURES
            and FIGURES[request.name].of_a_measure
        ):
            yield request
    kind = design_of(results.experiment)
    several = len(results.experiment.points) > 1
    for name in BEST[kind] if several else OF_ONE_SETTING:
        yield FigureRequest(name=name, measure=main)


def _attempt(results: Results, request: FigureRequest) -> EmbeddedFigure | None:
    try:
        return _picture(request.name, FIGURES[request.name].figure(results, request))
    except (ValueError, KeyError):  # these results cannot show it, or it has another name now
        return None


def _picture(name: str, figure: Figure) -> EmbeddedFigure:
    content, kind = as_svg(figure), "svg+xml"
    if len(content) > LARGE:
        content, kind = as_png(figure), "png"
    source = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    return EmbeddedFigure(name, f"{figure.get_label()}", source, *figure.get_size_inches())
