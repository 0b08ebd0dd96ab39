"""What the record says of uncertain parameters: approximate Bayesian computation on known cases."""

import numpy as np
import pandas as pd
import pytest

from sim.cases.record import load_record
from sim.experiments.design.calibration import load_calibration
from sim.experiments.running.calibration import FAR, _distance, calibrate
from sim.inputs.problems import InputError

FILE = """
name = "small"
question = "Does it find what it should?"
scenario = "{folder}/calm.toml"
record = "connecticut-2011"
seed = 1
population = {population}
generations = {generations}
draws = 37
fit = ["yes_share_1"]

[prior]
"information.misperceived_cost" = {{ uniform = [0.0, 0.12] }}

[reason]
"information.misperceived_cost" = "the plausible range"
"""


CALM = """
extends = "sebac-2011"
record = "connecticut-2011"
unions = { militancy_sd = 0.0, common_shock_sd = 0.0 }
"""


@pytest.fixture
def written(tmp_path):
    def write(old="", new="", population=30, generations=1):
        (tmp_path / "calm.toml").write_text(CALM, "utf-8")
        folder = tmp_path.as_posix()
        text = FILE.format(population=population, generations=generations, folder=folder)
        assert old in text
        path = tmp_path / "small.toml"
        path.write_text(text.replace(old, new) if old else text, "utf-8")
        return load_calibration(path)

    return write


def test_a_record_of_another_case_is_refused(written, tmp_path):
    file = written()
    (tmp_path / "calm.toml").write_text('extends = "sebac-2011"\n', "utf-8")
    with pytest.raises(InputError, match="names no record of what happened"):
        calibrate(file)


@pytest.mark.slow
def test_the_posterior_narrows_around_what_gives_the_record(written):
    """The base case, chosen by hand on the same share, has 0.04."""
    posterior = calibrate(written(population=60, generations=4))
    found = posterior.draws["information.misperceived_cost"]
    assert found.std() < 0.4 * 0.12 / np.sqrt(12)
    assert 0.03 < found.mean() < 0.055
    assert posterior.generations["epsilon"].is_monotonic_decreasing
    assert len(posterior.particles) == 60
    assert len(found) == 37


@pytest.mark.slow
def test_the_same_file_gives_the_same_posterior(written):
    once, again = (calibrate(written(population=10)).particles for _ in range(2))
    pd.testing.assert_frame_equal(once, again)


@pytest.mark.slow
def test_processes_change_nothing(written):
    alone, together = (calibrate(written(), workers=n).particles for n in (1, 2))
    pd.testing.assert_frame_equal(alone, together)


def test_distance_is_in_units_of_the_scales_and_a_moment_that_is_missing_is_far():
    distance = _distance(load_record("connecticut-2011"), ["yes_share_1", "unions_yes_1"])
    off = {"yes_share_1": 0.5726 + 2 * 0.03, "unions_yes_1": 11 - 1.5}
    assert distance(off, {}) == pytest.approx(np.sqrt((4 + 1) / 2))
    missing = off | {"yes_share_1": np.nan}
    assert distance(missing, {}) == pytest.approx(np.sqrt((FAR**2 + 1) / 2))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"yes_share_1"', '"yes_share"', r'fit: the record has no "yes_share" \(did you mean'),
        ("misperceived_cost", "cost_of_no", r'prior."information.cost_of_no": .*has no parameter'),
        ("[0.0, 0.12]", "[0.12, 0.0]", "low = 0.12: must be below high = 0"),
        ('[reason]\n"information.misperceived_cost"', '[reason]\n"x"', "has no reason; write one"),
        ("population = 30", "population = 3", "population = 3: must be a number from 10"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(written, old, new, sentence):
    with pytest.raises(InputError, match=sentence):
        written(old, new)


def test_a_name_that_is_none_says_what_there_is():
    with pytest.raises(InputError, match='no calibration is called "connecticut"'):
        load_calibration("connecticut")
