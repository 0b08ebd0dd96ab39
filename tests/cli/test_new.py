"""`bargain new`, `bargain schema`, `bargain describe A --against B`: to begin a case, and compare it."""

import pytest
from typer.testing import CliRunner

from sim.cases.json_schema import FILE, shipped_json_schema
from sim.cases.loading import load_scenario, with_values
from sim.cli import app
from sim.show.starter import kinds


@pytest.fixture
def bargain(tmp_path, monkeypatch):
    """Call the command in an empty folder."""

    def call(*words, code=0):
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == code, done.output
        return done.output

    return call


@pytest.mark.parametrize("like", kinds())
def test_a_starter_is_good_as_written_and_its_first_line_names_the_schema(bargain, tmp_path, like):
    bargain("new", "mine", "--like", like)
    bargain("check", "mine.toml", "--no-explain")
    text = (tmp_path / "mine.toml").read_text("utf-8")
    assert load_scenario(tmp_path / "mine.toml").name == "mine"
    assert text.splitlines()[0] == f"#:schema ./{FILE}"
    assert (tmp_path / FILE).read_bytes() == shipped_json_schema()


@pytest.mark.parametrize("like", ["sebac-2011", "mini-ct"])
def test_a_starter_is_the_scenario_that_it_is_like_until_it_is_changed(bargain, tmp_path, like):
    bargain("new", "mine", "--like", like)
    mine, theirs = load_scenario(tmp_path / "mine.toml"), load_scenario(like)
    own = {"name", "title", "source", "record"}
    assert mine.model_dump(exclude=own) == theirs.model_dump(exclude=own)


def test_the_commented_lines_of_a_starter_can_be_uncommented(bargain, tmp_path):
    bargain("new", "mine", "--like", "sebac-2011")
    path = tmp_path / "mine.toml"
    lines = path.read_text("utf-8").replace("# layoffs = 4742.0", "layoffs = 3.0")
    path.write_text(lines, "utf-8")
    assert load_scenario(path).threat == with_values("sebac-2011", {"threat.layoffs": 3.0}).threat


def test_a_file_that_is_there_is_never_replaced(bargain, tmp_path):
    (tmp_path / "mine.toml").write_text("my work", "utf-8")
    assert "is there already" in bargain("new", "mine", code=2)
    assert (tmp_path / "mine.toml").read_text("utf-8") == "my work"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "mine", "--like", "two-levels"), 'did you mean "two-level"'),
        (("new", "My Case"), "in lower case"),
        (("describe", "mini-ct", "--against", "mini"), 'did you mean "mini-ct"'),
    ],
)
def test_what_cannot_be_done_is_a_sentence(bargain, words, told):
    assert told in bargain(*words, code=2)


def test_what_differs_is_told_with_both_values_and_where_they_come_from(bargain, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'extends = "sebac-2011"\nwithout = { union = ["CEUI"] }\ncoalition = { members = 45660 }\n'
        "[threat]\nlayoffs = 7500  # made up\n[fatigue]\non = false\n"
        '[[issue]]\nname = "wages"\nlevels = [0, 1]\n[ratification]\nunions_required = 13\n'
        "amended_unions_required = 8\n"
    )
    told = bargain("describe", "mine.toml", "--against", "sebac-2011").splitlines()
    names = [line for line in told if not line.startswith(" ")]
    assert names == [
        "issue.wages.levels",
        "coalition.members",
        "threat.layoffs",
        "ratification.unions_required",
        "union.CEUI.members",
    ]
    at = told.index("threat.layoffs")
    assert told[at + 1] == "  mine.toml   7500.0  (mine.toml: made up)"
    assert told[at + 2].startswith("  sebac-2011  4742.0  (sebac-2011: layoffs announced")
    assert "has none" in told[told.index("union.CEUI.members") + 1]


def test_a_scenario_does_not_differ_from_itself(bargain):
    told = bargain("describe", "mini-ct", "--against", "mini-ct")
    assert told == "mini-ct and mini-ct do not differ in any value\n"


def test_the_schema_is_written(bargain, tmp_path):
    bargain("schema")
    assert (tmp_path / FILE).read_bytes() == shipped_json_schema()
