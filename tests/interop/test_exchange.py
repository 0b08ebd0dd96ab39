"""Files of NegMAS and GENIUS: what we write comes back to the last bit, what they wrote is read."""

import shutil
import sys
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cases.loading import as_document, load_scenario, parse_scenario
from sim.cli import app
from sim.inputs.problems import InputError
from sim.interop import PLATFORMS, export_scenario, import_scenario
from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import additive

DATA = Path(__file__).parent / "data"
NUMBERS = st.floats(-1e6, 1e6)
WORDS = st.sampled_from(["", "no ", "yes: ", "<&> ", "1e", "Löhne "])
LEVELS = st.lists(NUMBERS, min_size=1, max_size=5, unique=True)


@st.composite
def games(draw):
    """Draw a textbook game with 1 to 3 issues, in any unit of utility."""
    issues = []
    for i in range(draw(st.integers(1, 3))):
        levels = draw(LEVELS)
        points = st.lists(NUMBERS, min_size=len(levels), max_size=len(levels))
        sides = {side: draw(points) for side in ("governor", "coalition")}
        issues.append({"name": f"issue_{i}", "title": "One", "unit": "$", "levels": levels} | sides)
        if draw(st.booleans()):
            issues[-1]["labels"] = [f"{draw(WORDS)}{number}" for number, _ in enumerate(levels)]
    best = [sum(max(issue[side]) for issue in issues) for side in ("governor", "coalition")]
    document = {
        "name": "drawn",
        "title": "A drawn game",
        "description": "Levels and points are drawn.",
        "source": "drawn",
        "utility": "points",
        "batna": [points - draw(st.floats(1e-3, 1e6)) for points in best],
        "calendar": {"rounds": draw(st.integers(1, 99))},
        "issue": issues,
        "governor": {"beta": 0.5, "discount_factor": draw(st.floats(0.01, 1.0))},
        "coalition": {"beta": 2.0},
    }
    return parse_scenario(document, "drawn")


@pytest.fixture
def folder_of(tmp_path):
    """Give a function that writes a scenario for a platform into a folder that is new each time."""

    def write(scenario, platform):
        shutil.rmtree(tmp_path / platform, ignore_errors=True)
        export_scenario(scenario, platform, tmp_path / platform)
        return tmp_path / platform

    return write


def gains(scenario):
    """What every package brings each side above no agreement, as a share of the most it can."""
    agenda = Agenda.of(scenario)
    tables = []
    for side, batna in zip(("governor", "coalition"), scenario.batna, strict=True):
        points = additive(agenda, [getattr(issue, side) for issue in scenario.issue]) - batna
        tables.append(points / points.max())
    return tables


@pytest.mark.parametrize("platform", PLATFORMS)
@given(scenario=games())
def test_a_scenario_comes_back_whole_to_the_last_bit(tmp_path_factory, platform, scenario):
    folder = tmp_path_factory.mktemp("exported") / platform
    export_scenario(scenario, platform, folder)
    assert as_document(import_scenario(folder)) == as_document(scenario)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sim.inputs.problems.Note")
