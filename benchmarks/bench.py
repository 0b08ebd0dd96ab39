"""How fast it is, measured side by side in one run: `make bench`.

Machines differ and are shared, so read the ratios. Each figure is the best of several runs.
"""

import subprocess
import sys
import time
from collections.abc import Callable

import sim
from sim.outcome import Outcome, negotiate, play

WORLDS = 20_000
ALONE = 40


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

    python = wall([sys.executable, "-c", "pass"])
    line("python -c pass", f"{python:.2f} s")
    line("import sim", f"{wall([sys.executable, '-c', 'import sim']):.2f} s")
    line("bargain --help", f"{wall([sys.executable, '-m', 'sim', '--help']):.2f} s")


if __name__ == "__main__":
    main()
