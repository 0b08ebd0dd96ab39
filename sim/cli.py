"""The command line: `bargain`, also `python -m sim`.

Exit codes: 0 done; 1 the run failed; 2 the input is wrong; 130 interrupted. Heavy modules are
imported inside the commands, so that `bargain --help` is quick.
"""

import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    name="bargain",
    help="Simulate union-state bargaining: offers under a deadline, then the members' ballot.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def run(
    experiment: Annotated[str, typer.Argument(help="An experiment file, or its name.")],
    out: Annotated[Path | None, typer.Option(help="Results folder [results/NAME].")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    replications: Annotated[int | None, typer.Option(help="Worlds at each design point.")] = None,
    seed: Annotated[int | None, typer.Option(help="Names the random numbers.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE for every design point.")
    ] = None,
    restart: Annotated[bool, typer.Option(help="Replace what the folder holds.")] = False,
    figures: Annotated[bool, typer.Option(help="Draw the experiment's figures.")] = True,
    quiet: Annotated[bool, typer.Option(help="Plain lines, no progress bar.")] = False,
) -> None:
    """Run an experiment file; a second call carries on, or says that the run is complete."""
    from sim.experiments.design import load_experiment
    from sim.experiments.runner import run_experiment

    with _told():
        overrides = {"replications": replications, "seed": seed}
        given = {key: value for key, value in overrides.items() if value is not None}
        loaded = load_experiment(experiment, given | {"set": _settings(set_ or [])})
        folder = out or Path("results") / loaded.file.name
        played: list[int] = []
        _say(f"{loaded.file.name}: {loaded.file.question}")
        _say(_size(loaded))
        with _progress(loaded.worlds, quiet) as progress, _resumable():
            results = run_experiment(
                loaded,
                folder,
                workers=workers,
                cluster=cluster,
                restart=restart,
                progress=lambda worlds: (progress(worlds), played.append(worlds)),
            )
        if not played:
            _say(f"{folder} is complete; nothing was run. --restart runs it again.")
        drawn = _draw(results) if figures and played else []
        _print_summary(results)
        _say_where(folder, drawn)
        _tell_failures(results)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario and experiment files, or names.")],
) -> None:
    """Check scenario and experiment files without running them: every problem, a line each."""
    from sim.experiments.estimate import check_file
    from sim.problems import InputError

    problems = []
    for name in files:
        try:
            _say(check_file(name))
        except InputError as error:
            problems += error.problems
    with _told():
        if problems:
            raise InputError(problems)


@app.command()
def show(results: Annotated[str, typer.Argument(help="A results folder, or its name.")]) -> None:
    """Print the summary of a results folder again."""
    from sim.experiments.store import load_results

    with _told():
        found = load_results(results)
        _say(f"{found.manifest['name']}: {found.manifest['question']}")
        _print_summary(found)


@app.command()
def plot(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    figure: Annotated[
        str | None, typer.Option(help="One figure by name [all it can show].")
    ] = None,
    measure: Annotated[str, typer.Option(help="What a figure shows.")] = "ratified",
    x: Annotated[str | None, typer.Option(help="What runs along the map.")] = None,
    y: Annotated[str | None, typer.Option(help="What runs up the map.")] = None,
    below: Annotated[float | None, typer.Option(help="Boxes: seek points below this.")] = None,
    above: Annotated[float | None, typer.Option(help="Boxes: seek points above this.")] = None,
    density: Annotated[float | None, typer.Option(help="Boxes: how dense at the least.")] = None,
    at_most: Annotated[float | None, typer.Option(help="Enough: half the width wanted.")] = None,
) -> None:
    """Draw figures of a results folder into its folder `figures` (PNG and SVG)."""
    from sim.experiments.design import FigureRequest
    from sim.experiments.store import load_results

    with _told():
        found = load_results(results)
        sought = {"below": below, "above": above, "density": density}
        options = {"measure": measure, "x": x, "y": y, "at_most": at_most, **sought}
        request = FigureRequest(name=figure, **options) if figure else None
        for path in _draw(found, request):
            _say(f"drew {path}")


