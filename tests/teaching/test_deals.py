"""Deals as teachers type them, in whatever spreadsheet; what is wrong is told cell by cell, all at once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario
from sim.inputs.problems import InputError
from sim.teaching.kit.deals import Deal, columns, level_of, read_deals
from sim.teaching.kit.paper import label, on_paper, printed_issues, written

SEBAC = on_paper(load_scenario("sebac-2011"))
MINI = on_paper(load_scenario("mini-ct"))
HEAD = "table,agreed,round,wages,health,pensions,tax_share,negotiated_layoffs,job_security,ratified"
AS_2011 = SEBAC.agenda.find(wages=1, health=0.75, pensions=0.75, job_security=1)


@pytest.fixture
def read(tmp_path):
    def reading(written, paper=SEBAC):
        path = tmp_path / "deals.csv"
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
        return read_deals(path, paper)

    return reading


def problems(read, written, paper=SEBAC):
    with pytest.raises(InputError) as error:
        read(written, paper)
    return [problem.split("deals.csv: ")[1] for problem in error.value.problems]


def test_the_columns_are_those_of_the_kit():
    assert ",".join(columns(SEBAC)) == HEAD
    assert ",".join(columns(MINI)) == "table,agreed,round,wages,health,job_security,tax_share"


def test_a_plain_table_is_read(read):
    assert read(f"{HEAD}\n1,yes,11,1,0.75,0.75,0,0,1,no\n2,no,,,,,,,,\n") == [
        Deal("1", AS_2011, 11, False),
        Deal("2", None, None, None),
    ]


def test_columns_stand_in_any_order_and_what_is_optional_may_be_left_out(read):
    text = "job_security,tax_share,health,wages,table\n1,0,2,1,red team\n"
    package = MINI.agenda.find(wages=1, health=2, job_security=1, tax_share=0)
    assert read(text, MINI) == [Deal("red team", package, None, None)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("opening", ["", "sep=;\n"])
def test_the_table_of_a_european_spreadsheet_is_read(read, encoding, end, opening):
    lines = [
        HEAD.replace(",", ";"),
        "Tübingen;Yes;3;1,00;0,75;75 %;0;0;four years without layoffs;",
    ]
    text = (opening + end.join(lines) + end).encode(encoding)
    assert read(text) == [Deal("Tübingen", AS_2011, 3, None)]


def test_comments_empty_rows_and_empty_cells_at_the_end_are_nothing(read):
    text = (
        f"# class of Tuesday\n\n{HEAD},notes,\n,,,,,,,,,,\n1,yes,,1,.75,75%,0,0,1,,late,\n# 2,no\n"
    )
    assert read(text) == [Deal("1", AS_2011, None, None)]


@pytest.mark.parametrize("typed", ["1000", "1,000", "1.000", "1 000", "1000.0", "1'000"])
def test_thousands_are_read_however_they_are_parted(typed):
    layoffs = printed_issues(SEBAC)[4]
    assert level_of(layoffs, typed) == 1000


@pytest.mark.parametrize("typed", ["0.75", "0,75", ".75", "75%", "75 %", "75,0 %"])
def test_shares_are_read_however_they_are_written(typed):
    assert level_of(printed_issues(SEBAC)[0], typed) == 0.75


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_level_of_the_issue_or_none(typed):
    for issue in printed_issues(SEBAC):
        assert level_of(issue, typed) in (None, *issue.levels)


@pytest.mark.parametrize("typed", ["11", " 11 ", "11.0", '"11,0"'])
def test_a_round_is_read_as_other_numbers_are(read, typed):
    assert read(f"{HEAD}\n1,yes,{typed},1,0.75,0.75,0,0,1,no\n")[0].round == 11


def test_a_round_of_more_digits_than_a_number_has_is_told(read):
    row = f"{HEAD}\n1,yes,{'9' * 5000},1,0.75,0.75,0,0,1,no\n"
    (problem,) = problems(read, row)
    assert "must be a whole number from 1 to 13" in problem
    assert len(problem) < 150


@pytest.mark.parametrize("typed", ["0.333333", "0,333", "33 %", "33.3333%", "1/3", "33.33 %"])
def test_a_level_that_is_no_round_number_is_read_as_it_is_printed(typed):
    third = replace(printed_issues(SEBAC)[0], levels=(0.0, 1 / 3, 2 / 3, 1.0), labels=("",) * 4)
    assert level_of(third, typed) == 1 / 3
    assert level_of(third, "0.3") is None


@given(
    st.lists(
        st.integers(-(10**9), 10**9)
        | st.integers(-4000, 4000).map(lambda n: n / 20)
        | st.integers(1, 30).map(lambda n: n / 3)
        | st.integers(10**7, 10**11).map(lambda n: n / 100),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    st.sampled_from(["persons", "share of pay"]),
)
def test_each_level_can_be_typed_as_it_is_printed(levels, unit):
    levels = tuple(map(float, levels))
    labels = tuple(label(level, unit) for level in levels)
    issue = replace(printed_issues(SEBAC)[0], levels=levels, labels=labels)
    assert len(set(labels)) == len(levels)
    for level, printed in zip(levels, labels, strict=True):
        assert level_of(issue, written(level)) == level
        assert level_of(issue, printed) == level


def test_every_bad_cell_is_told_in_one_go(read):
    text = f"""{HEAD}
