"""Connecticut 2011: an easy agreement, a failed first ballot, and a second one that passes.

The parameters were chosen on this record, so these tests say that the model still shows the mechanism
of 2011, not that it predicts anything.
"""

import numpy as np
import pytest

from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play
from sim.preferences.agenda import Agenda
from sim.preferences.bylaws import Bylaws, count

WORLDS = 2000
NO_REPAIR = {"ratification.amendment_allowed": False}


@pytest.fixture(scope="module")
def outcome():
    return negotiate("sebac-2011", WORLDS, seed=2011)


@pytest.fixture(scope="module")
def frame(outcome):
    return outcome.frame()


@pytest.fixture(scope="module")
def ballots(outcome):
    return outcome.ballots()


def test_every_world_reaches_an_agreement_late_in_the_talks(frame):
    assert frame["agreed"].all()
    assert frame["round"].min() >= 9


def test_the_agreement_is_worth_about_1_6_billion(frame):
    assert 1500 <= frame["savings"].mean() <= 1700


def test_the_agreement_gives_up_layoffs_and_raises_no_taxes(frame):
    assert (frame["job_security"] == 1).mean() > 0.95
    assert (frame["negotiated_layoffs"] == 0).all()
    assert frame["tax_share"].mean() < 0.01


def test_a_majority_of_members_and_most_unions_say_yes_the_first_time(frame):
    assert 0.54 <= frame["yes_share_1"].mean() <= 0.62
    assert 9 <= frame["unions_yes_1"].mean() <= 12


def test_the_first_ballot_fails_all_the_same_and_the_second_passes(frame):
    assert (frame["status"] == "ratified_first").mean() < 0.10
    assert frame["ratified"].mean() > 0.90


def test_after_notices_and_outreach_three_quarters_say_yes(frame):
    assert 0.69 <= frame["yes_share_2"].mean() <= 0.77
    assert frame["unions_yes_2"].mean() >= 13.5


def share_passing(sebac, ballots, number, unions, weight, weighting):
    """Count one of the two ballots again under other bylaws."""
    held = ballots[ballots["ballot"] == number]
    yes = held.pivot(index="world", columns="union", values="yes_share")
    yes = yes[[union.name for union in sebac.union]].to_numpy()
    sizes = np.array([union.members for union in sebac.union], dtype=float)
    rule = Bylaws(np.array([unions]), np.array([weight]), np.array([weighting]))
    return count(np.arange(len(yes)), yes, sizes / sizes.sum(), rule).ratified.mean()


def test_the_new_bylaws_would_have_passed_the_first_ballot(sebac, ballots):
    assert share_passing(sebac, ballots, 1, 8, 0.50, "pooled") > 0.8
    assert share_passing(sebac, ballots, 1, 14, 0.80, "unit") < 0.1


def test_the_old_bylaws_would_have_passed_the_second_ballot_read_as_unit_votes_only(sebac, ballots):
    assert share_passing(sebac, ballots, 2, 14, 0.80, "unit") > 0.8
    assert share_passing(sebac, ballots, 2, 14, 0.80, "pooled") < 0.1


def test_the_ballots_name_the_bylaws_in_force(ballots):
    first, second = (ballots[ballots["ballot"] == number] for number in (1, 2))
    rules = ["unions_required", "weight_required", "weighting"]
    assert first[rules].drop_duplicates().to_numpy().tolist() == [[14, 0.8, "unit"]]
    amended = second.groupby("world")["carried"].sum() >= 10
    assert amended.mean() > 0.99
    new = second[second["world"].map(amended)]
    assert new[rules].drop_duplicates().to_numpy().tolist() == [[8, 0.5, "pooled"]]


def test_the_count_of_the_outcome_is_that_of_its_ballots(sebac, frame, ballots):
    weights = ballots["members"] / sebac.coalition.members
    for number in (1, 2):
        held = ballots[ballots["ballot"] == number]
        by_world = (held["yes_share"] * weights).groupby(held["world"]).sum()
        assert by_world.to_numpy() == pytest.approx(
            frame[f"yes_share_{number}"].dropna().to_numpy(), abs=1e-12
        )
        carried = held.groupby("world")["carried"].sum()
        assert (carried == frame[f"unions_yes_{number}"].dropna()).all()


