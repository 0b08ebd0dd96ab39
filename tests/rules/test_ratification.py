"""A ballot is counted twice over: how many unions said yes, and how much weight is behind them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays.logit import logistic
from sim.preferences.ballot import Ballot, Voters
from sim.preferences.bylaws import Bylaws, carried, count
from sim.preferences.forecast import (
    RatificationForecast,
    in_bytes,
    sums_by_byte,
    union_shocks,
    weight_at,
)

WEIGHTS = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
WORLDS, UNIONS = 7, 5
YES = st.lists(st.floats(0, 1), min_size=UNIONS, max_size=UNIONS)


def bylaws(unions_required=0, weight_required=0.0, weighting="unit"):
    return Bylaws(
        np.atleast_1d(unions_required), np.atleast_1d(weight_required), np.atleast_1d(weighting)
    )


def counted(yes, *rule, weights=WEIGHTS):
    yes = np.atleast_2d(np.array(yes, dtype=float))
    return count(np.arange(len(yes)), yes, weights, bylaws(*rule))


def passes(yes, *rule, weights=WEIGHTS):
    return counted(yes, *rule, weights=weights).ratified.tolist()


def test_exactly_half_is_not_a_majority():
    assert carried(np.array([[0.5, 0.5 + 1e-12, 0.5 - 1e-12]])).tolist() == [[False, True, False]]


def test_a_ballot_worked_by_hand():
    # Unions 0, 2 and 4 carry: 3 unions with .4 + .2 + .05 of the members.
    result = counted([0.6, 0.5, 0.9, 0.1, 0.51], 3, 0.65)
    assert result.unions_yes.tolist() == [3]
    assert result.weight_yes == pytest.approx([0.65])
    assert result.yes_share == pytest.approx([0.24 + 0.125 + 0.18 + 0.01 + 0.0255])
    assert result.ratified.tolist() == [True]
    pooled = counted([0.6, 0.5, 0.9, 0.1, 0.51], 3, 0.65, "pooled")
    assert pooled.unions_yes.tolist() == [3]
    assert pooled.weight_yes == pytest.approx([0.5805])
    assert pooled.yes_share == pooled.weight_yes
    assert pooled.ratified.tolist() == [False]


def test_both_thresholds_must_be_reached_and_reaching_them_is_enough():
    yes = [1, 0, 1, 0, 1]  # 3 unions, weight .65
    assert passes(yes, 3, 0.65) == [True]
    assert passes(yes, 4, 0.65) == [False]
    assert passes(yes, 3, 0.66) == [False]
    assert passes(yes, 4, 0.0) == [False]
    assert passes(yes, 0, 0.66) == [False]


def test_a_weight_short_of_the_quota_by_rounding_reaches_it():
    yes = [1, 0, 1, 0, 1]
    assert passes(yes, 0, 0.65 + 1e-10) == [True]
    assert passes(yes, 0, 0.65 + 1e-8) == [False]


def test_unit_votes_are_all_or_nothing_and_pooled_ones_are_not():
    barely, nearly = [0.51] * UNIONS, [0.49] * UNIONS
    assert passes(barely, 5, 1.0, "unit") == [True]
    assert passes(barely, 5, 0.52, "pooled") == [False]
    assert passes(nearly, 0, 0.01, "unit") == [False]
    assert passes(nearly, 0, 0.49, "pooled") == [True]


def test_each_world_is_counted_under_its_own_bylaws():
    yes = np.tile([0.6, 0.6, 0.6, 0.4, 0.4], (4, 1))  # 3 unions, unit weight .85, pooled .57
    rules = bylaws([3, 4, 3, 3], [0.8, 0.8, 0.8, 0.57], ["unit", "unit", "pooled", "pooled"])
    result = count(np.array([1, 3, 5, 7]), yes, WEIGHTS, rules)
    assert result.ratified.tolist() == [True, False, False, True]
    assert result.weight_yes == pytest.approx([0.85, 0.85, 0.57, 0.57])
    assert result.worlds.tolist() == [1, 3, 5, 7]


def test_the_bylaws_of_some_worlds_are_theirs_and_shared_ones_stay_shared():
    rules = Bylaws(np.array([3, 4, 5]), np.array([0.5]), np.array(["unit", "pooled", "unit"]))
    some = rules.of(np.array([2, 1]))
    assert some.unions_required.tolist() == [5, 4]
    assert some.weight_required.tolist() == [0.5]
    assert some.weighting.tolist() == ["unit", "pooled"]


def test_only_the_worlds_that_amended_get_the_new_bylaws():
    old, new = bylaws(14, 0.8, "unit"), bylaws(8, 0.5, "pooled")
    mixed = old.where(np.array([True, False, True]), new)
    assert mixed.unions_required.tolist() == [8, 14, 8]
    assert mixed.weight_required.tolist() == [0.5, 0.8, 0.5]
    assert mixed.weighting.tolist() == ["pooled", "unit", "pooled"]


@given(YES, st.integers(0, 6), st.floats(0, 1), st.sampled_from(["unit", "pooled"]))
def test_one_more_yes_never_turns_a_passed_ballot_down(yes, unions, weight, weighting):
    for union in range(UNIONS):
        more = [1.0 if j == union else y for j, y in enumerate(yes)]
        assert passes(yes, unions, weight, weighting) <= passes(more, unions, weight, weighting)


@given(YES, st.integers(0, 5), st.integers(0, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_quota_never_passes_what_a_lower_one_did_not(yes, k1, k2, q1, q2):
    for weighting in ("unit", "pooled"):
        low = passes(yes, min(k1, k2), min(q1, q2), weighting)
        assert passes(yes, max(k1, k2), max(q1, q2), weighting) <= low


@given(YES, st.integers(0, 5))
def test_with_unions_of_equal_size_count_and_weight_are_the_same_test(yes, unions):
    equal = np.full(UNIONS, 1 / UNIONS)
    by_count = passes(yes, unions, 0.0, weights=equal)
    assert by_count == passes(yes, 0, unions / UNIONS, weights=equal)
    assert by_count == passes(yes, unions, unions / UNIONS, weights=equal)


@given(YES, st.permutations(range(UNIONS)))
def test_the_order_of_the_unions_does_not_matter(yes, order):
    order = list(order)
    one, other = counted(yes, 3, 0.6), counted(np.array(yes)[order], 3, 0.6, weights=WEIGHTS[order])
    assert one.unions_yes.tolist() == other.unions_yes.tolist()
    assert one.yes_share == pytest.approx(other.yes_share, abs=1e-12)
    assert one.weight_yes == pytest.approx(other.weight_yes, abs=1e-12)


def test_a_ballot_on_nothing_counts_nothing():
    result = count(np.zeros(0, dtype=int), np.zeros((0, 5)), WEIGHTS, bylaws(14, 0.8))
    assert result.ratified.shape == (0,)
    assert result.weight_yes.shape == (0,)


def test_worlds_with_the_same_deal_and_beliefs_are_worked_out_once_and_vote_as_each_would(sebac):
    from sim.worlds.batch import make_batch
    from sim.worlds.settings import Settings

    batch = make_batch(Settings([sebac]), np.arange(WORLDS), seed=3)
    package, belief = np.array([7, 1500, 7, 7, 0]), np.array([0.5, 0.9, 0.5, 0.4, 0.5])
    mood, threat = np.array([0.1, -0.05, 0.0, 0.02, -0.1]), np.array([5000.0])
    ballot = Ballot(batch.agenda, np.array([2, 6, 0, 1, 3]), package, belief, threat, mood)
    utility = batch.electorate.members[0]
    (gains,), deal, _ = ballot._gains_of(utility)
    assert gains.shape == (4, sebac.members.strata)
    assert deal[0] == deal[2]
    assert len(set(deal.tolist())) == 4
    assert ballot._gains_of(utility)[1] is deal
    mildness = np.array([0.0, 0.01, 0.02, 0.03, -0.04])
    found = ballot.yes_share(utility, mildness)
    for i in range(5):
        one = np.array([i])
        gain = utility.gain(batch.agenda, package[one][:, None], belief[one], threat)
        by_hand = logistic((gain[0, 0] + mood[i] + mildness[i]) / sebac.members.noise).mean()
        assert found[i] == pytest.approx(by_hand, abs=1e-14)


@pytest.fixture
def asked(sebac):
    """Give a ballot of worlds that differ in all they are asked, and what one union's members want."""
    from sim.worlds.batch import make_batch
    from sim.worlds.settings import Settings

    batch = make_batch(Settings([sebac]), np.arange(WORLDS), seed=3)
    by_world = np.linspace(0.1, 0.7, WORLDS)
    ballot = Ballot(
        batch.agenda,
        worlds=np.arange(WORLDS),
        package=np.array([0, 7, 300, 1500, 1501, 2, 900]),
        belief=by_world,
        threat=10_000 * by_world,
        shift=0.1 - by_world,
        shifts_by_union=np.stack([by_world, -by_world], axis=-1),
        turnout=(by_world, 1 - by_world),
    )
    return ballot, batch.electorate.members[0]


