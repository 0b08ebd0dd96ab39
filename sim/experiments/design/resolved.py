"""An experiment as the documents of its results folder, and how two of them differ."""

from sim.cases.loading import as_document
from sim.experiments.design.checks import levels
from sim.experiments.design.experiment import Experiment
from sim.experiments.design.factors import in_full
from sim.experiments.design.file import SCENARIO
from sim.inputs.problems import Document, shown


def resolved(experiment: Experiment) -> tuple[Document, Document]:
    """The experiment and its scenario as documents for the results folder, which holds the points."""
    document, file = experiment.document() | {"scenario": "scenario.toml"}, experiment.file
    points = {"file": "points.parquet", "sha256": experiment.fingerprint}
    # Ranges are written out: a TOML file keeps tables after plain values, and the order numbers the points.
    if file.sweep:
        document["sweep"] = {key: levels(values) for key, values in file.sweep.items()}
    if experiment.scenarios:  # under the names that tell their points apart
        document["sweep"][SCENARIO] = list(experiment.scenarios)
        swept = experiment.scenarios.items()
        document["scenarios"] = {name: as_document(each) for name, each in swept}
    if file.sample is not None:
        document["sample"]["over"] = in_full(file.sample.over, experiment.scenario)
        document["sample"]["drawn"] = points
    if file.table is not None:
        document["table"] = points
    return document, as_document(experiment.scenario)


def difference(there: Document, here: Document, at: str = "") -> str | None:
    """The first difference between two documents, in words; None if they are equal."""
    for key in dict.fromkeys([*there, *here]):
        name = f"{at}{key}"
        old, new = there.get(key), here.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            if found := difference(old, new, f"{name}."):
                return found
        elif old != new:
            return f"{name} is {shown(old)} there and {shown(new)} here"
    return None
