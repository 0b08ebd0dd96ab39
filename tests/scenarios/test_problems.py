"""Wrong input: one clear sentence a mistake (file, key, value seen, what is allowed), all at once.

Every bad file here is a shipped one with a few words of its text replaced.
"""

import re
from contextlib import suppress
from importlib import resources

import pytest

from sim.cases.checks import CHECKS, reads
from sim.cases.loading import (
    as_document,
    fitting,
    load_scenario,
    parse_scenario,
    read_document,
    shipped_scenarios,
    with_numbers,
    with_values,
    wrong_numbers,
)
from sim.cases.schema import value_of
from sim.inputs.parameter import parameters
from sim.inputs.problems import InputError

FOREIGN_WORDS = (  # of Python and its libraries: no sentence may hold any
    "valid list|valid tuple|valid dictionary|valid string|valid number|instance of|after validation"
    "|[A-Z][a-z]+ should|Input|pattern|codec|NoneType|None|True|False|Error|pydantic|: be "
)


def text_of(scenario):
    return resources.files("sim.cases.scenarios").joinpath(f"{scenario}.toml").read_text("utf-8")


def complaints(name_or_path):
    """Give the sentences that a scenario is refused with."""
    with pytest.raises(InputError) as refused:
        load_scenario(name_or_path)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


@pytest.fixture
def problems_of(tmp_path):
    """Give a function from a shipped scenario and replacements in its text to the complaints."""

    def problems(scenario, *replacements):
        text = text_of(scenario)
        for old, new in replacements:
            assert old in text, f"{scenario}.toml has no {old!r} to replace"
            text = text.replace(old, new, 1)
        path = tmp_path / "mine.toml"
        path.write_text(text, "utf-8")
        sentences = complaints(path)
        assert all(sentence.startswith(f"{path}: ") for sentence in sentences), sentences
        assert len(set(sentences)) == len(sentences), sentences
        assert not any("\n" in sentence for sentence in sentences), sentences
        return [sentence.removeprefix(f"{path}: ") for sentence in sentences]

    return problems


# ------------------------------------------------------------- one mistake, exactly one sentence

