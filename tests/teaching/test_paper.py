"""A kit's points are a textbook game's own, and near to a two-level game's utilities."""

import numpy as np
import pytest

from sim.cases.loading import load_scenario, with_values
from sim.preferences.agenda import Agenda
from sim.preferences.payoffs import additive
from sim.teaching.kit.paper import BEST, MOST_LEVELS, label, on_paper, points_for, printed_issues
from sim.worlds.solution import solve


@pytest.fixture(scope="module")
def sebac():
    return on_paper(load_scenario("sebac-2011"))


def test_the_points_of_a_textbook_game_are_those_of_its_file():
    scenario = load_scenario("mini-ct")
    paper = on_paper(scenario)
    for side, batna in zip(("governor", "coalition"), scenario.batna, strict=True):
        points = paper.points[side]
        assert [list(p) for p in points.of_level] == [getattr(i, side) for i in scenario.issue]
        assert points.nothing == batna
    assert paper.exact
    assert paper.solved.nash == solve(scenario).nash


def test_a_game_whose_points_do_not_add_up_is_fitted_and_says_how_nearly():
    scenario = load_scenario("firm-and-union")
    paper = on_paper(scenario)
    assert not paper.exact
    assert len(paper.numbers) == MOST_LEVELS**2
    model = paper.modelled.packages.iloc[paper.numbers]
    for side in ("governor", "coalition"):
        expected = points_for(paper.agenda, model[side].to_numpy())
        assert paper.points[side].of_level == expected.of_level
        assert 0.5 < paper.fidelity(side).rank < 1
    assert paper.game.points_add_up


def test_many_levels_are_thinned_evenly_and_keep_both_ends():
    paper = on_paper(load_scenario("split-the-pie"))
    levels = paper.game.issue[0].levels
    assert levels == pytest.approx(np.linspace(0, 1, 21))
    assert paper.game.issue[0].governor == pytest.approx(1 - np.array(levels))
    assert [issue.name for issue in paper.thinned] == ["share"]
    assert (paper.modelled.packages["share"].to_numpy()[paper.numbers] == levels).all()


def test_several_issues_have_at_most_five_levels(seven_levels):
    paper = on_paper(seven_levels)
    assert [len(issue.levels) for issue in paper.game.issue] == [MOST_LEVELS, 3, 2, 2]
    wages = paper.game.issue[0]
    assert wages.levels == [0, 2, 3, 4, 6]
    assert wages.governor == [0, 20, 30, 40, 60]
    names = paper.agenda.names
    assert (paper.modelled.packages[list(names)].iloc[paper.numbers] == paper.agenda.packages).all(
        axis=None
    )


@pytest.fixture
def seven_levels():
    scenario = load_scenario("mini-ct")
    wages = scenario.issue[0].model_copy(
        update={
            "levels": [float(n) for n in range(7)],
            "governor": [10.0 * n for n in range(7)],
            "coalition": [60.0 - 10 * n for n in range(7)],
        }
    )
    return scenario.model_copy(update={"issue": [wages, *scenario.issue[1:]]})


def test_additive_worth_is_found_again_but_for_rounding():
    agenda = Agenda.of(load_scenario("mini-ct"))
    worth = additive(agenda, [[0, 0.1, 0.3], [0.2, 0.1, 0.0], [0, 0.4], [0.1, 0]]) - 0.3
    points = points_for(agenda, worth)
    assert points.of_level == ((0, 10, 30), (20, 10, 0), (0, 40), (10, 0))
    assert points.nothing == 30
    assert points.unit == pytest.approx(0.01)
    assert points.total(agenda).max() == BEST


def test_what_cannot_be_told_from_no_agreement_has_no_points():
    agenda = Agenda.of(load_scenario("mini-ct"))
    points = points_for(agenda, np.zeros(len(agenda)))
    assert set(sum(points.of_level, ())) == {0}
    assert points.nothing == 0


def test_the_worst_level_has_no_points_and_the_best_package_about_a_hundred(sebac):
    for points in sebac.points.values():
        assert [min(levels) for levels in points.of_level] == [0] * 6
        assert abs(points.total(sebac.agenda).max() - BEST) <= 3


def test_how_well_the_points_of_sebac_stand_for_its_utilities(sebac):
    """As it is: leaders' utility is nearly a sum, the governor's is not."""
    governor, coalition = sebac.fidelity("governor"), sebac.fidelity("coalition")
    assert governor.rank == pytest.approx(0.939, abs=0.001)
    assert governor.rank_in_zopa == pytest.approx(0.943, abs=0.001)
    assert governor.worst == pytest.approx(55.5, abs=0.1)
    assert governor.worst_in_zopa == pytest.approx(17.7, abs=0.1)
    assert coalition.rank > 0.999
    assert coalition.worst < 2.5


def test_fidelity_is_the_error_of_single_packages(sebac):
    points, worth = sebac.points["governor"], sebac.modelled.packages["governor"].to_numpy()
    package = sebac.agenda.find(wages=1, health=0.75, pensions=0.75, job_security=1)
    ours = points.total(sebac.agenda)[package] - points.nothing
    assert ours == 18 + 23 + 11 + 21 + 0 + 0 - 25
    assert abs(ours - worth[package] / points.unit) <= sebac.fidelity("governor").worst


def test_nash_is_the_same_package_on_paper_and_in_the_scenario(sebac):
    assert sebac.solved.nash.package == sebac.modelled.nash.package


def test_the_game_on_paper_keeps_what_excludes_what(sebac):
    assert sebac.game.agenda.excludes == sebac.scenario.agenda.excludes
    assert len(sebac.agenda) == 2000


def test_a_change_of_the_scenario_changes_the_points():
    """With taxes at no cost the governor has nothing against them."""
    free = {"governor.tax_pledge": 0.0, "governor.cost_of_taxes": 1e-6}
    points = on_paper(with_values(load_scenario("sebac-2011"), free)).points["governor"]
    taxes = points.of_level[3]
    assert taxes[0] == min(taxes) < taxes[-1]


@pytest.mark.parametrize(
    ("level", "unit", "words"),
    [
        (1.0, "1 = granted, 0 = not", "granted"),
        (0.0, "1 = granted, 0 = not", "not granted"),
        (1.0, "1 = four years without layoffs, 0 = none", "four years without layoffs"),
        (0.75, "share of the full ask", "75\u00a0%"),
        (2500.0, "persons", "2,500"),
    ],
)
def test_levels_have_words(level, unit, words):
    assert label(level, unit) == words


def test_levels_have_dollars_where_they_save_any(sebac):
    issues = {issue.name: issue for issue in printed_issues(sebac)}
    assert issues["wages"].dollars == (0, 147.5, 295, 442.5, 590)
    assert issues["tax_share"].dollars == pytest.approx((0, 100, 200, 300))
    assert issues["negotiated_layoffs"].dollars == (0, 192, 480)
    assert issues["job_security"].dollars is None
