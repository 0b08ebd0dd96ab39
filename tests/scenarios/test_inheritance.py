"""A file that extends another: tables key by key, lists by name, and what is not inherited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.inheritance import both_kinds, merged
from sim.cases.loading import as_document, load_scenario, notes_on, read_layers
from sim.inputs.problems import InputError

NAMES = st.sampled_from(["wages", "health", "pensions", "ideas", "tax_share"])
VALUES = st.integers(0, 5)
ENTRIES = st.lists(
    st.tuples(NAMES, st.dictionaries(st.sampled_from("abc"), VALUES)).map(
        lambda drawn: {"name": drawn[0], **drawn[1]}
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda entry: entry["name"],
)
DOCUMENTS = st.fixed_dictionaries(
    {}, optional={"issue": ENTRIES, "union": ENTRIES, "threat": st.dictionaries(NAMES, VALUES)}
)
TWO_UNIONS = """
extends = "sebac-2011"
{word}
coalition = {{ members = {members} }}
ratification = {{ unions_required = 2, leaders_to_amend = 2, amended_unions_required = 1 }}
[[union]]
name = "first"
members = 11
source = "made up"
[[union]]
name = "second"
members = 7
source = "made up"
"""


@pytest.fixture
def write(tmp_path):
    """Give a function that writes a scenario file and returns its path."""

    def to(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return to


def refusal(path):
    """Give the one sentence a file is refused with."""
    with pytest.raises(InputError) as refused:
        load_scenario(path)
    (sentence,) = refused.value.problems
    return sentence


def test_a_file_that_extends_another_changes_only_what_it_states(write, sebac):
    path = write("mine.toml", 'extends = "sebac-2011"\nname = "mine"\n[threat]\nlayoffs = 7500\n')
    mine = load_scenario(path)
    expected = as_document(sebac)
    expected["name"] = "mine"
    expected["threat"]["layoffs"] = 7500.0
    del expected["record"]  # what happened in Connecticut did not happen in another case
    assert as_document(mine) == expected
    assert sebac.threat.layoffs == 4742


def test_a_file_may_extend_a_file_that_extends_a_third(write):
    write("base.toml", 'extends = "sebac-2011"\n[threat]\nlayoffs = 7500\nbumping = 0.3\n')
    top = write("deeper/top.toml", 'extends = "../base.toml"\n[threat]\nbumping = 0.4\n')
    scenario = load_scenario(top)
    assert (scenario.threat.layoffs, scenario.threat.bumping) == (7500, 0.4)
    assert scenario.threat.notices == 3


def test_a_rule_of_secrecy_stated_above_replaces_the_one_below(write):
    path = write("leaky.toml", 'extends = "sebac-2011"\n[information]\nrule = "leaky"\n')
    information = load_scenario(path).information
    assert (information.leak_hazard, information.secrecy_after_leak) == (0.1, 0.25)
    assert information.misperceived_cost == 0.04


def test_a_mistake_in_a_file_that_extends_is_told_of_that_file(write):
    path = write("typo.toml", 'extends = "sebac-2011"\n[threat]\nlayofs = 7500\n')
    assert refusal(path).startswith(f"{path}: threat.layofs: ")
    assert 'did you mean "layoffs"' in refusal(path)


@pytest.mark.parametrize("parent", ["me.toml", "./me.toml", "../{folder}/me.toml"])
def test_a_file_that_extends_itself_is_refused(write, tmp_path, parent):
    parent = parent.format(folder=tmp_path.name)
    path = write("me.toml", f'extends = "{parent}"\n')
    assert refusal(path).startswith(f'{path}: extends = "{parent}"')
    assert "itself" in refusal(path)


def test_two_files_that_extend_each_other_are_refused(write):
    one = write("one.toml", 'extends = "two.toml"\n')
    write("two.toml", 'extends = "one.toml"\n')
    sentence = refusal(one)
    assert "extends" in sentence
    assert "one.toml" in sentence
    assert "two.toml" in sentence


def test_extending_an_unknown_scenario_suggests_the_nearest(write):
    path = write("lost.toml", 'extends = "sebac-2010"\n')
    assert '"sebac-2010"' in refusal(path)
    assert 'did you mean "sebac-2011"' in refusal(path)


def test_extending_a_file_that_is_not_there_names_that_file(write, tmp_path):
    path = write("lost.toml", 'extends = "nowhere.toml"\n')
    assert str(tmp_path / "nowhere.toml") in refusal(path)


def test_extends_takes_a_name_or_a_path(write):
    path = write("number.toml", "extends = 3\n")
    assert refusal(path).startswith(f"{path}: extends = 3")


# ------------------------------------------------------------------------------------- lists by name


def names(entries):
    return [entry.name for entry in entries]


def test_an_entry_with_a_name_of_the_base_changes_just_the_keys_that_it_states(write, sebac):
    path = write(
        "mine.toml", 'extends = "sebac-2011"\n[[issue]]\nname = "health"\nlevels = [0, 1]\n'
    )
    mine = load_scenario(path)
    assert names(mine.issue) == names(sebac.issue)
    assert mine.issue[1].levels == [0, 1]
    assert mine.issue[1].title == sebac.issue[1].title
    assert mine.issue[0] == sebac.issue[0]


def test_a_new_name_is_added_at_the_end(write, sebac):
    path = write(
        "mine.toml",
        """
        extends = "sebac-2011"
        coalition = { members = 50161 }
        [[union]]
        name = "last"
        members = 1
        source = "made up"
        """,
    )
    assert names(load_scenario(path).union) == [*names(sebac.union), "last"]


def test_without_leaves_entries_out(write, sebac):
    word = 'agenda = { excludes = [] }\nwithout = { issue = ["health", "job_security"] }\n'
    path = write("mine.toml", f'extends = "sebac-2011"\n{word}')
    assert names(load_scenario(path).issue) == [
        "wages",
        "pensions",
        "tax_share",
        "negotiated_layoffs",
    ]


def test_replaces_takes_a_list_as_it_stands(write):
    path = write("two.toml", TWO_UNIONS.format(word='replaces = ["union"]', members=18))
    assert names(load_scenario(path).union) == ["first", "second"]


def test_a_list_that_names_none_of_the_bases_is_told_with_both_ways_out(write):
    path = write("two.toml", TWO_UNIONS.format(word="", members=50178))
    (note,) = notes_on(read_layers(path))
    assert len(load_scenario(path).union) == 17
    assert note.startswith(
        "union: no entry here has a name of the base, so the list has these 2 and"
    )
    assert 'replaces = ["union"]' in note
    assert 'without = { union = ["AFSCME Council 4"] }' in note


def test_the_same_note_stands_beside_what_it_broke(write):
    path = write("two.toml", TWO_UNIONS.format(word="", members=18))
    with pytest.raises(InputError) as refused:
        load_scenario(path)
    sums, note = refused.value.problems
    assert sums.startswith(f"{path}: coalition.members = 18")
    assert 'replaces = ["union"]' in note


def test_an_entry_that_is_there_twice_in_one_file_is_told(write):
    twice = '[[issue]]\nname = "health"\nlevels = [0, 1]\n' * 2
    path = write("mine.toml", f'extends = "sebac-2011"\n{twice}')
    with pytest.raises(InputError, match='the name "health" is used 2 times'):
        load_scenario(path)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ('without = { issue = ["helth"] }', 'none called "helth" (did you mean "health"?)'),
        ('without = { isue = ["health"] }', 'no list "isue" (did you mean "issue"?)'),
        ('without = ["health"]', "must be a table"),
        ("without = { issue = 3 }", 'must be names, such as ["health"]'),
        ('replaces = ["unions"]', 'no list "unions" (did you mean "union"?)'),
        ('replaces = "union"', 'must be names of lists, such as ["union"]'),
        ('replaces = ["issue"]\nwithout = { issue = ["health"] }', "keep one of the two"),
        ("union = []", 'for none of the base\'s write replaces = ["union"]'),
    ],
)
def test_a_wrong_word_of_inheritance_is_told(write, word, sentence):
    path = write("mine.toml", f'extends = "sebac-2011"\n{word}\n')
    assert sentence in refusal(path)
    assert refusal(path).startswith(f"{path}: ")


@pytest.mark.parametrize("word", ["without = {}", "replaces = []"])
def test_the_words_of_inheritance_go_only_with_extends(write, word):
    path = write("mine.toml", f'name = "mine"\n{word}\n')
    assert refusal(path).endswith("goes only with extends")


def test_the_record_of_a_case_is_not_inherited(write, sebac):
    assert sebac.record == "connecticut-2011"
    assert load_scenario("connecticut-2011").record == "connecticut-2011"
    assert load_scenario(write("mine.toml", 'extends = "sebac-2011"\n')).record is None


# ------------------------------------------------------------------------------------------- laws


@given(DOCUMENTS)
def test_extending_by_nothing_changes_nothing(base):
    assert merged(base, {}) == base


@given(DOCUMENTS, DOCUMENTS)
def test_merging_twice_is_merging_once(base, own):
    once = merged(base, own)
    assert merged(once, own) == once


@given(DOCUMENTS)
def test_a_document_extended_by_itself_is_itself(base):
    assert merged(base, base) == base


@given(DOCUMENTS, DOCUMENTS)
def test_nothing_of_the_base_is_lost_and_nothing_comes_that_is_not_stated(base, own):
    found = merged(base, own)
    for name in ("issue", "union"):
        below, above = ({e["name"] for e in each.get(name, [])} for each in (base, own))
        assert {e["name"] for e in found.get(name, [])} == below | above
        kept = [e["name"] for e in found.get(name, [])][: len(below)]
        assert kept == [e["name"] for e in base.get(name, [])]


@given(ENTRIES)
def test_left_out_and_added_again_it_is_the_same(entries):
    *_, last = entries
    base = {"issue": entries}
    assert merged(base, {"without": {"issue": [last["name"]]}, "issue": [last]}) == base


@given(DOCUMENTS, ENTRIES)
def test_what_is_replaced_is_as_it_was_stated(base, entries):
    own = {"issue": entries, "replaces": ["issue"] if "issue" in base else []}
    assert merged(base, own)["issue"] == entries
    assert not list(both_kinds(base, own))


@given(DOCUMENTS, DOCUMENTS)
def test_neither_document_is_changed(base, own):
    before = repr((base, own))
    merged(base, own)
    assert repr((base, own)) == before
