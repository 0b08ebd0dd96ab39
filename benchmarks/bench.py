"""How fast it is, measured side by side in one run: `make bench`.

Machines differ and are shared, so read the ratios. Each figure is the best of several runs.
"""

import importlib.util
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import estimates
import numpy as np

import sim
from sim.cases.loading import parse_scenario
from sim.cases.schema import TextbookGame
from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.parts import play_part
from sim.experiments.running.plan import plan
from sim.negotiators.agents import Coalition, Governor
from sim.play.outcome import Outcome, negotiate, play

WORLDS = 32_768
ALONE = 40
DIFFERENT = 4096
NEGMAS_RULES = Path(__file__).parents[1] / "tests" / "oracles" / "with_negmas" / "conftest.py"
NEGMAS_ROUNDS = 20  # each party may offer so often
MANY_DIFFERENT = 16_384
EXPERIMENT = """
name = "bench"
question = "How long does it take?"
scenario = "sebac-2011"
replications = {worlds}
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


def best(run: Callable[[], object], times: int = 5) -> float:
    """Seconds of CPU time, the least of several runs."""
    seconds = []
    for _ in range(times):
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return min(seconds)


def wall(command: list[str], times: int = 5) -> float:
    """Seconds on the clock that a command takes, the least of several runs."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def run_to_disk(experiment: str) -> tuple[float, float]:
    """Seconds on the clock, and the most memory (MB) of all its processes together."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "bench.toml", Path(folder) / "out"
        path.write_text(experiment, "utf-8")
        command = [sys.executable, "-m", "sim", "run", str(path), "--out", str(out)]
        started, peak = time.perf_counter(), 0.0
        process = subprocess.Popen(
            [*command, "--no-figures", "--quiet", "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None:
            peak = max(peak, sum(map(memory, family(process.pid))))
            time.sleep(0.1)
        if process.returncode:
            raise RuntimeError(f"bargain run of the benchmark failed with {process.returncode}")
        return time.perf_counter() - started, peak


def family(pid: int) -> list[int]:
    """A process and all that come from it (Linux)."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [
            int(child) for task in tasks for child in (task / "children").read_text().split()
        ]
    except OSError:  # it has ended
        return []
    return [pid, *(member for child in children for member in family(child))]


def memory(pid: int) -> float:
    """What a process adds to the memory in use (MB): pages that it shares count by its share (PSS)."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(int(row.split()[1]) for row in told.splitlines() if row.startswith("Pss:")) / 1024


def line(what: str, value: str) -> None:
    print(f"{what:<60}{value:>24}", flush=True)


def large_game() -> TextbookGame:
    """4 issues of 10 levels with drawn points."""
    points = np.random.default_rng(1).uniform(size=(4, 2, 10)).tolist()
    issues = [
        {"name": f"issue_{i}", "title": f"Issue {i}", "unit": "none", "levels": list(range(10))}
        | {"governor": governor, "coalition": coalition}
        for i, (governor, coalition) in enumerate(points)
    ]
    told = dict.fromkeys(("title", "description", "source"), "10,000 packages with drawn points")
    document = {
        "name": "large-game",
        **told,
        "utility": "points",
        "batna": [1.0, 1.0],
        "calendar": {"rounds": 2 * NEGMAS_ROUNDS - 1},
        "issue": issues,
        "governor": {"beta": 0.25},
        "coalition": {"beta": 0.25},
        "talks": {"first_proposer": "governor", "selection": "cheapest"},
    }
    return parse_scenario(document, "large-game")


def negmas_rules() -> ModuleType:
    """NegMAS's rules at our table, as the tests compare them with NegMAS offer by offer."""
    spec = importlib.util.spec_from_file_location("negmas_rules", NEGMAS_RULES)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def beside_negmas() -> None:
    """The same talks at NegMAS's table and at ours: the same game, rules, deadline and offers."""
    if importlib.util.find_spec("negmas") is None:
        line('beside NegMAS (pip install -e ".[oracles]")', "not installed")
        return
    from negmas.sao import BoulwareTBNegotiator, SAOMechanism

    rules, game = negmas_rules(), large_game()
    seats = {
        "governor": rules.time_based(Governor, "boulware"),
        "coalition": rules.time_based(Coalition, "boulware"),
    }
    space, worths = rules.in_negmas(game)

    def theirs() -> None:
        for _ in range(ALONE):
            mechanism = SAOMechanism(outcome_space=space, n_steps=NEGMAS_ROUNDS)
            for worth in worths:
                mechanism.add(BoulwareTBNegotiator(), ufun=worth)
            mechanism.run()

    def ours() -> None:
        for _ in range(ALONE):
            play(sim.BargainingModel(game, rng=1, **seats))

    def batch() -> None:
        either_first = {"talks.first_proposer": "random"}
        play(sim.BargainingModel(game, WORLDS, set=either_first, rng=1, **seats))

    here = rules.play_here(game, NEGMAS_ROUNDS, *seats.values())
    negotiators = BoulwareTBNegotiator(), BoulwareTBNegotiator()
    if here != rules.play_there(game, NEGMAS_ROUNDS, *negotiators):
        raise AssertionError("the talks at NegMAS's table and at ours are not the same")
    line("10,000 packages, Boulware: the same talks at both tables", f"{len(here.offers)} offers")
    per_talks = [best(theirs, times=3) / ALONE, best(ours, times=3) / ALONE, best(batch) / WORLDS]
    slowest, one, many = per_talks
    line("ratio to NegMAS, one by one", f"{slowest / one:,.1f} x")
    # The worlds of the batch differ in who opens, and share what packages are worth.
    line("ratio to NegMAS, in a batch (tables shared, opener drawn)", f"{slowest / many:,.0f} x")
    names = ("NegMAS, one by one", "ours, one by one", "ours, in that batch")
    for who, each in zip(names, per_talks, strict=True):
        line(f"those talks, {who}", f"{1 / each:,.0f} talks/s")


