"""Figures as parts of a page: all that the results can show, inside the page itself."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.experiments.running.results import Results
from sim.show.figures.draw import possible
from sim.show.figures.sources import FIGURES
from sim.show.figures.style import as_png, as_svg

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
    """The figures that the experiment asks for, then all others that its results can show."""
    requests = results.experiment.file.figure or []
    for request in requests:
        try:
            yield _picture(request.name, FIGURES[request.name].figure(results, request))
        except (ValueError, KeyError):  # these results cannot show it, or it has another name now
            continue
    names = {request.name for request in requests}
    for name, figure in possible(results, (name for name in FIGURES if name not in names)):
        yield _picture(name, figure)


def _picture(name: str, figure: Figure) -> EmbeddedFigure:
    content, kind = as_svg(figure), "svg+xml"
    if len(content) > LARGE:
        content, kind = as_png(figure), "png"
    source = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    return EmbeddedFigure(name, f"{figure.get_label()}", source, *figure.get_size_inches())
