"""What a value is worth in a profile of GENIUS, what is left of it with time, and what stands beside."""

import shutil
import warnings
from pathlib import Path

import pytest

from sim.inputs.problems import InputError, Note
from sim.interop import import_scenario
from sim.interop.value_functions import clipped_line, triangle

HOURS = ("few", "many"), (0.5, 0.25)
PAY = ("low", "high"), (1.0, 4.0)


def items(values, evaluations=None):
    """The items of a discrete issue, with evaluations in a profile."""
    worth = (
        [""] * len(values) if evaluations is None else [f' evaluation="{e}"' for e in evaluations]
    )
    pairs = enumerate(zip(values, worth, strict=True), start=1)
    return "".join(f'<item index="{n}" value="{value}"{worth}/>' for n, (value, worth) in pairs)


def space(issues, further=""):
    """An objective with issues, each (index, type, name, what is inside), and weights."""
    inside = "".join(
        f'<issue index="{n}" type="{kind}" name="{name}" {more}</issue>'
        for n, kind, name, more in issues
    )
    return f'<utility_space><objective index="0" name="d">{inside}{further}</objective>'


def weights(*values):
    """Weights of issues 1, 2 and so on."""
    return "".join(f'<weight index="{n}" value="{w}"/>' for n, w in enumerate(values, start=1))


def domain(*issues):
    """A domain file."""
    return f"<negotiation_template>{space(issues)}</utility_space></negotiation_template>"


def profile(issues, share, further="", after=""):
    """A profile with some weights, `further` beside them, and `after` the objective."""
    return space(issues, weights(*share) + further) + after + "</utility_space>"


DISCRETE = [
    (1, "discrete", "hours", ">" + items(*HOURS)),
    (2, "discrete", "pay", ">" + items(*PAY)),
]
PLAIN = domain(
    (1, "discrete", "hours", ">" + items(HOURS[0])), (2, "discrete", "pay", ">" + items(PAY[0]))
)


@pytest.fixture
def folder_with(tmp_path):
    """Give a function that writes files, by name without ending, into a new folder."""

    def write(**files):
        folder = tmp_path / "domain"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.xml").write_bytes(data)
        return folder

    return write


