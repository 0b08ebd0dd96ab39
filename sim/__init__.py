"""bargain: union-state bargaining simulated as an agent-based model.

Read the house from the ground up:

    axes, streams, logit       array axes named once; addressed random numbers; logit choice
    parameter, schema, problems    what a scenario may say, and how we say what is wrong with one
    mechanisms                 what the case of 2011 had besides, a room for each
    agenda, fiscal             packages; dollars
    utility, aggregation       what a package is worth to governor, member, leaders
    table, situation           the public record; all that a side's rules may look at
    beliefs                    what offers tell a side of the other
    tactics, selection, acceptance, information, ratification    the rules
    theory                     closed forms and solvers, on arrays alone
    scenario, checks           a file, checked and frozen
    budget                     the ledger of a scenario, and what follows from it
    settings                   parameters as arrays, for many worlds at once
    electorate                 who votes, what they are asked, and what moves them
    politics                   what approval and the alliance are worth to the two sides besides
    batch                      worlds made ready: what packages are worth to the two sides
    solution                   what theory would choose in a scenario, exactly
    agents, stages, model      where agents decide; what happens in which order; one step is one
                               round in every world
    outcome, story             how each world ended, as a table and in words
    record, against_record     what happened in 2011, and the record beside the model
    episodes                   one episode after another
    experiments                designs, runs that cannot be lost, summaries, hypotheses, sensitivity
    interop                    scenario files of NegMAS and GENIUS
    figures, teaching          pictures; what a class needs
    report                     all of a results folder on one page, for who was not there
    console, catalogue, cli    tables on a terminal, what there is, the commands

The names below are the public ones; they are imported when first used, so that `import sim` is
quick.
"""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "BargainingModel": "sim.play.model",
    "InputError": "sim.inputs.problems",
    "Outcome": "sim.play.outcome",
    "Results": "sim.experiments.running.results",
    "RunError": "sim.inputs.problems",
    "Status": "sim.play.status",
    "discover": "sim.experiments.analysis.discovery",
    "factorial": "sim.experiments.analysis.effects",
    "ledger": "sim.cases.ledger",
    "ground_rules": "sim.play.ground_rules",
    "load_experiment": "sim.experiments.design.experiment",
    "load_results": "sim.experiments.running.results",
    "load_scenario": "sim.cases.loading",
    "negotiate": "sim.play.outcome",
    "paired_differences": "sim.experiments.analysis.effects",
    "play_episodes": "sim.play.episodes",
    "precision": "sim.experiments.analysis.precision",
    "run_experiment": "sim.experiments.running.runner",
    "run_hypotheses": "sim.experiments.analysis.hypotheses",
    "sensitivity": "sim.experiments.analysis.sensitivity",
    "solve": "sim.worlds.solution",
    "tell": "sim.show.story",
    "variance_shares": "sim.experiments.analysis.effects",
    "verify": "sim.experiments.running.verify",
    "with_values": "sim.cases.loading",
    "write_report": "sim.show.report",
}

# Names of the version before, which still work.
_RENAMED = {
    "adequacy": "precision",
    "against": "paired_differences",
    "shares": "variance_shares",
}

__all__ = list(_HOMES)

if TYPE_CHECKING:
    from sim.cases.ledger import ledger
    from sim.cases.loading import load_scenario, with_values
    from sim.experiments.analysis.discovery import discover
    from sim.experiments.analysis.effects import factorial, paired_differences, variance_shares
    from sim.experiments.analysis.hypotheses import run_hypotheses
    from sim.experiments.analysis.precision import precision
    from sim.experiments.analysis.sensitivity import sensitivity
    from sim.experiments.design.experiment import load_experiment
    from sim.experiments.running.results import Results, load_results
    from sim.experiments.running.runner import run_experiment
    from sim.experiments.running.verify import verify
    from sim.inputs.problems import InputError, RunError
    from sim.play.episodes import play_episodes
    from sim.play.ground_rules import ground_rules
    from sim.play.model import BargainingModel
    from sim.play.outcome import Outcome, negotiate
    from sim.play.status import Status
    from sim.show.report import write_report
    from sim.show.story import tell
    from sim.worlds.solution import solve


def __getattr__(name: str) -> Any:
    if name in _RENAMED:
        new = _RENAMED[name]
        warnings.warn(f"sim.{name} is now called sim.{new}", DeprecationWarning, stacklevel=2)
        name = new
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