MISTAKES = {
    "misspelt parameter": (
        ("size_doubt = 0.0", "size_dout = 0.0"),
        ["threat.size_dout", "is not a known key", 'did you mean "size_doubt"?'],
    ),
    "unknown parameter that resembles none": (
        ("size_doubt = 0.0", "zzz = 0.0"),
        ["threat.zzz", "is not a known key"],
    ),
    "misspelt parameter of one union": (
        ('name = "CEUI"', 'name = "CEUI"\nfairnes = 0.2'),
        ["union", "fairnes", "is not a known key", 'did you mean "fairness"?'],
    ),
    "text for a number": (
        ("layoffs = 4742", 'layoffs = "4742"'),
        ["threat.layoffs", '= "4742"', "must be a number from 0"],
    ),
    "true for a number": (
        ("layoffs = 4742", "layoffs = true"),
        ["threat.layoffs", "= true", "must be a number from 0"],
    ),
    "not a number": (
        ("layoffs = 4742", "layoffs = nan"),
        ["threat.layoffs", "= nan", "must be a number from 0"],
    ),
    "infinity": (
        ("layoffs = 4742", "layoffs = inf"),
        ["threat.layoffs", "= inf", "must be a number from 0"],
    ),
    "fraction for a whole number": (
        ("rounds = 12 ", "rounds = 12.5 "),
        ["calendar.rounds", "= 12.5", "must be a whole number from 1 to 100000"],
    ),
    "whole number written as a fraction": (
        ("notices = 3", "notices = 3.0"),
        ["threat.notices", "= 3.0", "must be a whole number from 0 to 1000"],
    ),
    "true for a whole number": (
        ("notices = 3", "notices = true"),
        ["threat.notices", "= true", "must be a whole number from 0 to 1000"],
    ),
    "number for yes or no": (
        ("second_vote = true", "second_vote = 1"),
        ["ratification.second_vote", "= 1", "must be true or false"],
    ),
    "unknown choice": (
        ('rule = "closed_door"', 'rule = "shut"'),
        ["information.rule", '= "shut"', 'must be "closed_door" or "open_door" or "leaky"'],
    ),
    "below the range": (
        ("layoffs = 4742", "layoffs = -1"),
        ["threat.layoffs", "= -1", "must be a number from 0"],
    ),
    "above the range": (
        ("weight_required = 0.80", "weight_required = 80"),
        ["ratification.weight_required", "= 80", "must be a number from 0 to 1"],
    ),
    "on a bound that does not belong to the range": (
        ("beta = 0.10", "beta = 0.0"),
        ["governor.beta", "= 0.0", "must be a number above 0 to 1000"],
    ),
    "missing parameter": (
        ("layoffs = 4742", ""),
        ["threat.layoffs", "is missing", "give a number from 0"],
    ),
    "union sizes that do not add up": (
        ("members = 15600", "members = 15000"),
        ["coalition.members", "50160", "15 unions", "49560", "must be equal"],
    ),
    "two unions of one name": (
        ('name = "AFT Connecticut"', 'name = "AFSCME Council 4"'),
        ["union", '"AFSCME Council 4"', "2 times"],
    ),
    "more unions required than there are, and one": (
        ("unions_required = 14", "unions_required = 17"),
        ["ratification.unions_required", "= 17", "there are 15 unions", "must be 0 to 16"],
    ),
    "more leaders to amend than there are, and one": (
        ("leaders_to_amend = 10", "leaders_to_amend = 20"),
        ["ratification.leaders_to_amend", "= 20", "there are 15 unions", "must be 0 to 16"],
    ),
    "more unions required by the new bylaws than there are, and one": (
        ("amended_unions_required = 8", "amended_unions_required = 18"),
        ["ratification.amended_unions_required", "= 18", "there are 15 unions", "must be 0 to 16"],
    ),
    "more layoffs than there are employees": (
        ("layoffs = 4742", "layoffs = 45001"),
        ["threat.layoffs", "= 45001", "from 0 to", "members.workforce = 45000"],
    ),
    "more layoffs after a rejection than there are employees": (
        ("layoffs_after_rejection = 6500", "layoffs_after_rejection = 50000"),
        ["threat.layoffs_after_rejection", "= 50000", "from 0 to", "members.workforce = 45000"],
    ),
    "an issue nobody cares about": (
        ('name = "tax_share"', 'name = "tax_shares"'),
        ["issue", '"tax_shares"', 'did you mean "tax_share"?', "pensions", "job_security"],
    ),
    "a level beyond the full ask": (
        ("levels = [0.0, 0.25, 0.5, 0.75, 1.0]", "levels = [0.0, 1.5]"),
        ["issue", "wages", "levels", "1.5", "from 0 to 1"],
    ),
    "a range of levels without its end": (
        ("levels = [0.0, 0.25, 0.5, 0.75, 1.0]", "levels = { from = 0.0, steps = 5 }"),
        ["issue", "levels", "{ from = 0.0, to = 1.0, steps = 5 }"],
    ),
    "an excluded pair with an unknown issue": (
        ('"negotiated_layoffs", "job_security"', '"layoffs", "job_security"'),
        ["agenda.excludes", '"layoffs"', 'did you mean "negotiated_layoffs"?'],
    ),
    "savings of an issue that has none": (
        ("pensions = 460.0", "pensions = 460.0\ntax_share = 1.0"),
        ["fiscal.savings.tax_share", "wages, health, pensions"],
    ),
    "an issue without its savings": (
        ("wages = 590.0", ""),
        ["fiscal.savings.wages", "is missing", "$M"],
    ),
    "a haircut on savings that are not there": (
        ('soft = ["health"]', 'soft = ["helth"]'),
        ["fiscal.soft", '"helth"', 'did you mean "health"?'],
    ),
    "an exponential tactic that starts from nothing": (
        ('tactic = "time_dependent"', 'tactic = "exponential"'),
        ["governor.first_concession", "= 0.0", "must be above 0", "exponential"],
    ),
    "points in a scenario that has none": (
        ('unit = "persons"', 'unit = "persons"\ngovernor = [1, 2, 3]'),
        ["issue.negotiated_layoffs.governor", 'utility = "points"'],
    ),
    "an unknown kind of scenario": (
        ('utility = "two_level"', 'utility = "three_level"'),
        ["utility", '= "three_level"', 'must be "points" or "two_level"'],
    ),
}

