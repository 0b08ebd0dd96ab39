"""The campaign: kills, full disks, files that are not ours, spoiled bytes, sizes, markup; counts by kind.

    make attack                                     all of it, about twenty minutes on two cores
    make attack ATTACK="--only kills --kills 20"    a part of it
    make attack ATTACK="--seed 7"                   other tries of the same kinds

Exit code 1 if anything was found: a traceback, a lost world, a changed bit, a file gone that is not ours.
"""

import argparse
import os
import random
import sys
import time
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    "kills",
    "disk",
    "strangers",
    "spoiled",
    "sizes",
    "markup",
)  # one a kind, with `KIND` and `attack`
TRIES = {"kills": 80, "disk": 40, "strangers": 150, "spoiled": 6000, "sizes": 60, "markup": 120}


def main() -> int:
    """Do what was asked for, and print the counts."""
    asked = _arguments()
    from kills import sentence
    from tally import Tally

    if said := sentence():
        print(said)
    tally, kinds = Tally(), []
    for room in [name for name in ROOMS if not asked.only or name in asked.only]:
        kind, tries = import_module(room), getattr(asked, room)
        kinds.append(kind.KIND)
        started = time.monotonic()
        print(f"{kind.KIND}: ...", flush=True)
        try:
            kind.attack(tally, random.Random(f"{asked.seed} {room}"), tries)
        except KeyboardInterrupt:
            print("interrupted; what was tried so far:")
            print(tally.table(kinds))
            return 130
        tried, told, carried, found = tally.row(kind.KIND)
        print(
            f"{kind.KIND}: {tried:,} tried, {told:,} told in a sentence, {carried:,} carried on, "
            f"{found:,} found, in {time.monotonic() - started:.0f} s",
            flush=True,
        )
    print(f"\n{tally.table(kinds)}\n\nseed {asked.seed}")
    return int(bool(tally.found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make attack", description="Attack the program, and count what comes of it."
    )
    parser.add_argument("--seed", type=int, default=1, help="draws the tries [%(default)s]")
    parser.add_argument(
        "--only", action="append", choices=ROOMS, metavar="KIND", help=f"one of {', '.join(ROOMS)}"
    )
    for room in ROOMS:
        parser.add_argument(
            f"--{room}", type=int, default=TRIES[room], metavar="N", help="how many [%(default)s]"
        )
    return parser.parse_args()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.exit(main())
