"""What students write for the right numbers of the lessons is right: rounded, as a fraction, in percent."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from fractions import Fraction
from functools import cache
from numbers import Real

import numpy as np
import pandas as pd
import pytest

from sim.teaching import lessons
from sim.teaching.answers import agrees, is_many, same
from sim.teaching.lessons.checks import SHARE, Check, Hint, WrongAnswer


def worked_out(check):
    """A check whose answer and mistakes are worked out once."""
    done = copy(check)
    done.answer = cache(check.answer)
    done.hints = [replace(hint, mistake=cache(hint.mistake)) for hint in check.hints]
    return done


CHECKS = {
    f"{found.name}.{name}": worked_out(check)
    for found in pkgutil.iter_modules(lessons.__path__)
    if found.name.startswith("lesson_")
    for name, check in vars(importlib.import_module(f"{lessons.__name__}.{found.name}")).items()
    if isinstance(check, Check)
}
DIGITS = (2, 3, 4)


def is_number(answer):
    return isinstance(answer, Real) and not isinstance(answer, bool)


def written(number):
    """A number as students write it: to so many digits, with a comma, as a fraction, in percent."""
    for digits in DIGITS:
        rounded = f"{number:.{digits}g}"
        plain = f"{float(rounded):f}".rstrip("0").rstrip(".")
        yield from (float(rounded), plain, f" {plain} ", plain.replace(".", ","))
        in_percent = f"{float(f'{100 * number:.{digits}g}'):f}".rstrip("0").rstrip(".")
        yield from (f"{in_percent} %", f"{in_percent}%".replace(".", ","))
    fraction = Fraction(float(number)).limit_denominator(10_000)
    yield from (fraction, f"{fraction.numerator}/{fraction.denominator}")


def written_alike(answer):
    """An answer with all its numbers written in each of these ways; nothing if it has none."""
    if is_number(answer):
        yield from written(answer)
    elif isinstance(answer, Mapping):
        ways = [list(written_alike(each)) for each in answer.values()]
        for together in zip(*ways, strict=True) if all(ways) else ():
            yield dict(zip(answer, together, strict=True))
    elif is_many(answer):
        ways = [list(written_alike(each)) for each in answer]
        for together in zip(*ways, strict=True) if ways and all(ways) else ():
            yield from (list(together), tuple(together))


def marked(check, answer):
    """What a check says of an answer."""
    try:
        check.of(answer)
    except WrongAnswer as wrong:
        return str(wrong)
    return "Right."


@pytest.mark.parametrize("name", CHECKS)
def test_a_right_answer_is_right_however_it_is_rounded_and_written(name):
    check = CHECKS[name]
    for answer in written_alike(check.answer()):
        assert marked(check, answer) == "Right.", answer


@pytest.mark.parametrize("name", CHECKS)
def test_a_known_mistake_keeps_its_hint_however_it_is_rounded_and_written(name):
    check = CHECKS[name]
    for hint in check.hints:
        for answer in written_alike(hint.mistake()):
            if check.fits is None and right(check, answer):
                continue  # as 0.13 is, for 0.1349 and for 0.1315
            assert marked(check, answer) == hint.words, answer


def right(check, answer):
    return same(answer, check.answer(), lambda typed, value: agrees(typed, value, check.tolerance))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lesson_4.patience", 0.71),
        ("lesson_4.power", 0.67),
        ("lesson_3.curve", 0.58),
        ("lesson_4.outside", 0.47),
        ("lesson_6.strict_share", 0.11),
        ("lesson_6.bumping_for_half", 0.13),
        ("lesson_3.asked", "$22,222"),
        ("lesson_7.your_bylaws", {"unions_required": "12", "weight_required": "60 %"}),
        ("lesson_7.your_bylaws", {"unions_required": 12.0, "weight_required": "3/5"}),
        ("lesson_2.better", {"wages": "2", "health": "0", "job_security": "1", "tax_share": "1,0"}),
    ],
)
def test_answers_that_students_gave_are_right(name, answer):
    assert marked(CHECKS[name], answer) == "Right."


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("lesson_4.patience", 0.7, "0.7 is too small."),
        ("lesson_4.patience", "0,73", "0,73 is too large."),
        ("lesson_4.patience", "two thirds", "The answer is a number, and 'two thirds' is none."),
        ("lesson_4.patience", True, "The answer is a number, and True is none."),
        ("lesson_1.zopa", "47 %", "47 % is a percentage, and the answer is none."),
        (
            "lesson_7.your_bylaws",
            {"unions_required": "most", "weight_required": 0.6},
            "unions_required: The answer is a number, and 'most' is none.",
        ),
        ("lesson_7.your_bylaws", {"unions_required": 12.5, "weight_required": 0.6}, "Not so."),
        (
            "lesson_2.better",
            {"wages": 9, "health": 0, "job_security": 1, "tax_share": 1},
            "mini-CT has no such package",
        ),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    assert said in marked(CHECKS[name], answer)


@pytest.mark.parametrize("name", CHECKS)
def test_a_percentage_without_its_sign_is_told_and_the_question_says_the_form(name):
    check, answer = CHECKS[name], CHECKS[name].answer()
    if is_number(answer) and 0 < answer < 1:
        assert check.question.endswith(SHARE)
        percent = f"{100 * answer:.4g}"
        told = (
            f'{percent} is above 1. If it is a percentage, write it with its sign: "{percent} %".'
        )
        assert marked(check, float(percent)).startswith(told)
    if isinstance(answer, Mapping):
        for key, share in answer.items():
            if 0 < share < 1:
                assert "percentage with its sign" in check.question
                assert "with its sign" in marked(check, answer | {key: 100 * share})


@pytest.mark.parametrize("blank", ["", " ", "...", None, [...], {"wages": ...}])
def test_what_is_left_blank_is_not_answered_yet(capsys, blank):
    Check("Which?", lambda: 2, "Because.").of(blank)
    assert capsys.readouterr().out == "no answer yet: Which?\n"


def test_of_two_mistakes_the_nearer_gives_the_hint():
    hints = Hint(lambda: 0.3012, "The first."), Hint(lambda: 0.3021, "The second.")
    check = Check("Which?", lambda: 0.5, "Because.", *hints)
    assert marked(check, 0.3012) == "The first."
    assert marked(check, "0.3021") == "The second."


def test_numbers_in_lists_are_read_and_rounded_too():
    check = Check("Which two?", lambda: {1 / 3, 12}, "Because.")
    assert marked(check, ["0,33", "12"]) == "Right."
    assert marked(check, ("33 %", 12.0)) == "Right."
    assert "1 of yours do not belong, and 1 are missing" in marked(check, [0.3, 12])
    assert re.search("2 of yours", marked(check, ["0.3", "many"]))


ODD = [
    *(
        0,
        -1,
        1e300,
        10**400,
        float("nan"),
        float("inf"),
        True,
        1j,
        object(),
        len,
        b"1",
        np.zeros(3),
    ),
    *(
        "two",
        "0/0",
        "\x00",
        "9" * 5000,
        "%",
        "[1, 2]",
        [],
        [[]],
        [["nash"]],
        [{}],
        {},
        set(),
        (1, 2),
    ),
    *([1, "nash"], {"wages": 1}, {1: 2}, pd.Series([1.0]), pd.DataFrame(), ("up", "down"), ["up"]),
]


@pytest.mark.parametrize("name", CHECKS)
def test_whatever_is_answered_is_marked_without_a_traceback(name):
    check = CHECKS[name]
    answer = check.answer()
    inside = (
        [answer | dict.fromkeys(answer, odd) for odd in ODD] if isinstance(answer, dict) else []
    )
    for odd in [*ODD, *inside]:
        assert marked(check, odd)
