"""An axis of length 1 means "the same in every world", and is never mistaken for one world."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays.axes import (
    count_at_most,
    count_below,
    distinct,
    first_of_each,
    pieces,
    rows,
    stretch,
    take,
    wide,
)

WORLDS, ENTRIES = 7, 11
INTEGERS = st.integers(0, 5)  # few enough that entries and limits often tie


def test_arrays_are_stretched_along_their_last_axis():
    by_world, by_package = np.zeros(7), np.zeros((7, 3))
    assert stretch(by_world).shape == (7, 1)
    assert stretch(by_world).shape == (7, 1)
    assert stretch(by_package).shape == (7, 3, 1)
    assert wide(by_world).shape == (7, 1, 1)


def test_the_rows_of_chosen_worlds_are_taken_unless_all_share_one():
    chosen = np.array([5, 0, 5])
    assert take(np.arange(7), chosen).tolist() == [5, 0, 5]
    assert take(np.array([3.5]), chosen).tolist() == [3.5]
    assert rows(np.zeros((7, 11)), chosen).tolist() == [5, 0, 5]
    assert rows(np.zeros((1, 11)), chosen).tolist() == [0, 0, 0]


def test_entries_equal_to_the_limit_are_at_most_it_but_not_below_it():
    ascending = np.array([[1.0, 2.0, 2.0, 3.0]])
    world, limits = np.zeros(5, dtype=int), np.array([0.5, 1.0, 2.0, 2.5, 9.0])
    assert count_at_most(ascending, world, limits).tolist() == [0, 1, 3, 3, 4]
    assert count_below(ascending, world, limits).tolist() == [0, 0, 1, 3, 4]


@pytest.mark.parametrize("shared_limit", [True, False])
@pytest.mark.parametrize("shared_row", [True, False])
@pytest.mark.parametrize("shared_table", [True, False])
@given(data=st.data())
def test_counting_in_sorted_rows_is_counting(shared_table, shared_row, shared_limit, data):
    def integers(shape):
        flat = data.draw(
            st.lists(INTEGERS, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
        )
        return np.array(flat, dtype=float).reshape(shape)

    table = np.sort(integers((1 if shared_table else WORLDS, ENTRIES)))
    row = np.zeros(1, dtype=int) if shared_row else np.array([6, 0, 3, 3, 5, 1, 2]) % len(table)
    limit = integers((1, 1 if shared_limit else WORLDS))[0]
    worlds = max(len(row), len(limit))
    full = np.broadcast_to(table[row], (worlds, ENTRIES))
    limits = np.broadcast_to(limit, worlds)[:, None]
    at_most, below = count_at_most(table, row, limit), count_below(table, row, limit)
    assert at_most.tolist() == (full <= limits).sum(-1).tolist()
    assert below.tolist() == (full < limits).sum(-1).tolist()


COLUMNS = st.lists(
    st.tuples(st.integers(-3, 5), st.integers(0, 2), st.integers(7, 11)), min_size=1, max_size=23
)


def check_distinct(given_rows, columns):
    found, which = distinct(*columns)
    unique = np.stack(found, axis=-1)
    assert unique.tolist() == [list(row) for row in sorted(set(given_rows))]
    assert unique[which].tolist() == [list(row) for row in given_rows]


@given(COLUMNS)
def test_distinct_rows_are_listed_in_ascending_order_and_found_again(given_rows):
    check_distinct(given_rows, np.array(given_rows).T)


@given(COLUMNS)
def test_rows_that_lie_far_apart_are_told_apart_too(given_rows):
    # The values of one column spread over more than are marked in a table.
    far_apart = [(a, b * 2**40, c) for a, b, c in given_rows]
    check_distinct(far_apart, np.array(far_apart).T)


@given(st.lists(st.integers(0, 5), max_size=23))
def test_each_kind_is_first_met_where_it_stands_first(given_kinds):
    _, kind = np.unique(np.array(given_kinds, dtype=int), return_inverse=True)
    assert first_of_each(kind).tolist() == [
        kind.tolist().index(each) for each in sorted(set(kind.tolist()))
    ]


@pytest.mark.parametrize(("length", "at_once"), [(0, 3), (7, 3), (6, 3), (5, 0), (5, 100)])
def test_the_pieces_of_an_axis_hold_each_entry_once_and_no_more_than_asked(length, at_once):
    found = [np.arange(length)[piece] for piece in pieces(length, at_once)]
    assert [entry for piece in found for entry in piece] == list(range(length))
    assert all(0 < len(piece) <= max(1, at_once) for piece in found)
