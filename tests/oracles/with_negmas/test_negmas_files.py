"""NegMAS reads the files that we write, and finds in them the game that we find."""

import pytest

from sim.interop import export_scenario, import_scenario
from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import additive

DOMAINS = 24
pytestmark = pytest.mark.oracles


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "reader"), [("negmas", "from_yaml_folder"), ("genius", "from_genius_folder")]
)
def test_every_package_is_worth_the_same_bit_for_bit(platform, reader, domains, tmp_path):
    inout = pytest.importorskip("negmas.inout")
    for number in range(DOMAINS):
        folder = tmp_path / f"{number}"
        export_scenario(domains(number), platform, folder)
        (folder / "scenario.toml").unlink()
        ours, theirs = import_scenario(folder), getattr(inout.Scenario, reader)(folder)
        agenda, packages = Agenda.of(ours), list(theirs.outcome_space)
        assert [list(map(float, package)) for package in packages] == agenda.packages.tolist()
        for side, worth in zip(("governor", "coalition"), theirs.ufuns, strict=True):
            points = additive(agenda, [getattr(issue, side) for issue in ours.issue])
            assert points.tolist() == [worth(package) for package in packages]
            assert worth.minmax() == (0, pytest.approx(1))
        assert ours.batna == [worth.reserved_value for worth in theirs.ufuns]