def test_a_ballot_in_some_of_its_worlds_asks_them_the_same(asked):
    ballot, utility = asked
    chosen = np.array([5, 2])
    some = ballot.among(chosen)
    mildness = np.linspace(-0.2, 0.2, WORLDS)
    everywhere = ballot.yes_share(utility, mildness)
    assert some.yes_share(utility, mildness[chosen]).tolist() == everywhere[chosen].tolist()
    assert some.worlds.tolist() == [5, 2]
    for union in range(2):
        assert some.shift_of(union).tolist() == ballot.shift_of(union)[chosen].tolist()
    cast = np.full((2, 3), 0.4)
    assert some.voted(cast).tolist() == ballot.voted(np.full((WORLDS, 3), 0.4))[chosen].tolist()


def test_worlds_with_the_same_deal_vote_apart_where_members_want_different_things(asked):
    ballot, utility = asked
    same = replace(
        ballot,
        package=np.full(WORLDS, 7),
        belief=np.full(WORLDS, 0.5),
        threat=np.array([5000.0]),
        turnout=None,
    )
    own = replace(utility, cost_of_rejection=np.linspace(0.0, 0.3, WORLDS))
    mildness = np.linspace(-0.1, 0.1, WORLDS)
    found = same.yes_share(own, mildness)
    for w in range(WORLDS):
        gain = own.of(np.array([w])).gain(
            ballot.agenda, np.array([[7]]), np.array([0.5]), same.threat
        )
        by_hand = logistic((gain[0, 0] + same.shift[w] + mildness[w]) / utility.noise).mean()
        assert found[w] == pytest.approx(by_hand, abs=1e-14)


