"""What packages are worth, said by issue, by a table or by a formula: one game, or one clear sentence."""

import pickle
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.cases.loading import as_document, load_scenario, parse_scenario, with_values
from sim.cases.schema import TextbookGame, parameters_of, value_of
from sim.experiments.design.experiment import parse_experiment
from sim.inputs.parameter import parameters
from sim.inputs.problems import InputError
from sim.interop.exchange import export_scenario
from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import points_of
from sim.worlds.settings import same_shape

SIDES = ("governor", "coalition")


def game(levels, excludes=(), **more):
    """A textbook game over issues named a, b, ...; `more` says what packages are worth."""
    issues = [
        {
            "name": "abcdef"[at],
            "title": "Some issue",
            "unit": "none",
            "levels": own,
            "source": "none",
        }
        for at, own in enumerate(levels)
    ]
    habits = {"tactic": "time_dependent", "beta": 1.0}
    return {
        "name": "tried",
        "title": "Tried",
        "description": "Tried.",
        "source": "made up",
        "utility": "points",
        "batna": [0, 0],
        "calendar": {"rounds": 9},
        "issue": issues,
        "agenda": {"excludes": list(excludes)},
        "governor": habits,
        "coalition": habits,
    } | more


def read(document):
    scenario = parse_scenario(document, "tried")
    assert isinstance(scenario, TextbookGame)
    return scenario


def points(document):
    scenario = read(document)
    agenda = Agenda.of(scenario)
    return [points_of(scenario, agenda, side).tolist() for side in SIDES]


def problems(document):
    with pytest.raises(InputError) as refused:
        parse_scenario(document, "tried")
    return [problem.removeprefix("tried: ") for problem in refused.value.problems]


# ------------------------------------------------------------------------------- three ways

LEVELS = st.lists(
    st.lists(st.integers(-9, 9), min_size=1, max_size=4, unique=True), min_size=1, max_size=3
)


@given(LEVELS, st.data())
def test_points_by_issue_a_table_and_a_formula_say_the_same(levels, data):
    slopes = data.draw(st.lists(st.integers(-5, 5), min_size=len(levels), max_size=len(levels)))
    names = "abc"[: len(levels)]
    packages = list(product(*levels))
    worth = [200 + sum(s * x for s, x in zip(slopes, each, strict=True)) for each in packages]
    rows = [[*each, own, 400 - own] for each, own in zip(packages, worth, strict=True)]
    shuffled = data.draw(st.permutations(rows))
    table = {"table": [[*names, *SIDES], *shuffled]}
    terms = " + ".join(f"({s}) * {name}" for s, name in zip(slopes, names, strict=True))
    formula = {"let": {"own": f"200 + {terms}"}, "governor": "own", "coalition": "400 - own"}
    by_issue = game(levels)
    for at, (issue, slope) in enumerate(zip(by_issue["issue"], slopes, strict=True)):
        start = 200 if at == 0 else 0
        issue["governor"] = [float(start + slope * x) for x in issue["levels"]]
        issue["coalition"] = [float(start - slope * x) for x in issue["levels"]]
    expected = [worth, [400 - own for own in worth]]
    assert points(game(levels, payoffs=table)) == expected
    assert points(game(levels, payoffs=formula)) == expected
    assert points(by_issue) == expected


def test_what_the_agenda_excludes_needs_no_row_and_no_number():
    levels, excludes = [[0, 1, 2], [0, 4]], [("a", "b")]
    table = {"table": [["b", "a", *SIDES], [0, 0, 1, 2], [4, 0, 3, 4], [0, 1, 5, 6], [0, 2, 7, 8]]}
    assert points(game(levels, excludes, payoffs=table)) == [[1, 3, 5, 7], [2, 4, 6, 8]]
    formula = {"governor": "1 + 1 / (8 - a * b)", "coalition": "1"}
    assert points(game(levels, excludes, payoffs=formula)) == [[1.125] * 4, [1] * 4]


