"""How likely each package is ratified, before anybody votes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from jaxtyping import Float, Int, Shaped, UInt8

from sim.arrays.axes import TIE, Array, pieces, stretch
from sim.preferences.ballot import PACKAGES_AT_ONCE, ROOM, Ballot
from sim.preferences.member import MemberUtility

DRAWS = 4096
NODES = 128  # shifts at which shares are worked out; those between are interpolated


@dataclass(frozen=True, eq=False)
class RatificationForecast:
    """How likely each package is ratified, over the shocks that its unions may be in.

    `ballot` asks each package once, of worlds that share what members want (`members`, by union).
    `mildness` (share of pay) is how mild each union is expected to be, and `shocks` how much milder it may
    turn out (see `union_shocks`); a chance is the mean over the same shocks for all packages, and so
    to about .01.
    """

    ballot: Ballot
    members: Sequence[MemberUtility]
    mildness: Float[Array, " unions"]
    shocks: Float[Array, "draws unions"]
    weights: Float[Array, " unions"]

    def chances(
        self, unions_required: int, weight_required: float, weighting: str
    ) -> Float[Array, " packages"]:
        """The probability that each package is ratified under a quota and a way to weigh votes."""
        return self.chances_over([(unions_required, weight_required)], weighting)[0]

    def chances_over(
        self, quotas: Sequence[tuple[int, float]], weighting: str, draws: int = DRAWS
    ) -> Float[Array, "quotas packages"]:
        """The same under several quotas of unions and weight, over some of the draws of shocks."""
        chances = np.empty((len(quotas), len(self.needed)))
        shocks = np.ascontiguousarray(self.shocks[:draws].T)
        one_each = np.ones(len(self.weights), dtype=np.int16)
        counts, weights = (sums_by_byte(values) for values in (one_each, self.weights))
        for some in pieces(len(self.needed), PACKAGES_AT_ONCE):
            yes = in_bytes(shocks, self.needed[some].T)
            unions = _looked_up(counts, yes)
            pooled = weighting == "pooled"
            weight = self._pooled(some, draws) if pooled else _looked_up(weights, yes)
            for number, (unions_required, weight_required) in enumerate(quotas):
                enough = (unions >= unions_required) & (weight >= weight_required - TIE)
                chances[number, some] = enough.mean(-1)
        return chances

    @cached_property
    def needed(self) -> Float[Array, "packages unions"]:
        """How much milder than expected each union must be for half of its votes to be Yes."""
        kinds = dict.fromkeys(self.members)
        needed = {kind: self.ballot.mildness_needed(kind) for kind in kinds}
        alone = np.stack([needed[member] for member in self.members], axis=-1)
        shifts_by_union, which = self._shifts
        return alone - self.mildness - shifts_by_union[which]

    @cached_property
    def _shifts(self) -> tuple[Float[Array, "kinds unions"], Int[Array, " packages"]]:
        """What moves single unions besides: the few ways that differ, and which of them each package has."""
        if self.ballot.shifts_by_union is None:
            return np.zeros((1, len(self.weights))), np.zeros(len(self.ballot.package), np.intp)
        shifts_by_union, which = np.unique(self.ballot.shifts_by_union, axis=0, return_inverse=True)
        return shifts_by_union, which.ravel()

    def _pooled(self, some: slice, draws: int) -> Float[Array, "packages draws"]:
        """The share of Yes among all members, for some of the packages and the first of the draws."""
        yes, weight = self._by_shift
        _, which = self._shifts
        pooled = np.empty((len(yes[some]), len(self.shocks[:draws])))
        for kind in np.unique(which[some]):
            alike = which[some] == kind
            pooled[alike] = np.vecdot(yes[some][alike, None], weight[kind][:draws])
        return pooled

    @cached_property
    def _by_shift(self) -> tuple[Float[Array, "packages nodes"], list[Float[Array, "draws nodes"]]]:
        """The share of Yes at each of NODES shifts, and how much of the weight is in each of them.

        A share changes smoothly with the shift, so that a union between two nodes is shared between them
        and the pooled share is a sum over nodes. Unions that want the same have one set of nodes. The
        weight is told for each way in which unions are shifted.
        """
        shifts_by_union, _ = self._shifts
        mild = self.mildness + self.shocks + shifts_by_union[:, None]
        yes, weight = [], []
        for kind in dict.fromkeys(self.members):
            alike = np.array([member is kind for member in self.members])
            places = mild[..., alike]
            nodes = np.linspace(places.min(), places.max() + ROOM, NODES)
            yes.append(self.ballot.yes_shares(kind, nodes))
            weight.append([weight_at(nodes, place, self.weights[alike]) for place in places])
        together = [np.concatenate(each, axis=-1) for each in zip(*weight, strict=True)]
        return np.concatenate(yes, axis=-1), together


def in_bytes(
    shocks: Float[Array, "unions draws"], needed: Float[Array, "unions packages"]
) -> list[UInt8[Array, "packages draws"]]:
    """Which unions say Yes, those that are milder than needed: a bit for each, in bytes of eight of them.

    What depends on eight answers is then looked up, and not worked out for each package and draw.
    """
    found = []
    for eight in pieces(len(shocks), 8):
        byte = np.zeros((needed.shape[1], shocks.shape[1]), dtype=np.uint8)
        for bit, (shock, least) in enumerate(zip(shocks[eight], needed[eight], strict=True)):
            byte |= (shock > stretch(least)).view(np.uint8) << np.uint8(bit)
        found.append(byte)
    return found


def sums_by_byte(values: Shaped[Array, " unions"]) -> list[Shaped[Array, " 256"]]:
    """What the values of the unions that say Yes add up to, for each byte and each value of it."""
    answers = np.unpackbits(stretch(np.arange(256, dtype=np.uint8)), axis=-1, bitorder="little")
    eights = [values[eight] for eight in pieces(len(values), 8)]
    return [(answers[:, : len(eight)] * eight).sum(-1, dtype=values.dtype) for eight in eights]


def _looked_up(tables: list[Array], yes: list[Array]) -> Shaped[Array, "packages draws"]:
    found = [table.take(byte) for table, byte in zip(tables, yes, strict=True)]
    return sum(found[1:], start=found[0])


def weight_at(
    nodes: Float[Array, " nodes"],
    place: Float[Array, "draws unions"],
    weights: Float[Array, " unions"],
) -> Float[Array, "draws nodes"]:
    """How much weight is at each node if each union's is shared between the two next to its place.

    Nodes rise evenly. A sum of values at the nodes by this weight interpolates linearly between them.
    """
    steps = np.interp(place, nodes, np.arange(len(nodes)))
    node = np.minimum(steps.astype(np.intp), len(nodes) - 2)
    beyond = steps - node
    found = np.zeros((len(place), len(nodes)))
    draws = np.arange(len(place))
    for union, weight in enumerate(weights):
        found[draws, node[:, union]] += weight * (1 - beyond[:, union])
        found[draws, node[:, union] + 1] += weight * beyond[:, union]
    return found


def union_shocks(
    unions: int, militancy_sd: float, common_shock_sd: float
) -> Float[Array, "draws unions"]:
    """How mild unions are (share of pay) in DRAWS worlds that stand for all: quasi-random normal draws."""
    normal = _normal_draws(unions + 1)
    return militancy_sd * normal[:, 1:] + common_shock_sd * normal[:, :1]


@cache
def _normal_draws(dimensions: int) -> Float[Array, "draws dimensions"]:
    """Draws that fill the space evenly (Sobol' 1967, scrambled), always the same."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    return ndtri(qmc.Sobol(dimensions, rng=0).random(DRAWS))
