"""Addressed random streams: a world's draws depend on its number, never on who else is running.

Numbers are not consumed from a generator; they are looked up. The address of a draw is (seed,
stream, step, world, slot), computed by a counter-based generator (Philox; Salmon et al. 2011). So
world 81,233 of a million can be replayed alone, in any chunk, order or process, bit for bit; a new
mechanism takes a new stream and changes no old number; and the arms of an experiment share the
draws of a replication.

Uniforms only; other distributions by their inverse cdf.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array


class Stream(IntEnum):
    """What a draw is for. Numbers are part of the results' format: add, never renumber."""

    MILITANCY = 1
    COMMON_SHOCK = 2
    LEADERS_ERROR = 3
    FIRST_PROPOSER = 4
    LEAK = 5
    GOVERNOR_OFFER = 6
    COALITION_OFFER = 7
    BREAKDOWN = 8
    GOVERNOR_ANSWER = 9
    COALITION_ANSWER = 10
    GOVERNOR_RESOLVE = 11
    COALITION_RESOLVE = 12
    LEGISLATURE_BUDGET = 20
    LEGISLATURE_REQUESTS = 21
    UNIT_MILITANCY = 30
    UNIT_ON_WAGES = 31
    IDEAS = 40
    MEDIATION = 35
    ARBITRATOR = 36
    AWARD_REJECTED = 37
    RUMOUR_SEED = 25
    LEADER_OPPOSES = 26
    RATIFIER_MOOD = 45
    BOARD_TASTES = 46


def uniforms(
    seed: int, stream: Stream, numbers: Int[Array, " worlds"], draws: int = 1, step: int = 0
) -> Float[Array, "worlds draws"]:
    """Uniform draws on [0, 1) of the worlds with these numbers, in any order, repeated or not.

    A Philox counter moves in blocks of four doubles, so each world owns ceil(draws / 4) whole
    blocks and its row never depends on which worlds are drawn with it. `step` is the round, for
    draws that recur.
    """
    if (np.diff(numbers) == 1).all():
        return _run_of_worlds(seed, stream, step, int(numbers[0]), len(numbers), draws)
    distinct, which = np.unique(numbers, return_inverse=True)
    runs = [_run_of_worlds(seed, stream, step, *run, draws) for run in _runs(distinct)]
    return np.concatenate(runs)[which]


def _runs(ascending: Int[Array, " n"]) -> list[tuple[int, int]]:
    """Distinct ascending numbers as runs without a gap: where each begins, and how long it is."""
    starts = np.flatnonzero(np.diff(ascending, prepend=ascending[0] - 2) != 1)
    lengths = np.diff(starts, append=len(ascending))
    return list(zip(ascending[starts].tolist(), lengths.tolist(), strict=True))


def _run_of_worlds(
    seed: int, stream: Stream, step: int, first: int, worlds: int, draws: int
) -> Float[Array, "worlds draws"]:
    blocks = -(-draws // 4)
    key = np.array([seed, int(stream) << 32 | step], dtype=np.uint64)
    generator = np.random.Generator(np.random.Philox(key=key, counter=first * blocks))
    return generator.random((worlds, 4 * blocks))[:, :draws]


def normals(
    seed: int, stream: Stream, numbers: Int[Array, " worlds"], draws: int = 1, step: int = 0
) -> Float[Array, "worlds draws"]:
    """Standard normal draws, addressed as `uniforms`, by the inverse normal cdf."""
    from scipy.special import ndtri

    smallest = 2.0**-54  # a uniform of exactly 0 would be minus infinity
    return ndtri(np.maximum(uniforms(seed, stream, numbers, draws, step), smallest))


@dataclass(frozen=True, eq=False)
class Draws:
    """The draws of some worlds, whose `numbers` (worlds) are their addresses."""

    seed: int
    numbers: Int[Array, " worlds"]

    def uniform(self, stream: Stream, step: int = 0) -> Float[Array, " worlds"]:
        """One uniform draw a world."""
        return uniforms(self.seed, stream, self.numbers, step=step)[:, 0]

    def uniforms(self, stream: Stream, draws: int) -> Float[Array, "worlds draws"]:
        """Several uniform draws a world."""
        return uniforms(self.seed, stream, self.numbers, draws)

    def normal(self, stream: Stream) -> Float[Array, " worlds"]:
        """One standard normal draw a world."""
        return normals(self.seed, stream, self.numbers)[:, 0]

    def normals(self, stream: Stream, draws: int, step: int = 0) -> Float[Array, "worlds draws"]:
        """Several standard normal draws a world."""
        return normals(self.seed, stream, self.numbers, draws, step)
