"""Wars of attrition: two sides hold out, and each gives way at a random time, or never.

In both games the last axis of an array is the two sides, in any order, and leading axes are
independent worlds. A side gives way at a rate that leaves the other one just indifferent between
waiting and giving way itself. At most one side gives way at once with positive probability, and at
a finite horizon all are gone who would ever give way.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Sides = Float[np.ndarray, "*#worlds 2"]
Worlds = float | Float[np.ndarray, "*worlds"]
Time = float | Float[np.ndarray, "*#worlds #sides"]


@dataclass(frozen=True, eq=False)
class ReputationalBargaining:
    """Two sides who may be obstinate, each with a demand that it will not be the first to lower.

    `demands` are shares of the pie, below 1 and more than the pie together; who concedes gets what
    the other's demand leaves. `rates` are discount rates per unit of time. `obstinate` is the
    probability that a side never concedes, strictly between 0 and 1.

    Raises ValueError for anything else. Source: Abreu and Gul (2000).
    """

    demands: Sides
    rates: Sides
    obstinate: Sides

    def __post_init__(self):
        if not np.all((self.demands < 1) & (self._excess > 0)):
            raise ValueError(
                f"demands are {self.demands}: each is below 1, and together they exceed the pie of 1"
            )
        if not np.all(self.rates > 0):
            raise ValueError(f"rates are {self.rates}: a discount rate is above 0")
        if not np.all((self.obstinate > 0) & (self.obstinate < 1)):
            raise ValueError(
                f"obstinate is {self.obstinate}: a probability strictly between 0 and 1, so that "
                "the war ends"
            )

    @property
    def hazards(self) -> Sides:
        """The rates per unit of time at which the sides concede: r_other (1 - a) / (a + b - 1)."""
        return _other(self.rates) * (1 - self.demands) / self._excess

    @property
    def horizon(self) -> Float[np.ndarray, "*worlds 1"]:
        """The time at which only obstinate sides are left."""
        return self._time_alone.min(-1, keepdims=True)

    @property
    def concedes_at_once(self) -> Sides:
        """The probability that a side concedes at the start: only the slower side's is above 0."""
        return 1 - self._left_after_start

    @property
    def payoffs(self) -> Sides:
        """What a side that is not obstinate expects, as a share of the pie."""
        theirs = _other(self.concedes_at_once)
        return theirs * self.demands + (1 - theirs) * (1 - _other(self.demands))

    @property
    def no_agreement(self) -> Worlds:
        """The probability that both sides are obstinate."""
        return self.obstinate.prod(-1)

    @property
    def mean_delay(self) -> Worlds:
        """The expected time of an agreement, given that there is one."""
        both_left = self._left_after_start.prod(-1)
        hazard, end = self.hazards.sum(-1), self.horizon[..., 0]
        waited = both_left * -np.expm1(-hazard * end) / hazard - self.no_agreement * end
        return waited / (1 - self.no_agreement)

    def conceded_by(self, time: Time) -> Sides:
        """Give the probability that a side has conceded by `time`: the cumulative distribution."""
        return 1 - self._left_after_start * np.exp(-self.hazards * np.minimum(time, self.horizon))

    def concession_time(self, uniforms: Sides) -> Sides:
        """Turn uniforms from [0, 1) into times of concession, infinite for never.

        The inverse of `conceded_by`; the war ends at the earlier of the two times.
        """
        time = np.log(self._left_after_start / (1 - uniforms)) / self.hazards
        return np.where(1 - uniforms < self.obstinate, np.inf, np.maximum(time, 0))

    @property
    def _excess(self):
        return self.demands.sum(-1, keepdims=True) - 1

    @property
    def _time_alone(self):
        """The time a side would take to run out of those who concede, without a jump at first."""
        return -np.log(self.obstinate) / self.hazards

    @property
    def _left_after_start(self):
        return np.exp(self.hazards * (self.horizon - self._time_alone))