def test_the_agreement_is_the_last_offer_made_and_its_proposer_the_side_that_made_it(
    outcome, frame
):
    offers = outcome.offers()
    last = offers.groupby("world").last()
    assert (last["round"] + 1 == frame["round"]).all()
    assert (last["proposer"].to_numpy() == frame["proposer"].to_numpy()).all()
    terms = ["wages", "health", "pensions", "tax_share", "negotiated_layoffs", "job_security"]
    assert (last[terms] == frame[terms]).all(axis=None)
    assert last["utility_governor"].to_numpy() == pytest.approx(frame["utility_governor"])
    assert last["utility_coalition"].to_numpy() == pytest.approx(frame["utility_coalition"])


def test_the_sides_take_turns(outcome):
    offers = outcome.offers()
    before = offers.groupby("world")["proposer"].shift()
    assert (offers["proposer"] != before).all()
    assert (offers.groupby("world")["round"].diff().dropna() == 1).all()


def test_savings_and_taxes_are_the_dollars_of_the_package(frame):
    dollars = 590 * frame["wages"] + 890 * frame["health"] + 460 * frame["pensions"]
    assert frame["savings"].to_numpy() == pytest.approx(dollars.to_numpy())
    taxed = negotiate(worlds=53, seed=2011, set={"governor.tax_pledge": 0.0}).frame()
    assert taxed["taxes"].max() > 0
    assert taxed["taxes"].to_numpy() == pytest.approx(2000 * taxed["tax_share"].to_numpy())


@pytest.mark.parametrize(
    "values", [{}, {"talks.selection": "similar"}, {"ratification.unions_required": 16}]
)
def test_efficiency_is_measured_against_all_packages_of_each_world(values):
    model = play(BargainingModel(worlds=7, set=NO_REPAIR | values, rng=2011))
    frame = Outcome([model]).frame()
    packages, worlds = np.arange(len(model.batch.agenda)), np.arange(7)
    g = np.broadcast_to(model.governor.valuation.all_packages(packages, worlds), (7, len(packages)))
    u = np.broadcast_to(model.coalition.valuation.all_packages(packages, worlds), g.shape)
    for w in range(7):
        best = (np.maximum(g[w], 0) * np.maximum(u[w], 0)).max()
        efficient = [
            i
            for i in packages
            if not (
                (g[w] >= g[w, i]) & (u[w] >= u[w, i]) & ((g[w] > g[w, i]) | (u[w] > u[w, i]))
            ).any()
        ]
        here = frame.loc[w, ["utility_governor", "utility_coalition"]].to_numpy(dtype=float)
        assert frame.loc[w, "nash_ratio"] == pytest.approx(here.prod() / best, abs=1e-9)
        nearest = np.hypot(g[w, efficient] - here[0], u[w, efficient] - here[1]).min()
        assert frame.loc[w, "pareto_distance"] == pytest.approx(nearest, abs=1e-9)


def test_unions_differ_from_each_other(ballots):
    first = ballots[ballots["ballot"] == 1]
    spread = first.groupby("world")["yes_share"].std()
    assert spread.min() > 0.03
    assert (first.groupby("union")["yes_share"].std() > 0.05).all()
    correlation = first.pivot(index="world", columns="union", values="yes_share").corr()
    assert (correlation.to_numpy()[~np.eye(15, dtype=bool)] < 0.5).all()


def test_two_unions_that_differ_only_in_exposure_vote_differently_on_one_package(
    sebac, edited, put_to_members
):
    exposed = edited(
        sebac,
        {
            ("unions", "militancy_sd"): 0.0,
            ("ratification", "unions_required"): 16,  # so that there is a second ballot
            ("union", 2, "layoff_exposure"): 2.0,
            ("union", 3, "layoff_exposure"): 0.0,
        },
    )
    package = Agenda.of(sebac).find(wages=1.0, health=0.75, pensions=0.75, job_security=1.0)
    ballots = put_to_members(exposed, [package]).ballots()
    for number in (1, 2):
        held = ballots[ballots["ballot"] == number].set_index("union")["yes_share"]
        average, more, less = (held[sebac.union[j].name] for j in (0, 2, 3))
        assert less < average < more
        assert held[sebac.union[1].name] == average


def test_whoever_commits_by_rejecting_accepts_no_less_than_the_best_it_rejected():
    chosen = {"talks.rejection_commits": True, "talks.selection": "random"}
    outcome = negotiate("sebac-2011", 31, seed=7, set=chosen)
    for world, offers in outcome.offers().groupby("world"):
        last = offers.iloc[-1]
        to_other = {"governor": "utility_coalition", "coalition": "utility_governor"}
        worth = offers.loc[offers["proposer"] == last["proposer"], to_other[last["proposer"]]]
        if outcome.frame()["agreed"][world]:
            assert worth.iloc[-1] >= worth.max() - 1e-9
    assert outcome.frame()["agreed"].any()