def test_only_what_adds_up_by_issue_can_be_written_for_other_platforms(tmp_path):
    assert load_scenario("mini-ct").points_add_up
    with pytest.raises(InputError, match=r"\[payoffs\] gives points to whole packages"):
        export_scenario(load_scenario("firm-and-union"), "genius", tmp_path / "out")


# -------------------------------------------------------------------------------- a table

TABLE = "a,b,governor,coalition\n1,0,10,20\n1,3,12,18\n2.5,0,14,11\n2.5,3,9,8\n"
CASE = """
name = "mine"
title = "Mine"
description = "Mine."
source = "made up"
utility = "points"
batna = [0, 0]
calendar = { rounds = 9 }
payoffs = { table = "payoffs.csv" }
governor = { tactic = "time_dependent", beta = 1.0 }
coalition = { tactic = "time_dependent", beta = 1.0 }
[[issue]]
name = "a"
title = "A"
unit = "none"
levels = [1, 2.5]
[[issue]]
name = "b"
title = "B"
unit = "none"
levels = [0, 3]
"""


@pytest.fixture
def case(tmp_path):
    """Give a function that writes a case and its table, and gives the path of the case."""

    def write(table=TABLE, text=CASE):
        (tmp_path / "payoffs.csv").write_text(table, "utf-8")
        (tmp_path / "mine.toml").write_text(text, "utf-8")
        return tmp_path / "mine.toml"

    return write


def refusal(path):
    with pytest.raises(InputError) as refused:
        load_scenario(path)
    return "\n".join(refused.value.problems)


def test_the_rows_are_in_the_document_and_nothing_reads_the_file_again(case, tmp_path):
    scenario = load_scenario(case())
    held = as_document(scenario)["payoffs"]["table"]
    assert held[0] == ["a", "b", *SIDES]
    assert held[1:] == [[1, 0, 10, 20], [1, 3, 12, 18], [2.5, 0, 14, 11], [2.5, 3, 9, 8]]
    (tmp_path / "payoffs.csv").unlink()
    again = parse_scenario(as_document(scenario), "again")
    assert again == scenario == pickle.loads(pickle.dumps(scenario))
    assert again.fingerprint == scenario.fingerprint
    assert sim.solve(again).packages["governor"].tolist() == [10, 12, 14, 9]
    changed = parse_scenario(as_document(load_scenario(case(TABLE.replace("9,8", "9,7")))), "other")
    assert changed.fingerprint != scenario.fingerprint
    assert not same_shape(changed, scenario)


def test_a_table_is_taken_from_the_folder_of_the_file_that_names_it(case, tmp_path):
    base = case()
    (tmp_path / "deeper").mkdir()
    above = tmp_path / "deeper" / "above.toml"
    above.write_text('extends = "../mine.toml"\nname = "above"\n', "utf-8")
    assert load_scenario(above).payoffs == load_scenario(base).payoffs
    formulas = '[payoffs]\ntable = ""\ngovernor = "a + b"\ncoalition = "9 - a - b"\n'
    above.write_text(f'extends = "../mine.toml"\nname = "above"\n{formulas}', "utf-8")
    assert points(as_document(load_scenario(above))) == [[1, 4, 2.5, 5.5], [8, 5, 6.5, 3.5]]


