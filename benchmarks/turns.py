"""Measuring in turns: every case of a panel once in each checkout, then every case again.

Machines differ and are shared, so a figure is the median of several turns with its least and greatest, in
processor time, and a ratio is the median of the ratios within turns.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
SCALES = {"us": 1e6, "ms": 1e3, "s": 1.0}


@dataclass(frozen=True)
class Case:
    """What is timed: `ready` makes what it needs and gives back the function that is timed.

    That may give back a peak of memory (MB) of its own. The time is divided by `per`, a number of worlds or
    of parts; `size` is what grows from case to case of a panel.
    """

    name: str
    ready: Callable[[], Callable[[], object]]
    per: float = 1
    size: float | None = None


@dataclass(frozen=True)
class Panel:
    """Cases that are measured in turns, in one unit, such as "us a world".

    Ratios are to the first case, if asked for. `clock` takes the time on the clock instead: where a disk
    is what one waits for.
    """

    title: str
    unit: str
    cases: list[Case]
    beside_first: bool = False
    clock: bool = False


class Checkout:
    """A process in which the cases are run with one checkout of the project."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "turns.py")],
            env=os.environ | {"PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, module: str, panel: int, case: int) -> dict[str, Any]:
        """Run one case once: its seconds of processor time and on the clock, or the error it raised."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(module, panel, case, file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def measure(module: str, number: int, checkouts: list[Checkout], turns: int) -> None:
    """Run a panel of a module in turns, and print it: this checkout first, then what it was before."""
    panel = import_module(module).PANELS[number]
    clock = ", on the clock" if panel.clock else ""
    print(f"\n{panel.title} ({panel.unit}{clock})", flush=True)
    runs: list[list[list[dict[str, Any]]]] = [[[] for _ in checkouts] for _ in panel.cases]
    for turn in range(turns):
        for case, of_case in enumerate(runs):
            for which in range(len(checkouts))[:: 1 if turn % 2 == 0 else -1]:
                of_case[which].append(checkouts[which].run(module, number, case))
    for case, of_case in zip(panel.cases, runs, strict=True):
        print(_line(panel, case, of_case, runs[0][0]), flush=True)
    sizes = [case.size for case in panel.cases]
    for which, name in zip(range(len(checkouts)), ("", " before"), strict=False):
        found = [
            _values(panel, case, of[which]) for case, of in zip(panel.cases, runs, strict=True)
        ]
        if None not in sizes and all(found) and len(sizes) > 1:
            medians = [statistics.median(values) for values in found]
            exponent = np.polyfit(np.log(sizes), np.log(medians), 1)[0]
            last = np.log(medians[-1] / medians[-2]) / np.log(sizes[-1] / sizes[-2])
            print(f"  grows{name} as size^{exponent:.2f}, from the last but one on as ^{last:.2f}")


def _line(panel: Panel, case: Case, of_case: list[list[dict[str, Any]]], first: list[Any]) -> str:
    values = _values(panel, case, of_case[0])
    if not values:
        return f"  {case.name:<52}{of_case[0][0]['error'][:60]:>30}"
    told = f"  {case.name:<52}{_spread(values):>30}  n={len(values)}"
    peaks = [run["peak"] for run in of_case[0] if run["peak"] is not None]
    if peaks:
        told += f"  {max(peaks):,.0f} MB"
    if panel.beside_first and of_case[0] is not first:
        told += f"  {_ratio(values, _values(panel, panel.cases[0], first))} x the first"
    if len(of_case) > 1:
        before = _values(panel, case, of_case[1])
        told += f"  before/now {_ratio(before, values)}" if before else "  before: fails"
    return told


def _values(panel: Panel, case: Case, runs: list[dict[str, Any]]) -> list[float]:
    """The times of a case in the unit of the panel; none if it failed."""
    if any("error" in run for run in runs):
        return []
    scale = SCALES[panel.unit.split()[0]] / case.per
    return [scale * run["clock" if panel.clock else "processor"] for run in runs]


def _spread(values: list[float]) -> str:
    middle, *ends = (
        f"{x:,.3g}" if x < 100 else f"{x:,.0f}"
        for x in (statistics.median(values), min(values), max(values))
    )
    return f"{middle} ({ends[0]}..{ends[1]})"


def _ratio(values: list[float], beside: list[float]) -> str:
    return _spread([value / other for value, other in zip(values, beside, strict=True)])


def _processor() -> float:
    """Seconds of processor time of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _serve() -> None:
    """Run the cases that are named on the standard input; what they print is left out."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    made: dict[str, Callable[[], object]] = {}
    for asked in sys.stdin:
        module, panel, case = asked.split()
        answer: dict[str, Any]
        try:
            if asked not in made:
                made = {
                    key: run for key, run in made.items() if key.startswith(f"{module} {panel} ")
                }
                made[asked] = import_module(module).PANELS[int(panel)].cases[int(case)].ready()
            started, clock = _processor(), time.perf_counter()
            peak = made[asked]()
            answer = {"processor": _processor() - started, "clock": time.perf_counter() - clock}
            answer["peak"] = peak if isinstance(peak, float) else None
        except Exception as error:  # a case that one of two checkouts cannot run is told, not fatal
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        with suppress(BrokenPipeError):
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    _serve()
