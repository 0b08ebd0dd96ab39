"""How every figure looks: colours and markers by role, sizes for a slide, files that repeat.

Colours are Okabe and Ito's (2008), which colour-blind readers tell apart; every role has a marker
too, so that a figure also reads in grey.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.ticker import FuncFormatter
from scipy.optimize import isotonic_regression

from sim.outputs.files import write_files
from sim.outputs.text import paragraph
from sim.play.measures import SHARE

COLOUR = {"governor": "#0072B2", "coalition": "#D55E00"}
MARKER = {"governor": "s", "coalition": "o"}
INK = "#222222"
GREY = "#666666"
FAINT = "#DDDDDD"

WIDTH = 11.0  # inches: as wide as a slide
SMALL, TEXT, LARGE = 11, 12, 15  # points
CAPTION_LETTERS, TITLE_LETTERS = 118, 84  # that fit in one line of the width
PANEL, REST = 2.9, 1.6  # inches: the height of a row of small panels; title and caption
NAME_LETTERS = 84  # that fit above a row of small panels
MOST_LAYOUTS = 3  # until the ticks of panels stay as they are
PACKED = {"compress_level": 3}  # of a PNG file: with flat colours as small as more work makes it

percent = SHARE.show  # of a share

Look = dict[str, Any]  # what matplotlib is told of a line, a mark or a text

HOUSE = {
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,  # a dollar is a dollar
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": TEXT + 1,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "hatch.linewidth": 0.8,
}


class ShownFigure(Figure):
    """A figure that shows itself in a notebook, whatever its plotting backend.

    Its texts are shown as they are written; what cannot be shown is written out.
    """

    def draw(self, renderer: Any) -> None:  # what stands for a RendererBase
        """Draw it, once all texts can be shown."""
        _write_out(self)
        with laid_out(self):
            super().draw(renderer)

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        with laid_out(self):
            self.savefig(buffer, format="png", dpi=100, pil_kwargs=PACKED)
        return buffer.getvalue()


def _write_out(figure: Figure) -> None:
    """Make all texts of a figure ones that can be shown."""
    for each in figure.findobj(lambda artist: isinstance(artist, Text | Axis)):
        if isinstance(each, Text):
            if (plain := paragraph(each.get_text())) != each.get_text():
                each.set_text(plain)
        elif isinstance(each, Axis) and type(named := each.get_major_formatter()) is FuncFormatter:
            each.set_major_formatter(_PlainNames(named.func))


class _PlainNames(FuncFormatter):
    """Names of ticks, as they can be shown."""

    def __call__(self, x: float | np.number, pos: int | None = None) -> str:
        return paragraph(super().__call__(float(x), pos))


def house_style() -> AbstractContextManager[None]:
    """The house's settings, whatever those of the caller are."""
    return matplotlib.style.context(["default", HOUSE])


