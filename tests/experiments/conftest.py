"""A small experiment to change in every possible way."""

import pytest

SMALL = """
name = "small"
question = "Does a larger threat bring a larger deal?"
scenario = "sebac-2011"
replications = 7
seed = 11

[sweep]
"threat.layoffs" = [0, 4742, 12000]

[arms.closed]
"information.rule" = "closed_door"

[arms.open]
"information.rule" = "open_door"
"""


@pytest.fixture
def small(tmp_path):
    """A file of 2 arms x 3 threats x 7 replications."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    return path
