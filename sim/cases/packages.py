"""Every package that can be made of the levels of some issues, but those that a scenario excludes."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Int

from sim.arrays.axes import Array, read_only
from sim.inputs.machine import hold_memory
from sim.inputs.sizes import in_number


def positions_of(
    names: Sequence[str],
    levels: Sequence[Sequence[float]],
    excludes: Iterable[Sequence[str]] = (),
) -> Int[Array, "packages issues"]:
    """Each package as the position of its level on every issue, the last issue moving fastest.

    Args:
        names: of the issues.
        levels: of each issue.
        excludes: pairs of issues that cannot both be above zero in one package.

    Raises:
        InputError: where there are more packages than memory.
    """
    shape = [len(of_issue) for of_issue in levels]
    packages = math.prod(shape)
    hold_memory(
        3 * 8 * len(shape) * packages,
        f"{in_number(packages)} packages",
        "take issues or levels out",
    )
    allowed = np.ones(shape, dtype=bool)
    for excluded in excludes:
        pair = [names.index(issue) for issue in excluded]
        above = [np.asarray(levels[i], dtype=float) > 0 for i in pair]
        np.moveaxis(allowed, pair, (0, 1))[np.ix_(*above)] = False
    return read_only(np.ascontiguousarray(np.argwhere(allowed)))
