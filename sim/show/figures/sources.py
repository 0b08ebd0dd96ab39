"""All figures of a results folder: where the function of each is, and what it shows."""

import ast
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.design.file import FigureRequest
    from sim.experiments.running.results import Results


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: a function of a module in this folder, the one of its name if not said.

    Beside the function stands another, `<function>_of`, that draws from results and a request; its
    ValueError says why these results cannot show it. Nothing is imported before it is drawn. `of_a_measure`
    says whether the request's measure is shown, and then stands in the name of the file.
    """

    function: str
    module: str = ""
    of_a_measure: bool = True

    @property
    def home(self) -> str:
        """The full name of the module."""
        return f"{__package__}.{self.module or self.function}"

    def figure(self, results: "Results", request: "FigureRequest") -> "Figure":
        """Draw it; raises a ValueError where these results cannot show it."""
        drawn: Figure = getattr(import_module(self.home), f"{self.function}_of")(results, request)
        return drawn

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


FIGURES = {  # by the name that users type, which may be older than the function's
    "talks": Source("talks", of_a_measure=False),
    "dance": Source("dance", of_a_measure=False),
    "ratification": Source("ratification", of_a_measure=False),
    "settlement_time": Source("settlement_time", of_a_measure=False),
    "savings": Source("savings", of_a_measure=False),
    "package": Source("package", of_a_measure=False),
    "bargaining_set": Source("bargaining_set", of_a_measure=False),
    "win_set": Source("win_set", of_a_measure=False),
    "summary": Source("summary", "intervals"),
    "outcome_map": Source("outcome_map"),
    "phase": Source("phase", of_a_measure=False),
    "differences": Source("differences", "intervals"),
    "tornado": Source("tornado"),
    "sensitivity": Source("sensitivity", "intervals"),
    "effects": Source("effects"),
    "boxes": Source("prim_boxes"),
    "enough": Source("precision"),
    "ladder": Source("counterfactuals", of_a_measure=False),
    "record": Source("record", of_a_measure=False),
}
