"""How fast it is, measured side by side in one run: `make bench`.

Machines differ and are shared, so read the ratios. Each figure is the best of several runs.
"""

import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import sim
from sim.experiments.design import parse_experiment
from sim.experiments.runner import plan, play_part
from sim.outcome import Outcome, negotiate, play

WORLDS = 32_768
ALONE = 40
DIFFERENT = 4096
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


def run_to_disk(worlds: int) -> tuple[float, float]:
    """Seconds on the clock, and the largest resident memory of any one process (MB)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.toml"
        path.write_text(EXPERIMENT.format(worlds=worlds), "utf-8")
        command = [
            sys.executable,
            "-m",
            "sim",
            "run",
            str(path),
            "--out",
            str(Path(folder) / "out"),
        ]
        command += ["--no-figures", "--quiet", "--workers", "2"]
        probe = f"import resource, subprocess; subprocess.run({command!r}, check=True)\n"
        probe += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", probe], check=True, capture_output=True, text=True
        )
        return time.perf_counter() - started, int(done.stdout.split()[-1]) / 1024


def line(what: str, value: str) -> None:
    print(f"{what:<58}{value:>18}", flush=True)


def main() -> None:
    scenario = sim.load_scenario("sebac-2011")
    negotiate(scenario, 100).frame()  # warm

    loop = best(lambda: sum(i & 7 for i in range(2_000_000)))
    line("yardstick: a Python loop of 2,000,000", f"{loop:.3f} s")

    batch = best(lambda: negotiate(scenario, WORLDS, seed=1).frame()) / WORLDS
    line("base case, both ballots, in batches, one core", f"{1 / batch:,.0f} worlds/s")

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

    for worlds in (200_000, 2_000_000):
        seconds, peak = run_to_disk(worlds)
        what = f"{worlds:,} worlds to disk by bargain run, two processes"
        line(what, f"{seconds:.0f} s, {peak:.0f} MB")

    python = wall([sys.executable, "-c", "pass"])
    line("python -c pass", f"{python:.2f} s")
    line("import sim", f"{wall([sys.executable, '-c', 'import sim']):.2f} s")
    line("bargain --help", f"{wall([sys.executable, '-m', 'sim', '--help']):.2f} s")


if __name__ == "__main__":
    main()
