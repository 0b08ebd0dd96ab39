"""Where a notebook runs: in the folder that holds `experiments` and `notebooks`."""

import os
from pathlib import Path

from sim.inputs.problems import InputError

UNPACKED = "bargain"  # the folder that an archive of the repository unpacks to


def to_repository() -> None:
    """Make the repository's folder the working one, from it, a folder in it, or the one it lies in.

    Raises:
        InputError: when no folder near the working one holds experiments and notebooks.
    """
    here = Path.cwd()
    for folder in (here, *here.parents, here / UNPACKED):
        if (folder / "experiments").is_dir() and (folder / "notebooks").is_dir():
            os.chdir(folder)
            return
    raise InputError(
        f"{here}: no copy of the repository is here; start the notebook from its folder notebooks"
    )
