"""Feller (1968), ch. VII: the normal approximation of a binomial vote, and its correction.

The approximation takes votes as continuous. Counting from half a vote below the votes needed makes
up for most of the error, which matters for a hundred voters and not for ten thousand.
"""

import pytest

from sim.theory.voting import (
    pass_probability_corrected,
    pass_probability_exact,
    pass_probability_plain,
)


@pytest.mark.parametrize(
    ("voters", "yes", "quota", "plain", "corrected"),
    [
        (100, 0.57, 0.5, 0.921308, 0.935104),
        (100, 0.57, 0.6, 0.272268, 0.306789),
        (1000, 0.82, 0.8, 0.950140, 0.954234),
    ],
)
def test_the_correction_is_closer_to_the_exact_probability(voters, yes, quota, plain, corrected):
    exact = pass_probability_exact(voters, yes, quota)
    assert pass_probability_plain(voters, yes, quota) == pytest.approx(plain, abs=1e-6)
    assert pass_probability_corrected(voters, yes, quota) == pytest.approx(corrected, abs=1e-6)
    assert abs(corrected - exact) < abs(plain - exact)


def test_without_the_correction_a_vote_at_the_quota_is_even():
    assert pass_probability_plain(101, 0.6, 0.6) == pytest.approx(0.5)


def test_the_correction_counts_from_whole_votes():
    # 6.03 and 6.9 votes of 101 both mean 7.
    assert pass_probability_corrected(101, 0.07, 6.03 / 101) == pass_probability_corrected(
        101, 0.07, 6.9 / 101
    )
    assert pass_probability_plain(101, 0.07, 6.03 / 101) > pass_probability_plain(
        101, 0.07, 6.9 / 101
    )


@pytest.mark.parametrize("approximation", [pass_probability_plain, pass_probability_corrected])
@pytest.mark.parametrize("yes", [-0.1, 0.0, 1.0, 1.1])
def test_a_vote_without_variance_is_refused(approximation, yes):
    with pytest.raises(ValueError, match=f"yes is {yes}"):
        approximation(13, yes, 0.5)
