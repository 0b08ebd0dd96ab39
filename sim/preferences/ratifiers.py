"""Ratifiers besides the members of unions: what makes voters, a chamber or a board say yes.

Each compares a package with what happens otherwise (Putnam 1988). What a package gains them is in the unit
of what it is worth to them; positive is towards Yes. A mood moves all of them alike.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import bdtrc, logit, ndtr, ndtri

from sim.arrays.axes import TIE, Array, stretch, take
from sim.arrays.logit import logistic

MOODS = 200  # equally likely slices of the mood


def passes(share: Float[Array, "*any"], required: float) -> Bool[Array, "*any"]:
    """Whether a share of Yes is enough: at least what is required, and more than half."""
    return (share >= required - TIE) & (share > 0.5 + TIE)


def seats_required(seats: int, required: float) -> int:
    """The least number of Yes that is enough among so many seats."""
    counts = np.arange(seats + 1)
    enough = passes(counts / seats, required)
    return int(counts[enough][0])


# Each body tells the share of Yes where a package gains one of average taste so much, and the probability
# that each package of the agenda passes, over moods.


@dataclass(frozen=True, eq=False)
class Voters:
    """Very many voters whose tastes are spread logistically: a referendum."""

    required: float
    spread: float

    def yes_share(
        self,
        gain: Float[Array, " voting"],
        package: Int[Array, " voting"],
        tastes: Float[Array, "voting seats"] | None = None,
    ) -> Float[Array, " voting"]:
        """The share of Yes among all voters."""
        return (gain > 0).astype(float) if self.spread == 0 else logistic(gain / self.spread)

    def chance(self, gain: Float[Array, " packages"], mood_sd: float) -> Float[Array, " packages"]:
        """The probability that so many say yes, over moods."""
        needed = self.spread * logit(max(self.required - TIE, 0.5))  # as `passes` has it
        return _above(gain - needed, mood_sd)


@dataclass(frozen=True, eq=False)
class Chamber:
    """Members with fixed tastes, who are known: a chamber of a legislature.

    `tastes` is how much more than the average member each gains from a package: (1, seats), or by package
    (packages, seats) where they have ideal points.
    """

    required: float
    tastes: Float[Array, "#packages seats"]
    casting_vote: bool = False

    def yes_share(
        self,
        gain: Float[Array, " voting"],
        package: Int[Array, " voting"],
        tastes: Float[Array, "voting seats"] | None = None,
    ) -> Float[Array, " voting"]:
        """The share of Yes among the seats; a chair's vote counts as half a seat where they are equal."""
        own = take(self.tastes, package)
        chair = gain + np.median(own, axis=-1)
        return _of_seats(stretch(gain) + own > 0, chair > 0, self.casting_vote)

    def chance(self, gain: Float[Array, " packages"], mood_sd: float) -> Float[Array, " packages"]:
        """The probability that enough say yes, over moods."""
        seats = self.tastes.shape[-1]
        ranked = -np.sort(-self.tastes, axis=-1)
        decides = ranked[:, seats_required(seats, self.required) - 1]
        if self.casting_vote and seats % 2 == 0 and self.required == 0.5:
            chair = np.median(ranked, axis=-1)
            decides = np.maximum(decides, np.minimum(ranked[:, seats // 2 - 1], chair))
        return _above(gain + decides, mood_sd)


@dataclass(frozen=True, eq=False)
class Board:
    """A few people whose tastes are drawn in each world, normally spread."""

    required: float
    seats: int
    spread: float
    casting_vote: bool = False

    def yes_share(
        self,
        gain: Float[Array, " voting"],
        package: Int[Array, " voting"],
        tastes: Float[Array, "voting seats"] | None = None,
    ) -> Float[Array, " voting"]:
        """The share of Yes among the seats, given the tastes that were drawn (standard normal)."""
        if tastes is None:
            raise ValueError("a board votes by the tastes that were drawn")
        return _of_seats(stretch(gain) + self.spread * tastes > 0, gain > 0, self.casting_vote)

    def chance(self, gain: Float[Array, " packages"], mood_sd: float) -> Float[Array, " packages"]:
        """The probability that enough say yes, over tastes and moods."""
        moods = mood_sd * ndtri((np.arange(MOODS) + 0.5) / MOODS) if mood_sd > 0 else np.zeros(1)
        above = stretch(gain) + moods
        yes = _above(above, self.spread)
        enough = bdtrc(seats_required(self.seats, self.required) - 1, self.seats, yes)
        if self.casting_vote and self.seats % 2 == 0 and self.required == 0.5:
            half = self.seats // 2
            equal = bdtrc(half - 1, self.seats, yes) - bdtrc(half, self.seats, yes)
            enough = enough + equal * (above > 0)
        return enough.mean(-1)


Body = Voters | Chamber | Board  # those who vote together under one rule


@dataclass(frozen=True, eq=False)
class Ratifier:
    """Somebody who must say yes to an agreement: one body, or several that must all agree.

    `offset` is how much milder each body is than what a package gains says.
    """

    mood_sd: float
    bodies: dict[str, Body]
    offset: dict[str, float]

    def chance(self, gain: Float[Array, " packages"]) -> Float[Array, " packages"]:
        """How likely each package passes in all of its bodies, which share a mood.

        The body that is hardest to win decides. A board draws its tastes, and stands alone.
        """
        chances = [
            body.chance(gain + self.offset[name], self.mood_sd)
            for name, body in self.bodies.items()
        ]
        return np.min(chances, axis=0)


def tastes_of_seats(seats: int, spread: float) -> Float[Array, "1 seats"]:
    """Members of a chamber at the middles of equally likely slices of a normal distribution."""
    return spread * ndtri((np.arange(seats) + 0.5) / seats)[None]


def nearer(
    position: Float[Array, " packages"], status_quo: float, ideal: Float[Array, " seats"]
) -> Float[Array, "packages seats"]:
    """How much nearer a package is to each member's ideal point than the status quo is (Black 1948)."""
    return np.abs(status_quo - ideal) - np.abs(stretch(position) - ideal)


def _of_seats(
    yes: Bool[Array, "voting seats"], chair: Bool[Array, " voting"], casting_vote: bool
) -> Float[Array, " voting"]:
    votes, seats = yes.sum(-1), yes.shape[-1]
    if casting_vote:
        votes = votes + 0.5 * ((2 * votes == seats) & chair)
    return votes / seats


def _above(gain: Array, spread: float) -> Array:
    """The probability that a gain and a normal deviation from it are above 0."""
    with np.errstate(over="ignore"):
        return ndtr(gain / spread) if spread > 0 else (gain > 0).astype(float)
