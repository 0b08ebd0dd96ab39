"""What there is can be listed and described without what plays and draws."""

import subprocess
import sys

import pytest

from sim.play.measures import MEASURES
from sim.show.catalogue import listing

LOOKED_UP = """
import sys
from sim.show import catalogue
for what in ("scenarios", "tournaments", "figures", "measures", "parameters", "experiments", "tactics"):
    assert list(catalogue.listing(what))
for name in ("threat.layoffs", "governor", "governor.tactic", "time_dependent", "talks", "enough"):
    assert catalogue.description(name)
print(*(name for name in ("mesa", "pandas", "matplotlib", "scipy.stats") if name in sys.modules))
"""


@pytest.fixture(scope="module")
def imported():
    run = subprocess.run([sys.executable, "-c", LOOKED_UP], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


@pytest.mark.slow
def test_looking_up_imports_nothing_that_plays_or_draws(imported):
    assert imported == []


@pytest.mark.slow
def test_a_console_that_prints_imports_no_model_and_no_pictures():
    code = "import sys, sim.show.console; print('mesa' in sys.modules, 'matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.split() == ["False", "False"]


def test_every_measure_is_a_line_with_its_unit_and_the_worlds_it_is_in():
    lines = list(listing("measures"))
    assert len(lines) == len(MEASURES)
    [savings] = [line for line in lines if line.startswith("savings ")]
    assert savings.endswith(
        "over two years [$M]; in worlds with an agreement; a scenario needs a ballot"
    )
