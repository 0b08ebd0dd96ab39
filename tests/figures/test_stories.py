"""Figures of single worlds and of scenarios: the dance, the ballots, the package, the win-set."""

import numpy as np
import pandas as pd
import pytest

from sim.arrays.axes import TIE
from sim.inputs.problems import InputError
from sim.play.outcome import negotiate
from sim.show.figures.dance import dance
from sim.show.figures.ratification import ratification
from sim.show.figures.win_set import win_set
from sim.theory.voting import pivot
from sim.worlds.solution import Game, solve


@pytest.fixture(scope="module")
def played():
    return negotiate("sebac-2011", 7, seed=5)


def line(axes, label):
    [found] = [line for line in axes.lines if str(line.get_label()).startswith(label)]
    return found


def test_the_dance_has_every_package_and_every_offer_in_the_utilities_of_its_world(
    played, assert_legible
):
    drawing = dance(played, 3)
    [axes] = drawing.axes
    game = played.game(3)
    points = axes.collections[0].get_offsets()
    assert len(points) == len(game.packages) == 2000
    np.testing.assert_array_equal(points[:, 1], game.packages["coalition"])
    offers = played.offers().query("world == 3")
    for side in ("governor", "coalition"):
        mine, drawn = offers[offers["proposer"] == side], line(axes, f"offers of the {side}")
        np.testing.assert_array_equal(drawn.get_xdata(), mine["utility_governor"])
        np.testing.assert_array_equal(drawn.get_ydata(), mine["utility_coalition"])
    assert line(axes, "Nash").get_xdata()[0] == game.nash.utilities[0]
    assert line(axes, "Kalai").get_ydata()[0] == game.kalai_smorodinsky.utilities[1]
    assert line(axes, "agreement").get_xdata()[0] == offers["utility_governor"].iloc[-1]
    assert_legible(drawing)


def test_worlds_differ_in_what_packages_are_worth_to_leaders(played):
    one, other = (played.game(world).packages for world in (0, 1))
    assert (one["governor"] == other["governor"]).all()
    assert (one["coalition"] != other["coalition"]).any()
    offers = played.offers().query("world == 1")
    worths = set(other["coalition"])
    assert set(offers["utility_coalition"]) <= worths
    with pytest.raises(ValueError, match="world = 7: must be one of the outcome's, 0 to 6"):
        played.game(7)


def test_an_impasse_has_no_agreement_in_the_dance(assert_legible):
    drawing = dance(negotiate("split-the-pie", set={"calendar.rounds": 1}))
    labels = [str(line.get_label()) for line in drawing.axes[0].lines]
    assert "agreement" not in labels
    assert "none was accepted" in drawing.get_label()
    assert_legible(drawing)


def test_without_a_zopa_no_solution_is_drawn():
    agenda = solve("mini-ct").agenda
    nothing = Game(agenda, np.full(36, -1.0), np.full(36, -1.0))
    assert nothing.nash is None
    assert nothing.zopa.empty


def test_what_a_side_aspires_to_is_what_it_offers_at_the_least(played):
    asked, offers = played.aspirations(), played.offers()
    frame = played.frame()
    assert len(asked) == len(offers) + frame["agreed"].sum()
    own = np.where(
        asked["proposer"] == "governor", asked["utility_governor"], asked["utility_coalition"]
    )
    best = pd.Series(own).groupby([asked["world"], asked["proposer"]]).transform("max")
    assert (own >= np.minimum(asked["aspiration"], best) - TIE).all()
    assert (own > asked["aspiration"] - TIE).mean() > 0.5
    keys = ["world", "round", "proposer"]
    both = offers.merge(asked, on=keys, suffixes=("", "_asked"))
    assert (both["savings"] == both["savings_asked"]).all()
    assert len(both) == len(offers)


def test_aspirations_under_a_leak_are_those_that_made_the_offers():
    leaky = {"information.rule": "leaky", "information.audience_cost_governor": 0.5}
    leaky |= {"information.audience_cost_coalition": 0.5, "information.leak_hazard": 0.05}
    outcome = negotiate("sebac-2011", 31, seed=5, set=leaky)
    both = outcome.offers().merge(outcome.aspirations(), on=["world", "round", "proposer"])
    assert (both["savings_x"] == both["savings_y"]).all()
    model = outcome._models[0]
    assert set(model.secrecy.tolist()) == {0.25, 1.0}


def test_each_union_stands_at_its_size_and_share_on_both_ballots(played, assert_legible, words):
    world = int(played.frame().query("status == 'ratified_second'").index[0])
    drawing = ratification(played, world)
    [axes] = drawing.axes
    ballots = played.ballots().query("world == @world").sort_values("members", kind="stable")
    for number, label in ((1, "first ballot"), (2, "second ballot")):
        held, drawn = ballots[ballots["ballot"] == number], line(axes, label)
        assert sorted(drawn.get_xdata()) == sorted(held["members"])
        assert sorted(drawn.get_ydata()) == pytest.approx(sorted(held["yes_share"]))
    assert {text.get_text() for text in axes.texts} == set(ballots["union"])
    told = words(drawing)
    assert "needs 14 and 80 %, unions counted whole; it failed" in told
    assert "needs 8 and 50 %, votes pooled; it passed" in told
    assert f"world {world}" in told
    assert_legible(drawing)


def test_the_pivotal_union_is_ringed_and_named(played):
    drawing = ratification(played, 0)
    first = played.ballots().query("world == 0 and ballot == 1")
    sizes, shares = first["members"].to_numpy(), first["yes_share"].to_numpy()
    place = pivot(shares, sizes, 14, 0.8)
    ring = line(drawing.axes[0], "pivotal union")
    assert ring.get_xdata().tolist() == [sizes[place]]
    assert ring.get_ydata() == pytest.approx([shares[place]])
    assert first["union"].iloc[place] in drawing.get_label()


def test_over_many_worlds_shares_are_means(played, words):
    drawing = ratification(played)
    first = played.ballots().query("ballot == 1")
    means = first.groupby("union")["yes_share"].mean()
    assert sorted(line(drawing.axes[0], "first ballot").get_ydata()) == pytest.approx(sorted(means))
    assert "mean over 7 worlds" in words(drawing)


def test_without_a_ballot_there_is_nothing_to_draw():
    with pytest.raises(ValueError, match="put to a ballot"):
        ratification(negotiate("mini-ct"))


@pytest.mark.slow
def test_the_win_set_shrinks_as_either_quota_rises(assert_legible, words):
    solution = solve("sebac-2011")
    drawing = win_set(solution, ("June 2011", "August 2011"))
    share_by_weight, share_by_unions, best_by_weight, best_by_unions = drawing.axes
    for axes in (share_by_weight, share_by_unions, best_by_weight, best_by_unions):
        curves = [line for line in axes.lines if line.get_marker() == "None"]
        assert len(curves) == 2
        for curve in curves:
            steps = np.diff(curve.get_ydata())
            assert (steps[np.isfinite(steps)] <= 1e-12).all()
    marks = [line for line in share_by_weight.lines if line.get_marker() != "None"]
    assert [mark.get_xdata()[0] for mark in marks] == [0.8, 0.5]
    assert marks[0].get_ydata()[0] == pytest.approx((solution.ratification >= 0.5).mean(), abs=0.02)
    assert "14 unions, 80 %, unions counted whole" in words(drawing)
    assert_legible(drawing)


def test_without_a_ballot_there_is_no_win_set():
    with pytest.raises(InputError, match="mini-ct: has no ballot"):
        win_set(solve("mini-ct"))