@pytest.mark.parametrize("platform", PLATFORMS)
@given(scenario=games())
def test_their_files_alone_hold_the_same_game(tmp_path_factory, platform, scenario):
    folder = tmp_path_factory.mktemp("exported") / platform
    export_scenario(scenario, platform, folder)
    (folder / "scenario.toml").unlink()
    alone = import_scenario(folder)
    for here, there in zip(scenario.issue, alone.issue, strict=True):
        if not here.labels:
            assert (there.levels, there.labels) == (here.levels, None)
        elif there.labels:
            assert there.labels == here.labels
        else:  # labels that are numbers
            assert there.levels == [float(label) for label in here.labels]
    left = scenario.governor.discount_factor**scenario.calendar.rounds
    assert alone.governor.discount_factor == pytest.approx(left ** (1 / 100), rel=1e-9)
    assert alone.coalition.discount_factor == 1
    for ours, theirs in zip(gains(scenario), gains(alone), strict=True):
        assert theirs == pytest.approx(ours, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_utilities_span_0_to_1_and_no_agreement_is_on_the_same_scale(folder_of, platform):
    folder = folder_of(load_scenario("mini-ct"), platform)
    (folder / "scenario.toml").unlink()
    alone = import_scenario(folder)
    assert alone.batna == pytest.approx([25 / 100, 35 / 100])
    agenda = Agenda.of(alone)
    for side in ("governor", "coalition"):
        worth = additive(agenda, [getattr(issue, side) for issue in alone.issue])
        assert (worth.min(), worth.max()) == (0, pytest.approx(1))
    assert alone.issue[0].governor == pytest.approx([0, 0.15, 0.5])


def test_a_side_that_does_not_care_about_an_issue_gives_it_no_weight(folder_of, edited):
    scenario = edited(load_scenario("mini-ct"), {("issue", 0, "governor"): [7, 7, 7]})
    for platform in PLATFORMS:
        folder = folder_of(scenario, platform)
        (folder / "scenario.toml").unlink()
        assert import_scenario(folder).issue[0].governor == [0, 0, 0]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_negmas_wrote_is_read(platform):
    scenario = import_scenario(DATA / platform)
    wage, benefits, layoffs = scenario.issue
    assert [issue.name for issue in scenario.issue] == ["wage_step", "benefits", "layoffs"]
    assert wage.title == "Wage step"
    assert wage.levels == [0, 1, 2, 3, 4]
    assert benefits.levels == [0, 1, 2]
    assert benefits.labels == ["keep", "trim", "cut"]
    assert wage.labels is None
    assert layoffs.levels == [0, 200, 500]
    assert wage.governor == [0.48 * worth for worth in (1, 0.73, 0.67, 0.28, 0)]
    assert benefits.coalition == [0.3 * worth for worth in (1, 0.56, 0)]
    assert layoffs.coalition == [0.25 * worth for worth in (1, 0.49, 0)]
    assert scenario.batna == [0.2, 0.3]


def changed(tmp_path, platform, name, old, new):
    """A copy of the sample of a platform in which a text of one file is another."""
    folder = tmp_path / "changed"
    shutil.copytree(DATA / platform, folder)
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


REFUSED = [
    ("negmas", "union.yml", "LinearAdditiveUtilityFunction", "ExpDiscountedUFun", "is a ExpDisc"),
    ("negmas", "union.yml", "type: TableFun", "type: CosineFun", 'did you mean "CosFun"'),
    ("negmas", "union.yml", "cut: 0", "trimmed: 0", '"cut" is missing in the mapping'),
    ("negmas", "union.yml", "trim: 0.56", "trim: [0.56]", "= list: must be a finite number"),
    ("negmas", "union.yml", "trim: 0.56", "trim: .nan", "must be a finite number"),
    ("negmas", "union.yml", "- 0.45\n", "", "weights: must have one entry for each of 3 issues"),
    ("negmas", "union.yml", "reserved_outcome: null", "reserved_outcome: [1]", "reserved_outcome"),
    (
        "negmas",
        "union.yml",
        "type: LinearAdditiveU",
        "kind: U",
        "a scenario has one domain and two",
    ),
    ("negmas", "union.yml", "weights:", "weights: [", "is not a YAML file"),
    ("negmas", "contract.yml", "CategoricalIssue", "ContinuousIssue", "only discrete issues"),
    ("negmas", "contract.yml", "  - 4", "  - -4", "the range 0 to -4 is empty"),
    ("negmas", "contract.yml", "  - 4", "  - 1000000000", "is missing in the mapping"),
    ("negmas", "contract.yml", "  - 4", "  - .inf", "must be a finite number"),
    ("negmas", "contract.yml", "issues:", "issue:", "issues: must be a list that is not empty"),
    ("genius", "union.xml", 'discount_factor value="1.0"', 'discount_factor value="x"', "discount"),
    ("genius", "union.xml", 'evaluation="0.56"', 'evaluation="much"', "must be a finite number"),
    ("genius", "union.xml", 'value="trim"', 'value="trimmed"', 'no evaluation of "trim"'),
    ("genius", "union.xml", 'weight index="3"', 'weight index="4"', "a weight for each issue"),
    ("genius", "union.xml", "<weight", "<utility_function/><weight", "only sums over ungrouped"),
    ("genius", "union.xml", "<utility_space", "<!DOCTYPE x><utility_space", "document type"),
    ("genius", "union.xml", "</utility_space>", "", "is not an XML file"),
    ("genius", "union.xml", "<utility_space", "<utility_space type='nonlinear'", "interact"),
    ("genius", "union.xml", 'evaluation="0.56"', 'evaluation="null"', 'no evaluation of "trim"'),
    (
        "genius",
        "contract.xml",
        ' type="integer"',
        ' type="price"',
        "only discrete, integer and real",
    ),
    ("genius", "contract.xml", 'upperbound="4"', 'upperbound="-4"', "the range 0 to -4 is empty"),
    ("genius", "contract.xml", 'upperbound="4"', 'upperbound="1e9"', "no evaluation of"),
    ("genius", "contract.xml", "negotiation_template", "template", "is not an XML file"),
]


@pytest.mark.parametrize(("platform", "name", "old", "new", "said"), REFUSED)
def test_what_a_textbook_game_cannot_say_is_refused(tmp_path, platform, name, old, new, said):
    folder = changed(tmp_path, platform, name, old, new)
    with pytest.raises(InputError) as refused:
        import_scenario(folder)
    assert len(refused.value.problems) == 1
    assert said in refused.value.problems[0]
    assert refused.value.problems[0].startswith(str(folder))


def test_a_third_party_is_refused(tmp_path):
    for platform, ending in (("negmas", "yml"), ("genius", "xml")):
        folder = tmp_path / platform
        shutil.copytree(DATA / platform, folder)
        shutil.copy(folder / f"union.{ending}", folder / f"second_union.{ending}")
        with pytest.raises(InputError, match="one domain and two parties"):
            import_scenario(folder)


def test_a_bias_moves_the_point_of_no_agreement(tmp_path):
    folder = changed(tmp_path, "negmas", "union.yml", "weights:", "bias: 0.125\nweights:")
    assert import_scenario(folder).batna == [0.2, 0.3 - 0.125]


@pytest.mark.parametrize(
    ("platform", "old", "new"),
    [
        ("negmas", "reserved_value: 0.3", "reserved_value: -.inf"),
        ("negmas", "reserved_value: 0.3\n", ""),
        ("negmas", "reserved_value: 0.3", "reserved_value: null"),
        ("genius", 'reservation value="0.3"', 'reservation value="-inf"'),
    ],
)
def test_without_a_reservation_value_no_agreement_is_as_bad_as_the_worst_package(
    tmp_path, platform, old, new
):
    name = {"negmas": "union.yml", "genius": "union.xml"}[platform]
    lifted = changed(tmp_path, platform, name, old, new)
    assert import_scenario(lifted).batna == [0.2, 0.0]


def test_evaluations_above_1_are_divided_by_the_greatest_as_in_genius(tmp_path):
    folder = changed(tmp_path, "genius", "union.xml", 'evaluation="1.0"', 'evaluation="4.0"')
    assert import_scenario(folder).issue[0].coalition[3:] == [0.45 * (0.88 / 4), 0.45]


def test_names_become_valid_and_stay_apart(tmp_path):
    folder = changed(tmp_path, "negmas", "contract.yml", "name: Benefits", "name: Wage-step")
    text = (folder / "contract.yml").read_text("utf-8").replace("name: Layoffs", "name: 3. Löhne")
    (folder / "contract.yml").write_text(text, "utf-8")
    names = [issue.name for issue in import_scenario(folder).issue]
    assert names == ["wage_step", "wage_step_2", "issue_3_lohne"]


def test_files_that_were_changed_are_not_taken_for_the_scenario_beside_them(folder_of):
    folder = folder_of(load_scenario("mini-ct"), "negmas")
    file = folder / "1-governor.yml"
    file.write_text(file.read_text("utf-8").replace("1: 0.3", "1: 0.4"), "utf-8")
    with pytest.raises(InputError, match="is not the game of the NegMAS files beside it"):
        import_scenario(folder)


def test_what_their_formats_cannot_say_is_not_written(sebac, edited, tmp_path):
    excluding = edited(load_scenario("mini-ct"), {("agenda",): {"excludes": [["wages", "health"]]}})
    for scenario, said in ((sebac, "its members vote"), (excluding, "agenda.excludes")):
        with pytest.raises(InputError, match=said):
            export_scenario(scenario, "negmas", tmp_path / "out")
    with pytest.raises(InputError, match='did you mean "genius"'):
        export_scenario(load_scenario("mini-ct"), "geniuss", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_without_their_files_or_with_both_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not a folder"):
        import_scenario(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no NegMAS"):
        import_scenario(tmp_path)
    for platform in PLATFORMS:
        shutil.copytree(DATA / platform, tmp_path, dirs_exist_ok=True)
    with pytest.raises(InputError, match="NegMAS and GENIUS files"):
        import_scenario(tmp_path)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    for platform, ending, taken_for in (("negmas", "yml", "UTF-8"), ("genius", "xml", "UTF-16")):
        folder = tmp_path / platform
        shutil.copytree(DATA / platform, folder)
        (folder / f"union.{ending}").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(InputError, match=f"union.{ending}: is not a text file in {taken_for}$"):
            import_scenario(folder)


def test_a_missing_library_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(InputError, match=r'pip install "union-bargaining\[interop\]"'):
        import_scenario(DATA / "negmas")


def test_export_and_import_from_the_command_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def bargain(*arguments):
        return CliRunner().invoke(app, arguments)

    done = bargain("export", "mini-ct", "--to", "genius", "--out", "theirs")
    assert done.exit_code == 0, done.stderr
    assert Path("theirs", "1-governor.xml").exists()
    done = bargain("import", "theirs", "--out", "ours.toml")
    assert done.exit_code == 0, done.stderr
    document = tomllib.loads(Path("ours.toml").read_text("utf-8"))
    assert document == as_document(load_scenario("mini-ct"))
    assert bargain("check", "ours.toml").exit_code == 0
    for again in (
        ("export", "mini-ct", "--to", "genius", "--out", "theirs"),
        ("import", "theirs", "--out", "ours.toml"),
    ):
        refused = bargain(*again)
        assert refused.exit_code == 2
        assert "is there already" in refused.stderr


def test_what_is_asked_on_the_command_line_is_done_and_noted(tmp_path, monkeypatch):
    folder = changed(tmp_path, "genius", "union.xml", 'factor value="1.0"', 'factor value="0.5"')
    shutil.copy(folder / "union.xml", folder / "second.xml")
    monkeypatch.chdir(tmp_path)
    asked = ("import", "changed", "--out", "ours.toml", "--parties", "union,governor")
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.stderr
    assert "note: union.xml: of what it gains 0.5 is left at the deadline" in done.stderr
    assert tomllib.loads(Path("ours.toml").read_text("utf-8"))["batna"] == [0.3, 0.2]
    done = CliRunner().invoke(app, [*asked, "--force", "--ignore-discount"])
    assert done.exit_code == 0, done.stderr
    assert "note: union.xml: its discount is left out, as was asked" in done.stderr
    document = tomllib.loads(Path("ours.toml").read_text("utf-8"))
    assert "discount_factor" not in document["governor"]
    assert "its discount is left out" in document["description"]


# ------------------------------------------------------------------- files that multiply


def ten_times_over(first, again):
    """Twelve lines, each of which stands for ten times what the line before it does."""
    lines = [f"x0: &x0 {first}"]
    for number in range(1, 12):
        lines.append(f"x{number}: &x{number} {again.format(','.join([f'*x{number - 1}'] * 10))}")
    return "\n".join(lines) + "\n"


MULTIPLY = {
    "lists": ten_times_over("[lol, lol]", "[{}]"),
    "merged tables": ten_times_over("{a: 1, b: 2}", "{{<<: [{}]}}"),
    "keys": ten_times_over("[lol, lol]", "{{? [{}] : 1}}"),
    "long words": ten_times_over("lol" * 500, "[{}]"),
    "itself": "name: &name [*name, *name]\n",
}


@pytest.mark.parametrize("kind", MULTIPLY)
def test_aliases_that_multiply_are_refused_before_they_are_followed(folder_of, kind):
    folder = folder_of(load_scenario("mini-ct"), "negmas")
    (folder / "domain.yml").write_text(MULTIPLY[kind], "utf-8")
    started = time.process_time()
    with pytest.raises(InputError, match=r"domain\.yml: .*line \d+ has an alias, \*\w+; write out"):
        import_scenario(folder)
    assert time.process_time() - started < 2


def test_a_single_alias_is_refused_and_a_star_in_words_or_an_anchor_is_not(folder_of):
    folder = folder_of(load_scenario("mini-ct"), "negmas")
    path = folder / "1-governor.yml"
    plain = path.read_text("utf-8")
    named = plain.replace("weights:\n", "weights: &shares\n", 1)
    path.write_text(named + "remark: 'a * b'  # *shares\n", "utf-8")
    assert import_scenario(folder) == load_scenario("mini-ct")
    path.write_text(named + "old_weights: *shares\n", "utf-8")
    with pytest.raises(InputError, match=r"1-governor\.yml: .* has an alias, \*shares"):
        import_scenario(folder)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_file_longer_than_any_domain_is_refused_unread(folder_of, platform):
    folder = folder_of(load_scenario("mini-ct"), platform)
    path = PLATFORMS[platform].files_in(folder)[0]
    with path.open("a", encoding="utf-8") as file:
        file.write(" " * 21_000_000)
    with pytest.raises(InputError, match="is 21 MB long; files of a domain are read up to 20 MB"):
        import_scenario(folder)
