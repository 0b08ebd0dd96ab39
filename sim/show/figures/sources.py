"""All figures of a results folder: where the function of each is, what it shows, and of which designs."""

import ast
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.design.kinds import Design, design_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.design.file import FigureRequest
    from sim.experiments.running.results import Results


ANY = tuple(Design)
CHOSEN = (Design.SETTINGS, Design.GRID, Design.TABLE)  # points that somebody chose one by one
BELIEFS = (Design.DRAWS, Design.TABLE)  # points that stand for what nobody knows
NO_MIXTURE = "points that are moved one by one stand for nothing when they are thrown together"


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: a function of a module in this folder, the one of its name if not said.

    Beside the function stands another, `<function>_of`, that draws from results and a request; its
    ValueError says why these results cannot show it. Nothing is imported before it is drawn. `of_a_measure`
    says whether the request's measure is shown, and then stands in the name of the file. `designs` are
    those that it is for, `because` says why no others.
    """

    function: str
    module: str = ""
    of_a_measure: bool = True
    designs: tuple[Design, ...] = ANY
    because: str = ""

    @property
    def home(self) -> str:
        """The full name of the module."""
        return f"{__package__}.{self.module or self.function}"

    def figure(self, results: "Results", request: "FigureRequest") -> "Figure":
        """Draw it; raises a ValueError where these results cannot show it."""
        if (design := design_of(results.experiment)) not in self.designs:
            raise ValueError(
                f"is drawn of {self.drawn_of}; these results are of {design.value}, and {self.because}"
            )
        drawn: Figure = getattr(import_module(self.home), f"{self.function}_of")(results, request)
        return drawn

    @property
    def drawn_of(self) -> str:
        """Of which designs it is drawn."""
        if self.designs == ANY:
            return "any design"
        *most, last = [design.value for design in self.designs]
        return f"{', '.join(most)} or {last}" if most else last

    @property
    def words(self) -> str:
        """What the function says of itself, read from its file without running it."""
        spec = find_spec(self.home)
        assert spec is not None and spec.origin is not None
        tree = ast.parse(Path(spec.origin).read_text("utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        return ast.get_docstring(functions[self.function]) or ""

    @property
    def shows(self) -> str:
        """What is seen, in a line."""
        return self.words.splitlines()[0]


_over_worlds = partial(
    Source,
    of_a_measure=False,
    designs=(Design.SETTINGS, Design.GRID, *BELIEFS),
    because=NO_MIXTURE,
)
_over_two_keys = partial(
    Source,
    designs=(Design.SETTINGS, Design.GRID),
    because="a cell is one value of each of two keys",
)

FIGURES = {  # by the name that users type, which may be older than the function's
    "talks": Source("talks", of_a_measure=False),
    "dance": Source("dance", of_a_measure=False),
    "ratification": Source("ratification", of_a_measure=False),
    "settlement_time": _over_worlds("settlement_time"),
    "savings": _over_worlds("savings"),
    "package": _over_worlds("package"),
    "bargaining_set": Source("bargaining_set", of_a_measure=False),
    "win_set": Source("win_set", of_a_measure=False),
    "summary": Source("summary", "intervals"),
    "outcome_map": _over_two_keys("outcome_map"),
    "phase": _over_two_keys("phase", of_a_measure=False),
    "differences": Source(
        "differences",
        "intervals",
        designs=(*CHOSEN, Design.ONE_AT_A_TIME),
        because="the first of their points, which all would be held against, is any of them",
    ),
    "tornado": Source(
        "tornado",
        designs=(Design.SETTINGS, Design.GRID, Design.ONE_AT_A_TIME),
        because="a swing is of one parameter while others stand, but they move several at once",
    ),
    "sensitivity": Source(
        "sensitivity",
        "intervals",
        designs=(Design.SCREENING,),
        because="sensitivity is read from a [sample] with points laid out for it",
    ),
    "effects": Source(
        "effects",
        designs=(Design.SETTINGS, Design.GRID),
        because="effects are read from a grid, [sweep] or [arms] with two levels or more",
    ),
    "boxes": Source(
        "prim_boxes",
        designs=(Design.DRAWS,),
        because="boxes are sought in a region that points fill evenly",
    ),
    "enough": Source("precision"),
    "ladder": Source(
        "counterfactuals",
        of_a_measure=False,
        designs=(Design.SETTINGS, *BELIEFS),
        because="points that somebody chose are no draws of what nobody knows",
    ),
    "record": Source(
        "record",
        of_a_measure=False,
        designs=(*CHOSEN, Design.DRAWS, Design.ONE_AT_A_TIME),
        because=NO_MIXTURE,
    ),
}
