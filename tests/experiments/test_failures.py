"""Worlds that fail are missing from every answer, and the answers say so."""

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiments.analysis.effects import factorial, paired_differences
from sim.experiments.analysis.precision import precision, verdict
from sim.experiments.running.runner import run_experiment
from sim.inputs.problems import InputError, RunError

OPEN_AND_LARGE = {"threat.layoffs": 12000, "information.secrecy": 0.0}  # point 5


@pytest.mark.parametrize(
    "replications",
    ["7", '{ until = "halfwidth", of = "ratified", at_most = 0.1, first = 5, max = 9 }'],
)
def test_a_run_of_which_nothing_is_left_says_so_and_names_the_first(
    small, tmp_path, fail_where, replications
):
    fail_where({})
    text = small.read_text("utf-8").replace("replications = 7", f"replications = {replications}")
    small.write_text(text, "utf-8")
    for _ in range(2):  # the second finds all parts done
        with pytest.raises(
            RunError, match=r"all \d+ worlds failed; the first, point 0, .*sky fell"
        ):
            run_experiment(small, tmp_path / "out")
    assert (tmp_path / "out" / "failures.jsonl").read_text("utf-8").count("bargain replay") >= 30


@pytest.mark.slow
def test_a_point_without_worlds_is_named_and_the_rest_is_answered(small, tmp_path, fail_where):
    fail_where(OPEN_AND_LARGE)
    results = run_experiment(small, tmp_path / "out")
    assert results.summary["n"].tolist() == [7] * 5 + [0]
    table = precision(results, "savings")
    assert table["point"].iloc[-1] == 5
    assert verdict(table).endswith("Point 5 has no worlds: all of them failed.")
    assert verdict(precision(results, "savings", 1.0), 1.0).endswith("all of them failed.")
    differences = paired_differences(results, "savings")
    assert differences["pairs"].tolist() == [7] * 5 + [0]
    with pytest.raises(InputError, match="base = 5: has no worlds"):
        paired_differences(results, "savings", base=5)
    with pytest.raises(InputError, match="no replication has"):
        factorial(results, "savings")
    shown = CliRunner().invoke(app, ["show", str(results.folder)])
    assert "n = 7 worlds (replications) a point; point 5 has none: all failed" in " ".join(
        shown.output.split()
    )
    for command in ("enough", "compare"):
        assert CliRunner().invoke(app, [command, str(results.folder)]).exit_code == 0
