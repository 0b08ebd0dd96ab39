"""What the record says of uncertain parameters: approximate Bayesian computation, by pyABC.

A draw of the parameters plays one world; the closer that world is to what happened, the likelier the
draw (sequential Monte Carlo, Toni et al. 2009). Priors are written as in [sample.over], each with its
reason; pyABC moves on the unit cube of their shares. One year happened once, so posteriors stay wide,
and what the record cannot tell apart stays together.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.cases.loading import with_values
from sim.cases.record import Record, own_record
from sim.cases.schema import Scenario
from sim.experiments.design.calibration import CalibrationFile, scenario_of
from sim.experiments.design.factors import Factor, factor
from sim.experiments.running.workers import executor
from sim.inputs.installation import install
from sim.inputs.machine import hold_memory, hold_time, tell_if_large
from sim.inputs.problems import InputError
from sim.inputs.sizes import bounded, in_number
from sim.outputs.files import write_files
from sim.play.fit import observed, targets
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, play
from sim.worlds.settings import same_shape
from sim.worlds.size import FEWER, SCENARIOS_AT_ONCE, memory_of, seconds_of

FAR = 4.0  # distance of a moment that a world does not have, such as a second ballot (assumption)
AT_ONCE = 4 * SCENARIOS_AT_ONCE  # draws that are asked for, and played, together
DRAWS_TRIED = 3  # in a calibration, for each that is kept
A_PARTICLE = 4_000  # bytes of a draw that is kept, in pyABC
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Posterior:
    """What came out: `particles` with their weights, `draws` to play, and the cost of each generation."""

    file: CalibrationFile
    particles: pd.DataFrame
    draws: pd.DataFrame
    generations: pd.DataFrame
    seconds: float

    def __repr__(self) -> str:
        return f"<Posterior {self.file.name}: {len(self.particles)} particles, {len(self.draws)} draws>"

    @property
    def effective(self) -> float:
        """How many equally likely draws the weighted particles are worth."""
        return float(1 / (self.particles["weight"] ** 2).sum())

    def write(self, folder: Path, *, force: bool = False) -> None:
        """Write particles.csv, draws.csv and generations.csv.

        Raises:
            InputError: when one is there already and is not ours; with `force` it is replaced.
            RunError: when one cannot be written.
        """
        texts = {
            path: getattr(self, path.stem).to_csv(index=False, float_format="%.6g")
            for path in self.files(folder)
        }
        write_files({path: text.encode() for path, text in texts.items()}, force=force)

    @staticmethod
    def files(folder: Path) -> list[Path]:
        """The files of a posterior in a folder."""
        return [folder / f"{name}.csv" for name in ("particles", "draws", "generations")]


def calibrate(
    file: CalibrationFile, *, workers: int = 1, progress: Progress = lambda line: None
) -> Posterior:
    """Run a calibration; the same file gives the same posterior, however many processes play.

    Raises:
        InputError: where pyABC is not installed, or so many draws would not go into memory.
    """
    pyabc = _pyabc()
    started = time.perf_counter()
    scenario = scenario_of(file)
    record = own_record(scenario, file.record)
    _hold(file, scenario)
    factors = [factor(key, written, scenario) for key, written in file.prior.items()]
    np.random.seed(file.seed)  # noqa: NPY002, pyABC draws from NumPy's global generator
    with executor(workers, None) as (processes, _), tempfile.TemporaryDirectory() as folder:
        worlds = _Worlds(scenario, record, factors, file, processes)
        study = pyabc.ABCSMC(
            models=worlds,
            parameter_priors=pyabc.Distribution(
                **{_share(i): pyabc.RV("uniform", 0, 1) for i in range(len(factors))}
            ),
            distance_function=_distance(record, file.fit),
            population_size=file.population,
            eps=pyabc.QuantileEpsilon(alpha=file.closest),
            sampler=_sampler(worlds, progress),
        )
        study.new(f"sqlite:///{Path(folder) / 'calibration.db'}", {})
        history = study.run(max_nr_populations=file.generations)
        shares, weights = history.get_distribution()
        generations = history.get_all_populations().query("t >= 0")
    particles = _particles(factors, shares, weights)
    return Posterior(
        file,
        particles,
        _equally_likely(particles, file.draws),
        generations[["t", "epsilon", "samples"]].reset_index(drop=True),
        time.perf_counter() - started,
    )


def _hold(file: CalibrationFile, scenario: Scenario) -> None:
    """Refuse a calibration that the machine cannot do; tell one that takes long."""
    population, generations = bounded(file.population), bounded(file.generations)
    asked = (
        f"{file.name}: generations = {in_number(file.generations)}, population = "
        f"{in_number(file.population)}, draws = {in_number(file.draws)}"
    )
    kept = A_PARTICLE + 100 * len(file.prior)
    together = min(population, SCENARIOS_AT_ONCE)
    memory = population * kept * 2 + bounded(file.draws) * 8 * (2 + len(file.prior))
    hold_memory(memory + memory_of(scenario, together, scenarios=together), asked, FEWER)
    a_draw = seconds_of(scenario, 1, scenarios=SCENARIOS_AT_ONCE) / SCENARIOS_AT_ONCE
    seconds = DRAWS_TRIED * population * generations * a_draw
    hold_time(seconds, asked, FEWER)
    tell_if_large(asked, seconds)


class _Worlds:
    """Worlds to be held against the record, as pyABC asks for them: one for each draw of parameters.

    pyABC asks one by one, while a batch plays a hundred worlds in the time of five. So draws are asked for
    twice from the same state of the generator: first to know them, then, all played, to answer.
    """

    __name__ = "worlds"

    def __init__(
        self,
        scenario: Scenario,
        record: Record,
        factors: list[Factor],
        file: CalibrationFile,
        processes: Executor | None,
    ):
        self._scenario, self._record, self._factors, self._file = scenario, record, factors, file
        self._processes = processes
        self._number = 0
        self._asked: list[Scenario] = []
        self._answers: Iterator[dict[str, float]] | None = None

    def __call__(self, shares: Mapping[str, float]) -> dict[str, float]:
        """What the world of a draw says of the moments that are fitted."""
        if self._answers is not None:
            return next(self._answers)
        values = {
            known.name: known.at(np.array([shares[_share(i)]]))[0]
            for i, known in enumerate(self._factors)
        }
        self._asked.append(with_values(self._scenario, values))
        return dict.fromkeys(self._file.fit, np.nan)

    def together(self, ask: Callable[[], Any], times: int) -> list:
        """What a number of calls of `ask` give, each of which asks for one world."""
        before = np.random.get_state()  # noqa: NPY002
        self._asked, self._answers = [], None
        for _ in range(times):
            ask()
        self._answers = iter(self._played())
        np.random.set_state(before)  # noqa: NPY002
        return [ask() for _ in range(times)]

    def _played(self) -> list[dict[str, float]]:
        starts = range(0, len(self._asked), SCENARIOS_AT_ONCE)
        tasks = [
            (self._asked[i : i + SCENARIOS_AT_ONCE], self._number + i, self._file, self._record)
            for i in starts
        ]
        self._number += len(self._asked)
        run = map if self._processes is None else self._processes.map
        return [answer for part in run(_play, *zip(*tasks, strict=True)) for answer in part]


def _play(
    scenarios: list[Scenario], first_world: int, file: CalibrationFile, record: Record
) -> list[dict[str, float]]:
    """What worlds with a scenario each say of the moments that are fitted."""
    moments: list[dict[str, float]] = []
    for alike in _same_shaped(scenarios):
        first = first_world + len(moments)
        model = BargainingModel(alike, len(alike), rng=file.seed, first_world=first)
        moments += observed(Outcome([play(model)]), record)[file.fit].to_dict("records")
    return moments


def _same_shaped(scenarios: list[Scenario]) -> Iterator[list[Scenario]]:
    group: list[Scenario] = []
    for scenario in scenarios:
        if group and not same_shape(group[0], scenario):
            yield group
            group = []
        group.append(scenario)
    yield group


def _sampler(worlds: _Worlds, progress: Progress) -> Any:
    """A sampler of pyABC that has worlds played many at a time."""
    from pyabc.sampler import Sampler

    class InBatches(Sampler):
        def sample_until_n_accepted(self, n, simulate_one, t, **_):
            sample, self.nr_evaluations_ = self._create_empty_sample(), 0
            while sample.n_accepted < n:
                for particle in worlds.together(simulate_one, min(n, AT_ONCE)):
                    sample.append(particle)
                    self.nr_evaluations_ += 1
                    if sample.n_accepted == n:
                        break
                progress(
                    f"generation {t}: {sample.n_accepted} of {n} kept, {self.nr_evaluations_} played"
                )
            return sample

    return InBatches()


def _distance(record: Record, fit: list[str]) -> Callable[[dict, dict], float]:
    """Root mean square of how far off the moments are, each in units of its scale."""
    aims = {name: targets(record)[name] for name in fit}

    def distance(world: dict[str, float], _: dict) -> float:
        off = [(world[name] - value) / scale for name, (value, scale) in aims.items()]
        return float(np.sqrt(np.mean(np.square(np.nan_to_num(off, nan=FAR)))))

    return distance


def _particles(factors: list[Factor], shares: pd.DataFrame, weights: Any) -> pd.DataFrame:
    columns = {f.name: f.at(shares[_share(i)].to_numpy()) for i, f in enumerate(factors)}
    weights = np.asarray(weights)
    return pd.DataFrame(columns).assign(weight=weights / weights.sum())


def _equally_likely(particles: pd.DataFrame, draws: int) -> pd.DataFrame:
    """Draws that stand for weighted particles: systematic resampling (Kitagawa 1996)."""
    reached = np.cumsum(particles["weight"].to_numpy())
    chosen = np.searchsorted(reached / reached[-1], (np.arange(draws) + 0.5) / draws)
    return particles.drop(columns="weight").iloc[chosen].reset_index(drop=True)


def _share(number: int) -> str:
    return f"u{number}"


def _pyabc() -> Any:
    try:
        import pyabc
    except ModuleNotFoundError:
        raise InputError(
            f"a calibration needs pyABC, which is not installed: {install('calibrate')}"
        ) from None
    logging.getLogger("ABC").setLevel(logging.WARNING)  # our own lines tell how far it is
    return pyabc