1,maybe,14,0.8,0.75,0.75,0,0,1,no
1,yes,1,1,,0.75,0,1000,1,perhaps
,yes,2.5,1,0.75,lots,0,0,yes,no
4,no,,1,,,,,,
5,yes,,,,,,,,
6,yes,1,1,1,1,0,0,0,no,7
"""
    assert problems(read, text) == [
        "row 2: agreed = maybe: must be yes or no",
        "row 2: wages = 0.8: must be 0 (0 %), 0.25 (25 %), 0.5 (50 %), 0.75 (75 %) or "
        "1 (100 %); the nearest is 0.75",
        "row 2: round = 14: must be a whole number from 1 to 13",
        "row 3: table = 1: is in row 2 already; name each group once",
        'row 3: the column "health" is empty; must be 0 (0 %), 0.25 (25 %), 0.5 (50 %), '
        "0.75 (75 %) or 1 (100 %)",
        "row 3: ratified = perhaps: must be yes or no",
        'row 4: the column "table" is empty; give the number or name of the group',
        "row 4: pensions = lots: must be 0 (0 %), 0.25 (25 %), 0.5 (50 %), 0.75 (75 %) or "
        "1 (100 %)",
        "row 4: job_security = yes: must be 0 (none) or 1 (four years without layoffs)",
        "row 4: round = 2.5: must be a whole number from 1 to 13",
        "row 5: agreed = no, and yet wages = 1; clear the levels or write yes",
        "row 6: gives no levels; write agreed = no if there was no agreement",
        "row 7: has 11 cells for 10 columns",
    ]


def test_what_no_agreement_can_have_together_is_told(read):
    assert problems(read, f"{HEAD}\n1,yes,1,1,1,1,0,1000,1,no\n") == [
        "row 2: negotiated_layoffs = 1000 and job_security = 1: no agreement can have both; one must be 0"
    ]


def test_what_was_not_agreed_cannot_have_been_ratified(read):
    assert problems(read, f"{HEAD}\n1,no,,,,,,,,yes\n") == [
        "row 2: ratified = yes, and yet agreed = no; clear one"
    ]


def test_a_misspelt_word_of_a_level_is_told_with_the_nearest(read):
    text = "table,wages,health,job_security,tax_share\n1,0,0,grantd,0\n"
    assert problems(read, text, MINI) == [
        'row 2: job_security = grantd: must be 0 (not granted) or 1 (granted) (did you mean "granted"?)'
    ]


def test_of_many_levels_only_some_are_listed(read):
    paper = on_paper(load_scenario("split-the-pie"))
    assert problems(read, "table,share\n1,0.52\n", paper) == [
        "row 2: share = 0.52: must be one of the 21 levels of the kit, 0, 0.05 to 1; the nearest is 0.5"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty; begin with the line table,agreed"),
        (HEAD, "has no deals; write a row for each group below the first line"),
        (b"PK\x03\x04\0\0", "is not a CSV file; save the table as CSV first"),
        (f'{HEAD}\n"1,yes\n', "is not a table of cells"),
    ],
)
def test_what_is_no_table_of_deals_is_told(read, text, problem):
    assert problems(read, text)[0].startswith(problem)


def test_bad_columns_are_told_together(read):
    text = "table,tabel,wages,wages,health,job_security\n"
    assert problems(read, text, MINI) == [
        'the column "tabel" is not known (did you mean "table"?)',
        'the column "wages" is there 2 times; keep one of them',
        'the column "tax_share" is missing',
    ]


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_deals(tmp_path / "deals.csv", MINI)


@pytest.mark.slow
def test_the_examples_of_a_kit_can_be_read(tmp_path):
    from sim.teaching.kit.contents import make_kit
    from sim.teaching.kit.files import write_kit

    write_kit(make_kit("mini-ct"), tmp_path)
    first, second, third = read_deals(tmp_path / "deals_example.csv", MINI)
    assert first.package == MINI.solved.nash.number
    assert not MINI.solved.packages["pareto"][second.package]
    assert third.package is None
