"""Where each value of a scenario comes from: the file that states it last, and the words beside it."""

import pytest

from sim.cases.inheritance import EXTENDS, REPLACES
from sim.cases.loading import read_layers, shipped_scenarios
from sim.cases.origin import WORDS, inherited, stated, words_beside

NO_VALUES = {*WORDS, EXTENDS, REPLACES}
TEXT = """
# of no value

[threat]
# above
layoffs = 3     # beside
bumping = 0.1
[[union]]
name = "One # two"
members = 4     # counted
"""


def test_words_are_those_beside_and_above():
    assert words_beside(TEXT) == {
        "threat.layoffs": "beside; above",
        "threat.bumping": "",
        "union.One # two.name": "",
        "union.One # two.members": "counted",
    }


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_dotted_name_of_a_shipped_text_is_a_value(name):
    """So that the words beside a value are found, whatever way the file is written."""
    layer = read_layers(name)[-1]
    told = {key for key in words_beside(layer.text) if key.split(".")[-1] not in NO_VALUES}
    assert told <= set(stated([layer]))


def test_a_value_comes_from_the_last_file_that_states_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "sebac-2011"\nwithout = { union = ["CEUI"] }\n[threat]\nlayoffs = 7  # made up\n'
    )
    found = stated(read_layers(path))
    assert (found["threat.layoffs"].value, found["threat.layoffs"].words) == (7, "made up")
    assert found["threat.layoffs"].file == str(path)
    assert found["threat.bumping"].file == "sebac-2011"
    assert "https://" in found["union.A&R.members"].words
    assert "union.CEUI.members" not in found


def test_what_is_of_the_same_case_or_neutral_is_not_anothers(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "sebac-2011"\n[threat]\nlayoffs = 7\n', "utf-8")
    taken = inherited(read_layers(path))
    assert "threat.layoffs" not in taken
    assert "threat.bumping" in taken
    assert inherited(read_layers("connecticut-2011")) == {}  # which has the same record
    path.write_text('extends = "two-level"\n', "utf-8")
    assert inherited(read_layers(path)) == {}