def test_half_of_the_members_say_yes_if_they_are_as_mild_as_needed(asked):
    ballot, utility = asked
    everybody = replace(ballot, turnout=None)
    needed = everybody.mildness_needed(utility)
    assert everybody.yes_share(utility, needed) == pytest.approx(np.full(WORLDS, 0.5))
    assert needed.min() < 0 < needed.max()


def test_members_who_all_gain_the_same_need_to_be_as_mild_as_they_lose(asked):
    ballot, utility = asked
    nothing = np.zeros(1)
    alike = replace(
        utility,
        pension_pain_by_seniority=nothing,
        job_security_by_seniority=nothing,
        layoff_loss=nothing,
    )
    gain = alike.gain(ballot.agenda, ballot.package[:, None], ballot.belief, ballot.threat)
    supporters, opponents = ballot.turnout  # votes are even where so many more are for it
    even = alike.noise * np.log(opponents / supporters)
    needed = ballot.mildness_needed(alike)
    assert needed == pytest.approx(even - gain[:, 0, 0] - ballot.shift, abs=1e-9)


@pytest.mark.parametrize("weighting", ["unit", "pooled"])
def test_the_chance_of_a_package_is_the_share_of_moods_in_which_its_ballot_passes(sebac, weighting):
    from sim.worlds.batch import make_batch
    from sim.worlds.settings import Settings

    packages, draws = 67, 31
    batch = make_batch(Settings([sebac]), np.zeros(packages, dtype=int), seed=3)
    ballot = batch.ballots.informed(np.arange(packages), np.arange(packages) * 29)
    one = batch.electorate.members[0]
    members = [one, replace(one, fairness=2 * one.fairness), one]
    weights, mildness = np.array([0.5, 0.3, 0.2]), np.array([0.02, 0.05, -0.03])
    mood = np.random.default_rng(1).normal(-0.05, 0.1, (draws, 3))
    yes = np.stack(
        [
            [ballot.yes_share(m, np.full(packages, x)) for x in mildness[u] + mood[:, u]]
            for u, m in enumerate(members)
        ],
        axis=-1,
    )
    forecast = RatificationForecast(ballot, members, mildness, mood, weights)
    for unions_required, weight_required in ((2, 0.5), (3, 0.0), (0, 0.6), (1, 0.7)):
        rule = bylaws(unions_required, weight_required, weighting)
        by_hand = [count(np.arange(packages), y, weights, rule).ratified for y in yes]
        chances = forecast.chances(unions_required, weight_required, weighting)
        assert chances == pytest.approx(np.mean(by_hand, axis=0), abs=1e-9)
        assert 0.1 < chances.mean() < 0.95


