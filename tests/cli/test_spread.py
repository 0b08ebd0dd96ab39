"""What a terminal shows of a sample: how its points are spread, not one row for each of hundreds."""

import pytest

from sim.experiments.design.experiment import parse_experiment
from sim.experiments.running.runner import run_experiment
from sim.show.console import print_summary

SAMPLED = {
    "name": "sampled",
    "question": "How are agreements spread?",
    "scenario": "sebac-2011",
    "replications": 2,
    "seed": 5,
    "sample": {
        "design": "latin_hypercube",
        "points": 80,
        "over": {"threat.layoffs": {"uniform": [0, 12000]}},
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("arms", [(), ("closed_door", "open_door")])
def test_a_sample_is_shown_as_quantiles_of_its_points(tmp_path, capsys, arms):
    document = dict(SAMPLED)
    if arms:
        document["arms"] = {arm: {"information.rule": arm} for arm in arms}
    results = run_experiment(parse_experiment(document, "sampled"), tmp_path / "out")
    print_summary(results)
    shown = capsys.readouterr().out
    savings = [row.split("│") for row in shown.splitlines() if "savings realised" in row]
    assert len(savings) == max(1, len(arms))
    one_arm = results.summary.query("arm == 'open_door'") if arms else results.summary
    spread = one_arm["savings_realised"]
    expected = [spread.mean(), *spread.quantile([0.05, 0.5, 0.95])]
    assert [cell.strip() for cell in savings[-1][-5:-1]] == [f"{x:,.0f}" for x in expected]
    assert f"{80 * max(1, len(arms))} points" in shown
