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

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "BargainingModel": "sim.model",
    "InputError": "sim.problems",
    "Outcome": "sim.outcome",
    "Results": "sim.experiments.store",
    "RunError": "sim.experiments.store",
    "Status": "sim.outcome",
    "adequacy": "sim.experiments.adequacy",
    "against": "sim.experiments.effects",
    "discover": "sim.experiments.discovery",
    "factorial": "sim.experiments.effects",
    "ledger": "sim.budget",
    "ground_rules": "sim.outcome",
    "load_experiment": "sim.experiments.design",
    "load_results": "sim.experiments.store",
    "load_scenario": "sim.scenario",
    "negotiate": "sim.outcome",
    "play_episodes": "sim.episodes",
    "run_experiment": "sim.experiments.runner",
    "run_hypotheses": "sim.experiments.hypotheses",
    "sensitivity": "sim.experiments.sensitivity",
    "shares": "sim.experiments.effects",
    "solve": "sim.solution",
    "tell": "sim.story",
    "verify": "sim.experiments.verify",
    "with_values": "sim.scenario",
    "write_report": "sim.report",
}

__all__ = list(_HOMES)

if TYPE_CHECKING:
    from sim.budget import ledger
    from sim.episodes import play_episodes
    from sim.experiments.adequacy import adequacy
    from sim.experiments.design import load_experiment
    from sim.experiments.discovery import discover
    from sim.experiments.effects import against, factorial, shares
    from sim.experiments.hypotheses import run_hypotheses
    from sim.experiments.runner import run_experiment
    from sim.experiments.sensitivity import sensitivity
    from sim.experiments.store import Results, RunError, load_results
    from sim.experiments.verify import verify
    from sim.model import BargainingModel
    from sim.outcome import Outcome, Status, ground_rules, negotiate
    from sim.problems import InputError
    from sim.report import write_report
    from sim.scenario import load_scenario, with_values
    from sim.solution import solve
    from sim.story import tell


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
