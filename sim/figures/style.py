"""How every figure looks: colours and markers by role, sizes for a slide, files that repeat.

Colours are Okabe and Ito's (2008), which colour-blind readers tell apart; every role has a marker
too, so that a figure also reads in grey.
"""

import textwrap
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from pathlib import Path

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine

COLOUR = {"governor": "#0072B2", "coalition": "#D55E00"}
MARKER = {"governor": "s", "coalition": "o"}
INK = "#222222"
GREY = "#666666"
FAINT = "#DDDDDD"

WIDTH = 11.0  # inches: as wide as a slide
SMALL, TEXT, LARGE = 11, 12, 15  # points
CAPTION_LETTERS, TITLE_LETTERS = 118, 84  # that fit in one line of the width

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


class Picture(Figure):
    """A figure that shows itself in a notebook, whatever its plotting backend."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=100)
        return buffer.getvalue()


def in_house_style(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Let a function draw with the house's settings, whatever those of the caller are."""

    @wraps(draw)
    def drawn(*args, **kwargs) -> Figure:
        with matplotlib.style.context(["default", HOUSE]):
            return draw(*args, **kwargs)

    return drawn


def figure(height: float, title: str, caption: str, layout: LayoutEngine | None = None) -> Figure:
    """Open a figure of the house's width, with its title above and its caption below.

    Args:
        height: inches.
        title: wrapped to fit.
        caption: wrapped to fit; also the figure's label.
        layout: what places the panels, if the caller does not.

    """
    opened = Picture(figsize=(WIDTH, height), layout=layout)
    opened.suptitle(
        textwrap.fill(title, TITLE_LETTERS), x=0.02, ha="left", size=LARGE, weight="bold"
    )
    opened.supxlabel(textwrap.fill(caption, CAPTION_LETTERS), x=0.02, ha="left", size=TEXT)
    opened.set_label(caption)
    return opened


def finish(figure: Figure) -> None:
    """Lay a figure out, and let its ticks take the house's settings while they hold."""
    figure.draw_without_rendering()


def caption_height(caption: str) -> float:
    """How much room a caption takes, in inches."""
    return 0.25 * len(textwrap.wrap(caption, CAPTION_LETTERS))


def percent(share: float) -> str:
    """A share as a whole percentage; a line does not break before its sign."""
    return f"{100 * share:.0f}\u00a0%"


def dollars(millions: float) -> str:
    """Dollars of the biennium in whole millions."""
    return f"${millions:,.0f}M"


def size_in_points(axes: Axes) -> tuple[float, float]:
    """How wide and high a panel is."""
    box = axes.get_position()
    width, height = axes.figure.get_size_inches()
    return box.width * width * 72, box.height * height * 72


def save(figure: Figure, path: str | Path) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG; the same figure gives the same bytes on the same machine.

    Args:
        figure: what to write; its label becomes the description inside the files.
        path: where, without suffix.

    """
    png, svg = Path(f"{path}.png"), Path(f"{path}.svg")
    png.write_bytes(as_png(figure))
    svg.write_bytes(as_svg(figure))
    return png, svg


def as_png(figure: Figure) -> bytes:
    """A figure as the contents of a PNG file."""
    return _file(figure, format="png", dpi=150, metadata={"Software": None})


def as_svg(figure: Figure) -> bytes:
    """A figure as the contents of an SVG file, with its letters as outlines."""
    return _file(figure, format="svg", metadata={"Date": None, "Creator": None})


def _file(figure: Figure, *, metadata: dict[str, str | None], **options: object) -> bytes:
    about = metadata | {"Description": figure.get_label()}
    buffer = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "bargain", "svg.fonttype": "path"}):
        figure.savefig(buffer, metadata=about, **options)
    return buffer.getvalue()
