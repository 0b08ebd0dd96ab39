"""What the cases of the benchmark are made of: scenarios of any size, experiments, commands."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.cases.schema import Scenario, TextbookGame

BASE, FULL = "sebac-2011", "connecticut-2011"
ROOT = Path(sim.__file__).parents[1]  # of the checkout that is measured
EXPERIMENT = """
name = "bench"
question = "How long does it take?"
scenario = "{scenario}"
replications = {replications}
seed = 1
"""
SAMPLE = """
[sample]
design = "sobol"
points = {points}

[sample.over]
"governor.beta" = {{ uniform = [0.05, 0.5] }}
"governor.cost_of_layoffs" = {{ uniform = [0.3, 5.0] }}
"governor.cost_of_taxes" = {{ uniform = [0.5, 5.0] }}
"governor.tax_pledge" = {{ uniform = [0.0, 0.6] }}
"coalition.beta" = {{ uniform = [0.05, 0.5] }}
"coalition.leaders_bias" = {{ uniform = [-0.04, 0.08] }}
"members.wage_pain" = {{ uniform = [0.02, 0.08] }}
"members.health_pain" = {{ uniform = [0.01, 0.05] }}
"members.pension_pain" = {{ uniform = [0.01, 0.05] }}
"members.fairness" = {{ uniform = [0.0, 0.8] }}
"members.cost_of_rejection" = {{ uniform = [0.0, 0.05] }}
"members.layoff_loss" = {{ uniform = [0.3, 1.0] }}
"members.noise" = {{ uniform = [0.05, 0.3] }}
"unions.militancy_sd" = {{ uniform = [0.0, 0.1] }}
"unions.common_shock_sd" = {{ uniform = [0.0, 0.1] }}
"threat.layoffs" = {{ uniform = [0, 12000] }}
"threat.bumping" = {{ uniform = [0.01, 0.4] }}
"threat.credibility_members" = {{ uniform = [0.0, 1.0] }}
"information.secrecy" = {{ uniform = [0.0, 1.0] }}
"information.misperceived_cost" = {{ uniform = [0.0, 0.08] }}
"""


def rows_of(
    scenario: str | Scenario | Callable[[], Scenario],
    worlds: int,
    values: Mapping[str, Any] | None = None,
    times: int = 1,
) -> Callable[[], Callable[[], object]]:
    """Play worlds of a scenario in a batch and make their rows, by `sim.negotiate`."""

    def ready() -> Callable[[], object]:
        case = scenario() if callable(scenario) else scenario
        case = sim.with_values(load_scenario(case) if isinstance(case, str) else case, values or {})
        sim.negotiate(case, 2, seed=1).frame()

        def run() -> None:
            for number in range(times):
                sim.negotiate(case, worlds, seed=1 + number).frame()

        return run

    return ready


def run_of(experiment: str, *options: str, script: str | None = None) -> Callable[[], object]:
    """Run an experiment to disk by the command line; it gives back its peak of memory (MB)."""

    def run() -> float:
        with tempfile.TemporaryDirectory() as folder:
            path, out = Path(folder) / "bench.toml", Path(folder) / "out"
            path.write_text(experiment, "utf-8")
            told = ["--out", str(out), "--no-figures", "--quiet", *options]
            return command("run", str(path), *told, script=script)

    return run


def command(*arguments: str, script: str | None = None) -> float:
    """Run a command of `bargain` in this checkout; it gives back its peak of memory (MB)."""
    program = ["-m", "sim"] if script is None else [str(ROOT / script)]
    process = subprocess.Popen(
        [sys.executable, *program, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"bargain {arguments[0]} failed with {process.returncode}")
    return used.ru_maxrss / 1024


def sample(scenario: str, points: int, replications: int) -> str:
    """An experiment over points that differ in twenty parameters.

    In the full case the parties would bargain over one of them, which takes longer than all else.
    """
    told = EXPERIMENT.format(scenario=scenario, replications=replications)
    if scenario == FULL:
        told += '[set]\n"ground_rules.on" = false\n'
    return told + SAMPLE.format(points=points)


def with_unions(unions: int) -> Scenario:
    """The base case with so many unions of one size."""
    document = as_document(load_scenario(BASE))
    members = 30 if unions > 100 else 3000
    document["union"] = [
        document["union"][0] | {"name": f"Union {number}", "members": members}
        for number in range(unions)
    ]
    document["coalition"]["members"] = unions * members
    for needed in ("unions_required", "amended_unions_required", "leaders_to_amend"):
        document["ratification"][needed] = (unions + 1) // 2
    return parse_scenario(document, f"{unions} unions")


def of_packages(issues: int, levels: int, rounds: int = 12) -> TextbookGame:
    """A game with drawn points."""
    points = np.random.default_rng(1).uniform(size=(issues, 2, levels)).tolist()
    told = dict.fromkeys(("title", "description", "source"), "packages with drawn points")
    document = {
        "name": "large-game",
        **told,
        "utility": "points",
        "batna": [1.0, 1.0],
        "calendar": {"rounds": rounds},
        "issue": [
            {"name": f"issue_{i}", "title": f"Issue {i}", "unit": "none"}
            | {"levels": list(range(levels)), "governor": governor, "coalition": coalition}
            for i, (governor, coalition) in enumerate(points)
        ],
        "governor": {"beta": 0.25},
        "coalition": {"beta": 0.25},
        "talks": {"first_proposer": "governor", "selection": "cheapest"},
    }
    return parse_scenario(document, "large-game")


def later(run: Callable[..., object], *given: object) -> Callable[[], Callable[[], object]]:
    """A case that needs nothing made ready."""
    return lambda: partial(run, *given)
