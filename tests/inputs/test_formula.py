"""A formula does sums and nothing else, and says in a sentence what is wrong with it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.formula import DEEPEST, LONGEST, Formula, worked_out

KNOWN = {"w": np.array([1.0, 2.0, 3.0]), "jobs": np.array([4.0, 9.0, 16.0]), "a": np.array(0.5)}
NUMBERS = st.floats(-50, 50).map(lambda x: round(x, 3))


def value(text, **lets):
    return worked_out(text, lets, KNOWN).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w * jobs", [4, 18, 48]),
        ("2 + 3 * w ** 2", [5, 14, 29]),
        ("-w ** 2", [-1, -4, -9]),
        ("(jobs - w) / 2", [1.5, 3.5, 6.5]),
        ("jobs ** a", [2, 3, 4]),
        ("sqrt(jobs) - abs(-w)", [1, 1, 1]),
        ("min(w, 2, jobs) + max(w, 2)", [3, 4, 5]),
        ("log(exp(w))", [1, 2, 3]),
        (" 1e1 ", 10),
        ("+w - -w", [2, 4, 6]),
    ],
)
def test_what_a_formula_comes_to(text, expected):
    assert value(text) == pytest.approx(expected)


def test_a_part_that_is_named_stands_for_itself():
    assert value("2 * gain", gain="profit - w", profit="3 * w") == [4, 8, 12]
    with pytest.raises(ValueError, match="is in terms of itself: one of one"):
        value("one", one="1 + one")


def test_a_name_may_be_a_word_of_a_programming_language():
    raised = {"raise": np.array([1.0, 2.0]), "in": np.array(10.0)}
    assert worked_out("in - raise", {}, raised).tolist() == [9, 8]
    assert Formula.read("in - raise * w").names == ["in", "raise", "w"]


def test_what_does_not_exist_is_not_finite_and_raises_nothing():
    for text in ("1 / (w - 2)", "log(w - 2)", "sqrt(w - 2)", "w ** 1e9 * 0", "(w - 2) ** -1"):
        assert not np.isfinite(value(text)).all(), text


@given(NUMBERS, NUMBERS, NUMBERS)
def test_it_is_the_sum_that_python_makes_of_it(x, y, z):
    known = {name: np.array(number) for name, number in zip("xyz", (x, y, z), strict=True)}
    text = "x * y - z / (abs(x) + 1) + max(y, z) ** 2"
    expected = x * y - z / (abs(x) + 1) + max(y, z) ** 2
    assert float(worked_out(text, {}, known)) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not a formula"),
        ("w *", "is not a formula"),
        ("w if jobs else 2", "is not a formula"),
        ("w\njobs", "is not a formula"),
        ("w = 2", "is not a formula"),
        ("w\0", "is not a formula"),
        ("w ^ 2", '"w ^ 2": a power is written **'),
        ("w // 2", '"w // 2" is not allowed'),
        ("w % 2", '"w % 2" is not allowed'),
        ("w > 2", '"w > 2" is not allowed'),
        ("~w", '"~w" is not allowed'),
        ("w.real", '"w.real" is not allowed'),
        ("w[0]", '"w[0]" is not allowed'),
        ("[w]", '"[w]" is not allowed'),
        ("(w, w)", '"(w, w)" is not allowed'),
        ("(w := 2)", '"w := 2" is not allowed'),
        ("f'{w}'", "is not allowed"),
        ("'w'", "\"'w'\" is not allowed"),
        ("2j", '"2j" is not allowed'),
        ("1e400", '"1e400" is too large a number'),
        ("9" * 400, "is too large a number"),
        ("sin(w)", 'no function is called "sin" (did you mean "min"?)'),
        ("__import__('os')", 'no function is called "__import__"'),
        ("w(2)", 'no function is called "w"'),
        ("(max)(w, 2)(3)", "is not allowed"),
        ("sqrt(w, 2)", "sqrt is of one number, and 2 are given"),
        ("max(w)", "max is of two numbers or more, and 1 is given"),
        ("max(*w)", "max is of two numbers or more"),
        ("max(w, *w)", '"*w" is not allowed'),
        ("exp(x=w)", '"exp(x=w)" is not allowed'),
        ("w " * LONGEST, "letters; a formula has 1,000 at the most"),
        ("(" * 300 + "w" + ")" * 300, "is not a formula"),
        ("-" * (DEEPEST + 1) + "w", "has more than 100 steps within each other"),
        ("+".join("w" * (DEEPEST + 2)), "has more than 100 steps within each other"),
    ],
)
def test_what_is_no_sum_is_refused_in_a_sentence(text, problem):
    with pytest.raises(ValueError) as refused:
        Formula.read(text)
    assert problem in str(refused.value)


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused(text):
    try:
        formula = Formula.read(text)
    except ValueError:
        return
    assert formula.value({name: np.ones(2) for name in formula.names}).dtype == float
