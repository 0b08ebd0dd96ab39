"""What kind of design an experiment has: what its points are, and so what may be said of them together."""

from enum import Enum

from sim.experiments.design.experiment import Experiment

RANDOM = (
    "latin_hypercube",
    "sobol",
    "random",
)  # samples whose points are draws of what is believed


class Design(Enum):
    """What the points of an experiment are, besides its arms; the value says it in words."""

    SETTINGS = "one setting (or arms)"
    GRID = "a grid"
    DRAWS = "a random sample"
    TABLE = "a table of points"
    ONE_AT_A_TIME = "one parameter moved at a time"
    SCREENING = "a sample for sensitivity (saltelli or morris)"


def design_of(experiment: Experiment) -> Design:
    """The kind of an experiment's design."""
    file = experiment.file
    if file.table is not None:
        return Design.TABLE
    if file.sample is not None:
        if file.sample.design in RANDOM:
            return Design.DRAWS
        one = file.sample.design == "one_at_a_time"
        return Design.ONE_AT_A_TIME if one else Design.SCREENING
    return Design.GRID if experiment.points[0].swept else Design.SETTINGS
