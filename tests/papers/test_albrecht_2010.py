"""Albrecht, Anderson and Vroman (2010): a committee searches the longer, the more must say yes.

The value found is checked against what a member gets who alone uses another threshold, and against
a simulated search.
"""

import numpy as np
import pytest
from scipy.stats import binom

from oracles.committee import search_by_committee

COMMITTEES = [(5, k, d) for k in range(1, 6) for d in (0.8, 0.95)] + [(1, 1, 0.9), (3, 2, 0.99)]


def value_of_a_threshold(threshold, others_threshold, members, yes_needed, discount_factor):
    """What a member expects who says yes from `threshold` on, and the others from theirs."""
    others = binom(members - 1, 1 - others_threshold)
    passes_anyway, pivotal = others.sf(yes_needed - 1), others.pmf(yes_needed - 1)
    gained = passes_anyway / 2 + pivotal * (1 - threshold**2) / 2
    goes_on = 1 - passes_anyway - pivotal * (1 - threshold)
    return gained / (1 - discount_factor * goes_on)


@pytest.mark.parametrize(
    ("discount_factor", "values"),
    [
        (0.95, [0.506182, 0.533407, 0.569710, 0.541175, 0.429665]),
        (0.8, [0.502100, 0.510946, 0.512280, 0.464429, 0.349484]),
    ],
)
def test_the_best_quota_lies_between_one_vote_and_all(discount_factor, values):
    found = [search_by_committee(5, k, discount_factor).value for k in range(1, 6)]
    assert found == pytest.approx(values, abs=1e-6)


def test_the_more_must_say_yes_the_longer_the_search():
    rounds = [search_by_committee(5, k, 0.95).rounds for k in range(1, 6)]
    assert rounds == pytest.approx([1.0264, 1.2438, 2.3638, 5.8702, 13.7739], abs=1e-4)


@pytest.mark.parametrize(("members", "yes_needed", "discount_factor"), COMMITTEES)
def test_no_member_gains_by_a_threshold_of_its_own(members, yes_needed, discount_factor):
    value = search_by_committee(members, yes_needed, discount_factor).value
    threshold = discount_factor * value
    others = (threshold, members, yes_needed, discount_factor)
    assert value_of_a_threshold(threshold, *others) == pytest.approx(value, abs=1e-12)
    elsewhere = value_of_a_threshold(np.linspace(0, 1, 101), *others)
    assert (elsewhere <= value + 1e-12).all()


def test_a_simulated_search_is_worth_and_lasts_as_long():
    search = search_by_committee(5, 3, 0.95)
    generator = np.random.default_rng(2010)
    proposals = generator.random((200_003, 5))
    passed = (proposals >= 0.95 * search.value).sum(-1) >= 3
    ends = np.flatnonzero(passed)
    rounds = np.diff(ends, prepend=-1)
    assert rounds.mean() == pytest.approx(search.rounds, abs=0.02)
    worth = 0.95 ** (rounds - 1) * proposals[ends].mean(-1)
    assert worth.mean() == pytest.approx(search.value, abs=0.002)


def test_unanimity_is_best_only_for_the_very_patient():
    def best_quota(discount_factor):
        return max(range(1, 4), key=lambda k: search_by_committee(3, k, discount_factor).value)

    best = [best_quota(d) for d in (0.1, 0.5, 0.9, 0.99, 0.9999)]
    assert best == sorted(best)
    assert (best[0], best[-1]) == (1, 3)


def test_without_a_tomorrow_everything_passes():
    assert search_by_committee(5, 4, 0.0) == (pytest.approx(0.5), 1)


def test_what_is_no_committee_is_refused():
    for yes_needed in (0, 6):
        with pytest.raises(ValueError, match=f"yes_needed is {yes_needed}.*5 members"):
            search_by_committee(5, yes_needed, 0.9)
    for discount_factor in (-0.1, 1.0):
        with pytest.raises(ValueError, match=f"discount_factor is {discount_factor}"):
            search_by_committee(5, 3, discount_factor)
