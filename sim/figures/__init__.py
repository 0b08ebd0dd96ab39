"""Figures that read without a manual: each is a function that returns a matplotlib Figure.

The words under a figure are its label, `figure.get_label()`, so that a page can repeat them.
"""

from collections.abc import Callable

from matplotlib.figure import Figure

from sim.figures.bargaining_set import bargaining_set
from sim.figures.boxes import boxes
from sim.figures.effects import effects
from sim.figures.enough import enough
from sim.figures.intervals import differences, sensitivity, summary
from sim.figures.ladder import ladder
from sim.figures.outcome_map import outcome_map
from sim.figures.record import record
from sim.figures.style import save
from sim.figures.talks import talks

__all__ = [
    "FIGURES",
    "bargaining_set",
    "boxes",
    "differences",
    "effects",
    "enough",
    "ladder",
    "outcome_map",
    "record",
    "save",
    "sensitivity",
    "summary",
    "talks",
]

FIGURES: dict[str, Callable[..., Figure]] = {
    "talks": talks,
    "bargaining_set": bargaining_set,
    "summary": summary,
    "outcome_map": outcome_map,
    "differences": differences,
    "sensitivity": sensitivity,
    "effects": effects,
    "boxes": boxes,
    "enough": enough,
    "ladder": ladder,
    "record": record,
}