def test_an_index_that_another_program_wrote_is_left_out(case):
    header, *rows = TABLE.splitlines()
    numbered = [f",{header}", *(f"{at},{row}" for at, row in enumerate(rows))]
    assert load_scenario(case("\n".join(numbered))).payoffs == load_scenario(case()).payoffs


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("", "payoffs.csv: is empty"),
        (TABLE.replace("1,3,12,18\n", ""), "has no row for the package a 1, b 3"),
        (TABLE[: TABLE.index("1,3")], "has no row for the package a 1, b 3, nor for 2 others"),
        (TABLE + "1,0,10,20\n", "row 5: is the same package as row 1; keep one"),
        (TABLE.replace("2.5,3", "2,3"), "row 4: a = 2.0 is not one of its levels, [1, 2.5]"),
        (TABLE.replace("9,8", "x,8"), 'row 4: governor = "x": must be a finite number of points'),
        (TABLE.replace("9,8", "nan,8"), 'row 4: governor = "nan": must be a finite number'),
        (TABLE.replace("9,8", "9"), "row 4 has 3 columns, and the first line 4"),
        (TABLE.replace("b,", "bb,", 1), 'has a column "bb" (did you mean "b"?)'),
        (TABLE.replace("b,", "a,", 1), 'has 2 columns called "a"; keep one'),
        (TABLE.replace("coalition", "union", 1), 'has no column "coalition"'),
        ('a,b,governor,coalition\n1,0,"10,20\n', "is not a CSV file"),
        (TABLE.replace("10,20", "-1,20"), ""),
    ],
)
def test_what_is_wrong_with_a_table_is_told_by_row(case, table, problem):
    if problem:
        assert problem in refusal(case(table))
    else:
        load_scenario(case(table))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('"nowhere.csv"', "nowhere.csv: there is no such file"),
        ('"payoffs.toml"', "must be a file that ends in .csv"),
        ("3", "payoffs.table = 3: must be the path of a CSV file, or its rows"),
        ('"."', "must be a file that ends in .csv"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(case, written, problem):
    assert problem in refusal(case(text=CASE.replace('"payoffs.csv"', written)))


def test_a_table_of_too_many_rows_is_refused_before_it_is_laid_out(case, monkeypatch):
    monkeypatch.setattr("sim.cases.payoffs.MOST_ROWS", 3)
    assert "has 5 rows; a table of payoffs has 3 at the most" in refusal(case())


def test_a_table_without_points_above_no_agreement_is_told(case):
    text = CASE.replace("batna = [0, 0]", "batna = [14, 0]")
    assert "the governor can get at most 14 points" in refusal(case(text=text))


# ------------------------------------------------------------------------------- formulas

FORMULAS = {"governor": "p * a - b", "coalition": "b + gift", "let": {"gift": "p / 2"}}


def with_formulas(values=None, **changed):
    payoffs = FORMULAS | changed
    return game([[1, 2], [0, 3]], payoffs=payoffs, values={"p": 6.0} if values is None else values)


def test_a_formula_is_of_levels_values_and_parts():
    assert points(with_formulas()) == [[6, 3, 12, 9], [3, 6, 3, 6]]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            with_formulas(governor="p * aa"),
            'payoffs.governor: nothing is called "aa" (did you mean "a"?)',
        ),
        (with_formulas(governor="p *"), 'payoffs.governor = "p *": is not a formula'),
        (
            with_formulas(governor=""),
            "payoffs.governor: is missing; give the formula of that side, too",
        ),
        (
            with_formulas(let={"gift": "lat", "late": "p"}),
            'payoffs.let.gift: nothing is called "lat" (did you mean "late"?)',
        ),
        (
            with_formulas(let={"gift": "late", "late": "p + gift"}),
            "payoffs.let: is in terms of itself: gift of late of gift",
        ),
        (with_formulas(let={"gift": "p", "a": "p"}), 'payoffs.let.a: "a" is the name of an issue'),
        (
            with_formulas(let={"gift": "p", "p": "a"}),
            'payoffs.let.p: "p" is the name of an issue or of',
        ),
        (with_formulas(let={"gift": "p", "min": "a"}), '"min" has a meaning already'),
        (
            with_formulas(let={"gift": "p", "_x": "a"}),
            "payoffs.let._x: a name in a formula is made of",
        ),
        (
            with_formulas(values={"p": 1.0, "copy": 2.0}),
            'values.copy: "copy" has a meaning already',
        ),
        (with_formulas(values={"p": "six"}), 'values.p = "six": must be a number'),
        (
            with_formulas(governor="a / b"),
            "payoffs.governor: is not a finite number for the package a 1, b 0, nor for 1 others",
        ),
        (
            with_formulas(let=dict.fromkeys(["gift", *map("x{}".format, range(50))], "1")),
            "51 parts; 50 at the",
        ),
        (with_formulas(governor="-a"), "the governor can get at most -1 points"),
        (with_formulas(table=[["a"]]), "payoffs: has a table and formulas; keep one"),
    ],
)
def test_what_is_wrong_with_a_formula_is_told_in_one_sentence(document, problem):
    (told,) = problems(document)
    assert problem in told