MISTAKES_WITH_POINTS = {
    "points for some levels only": (
        ("governor = [0, 15, 50]", "governor = [0, 15]"),
        ["issue.wages.governor", "2 points", "3 levels", "one for each"],
    ),
    "no points": (
        ("coalition = [20, 15, 0]", ""),
        ["issue.wages.coalition", "is missing", "points of each level"],
    ),
    "a governor who can only lose": (
        ("batna = [25, 35]", "batna = [100, 35]"),
        ["batna", "[100, 35]", "the governor", "at most 100 points"],
    ),
    "a coalition that can only lose": (
        ("batna = [25, 35]", "batna = [25, 101]"),
        ["batna", "[25, 101]", "the coalition", "at most 100 points"],
    ),
    "two issues of one name": (
        ('name = "health"', 'name = "wages"'),
        ["issue", '"wages"', "2 times"],
    ),
    "a table of the other kind of scenario": (
        ("[calendar]", "[threat]\nlayoffs = 1\n[calendar]"),
        ["threat", "is not a known key"],
    ),
}


def cases(mistakes):
    return [pytest.param(*case, id=label) for label, case in mistakes.items()]


@pytest.mark.parametrize(("replacement", "told"), cases(MISTAKES))
def test_a_mistake_in_the_2011_scenario_is_told_in_one_sentence(problems_of, replacement, told):
    (sentence,) = problems_of("sebac-2011", replacement)
    assert all(part in sentence for part in told), sentence
    assert not re.search(FOREIGN_WORDS, sentence), sentence


@pytest.mark.parametrize(("replacement", "told"), cases(MISTAKES_WITH_POINTS))
def test_a_mistake_in_a_textbook_game_is_told_in_one_sentence(problems_of, replacement, told):
    (sentence,) = problems_of("mini-ct", replacement)
    assert all(part in sentence for part in told), sentence
    assert not re.search(FOREIGN_WORDS, sentence), sentence


@pytest.mark.parametrize(
    ("replacement", "misspelt", "meant"),
    [
        (("rounds = 12", "ronds = 12"), "calendar.ronds", "rounds"),
        (("[threat]", "[threats]"), "threats", "threat"),
        (('title = "Wage freeze"', 'titel = "Wage freeze"'), "titel", "title"),
        (("members = 15600", "mebers = 15600"), "mebers", "members"),
    ],
)
def test_a_misspelt_key_that_is_needed_is_told_with_what_was_meant(
    problems_of, replacement, misspelt, meant
):
    sentences = problems_of("sebac-2011", replacement)
    assert any(
        misspelt in s and "is not a known key" in s and f'did you mean "{meant}"?' in s
        for s in sentences
    ), sentences
    assert len(sentences) <= 2, sentences


# ------------------------------------------------ what is just allowed, so that bounds stay put


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("layoffs = 4742", "layoffs = 45000"),
        ("layoffs = 4742", "layoffs = 0"),
        ("unions_required = 14", "unions_required = 16"),
        ("unions_required = 14", "unions_required = 0"),
        ("weight_required = 0.80", "weight_required = 1"),
        ("rounds = 12 ", "rounds = 1 "),
        ("second_vote = true", "second_vote = false"),
    ],
)
def test_the_ends_of_a_range_belong_to_it(tmp_path, old, new):
    path = tmp_path / "mine.toml"
    path.write_text(text_of("sebac-2011").replace(old, new, 1), "utf-8")
    assert load_scenario(path).name == "sebac-2011"


# ------------------------------------------------------------------------ several mistakes at once