def test_moods_have_the_spread_of_unions_and_what_they_share():
    drawn = union_shocks(3, 0.04, 0.03)
    assert drawn.mean(0) == pytest.approx(np.zeros(3), abs=1e-3)
    spread = np.full((3, 3), 0.03**2) + np.eye(3) * 0.04**2
    assert np.cov(drawn.T) == pytest.approx(spread, abs=2e-5)


def test_weight_between_two_nodes_is_shared_by_distance_and_a_line_is_met_exactly():
    nodes, weights = np.linspace(-1.0, 2.0, 7), np.array([0.5, 0.3, 0.2])
    place = np.array([[-1.0, 0.125, 2.0], [0.1, 0.4, 0.6]])
    found = weight_at(nodes, place, weights)
    assert found[0] == pytest.approx([0.5, 0, 0.225, 0.075, 0, 0, 0.2])
    assert found[1] == pytest.approx([0, 0, 0.4 + 0.06, 0.1 + 0.24 + 0.16, 0.04, 0, 0])
    assert found.sum(-1) == pytest.approx([1, 1])
    assert (found * (3 * nodes + 1)).sum(-1) == pytest.approx((weights * (3 * place + 1)).sum(-1))


def test_shares_at_several_moods_are_those_of_each_mood_also_of_the_votes_cast(sebac):
    from sim.worlds.batch import make_batch
    from sim.worlds.settings import Settings

    batch = make_batch(Settings([sebac]), np.arange(WORLDS), seed=3)
    belief, mood = np.linspace(0.3, 0.9, WORLDS), np.linspace(-0.1, 0.1, WORLDS)
    package, threat = np.arange(WORLDS) * 200, np.array([5000.0])
    mild = np.array([-0.05, 0.0, 0.03])
    for turnout in (None, (np.array([0.6]), np.linspace(0.2, 0.9, WORLDS))):
        ballot = Ballot(
            batch.agenda, np.arange(WORLDS), package, belief, threat, mood, turnout=turnout
        )
        utility = batch.electorate.members[0]
        each = [ballot.yes_share(utility, np.full(WORLDS, x)) for x in mild]
        assert ballot.yes_shares(utility, mild) == pytest.approx(np.stack(each, -1), abs=1e-14)


def test_what_unions_that_say_yes_add_up_to_is_looked_up_by_their_bits():
    random = np.random.default_rng(5)
    shocks, needed, weights = (
        random.normal(size=(11, 31)),
        random.normal(size=(11, 7)),
        np.arange(11),
    )
    yes = in_bytes(shocks, needed)
    tables = sums_by_byte(weights)
    looked_up = sum(table[byte] for table, byte in zip(tables, yes, strict=True))
    plainly = (weights[:, None, None] * (shocks[:, None] > needed[..., None])).sum(0)
    assert len(yes) == 2
    assert (looked_up == plainly).all()


def test_unions_that_vote_together_vote_as_each_would_alone(asked):
    ballot, utility = asked
    other = replace(utility, layoff_exposure=utility.layoff_exposure * 2)
    own = replace(utility, cost_of_rejection=np.linspace(0.0, 0.3, WORLDS))
    for kinds in ([utility, other, utility], [utility, replace(utility)], [other, own, utility]):
        mild = np.linspace(-0.1, 0.1, 2 * WORLDS).reshape(2, WORLDS)
        together, alone = replace(ballot), replace(ballot)
        voters = {n: Voters(kind, mild + n / 100) for n, kind in enumerate(kinds)}
        together.put_to(voters)
        for n, who in voters.items():
            found = together.votes(n, lambda _: None)
            assert found.tobytes() == alone.votes(n, lambda _, who=who: who).tobytes()
            each = [replace(ballot).yes_share(who.utility, unit) for unit in who.mildness]
            assert found.tobytes() == np.stack(each).tobytes()


def test_unions_whose_members_are_told_apart_otherwise_do_not_vote_together(asked):
    ballot, utility = asked
    finer = replace(utility, seniority=np.linspace(0, 1, 50))
    mild = np.zeros((1, WORLDS))
    with pytest.raises(ValueError, match="same slices of seniority"):
        ballot.put_to({0: Voters(utility, mild), 1: Voters(finer, mild)})