def test_points_by_issue_beside_a_formula_are_refused():
    document = with_formulas()
    document["issue"][1]["coalition"] = [1.0, 2.0]
    (told,) = problems(document)
    assert told.startswith("issue.b.coalition: points by level, while [payoffs] says")


def test_no_game_with_a_ballot_has_payoffs_in_points(sebac):
    document = as_document(sebac) | {"payoffs": FORMULAS}
    assert problems(document) == ["payoffs: is not a known key"]


# ------------------------------------------------------------------------------ named values


def test_a_value_is_a_parameter_of_its_own_scenario():
    firm = load_scenario("firm-and-union")
    assert set(parameters_of(firm)) - set(parameters(type(firm))) == {
        "values.first_job", "values.slope", "values.elsewhere"
    }  # fmt: skip
    dearer = with_values(firm, {"values.elsewhere": 24})
    assert (value_of(dearer, "values.elsewhere"), value_of(firm, "values.elsewhere")) == (24, 20)
    assert sim.solve(dearer).nash.package == {"wage": 28, "employment": 80}
    assert not same_shape(firm, dearer)
    assert same_shape(firm, with_values(firm, {"coalition.beta": 2.0}))


def test_an_unknown_value_is_told_with_the_nearest():
    with pytest.raises(InputError, match=r'called "values.slop" \(did you mean "values.slope"\?\)'):
        with_values("firm-and-union", {"values.slop": 1.0})


def test_a_value_that_makes_a_formula_senseless_is_told():
    with pytest.raises(InputError, match="the governor can get at most 0 points"):
        with_values("firm-and-union", {"values.first_job": 20.0})


def test_values_are_swept_and_every_point_is_its_own_game(tmp_path):
    swept = {"values.elsewhere": [15.0, 20.0], "coalition.beta": [0.5, 1.0]}
    asked = {"name": "swept", "question": "Q?", "scenario": "firm-and-union", "seed": 1}
    experiment = parse_experiment(asked | {"replications": 3, "sweep": swept}, "swept")
    found = sim.run_experiment(experiment, tmp_path / "swept").worlds
    for (elsewhere, beta), rows in found.groupby(["values.elsewhere", "coalition.beta"]):
        values = {"values.elsewhere": elsewhere, "coalition.beta": beta}
        alone = sim.negotiate("firm-and-union", 3, seed=1, set=values).frame()
        assert rows["wage"].tolist() == alone["wage"].tolist()
        assert rows["utility_coalition"].tolist() == alone["utility_coalition"].tolist()


def test_a_table_plays_the_worlds_that_points_by_issue_would():
    mini = load_scenario("mini-ct")
    agenda = Agenda.of(mini)
    worth = [points_of(mini, agenda, side) for side in SIDES]
    table = [[*agenda.names, *SIDES], *np.column_stack([agenda.packages, *worth]).tolist()]
    document = as_document(mini) | {"payoffs": {"table": table}}
    document["issue"] = [
        {key: of for key, of in issue.items() if key not in SIDES} for issue in document["issue"]
    ]
    same = sim.negotiate(document, 50, seed=3).frame()
    assert same.equals(sim.negotiate(mini, 50, seed=3).frame())