def test_all_mistakes_of_a_file_are_told_at_once(problems_of):
    sentences = problems_of(
        "sebac-2011",
        ("size_doubt = 0.0", "size_dout = 0.0"),
        ("layoffs = 4742", 'layoffs = "4742"'),
        ("weight_required = 0.80", "weight_required = 80"),
        ("bumping = 0.15", ""),
        ("members = 15600", "members = 15000"),
        ("unions_required = 14", "unions_required = 20"),
        ('name = "CPFU"', 'name = "4Cs"'),
    )
    found = [
        "threat.size_dout",
        'threat.layoffs = "4742"',
        "ratification.weight_required = 80",
        "threat.bumping",
        "coalition.members = 50160",
        "ratification.unions_required = 20",
        '"4Cs"',
    ]
    assert [sum(part in sentence for sentence in sentences) for part in found] == [1] * len(found)
    assert len(sentences) == len(found)


def test_a_value_of_the_wrong_type_does_not_hide_the_mistake_beside_it(problems_of):
    sentences = problems_of(
        "sebac-2011",
        ("layoffs = 4742", 'layoffs = "4742"'),
        ("layoffs_after_rejection = 6500", "layoffs_after_rejection = 50000"),
    )
    found = ['threat.layoffs = "4742"', "threat.layoffs_after_rejection = 50000"]
    assert [sum(part in sentence for sentence in sentences) for part in found] == [1, 1]


def test_all_mistakes_of_a_textbook_game_are_told_at_once(problems_of):
    sentences = problems_of(
        "mini-ct",
        ("governor = [0, 15, 50]", "governor = [0, 15]"),
        ("rounds = 12", "rounds = 0"),
        ('first_proposer = "random"', 'first_proposer = "mediator"'),
    )
    found = ["issue.wages.governor", "calendar.rounds = 0", 'talks.first_proposer = "mediator"']
    assert [sum(part in sentence for sentence in sentences) for part in found] == [1, 1, 1]
    assert len(sentences) == 3


# ---------------------------------------------------------------- files that cannot be read at all


def test_an_unknown_scenario_is_told_with_the_nearest_and_all_others():
    (sentence,) = complaints("sebac-2012")
    assert '"sebac-2012"' in sentence
    assert 'did you mean "sebac-2011"?' in sentence
    assert "connecticut-2011, firm-and-union, mini-ct, " in sentence
    assert ".toml" in sentence


def test_an_unknown_scenario_that_resembles_none_has_no_suggestion():
    (sentence,) = complaints("zzz")
    assert '"zzz"' in sentence
    assert "did you mean" not in sentence


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "nowhere.toml"
    assert complaints(path) == [f"{path}: there is no such file"]


def test_what_is_not_toml_is_told_with_its_line(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text('name = "broken"\nrounds = = 3\n', "utf-8")
    (sentence,) = complaints(path)
    assert sentence.startswith(f"{path}: is not a TOML file: ")
    assert "line 2" in sentence


def test_a_file_that_is_not_text_is_named(tmp_path):
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    (sentence,) = complaints(path)
    assert sentence.startswith(f"{path}: is not a text file in UTF-8")


def test_a_folder_is_no_scenario(tmp_path):
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    (sentence,) = complaints(folder)
    assert sentence.startswith(f"{folder}: cannot be read")


def test_an_empty_file_is_told_what_to_begin_with(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_text("", "utf-8")
    (sentence,) = complaints(path)
    assert sentence.startswith(f"{path}: utility")
    assert '"points" or "two_level"' in sentence


# --------------------------------------------------------------------------------------- set


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"threat.layofs": 5000},
            ["sebac-2011", '"threat.layofs"', 'did you mean "threat.layoffs"?'],
        ),
        ({"layoffs": 5000}, ['"layoffs"', 'did you mean "threat.layoffs"?']),
        ({"threat.layoffs": -5}, ["threat.layoffs = -5", "must be a number from 0"]),
        ({"threat.layoffs": 46000}, ["threat.layoffs = 46000", "members.workforce = 45000"]),
        ({"threat.layoffs": True}, ["threat.layoffs = true", "must be a number from 0"]),
        ({"calendar.rounds": 2.5}, ["calendar.rounds = 2.5", "must be a whole number from 1"]),
        ({"coalition.members": 45000}, ["coalition.members = 45000", "50160", "must be equal"]),
        (
            {"information.rule": "ajar"},
            ['information.rule = "ajar"', 'must be "closed_door" or "open_door" or "leaky"'],
        ),
    ],
)
def test_a_parameter_that_cannot_be_set_is_told_in_one_sentence(sebac, values, told):
    with pytest.raises(InputError) as refused:
        with_values(sebac, values)
    (sentence,) = refused.value.problems
    assert sentence.startswith("set: ")
    assert all(part in sentence for part in told), sentence


