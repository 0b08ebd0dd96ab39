"""The command line with parts of a few worlds, so that a small run has many of them."""

from sim.cli import main
from sim.experiments.running import plan

if __name__ == "__main__":
    plan.WORLDS_AT_ONCE = 4
    plan.WORLDS_A_PART = 8
    main()
