"""Sliders around a figure, in a notebook."""

import inspect
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from matplotlib.figure import Figure

from sim.cases.schema import TwoLevelGame
from sim.inputs.parameter import SHARE, about, parameters
from sim.worlds.batch import SIDES

INSTALL = (
    "Sliders need ipywidgets: in a copy of the repository, pip install '.[notebooks]'. Until then, call "
    "the function with other values yourself."
)


def explore(draw: Callable[..., Figure], **controls: Any) -> Any:
    """Show a figure with a control for some arguments of the function that draws it.

    A control is (lowest, highest, step) for a slider, a list of words for a menu, or True for a box to
    tick; it starts at the function's default. An argument named like a parameter, such as
    `threat_layoffs`, is labelled by what the parameter means. Without ipywidgets, a sentence says how
    to install it.
    """
    if find_spec("ipywidgets") is None:
        print(INSTALL)
        return None
    from ipywidgets import interactive

    start = {name: each.default for name, each in inspect.signature(draw).parameters.items()}
    made = {name: _control(control, start[name], name) for name, control in controls.items()}
    return interactive(draw, {"auto_display": True}, **made)


def label(name: str) -> str:
    """What an argument means, with its unit: from the schema if it is a parameter, or its own name."""
    for key, field in parameters(TwoLevelGame).items():
        if key.replace(".", "_") == name:
            unit, table = about(field)["unit"], key.partition(".")[0]
            side = f"{table}: " if table in SIDES else ""
            return f"{side}{field.description}{'' if unit in (SHARE, 'none') else f' ({unit})'}"
    return name.replace("_", " ")


def _control(control: Any, start: Any, name: str) -> Any:
    from ipywidgets import Checkbox, Dropdown, FloatSlider, IntSlider

    looks = {"value": start, "description": label(name)}
    looks |= {"style": {"description_width": "initial"}, "layout": {"width": "95%"}}
    if isinstance(control, bool):
        return Checkbox(**looks)
    if isinstance(control, list):
        return Dropdown(options=control, **looks)
    low, high, step = control
    whole = all(isinstance(number, int) for number in (low, high, step, start))
    slider = IntSlider if whole else FloatSlider
    return slider(min=low, max=high, step=step, continuous_update=False, **looks)