def main() -> None:
    scenario = sim.load_scenario("sebac-2011")
    negotiate(scenario, 100).frame()  # warm

    loop = best(lambda: sum(i & 7 for i in range(2_000_000)))
    line("yardstick: a Python loop of 2,000,000", f"{loop:.3f} s")

    batch = best(lambda: negotiate(scenario, WORLDS, seed=1).frame()) / WORLDS
    line("base case, both ballots, in batches, one core", f"{1 / batch:,.0f} worlds/s")

    full = sim.load_scenario("connecticut-2011")
    negotiate(full, 100).frame()  # ground rules are bargained once
    whole = best(lambda: negotiate(full, WORLDS, seed=1).frame(), times=3) / WORLDS
    line("full case, every mechanism on, one core", f"{1 / whole:,.0f} worlds/s")
    line("ratio to the base case", f"{whole / batch:,.1f} x as long")

    def one_by_one() -> None:
        for world in range(ALONE):
            Outcome([play(sim.BargainingModel(scenario, rng=1, first_world=world))]).frame()

    alone = best(one_by_one) / ALONE
    line("the same, a Mesa model for each world", f"{1 / alone:,.0f} worlds/s")
    line("ratio", f"{alone / batch:,.0f} x")
    line("one world through sim.negotiate", f"{alone * 1000:.1f} ms")

    def sampled() -> None:
        document = tomllib.loads(EXPERIMENT.format(worlds=1) + SAMPLE.format(points=DIFFERENT))
        for part in plan(parse_experiment(document, "bench")):
            play_part(part)

    apart = best(sampled, times=3) / DIFFERENT
    line("a Sobol' sample of 20 parameters, one world a point", f"{apart * 1000:.2f} ms a world")
    whole = EXPERIMENT.format(worlds=1) + SAMPLE.format(points=MANY_DIFFERENT)
    seconds, peak = run_to_disk(whole)
    line(
        f"{MANY_DIFFERENT:,} points of it to disk by bargain run, all included",
        f"{seconds / MANY_DIFFERENT * 1000:.2f} ms a world, {peak:.0f} MB",
    )

    for worlds in (1_000_000, 10_000_000):
        seconds, peak = run_to_disk(EXPERIMENT.format(worlds=worlds))
        what = f"{worlds:,} worlds to disk by bargain run, two processes"
        line(what, f"{seconds:.0f} s, {peak:.0f} MB")

    beside_negmas()

    estimates.main()

    python = wall([sys.executable, "-c", "pass"])
    line("python -c pass", f"{python:.2f} s")
    line("import sim", f"{wall([sys.executable, '-c', 'import sim']):.2f} s")
    line("bargain --help", f"{wall([sys.executable, '-m', 'sim', '--help']):.2f} s")


if __name__ == "__main__":
    main()