@app.command()
def replay(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    point: Annotated[int, typer.Option(help="The design point.")] = 0,
    replication: Annotated[int, typer.Option(help="The replication.")] = 0,
) -> None:
    """Tell one world as a story: every offer, every ballot, why it ended."""
    from sim.experiments.store import load_results
    from sim.story import tell

    with _told():
        _say(tell(load_results(results).replay(point, replication)))


@app.command()
def verify(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    worlds: Annotated[int, typer.Option(min=0, help="Worlds to play again.")] = 50,
) -> None:
    """Check the files of a results folder, and play a random sample of its worlds again."""
    from sim.experiments.store import RunError, load_results
    from sim.experiments.verify import verify as verified

    with _told():
        found = verified(load_results(results), worlds)
        for problem in found.problems:
            print(f"error: {problem}", file=sys.stderr)
        if found.problems:
            raise RunError(
                f"{results}: {len(found.problems)} problem{'s' * (len(found.problems) > 1)}; {found.remedy}"
            )
        _say(f"{found.files} files are whole, and {found.worlds} worlds play the same bit for bit")


@app.command()
def sensitivity(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    measure: Annotated[str, typer.Option(help="What is to be explained.")] = "ratified",
) -> None:
    """Which parameters matter: Sobol' indices of a Saltelli sample, Morris screening of a Morris one."""
    from sim.console import print_table
    from sim.experiments.sensitivity import sensitivity as of_parameters
    from sim.experiments.store import load_results

    with _told():
        found = load_results(results)
        print_table(of_parameters(found, measure), f"sensitivity of {measure}; 95 % intervals")


@app.command()
def compare(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    measure: Annotated[str, typer.Option(help="What is compared.")] = "ratified",
    base: Annotated[int, typer.Option(help="The design point to compare with.")] = 0,
) -> None:
    """How every design point differs from one of them, in paired worlds (common random numbers)."""
    from sim.console import print_table
    from sim.experiments.effects import against
    from sim.experiments.store import load_results

    with _told():
        found = load_results(results)
        table = against(found, measure, base)
        print_table(table, f"{measure}: mean paired difference from point {base}, 95 % intervals")


@app.command()
def effects(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    measure: Annotated[str, typer.Option(help="What is explained.")] = "ratified",
) -> None:
    """What each factor of a grid does by itself and in pairs, and how much of the variation it explains."""
    from sim.console import print_table
    from sim.experiments.effects import factorial, shares
    from sim.experiments.store import load_results

    with _told():
        found = load_results(results)
        print_table(factorial(found, measure), f"effects on the mean of {measure}; 95 % intervals")
        print_table(shares(found, measure), "share of the variation between design points")


@app.command()
def discover(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    measure: Annotated[str, typer.Option(help="What is sought.")] = "ratified",
    below: Annotated[float | None, typer.Option(help="Seek points with a mean below this.")] = None,
    above: Annotated[float | None, typer.Option(help="Seek points with a mean above this.")] = None,
    density: Annotated[float, typer.Option(help="Share of a box's points that are sought.")] = 0.8,
) -> None:
    """In which region of the sampled parameters a measure is below or above a threshold."""
    from sim.console import print_table
    from sim.experiments.discovery import discover as boxes
    from sim.experiments.store import load_results

    with _told():
        table = boxes(load_results(results), measure, below=below, above=above, density=density)
        side = f"below {below:g}" if above is None else f"above {above:g}"
        print_table(
            table, f"boxes with a mean of {measure} {side}; limits that are not named are free"
        )


