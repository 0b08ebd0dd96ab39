"""Numbers are read however people write them, and are right to the digits that were typed."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.teaching.answers import agrees, is_blank, readings, same

SHARES = st.floats(0.001, 0.999).filter(lambda share: len(repr(share)) > 6)
NUMBERS = st.floats(1e-6, 1e9)


def right(answer, number, tolerance=None):
    return same(answer, number, lambda typed, value: agrees(typed, value, tolerance))


def values(answer):
    return [typed.value for typed in readings(answer)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (0.71, 0.71),
        ("0.71", 0.71),
        (" .71 ", 0.71),
        ("0,71", 0.71),
        ((0, 71), 0.71),  # 0,71 without quotation marks
        ("71 %", 0.71),
        ("71%", 0.71),
        ("71,4\u00a0%", 0.714),
        ("71 per cent", 0.71),
        ("5/7", 5 / 7),
        (" 5 / 7 ", 5 / 7),
        (Fraction(5, 7), 5 / 7),
        (Decimal("0.71"), 0.71),
        (np.float32(0.71), 0.71),
        (np.int64(17), 17),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("22 222", 22222),
        ("22'222", 22222),
        ("$22,222.0", 22222),
        ("\u2212883", -883),
        ("1e3", 1000),
    ],
)
def test_a_number_is_read_however_it_is_written(written, meant):
    assert values(written) == pytest.approx([meant], rel=1e-12)


@pytest.mark.parametrize("written", ["1,000", (1, "000"), "22,222"])
def test_a_text_may_be_read_in_two_ways(written):
    assert len(values(written)) == (2 if isinstance(written, str) else 0)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "two",
            "1/0",
            "1/2/3",
            "5 7",
            "nan",
            "inf",
            "0x10",
            "-",
            ".",
            "e5",
            "1,2,3",
            "9" * 5000,
        ),
        *(
            "1e999999999",
            "1/1e-999999999",
            True,
            np.bool_(True),
            None,
            ...,
            float("nan"),
            10**400,
            1j,
        ),
        *([0.71], (0.7, 1), (0, 7, 1), {"share": 0.71}),
    ],
)
def test_what_is_no_number_is_none(written):
    assert readings(written) == []


@given(st.text() | st.from_regex(r"[-+ .,'%/$eE0-9]{0,12}", fullmatch=True))
def test_whatever_is_typed_is_read_or_not(written):
    assert all(np.isfinite(values(written)))
    is_blank(written)


@pytest.mark.parametrize("blank", [..., None, "", "  ", "...", " … ", [1, ...], {"wages": ""}])
def test_what_has_not_been_answered_is_blank(blank):
    assert is_blank(blank)
    assert not any(map(is_blank, (0, "0", [], {}, "no", False)))


@given(NUMBERS, st.integers(2, 6))
def test_a_number_is_right_to_the_digits_typed(number, digits):
    rounded = f"{number:.{digits}g}"
    assert right(rounded, number, 0.0)
    assert right(float(rounded), number, 0.0)
    assert right(rounded.replace(".", ","), number, 0.0)


@given(SHARES, st.integers(0, 3))
def test_a_percentage_is_right_to_the_digits_typed(share, places):
    assume(share > 0.1)
    assert right(f"{100 * share:.{places}f} %", share, 0.0)


@given(NUMBERS, st.integers(2, 6), st.sampled_from([-1, 1]))
def test_a_number_is_wrong_by_more_than_half_of_its_last_digit(number, digits, step):
    rounded = Decimal(f"{number:.{digits - 1}e}")
    place = Decimal(1).scaleb(rounded.as_tuple().exponent)
    beyond = rounded + step * place
    assume(abs(beyond - Decimal(number)) > place * Decimal("0.501"))
    assume(len(beyond.as_tuple().digits) == digits and beyond.as_tuple().digits[-1] > 0)
    assert not right(f"{beyond:f}", number, 0.0)


@pytest.mark.parametrize("one_digit", [0.7, "0.7", "70 %", 1, "1"])
def test_one_digit_is_not_enough(one_digit):
    assert not right(one_digit, 5 / 7)


def test_zeros_that_were_typed_count_and_those_that_python_drops_do_no_harm():
    """A bare 0.70 is 0.7 to Python; in quotation marks each zero stands."""
    assert right(0.7, 0.697, 0.0)
    assert right("0.70", 0.697, 0.0)
    assert not right("0.700", 0.697, 0.0)
    assert right(22000, 22222, 0.0)
    assert not right("22000.0", 22222, 0.0)


@pytest.mark.parametrize("rounded", [0.12, 0.13, "0,12", "13 %"])
def test_a_half_may_be_rounded_either_way(rounded):
    assert right(rounded, 0.125, 0.0)


def test_a_small_number_is_not_right_because_it_is_small():
    assert not right(0.0, 0.0014)
    assert not right(0.003, 0.0014)
    assert right(0.0014, 0.00142)
