"""How long a strike an employer takes when the members' claims come down only with time."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Number = float | Float[np.ndarray, "..."]


@dataclass(frozen=True, eq=False)
class Strike:
    """An employer facing members whom only a strike convinces that there is less to be had.

    `revenue` (R) is what the employer earns per period before wages, and `wage` (W) the wages it
    pays now; during a strike it earns and pays nothing. Increases are shares of the wage: the
    members would settle for `initial_increase` (y0) before a strike and for no less than
    `least_increase` (y*) ever. `decay` (tau) is the rate, per period, at which a strike brings them
    down, and `rate` (r) the employer's discount rate. Numbers or arrays that broadcast.

    Raises ValueError for a wage, decay or rate that is not positive, members who would settle for
    less before a strike than after it, or an employer who cannot afford the least increase.
    Source: Ashenfelter and Johnson (1969).
    """

    revenue: Number
    wage: Number
    initial_increase: Number
    least_increase: Number
    decay: Number
    rate: Number

    def __post_init__(self):
        for name in ("wage", "decay", "rate"):
            if not np.all(np.greater(getattr(self, name), 0)):
                raise ValueError(f"{name} is {getattr(self, name)}: it is above 0")
        if np.any(np.less(self.initial_increase, self.least_increase)):
            raise ValueError(
                f"initial_increase is {self.initial_increase}, below the least_increase of "
                f"{self.least_increase}: members come down during a strike, not up"
            )
        if not np.all(np.greater(self._largest_profit, 0)):
            raise ValueError(
                f"revenue is {self.revenue}: it must exceed the wages after the least increase, "
                f"{self.wage * (1 + np.asarray(self.least_increase))}, or no strike would ever end"
            )

    def acceptable_increase(self, duration: Number) -> Number:
        """Give the increase that members settle for after a strike of `duration` periods."""
        excess = np.subtract(self.initial_increase, self.least_increase)
        return self.least_increase + excess * np.exp(-np.multiply(self.decay, duration))

    def present_value(self, duration: Number) -> Number:
        """Give what the employer earns in all, seen from the start, after such a strike."""
        profit = self.revenue - self.wage * (1 + self.acceptable_increase(duration))
        return profit * np.exp(-np.multiply(self.rate, duration)) / self.rate

    @property
    def tolerable_increase(self) -> Number:
        """The increase at which a strike begins and ends: y* + r (R - W (1 + y*)) / (W (tau + r)).

        An employer asked for no more pays, and asked for more takes a strike until it is enough.
        """
        impatience = self.rate / np.add(self.decay, self.rate)
        return self.least_increase + impatience * self._largest_profit / self.wage

    @property
    def duration(self) -> Number:
        """The periods of strike that are best for the employer: none, or until they are enough."""
        excess = np.subtract(self.initial_increase, self.least_increase)
        tolerable_excess = self.tolerable_increase - self.least_increase
        return np.log(np.maximum(excess / tolerable_excess, 1)) / self.decay

    @property
    def _largest_profit(self):
        return self.revenue - self.wage * np.add(1, self.least_increase)
