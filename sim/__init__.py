"""bargain: union-state bargaining simulated as an agent-based model.

Read the house from the ground up, a folder a floor; each imports only from those before it:

    arrays          the axes of every array, addressed random draws, logit choice
    theory          closed forms and solvers of the literature, on arrays alone
    inputs          what a person gives us: parameters, documents, arguments, and how we say what is
                    wrong
    outputs         what a person is given: text that is nothing but text, files written whole
    mechanisms      what the case of 2011 had besides one table and one ballot, a room for each
    cases           scenario files checked and frozen, the ledger, the record of what happened
    preferences     packages, dollars, and what they are worth to governor, members, leaders; ballots
                    and bylaws
    worlds          many worlds made ready: parameters as arrays, electorate, ballots, politics, the
                    batch; what theory would choose in it
    negotiators     offer history, situation, opponent model, tactics, bidding, acceptance; the agents,
                    where decisions are made
    play            ground rules, the Mesa model and its stages (one step is one round in every world),
                    how worlds ended, the table of measures, the fit to the record
    experiments     statistics, designs, runs that cannot be lost, analyses
    interop         scenario files of NegMAS and GENIUS
    show            stories, tables on a terminal, what there is, figures, reports
    teaching        a paper kit for a class; lessons that mark themselves
    cli             the commands

The names below are the public ones; they are imported when first used, so that `import sim` is
quick.
"""

TYPE_CHECKING = False  # as of `typing`, whose import takes longer than all that is done here

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
    "tell_story": "sim.show.story",
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
    "tell": "tell_story",
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
    from sim.show.story import tell_story
    from sim.worlds.solution import solve


def __getattr__(name: str) -> object:
    import warnings
    from importlib import import_module

    if name in _RENAMED:
        new = _RENAMED[name]
        warnings.warn(f"sim.{name} is now called sim.{new}", DeprecationWarning, stacklevel=2)
        name = new
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
