"""The ballot on paper: two unlike unions, what they need, and what the model says of the same packages."""

import numpy as np
import pytest
from scipy.special import ndtri

from sim.cases.loading import as_document, load_scenario, parse_scenario, with_values
from sim.preferences.bylaws import Bylaws, count
from sim.teaching.kit.contents import make_kit
from sim.teaching.kit.pages import pages
from sim.teaching.kit.paper import on_paper
from sim.teaching.kit.voters import BallotSheet, Quota, VotingUnion, unlike, voters
from sim.worlds.batch import typical_batch


@pytest.fixture(scope="module")
def paper():
    return on_paper(load_scenario("sebac-2011"))


@pytest.fixture(scope="module")
def found(paper):
    return voters(paper)


def changed(**tables):
    document = as_document(load_scenario("sebac-2011"))
    return parse_scenario(document | tables, "test")


def test_of_unions_alike_the_two_largest_are_played_the_larger_more_militant(found):
    afscme, hospital = found.played
    assert (afscme.name, hospital.name) == ("AFSCME Council 4", "1199 New England")
    assert (afscme.mood, hospital.mood) == (-18, 18)
    assert afscme.points.of_level == hospital.points.of_level
    assert afscme.needs[0] > hospital.needs[0]


def test_the_two_that_differ_most_are_played_the_less_willing_first():
    margin = np.array([[0.1, 0.0, 0.3], [0.2, 0.1, -0.5], [0.3, 0.1, 0.2]])
    assert unlike(margin, np.array([0.5, 0.3, 0.2])) == (2, 0)
    assert unlike(np.zeros((3, 3)), np.array([0.2, 0.3, 0.5])) == (2, 1)
    assert unlike(np.zeros((3, 1)), np.ones(1)) == (0,)


@pytest.mark.slow
def test_a_union_of_its_own_taste_has_points_of_its_own():
    """Members who lose nothing by a wage freeze have no points for it, and differ most from the rest."""
    unions = as_document(load_scenario("sebac-2011"))["union"]
    unions[3] |= {"wage_pain": 0.0}
    played = voters(on_paper(changed(union=unions))).played
    odd = next(one for one in played if one.name == unions[3]["name"])
    other = next(one for one in played if one is not odd)
    assert max(odd.points.of_level[0]) == 0
    assert max(other.points.of_level[0]) > 10
    assert odd.needs[0] < other.needs[0]


def test_the_share_of_yes_is_the_models_own_to_some_points(paper, found):
    """For every package, by hand from the model's ballot."""
    batch = typical_batch(paper.scenario)
    every = np.arange(len(paper.agenda))
    voting = batch.ballots.voting("first", every, every, np.ones(len(every)))
    ballot = batch.ballots.ask(voting)
    for union, mood in zip(found.played, (-0.05, 0.05), strict=True):
        mild = np.full(len(every), mood)
        model = ballot.yes_share(batch.electorate.members[0], mild)
        paper_says = union.shares(union.points.total(paper.agenda) - union.needs[0])
        assert np.abs(model - paper_says).max() == pytest.approx(union.share_error)
        assert union.share_error < 0.06
        assert union.majority_agrees > 0.985


def test_what_is_needed_splits_members_in_half_and_more_is_more(found):
    for union in found.played:
        assert union.shares([0, 10])[0] == 0.5
        assert union.shares([0, 10])[1] > 0.55
        assert union.steepness == pytest.approx(union.points.unit / 0.065)


def test_notices_a_new_threat_and_outreach_make_the_second_ballot_easier(found):
    assert all(second < first for first, second in (union.needs for union in found.played))
    assert found.sheet.chances == pytest.approx((0.5, 8 / 9))
    assert found.sheet.threats == (4742, 6500)


def test_the_sheet_lists_all_unions_and_only_those_without_a_player_roll(found):
    rows = found.sheet.unions
    assert [row.name for row in rows if not row.rolls] == ["AFSCME Council 4", "1199 New England"]
    assert sum(row.weight for row in rows) == pytest.approx(1)
    assert [row.needs for row in rows if row.rolls] == [(47, 19)] * 13
    assert found.sheet.quota.unions == 14
    assert found.sheet.amended.pooled


def test_a_die_stands_for_the_spread_of_militancy(found):
    for die in found.sheet.dice:
        assert die == tuple(-face for face in reversed(die))
        assert die == (-25, -12, -4, 4, 12, 25)
    calm = with_values(load_scenario("sebac-2011"), {"unions.militancy_sd": 0.0})
    assert voters(on_paper(calm)).sheet.dice == ((0,) * 6,) * 2


def test_a_die_counts_in_the_points_that_a_union_goes_by():
    """In the full case a point of CSU-AAUP is not one of CEUI, and a mood is the same share of pay."""
    full = load_scenario("connecticut-2011")
    whole = voters(on_paper(full))
    middles = ndtri((np.arange(6) + 0.5) / 6)
    moods = full.unions.militancy_sd * middles
    for die, union in zip(whole.sheet.dice, whole.played, strict=True):
        np.testing.assert_allclose(die, moods / union.points.unit, atol=0.5)
    assert whole.sheet.dice[0] != whole.sheet.dice[1]
    page = next(
        t for n, t in pages(make_kit("connecticut-2011")).items() if n.endswith("-ballot.html")
    )
    assert (
        "where it goes by A; where it goes by B, \u221226, \u221213, \u22124, +4, +13, +26" in page
    )


def test_the_agreement_of_2011_is_voted_down_by_the_largest_union_and_then_ratified(paper, found):
    package = paper.agenda.find(wages=1, health=0.75, pensions=0.75, job_security=1)
    afscme, hospital = found.played
    points = afscme.points.total(paper.agenda)[package]
    assert afscme.needs[1] < points < afscme.needs[0]
    assert points > hospital.needs[0]


def test_without_a_second_vote_there_is_one_ballot():
    once = with_values(load_scenario("sebac-2011"), {"ratification.second_vote": False})
    found = voters(on_paper(once))
    assert found.sheet.ballots == 1
    assert found.sheet.amended is None
    assert {len(union.needs) for union in found.played} == {1}


@pytest.mark.parametrize("members", [100, 200, 997])
@pytest.mark.parametrize("percent", [7, 14, 28, 50, 55, 56, 80])
def test_the_members_that_the_sheet_asks_for_are_those_that_the_bylaws_count(members, percent):
    """0.55 of 100 members is 55.00000000000001 to a computer, and 55 to the bylaws."""
    rules = Bylaws(np.array([1]), np.array([percent / 100]), np.array(["unit"]))
    unions = (VotingUnion("for", members, 1.0, 0, (0,), False),)
    quota = Quota(1, percent / 100, pooled=False)
    needed = BallotSheet(unions, ((),), quota, None, 1, (0.5,), (0.0,)).members_required

    def ratified(behind):
        weights = np.array([behind, members - behind]) / members
        return count(np.arange(1), np.array([[1.0, 0.0]]), weights, rules).ratified[0]

    assert ratified(needed)
    assert not ratified(needed - 1)
