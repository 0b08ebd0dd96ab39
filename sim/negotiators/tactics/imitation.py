"""Tactics that answer in kind (Faratin, Sierra and Jennings 1998).

The paper imitates on one issue, such as a price. Here a side counts packages by what they are worth to
itself: the other side gives way when its offers come to be worth more, and one answers by asking for
less. Before there are two offers to compare a side asks for its best, and at no time for less than its
reservation value. The clock plays no part: two sides who only imitate never begin to give way, but for
the noise.
"""

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, take
from sim.negotiators.situation import Situation


def relative_tit_for_tat(situation: Situation) -> Float[Array, " worlds"]:
    """Give way in the proportion in which the other side did, `imitation_lag` steps ago."""
    lag = situation.own("imitation_lag")
    before, after = _received(situation, lag + 1), _received(situation, lag)
    return _in_range(in_proportion(situation.made(), before, after), situation)


def absolute_tit_for_tat(situation: Situation) -> Float[Array, " worlds"]:
    """Give way by as much as the other side did, `imitation_lag` steps ago.

    A random amount of up to `imitation_noise` comes on top, which can lead out of a deadlock.
    """
    lag = situation.own("imitation_lag")
    before, after = _received(situation, lag + 1), _received(situation, lag)
    extra = situation.own("imitation_noise") * situation.uniform()
    return _in_range(by_as_much(situation.made(), before, after, extra), situation)


def averaged_tit_for_tat(situation: Situation) -> Float[Array, " worlds"]:
    """Give way in the proportion in which the other side did over its last `imitation_window` steps."""
    before = _received(situation, situation.own("imitation_window") + 1)
    return _in_range(in_proportion(situation.made(), before, situation.received()), situation)


def in_proportion(
    last: Float[Array, " worlds"],
    before: Float[Array, " worlds"],
    after: Float[Array, " worlds"],
) -> Float[Array, " worlds"]:
    """One's last ask times the ratio of the other side's earlier offer to its later one.

    An offer worth no more than no agreement (0) is no measure of anything, nor is one that was never
    made: the ask then stays.
    """
    measured = (before > 0) & (after > 0)
    return last * np.where(measured, before, 1.0) / np.where(measured, after, 1.0)


def by_as_much(
    last: Float[Array, " worlds"],
    before: Float[Array, " worlds"],
    after: Float[Array, " worlds"],
    extra: Float[Array, "#worlds"],
) -> Float[Array, " worlds"]:
    """One's last ask less what the other side added to its offer, and less an extra.

    Where one of the two offers was never made (minus infinity) the ask stays.
    """
    made = np.isfinite(before) & np.isfinite(after)
    added = np.where(made, after, 0.0) - np.where(made, before, 0.0)
    return last - added - np.where(made, extra, 0.0)


def _received(situation: Situation, back: Int[Array, "#worlds"]) -> Float[Array, " worlds"]:
    """What the other side's last offer but `back` - 1 was worth, in each world by its own `back`."""
    distinct = np.unique(back).tolist()
    return np.select([back == n for n in distinct], [situation.received(n) for n in distinct])


def _in_range(ask: Float[Array, " worlds"], situation: Situation) -> Float[Array, " worlds"]:
    """The ask between the reservation value and the best; the best where one has made no offer yet."""
    best = take(situation.ranking.own.best, situation.worlds)
    begun = np.where(np.isfinite(ask), ask, best)
    return np.maximum(np.minimum(begun, best), situation.reservation)