@app.command()
def enough(
    results: Annotated[str, typer.Argument(help="A results folder, or its name.")],
    measure: Annotated[str, typer.Option(help="Whose mean is to be sure.")] = "ratified",
    at_most: Annotated[float | None, typer.Option(help="Half the width that is wanted.")] = None,
) -> None:
    """Whether there are enough replications, and how many it takes for an interval of a width."""
    from sim.console import print_table
    from sim.experiments.adequacy import adequacy, verdict
    from sim.experiments.store import load_results

    with _told():
        table = adequacy(load_results(results), measure, at_most)
        print_table(table, f"mean of {measure}, the greatest first; 95 % intervals")
        _say(verdict(table, at_most))


@app.command()
def hypotheses(
    replications: Annotated[
        int | None, typer.Option(min=2, help="Worlds at each design point.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="One hypothesis, such as H4; may be repeated.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Results folder.")] = Path("results/hypotheses"),
    restart: Annotated[bool, typer.Option("--restart", help="Run also what is complete.")] = False,
) -> None:
    """Run the hypotheses in experiments/hypotheses and print how each came out, whatever it is."""
    from sim.console import print_verdicts
    from sim.experiments.hypotheses import run_hypotheses

    with _told(), _resumable():
        verdicts = run_hypotheses(
            out=out,
            replications=replications,
            only=only or (),
            restart=restart,
            told=lambda line: print(line, file=sys.stderr, flush=True),
        )
        print_verdicts(verdicts)
        _say(f"data     {out / 'verdicts.csv'} (one row a claim), {out}/NAME (each experiment)")


@app.command()
def solve(
    scenario: Annotated[str, typer.Argument(help="A scenario, by name or path.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE to change a parameter.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the picture.")] = Path("results/solve"),
) -> None:
    """What theory would choose in a scenario: solution concepts, ratification and power, with a picture."""
    from sim.console import print_solution
    from sim.experiments.store import RunError
    from sim.figures.bargaining_set import bargaining_set
    from sim.figures.style import save
    from sim.solution import solve as solved

    with _told():
        solution = solved(scenario, set=_settings(set_ or []))
        print_solution(solution)
        try:
            out.mkdir(parents=True, exist_ok=True)
            picture, _ = save(bargaining_set(solution), out / solution.scenario.name)
        except OSError as error:
            raise RunError(f"{out}: cannot be written ({error.strerror})") from None
        _say(f"figure   {picture}")


@app.command()
def ledger(
    scenario: Annotated[
        str, typer.Argument(help="A scenario, by name or path.")
    ] = "connecticut-2011",
) -> None:
    """Print the budget of a scenario entry by entry, with subtotals and what is left by fiscal year."""
    from sim.budget import ledger as ledger_of
    from sim.console import print_ledger

    with _told():
        entries = ledger_of(scenario)
        if entries.empty:
            _say(f"{scenario} has no ledger: its file has no [[ledger]] entries")
        else:
            print_ledger(entries)


@app.command()
def export(
    scenario: Annotated[str, typer.Argument(help="A scenario file, or its name.")],
    to: Annotated[str, typer.Option(help="negmas or genius.")],
    out: Annotated[Path, typer.Option(help="A new folder for the files.")],
) -> None:
    """Write a textbook game as files of NegMAS (YAML) or GENIUS (XML)."""
    from sim.interop import export_scenario
    from sim.scenario import load_scenario

    with _told():
        for path in export_scenario(load_scenario(scenario), to, out):
            _say(f"wrote {path}")


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder with files of NegMAS or GENIUS.")],
    out: Annotated[Path, typer.Option(help="The scenario file to write.")],
) -> None:
    """Read files of NegMAS or GENIUS as a scenario; what they do not say is assumed."""
    from sim.interop import import_scenario, save_scenario

    with _told():
        scenario = import_scenario(folder)
        save_scenario(scenario, out)
        _say(f"wrote {out}: {scenario.title}")


@app.command()
def tournament(
    file: Annotated[str, typer.Argument(help="A tournament file, or its name.")] = "all_tactics",
    out: Annotated[Path | None, typer.Option(help="Results folder [results/NAME].")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use.")] = None,
    restart: Annotated[bool, typer.Option(help="Run also what is complete.")] = False,
) -> None:
    """All entrants against all in both seats of every game: a matrix, a ranking, a figure."""
    from sim.console import print_table
    from sim.experiments.tournament import load_tournament, run_tournament
    from sim.figures.style import save
    from sim.figures.tournament import tournament as drawn

    with _told(), _resumable():
        loaded = load_tournament(file)
        folder = out or Path("results") / loaded.name
        _say(f"{loaded.name}: {loaded.question}")
        played = run_tournament(
            loaded,
            folder,
            workers=workers,
            restart=restart,
            told=lambda line: print(line, file=sys.stderr, flush=True),
        )
        print_table(played.ranking, "mean utility over seats, opponents and games; 95 % intervals")
        picture, _ = save(drawn(played), folder / "tournament")
        _say(
            f"data     {folder / 'matrix.csv'} (one row a game and pair), {folder / 'ranking.csv'}"
        )
        _say(f"figure   {picture}")


@app.command()
def episodes(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Scenarios in order [connecticut-2011 three times].")
    ] = None,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Names the random numbers.")] = 2011,
    out: Annotated[
        Path, typer.Option(help="Where the table goes, a row a world and episode.")
    ] = Path("results/episodes.csv"),
) -> None:
    """Play episodes one after another: members remember whether the last threat was carried out."""
    from sim.console import print_table
    from sim.episodes import by_episode, play_episodes

    with _told():
        played = play_episodes(scenarios or ["connecticut-2011"] * 3, worlds, seed=seed)
        caption = "means over worlds; belief is what members give to the threat at the beginning"
        print_table(by_episode(played), caption)
        out.parent.mkdir(parents=True, exist_ok=True)
        played.to_csv(out, index=False)
        _say(f"data     {out} (one row a world and episode)")


@app.command()
def case(
    scenario: Annotated[str, typer.Argument(help="A scenario.")] = "connecticut-2011",
    record: Annotated[str, typer.Option(help="The record of a case.")] = "connecticut-2011",
    draws: Annotated[
        Path | None, typer.Option(help="Draws of parameters to play, such as a posterior (CSV).")
    ] = None,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds.")] = 4000,
    seed: Annotated[int, typer.Option(min=0, help="Names the random numbers.")] = 2011,
    set_: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE to change.")] = None,
    held_out: Annotated[
        int | None,
        typer.Option(min=1, max=2, help="Score this ballot, left out of the fit of the draws."),
    ] = None,
) -> None:
    """Print what happened beside the model, moment by moment, and what the record cannot tell."""
    from sim.against_record import compare, out_of_sample, worlds_beside
    from sim.console import print_comparison, print_table
    from sim.record import load_record

    with _told():
        values, known = _settings(set_ or []), load_record(record)
        told = worlds_beside(scenario, record, worlds, seed=seed, draws=draws, set=values)
        if held_out is None:
            print_comparison(compare(told, known))
            return
        caption = (
            "shares of yes; scores are continuous ranked probability scores, the smaller the better"
        )
        print_table(out_of_sample(told, known, held_out), caption)


@app.command()
def calibrate(
    name: Annotated[str, typer.Argument(help="A calibration file, or its name.")],
    out: Annotated[
        Path | None, typer.Option(help="Where it goes [results/calibration/NAME].")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
) -> None:
    """Fit uncertain parameters to the record: the same file gives the same posterior."""
    from sim.console import print_posterior
    from sim.experiments.calibration import calibrate, load_calibration

    with _told():
        file = load_calibration(name)
        _say(f"{file.name}: {file.question}")
        posterior = calibrate(file, workers=workers, progress=_to_stderr)
        folder = out or Path("results") / "calibration" / file.name
        posterior.write(folder)
        print_posterior(posterior)
        _say(f"data     {folder}/draws.csv, particles.csv, generations.csv")
        _say(f"next     {_command()} case {file.scenario} --draws {folder}/draws.csv")


@app.command("list")
def list_(
    what: Annotated[
        str,
        typer.Argument(help="scenarios, experiments, tournaments, tactics, figures or parameters."),
    ],
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Parameters: as a table with all there is to say.")
    ] = False,
) -> None:
    """List what there is, a line each."""
    from sim.catalogue import listing, parameter_table

    with _told():
        if markdown:
            _say(parameter_table())
            return
        for line in listing(what):
            _say(line)


@app.command()
def describe(
    name: Annotated[
        str, typer.Argument(help="A parameter, table, scenario, experiment or tactic.")
    ],
) -> None:
    """Describe a parameter, scenario, experiment, tactic or figure."""
    from sim.catalogue import description

    with _told():
        _say(description(name))


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an old code page must not stop a run
            stream.reconfigure(errors="replace")
    app()


@contextmanager
def _told() -> Iterator[None]:
    """Errors a person can mend become lines and an exit code, not tracebacks."""
    from sim.experiments.store import RunError
    from sim.problems import InputError

    try:
        yield
    except InputError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        raise typer.Exit(2) from None
    except RunError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


@contextmanager
def _resumable() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        typed = [word for word in sys.argv[1:] if word != "--restart"]
        again = " ".join([_command(), *map(shlex.quote, typed)])
        print(f"\ninterrupted; what is done is kept. To carry on: {again}", file=sys.stderr)
        raise typer.Exit(130) from None


def _settings(pairs: list[str]) -> dict[str, Any]:
    """Read KEY=VALUE pairs; a value is written as in TOML, and a bare word is text."""
    import tomllib

    from sim.problems import InputError

    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InputError([f"--set {pair}: must be KEY=VALUE, such as threat.layoffs=7500"])
        try:
            settings[key.strip()] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            settings[key.strip()] = value.strip()
    return settings


def _size(experiment: Any) -> str:
    points, each = len(experiment.points), experiment.replications
    named = f"{points:,} design point{'s' * (points > 1)}"
    most = "" if experiment.file.replications == each else "at most "
    return f"{named} x {most}{each:,} replications = {most}{experiment.worlds:,} worlds"


@contextmanager
def _progress(worlds: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar with rate and time left on a terminal, plain lines elsewhere; both on standard error."""
    from sim.console import bar, lines

    with (lines if quiet or not sys.stderr.isatty() else bar)(worlds) as progress:
        yield progress


def _draw(results: Any, request: Any = None) -> list[Path]:
    from sim.figures.draw import draw

    return draw(results, request)


def _print_summary(results: Any) -> None:
    from sim.console import print_summary

    print_summary(results)


def _tell_failures(results: Any) -> None:
    from sim.experiments.store import RunError

    if failures := results.failures:
        first = failures[0]
        raise RunError(
            f"{len(failures)} worlds failed and are missing from the results; the first, point "
            f"{first['point']}, replication {first['replication']}: {first['error']} (all in "
            f"{results.folder / 'failures.jsonl'})"
        )


def _say_where(folder: Path, drawn: list[Path]) -> None:
    _say(f"data     {folder / 'worlds'} (one row a world), {folder / 'summary.csv'}")
    if (folder / "replications.csv").exists():
        _say(f"stopped  {folder / 'replications.csv'} (why each point has as many replications)")
    for path in drawn:
        _say(f"figure   {path}")
    _say(f"next     {_command()} replay {folder} --point 0 --replication 0")


def _command() -> str:
    """How this command was called, for lines that say what to type next."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("sim", "__main__.py"):
        return "python -m sim"
    on_path = shutil.which("bargain")
    elsewhere = called.stem == "bargain" and (
        on_path is None or Path(on_path).resolve() != called.resolve()
    )
    return str(called) if elsewhere else "bargain"


def _say(text: str) -> None:
    print(text)


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)
