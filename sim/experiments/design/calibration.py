"""What a calibration file asks for: which moments of which record are fitted by which parameters."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictStr

from sim.cases.loading import load_scenario, with_values
from sim.cases.record import own_record
from sim.cases.schema import Scenario
from sim.experiments.design.factors import factor
from sim.experiments.design.shipped import experiment_files
from sim.inputs.documents import load_document
from sim.inputs.parameter import FileName, Number, Section, Whole
from sim.inputs.problems import InputError, nearest
from sim.play.fit import targets


class CalibrationFile(Section):
    """A calibration as written in its file: which moments of which record are fitted by what.

    `population` draws of parameters are kept in each of `generations`, each as close to the record as the
    `closest` share of the one before;
    `draws` of the last one, equally likely, are what experiments then play. `set` are parameters to
    change for all of it.
    """

    name: FileName
    question: StrictStr
    scenario: StrictStr
    record: StrictStr
    seed: Annotated[Whole, Field(ge=0, lt=2**32)]
    population: Annotated[Whole, Field(ge=10)]
    generations: Annotated[Whole, Field(ge=1)]
    closest: Annotated[Number, Field(gt=0, lt=1)] = 0.5
    draws: Annotated[Whole, Field(ge=1)]
    set: dict[StrictStr, Any] = {}
    fit: Annotated[list[StrictStr], Field(min_length=1)]
    prior: Annotated[dict[StrictStr, Any], Field(min_length=1)]
    reason: dict[StrictStr, StrictStr]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, on {self.scenario}>"

    def __str__(self) -> str:
        return repr(self)


def load_calibration(name_or_path: str | Path) -> CalibrationFile:
    """Load and check a calibration file: a path, or a name in `experiments/calibration`.

    Raises:
        InputError: with a sentence for every problem found.
    """
    file = load_document(
        CalibrationFile, name_or_path, "calibration", experiment_files("calibration")
    )
    try:
        problems = _problems(file)
    except InputError as error:  # of the scenario, or of the record
        problems = error.problems
    if problems:
        raise InputError(f"{name_or_path}: {problem}" for problem in problems)
    return file


def _problems(file: CalibrationFile) -> list[str]:
    found = []
    scenario = scenario_of(file)
    record = own_record(scenario, file.record)
    for key in file.fit:
        if key not in targets(record):
            found.append(f'fit: the record has no "{key}"{nearest(key, targets(record))}')
    for key, written in file.prior.items():
        try:
            factor(key, written, scenario)
        except InputError as error:
            found += [f'prior."{key}": {problem}' for problem in error.problems]
        if key not in file.reason:
            found.append(f'prior."{key}": has no reason; write one under [reason]')
    return found


def scenario_of(file: CalibrationFile) -> Scenario:
    """The scenario of a calibration, with what the file sets for all of it."""
    return with_values(load_scenario(file.scenario), file.set)
