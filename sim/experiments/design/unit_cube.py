"""Designs of the unit cube: a row for each point, a column for each factor.

Every entry is from 0 to 1: the share of that factor's distribution that lies below the value to play.
"""

from typing import Any

import numpy as np
from jaxtyping import Float

from sim.arrays.axes import Array
from sim.experiments.design.distributions import middles
from sim.inputs.installation import install
from sim.inputs.problems import InputError

UnitCube = Float[Array, "points factors"]
MORRIS_LEVELS = 4


def latin_hypercube(points: int, factors: int, rng: np.random.Generator) -> UnitCube:
    """One point in each of `points` equal slices of every factor (McKay, Beckman and Conover 1979)."""
    from scipy.stats.qmc import LatinHypercube

    return LatinHypercube(factors, rng=rng).random(points)


def sobol(points: int, factors: int, rng: np.random.Generator) -> UnitCube:
    """Sobol' points (Sobol' 1967), scrambled at random (Matousek 1998).

    `points` is a power of two: then every box of the right volume holds the same number of them.
    """
    from scipy.stats.qmc import Sobol

    return Sobol(factors, scramble=True, rng=rng).random(points)


def saltelli(
    points: int, factors: int, rng: np.random.Generator, *, second_order: bool = False
) -> UnitCube:
    """The design from which Sobol' indices are estimated (Saltelli et al. 2010), by SALib.

    Each of `points` base points A is followed by those that take one factor from its partner B, and
    B itself: factors + 2 rows, or 2 * factors + 2 with second_order, in SALib's order.

    Raises:
        InputError: when SALib is not installed.
    """
    try:
        from SALib.sample import sobol as salib
    except ImportError:
        raise no_salib("saltelli") from None
    return salib.sample(
        problem(factors), points, calc_second_order=second_order, seed=_small_seed(rng)
    )


def morris(
    trajectories: int, factors: int, rng: np.random.Generator, levels: int = MORRIS_LEVELS
) -> UnitCube:
    """Trajectories that move one factor at a time by half its range (Morris 1991), by SALib.

    Each trajectory is factors + 1 rows. Morris's grid runs from 0 to 1; ours is the middles of as
    many equally likely slices, since 0 and 1 are infinite values of some distributions.

    Raises:
        InputError: when SALib is not installed.
    """
    try:
        from SALib.sample import morris as salib
    except ImportError:
        raise no_salib("morris") from None
    grid = salib.sample(problem(factors), trajectories, num_levels=levels, seed=_small_seed(rng))
    return middles(levels)[np.rint(grid * (levels - 1)).astype(int)]


def problem(factors: int) -> dict[str, Any]:
    """The unit cube in SALib's words."""
    names = [f"factor {number}" for number in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}


def _small_seed(rng: np.random.Generator) -> int:
    """A seed that SALib of any version takes."""
    return int(rng.integers(2**32))


def no_salib(design: str) -> InputError:
    """What to say where SALib is missing."""
    needs = f'sample.design = "{design}": needs SALib, which is not installed'
    return InputError(f"{needs}; {install('sensitivity')}")
