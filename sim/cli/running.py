"""Commands that play worlds: experiments, hypotheses, tournaments, episodes, calibrations."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.base import Force, command, resumable, say, settings, to_copy, to_stderr

if TYPE_CHECKING:
    from sim.experiments.running.results import Results

commands = typer.Typer()


@commands.command()
def run(
    experiment: Annotated[
        str, typer.Argument(help="An experiment file, or its name; or a scenario.")
    ],
    out: Annotated[Path | None, typer.Option(help="Results folder [results/NAME].")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    replications: Annotated[int | None, typer.Option(help="Worlds at each design point.")] = None,
    seed: Annotated[int | None, typer.Option(help="Names the random numbers.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE for every design point.")
    ] = None,
    restart: Annotated[
        bool, typer.Option(help="Take the run out of the folder, and play it anew.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Play the parts again in which worlds failed.")
    ] = False,
    force: Force = False,
    figures: Annotated[bool, typer.Option(help="Draw the experiment's figures.")] = True,
    quiet: Annotated[bool, typer.Option(help="Plain lines, no progress bar.")] = False,
) -> None:
    """Run an experiment file, or carry on with it.

    Where the run is complete it says so. Of a scenario one world is played and told, with the lines that
    make an experiment of it.
    """
    if _is_scenario(experiment):
        of_many = {
            "--out": out,
            "--workers": workers,
            "--cluster": cluster,
            "--replications": replications,
            "--restart": restart,
            "--retry": retry,
        }
        _play_one_world(
            experiment,
            seed,
            set_,
            [name for name, given in of_many.items() if given is not None and given is not False],
        )
        return
    from sim.experiments.design.experiment import load_experiment
    from sim.experiments.running.runner import run_experiment
    from sim.show.console import print_summary

    overrides = {"replications": replications, "seed": seed}
    given = {key: value for key, value in overrides.items() if value is not None}
    loaded = load_experiment(experiment, given | {"set": settings(set_)})
    folder = out or Path("results") / loaded.file.name
    say(f"{loaded.file.name}: {loaded.file.question}")
    say(loaded.size)
    played: list[int] = []  # worlds, part by part
    with _progress(loaded.worlds, quiet) as show, resumable():

        def progress(worlds: int) -> None:
            played.append(worlds)
            show(worlds)

        results = run_experiment(
            loaded,
            folder,
            workers=workers,
            cluster=cluster,
            restart=restart,
            retry=retry,
            force=force,
            progress=progress,
        )
    if not played:
        say(f"{folder} is complete; nothing was run. --restart runs it again.")
    drawn = []
    if figures:
        from sim.show.figures.asked import asked_for, missing

        if wanted := asked_for(results) if played else missing(results):
            from sim.show.figures.draw import draw_each

            drawn = draw_each(results, wanted, force=force)
    print_summary(results)
    _say_where(results, drawn)
    _refuse_failures(results)


@commands.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario and experiment files, or names.")],
    time: Annotated[
        bool,
        typer.Option("--time", help="Play a few worlds, to say better how long all would take."),
    ] = False,
    explain: Annotated[
        bool | None,
        typer.Option(help="Explain scenarios back in plain words [if one is checked]."),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="List every value that is taken over from another case.")
    ] = False,
) -> None:
    """Check scenario and experiment files without running them.

    Every problem is told, a line each; and what would not go into this machine's memory, or onto its disk.
    A scenario is explained back: who, what, who must agree, what otherwise, and how it may end.
    """
    from sim.cases.loading import read_layers, shipped_bases, to_be_stated
    from sim.cases.schema import Game
    from sim.experiments.design.experiment import Experiment
    from sim.experiments.design.idle import idle
    from sim.experiments.design.tournament import TournamentFile
    from sim.experiments.running.estimate import (
        contents,
        hold_file,
        load_file,
        rule_of_thumb,
        time_needed,
    )
    from sim.inputs.problems import InputError, RunError

    problems = []
    for name in files:
        if name in shipped_bases():
            say(f"{name}: {to_be_stated(read_layers(name)[0].document)}")
            continue
        try:
            held = load_file(name)
        except InputError as error:
            problems += error.problems
            continue
        needed = ""
        if isinstance(held, Experiment | TournamentFile):
            tried = time_needed(held) if time and isinstance(held, Experiment) else None
            needed = f"; {tried or rule_of_thumb(held)}"
        say(f"{name}: {contents(held)}{needed}")
        explained = isinstance(held, Game) and (len(files) == 1 if explain is None else explain)
        for sentence in () if explained else idle(held):
            say(f"{name}: {sentence}")
        try:
            hold_file(held, Path("results"))
        except (InputError, RunError) as error:
            problems.append(f"{name}: not on this machine: {error}")
            continue
        if explained and isinstance(held, Game):
            from sim.show.explanation import explanation

            for line in explanation(held, read_layers(name), all_):
                say(line)
    if problems:
        raise InputError(problems)


@commands.command()
def hypotheses(
    replications: Annotated[
        int | None, typer.Option(min=2, help="Worlds at each design point.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="One hypothesis, such as H4; may be repeated.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Results folder.")] = Path("results/hypotheses"),
    restart: Annotated[bool, typer.Option("--restart", help="Run also what is complete.")] = False,
    force: Force = False,
) -> None:
    """Run the hypotheses, and print how each came out.

    They are the experiment files in experiments/hypotheses.
    """
    from sim.experiments.analysis.hypotheses import run_hypotheses
    from sim.show.console import print_verdicts

    with resumable():
        verdicts = run_hypotheses(
            out=out,
            replications=replications,
            only=only or (),
            restart=restart,
            force=force,
            told=to_stderr,
        )
        print_verdicts(verdicts)
        say(f"data     {out / 'verdicts.csv'} (one row a claim), {out}/NAME (each experiment)")


@commands.command()
def tournament(
    file: Annotated[str, typer.Argument(help="A tournament file, or its name.")] = "all_tactics",
    out: Annotated[Path | None, typer.Option(help="Results folder [results/NAME].")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use.")] = None,
    restart: Annotated[bool, typer.Option(help="Run also what is complete.")] = False,
    force: Force = False,
) -> None:
    """All entrants against all, in both seats of every game.

    Prints a matrix and a ranking, and draws them.
    """
    from sim.experiments.design.tournament import load_tournament
    from sim.experiments.running.tournament import run_tournament
    from sim.show.console import print_table
    from sim.show.figures.style import save
    from sim.show.figures.tournament import tournament as drawn

    with resumable():
        loaded = load_tournament(file)
        folder = out or Path("results") / loaded.name
        say(f"{loaded.name}: {loaded.question}")
        played = run_tournament(
            loaded, folder, workers=workers, restart=restart, force=force, told=to_stderr
        )
        print_table(played.ranking, "mean utility over seats, opponents and games; 95 % intervals")
        picture, _ = save(drawn(played), folder / "tournament", force=force)
        say(f"data     {folder / 'matrix.csv'} (one row a game and pair), {folder / 'ranking.csv'}")
        say(f"figure   {picture}")


@commands.command()
def episodes(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Scenarios in order [connecticut-2011 three times].")
    ] = None,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Names the random numbers.")] = 2011,
    out: Annotated[
        Path, typer.Option(help="Where the table goes, a row a world and episode.")
    ] = Path("results/episodes.csv"),
    force: Force = False,
) -> None:
    """Play episodes one after another, with a memory.

    Members remember whether the last threat was carried out.
    """
    from sim.outputs.files import write_files
    from sim.play.episodes import by_episode, play_episodes
    from sim.show.console import print_table

    played = play_episodes(scenarios or ["connecticut-2011"] * 3, worlds, seed=seed)
    caption = "means over worlds; belief is what members give to the threat at the beginning"
    print_table(by_episode(played), caption)
    write_files({out: played.to_csv(index=False).encode()}, force=force)
    say(f"data     {out} (one row a world and episode)")


@commands.command()
def calibrate(
    name: Annotated[str, typer.Argument(help="A calibration file, or its name.")],
    out: Annotated[
        Path | None, typer.Option(help="Where it goes [results/calibration/NAME].")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
    force: Force = False,
) -> None:
    """Fit uncertain parameters to the record.

    The same file gives the same posterior.
    """
    from sim.experiments.design.calibration import load_calibration
    from sim.experiments.running.calibration import Posterior, calibrate
    from sim.outputs.files import refuse_others
    from sim.show.console import print_posterior

    file = load_calibration(name)
    say(f"{file.name}: {file.question}")
    folder = out or Path("results") / "calibration" / file.name
    if not force:
        refuse_others(Posterior.files(folder))
    posterior = calibrate(file, workers=workers, progress=to_stderr)
    posterior.write(folder, force=force)
    print_posterior(posterior)
    say(f"data     {folder}/draws.csv, particles.csv, generations.csv")
    again = to_copy(*command(), "case", file.scenario, "--draws", folder / "draws.csv")
    say(f"next     {again}")


def _is_scenario(name: str) -> bool:
    """Whether a name or a file is a scenario's, and not an experiment's, which names a scenario."""
    from sim.cases.loading import shipped_scenarios
    from sim.experiments.design.shipped import experiment_files
    from sim.inputs.documents import read_toml

    if name.endswith(".toml"):
        keys = read_toml(name).keys()
        return bool(keys & {"issue", "extends"}) and "scenario" not in keys
    return name in shipped_scenarios() and name not in experiment_files()


def _play_one_world(
    name: str, seed: int | None, set_: list[str] | None, of_many: list[str]
) -> None:
    """Tell one world of a scenario, and say how to play many."""
    import tomli_w

    from sim.inputs.problems import InputError
    from sim.play.outcome import negotiate
    from sim.show.story import tell_story

    if of_many:
        raise InputError(
            f"{name}: is a scenario, of which one world is played; {' and '.join(of_many)} "
            f"can be given with an experiment file, which `{to_copy(*command(), 'run', name)}` shows"
        )
    outcome = negotiate(name, seed=seed or 0, set=settings(set_))
    called = outcome.scenario.name
    experiment = {
        "name": called,
        "question": "How often do they agree, and on what?",
        "scenario": Path(name).name,
        "replications": 1000,
        "seed": seed or 0,
    }
    say(tell_story(outcome))
    say(
        f"\nThis was one world. To play many, save these lines beside the scenario, such as in "
        f"{called}_experiment.toml:\n\n{tomli_w.dumps(experiment)}"
    )
    say(f"next     {to_copy(*command(), 'run', f'{called}_experiment.toml')}")


@contextmanager
def _progress(worlds: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar with rate and time left on a terminal, plain lines elsewhere; both on standard error."""
    from sim.show.console import bar, lines

    with (lines if quiet or not sys.stderr.isatty() else bar)(worlds) as progress:
        yield progress


def _refuse_failures(results: "Results") -> None:
    """A run some of whose worlds failed has failed."""
    from sim.inputs.problems import RunError

    if failures := results.failures:
        first = failures[0]
        raise RunError(
            f"{len(failures)} worlds failed and are missing from the results; the first, point "
            f"{first['point']}, replication {first['replication']}: {first['error']} (all in "
            f"{results.folder / 'failures.jsonl'}); --retry plays those parts again"
        )


def _say_where(results: "Results", drawn: list[Path]) -> None:
    from sim.show.told import world_to_tell

    folder = results.folder
    point, replication = world_to_tell(results)
    say(f"data     {folder / 'worlds'} (one row a world), {folder / 'summary.csv'}")
    if (folder / "replications.csv").exists():
        say(f"stopped  {folder / 'replications.csv'} (why each point has as many replications)")
    for path in drawn:
        say(f"figure   {path}")
    world = ("--point", str(point), "--replication", str(replication))
    say(f"next     {to_copy(*command(), 'replay', folder, *world)}")
