"""One picture of every figure, each from a small run of a shipped experiment."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from sim.experiments.design.experiment import load_experiment
from sim.experiments.design.file import FigureRequest
from sim.experiments.running.results import Results
from sim.experiments.running.runner import run_experiment
from sim.inputs.problems import InputError
from sim.show.catalogue import listing
from sim.show.figures.draw import draw

for talkative in ("EMA", "MESA"):  # which tell every step
    logging.getLogger(talkative).propagate = False

ROOT = Path(__file__).parents[1]
RUNS = {  # experiments, and replications that are few but show every figure
    "layoff_threat": 100,
    "connecticut_2011": 2000,
    "one_at_a_time": 20,
    "where_the_ballot_passes": 10,
    "which_parameters_matter": 2,
    "counterfactuals": 1,
}
CHOSEN = {  # figures that need a design of their own, or must be told something
    "boxes": ("where_the_ballot_passes", {"above": 0.5}),
    "enough": ("layoff_threat", {"measure": "savings", "at_most": 5}),
    "sensitivity": ("which_parameters_matter", {}),
}


@dataclass(frozen=True)
class Picture:
    """A figure of a run: what it shows, the file, its caption, and the commands that make it."""

    name: str
    shows: str
    path: Path
    caption: str
    commands: str


class Gallery:
    """Pictures in a folder, where the runs stay, so that they are played once."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._played: dict[str, Results] = {}

    def pictures(self) -> Iterator[Picture]:
        """One of every figure that `bargain list figures` knows.

        Raises:
            InputError: when no run can show a figure; another then belongs in RUNS.

        """
        for line in listing("figures"):
            name, shows = line.split(maxsplit=1)
            yield self._picture(name, shows)

    def _picture(self, name: str, shows: str) -> Picture:
        refusals = []
        for experiment, request in _candidates(name):
            try:
                [path] = draw(self._run(experiment), request)
            except InputError as error:
                refusals += error.problems
                continue
            caption = Image.open(path).text["Description"]
            return Picture(name, shows, path, caption, _commands(experiment, request))
        raise InputError(refusals)

    def _run(self, name: str) -> Results:
        if name not in self._played:
            self._played[name] = _played(name, self.folder / name)
        return self._played[name]


def _candidates(figure: str) -> Iterator[tuple[str, FigureRequest]]:
    """What may show a figure: the run chosen for it, those whose files ask for it, then any."""
    if figure in CHOSEN:
        experiment, told = CHOSEN[figure]
        yield experiment, FigureRequest(name=figure, **told)
    for experiment in RUNS:
        asked = load_experiment(_file(experiment)).file.figure or []
        yield from ((experiment, request) for request in asked if request.name == figure)
    yield from ((experiment, FigureRequest(name=figure)) for experiment in RUNS)


def _played(name: str, folder: Path) -> Results:
    loaded = load_experiment(_file(name), {"replications": RUNS[name]})
    try:
        return run_experiment(loaded, folder)
    except InputError:  # other code has played it
        return run_experiment(loaded, folder, restart=True)


def _file(experiment: str) -> Path:
    return ROOT / "experiments" / f"{experiment}.toml"


def _commands(experiment: str, request: FigureRequest) -> str:
    options = request.model_dump(exclude={"name"}, exclude_defaults=True)
    told = "".join(f" --{key.replace('_', '-')} {value}" for key, value in options.items())
    return (
        f"bargain run {experiment} --replications {RUNS[experiment]}\n"
        f"bargain plot {experiment} --figure {request.name}{told}"
    )
