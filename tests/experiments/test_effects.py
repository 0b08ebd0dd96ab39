"""Design points are compared with one of them world by world."""

import pytest

from sim.experiments.effects import against
from sim.experiments.runner import run_experiment
from sim.problems import InputError


def test_each_point_differs_from_the_base_by_the_mean_of_its_pairs(small, tmp_path):
    results = run_experiment(small, tmp_path / "out", overrides={"replications": 53})
    found = against(results, "yes_share_1", base=1).set_index("point")
    worlds = results.worlds.set_index(["point", "replication"])["yes_share_1"]
    assert found.loc[1, "difference"] == 0
    for point in range(6):
        apart = (worlds[point] - worlds[1]).dropna()
        assert found.loc[point, "difference"] == pytest.approx(apart.mean())
        assert found.loc[point, "pairs"] == len(apart)
    assert found.loc[4, "low"] > 0  # open doors let members see what leaders see
    assert found["arm"].tolist() == ["closed"] * 3 + ["open"] * 3


def test_what_cannot_be_compared_is_said(small, tmp_path):
    results = run_experiment(small, tmp_path / "out")
    with pytest.raises(InputError, match="there are points 0 to 5"):
        against(results, "savings", base=9)
    with pytest.raises(InputError, match='did you mean "savings"'):
        against(results, "saving")
    apart = run_experiment(small, tmp_path / "apart", overrides={"random_numbers": "independent"})
    with pytest.raises(InputError, match="differences are paired"):
        against(apart, "savings")
