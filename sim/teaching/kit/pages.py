"""The pages of a kit: its sheets, filled into the templates."""

import math
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.arrays.axes import TIE
from sim.outputs.text import on_a_page
from sim.play.measures import dollars
from sim.show.figures.style import percent
from sim.teaching.kit.contents import Kit, Sheet
from sim.teaching.kit.paper import in_thousands


def pages(kit: Kit) -> dict[str, str]:
    """All sheets on one page, then each on a page of its own, by file name."""
    environment = Environment(
        loader=PackageLoader("sim.teaching.kit"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=on_a_page,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "number": in_thousands,
        "dollars": dollars,
        "about": _about,
        "weight": _weight,
        "quota": _quota,
        "fixed": _fixed,
        "at_most": _at_most,
        "at_least": _at_least,
        "signed": _signed,
    }
    page = environment.get_template("page.html")

    def printed(sheets: Sequence[Sheet], title: str) -> str:
        return page.render(kit=kit, sheets=sheets, title=title)

    files = {"kit.html": printed(kit.sheets, kit.scenario.title)}
    for sheet in kit.sheets:
        files[f"{sheet.file}.html"] = printed([sheet], f"{kit.scenario.title}: {sheet.title}")
    return files


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "\u2212")


def _about(persons: float) -> str:
    """Persons to two digits."""
    return f"{float(f'{persons:.2g}'):,.0f}"


def _weight(share: float) -> str:
    """A union's share of the members."""
    return f"{100 * share:.1f}\u00a0%"


def _quota(share: float) -> str:
    """A share that bylaws ask for, to all of its digits."""
    return f"{100 * share:.6g}\u00a0%"


def _fixed(value: float, decimals: int, unit: str = "") -> str:
    """A number with so many decimals; none where there is nothing to reckon it from."""
    return "none" if math.isnan(value) else f"{value:.{decimals}f}{unit}"


def _at_most(share: float) -> str:
    """A bound from above, rounded so that it still is one."""
    return f"{math.ceil(100 * share - TIE)}\u00a0%"


def _at_least(share: float) -> str:
    """A bound from below, rounded so that it still is one."""
    return f"{math.floor(1000 * share + TIE) / 10:.1f}\u00a0%"
