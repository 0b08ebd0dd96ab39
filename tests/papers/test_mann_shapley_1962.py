"""Mann and Shapley (1962): count the coalitions of a weighted vote by a generating function.

Adding one voting bloc at a time to a table of (number of blocs, total weight) finds every total
without listing the 2 ** n coalitions. The SEBAC bylaws of 2011 asked for 14 of 15 unions and .80 of
the members, each union voting as a block; amended, for 8 unions and a majority of the members.
AFSCME has 31 percent of the members and so is a veto player under the old rule: only the other 14
unions may be the one that says no.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from sim.theory.voting import double_threshold_probability, winning_coalitions

# Members of the 15 unions in tens, AFSCME first (together 5,016).
SEBAC = np.array([1560, 770, 680, 450, 390, 320, 270, 170, 110, 90, 80, 75, 25, 20, 6])
OLD_RULE = (14, 0.8)
NEW_RULE = (8, 0.5)
FIVE_UNIONS = np.array([13, 7, 5, 3, 2])


def chance(yes, rule, sizes=SEBAC):
    return double_threshold_probability(np.full(sizes.size, yes), sizes, *rule)


def ballots(sizes, unions_required, weight_required):
    """List every ballot of the unions, as zeros and ones, with whether it passes."""
    for ballot in product((0, 1), repeat=len(sizes)):
        members = sum(size for size, vote in zip(sizes, ballot, strict=True) if vote)
        enough = members >= weight_required * sum(sizes) - 1e-9
        yield ballot, sum(ballot) >= unions_required and enough


@pytest.mark.parametrize(
    ("rule", "probabilities"),
    [
        ((14, 0.8), (0.000458, 0.033233, 0.526166, 0.804664)),
        ((8, 0.5), (0.351135, 0.815965, 0.991659, 0.998909)),
        ((10, 2 / 3), (0.094879, 0.526433, 0.938576, 0.983566)),
        ((13, 0.8), (0.003021, 0.106481, 0.739683, 0.912466)),
    ],
)
def test_the_chance_of_ratification_by_rule(rule, probabilities):
    chances = [chance(yes, rule) for yes in (0.5, 0.7, 0.9, 0.95)]
    assert chances == pytest.approx(probabilities, abs=1e-6)


@pytest.mark.parametrize("yes", [0.5, 0.7, 0.9, 0.95])
def test_under_the_old_rule_all_agree_or_all_but_one_that_is_not_afscme(yes):
    assert chance(yes, OLD_RULE) == pytest.approx(yes**15 + 14 * (1 - yes) * yes**14, abs=1e-12)


@pytest.mark.parametrize(("rule", "yes"), [(OLD_RULE, 0.894913), (NEW_RULE, 0.557883)])
def test_how_sure_each_union_must_be_for_an_even_chance(rule, yes):
    even = brentq(lambda each: chance(each, rule) - 0.5, 0.1, 0.99)
    assert even == pytest.approx(yes, abs=1e-6)


def test_the_winning_coalitions_of_both_rules():
    assert winning_coalitions(SEBAC, *OLD_RULE) == 15
    assert winning_coalitions(SEBAC, *NEW_RULE) == 11_506


def test_splitting_the_veto_player_helps_unless_the_count_rises_with_it():
    split = np.append(SEBAC[1:], [780, 780])
    assert chance(0.7, (15, 0.8), split) == pytest.approx(0.026112, abs=1e-6)
    assert chance(0.7, (14, 0.8), split) == pytest.approx(0.087152, abs=1e-6)
    assert chance(0.7, OLD_RULE) == pytest.approx(0.033233, abs=1e-6)


def test_the_ballots_of_2011():
    against_in_june = np.isin(SEBAC, [1560, 450, 110, 75])  # AFSCME, CEUI, State Police, IBPO
    june = np.where(against_in_june, 0.0, 1.0)
    assert SEBAC[june == 1].sum() / SEBAC.sum() == pytest.approx(0.562, abs=5e-4)
    assert double_threshold_probability(june, SEBAC, *OLD_RULE) == 0
    assert double_threshold_probability(june, SEBAC, *NEW_RULE) == 1
    august = np.where(SEBAC == 110, 0.0, 1.0)  # State Police against
    assert double_threshold_probability(august, SEBAC, *OLD_RULE) == 1
    assert double_threshold_probability(august, SEBAC, *NEW_RULE) == 1


def test_a_threshold_met_exactly_is_met():
    # .55 of 20 members is 11.000000000000002 in binary, yet 11 members are enough.
    sizes = np.array([11, 6, 3])
    assert winning_coalitions(sizes, 1, 0.55) == 4
    assert winning_coalitions(sizes, 0, 0.0) == 8
    assert winning_coalitions(sizes, 3, 0.0) == 1
    assert winning_coalitions(sizes, 4, 0.0) == 0


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.integers(0, 6), st.floats(0, 1))
def test_the_table_agrees_with_listing_all_ballots(yes, unions_required, weight_required):
    expected = sum(
        np.prod([p if vote else 1 - p for p, vote in zip(yes, ballot, strict=True)])
        for ballot, passes in ballots(FIVE_UNIONS.tolist(), unions_required, weight_required)
        if passes
    )
    found = double_threshold_probability(
        np.array(yes), FIVE_UNIONS, unions_required, weight_required
    )
    assert found == pytest.approx(expected, abs=1e-12)


@given(
    st.lists(st.integers(0, 11), min_size=5, max_size=5).filter(any),
    st.integers(0, 6),
    st.sampled_from([0.0, 0.2, 0.5, 0.55, 2 / 3, 0.8, 1.0]),
)
def test_the_count_agrees_with_listing_all_ballots(sizes, unions_required, weight_required):
    expected = sum(passes for _, passes in ballots(sizes, unions_required, weight_required))
    assert winning_coalitions(np.array(sizes), unions_required, weight_required) == expected


def test_members_and_tens_of_members_give_the_same_chance():
    assert chance(0.7, OLD_RULE, 10 * SEBAC) == chance(0.7, OLD_RULE)


@pytest.mark.parametrize("sizes", [[3, -1], [0, 0]])
def test_unions_without_members_are_refused(sizes):
    with pytest.raises(ValueError, match=r"sizes are \["):
        double_threshold_probability(np.array([0.5, 0.5]), np.array(sizes), 1, 0.5)
    with pytest.raises(ValueError, match=r"sizes are \["):
        winning_coalitions(np.array(sizes), 1, 0.5)


def test_more_coalitions_than_an_integer_holds_are_refused():
    assert winning_coalitions(np.ones(62, dtype=int), 0, 0.0) == 2**62
    with pytest.raises(ValueError, match="63 unions"):
        winning_coalitions(np.ones(63, dtype=int), 0, 0.0)
