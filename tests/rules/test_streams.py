"""Random numbers are looked up by address: a world has the same ones whoever else is drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.arrays.streams import Stream, normals, uniforms

SEEDS = st.integers(0, 2**63 - 1)
STREAMS = st.sampled_from(list(Stream))

# Part of the format of the results: a change of any of these changes every published number.
GOLDEN = [
    0.7111909896503139,
    0.4382986009113444,
    0.33151851585031933,
    0.9165398336765842,
    0.21134051146990196,
    0.9122539213859535,
    0.9362900702446649,
    0.6497781332141533,
]


def run(first, worlds):
    return np.arange(first, first + worlds)


def test_the_draws_of_the_first_world_are_the_published_ones():
    assert uniforms(2011, Stream.MILITANCY, run(0, 1), draws=8)[0].tolist() == GOLDEN


def test_the_numbers_of_the_streams_are_the_published_ones():
    published = {
        "MILITANCY": 1,
        "COMMON_SHOCK": 2,
        "LEADERS_ERROR": 3,
        "FIRST_PROPOSER": 4,
        "LEAK": 5,
        "GOVERNOR_OFFER": 6,
        "COALITION_OFFER": 7,
    }
    assert published.items() <= {stream.name: int(stream) for stream in Stream}.items()


@given(
    SEEDS,
    STREAMS,
    st.integers(0, 10**9),
    st.integers(1, 23),
    st.integers(1, 17),
    st.integers(0, 99),
)
def test_a_world_draws_the_same_alone_as_in_any_batch(seed, stream, first, worlds, draws, step):
    batch = uniforms(seed, stream, run(first, worlds), draws, step)
    assert batch.shape == (worlds, draws)
    assert ((batch >= 0) & (batch < 1)).all()
    for world in range(worlds):
        alone = uniforms(seed, stream, run(first + world, 1), draws, step)
        assert alone.tobytes() == np.ascontiguousarray(batch[world : world + 1]).tobytes()


@pytest.mark.parametrize("draws", [1, 4, 5, 8, 15])
def test_the_draws_of_two_worlds_never_overlap(draws):
    drawn = uniforms(2011, Stream.MILITANCY, run(0, 1009), draws)
    assert len(np.unique(drawn)) == drawn.size


def test_another_seed_stream_or_step_has_other_numbers():
    addresses = [
        (seed, stream, step) for seed in (0, 1, 2**32) for stream in Stream for step in (0, 1, 1000)
    ]
    drawn = np.stack([uniforms(s, stream, run(0, 11), 3, step) for s, stream, step in addresses])
    assert len(np.unique(drawn)) == drawn.size


def test_one_number_a_world_is_drawn_unless_more_are_asked_for():
    assert uniforms(2011, Stream.MILITANCY, run(0, 7)).shape == (7, 1)
    assert normals(2011, Stream.MILITANCY, run(0, 7)).shape == (7, 1)


def test_a_shorter_draw_within_the_same_blocks_of_four_is_the_beginning_of_a_longer_one():
    long = uniforms(7, Stream.LEAK, run(3, 5), draws=8)
    short = uniforms(7, Stream.LEAK, run(3, 5), draws=5)
    assert (long[:, :5] == short).all()


def test_draws_are_uniform_and_worlds_unrelated():
    drawn = uniforms(2011, Stream.COMMON_SHOCK, run(0, 20_011))[:, 0]
    assert stats.kstest(drawn, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 4 / np.sqrt(20_010)


def test_normals_are_the_quantiles_of_the_same_uniforms():
    uniform = uniforms(5, Stream.MILITANCY, run(11, 7), 3)
    normal = normals(5, Stream.MILITANCY, run(11, 7), 3)
    assert normal == pytest.approx(stats.norm.ppf(uniform), abs=1e-12)


def test_normals_are_standard():
    drawn = normals(2011, Stream.LEADERS_ERROR, run(0, 20_011))[:, 0]
    assert stats.kstest(drawn, "norm").pvalue > 0.001


def test_worlds_may_be_asked_for_in_any_order_with_gaps_and_twice():
    numbers = np.array([90, 3, 4, 5, 3, 10**9, 4])
    found = uniforms(7, Stream.MILITANCY, numbers, draws=5)
    for row, number in zip(found, numbers.tolist(), strict=True):
        assert row.tolist() == uniforms(7, Stream.MILITANCY, run(number, 1), draws=5)[0].tolist()