def in_house_style(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Let a function draw in the house's style."""

    @wraps(draw)
    def drawn(*args, **kwargs) -> Figure:
        with house_style():
            made = draw(*args, **kwargs)
            made.findobj()  # which makes its ticks, so that they take these settings
        return made

    return drawn


def figure(height: float, title: str, caption: str, *, placed: bool = False) -> Figure:
    """Open a figure of the house's width, with its title above and its caption below.

    Args:
        height: inches.
        title: wrapped to fit.
        caption: wrapped to fit; also the figure's label.
        placed: whether the caller places the panels; else they get all the room that texts leave.

    """
    layout = None if placed else ConstrainedLayoutEngine(w_pad=0.14, h_pad=0.14)  # inches
    opened = ShownFigure(figsize=(WIDTH, height), layout=layout)
    opened.suptitle(
        textwrap.fill(title, TITLE_LETTERS), x=0.02, ha="left", size=LARGE, weight="bold"
    )
    opened.supxlabel(textwrap.fill(caption, CAPTION_LETTERS), x=0.02, ha="left", size=TEXT)
    opened.set_label(caption)
    return opened


def small_multiples(names: Sequence[str], title: str, caption: str) -> tuple[Figure, list[Axes]]:
    """Open a figure with a panel for each name, alike in scale, up to three in a row."""
    longest = max(len(word) for name in names for word in name.split())
    across = min(len(names), 3 if len(names) > 4 and longest <= NAME_LETTERS // 3 else 2)
    down = -(-len(names) // across)
    drawing = figure(REST + PANEL * down, title, caption)
    panels = panels_of(drawing, len(names), across, sharey=True, sharex=True)
    for axes, name in zip(panels, names, strict=True):
        if len(names) > 1:
            axes.set_title(textwrap.fill(name, NAME_LETTERS // across), size=SMALL, weight="normal")
        axes.tick_params(labelbottom=True)
    return drawing, panels


def panels_of(drawing: Figure, number: int, across: int, **options: Any) -> list[Axes]:
    """So many panels, in rows of so many."""
    grid = drawing.subplots(-(-number // across), across, squeeze=False, **options)
    for axes in grid.flat[number:]:
        axes.set_visible(False)
    return list(grid.flat[:number])


def lay_out(figure: Figure) -> None:
    """Lay a figure out, so that its panels have a size."""
    engine, canvas, dots = figure.get_layout_engine(), figure.canvas, figure.dpi
    if engine is None:
        return
    _write_out(figure)
    FigureCanvasSVG(figure)  # on which letters are as wide as they are, whatever the dots
    try:
        for _ in range(MOST_LAYOUTS):
            engine.execute(figure)
            if not _ticks_change(figure):
                break
    finally:
        figure.set_canvas(canvas)
        figure.set_dpi(dots)


def _ticks_change(figure: Figure) -> bool:
    """Whether panels of the size that they have now have other ticks than those that were laid out."""
    axes = [axis for panel in figure.axes for axis in (panel.xaxis, panel.yaxis)]
    before = [[tick.label1.get_text() for tick in axis.majorTicks] for axis in axes]
    now = [[label.get_text() for label in axis.get_majorticklabels()] for axis in axes]
    return any(own != laid[: len(own)] for own, laid in zip(now, before, strict=True))


@contextmanager
def laid_out(figure: Figure) -> Iterator[None]:
    """Lay a figure out once for all that is made of it meanwhile."""
    if (engine := figure.get_layout_engine()) is None:
        yield
        return
    lay_out(figure)
    with house_style():  # with other settings there might be another engine
        figure.set_layout_engine(None)
    try:
        yield
    finally:
        figure.set_layout_engine(engine)


def caption_height(caption: str) -> float:
    """How much room a caption takes, in inches."""
    return 0.25 * len(textwrap.wrap(caption, CAPTION_LETTERS))


def marks(axes: Axes, x: Any, y: Any, *, marker: str = "o", size: float = 7, **look: Any) -> None:
    """Draw points with no line between them."""
    axes.plot(x, y, linestyle="none", marker=marker, markersize=size, **look)


def key_beside(axes: Axes, **options: Any) -> None:
    """Put the legend to the right of a panel."""
    beside = {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "borderaxespad": 0}
    axes.legend(**{**beside, "frameon": False, **options})


def show_ticks(axis: Axis, show: Callable[[float], str]) -> None:
    """Write the ticks of an axis as a function shows their values."""
    axis.set_major_formatter(lambda value, _: show(value))


def thousands(value: float) -> str:
    """A whole number with commas between thousands."""
    return f"{value:,.0f}"


def rows_from_the_top(axes: Axes, names: Sequence[str], room: float = 0.5) -> None:
    """Name the rows of a panel, the first one on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 1 + room, -room)
    axes.tick_params(axis="y", length=0)


def refuse_more(number: int, most: int, what: str = "rows") -> None:
    """Raise a ValueError where there is more of something than one can read."""
    if number > most:
        raise ValueError(f"{number} {what} are too many to read; {most} is the most")


def level_in_words(level: Any) -> str:
    """A level of what is varied, as plain words."""
    if isinstance(level, bool | np.bool_):
        return "yes" if level else "no"
    if isinstance(level, int | float):
        return f"{level:,.6g}" if abs(level) < 1e6 else thousands(level)
    return str(level).replace("_", " ")


def worlds_a_panel(worlds: pd.DataFrame) -> str:
    """How many worlds a panel holds, to begin a caption; `group` says in which panel a world is."""
    sizes = worlds.groupby("group", observed=True).size()
    more = "" if sizes.min() == sizes.max() else " or more"
    return f"{'Each panel: ' * (len(sizes) > 1)}{sizes.min():,} worlds{more}"


def from_to(values: pd.Series, show: Callable[[float], str]) -> str:
    """One value, or the least and the greatest of several panels."""
    least, greatest = show(values.min()), show(values.max())
    return least if least == greatest else f"{least} to {greatest} (panel by panel)"


def size_in_points(axes: Axes) -> tuple[float, float]:
    """How wide and high a panel is."""
    box, page = axes.get_position(), axes.figure.get_figure(root=True)
    width, height = page.get_size_inches()
    return box.width * width * 72, box.height * height * 72


def width_of(text: str, size: float) -> float:
    """How wide a text is, in points."""
    if not text.strip():
        return 0.0
    return TextPath((0, 0), paragraph(text), size=size, prop=FontProperties()).vertices[:, 0].max()


def spread(wanted: np.ndarray, heights: np.ndarray, top: float) -> np.ndarray:
    """Move rising positions, as little as it takes, so that labels of these heights do not overlap.

    All of them stay between 0 and `top`.
    """
    if len(wanted) == 0:
        return wanted
    offset = np.concatenate([[0.0], np.cumsum((heights[:-1] + heights[1:]) / 2)])
    free = isotonic_regression(wanted - offset).x
    return offset + np.clip(free, heights[0] / 2, top - offset[-1] - heights[-1] / 2)


def save(
    figure: Figure, path: str | Path, *, force: bool = False, within: Path | None = None
) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG; the same figure gives the same bytes on the same machine.

    Args:
        figure: what to write; its label becomes the description inside the files.
        path: where, without suffix.
        force: write also over files that are not ours.
        within: the results folder it belongs to (see `sim.outputs.files.write_files`).

    """
    png, svg = Path(f"{path}.png"), Path(f"{path}.svg")
    with laid_out(figure):
        write_files({png: as_png(figure), svg: as_svg(figure)}, force=force, within=within)
    return png, svg


def as_png(figure: Figure) -> bytes:
    """A figure as the contents of a PNG file."""
    return _file(figure, {"Software": None}, format="png", dpi=150, pil_kwargs=PACKED)


def as_svg(figure: Figure) -> bytes:
    """A figure as the contents of an SVG file, with its letters as outlines."""
    return _file(figure, {"Date": None, "Creator": None}, format="svg")


def _file(figure: Figure, metadata: dict[str, str | None], **options: Any) -> bytes:
    about = metadata | {"Description": paragraph(figure.get_label())}
    buffer = BytesIO()
    with (
        laid_out(figure),
        matplotlib.rc_context({"svg.hashsalt": "bargain", "svg.fonttype": "path"}),
    ):
        figure.savefig(buffer, metadata=about, **options)
    return buffer.getvalue()
