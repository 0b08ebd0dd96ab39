"""How good the estimates of `bargain check` are: shipped experiments, predicted and then run.

It prints for each what was predicted over what it took, of processor time, of memory at the most, and of
bytes on disk. Other machines are faster or slower, all of them by about the same factor in the first
column. Run alone: `python benchmarks/estimates.py`; `make bench` runs it, too.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from sim.experiments.design.experiment import load_experiment
from sim.experiments.running.estimate import Need, need_of

# Of each kind: few points and many, one world a point and many, with mechanisms and without, long talks,
# ground rules that are tried out first, leaders who look ahead.
RUNS = {
    "layoff_threat": {},
    "secrecy_degree": {},
    "connecticut_2011": {"replications": 300_000},
    "logrolling": {"replications": 4000},
    "answering_in_kind": {},
    "standoffs": {},
    "what_learning_buys": {},
    "which_parameters_matter": {"replications": 2},
    "where_the_ballot_passes": {},
    "uncertain_doors": {},
    "looking_ahead": {},
    "ground_rules": {},
    "plan_b": {},
    "public_opinion": {},
    "alternatives_to_plan_b": {},
    "rival_explanations": {},
}


def taken(name: str, replications: int | None) -> tuple[float, float, float]:
    """Seconds of processor time, bytes of memory at the most, and bytes on disk, of a run in one process."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [sys.executable, "-m", "sim", "run", name, "--out", str(out), "--workers", "1"]
        more = [] if replications is None else ["--replications", str(replications)]
        process = subprocess.Popen(
            [*command, *more, "--no-figures", "--quiet"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"bargain run {name} failed with {process.returncode}")
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        return used.ru_utime + used.ru_stime, 1024.0 * used.ru_maxrss, float(size)


def compared(name: str, need: Need, replications: int | None) -> np.ndarray:
    """What was predicted over what it took: time, memory, disk."""
    return np.array([need.seconds, need.memory, need.disk]) / taken(name, replications)


def main() -> None:
    print(f"{'predicted / taken':<44}{'time':>8}{'memory':>8}{'disk':>8}", flush=True)
    ratios = []
    for name, overrides in RUNS.items():
        need = need_of(load_experiment(name, overrides))
        ratios.append(compared(name, need, overrides.get("replications")))
        print(f"{name:<44}" + "".join(f"{ratio:8.2f}" for ratio in ratios[-1]), flush=True)
    for what, found in (
        ("the middle one", np.median(ratios, axis=0)),
        ("the least", np.min(ratios, axis=0)),
        ("the greatest", np.max(ratios, axis=0)),
    ):
        print(f"{what:<44}" + "".join(f"{ratio:8.2f}" for ratio in found), flush=True)


if __name__ == "__main__":
    main()
