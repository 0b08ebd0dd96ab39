"""Packages are every combination of levels that is allowed, in a fixed order."""

import numpy as np
import pytest

from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import additive

LEVELS = ((0.0, 0.5), (0.0, 10.0, 20.0), (3.0, 1.0, 0.0, 2.0))


def agenda(levels=LEVELS, excludes=(), similarity=None, weights=None):
    names = ("pay", "jobs", "rules")[: len(levels)]
    return Agenda(
        names=names,
        titles=names,
        units=names,
        levels=levels,
        similarity=similarity or ("squared",) * len(levels),
        similarity_weights=weights or (1.0,) * len(levels),
        excludes=excludes,
    )


def test_packages_are_enumerated_in_the_order_of_the_issues_the_last_moving_fastest():
    packages = agenda().packages
    assert packages.shape == (24, 3)
    assert packages[:5].tolist() == [[0, 0, 3], [0, 0, 1], [0, 0, 0], [0, 0, 2], [0, 10, 3]]
    assert packages[-1].tolist() == [0.5, 20, 2]
    assert agenda().positions[5].tolist() == [0, 1, 1]
    assert len(agenda()) == 24


def test_what_excludes_each_other_is_never_above_zero_in_one_package():
    allowed = agenda(excludes=(("pay", "rules"),))
    packages = allowed.packages
    assert len(allowed) == 24 - 3 * 3
    assert not ((packages[:, 0] > 0) & (packages[:, 2] > 0)).any()
    assert allowed.packages.tolist() == [
        package for package in agenda().packages.tolist() if package[0] == 0 or package[2] == 0
    ]


def test_two_exclusions_both_hold():
    allowed = agenda(excludes=(("pay", "rules"), ("jobs", "pay"))).packages.tolist()
    everything = agenda().packages.tolist()
    assert allowed == [p for p in everything if p[0] == 0 or (p[1] == 0 and p[2] == 0)]