def test_all_parameters_that_cannot_be_set_are_told_at_once(sebac):
    with pytest.raises(InputError) as refused:
        with_values(sebac, {"threat.layofs": 1, "threat.bumpin": 1})
    assert len(refused.value.problems) == 2
    with pytest.raises(InputError) as refused:
        with_values(sebac, {"threat.layoffs": -1, "threat.bumping": -1, "governor.beta": 0})
    assert len(refused.value.problems) == 3


class Watched(dict):
    """A document, or a table of one, that notes which lists and which parameters are read."""

    def __init__(self, document, read=None, table=""):
        self.read = set() if read is None else read
        self.table = table
        watched = {
            key: Watched(value, self.read, f"{key}.")
            if isinstance(value, dict) and not table
            else value
            for key, value in document.items()
        }
        super().__init__(watched)

    def noted(self, key, value):
        if not isinstance(value, Watched):
            self.read.add(f"{self.table}{key}")
        return value

    def __getitem__(self, key):
        return self.noted(key, super().__getitem__(key))

    def get(self, key, default=None):
        return self.noted(key, super().get(key, default)) if self.table or key in self else default


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_check_reads_nothing_but_what_it_is_listed_with(name):
    """Or a value set there could break what the check looks after, unseen."""
    document = read_document(name)
    for check, listed in CHECKS[document["utility"]].items():
        watched = Watched(document)
        with suppress(KeyError):  # where there is no such table the check has nothing to say
            list(check(watched))
        unlisted = {name for name in watched.read if not reads(listed, name)}
        assert unlisted == set(), check.__name__


@pytest.mark.parametrize(
    "values",
    [
        {"threat.layoffs": 46000},
        {"members.workforce": 4000},
        {"coalition.members": 45000, "governor.beta": -1.0},
        {"ratification.unions_required": 99},
        {"coalition.tactic": "exponential"},
        {"seniority.tier_one_share": 0.8, "seniority.tier_two_share": 0.7},
        {"ground_rules.governor_believes": 9.0, "information.audience_cost_coalition": 500.0},
        {"ideas.on": True},
        {"contract.on": True},
        {"threat.bumping": 0.2, "plan_b.on": True},
    ],
    ids=lambda values: ", ".join(values),
)
def test_values_that_are_set_are_checked_like_those_of_a_file(sebac, values):
    document = as_document(sebac)
    for key, value in values.items():
        table, name = key.split(".")
        document.setdefault(table, {})[name] = value
    told = []
    for load in (lambda: with_values(sebac, values), lambda: parse_scenario(document, "set")):
        try:
            told.append(load())
        except InputError as error:
            told.append(error.problems)
    assert told[0] == told[1]


def test_a_textbook_game_has_no_threat_to_set():
    with pytest.raises(InputError, match=r'mini-ct has no parameter called "threat\.layoffs"'):
        with_values(load_scenario("mini-ct"), {"threat.layoffs": 5000})


# ---------------------------------------------------------- rarer mistakes, in plain English too

