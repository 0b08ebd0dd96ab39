"""What the tests of mechanisms share: a mechanism alone over the base case, and a paired difference."""

import numpy as np
import pandas as pd
import pytest

from sim.cases.loading import with_values
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play

WORLDS = 1009


@pytest.fixture(scope="session")
def alone():
    """Give a function that plays the base case with one mechanism's table stated."""

    def play(table, worlds=WORLDS, **values):
        stated = {f"{table}.{name}": value for name, value in ({"on": True} | values).items()}
        return negotiate("sebac-2011", worlds, seed=2011, set=stated)

    return play


@pytest.fixture(scope="session")
def base_case():
    """Play the base case in the same worlds."""
    return negotiate("sebac-2011", WORLDS, seed=2011)


@pytest.fixture(scope="session")
def moved():
    """Give a function that says which way a measure moved beyond the 95 % interval of paired worlds."""

    def sign(measure, before, after):
        frames = [outcome.frame()[measure] for outcome in (before, after)]
        one, other = (x.to_numpy(dtype=float, na_value=np.nan) for x in frames)
        difference = (other - one)[~np.isnan(other - one)]
        assert len(difference) > len(one) / 4
        reach = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
        return 0 if abs(difference.mean()) <= reach else np.sign(difference.mean())

    return sign


@pytest.fixture(scope="session")
def each_alone(sebac, assert_same_bits):
    """Give a function that plays worlds between two values of some parameters together and alone."""

    def check(table, between):
        def values(share):
            return {
                f"{table}.{n}": low + share * (high - low) for n, (low, high) in between.items()
            }

        cases = [
            with_values(sebac, {f"{table}.on": True} | values(share))
            for share in np.linspace(0, 1, 5).tolist()
        ]
        together = Outcome([play(BargainingModel(cases, 5, rng=11, first_world=5))])
        alone = [negotiate(case, seed=11, first_world=5 + w) for w, case in enumerate(cases)]
        assert_same_bits(together.frame(), pd.concat([one.frame() for one in alone]))

    return check