@dataclass(frozen=True, eq=False)
class CrisisBargaining:
    """Two leaders in a public dispute, whose audiences punish backing down the more the later.

    Who backs down at time t pays `audience_costs` * t, and the other one has the `prize`. Who
    fights instead has a payoff that only it knows, uniform from -`cost_of_war` to 0. At the horizon
    those are left who would rather fight than back down, and they fight. All are above 0, prize and
    costs in one unit, audience costs per unit of time; war may cost the sides unlike amounts.

    Raises ValueError for anything else. Source: Fearon (1994), with linear costs and uniform types.
    """

    audience_costs: Sides
    prize: float
    cost_of_war: float | Sides

    def __post_init__(self):
        for name in ("audience_costs", "prize", "cost_of_war"):
            if not np.all(np.greater(getattr(self, name), 0)):
                raise ValueError(f"{name} is {getattr(self, name)}: it is above 0")

    @property
    def horizon(self) -> Float[np.ndarray, "*worlds 1"]:
        """The time at which nobody is left who would back down."""
        return self._time_alone.min(-1, keepdims=True)

    @property
    def fights(self) -> Sides:
        """The probability that a side will not back down: it is locked in by the horizon."""
        return self.audience_costs * self.horizon / self.cost_of_war

    @property
    def war(self) -> Worlds:
        """The probability that both sides fight."""
        return self.fights.prod(-1)

    @property
    def backs_down_at_once(self) -> Sides:
        """The probability that a side backs down at the start: only the weaker audience's is above 0."""
        return 1 - self._left_after_start

    @property
    def backs_down(self) -> Sides:
        """The probability that a side is the one who backs down.

        The integral of the density of its backing down while the other one is still there.
        """
        from scipy.special import hyp2f1

        gone = 1 - self.fights / self._left_after_start
        ratio = self.audience_costs / _other(self.audience_costs)
        # With own cost a, the other's b, prize v and q = b t / (v + b t), the share of it that is gone
        # at t, it is the integral of (1 - q) / (1 + (a / b - 1) q) from 0 to `gone`.
        first = gone * hyp2f1(1, 1, 2, (1 - ratio) * gone)
        second = gone**2 / 2 * hyp2f1(1, 2, 3, (1 - ratio) * gone)
        both_left = self._left_after_start.prod(-1, keepdims=True)
        return self.backs_down_at_once + both_left * (first - second)

    def hazards(self, time: Time) -> Sides:
        """Give the rates at which the sides back down at `time`: a_other / (v + a_other * t)."""
        theirs = _other(self.audience_costs)
        return theirs / (self.prize + theirs * time)

    def backed_down_by(self, time: Time) -> Sides:
        """Give the probability that a side backs down by `time` if the other one does not."""
        until = np.minimum(time, self.horizon)
        theirs = _other(self.audience_costs)
        return 1 - self._left_after_start * self.prize / (self.prize + theirs * until)

    def backing_down_time(self, uniforms: Sides) -> Sides:
        """Turn uniforms from [0, 1) into times of backing down, infinite for who would fight.

        The inverse of `backed_down_by`; the dispute ends at the earlier of the two times.
        """
        growth = self._left_after_start / (1 - uniforms) - 1
        time = self.prize * np.maximum(growth, 0) / _other(self.audience_costs)
        return np.where(1 - uniforms < self.fights, np.inf, time)

    @property
    def _time_alone(self):
        """The time a side would take to run out of those who back down, without a jump at first."""
        own, theirs = self.audience_costs, _other(self.audience_costs)
        # The positive root T of own * T * (prize + theirs * T) = prize * cost_of_war.
        at_stake = self.prize * self.cost_of_war
        root = np.sqrt(self.prize**2 + 4 * theirs / own * at_stake)
        return 2 * at_stake / (own * (self.prize + root))

    @property
    def _left_after_start(self):
        theirs = _other(self.audience_costs)
        left = self.fights * (1 + theirs * self.horizon / self.prize)
        return np.where(self._time_alone > self.horizon, left, 1.0)


def _other(sides):
    return sides[..., ::-1]
