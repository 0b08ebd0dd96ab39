"""The bargaining set shows every package where it belongs, and each solution on the frontier."""

import pytest

from sim.show.figures.bargaining_set import bargaining_set
from sim.show.figures.utility_space import CALLED
from sim.worlds.solution import CONCEPTS, solve


@pytest.fixture(scope="module")
def drawn():
    solution = solve("mini-ct")
    return solution, bargaining_set(solution)


def test_every_package_is_a_point(drawn):
    solution, figure = drawn
    points = [tuple(p) for c in figure.axes[0].collections for p in c.get_offsets().tolist()]
    table = solution.packages
    assert set(points) == set(zip(table["governor"], table["coalition"], strict=True))


def test_each_solution_stands_at_its_utilities_and_is_named(drawn):
    solution, figure = drawn
    lines = {line.get_label().split(":")[0]: line for line in figure.axes[0].get_lines()}
    for concept in CONCEPTS:
        line = lines[CALLED[concept]]
        assert (line.get_xdata()[0], line.get_ydata()[0]) == getattr(solution, concept).utilities


def test_the_caption_counts(drawn):
    assert "36 packages: 17 better than no agreement" in drawn[1].get_label()


@pytest.mark.slow
def test_a_scenario_with_a_ballot_tells_what_is_ratified():
    solution = solve("sebac-2011")
    figure = bargaining_set(solution)
    ratified, not_ratified = figure.axes[0].collections[:2]
    assert len(ratified.get_offsets()) == len(solution.win_set)
    assert len(ratified.get_offsets()) + len(not_ratified.get_offsets()) == len(solution.packages)
    share = len(solution.win_set) / len(solution.packages)
    assert f"ratifies {share * 100:.0f}\u00a0%" in figure.get_label()
