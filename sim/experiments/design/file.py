"""What may be written in an experiment file: its tables and keys."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictStr

from sim.experiments.design.claims import Hypothesis
from sim.experiments.design.points import PointsFile
from sim.experiments.design.replications import Replications
from sim.experiments.design.sampling import Sample
from sim.inputs.parameter import FileName, Number, Section, Whole


class FigureRequest(Section):
    """A figure to draw when the experiment is done, with the options of that figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StrictStr
    measure: StrictStr = "ratified"
    x: StrictStr | None = None
    y: StrictStr | None = None
    below: Number | None = None
    above: Number | None = None
    density: Number | None = None
    at_most: Number | None = None


SCENARIO = "scenario"  # what of [sweep] is no parameter: whole scenarios, held against each other


class ExperimentFile(Section):
    """The tables and keys of an experiment file.

    `scenarios` are documents by name, for `scenario` in [sweep] to name: a results folder holds in them
    what was played.
    """

    name: FileName
    question: StrictStr
    scenario: StrictStr
    scenarios: dict[StrictStr, dict[StrictStr, Any]] = {}
    replications: Replications
    seed: Annotated[Whole, Field(ge=0, lt=2**63, description="names the random numbers")]
    random_numbers: Literal["common", "independent"] = "common"
    keep: Annotated[
        Literal["worlds", "sample", "summary"],
        Field(description="rows to keep: all, some thousand of each point, or a hundred"),
    ] = "worlds"
    set: dict[StrictStr, Any] = {}
    sweep: dict[StrictStr, Any] = {}
    sample: Sample | None = None
    table: PointsFile | None = None
    arms: dict[StrictStr, dict[StrictStr, Any]] = {}
    figure: list[FigureRequest] | None = None
    hypothesis: list[Hypothesis] = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, on {self.scenario}>"

    def __str__(self) -> str:
        return repr(self)