RARER_MISTAKES = {
    "a union of nobody": ("members = 15600", "members = 0"),
    "a union's own value out of range": ('name = "CEUI"', 'name = "CEUI"\nfairness = -1'),
    "a union's own value as text": ('name = "CEUI"', 'name = "CEUI"\nfairness = "high"'),
    "a list for a choice": ('rule = "closed_door"', 'rule = ["closed_door"]'),
    "a number for a title": ('title = "Wage freeze"', "title = 3"),
    "text for a level": ("levels = [0.0, 0.25, 0.5, 0.75, 1.0]", 'levels = [0.0, "all"]'),
    "no level": ("levels = [0.0, 0.25, 0.5, 0.75, 1.0]", "levels = []"),
    "one level without a list": ("levels = [0.0, 0.25, 0.5, 0.75, 1.0]", "levels = 1.0"),
    "text for dollars": ("wages = 590.0", 'wages = "590"'),
    "three issues that exclude each other": (
        '"negotiated_layoffs", "job_security"',
        '"negotiated_layoffs", "job_security", "wages"',
    ),
    "one issue that excludes itself": ('"negotiated_layoffs", "job_security"', '"wages"'),
    "a pair that is not in a list of pairs": (
        '[["negotiated_layoffs", "job_security"]]',
        '["negotiated_layoffs", "job_security"]',
    ),
    "a name with spaces": ('name = "sebac-2011"', 'name = "SEBAC 2011"'),
    "an issue's name with a capital": ('name = "wages"', 'name = "Wages"'),
}


@pytest.mark.parametrize(
    "replacement", [pytest.param(case, id=label) for label, case in RARER_MISTAKES.items()]
)
def test_a_rarer_mistake_is_told_without_the_words_of_a_programmer(problems_of, replacement):
    sentences = problems_of("sebac-2011", replacement)
    assert not any(re.search(FOREIGN_WORDS, sentence) for sentence in sentences), sentences
    assert len(sentences) <= 2, sentences


def test_a_number_is_no_table(problems_of):
    (sentence,) = problems_of("mini-ct", ("batna = ", "agenda = 3\nbatna = "))
    assert sentence.startswith("agenda = 3: ")
    assert not re.search(FOREIGN_WORDS, sentence), sentence


@pytest.mark.parametrize(
    "batna", ["25", "[25]", "[25, 35, 45]", '[25, "35"]'], ids=["one", "list of one", "3", "text"]
)
def test_a_batna_is_two_numbers(problems_of, batna):
    sentences = problems_of("mini-ct", ("batna = [25, 35]", f"batna = {batna}"))
    assert all("batna" in sentence for sentence in sentences)
    assert not any(re.search(FOREIGN_WORDS, sentence) for sentence in sentences), sentences
    assert len(sentences) == 1, sentences


WRONG = {
    "threat.layoffs": [0, 46000, 4742.0, -1, True, "many", 7500],
    "members.workforce": [45000, 45000, 4000, 45000, 45000, 45000, 45000.5],
    "ratification.unions_required": [14, 8, 99, 8, 8, 8, 17],
    "seniority.tier_one_share": [0.2, 0.8, 0.3, float("nan"), 0.1, 0.1, 1.5],
    "governor.beta": [0.2, 0.2, 0.2, 0.0, 0.3, 0.3, float("inf")],
}


@pytest.mark.parametrize("keys", [[key] for key in WRONG] + [list(WRONG), list(WRONG)[:2]])
def test_columns_of_numbers_are_wrong_where_values_set_one_by_one_are(sebac, keys):
    """And where they are not, the scenario with these numbers is the one that they are set in."""
    known = parameters(type(sebac))
    values = {"seniority.tier_two_share": 0.3} | {key: value_of(sebac, key) for key in keys}
    start = with_values(sebac, values)
    columns = {key: [fitting(known[key], value) for value in WRONG[key]] for key in keys}
    wrong = set()
    for place in range(len(WRONG["governor.beta"])):
        numbers = {key: column[place] for key, column in columns.items()}
        try:
            alone = with_values(start, numbers)
        except InputError:
            wrong.add(place)
        else:
            assert with_numbers(start, numbers) == alone
            assert as_document(with_numbers(start, numbers)) == as_document(alone)
    assert wrong_numbers(start, columns) == wrong
    assert wrong
