"""bargain: union-state bargaining simulated as an agent-based model.

Read the house from the ground up:

    axes, streams              array axes named once; addressed random numbers
    schema, agenda, fiscal     what a scenario may say; packages; dollars
    utility, aggregation       what a package is worth to governor, member, leaders
    table, tactics, selection, acceptance, information, ratification    the rules
    scenario, settings, batch  a file checked, as arrays, made ready for many worlds
    agents, model              where agents decide; one step is one round in every world
    outcome, story             how each world ended, as a table and in words
    experiments, figures, cli  batches of designs, pictures, the command line

The names below are the public ones; they are imported when first used, so that `import sim` is
quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "BargainingModel": "sim.model",
    "InputError": "sim.problems",
    "Outcome": "sim.outcome",
    "Results": "sim.experiments.store",
    "RunError": "sim.experiments.store",
    "Status": "sim.outcome",
    "load_experiment": "sim.experiments.design",
    "load_results": "sim.experiments.store",
    "load_scenario": "sim.scenario",
    "negotiate": "sim.outcome",
    "run_experiment": "sim.experiments.runner",
    "tell": "sim.story",
    "with_values": "sim.scenario",
}

__all__ = list(_HOMES)

if TYPE_CHECKING:
    from sim.experiments.design import load_experiment
    from sim.experiments.runner import run_experiment
    from sim.experiments.store import Results, RunError, load_results
    from sim.model import BargainingModel
    from sim.outcome import Outcome, Status, negotiate
    from sim.problems import InputError
    from sim.scenario import load_scenario, with_values
    from sim.story import tell


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
