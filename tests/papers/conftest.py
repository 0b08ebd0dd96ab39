"""Two bargaining problems that the solution concepts are tried on."""

from itertools import product

import numpy as np
import pytest

from sim.theory.continuous_frontier import Frontier

GOVERNOR_POINTS = {
    "wage_freeze": (0, 15, 50),
    "health": (0, 15, 35),
    "job_security": (10, 0),
    "tax": (5, 0),
}
COALITION_POINTS = {
    "wage_freeze": (20, 15, 0),
    "health": (30, 10, 0),
    "job_security": (0, 40),
    "tax": (0, 10),
}
BATNAS = (25.0, 35.0)


@pytest.fixture(scope="session")
def mini_ct_packages():
    """List the 36 packages of mini-CT as levels of (wage freeze, health, job security, tax)."""
    return list(product(range(3), range(3), range(2), range(2)))


@pytest.fixture(scope="session")
def mini_ct():
    """Score mini-CT: the governor's points, the coalition's points, and both sides' BATNAs."""
    return _score(GOVERNOR_POINTS), _score(COALITION_POINTS), BATNAS


@pytest.fixture(scope="session")
def rescaled_mini_ct(mini_ct):
    """Score mini-CT in another unit of the coalition: 3 points and 7 more for each old one."""
    governor, coalition, (batna_governor, batna_coalition) = mini_ct
    return governor, 3 * coalition + 7, (batna_governor, 3 * batna_coalition + 7)


@pytest.fixture(scope="session")
def curve():
    """The frontier coalition = 2 (1 - governor ** 2), governor in [0, 1], as a function."""
    return Frontier(lambda governor: 2 * (1 - governor**2), 0.0, 1.0)


@pytest.fixture(scope="session")
def parabola():
    """Lay 10,007 packages on the same frontier: a solution of these is right to about the grid."""
    governor = np.linspace(0, 1, 10_007)
    return governor, 2 * (1 - governor**2)


def _score(points):
    return np.array([sum(levels) for levels in product(*points.values())], dtype=float)
