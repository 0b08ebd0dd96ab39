"""How fast it is, measured side by side in one run: `make bench`.

Machines differ and are shared, so read the ratios. Each figure is the best of several runs.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import sim
from sim.outcome import Outcome, negotiate, play

WORLDS = 32_768
ALONE = 40
DIFFERENT = 64
EXPERIMENT = """
name = "bench"
question = "How long does it take?"
scenario = "sebac-2011"
replications = {worlds}
seed = 1
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

    values = np.random.default_rng(1).uniform(0.05, 0.5, (DIFFERENT, 4))
    keys = ("governor.beta", "coalition.beta", "threat.bumping", "members.fairness")
    cases = [
        sim.with_values(scenario, dict(zip(keys, row, strict=True))) for row in values.tolist()
    ]
    settings = best(lambda: Outcome([play(sim.BargainingModel(cases, DIFFERENT, rng=1))]).frame())
    line("worlds with settings of their own", f"{settings / DIFFERENT * 1000:.2f} ms a world")

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
