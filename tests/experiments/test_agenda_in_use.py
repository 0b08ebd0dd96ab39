"""Every issue is bargained over: agreements of a shipped experiment differ in each of them."""

import pytest

from sim.experiments.design.experiment import load_experiment
from sim.experiments.running.runner import run_experiment


@pytest.mark.slow
def test_every_issue_takes_more_than_one_value_in_agreements(tmp_path):
    experiment = load_experiment("experiments/where_the_ballot_passes.toml", {"replications": 4})
    agreements = run_experiment(experiment, tmp_path / "out").worlds.query("agreed")
    values = {issue.name: agreements[issue.name].nunique() for issue in experiment.scenario.issue}
    assert len(values) == 6
    assert min(values.values()) > 1, values
