"""NegMAS reads the files that we write, and finds in them the game that we find; and we read its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.interop import export_scenario, import_scenario
from sim.interop.value_functions import OF_NEGMAS, Entry, of_negmas, worth
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
        for side, utility in zip(("governor", "coalition"), theirs.ufuns, strict=True):
            points = additive(agenda, [getattr(issue, side) for issue in ours.issue])
            assert points.tolist() == [utility(package) for package in packages]
            assert utility.minmax() == (0, pytest.approx(1))
        assert ours.batna == [utility.reserved_value for utility in theirs.ufuns]


@pytest.mark.slow
@pytest.mark.parametrize("kind", OF_NEGMAS)
@given(data=st.data())
def test_every_formula_is_negmas_own(kind, data):
    theirs = getattr(pytest.importorskip("negmas.preferences.value_fun"), kind)
    size = st.floats(0.125, 4)
    written = {name: data.draw(size, name) for name in vars(theirs).get("__annotations__", {})}
    if kind == "PolynomialFun":
        written["coefficients"] = data.draw(st.lists(size, max_size=4))
    corners = [
        name for name in ("start", "rise_end", "middle", "fall_start", "end") if name in written
    ]
    ends = data.draw(st.lists(size, min_size=len(corners), max_size=len(corners), unique=True))
    written |= dict(zip(corners, sorted(ends), strict=True))
    x = data.draw(st.floats(0.125, 5))
    ours = worth(of_negmas(kind, Entry(written, "here")), x, "here")
    assert ours == pytest.approx(theirs(**written)(x), rel=1e-12, abs=1e-12)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sim.inputs.problems.Note")
def test_a_discount_travels_to_negmas_and_back(tmp_path, domains):
    inout = pytest.importorskip("negmas.inout")
    scenario = domains(0)
    hasty = scenario.model_copy(
        update={"governor": scenario.governor.model_copy(update={"discount_factor": 0.99})}
    )
    export_scenario(hasty, "negmas", tmp_path / "there")
    (tmp_path / "there" / "scenario.toml").unlink()
    worth_to_governor, _ = inout.Scenario.from_yaml_folder(tmp_path / "there").ufuns
    assert worth_to_governor.discount == 0.99**scenario.calendar.rounds
    assert worth_to_governor.factor == "relative_time"
    back = import_scenario(tmp_path / "there")
    assert back.governor.discount_factor**100 == pytest.approx(0.99**scenario.calendar.rounds)
