"""What approval and the alliance add to the two sides' tables, in worlds that differ."""

import numpy as np
import pytest

from sim.cases.loading import with_values
from sim.worlds.batch import make_batch
from sim.worlds.settings import Settings

APPROVAL = {
    "public.on": True,
    "public.deal_bonus": 0.05,
    "public.tax_cost": 0.4,
    "public.layoff_cost": 0.8,
}
ALLIANCE = {
    "alliance.on": True,
    "alliance.loss_by_layoffs": 2.0,
    "alliance.loss_by_ask": 0.5,
    "alliance.worth_to_leaders": 0.03,
}
WEIGHTS = (0.5, 1.0, 2.0)


def politics(cases):
    return make_batch(Settings(cases), np.arange(len(cases)), seed=3).politics


@pytest.fixture
def cases(sebac):
    return [
        with_values(
            sebac,
            APPROVAL | ALLIANCE | {"public.weight": w, "alliance.worth_to_governor": 0.2 * w},
        )
        for w in WEIGHTS
    ]


@pytest.fixture
def table(sebac):
    packages = len(politics([sebac]).agenda)
    return np.linspace(-0.4, 1.0, packages) * np.array([[0.2], [0.5], [0.9]])


def test_without_either_the_tables_are_what_they_were(sebac, table):
    plain = politics([sebac])
    assert plain.added_for_governor(table) is table
    assert plain.added_for_leaders(table, np.arange(3)) is table


def test_the_governors_best_package_keeps_its_worth_in_each_world_and_others_change(cases, table):
    found = politics(cases).added_for_governor(table)
    assert found.max(-1) == pytest.approx(table.max(-1))
    assert np.abs(found - table).max(-1).min() > 0.01
    for w, case in enumerate(cases):
        here = slice(w, w + 1)
        assert found[w].tolist() == politics([case]).added_for_governor(table[here])[0].tolist()


def test_where_no_package_is_good_for_the_governor_nothing_is_scaled(cases, table):
    one = politics(cases[:1])
    bad = table[:1] - 9
    twice = one.added_for_governor(bad - 1)
    assert one.added_for_governor(bad) == pytest.approx(twice + 1)


def test_the_alliance_enters_the_leaders_table_as_it_is_in_each_world(cases, table):
    together = politics(cases)
    chosen = np.array([2, 0])
    found = together.added_for_leaders(table[chosen], chosen)
    for row, w in enumerate(chosen):
        alone = politics([cases[w]]).added_for_leaders(table[w : w + 1], np.array([0]))
        assert found[row].tolist() == alone[0].tolist()
    assert np.abs(found - table[chosen]).max() > 0.001
