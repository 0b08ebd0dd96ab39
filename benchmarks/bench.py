"""How fast it is: `make bench`, or `python benchmarks/bench.py shapes growth` for some of it.

    shapes      points x replications, batches, samples, runs to disk
    growth      each tactic, selection and acceptance rule by rounds; unions, packages, long talks
    one_world   one world, a Mesa model for each, the same talks beside NegMAS
    doors       reports, figures, solutions, a slider, the writer, the first command
    estimates   what `bargain check` predicts, over what it takes

Each figure is the median of some turns with its least and greatest. Machines differ and are shared: read
the ratios and the exponents. `--against FOLDER` runs every case with another checkout of the project as
well, in alternating turns, and prints what it took before over what it takes now:

    git worktree add ../before v1.2.0
    python benchmarks/bench.py growth --against ../before
"""

import argparse
import os
from importlib import import_module
from pathlib import Path

import estimates
from turns import HERE, Checkout, measure

SECTIONS = ("shapes", "growth", "one_world", "doors")


def main() -> None:
    """Measure the sections that are asked for."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("sections", nargs="*", choices=[*SECTIONS, "estimates"], default=[])
    asked.add_argument("--against", type=Path, help="the folder of another checkout")
    asked.add_argument("--turns", type=int, default=3, help="how often each case is run")
    asked.add_argument("--only", default="", help="only panels whose title has this in it")
    given = asked.parse_args()

    os.environ.setdefault("OMP_NUM_THREADS", "1")
    folders = [HERE.parent] + ([given.against.resolve()] if given.against else [])
    for section in given.sections or [*SECTIONS, "estimates"]:
        if section == "estimates":
            estimates.main()
            continue
        checkouts = [Checkout(folder) for folder in folders]
        for number, panel in enumerate(import_module(section).PANELS):
            if given.only in panel.title:
                measure(section, number, checkouts, given.turns)
        for checkout in checkouts:
            checkout.close()


if __name__ == "__main__":
    main()