def test_packages_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        agenda().packages[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        agenda().positions[0, 0] = 1


def test_a_package_is_found_by_its_levels_and_starts_from_the_first_level_of_each_issue():
    one = agenda()
    assert one.packages[one.find(pay=0.5, jobs=20.0, rules=0.0)].tolist() == [0.5, 20, 0]
    assert one.packages[one.find(jobs=10.0)].tolist() == [0, 10, 3]
    assert one.find() == 0


def test_a_package_that_does_not_exist_is_not_found():
    with pytest.raises(KeyError, match="no issue is called 'wages'"):
        agenda().find(wages=0.0)
    with pytest.raises(KeyError, match="no package has the levels"):
        agenda().find(pay=0.3)
    with pytest.raises(KeyError, match="no package has the levels"):
        agenda(excludes=(("pay", "rules"),)).find(pay=0.5, rules=2.0)


def test_levels_are_read_in_the_units_of_the_issue_and_an_absent_issue_is_at_zero():
    one = agenda()
    chosen = np.array([[4, 0], [23, 8]])
    assert one.levels_on("jobs", chosen).tolist() == [[10, 0], [20, 20]]
    assert one.levels_on("jobs").tolist() == one.packages[:, 1].tolist()
    assert one.levels_on("tax_share").tolist() == [0] * 24
    assert one.levels_on("tax_share", chosen).tolist() == [[0, 0], [0, 0]]
    assert one.levels_of("rules").tolist() == [3, 1, 0, 2]
    assert one.levels_of("tax_share").tolist() == [0]


def test_what_a_rule_gives_for_each_level_is_looked_up_for_packages():
    one = agenda()
    members, worlds = 11, 7
    shared = np.arange(3.0 * members).reshape(1, 3, members)
    package = np.array([[0, 4, 23]])
    assert one.by_level("jobs", shared, package).tolist() == shared[:, [0, 1, 2]].tolist()
    by_world = np.arange(7.0 * 3 * members).reshape(worlds, 3, members)
    found = one.by_level("jobs", by_world, package)
    assert found.tolist() == by_world[:, [0, 1, 2]].tolist()
    found = one.by_level("jobs", by_world[:2], package)
    assert found.tolist() == by_world[:2, [0, 1, 2]].tolist()
    each_its_own = np.array([[0], [4], [8], [12], [16], [20], [23]])
    found = one.by_level("jobs", by_world, each_its_own)
    positions = [0, 1, 2, 0, 1, 2, 2]
    assert found[:, 0].tolist() == [by_world[w, p].tolist() for w, p in enumerate(positions)]
    found = one.by_level("jobs", shared, each_its_own)
    assert found[:, 0].tolist() == [shared[0, p].tolist() for p in positions]


def test_an_absent_issue_is_looked_up_at_its_only_level():
    of_level = np.arange(7.0 * 1 * 11).reshape(7, 1, 11)
    assert agenda().by_level("tax_share", of_level, np.array([[5]])).tolist() == of_level.tolist()


def test_packages_are_of_one_kind_when_the_issues_that_count_are_at_the_same_levels():
    one = agenda(excludes=(("pay", "rules"),))
    representatives, kind = one.kinds(("pay", "rules", "tax_share"))
    assert len(representatives) == 4 + 1
    columns = one.packages[:, [0, 2]]
    assert (columns[representatives][kind] == columns).all()
    assert (kind[representatives] == np.arange(5)).all()


def test_packages_are_all_of_one_kind_when_no_issue_counts():
    representatives, kind = agenda().kinds(("tax_share",))
    assert representatives.tolist() == [0]
    assert kind.tolist() == [0] * 24


def test_difference_is_squared_or_absolute_as_the_issue_says_and_weighted():
    one = agenda(similarity=("squared", "absolute", "squared"), weights=(8.0, 0.1, 0.5))
    here, there = one.find(pay=0.5, jobs=0.0, rules=3.0), one.find(pay=0.0, jobs=20.0, rules=1.0)
    assert one.difference(here)[there] == pytest.approx(8 * 0.25 + 0.1 * 20 + 0.5 * 4)
    assert one.difference(there)[here] == one.difference(here)[there]
    assert one.difference(here)[here] == 0


def test_the_most_similar_candidates_are_all_those_that_tie():
    one = agenda(levels=((0.0, 1.0, 2.0, 2.0 + 1e-11, 2.1, 3.0),))
    assert one.most_similar(1, np.array([5, 4, 0, 3, 2])).tolist() == [0, 3, 2]
    assert one.most_similar(1, np.array([5, 4])).tolist() == [4]
    assert one.most_similar(1, np.array([0, 1, 2])).tolist() == [1]


def test_points_of_the_levels_add_up():
    points = additive(agenda(), [(0.0, 7.0), (1.0, 2.0, 4.0), (0.5, 0.0, 0.0, 0.25)])
    assert points[agenda().find(pay=0.0, jobs=0.0, rules=3.0)] == 1.5
    assert points[agenda().find(pay=0.5, jobs=20.0, rules=2.0)] == 11.25
    assert points.shape == (24,)


def test_an_agenda_is_read_from_a_scenario(sebac):
    read = Agenda.of(sebac)
    assert read.names == tuple(issue.name for issue in sebac.issue)
    assert len(read) == 5 * 5 * 5 * 4 * (3 + 1)
    secure, layoffs = read.levels_on("job_security"), read.levels_on("negotiated_layoffs")
    assert not ((secure > 0) & (layoffs > 0)).any()
    assert read.packages[-1].tolist() == [1, 1, 1, 0.15, 2500, 0]
    here, there = read.find(wages=1.0, tax_share=0.15, job_security=1.0), read.find(health=0.5)
    assert read.difference(here)[there] == pytest.approx(1 + 0.25 + 40 * 0.15**2 + 0.5)
    there = read.find(wages=1.0, tax_share=0.15, negotiated_layoffs=2500.0)
    assert read.difference(here)[there] == pytest.approx(2500 / 5000 + 0.5)