def read(folder, **how):
    """The scenario of a folder, and what is noted of it."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        scenario = import_scenario(folder, **how)
    return scenario, [str(each.message) for each in told if issubclass(each.category, Note)]


def test_evaluations_are_divided_by_the_greatest_even_below_1(folder_with):
    folder = folder_with(
        domain=PLAIN, p1=profile(DISCRETE, (0.5, 0.5)), p2=profile(DISCRETE, (0.25, 0.75))
    )
    scenario, notes = read(folder)
    assert [issue.governor for issue in scenario.issue] == [[0.5, 0.25], [0.125, 0.5]]
    assert [issue.coalition for issue in scenario.issue] == [[0.25, 0.125], [0.1875, 0.75]]
    assert notes == []


def test_evaluations_whose_greatest_is_next_to_nothing_count_as_0(folder_with):
    nothing = [(1, "discrete", "hours", ">" + items(HOURS[0], (0.000009, 0.000001))), DISCRETE[1]]
    folder = folder_with(
        domain=PLAIN, p1=profile(nothing, (0.5, 0.5)), p2=profile(DISCRETE, (0.5, 0.5))
    )
    assert read(folder)[0].issue[0].governor == [0, 0]


def test_the_greatest_is_sought_among_all_values_of_the_profile(folder_with):
    more = [
        (1, "discrete", "hours", ">" + items(("few", "many", "none"), (0.5, 0.25, 1.0))),
        DISCRETE[1],
    ]
    folder = folder_with(
        domain=PLAIN, p1=profile(more, (0.5, 0.5)), p2=profile(DISCRETE, (0.5, 0.5))
    )
    assert read(folder)[0].issue[0].governor == [0.25, 0.125]


def test_whole_numbers_are_on_a_line_that_begins_at_the_lower_bound(folder_with):
    ends = 'lowerbound="1" upperbound="4"'
    up, down = (
        [
            (
                1,
                "integer",
                "weeks",
                f'{ends}><evaluator slope="{slope}" offset="{offset}" ftype="linear"/>',
            )
        ]
        for slope, offset in ((0.5, 0.0), (-0.25, 1.0))
    )
    folder = folder_with(
        domain=domain((1, "integer", "weeks", f"{ends}>")),
        p1=profile(up, [1.0]),
        p2=profile(down, [0.8]),
    )
    [weeks] = read(folder)[0].issue
    assert weeks.levels == [1, 2, 3, 4]
    assert weeks.governor == [0, 0.5, 1, 1]  # 1.5 at four weeks counts as 1
    assert weeks.coalition == [0.8, 0.8 * 0.75, 0.8 * 0.5, 0.8 * 0.25]


def real(evaluator):
    """A real issue from 10 to 40."""
    return [(1, "real", "price", f'><range lowerbound="10" upperbound="40"/>{evaluator}')]


def test_real_numbers_are_on_a_line_a_triangle_or_all_the_same(folder_with):
    line = '<evaluator ftype="linear" parameter0="-0.5" parameter1="0.05"/>'
    peak = '<evaluator ftype="triangular" parameter0="10" parameter1="40" parameter2="20"/>'
    flat = '<evaluator ftype="constant" parameter0="0.4"/>'
    folder = folder_with(
        domain=domain(*real("")),
        p1=profile(real(line), [1.0]),
        p2=profile(real(peak), [1.0]),
        p3=profile(real(flat), [1.0]),
    )
    scenario, notes = read(folder, parties=("p1", "p2.xml"), levels=4)
    [price] = scenario.issue
    assert price.levels == [10, 20, 30, 40]
    assert price.governor == [0, 0.5, 1, 1]
    assert price.coalition == [0, 1, 0.5, 0]
    assert notes == [
        'issue "price": may be any number from 10 to 40; 4 levels, evenly spread, stand for them '
        "(--levels changes how many)"
    ]
    assert scenario.description.endswith(f"{notes[0]}.")
    other, _ = read(folder, parties=("p3", "p1"))
    assert other.issue[0].governor == [0.4] * 21
    assert len(other.issue[0].levels) == 21


def test_a_line_is_clipped_and_a_triangle_is_0_outside():
    assert [clipped_line(2.0, -0.5)(x) for x in (0, 0.5, 1)] == [0, 0.5, 1]
    assert [triangle(0, 4, 1)(x) for x in (-1, 0, 0.5, 1, 2.5, 4, 5)] == [0, 0, 0.5, 1, 0.5, 0, 0]


def test_many_whole_numbers_are_spread_evenly_both_ends_among_them(folder_with):
    ends = 'lowerbound="3" upperbound="1000000003"'
    line = [(1, "integer", "dollars", f'{ends}><evaluator slope="1e-9" offset="0"/>')]
    one = profile(line, [1.0])
    folder = folder_with(domain=domain((1, "integer", "dollars", f"{ends}>")), p1=one, p2=one)
    scenario, [note] = read(folder, levels=5)
    assert scenario.issue[0].levels == [3, 250_000_003, 500_000_003, 750_000_003, 1_000_000_003]
    assert scenario.issue[0].governor == [0, 0.25, 0.5, 0.75, 1]
    assert "1,000,000,001 numbers" in note


def test_a_discount_by_the_deadline_becomes_one_by_the_turn(folder_with):
    patient, hasty = (
        profile(
            DISCRETE, (0.5, 0.5), after=f'<discount_factor value="{d}"/><reservation value="0.25"/>'
        )
        for d in (1.0, 0.5)
    )
    folder = folder_with(domain=PLAIN, p1=patient, p2=hasty)
    scenario, [note] = read(folder)
    assert scenario.governor.discount_factor == 1
    assert scenario.coalition.discount_factor**scenario.calendar.rounds == pytest.approx(
        0.5, rel=1e-12
    )
    assert "0.5 is left at the deadline" in note
    assert scenario.batna == [0.25, 0.25]
    without, [told] = read(folder, ignore_discount=True)
    assert without.coalition.discount_factor == 1
    assert "p2.xml: its discount is left out" in told


@pytest.mark.parametrize("none", ["0.0", "-1", "1.5", "1"])
def test_a_discount_that_is_no_share_is_none_as_in_genius(folder_with, none):
    one = profile(DISCRETE, (0.5, 0.5), after=f'<discount_factor value="{none}"/>')
    scenario, notes = read(folder_with(domain=PLAIN, p1=one, p2=one))
    assert (scenario.governor.discount_factor, notes) == (1, [])


def test_issues_are_matched_by_index(folder_with):
    renamed = [(1, "discrete", "Hours ", ">" + items(*HOURS)), DISCRETE[1]]
    folder = folder_with(
        domain=PLAIN, p1=profile(renamed, (0.5, 0.5)), p2=profile(DISCRETE, (0.5, 0.5))
    )
    scenario, [note] = read(folder)
    assert scenario.issue[0].governor == [0.5, 0.25]
    assert 'p1.xml: matched by index, as in GENIUS: "Hours " is "hours"' in note


def test_weights_without_an_issue_are_not_looked_at(folder_with):
    stray = profile(DISCRETE, (0.5, 0.5), further='<weight index="9" value="1.0"/>')
    scenario, [note] = read(folder_with(domain=PLAIN, p1=stray, p2=profile(DISCRETE, (0.5, 0.5))))
    assert scenario.batna == [0, 0]
    assert "weights without an issue" in note


def test_utilities_above_1_are_noted_as_genius_cuts_them(folder_with):
    folder = folder_with(
        domain=PLAIN, p1=profile(DISCRETE, (1.0, 0.5)), p2=profile(DISCRETE, (0.5, 0.5))
    )
    _, [note] = read(folder)
    assert "p1.xml: its best package is worth 1.5" in note


def test_files_that_are_neither_domain_nor_profile_are_left_out(folder_with):
    one = profile(DISCRETE, (0.5, 0.5))
    folder = folder_with(
        domain=PLAIN, p1=one, p2=one, pareto="\n10 packages\n0.5 0.5", x_analysis="<analysis/>"
    )
    (folder / ".DS_Store").write_bytes(b"\0\1")
    (folder / "notes.txt").write_text("nothing")
    _, [note] = read(folder)
    assert (
        note == "not read, being neither a domain nor a party of GENIUS: pareto.xml, x_analysis.xml"
    )


def test_of_more_profiles_two_are_named_and_the_first_governs(folder_with):
    ones = {f"p{n}": profile(DISCRETE, (n / 10, 1 - n / 10)) for n in (1, 2, 3)}
    folder = folder_with(domain=PLAIN, **ones)
    with pytest.raises(InputError, match=r"name two of p1.xml, p2.xml, p3.xml \(--parties A,B\)"):
        import_scenario(folder)
    scenario, _ = read(folder, parties=("p3", "p1"))
    assert [scenario.issue[1].governor[1], scenario.issue[1].coalition[1]] == [0.7, 0.9]
    for named, said in (
        (("p3", "p4"), 'no party is called "p4"'),
        (("p3",), "must name two files"),
        (("p3", "p3.xml"), "must name two files"),
        ("p3, p", 'no party is called "p"'),
    ):
        with pytest.raises(InputError, match=said):
            import_scenario(folder, parties=named)


def test_domains_that_are_alike_are_one_and_others_are_refused(folder_with):
    one = profile(DISCRETE, (0.5, 0.5))
    assert read(folder_with(a_domain=PLAIN, b_domain=PLAIN, p1=one, p2=one))[0].issue[0].labels
    other = PLAIN.replace("many", "very many")
    with pytest.raises(InputError, match="holds 2 domains that differ: a_domain.xml, b_domain.xml"):
        import_scenario(folder_with(a_domain=PLAIN, b_domain=other, p1=one, p2=one))


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "UTF-8", "UTF-16", "utf-16-le"])
def test_a_declared_encoding_is_honoured(folder_with, encoding):
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    files = {
        "domain": domain((1, "discrete", "Löhne", ">" + items(("für", "no")))),
        "p1": profile([(1, "discrete", "Löhne", ">" + items(("für", "no"), (1, 0.5)))], [1.0]),
    }
    written = {name: (declared + text).encode(encoding) for name, text in files.items()}
    scenario, _ = read(folder_with(**written, p2=files["p1"]))
    assert (scenario.issue[0].title, scenario.issue[0].labels) == ("Löhne", ["für", "no"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '<?xml version="1.0" encoding="nonsense"?><utility_space/>',
            "nonsense, which is not known",
        ),
        ("<utility_space>\xf6</utility_space>".encode("latin-1"), "is not a text file in UTF-8"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><utility_space/>".encode("utf-16"), "document type"),
    ],
)
def test_what_cannot_be_read_is_told(folder_with, content, said):
    one = profile(DISCRETE, (0.5, 0.5))
    with pytest.raises(InputError, match=said):
        import_scenario(folder_with(domain=PLAIN, p1=one, p2=content))


def test_a_lone_ampersand_and_a_late_declaration_are_read_as_genius_does(folder_with):
    files = {
        "domain": domain((1, "discrete", "drinks", ">" + items(("tea & coffee", "a &amp; b")))),
        "p1": "\n<!-- one -->"
        + '<?xml version="1.0" encoding="utf-8"?>'
        + profile(
            [(1, "discrete", "drinks", ">" + items(("tea & coffee", "a &amp; b"), (1, 0.5)))], [1.0]
        ),
    }
    scenario, _ = read(folder_with(**files, p2=files["p1"]))
    assert scenario.issue[0].labels == ["tea & coffee", "a & b"]


def test_levels_are_at_least_two():
    for wrong in (1, 2.5):
        with pytest.raises(InputError, match="levels = .*: must be a whole number from 2"):
            import_scenario(Path(), levels=wrong)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("4", "1", "the range 4 to 1 is empty"),
        ("0.5", "3", "the range 0.5 to 3 must be of whole numbers"),
        ("-1e308", "1e308", "must be a finite number"),
    ],
)
def test_a_range_is_whole_finite_and_not_empty(folder_with, low, high, said):
    ends = f'lowerbound="{low}" upperbound="{high}"'
    one = profile([(1, "integer", "weeks", f"{ends}>")], [1.0])
    with pytest.raises(InputError, match=said):
        import_scenario(
            folder_with(domain=domain((1, "integer", "weeks", f"{ends}>")), p1=one, p2=one)
        )
